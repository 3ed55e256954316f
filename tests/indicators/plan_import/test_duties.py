"""Who answers for a task, and by when."""

from datetime import date

import pytest

from hutong.indicators.plan_import.duties import last_day
from hutong.indicators.plan_import.importing import read_plan_bytes

PLAN = """某区“十四五”时期数字发展规划
一、主要任务
（一）夯实底座
1.建设数据目录。由区发展改革委牵头，汇聚各部门数据，到2023年底基本建成。
2.完善感知网络。布设终端，2024年6月底前完成。（区城市管理委牵头，各街道配合）
3.升级政务云。责任单位：区科信局、区财政局；完成时限：2022年上半年。
4.优化流程。持续推进。
二、保障措施
"""


def test_owners_and_days_with_their_places():
    reading = read_plan_bytes(PLAN.encode(), "x.txt")
    assert [(t.owner, t.deadline, t.day) for t in reading.tasks] == [
        ("区发展改革委", "2023年底", date(2023, 12, 31)),
        ("区城市管理委", "2024年6月底前", date(2024, 6, 30)),
        ("区科信局、区财政局", "2022年上半年", date(2022, 6, 30)),
        ("", "", None),
    ]
    text = "\n".join(reading.lines)
    for task in reading.tasks[:3]:
        for stated in (task.owned, task.due):
            assert text[stated.place.offset :][: stated.place.length] == stated.text
            assert stated.place.line == task.place.line
    assert reading.tasks[0].as_dict()["deadline_day"] == "2023-12-31"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025年底", date(2025, 12, 31)),
        ("2025年", date(2025, 12, 31)),
        ("２０２３年底前", date(2023, 12, 31)),
        ("2023年前", date(2022, 12, 31)),
        ("2024年2月底前", date(2024, 2, 29)),
        ("2024年2月前", date(2024, 1, 31)),
        ("2024年3月15日", date(2024, 3, 15)),
        ("2024年三季度", date(2024, 9, 30)),
        ("2024年下半年", date(2024, 12, 31)),
        ("2021—2025年", None),
        ("长期坚持", None),
        ("2024年13月", None),
    ],
)
def test_last_day(text, day):
    assert last_day(text) == day
