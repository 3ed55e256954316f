"""Plans nobody showed us before: every row right, or listed as unread."""

import pytest

from hutong.indicators.plan_import.importing import read_plan_bytes
from tests.indicators.plan_import.strangers import BEFORE, STRANGERS


@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda each: each.id)
def test_every_row_is_read(stranger):
    reading = read_plan_bytes(stranger.data(), "plan")
    found = [(i.group, i.name, i.unit, i.target.text, i.nature) for i in reading.indicators]
    assert found == stranger.rows
    assert len([each for each in reading.unread if each.kind in {"indicator", "table"}]) == stranger.doubts
    assert reading.period == (2021, 2025)


@pytest.mark.parametrize(
    "stranger", [each for each in STRANGERS if each.id.startswith(("pdf", "word"))], ids=lambda each: each.id
)
def test_running_heads_are_no_title(stranger):
    reading = read_plan_bytes(stranger.data(), "plan")
    assert reading.plan == BEFORE[0]
    assert [s.title for s in reading.sections if s.level == 1] == ["发展目标", "主要任务"]


def test_places_lead_to_the_name():
    for stranger in STRANGERS:
        reading = read_plan_bytes(stranger.data(), "plan")
        text = "\n".join(reading.lines)
        for each in reading.indicators:
            assert text[each.place.offset :].lstrip("0123456789.、（）() \t")[:2] == each.name[:2]
