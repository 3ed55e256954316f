"""Ranges find every difference at a cost that follows it; rules say which side stands."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.docking.errors import BadAddress
from hutong.docking.line import checked
from hutong.docking.logic import ranges
from hutong.docking.logic.rules import Meeting, outcome
from hutong.docking.types import Peer

SETS = st.dictionaries(st.integers(0, 300).map(lambda n: f"urn:hutong:t:duty:{n}"), st.sampled_from("ab"))


def _find(ours: dict[str, str], theirs: dict[str, str]) -> tuple[list[str], list[str], list[str], int]:
    here, there = ranges.Ranges(ours), ranges.Ranges(theirs)
    found, waiting, asked = ([], [], []), [""], 0
    while waiting:
        prefix = waiting.pop()
        asked += 1
        told = there.answer(prefix)
        if "entries" in told:
            for kept, new in zip(found, ranges.compare(here.within(prefix), told["entries"]), strict=True):
                kept.extend(new)
        else:
            waiting += ranges.wanted(here, prefix, told)
    return (*map(sorted, found), asked)


@given(SETS, SETS)
@settings(max_examples=100, deadline=None)
def test_every_difference_is_found_and_no_other(ours, theirs):
    only_here, only_there, differ, _asked = _find(ours, theirs)
    assert only_here == sorted(ours.keys() - theirs.keys())
    assert only_there == sorted(theirs.keys() - ours.keys())
    assert differ == sorted(each for each in ours.keys() & theirs.keys() if ours[each] != theirs[each])


def test_one_difference_among_many_costs_a_few_questions():
    ours = {f"urn:hutong:t:dataset:{n}": "a" for n in range(20_000)}
    theirs = {**ours, "urn:hutong:t:dataset:77": "b"}
    *_found, differ, asked = _find(ours, theirs)
    assert differ == ["urn:hutong:t:dataset:77"]
    assert asked <= 6


def _peer(rule: str, level: str = "city", owns: tuple[str, ...] = ()) -> Peer:
    return Peer("p", "https://p", "urn:hutong:city:organisation:o", "k", "l", level, rule, owns)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("peer", "met", "expected"),
    [
        (_peer("owner"), Meeting("mine", "a", "a", ""), "same"),
        (_peer("owner"), Meeting("mine", "a", "b", ""), "keep"),
        (_peer("owner"), Meeting("city", "a", "b", ""), "take"),
        (_peer("owner", owns=("other",)), Meeting("city", "a", "b", ""), "keep"),
        (_peer("city"), Meeting("mine", "a", "b", ""), "take"),
        (_peer("city", "district"), Meeting("mine", "a", "b", ""), "keep"),
        (_peer("city", "district"), Meeting("mine", "a", "b", "a"), "take"),
        (_peer("city"), Meeting("mine", "a", "b", "b"), "keep"),
        (_peer("manual"), Meeting("city", "a", "b", "a"), "ask"),
    ],
)
def test_rules_say_which_side_stands(peer, met, expected):
    assert outcome(peer, "mine", met) == expected


@pytest.mark.parametrize(
    "url",
    [
        "http://city.example",
        "ftp://city.example",
        "https://u:p@city.example",
        "https://",
        "https://a.b/?q=1",
        "https://a b",
    ],
)
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(BadAddress):
        checked(url, private=False)
