"""Any level as of any day, and what differs in words people read."""

from datetime import datetime

import pytest
from django.test import Client

from hutong.accounts.types import Role
from hutong.catalog import editing, history, store, suggesting
from hutong.catalog.logic.readable import COLUMN, described, readable
from hutong.catalog.models import ColumnGrade
from hutong.catalog.shown import titled
from hutong.catalog.types import Kind
from hutong.kernel import clock
from hutong.lake import api as lake
from hutong.ledger import api as ledger
from tests.catalog.entries import BODIES, DATASET, SYSTEM, client, fill

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = "urn:hutong:beijing-dongcheng:table:air-hourly"
SECOND = {
    "key": ["pm25"],
    "columns": {
        "pm25": {"type": "float", "unit": "μg/m³", "range": ["0", "500"]},
        "level": {"type": "code", "title": {"zh": "等级"}, "codes": {"1": {"zh": "优"}}},
    },
    "rules": [{"id": "not-more", "because": {"zh": "不应超过"}, "check": "pm25 <= 500"}],
}


def _at(day: int) -> datetime:
    return datetime(2026, 3, day, 12, tzinfo=clock.SHANGHAI)


@pytest.fixture
def changed():
    """The table of the 1st, changed on the 5th, a column graded on the 7th; on the 9th its dataset alone."""
    with clock.freeze(_at(1)):
        fill()
    body = {**BODIES[DATASET], "table": SECOND}
    with clock.freeze(_at(5)):
        editing.write(Kind.DATASET, DATASET, body, expected=1)
    with clock.freeze(_at(7)):
        ColumnGrade.objects.create(
            table="air-hourly", column="pm25", found="person", grade="general-3", confidence=1
        )
        suggesting.decide("air-hourly", "pm25", verdict="confirm")
    with clock.freeze(_at(9)):
        editing.write(Kind.DATASET, DATASET, {**body, "update": "daily"}, expected=2)


def test_a_table_has_versions_of_its_own(changed):
    found = history.versions(TABLE)
    assert [(each.version, each.change) for each in found] == [(3, "changed"), (2, "changed"), (1, "added")]
    assert found[0].body["grades"] == {"pm25": "general-3"}
    assert [ledger.entry(each.log_entry).kind for each in found] == [
        "catalog.grade",
        "catalog.dataset",
        "catalog.dataset",
    ]
    assert history.entry(TABLE).version == 3


@pytest.mark.parametrize(("day", "version"), [(1, 1), (4, 1), (5, 2), (8, 3), (20, 3)])
def test_a_table_as_of_any_day(changed, day, version):
    found = history.as_of(TABLE, _at(day).date())
    assert found is not None
    assert found.version == version


def test_before_the_first_day_and_after_the_last_there_is_no_table(changed):
    assert history.as_of(TABLE, _at(1).date().replace(month=2)) is None
    with clock.freeze(_at(12)):
        editing.retire(DATASET, expected=3, reason="不再采集")
    assert history.as_of(TABLE, _at(12).date()) is None
    assert history.as_of(TABLE, _at(11).date()) is not None
    assert history.versions(TABLE)[0].change == "retired"


def test_what_differs_is_told_by_column_attribute_and_rule(changed):
    first, last = history.versions(TABLE)[-1].body, history.versions(TABLE)[0].body
    told = {(each.what, each.before, each.after) for each in readable(Kind.TABLE, first, last)}
    assert told == {
        ("主键", "", "pm25"),
        ("字段 pm25 · 单位", "", "μg/m³"),
        ("字段 pm25 · 取值范围", "", "0、500"),
        ("字段 pm25 · 定级", "", "general-3"),
        ("字段 level", "", "等级 · 代码 · 代码 1: 优"),
        ("规则 not-more", "", "不应超过 · pm25 <= 500"),
    }
    assert described({"type": "int", "range": ["0", None]}, COLUMN) == "整数 · 取值范围 ≥ 0"
    back = {(each.what, each.after) for each in readable(Kind.TABLE, last, first)}
    assert ("字段 level", "") in back


def test_a_rule_before_another_does_not_make_the_other_look_changed():
    one = {"id": "a", "because": {"zh": "甲"}, "check": "n > 0"}
    other = {"id": "b", "because": {"zh": "乙"}, "check": "n > 1"}
    (said,) = readable(Kind.TABLE, {"rules": [other]}, {"rules": [one, other]})
    assert (said.what, said.change) == ("规则 a", "added")
    (said,) = readable(Kind.TABLE, {"rules": [one]}, {"rules": [{**one, "check": "n > 5"}]})
    assert (said.what, said.before, said.after) == ("规则 a · 检查式", "n > 0", "n > 5")


def test_one_code_of_many_is_seen():
    codes = {f"{number:02}": {"zh": f"第{number}类"} for number in range(90)}
    after = {**codes, "77": {"zh": "别的"}}
    before = {"columns": {"kind": {"type": "code", "codes": codes}}}
    (said,) = readable(Kind.TABLE, before, {"columns": {"kind": {"type": "code", "codes": after}}})
    assert (said.what, said.before, said.after) == ("字段 kind · 代码 77", "第77类", "别的")


def test_the_lake_goes_by_the_table_of_the_catalog(changed):
    assert [each.name for each in lake.contract("air-hourly").columns] == ["pm25", "level"]


def test_pages_and_interface_show_every_level(changed):
    office = client("zhou", Role.DATA_OFFICE)
    page = office.get(f"/catalog/versions/{TABLE}?from=2026-03-01&to=2026-03-08").content.decode()
    assert "字段 level" in page
    assert "第 3 版" in page
    page = office.get(f"/catalog/versions/{DATASET}?from=2026-03-01&to=2026-03-08").content.decode()
    assert "字段 pm25 · 单位" in page
    assert titled("themes", "environment, unlisted") == "环境、unlisted"
    for urn in ("urn:hutong:beijing-dongcheng:duty:eco/air", "urn:hutong:beijing-dongcheng:system:net"):
        assert office.get(f"/catalog/versions/{urn}?from=2026-03-01").status_code == 200
    found = Client().get(f"/api/catalog/entries/{TABLE}?as_of=2026-03-04").json()
    assert (found["kind"], found["version"], set(found["body"]["columns"])) == ("table", 1, {"pm25"})
    versions = Client().get(f"/api/catalog/entries/{TABLE}/versions").json()
    assert "字段 level" in {each["what"] for each in versions[1]["said"]}
    assert Client().get("/api/catalog/entries/urn:hutong:beijing-dongcheng:table:none").status_code == 404


def test_two_versions_of_one_day_are_beside_each_other_and_values_are_said_in_words(changed):
    with clock.freeze(_at(1)):
        body = {**BODIES[SYSTEM], "state": "building", "cloud": "in"}
        editing.write(Kind.SYSTEM, SYSTEM, body, expected=1)
    page = client("zhou", Role.DATA_OFFICE).get(f"/catalog/versions/{SYSTEM}").content.decode()
    assert "在建" in page
    assert "运行" in page
    assert "已入云" in page
    assert "没有差异" not in page


def test_a_table_is_seen_by_whoever_sees_its_dataset(changed):
    closed = {**BODIES[DATASET], "table": SECOND, "update": "daily", "opening": {"kind": "none"}}
    editing.write(Kind.DATASET, DATASET, closed, expected=3)
    assert Client(HTTP_ACCEPT="application/json").get(f"/catalog/versions/{TABLE}").status_code == 403
    assert store.entry(DATASET).opening == "none"
