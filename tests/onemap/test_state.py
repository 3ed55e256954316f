from datetime import date

import pytest
from django.http import QueryDict

from hutong.kernel.text import Text
from hutong.onemap.errors import BadBox, BadMonth
from hutong.onemap.state import box, chosen, day, months_between
from hutong.onemap.types import MeasureRef
from tests.onemap.made import AREAS, SENSORS

MEASURES = (MeasureRef("firms", Text("企业", "Firms"), "subdistrict"),)
MONTHS = ["2025-01", "2025-02"]


def test_at_first_the_layers_of_the_pack_and_the_newest_month() -> None:
    state = chosen(QueryDict(""), (AREAS, SENSORS), MEASURES, MONTHS)
    assert state.layers == ("areas", "sensors")
    assert state.measure == "firms"
    assert state.as_of == date(2025, 2, 28)


def test_the_address_decides() -> None:
    query = QueryDict("layers=sensors,unknown&layers=areas&measure=other&as_of=2024-02&feature=areas/a/b")
    state = chosen(query, (AREAS, SENSORS), MEASURES, MONTHS)
    assert state.layers == ("sensors", "areas")
    assert state.measure == ""
    assert state.as_of == date(2024, 2, 29)
    assert state.feature == ("areas", "a/b")


def test_the_address_can_be_written_again() -> None:
    state = chosen(QueryDict("layers=areas&measure=firms"), (AREAS,), MEASURES, MONTHS)
    assert state.address(feature="areas/a") == "?layers=areas&measure=firms&as_of=2025-02&feature=areas%2Fa"


@pytest.mark.parametrize("text", ["2025", "2025-13", "2025-02-30", "x", "2025-1", "２０２５-01"])
def test_a_month_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BadMonth):
        day(text)


@pytest.mark.parametrize("text", ["1,2,3", "a,b,c,d", "2,0,1,1", "0,0,200,1", "nan,0,1,1", "0,0,inf,1"])
def test_a_box_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BadBox):
        box(text)


def test_boxes_and_days() -> None:
    assert box("116,39.5,117,40") == (116, 39.5, 117, 40)
    assert box("") is None
    assert day("2025-06-03") == date(2025, 6, 3)


def test_months_are_counted_over_years_and_bounded() -> None:
    assert months_between(date(2024, 11, 5), date(2025, 2, 1)) == ["2024-11", "2024-12", "2025-01", "2025-02"]
    many = months_between(date(1990, 1, 1), date(2025, 2, 1))
    assert len(many) == 120
    assert many[-1] == "2025-02"
