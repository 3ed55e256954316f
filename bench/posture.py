"""What stands out among accesses: precision and recall on seeded histories with planted anomalies.

Forty people read for sixty days; five anomalies of each of five kinds are planted in the three days that are judged.
``quiet``: office hours and steady habits. ``unruly``: late hours, weekends, ends of months, other offices, new tasks,
none of which is an anomaly, so that every alarm about them counts as false.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from bench.result import Result
from hutong.posture.logic.anomalies import Limits, find
from tests.posture.history import NOON, START, access, planted, quiet, table, unruly

SEEDS = range(20)
KINDS = ("volume", "hour", "novelty", "address", "refused")


def run() -> Iterable[Result]:
    for name, make in (("quiet", quiet), ("unruly", unruly)):
        yield from _measured(name, make)
    for times in (3, 10, 30):
        found = sum(_volumes(seed, times) for seed in SEEDS)
        yield Result(f"posture, quiet: {times}× the usual at once, found", found / (5 * len(SEEDS)), "")
    yield from _guessed()
    yield _speed()


def _measured(name: str, make: Callable[[int], list[dict[str, Any]]]) -> Iterable[Result]:
    hits, missed, false, accesses, without = Counter[str](), Counter[str](), Counter[str](), 0, 0
    for seed in SEEDS:
        rows = make(seed)
        accesses += sum(row["moment"] >= START.timestamp() for row in rows)
        without += len({(each.kind, each.actor) for each in find(table(rows), START, Limits())})
        truth = set(planted(rows, seed))
        found = {(each.kind, each.actor) for each in find(table(rows), START, Limits())}
        hits.update(kind for kind, _ in truth & found)
        missed.update(kind for kind, _ in truth - found)
        false.update(kind for kind, _ in found - truth)
    all_hits, wrong = hits.total(), false.total()
    recalls = ", ".join(f"{kind} {hits[kind] / (hits[kind] + missed[kind]):.2f}" for kind in KINDS)
    wrongs = ", ".join(f"{kind} {false[kind]}" for kind in KINDS if false[kind]) or "none"
    strict = name == "quiet"
    recall, precision = all_hits / (all_hits + missed.total()), all_hits / (all_hits + wrong)
    yield Result(
        f"posture, {name}: recall", recall, "", "≥ 0.98" if strict else "",
        recall >= 0.98 if strict else None, recalls,
    )  # fmt: skip
    yield Result(
        f"posture, {name}: precision", precision, "", "≥ 0.95" if strict else "",
        precision >= 0.95 if strict else None, f"false: {wrongs}",
    )  # fmt: skip
    said = f"{without} in {accesses:,} accesses of {len(SEEDS)} histories"
    yield Result(
        f"posture, {name}: alarms where nothing is planted, of 1,000",
        1000 * without / accesses,
        "",
        peer=said,
    )


def _guessed() -> Iterable[Result]:
    """Keys that never were: twelve in an hour from one network, and thirty networks that slip three times each."""
    found = wrong = 0
    for seed in SEEDS:
        rows = quiet(seed) + _turned_away("203.0.113.0/24", 12)
        slips = [f"198.51.{number}.0/24" for number in range(30)]
        rows += [row for network in slips for row in _turned_away(network, 3)]
        seen = {each.actor for each in find(table(rows), START, Limits()) if each.kind == "refused"}
        found += "stranger:203.0.113.0/24" in seen
        wrong += len(seen & {f"stranger:{network}" for network in slips})
    yield Result(
        "posture: 12 guessed keys in an hour, found", found / len(SEEDS), "", "1", found == len(SEEDS)
    )
    yield Result(
        "posture: networks that slip 3 times, raised", wrong, f"of {30 * len(SEEDS)}", "0", wrong == 0
    )


def _turned_away(network: str, times: int) -> list[dict[str, Any]]:
    said = {
        "channel": "market", "actor": f"stranger:{network}", "organisation": "", "contract": "", "dataset": "keys",
        "network": network, "allowed": False, "refusal": "market.bad-key",
    }  # fmt: skip
    return [access(0, 0, NOON + timedelta(minutes=each), 0) | said for each in range(times)]


def _volumes(seed: int, times: float) -> int:
    rows = quiet(seed)
    truth = {each for each in planted(rows, seed, times) if each[0] == "volume"}
    return len(truth & {(each.kind, each.actor) for each in find(table(rows), START, Limits())})


def _speed() -> Result:
    rows = [row for seed in range(40) for row in quiet(seed)]
    events = table(rows)
    begun = time.perf_counter()
    find(events, START, Limits())
    return Result(f"posture: judging against {len(rows):,} accesses", time.perf_counter() - begun, "s")
