"""A load from end to end."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner

from hutong.lake import api
from hutong.lake.commands import lake as commands
from hutong.lake.errors import NoSuchTable
from hutong.lake.types import LoadReport

pytestmark = pytest.mark.django_db(transaction=True)
Load = Callable[..., LoadReport]

FIRMS = """
key: [id, month]
columns:
  id: {type: text, required: true, title: {zh: 编号}}
  month: {type: month, required: true, title: {zh: 月份}}
  revenue: {type: money, unit: 万元, title: {zh: 营业收入}, range: [0, null]}
  research: {type: money, unit: 万元, title: {zh: 研发投入}}
rules:
  - {id: research-within-revenue, check: research <= revenue, because: {zh: 研发投入大于收入}}
"""
GOOD = "编号,月份,营业收入（万元）,研发投入\nA,2021-03,120.5,3\nB,2021年3月,1.2亿,\n"


def test_sound_rows_are_stored_typed(load: Load) -> None:
    report = load(FIRMS, GOOD)
    assert (report.rows_in, report.rows_loaded, report.rows_quarantined) == (2, 2, 0)
    assert report.snapshot is not None
    assert report.snapshot.sequence == 1
    found = api.query("SELECT id, month, revenue, research FROM things ORDER BY id", ["things"])
    assert [tuple(map(str, row)) for row in found.rows] == [
        ("A", "2021-03-01", "120500000", "3000000"),
        ("B", "2021-03-01", "12000000000", "None"),
    ]
    assert found.snapshots == (report.snapshot,)


def test_bad_rows_go_to_quarantine_with_their_number_and_reason(load: Load) -> None:
    report = load(FIRMS, GOOD + "C,sometime,5,1\nD,2021-04,1,2\nA,2021-03,7,1\n,2021-05,1,1\nE,2021-05,-1,\n")
    assert report.rows_loaded == 2
    assert dict(report.reasons) == {
        "bad-value:month": 1,
        "rule-check:research-within-revenue": 1,
        "duplicate-key:id,month": 1,
        "required:id": 1,
        "out-of-range:revenue": 1,
    }
    page = api.quarantine(report.urn)
    assert [(each.row, each.code, each.original) for each in page.rows][:2] == [
        (4, "bad-value", "sometime"),
        (5, "rule-check", '{"id":"D","month":"2021-04","revenue":"1","research":"2"}'),
    ]
    assert page.rows[0].what.zh == "月份 不是月份"


def test_the_same_content_is_loaded_once(load: Load) -> None:
    first = load(FIRMS, GOOD)
    again = load(FIRMS, GOOD)
    assert again.unchanged
    assert again.snapshot == first.snapshot
    assert not load(FIRMS, GOOD + "C,2021-03,1,1\n").unchanged


def test_time_travel(load: Load) -> None:
    first = load(FIRMS, GOOD)
    second = load(FIRMS, GOOD + "C,2021-03,1,1\n")
    assert first.snapshot
    assert second.snapshot
    count = "SELECT count(*) FROM things"
    assert api.query(count, ["things"]).rows == ((3,),)
    assert api.query(count, ["things"], known_at=first.snapshot.committed_at).rows == ((2,),)


def test_append_refuses_keys_that_are_there(load: Load) -> None:
    load(FIRMS, GOOD)
    report = load(FIRMS, "编号,月份,营业收入,研发投入\nA,2021-03,1,1\nC,2021-03,1,1\n", mode="append")
    assert report.rows_loaded == 1
    assert report.reasons == {"key-exists:id,month": 1}
    assert report.snapshot is not None
    assert report.snapshot.rows == 3


def test_upsert_replaces_rows_of_the_same_key(load: Load) -> None:
    load(FIRMS, GOOD)
    report = load(FIRMS, "编号,月份,营业收入,研发投入\nA,2021-03,9,1\nC,2021-03,1,1\n", mode="upsert")
    assert report.snapshot is not None
    assert report.snapshot.rows == 3
    found = api.query("SELECT id, revenue FROM things ORDER BY id", ["things"])
    assert found.rows == (("A", 9_000_000), ("B", 12_000_000_000), ("C", 1_000_000))


@pytest.mark.parametrize("verb", ["quality", "snapshots"])
def test_a_verb_about_a_table_that_is_not_there_says_so(verb: str):
    with pytest.raises(NoSuchTable):
        CliRunner().invoke(commands, [verb, "nothing-of-the-kind"], catch_exceptions=False)
