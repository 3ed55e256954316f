"""What stands out among accesses: one pass of SQL over all of them, inside an engine in memory.

History is what lies before ``start``; only what came after is judged. Volumes are compared as ln(1 + n), since what
people read is spread over orders of magnitude: the bound is median + k · 1.4826 · MAD of the same person and contract,
or of the whole contract while the person has little history.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

SHANGHAI_SECONDS: Final = 8 * 3600
FLOOR: Final = 0.3  # the least spread that is taken for granted, in ln
GRAINS: Final = {"hour": 3600, "day": 86_400}


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on something stands out."""

    k: float = 4.5
    least_rows: int = 1000
    least_calls: int = 30
    least_history: int = 10
    usual_share: float = 0.01
    refused: int = 10


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One thing that stood out. ``key`` is the same when it is found again."""

    kind: str
    key: str
    channel: str
    at: datetime
    actor: str
    organisation: str
    dataset: str
    contract: str
    rows: int
    calls: int
    ratio: float
    reason: Mapping[str, Any]


@cache
def schema() -> "pa.Schema":
    """What ``find`` wants to know of each access."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import, and the pack that only knows the limits imports us

    fields: list[Any] = [
        pa.field("moment", pa.int64()),  # seconds since 1970
        pa.field("channel", pa.string()),
        pa.field("actor", pa.string()),
        pa.field("organisation", pa.string()),
        pa.field("dataset", pa.string()),
        pa.field("contract", pa.string()),
        pa.field("network", pa.string()),
        pa.field("rows", pa.int64()),
        pa.field("allowed", pa.bool_()),
        pa.field("off", pa.bool_()),  # not a working day
        pa.field("expected", pa.bool_()),  # a contract that has just begun
        pa.field("timed", pa.bool_()),  # False: counted by day, the hour is not known
        pa.field("refusal", pa.string()),  # why it was refused, where that is told
    ]
    return pa.schema(fields)


def find(events: "pa.Table", start: datetime, limits: Limits) -> list[Anomaly]:
    """All that stands out from ``start`` on; ``events`` as ``schema()``."""
    import duckdb  # noqa: PLC0415 - as above

    if not events.num_rows:
        return []
    engine = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "1GB"})
    try:
        engine.register("given", events)
        begin = int(start.timestamp())
        engine.execute(_sql("events"), {"start": begin, "shift": SHANGHAI_SECONDS})
        engine.execute("CREATE VIEW timed AS SELECT * FROM events WHERE events.timed")  # the hour is known
        known = {"k": limits.k, "least_history": limits.least_history}
        found: list[Anomaly] = []
        for grain, seconds in GRAINS.items():
            more = {"least_rows": limits.least_rows, "least_calls": limits.least_calls, "floor": FLOOR}
            slots = {
                "seconds": seconds,
                "start_slot": (begin + SHANGHAI_SECONDS) // seconds,
                "shift": SHANGHAI_SECONDS,
            }
            found += _run(engine, "volume", start, {**known, **more, **slots, "grain": grain})
        share = {"share": limits.usual_share}
        found += _run(engine, "hour", start, {**share, "least_history": 2 * limits.least_history})
        found += _run(engine, "novelty", start, {"least_history": limits.least_history})
        found += _run(engine, "address", start, {"least_history": limits.least_history})
        found += _run(engine, "refused", start, {"most": limits.refused})
        return found
    finally:
        engine.close()


def _run(
    engine: "duckdb.DuckDBPyConnection", name: str, start: datetime, given: Mapping[str, Any]
) -> list[Anomaly]:
    rows = engine.execute(_sql(name), dict(given)).fetchall()
    return [_anomaly(name, start, row) for row in rows]


def _anomaly(kind: str, start: datetime, row: tuple[Any, ...]) -> Anomaly:
    at, channel, actor, organisation, dataset, contract, rows, calls, ratio, slot, reason = row
    told = json.loads(reason)
    key = "|".join((kind, str(told.get("code", "")), actor, contract or dataset, str(slot)))
    moment = datetime.fromtimestamp(at, start.tzinfo)
    return Anomaly(
        kind, key, channel, moment, actor, organisation, dataset, contract, rows, calls, float(ratio), told
    )


@cache
def _sql(name: str) -> str:
    return files("hutong.posture.logic").joinpath(f"{name}.sql").read_text("utf8")
