"""One reader for many layouts."""

import pytest

from hutong.indicators.plan_import.importing import read_plan_bytes
from tests.indicators.plan_import.plans import SAMPLES, Sample


def _read(sample: Sample, encoding: str = "utf-8"):
    return read_plan_bytes(sample.text.encode(encoding), "plan.txt")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_indicators(sample):
    found = tuple(
        (i.group, i.name, i.unit, i.target.op, i.target.low, i.target.high, i.nature, i.target.text)
        for i in _read(sample).indicators
    )
    assert found == sample.rows


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_title_and_period(sample):
    reading = _read(sample)
    assert reading.plan.lstrip("# ") == sample.title
    assert reading.period == sample.period


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_encodings(encoding):
    sample = SAMPLES[0]
    assert len(_read(sample, encoding).indicators) == len(sample.rows)
