"""Planted anomalies are found, a quiet history gives none, and what is found says why."""

from datetime import timedelta

import pytest

from hutong.posture.logic.anomalies import Limits, find
from tests.posture.history import NOON, START, access, planted, quiet, table

LIMITS = Limits()


def test_precision_and_recall_on_twenty_histories():
    hits = missed = false = 0
    for seed in range(20):
        rows = quiet(seed)
        truth = set(planted(rows, seed))
        found = {(each.kind, each.actor) for each in find(table(rows), START, LIMITS)}
        hits, missed, false = (
            hits + len(truth & found),
            missed + len(truth - found),
            false + len(found - truth),
        )
    recall, precision = hits / (hits + missed), hits / (hits + false)
    assert recall >= 0.98, (hits, missed)
    assert precision >= 0.95, (hits, false)


@pytest.mark.parametrize("seed", range(100, 110))
def test_a_quiet_history_gives_none(seed: int):
    assert find(table(quiet(seed)), START, LIMITS) == []


def test_nothing_gives_nothing():
    assert find(table([]), START, LIMITS) == []


def test_a_volume_says_what_is_usual():
    rows = quiet(7)
    rows.append(access(3, int(next(r["dataset"] for r in rows if r["actor"] == "p3")[1:]), NOON, 5_000_000))
    found = [each for each in find(table(rows), START, LIMITS) if each.kind == "volume"]
    assert {each.reason["code"] for each in found} == {"volume-hour", "volume-day"}
    for each in found:
        assert each.actor == "p3"
        assert each.rows >= 5_000_000
        assert each.reason["found"] > each.reason["bound"] > each.reason["median"]
        assert each.reason["history"] >= LIMITS.least_history


def test_found_again_it_has_the_same_key():
    rows = quiet(8)
    planted(rows, 8)
    first = {each.key for each in find(table(rows), START, LIMITS)}
    assert len(first) >= 25
    assert {each.key for each in find(table(rows), START, LIMITS)} == first


def test_a_new_contract_is_expected_to_be_read_for_the_first_time():
    rows = quiet(9)
    rows.append(access(1, 26, NOON, 50, expected=True))
    rows.append(access(1, 27, NOON, 50))
    found = [each.dataset for each in find(table(rows), START, LIMITS) if each.kind == "novelty"]
    assert found == ["d27"]


def test_work_on_a_day_off_stands_out_and_a_slow_drip_within_a_day_too():
    rows = quiet(10, days_after=0)
    own = int(next(row["dataset"] for row in rows if row["actor"] == "p5")[1:])
    saturday = START + timedelta(days=5)
    rows.append(access(5, own, saturday + timedelta(hours=4), 10))
    found = find(table(rows), START, LIMITS)
    assert [(each.kind, each.reason["code"]) for each in found] == [("hour", "day-off")]
    bound = Limits(least_calls=20)
    drip = quiet(11, days_after=0)
    own = int(next(row["dataset"] for row in drip if row["actor"] == "p5")[1:])
    drip += [access(5, own, START + timedelta(hours=1 + n % 9, minutes=n // 9), 1) for n in range(90)]
    told = [each.reason for each in find(table(drip), START, bound) if each.kind == "volume"]
    assert any(each["code"] == "volume-day" and each["by"] == "calls" for each in told)
