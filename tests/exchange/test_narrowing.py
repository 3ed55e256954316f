"""Conditions on rows as they are typed and as they are said."""

from decimal import Decimal

import pytest
from django.utils import translation

from hutong.exchange import narrowing, rules
from hutong.exchange.api import requests
from hutong.exchange.errors import BadRequest
from hutong.exchange.logic.conditions import Line, Wrong, fitting, read
from hutong.exchange.logic.terms import MOST_CONDITIONS
from hutong.kernel.text import Text
from hutong.lake.types import Column, ColumnType, Condition, Contract, Op
from tests.exchange.conftest import CONSUMER, person, wish
from tests.exchange.test_pages import client

SHAPE = Contract(
    "things",
    (
        Column("name", ColumnType.TEXT, Text("名称", "Name")),
        Column(
            "street",
            ColumnType.CODE,
            Text("街道", "Subdistrict"),
            codes={"101": Text("东华门", "Donghuamen")},
        ),
        Column("staff", ColumnType.INT, Text("从业人员", "Staff"), unit="人"),
        Column("area", ColumnType.QUANTITY, Text("面积", "Area"), unit="平方米"),
        Column("share", ColumnType.PERCENT, Text("占比", "Share")),
        Column("revenue", ColumnType.MONEY, Text("营业收入", "Revenue"), unit="万元"),
        Column("day", ColumnType.DATE, Text("日期", "Day")),
        Column("month", ColumnType.MONTH, Text("月份", "Month")),
        Column("seen", ColumnType.DATETIME, Text("时间", "Time")),
        Column("open", ColumnType.BOOL, Text("营业", "Open")),
        Column("shape", ColumnType.GEOMETRY, Text("范围", "Shape")),
    ),
)
COLUMNS = {each.name: each for each in SHAPE.columns}


@pytest.mark.parametrize(
    ("column", "op", "value", "values", "zh", "en"),
    [
        ("name", "eq", "1,5", ("1,5",), "名称为1,5", "Name is 1,5"),
        (
            "name",
            "in",
            "甲、乙，丙",
            ("甲", "乙，丙"),
            "名称为以下之一：甲、乙，丙",
            "Name is one of 甲, 乙，丙",
        ),
        ("name", "contains", "胡同", ("胡同",), "名称包含“胡同”", "Name contains “胡同”"),
        ("name", "null", "left over", (), "名称为空", "Name is empty"),
        ("street", "eq", "东华门", ("101",), "街道为东华门", "Subdistrict is Donghuamen"),
        (
            "street",
            "in",
            "101,Donghuamen",
            ("101", "101"),
            "街道为以下之一：东华门、东华门",
            "Subdistrict is one of Donghuamen, Donghuamen",
        ),
        ("staff", "ge", "1,200 人", (1200,), "从业人员不小于 1,200 人", "Staff is at least 1,200 people"),
        (
            "staff",
            "in",
            "1,200、30",
            (1200, 30),
            "从业人员为以下之一：1,200 人、30 人",
            "Staff is one of 1,200 people, 30 people",
        ),
        (
            "staff",
            "between",
            "10,20",
            (10, 20),
            "从业人员介于 10 人 至 20 人",
            "Staff is from 10 people to 20 people",
        ),
        ("area", "lt", "80.5", (Decimal("80.5"),), "面积小于 80.5 平方米", "Area is less than 80.5 m²"),
        ("share", "gt", "5%", (Decimal(5),), "占比大于 5%", "Share is greater than 5%"),
        (
            "revenue",
            "ge",
            "20000000",
            (2000000000,),
            "营业收入不小于 2,000 万元",
            "Revenue is at least CNY 20,000,000",
        ),
        (
            "revenue",
            "ge",
            "2000万",
            (2000000000,),
            "营业收入不小于 2,000 万元",
            "Revenue is at least CNY 20,000,000",
        ),
        (
            "revenue",
            "le",
            "12345678.91",
            (1234567891,),
            "营业收入不大于 12,345,678.91 元",
            "Revenue is at most CNY 12,345,678.91",
        ),
        (
            "day",
            "ge",
            "2025年6月3日",
            ("2025-06-03",),
            "日期不早于 2025年6月3日",
            "Day is not before 3 Jun 2025",
        ),
        (
            "month",
            "between",
            "2025-01，2025.6",
            ("2025-01", "2025-06"),
            "月份介于 2025年1月 至 2025年6月",
            "Month is from Jan 2025 to Jun 2025",
        ),
        (
            "seen",
            "le",
            "2025-06-03",
            ("2025-06-03T23:59:59.999999+08:00",),
            "时间不晚于 2025年6月3日 23:59",
            "Time is not after 3 Jun 2025 23:59",
        ),
        (
            "seen",
            "gt",
            "2025-06-03 08:30",
            ("2025-06-03T08:30:00+08:00",),
            "时间晚于 2025年6月3日 08:30",
            "Time is after 3 Jun 2025 08:30",
        ),
        ("open", "eq", "是", (True,), "营业为是", "Open is yes"),
        ("shape", "not-null", "", (), "范围不为空", "Shape is not empty"),
    ],
)
def test_a_line_is_read_and_said(
    column: str, op: str, value: str, values: tuple[object, ...], zh: str, en: str
) -> None:
    found = read(Line(column, op, value), COLUMNS)
    assert found == Condition(column, Op(op), values)
    for language, said in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            assert narrowing.say((found,), SHAPE) == said


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (Line("", "eq", "5"), "column"),
        (Line("salary", "eq", "5"), "column"),
        (Line("name", "ge", "5"), "op"),
        (Line("shape", "eq", "5"), "op"),
        (Line("staff", "", "5"), "op"),
        (Line("staff", "ge", ""), "value"),
        (Line("staff", "ge", "many"), "value"),
        (Line("staff", "ge", "1.5"), "value"),
        (Line("staff", "ge", "1,2"), "value"),
        (Line("staff", "between", "5"), "value"),
        (Line("staff", "between", "1,2,3"), "value"),
        (Line("staff", "between", "9,3"), "value"),
        (Line("street", "eq", "999"), "value"),
        (Line("revenue", "ge", "1.005"), "value"),
        (Line("revenue", "ge", "nan"), "value"),
        (Line("area", "ge", "inf"), "value"),
        (Line("day", "eq", "2025-02-30"), "value"),
        (Line("day", "eq", "2025-02"), "value"),
        (Line("month", "eq", "2025-13"), "value"),
        (Line("seen", "ge", "yesterday"), "value"),
        (Line("open", "eq", "perhaps"), "value"),
        (Line("name", "eq", "x" * 1001), "value"),
    ],
)
def test_what_cannot_be_read_names_its_field(line: Line, field: str) -> None:
    with pytest.raises(Wrong) as wrong:
        read(line, COLUMNS)
    assert wrong.value.field == field
    assert wrong.value.why.zh
    assert wrong.value.why.en


def test_every_comparison_is_offered_for_some_column() -> None:
    assert {op for each in SHAPE.columns for op in fitting(each)} == set(Op)


def test_values_beyond_twenty_are_counted_and_unknown_columns_named() -> None:
    many = Condition("staff", Op.IN, tuple(range(23)))
    assert narrowing.say((many, Condition("gone", Op.NE, ("x",))), SHAPE).endswith(
        "19 人 等 23 个；gone不为x"
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("district")
class TestForm:
    GIVEN = {  # noqa: RUF012 - never changed
        "dataset": "key-firm-monthly", "purpose": "economic-analysis", "purpose_text": "研究", "duty": "统计法",
        "column-uscc": "1", "start": "2026-03-02", "end": "2026-12-31", "delivery": "api",
    }  # fmt: skip

    def test_lines_are_kept_and_one_is_added_without_a_script(self) -> None:
        lines = {"where-column": ["staff", ""], "where-op": ["between", "eq"], "where-value": ["10、30", ""]}
        asking = client(CONSUMER)
        page = asking.post("/exchange/new", self.GIVEN | lines | {"do": "more"})
        assert page.status_code == 200
        assert not requests.listed()
        assert 'value="10、30"' in page.text
        assert page.text.count('name="where-column"') == 2
        assert 'value="研究"' in page.text or ">研究<" in page.text
        part = asking.post(
            "/exchange/new", self.GIVEN | lines | {"do": "conditions"}, headers={"HX-Request": "true"}
        )
        assert part.text.startswith('<fieldset class="choices conditions"')
        assert part.text.count('name="where-column"') == 1

    def test_code_lists_are_offered_and_days_are_days(self) -> None:
        lines = {
            "where-column": ["gender", "assessed"],
            "where-op": ["eq", "ge"],
            "where-value": ["", ""],
            "do": "conditions",
        }
        page = client(CONSUMER).post("/exchange/new", {"dataset": "elders"} | lines).text
        assert '<select id="where-1-value"' in page
        assert '<input type="date" id="where-2-value"' in page

    def test_errors_stand_at_their_fields_and_nothing_is_lost(self) -> None:
        lines = {
            "where-column": ["staff", "salary", "revenue"],
            "where-op": ["ge", "eq", "between"],
            "where-value": ["viele", "1", "5"],
        }
        page = client(CONSUMER).post("/exchange/new", self.GIVEN | lines)
        assert page.status_code == 422
        for number in (1, 2, 3):
            assert f'id="where-{number}-error"' in page.text
        assert "“viele”不是整数" in page.text
        assert 'value="viele"' in page.text
        assert page.text.count('aria-invalid="true"') == 3

    def test_all_that_is_wrong_is_said_at_once_each_at_its_field(self) -> None:
        given = {name: said for name, said in self.GIVEN.items() if name != "column-uscc"}
        given |= {"start": "2026-03-02", "end": "2031-01-01"}
        lines = {"where-column": ["staff"], "where-op": ["ge"], "where-value": ["viele"]}
        page = client(CONSUMER).post("/exchange/new", given | lines)
        assert page.status_code == 422
        for name in ("columns", "where-1", "field-end"):
            assert f'id="{name}-error"' in page.text
        assert page.text.count('-error"><span') == 3
        assert "请至少选择一个字段；期限须在今日之后" in page.text
        wrong = client(CONSUMER).post("/exchange/new", given | {"start": "30.2.", "purpose_text": " "})
        for name in ("purpose_text", "start"):
            assert f'id="field-{name}-error"' in wrong.text
        assert not requests.listed()

    def test_a_request_has_the_conditions_and_its_page_says_them(self) -> None:
        lines = {
            "where-column": ["staff", "revenue"],
            "where-op": ["ge", "lt"],
            "where-value": ["20", "3000万"],
        }
        asking = client(CONSUMER)
        place = asking.post("/exchange/new", self.GIVEN | lines).headers["Location"]
        assert requests.listed()[0].where == (
            Condition("staff", Op.GE, (20,)),
            Condition("revenue", Op.LT, (3_000_000_000,)),
        )
        assert "不小于 20 人" in asking.get(place).text
        assert "小于 3,000 万元" in asking.get(place, headers={"Accept-Language": "zh"}).text

    def test_too_many_lines_are_refused(self) -> None:
        count = MOST_CONDITIONS + 1
        lines = {"where-column": ["staff"] * count, "where-op": ["ge"] * count, "where-value": ["1"] * count}
        page = client(CONSUMER).post("/exchange/new", self.GIVEN | lines)
        assert page.status_code == 422
        assert not requests.listed()

    def test_no_condition_is_about_what_the_rule_hides(self) -> None:
        offered = {each.name for each in rules.narrowing("elders", instant=False)}
        assert offered
        assert (
            "id" in {each.name for each in rules.narrowing("elders", instant=False, answers=True)} | offered
        )
        hidden = set(rules.masks("elders")) - offered
        assert hidden
        name = min(hidden)
        with pytest.raises(BadRequest, match=name):
            requests.submit(
                person(CONSUMER),
                wish(dataset="elders", columns=("id",), where=(Condition(name, Op.EQ, ("x",)),)),
            )

    def test_a_coarser_column_is_no_condition_where_nobody_decides(self) -> None:
        assert "revenue" in {each.name for each in rules.narrowing("key-firm-monthly", instant=False)}
        assert "revenue" not in {each.name for each in rules.narrowing("key-firm-monthly", instant=True)}
