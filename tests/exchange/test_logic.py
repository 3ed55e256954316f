"""States, clocks, addresses, watermark: decisions without input or output."""

import json
import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.exchange.errors import BadTerms
from hutong.exchange.logic import clocks, states, terms, watermark
from hutong.exchange.types import Event, Sharing, State, Terms
from hutong.kernel.workdays import add_workdays, is_workday, workdays_between
from hutong.lake.types import Condition, Mask, Op

DAYS = st.dates(date(2024, 1, 1), date(2026, 9, 1))


@given(events=st.lists(st.sampled_from(list(Event)), max_size=12), sharing=st.sampled_from(list(Sharing)))
def test_a_request_never_leaves_its_paths(events: list[Event], sharing: Sharing) -> None:
    state, returned = states.first(sharing)[-1], None
    for event in events:
        after = states.move(state, event, returned)
        assert (after is not None) == (
            event in states.possible(state) and (event is not Event.COMPLETE or returned is not None)
        )
        if after is None:
            continue
        assert state not in states.OVER
        if after is State.AGREED:
            assert event is Event.AGREE
        if event is Event.RETURN:
            returned = state
        if event is Event.COMPLETE:
            assert after is returned
        state = after


@given(start=DAYS, days=st.integers(1, 10), used=st.integers(0, 12), pause=st.integers(0, 60))
def test_a_pause_takes_no_working_day_away(start: date, days: int, used: int, pause: int) -> None:
    clock = clocks.started(days, start)
    stop = add_workdays(start, used) if used else start
    held = clocks.stopped(clock, stop)
    again = add_workdays(stop, pause)
    back = clocks.resumed(held, again)
    assert back.due is not None
    assert held.left == max(0, days - used)
    assert workdays_between(again, back.due) == max(1, days - used)
    assert is_workday(back.due)
    assert not clocks.overdue(back, again)


def test_the_order_of_rows_tells_the_recipient_and_a_part_of_them_too() -> None:
    rows = [[str(n), f"name {n % 7}"] for n in range(400)]
    mine = sorted(rows, key=lambda row: watermark.row_digest("mine", row))
    assert watermark.order_share("mine", mine) == (1.0, 399)
    part = [row for row in mine if random.Random(1).random() < 2 and int(row[0]) % 3]
    assert watermark.order_share("mine", part)[0] == 1.0
    assert 0.35 < watermark.order_share("yours", mine)[0] < 0.65


@pytest.mark.parametrize("text", ["month", "month:is:3", ":", "month:", "a:eq"])
def test_a_filter_that_says_nothing_is_refused_or_empty(text: str) -> None:
    try:
        found = terms.parse_filter(text)
    except BadTerms:
        return
    assert found.values == ("",)


def test_filters_are_read_from_addresses() -> None:
    assert terms.parse_filter("month:between:2024-01|2024-06").values == ("2024-01", "2024-06")
    assert terms.parse_filter("url:eq:http://a:b") == Condition("url", Op.EQ, ("http://a:b",))
    assert terms.parse_filter("x:null") == Condition("x", Op.NULL)


def test_columns_keep_their_order_in_any_database() -> None:
    names = ("revenue", "uscc", "month", "a")
    kept = terms.dump(Terms(dict.fromkeys(names, Mask())))
    turned = json.loads(json.dumps(kept, sort_keys=True))
    assert list(turned["columns"]) != list(names)
    assert tuple(terms.read(turned).columns) == names
    assert terms.sha256(turned) == terms.sha256(kept)
    before = {name: each for name, each in kept.items() if name != "order"}
    assert tuple(terms.read(before).columns) == names
    with pytest.raises(BadTerms):
        terms.read({**kept, "order": [*names, "staff"]})
    with pytest.raises(BadTerms):
        terms.read({**kept, "order": list(names[1:])})
