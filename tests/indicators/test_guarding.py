"""What someone tries who may not see the rows and wants the small counts all the same."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hutong.accounts.api import Actor, Target
from hutong.indicators import api, masking
from hutong.indicators.dumping import dump_walk
from hutong.indicators.errors import FewPeople, RowsOfPeople
from hutong.indicators.logic.result import Value, canonical, in_order, result_hash
from hutong.indicators.on_map import OnMap
from hutong.indicators.types import Definition
from hutong.kernel.errors import Forbidden
from hutong.lake.types import LoadReport
from hutong.ledger import api as ledger
from hutong.onemap.api import MeasureRef

DAY = date(2024, 3, 31)
MONTH = date(2024, 3, 1)
CLERK = Actor("urn:hutong:test:person:clerk", "clerk", "", frozenset({"leader"}), True)
KEEPER = Actor("urn:hutong:test:person:keeper", "keeper", "", frozenset({"data_office"}), True)
COUNTED = """
SELECT p.period, r.street, count(*) AS value
FROM periods p JOIN revenue_monthly r ON r.month = p.period
GROUP BY GROUPING SETS ((p.period), (p.period, r.street))
"""
HEAD = "firm,month,street,revenue,owner\n"


def people(month: str, **streets: int) -> str:
    """So many rows of each street, each about a person of its own."""
    return "".join(
        f"{street}{each},{month},{street},{each},某{each}\n"
        for street, count in streets.items()
        for each in range(count)
    )


@pytest.fixture
def counted(
    load: Callable[..., LoadReport], define: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """Count people by street; the table is of the grade that leaders see masked and the data office in clear."""
    monkeypatch.setattr(masking, "target", lambda _table: Target("bureau", "important", "table"))
    monkeypatch.setenv("HUTONG_SMALL_COUNT", "5")

    def run(text: str, as_of: date = DAY, **changed: Any) -> None:
        load(HEAD + text)
        define(**({"query": COUNTED, "unit": "人", "decimals": 0, "people": None} | changed))
        api.compute("revenue", as_of)

    return run


def shown(reader: Actor | None = CLERK, as_of: date = DAY) -> dict[str, float | None]:
    return {each.member: each.value for each in api.breakdown("revenue", "street", as_of, reader=reader)}


def test_a_small_count_is_withheld_with_another_that_hides_it(counted: Any) -> None:
    counted(people("2024-03", east=2, west=40, north=7, south=90))
    assert shown() == {"south": 90, "west": 40, "east": None, "north": None}
    assert shown(KEEPER) == shown(None) == {"south": 90, "west": 40, "north": 7, "east": 2}
    total = api.figure("revenue", DAY, reader=CLERK)
    assert total.value == 139
    hidden = total.value - sum(value for value in shown().values() if value)
    assert hidden == 9  # of two streets, at least the minimum: neither follows


def test_a_total_of_few_is_withheld_too(counted: Any) -> None:
    counted(people("2024-03", east=1, west=2))
    found = api.figure("revenue", DAY, reader=CLERK)
    assert (found.value, found.text, found.withheld) == (None, "", True)
    assert set(shown().values()) == {None}


def test_the_change_and_its_causes_do_not_tell_what_is_withheld(counted: Any) -> None:
    """Neither what a street had before, nor what it added, is left for subtraction."""
    counted(people("2024-02", east=12, west=40, north=30) + people("2024-03", east=2, west=55, north=31))
    parts = {each.member: each for each in api.breakdown("revenue", "street", DAY, reader=CLERK)}
    assert (parts["east"].value, parts["east"].withheld, parts["north"].withheld) == (None, True, True)
    causes = api.sheet(DAY, ["revenue"], reader=CLERK).causes("revenue", "street")
    assert [each.member for each in causes] == ["west"]
    east = api.figure("revenue", DAY, {"street": "east"}, reader=CLERK)
    assert (east.value, east.change, east.withheld) == (None, None, True)
    assert [point.value for point in east.series] == [12, None]
    assert [point.text for point in east.series] == ["12", ""]


def test_two_days_of_one_month_cannot_be_subtracted(counted: Any) -> None:
    """One more person came on the 15th: while the month runs, who may not see rows is not shown its streets."""
    text = people("2024-02", east=20, west=30)
    counted(text + people("2024-03", east=20, west=30), date(2024, 3, 14))
    counted(text + people("2024-03", east=21, west=30), date(2024, 3, 15))
    for day in (date(2024, 3, 14), date(2024, 3, 15)):
        assert set(shown(CLERK, day).values()) == {None}
        assert [each.value for each in api.figure("revenue", day, {"street": "east"}, reader=CLERK).series] == [
            20, None,
        ]  # fmt: skip
    assert shown(KEEPER, date(2024, 3, 15)) == {"west": 30, "east": 21}


def test_the_map_withholds_the_same(counted: Any) -> None:
    counted(people("2024-03", east=2, west=40, north=7))
    ref = MeasureRef("revenue", api.definition("revenue").title, "street")
    found = OnMap().measure(ref, DAY, CLERK)
    assert found is not None
    assert found.values == {"west": 40}
    assert found.withheld == {"east", "north"}
    whole = OnMap().measure(ref, DAY, KEEPER)
    assert whole is not None
    assert whole.values == {"west": 40, "east": 2, "north": 7}
    assert not whole.withheld


def test_rows_cannot_be_narrowed_to_few_people(counted: Any) -> None:
    counted(people("2024-03", east=2, west=40, north=7))
    walk, month = api.walk_on("revenue", DAY), date(2024, 3, 1)
    for dims in ({"street": "east"}, {"street": "north"}, {"street": "nowhere"}):
        with pytest.raises(FewPeople):
            api.rows_behind(walk, CLERK, dims, month)
    with pytest.raises(FewPeople):
        api.rows_behind(walk, CLERK, {"street": "west"}, date(2024, 2, 1))
    found = api.rows_behind(walk, CLERK, {"street": "west"}, month)
    assert (len(found.rows), found.total, found.sampled) == (20, 20, True)
    assert api.rows_behind(walk, CLERK, {"street": "west"}, month, offset=20).rows == ()
    assert api.rows_behind(walk, KEEPER, {"street": "east"}, month).total == 2


def test_rows_that_are_counts_themselves_are_not_for_every_reader(
    counted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(people("2024-03", east=20, west=40), people=True)
    monkeypatch.setattr(masking, "sensitive", lambda _column: False)
    with pytest.raises(RowsOfPeople):
        api.rows_behind(api.walk_on("revenue", DAY), CLERK, {}, date(2024, 3, 1))
    with pytest.raises(Forbidden):
        api.check_values(api.definition("revenue"), CLERK)
    api.check_values(api.definition("revenue"), KEEPER)


def test_a_mean_is_withheld_by_how_many_it_is_of(counted: Any) -> None:
    query = COUNTED.replace("count(*) AS value", "100.0 * avg(r.revenue) AS value, count(*) AS weight")
    counted(people("2024-03", east=2, west=40, north=7), combine="mean", query=query, decimals=2)
    assert [member for member, value in shown().items() if value is not None] == ["west"]
    query = query.replace(", count(*) AS weight", "")
    counted(people("2024-03", east=30, west=41, north=8), combine="mean", query=query, decimals=2)
    assert set(shown().values()) == {None}, "of how many is not told"


def test_what_the_pack_says_comes_first(counted: Any) -> None:
    counted(people("2024-03", east=2, west=40, north=7), people=False)
    assert shown() == shown(None)


@pytest.mark.parametrize(("minimum", "hidden"), [("1", 0), ("3", 2), ("10", 3), ("100", 4)])
def test_the_minimum_is_a_setting(
    counted: Any, monkeypatch: pytest.MonkeyPatch, minimum: str, hidden: int
) -> None:
    counted(people("2024-03", east=2, west=40, north=7, south=9))
    monkeypatch.setenv("HUTONG_SMALL_COUNT", minimum)
    assert sum(value is None for value in shown().values()) == hidden


def test_no_subtraction_of_what_is_shown_leaves_a_small_count(counted: Any) -> None:
    """Every subset of what a reader is shown, taken from the total, leaves nobody or the minimum and more."""
    counted(people("2024-03", a=1, b=3, c=5, d=6, e=11, f=30))
    total = api.figure("revenue", DAY, reader=CLERK).value
    assert total == 56
    left = total - sum(value or 0 for value in shown().values())
    assert left >= 5
    assert sum(value is None for value in shown().values()) >= 2


def test_an_open_table_is_no_secret(counted: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    counted(people("2024-03", east=2, west=40, north=7))
    monkeypatch.setattr(masking, "target", lambda _table: Target("bureau", "general", "table", public=True))
    assert shown() == shown(None)
    assert isinstance(api.definition("revenue"), Definition)
    assert Client().get("/api/indicators/revenue/values?as_of=2024-03-31").status_code == 200


def test_the_hash_in_the_log_does_not_confirm_a_guess(counted: Any) -> None:
    """Who reads the log and all that is shown tries every pair of small counts against the hash."""
    counted(people("2024-03", east=2, west=40, north=7, south=90))
    run = api.walk_on("revenue", DAY).computation
    logged = str(ledger.entry(run.entry_id).payload["result"])
    assert logged == run.result
    assert shown() == {"south": 90, "west": 40, "east": None, "north": None}
    guesses = {
        (east, 9 - east): [
            Value(MONTH, {}, "139", None),
            *(
                Value(MONTH, {"street": street}, str(count), None)
                for street, count in (("east", east), ("north", 9 - east), ("south", 90), ("west", 40))
            ),
        ]
        for east in range(10)
    }
    assert canonical(in_order(guesses[2, 7]), run.salt) == api.canonical_values(run), "the guess is well made"
    assert logged not in {result_hash(in_order(each), "") for each in guesses.values()}
    assert logged == result_hash(in_order(guesses[2, 7]), run.salt)
    told = json.dumps([dump_walk(api.walk_on("revenue", DAY)), dict(ledger.entry(run.entry_id).payload)])
    assert run.salt not in told
