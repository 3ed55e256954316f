"""Tables that came to the lake before anybody catalogued them: one is catalogued, one is handed over, one waits.

All of it is synthetic; what is done twice is done once.
"""

import csv
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from hutong.accounts.api import actor_named
from hutong.catalog import api as catalog
from hutong.demo.generating import folder
from hutong.kernel import audit
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import Column, ColumnType, Contract, Source

STEWARD, OFFICE = "he.jing", "zhou.min"
CULTURE, STATISTICS = "culture-tourism-bureau", "statistics-bureau"
_FAMILY, _GIVEN = "赵钱孙李周吴郑王", ("演一", "演二", "演三", "演四")
_VENUES = ("永定门内剧场", "交道口小剧场", "前门大戏台", "隆福寺礼堂", "北新桥书场")
_STREETS = ("东四北大街", "安定门内大街", "崇文门外大街", "法华寺街")


@dataclass(frozen=True, slots=True)
class _Table:
    """A table as somebody brought it, and how one of its rows is made."""

    name: str
    title: Text
    columns: tuple[Column, ...]
    row: Callable[[random.Random, int], tuple[Any, ...]]
    rows: int


def _column(name: str, kind: ColumnType, zh: str, en: str, unit: str = "") -> Column:
    return Column(name, kind, Text(zh, en), unit=unit)


def _filing(dice: random.Random, number: int) -> tuple[Any, ...]:
    day = f"2023-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    phone = f"1540000{dice.randint(0, 9999):04}"
    return f"YB{number:05}", f"合成演出 {number}", dice.choice(_VENUES), day, dice.randint(60, 900), phone


def _household(dice: random.Random, number: int) -> tuple[Any, ...]:
    name = dice.choice(_FAMILY) + dice.choice(_GIVEN)
    phone = f"1540000{dice.randint(0, 9999):04}"
    return f"H{number:04}", name, phone, f"2023-{dice.randint(1, 12):02}", dice.randint(3000, 21_000)


def _car_park(dice: random.Random, number: int) -> tuple[Any, ...]:
    return f"P{number:03}", f"{dice.choice(_STREETS)}{dice.randint(1, 200)}号", dice.randint(12, 300)


_C = ColumnType
TABLES: Final = (
    _Table(
        "performance-filings",
        Text("营业性演出备案", "Filings of performances"),
        (
            _column("filing", _C.TEXT, "备案编号", "Filing"),
            _column("title", _C.TEXT, "演出名称", "Performance"),
            _column("venue", _C.TEXT, "场所", "Venue"),
            _column("held", _C.DATE, "演出日期", "Day"),
            _column("seats", _C.INT, "可售座位", "Seats", "个"),
            _column("phone", _C.TEXT, "联系电话", "Telephone"),
        ),
        _filing,
        160,
    ),
    _Table(
        "household-spending",
        Text("住户收支抽样", "Sample of households' spending"),
        (
            _column("household", _C.TEXT, "户编号", "Household"),
            _column("head", _C.TEXT, "户主", "Head of the household"),
            _column("phone", _C.TEXT, "联系电话", "Telephone"),
            _column("month", _C.MONTH, "月份", "Month"),
            _column("spending", _C.MONEY, "消费支出", "Spending", "元"),
        ),
        _household,
        240,
    ),
    _Table(
        "car-parks",
        Text("公共停车场", "Public car parks"),
        (
            _column("lot", _C.TEXT, "编号", "Number"),
            _column("place", _C.TEXT, "地址", "Address"),
            _column("spaces", _C.INT, "泊位数", "Spaces", "个"),
        ),
        _car_park,
        60,
    ),
)
_DUTY: Final = {
    "id": "performance-market",
    "organisation": CULTURE,
    "title": {"zh": "演出市场管理（演示）", "en": "Performances (demonstration)"},
    "summary": {
        "zh": "受理营业性演出备案并公布。",
        "en": "Takes filings of performances and publishes them.",
    },
    "basis": [{"title": {"zh": "营业性演出管理条例", "en": "Regulations on Commercial Performances"}}],
}
_DATASET: Final = {
    "title": {"zh": "营业性演出备案", "en": "Filings of performances"},
    "summary": {
        "zh": "每行一场备案的演出：名称、场所、日期、可售座位。人工合成。",
        "en": "A filed performance a row: title, venue, day, seats. Synthetic.",
    },
    "duty": f"{CULTURE}/performance-market",
    "sharing": {
        "kind": "conditional",
        "condition": {"zh": "用于场所安全和客流研判", "en": "for the safety of venues and crowds"},
    },
    "opening": {"kind": "none"},
    "update": "monthly by day 10",
    "themes": ["culture"],
    "synthetic": True,
}


def seed() -> int:
    """Bring the tables, hand two of them over and catalogue one, as the people of the demo would; returns how many."""
    known = {each.table for each in lake.tables()}
    missing = [each for each in TABLES if each.name not in known]
    for each in missing:
        _bring(each)
    if missing:
        with _as(OFFICE):
            catalog.hand("performance-filings", CULTURE)
            catalog.hand("household-spending", STATISTICS)
        with _as(STEWARD):
            catalog.add(catalog.Kind.DUTY, _DUTY, reason="演示，人工合成")
            proposed = catalog.proposed("performance-filings", CULTURE)
            catalog.add(catalog.Kind.DATASET, {**proposed, **_DATASET}, reason="演示，人工合成")
    return len(missing)


def _bring(table: _Table) -> None:
    dice = random.Random(table.name)  # noqa: S311 - synthetic rows
    lake.define(Contract(table.name, table.columns, title=table.title))
    folder().mkdir(parents=True, exist_ok=True)
    file = folder() / f"{table.name}.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([each.name for each in table.columns])
        writer.writerows(table.row(dice, number) for number in range(1, table.rows + 1))
    lake.load(table.name, Source.file(file))


def _as(login: str) -> Any:
    person = actor_named(login)
    return audit.acting(audit.Origin(actor=person.urn, organisation=person.organisation))
