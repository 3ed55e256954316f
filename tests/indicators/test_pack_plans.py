"""The shape of a plan in a pack."""

import pytest
from pydantic import ValidationError

from hutong.indicators.specs_plans import PlanSpec

PLAN = {
    "id": "science-2021",
    "title": {"zh": "科技规划"},
    "period": {"from": 2021, "to": 2025},
    "source": "plan-2021",
    "indicators": [
        {
            "id": "patents",
            "title": {"zh": "专利", "en": "Patents"},
            "unit": "件",
            "target": {"text": "82左右", "op": "about", "low": 82, "high": 82},
            "nature": "expected",
            "baseline": {"year": 2020, "value": 70},
            "reference": "表1（1）",
        }
    ],
    "tasks": [
        {
            "id": "data-platform",
            "title": {"zh": "升级大数据平台"},
            "reference": "四（四）2",
            "owner": "science-bureau",
            "deadline": "2025-12-31",
        }
    ],
}


def test_a_plan_is_read():
    plan = PlanSpec.model_validate(PLAN)
    assert plan.period.from_ == 2021
    assert plan.tasks[0].deadline is not None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"period": {"from": 2025, "to": 2021}}, "end before"),
        ({"indicators": PLAN["indicators"] * 2}, "used twice"),
        ({"colour": "red"}, "Extra inputs"),
        ({"id": "Science Plan"}, "kebab-case"),
    ],
)
def test_a_wrong_plan_is_refused(change, says):
    with pytest.raises(ValidationError, match=says):
        PlanSpec.model_validate({**PLAN, **change})
