"""Running indicators over the lake and keeping what came out, once for the same definition, day and snapshots."""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from hutong.indicators.definitions import definition, definitions, version
from hutong.indicators.errors import NoFigure
from hutong.indicators.logic import query
from hutong.indicators.logic.result import MOST_VALUES, Value, in_order, new_salt, read_rows, result_hash
from hutong.indicators.models import ComputationRow, ObservationRow
from hutong.indicators.types import Computation, Definition, Reading
from hutong.kernel import clock
from hutong.kernel.db import atomic, exclusive
from hutong.kernel.errors import Conflict, HutongError
from hutong.kernel.urn import Urn
from hutong.lake import api as lake
from hutong.ledger import api as ledger

KIND = "observation"
SEPARATOR = "\x1f"  # between the members of a value that has several
_BATCH = 500
_LOCK = 0x48_55_07  # one computation is stored at a time


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round of computing did; ``failed`` holds the error of each indicator that gave none."""

    computed: tuple[Computation, ...]
    unchanged: int
    failed: dict[str, HutongError]


def compute(indicator: str, as_of: date, known_at: datetime | None = None) -> Computation:
    """The indicator on that day from what was known then (now when None); the stored one if nothing changed.

    Raises ``UnknownIndicator``; ``NoFigure`` when a table it reads has never been loaded.
    """
    return _compute(definition(indicator), as_of, known_at)[0]


def compute_all(
    as_of: date,
    *,
    tables: Iterable[str] | None = None,
    wanted: Iterable[str] | None = None,
    progress: Callable[[int, int, Definition], None] | None = None,
) -> Outcome:
    """All indicators, or those that read any of ``tables``, or those ``wanted``."""
    found = list(definitions().values())
    if tables is not None:
        touched = set(tables)
        found = [each for each in found if touched & set(each.tables)]
    if wanted is not None:
        names = set(wanted)
        found = [each for each in found if each.id in names]
    computed, unchanged, failed = [], 0, {}
    for index, each in enumerate(found):
        if progress:
            progress(index, len(found), each)
        try:
            result, new = _compute(each, as_of, None)
        except HutongError as error:
            failed[each.id] = error
            continue
        unchanged += not new
        computed.append(result)
    return Outcome(tuple(computed), unchanged, failed)


def readings(found: Definition, known_at: datetime) -> tuple[Reading, ...]:
    """The state of each table the definition reads, as known then; raises ``NoFigure`` when one has none."""
    read = []
    for table in found.tables:
        latest = lake.latest(table, known_at=known_at)
        if latest is None:
            raise NoFigure(indicator=found.id, as_of=known_at.date(), tables=table)
        read.append(
            Reading(
                table,
                latest.urn,
                latest.sequence,
                latest.iceberg_id,
                latest.rows,
                latest.entry_id,
                latest.committed_at,
            )
        )
    return tuple(read)


def inputs_hash(read: Sequence[Reading]) -> str:
    """SHA-256 of the snapshots a computation reads."""
    return query.digest(json.dumps(sorted((each.table, each.iceberg_id) for each in read)))


def evaluate(found: Definition, as_of: date, known_at: datetime) -> tuple[list[Value], float]:
    """Run the query; nothing is stored. The milliseconds it took come along."""
    sql = query.bind(found.query, found.tables, found.period, as_of)
    started = time.perf_counter()
    result = lake.query(sql, found.tables, known_at=known_at, limit=MOST_VALUES + 1)
    names = tuple(each.id for each in found.dimensions)
    values = read_rows(
        found.id, result.columns, result.rows, dimensions=names, period=found.period, as_of=as_of
    )
    return values, (time.perf_counter() - started) * 1000


def _compute(found: Definition, as_of: date, known_at: datetime | None) -> tuple[Computation, bool]:
    moment = known_at or clock.now()
    read = readings(found, moment)
    key = inputs_hash(read)
    there = ComputationRow.objects.filter(
        indicator=found.id, as_of=as_of, definition=found.hash, inputs_hash=key
    ).first()
    if there is None:
        values, elapsed = evaluate(found, as_of, moment)
        with atomic():
            there, new = _store(found, as_of, known_at, read=read, values=values, elapsed=elapsed)
    else:
        new = False
    if known_at is None and not there.current:
        if not new:
            _restore(there)
        _make_current(there)
    return computation(there), new


def _store(
    found: Definition,
    as_of: date,
    known_at: datetime | None,
    *,
    read: Sequence[Reading],
    values: Sequence[Value],
    elapsed: float,
) -> tuple[ComputationRow, bool]:
    key = inputs_hash(read)
    urn = Urn(Urn.parse(found.urn).scope, KIND, f"{found.id}/{as_of.isoformat()}/{found.hash[:6]}{key[:6]}")
    bound = query.bind(found.query, found.tables, found.period, as_of)
    exclusive(_LOCK)
    there = ComputationRow.objects.filter(urn=str(urn)).first()
    if there is not None:
        return there, False
    salt = new_salt()
    outcome = result_hash(values, salt)
    entry = ledger.append(
        KIND,
        str(urn),
        {
            "indicator": found.urn,
            "as_of": as_of.isoformat(),
            "definition": found.hash,
            "query": query.digest(bound),
            "result": outcome,
            "values": len(values),
            "snapshots": {each.urn: str(each.iceberg_id) for each in read},
        },
    )
    row = ComputationRow.objects.create(
        urn=str(urn),
        indicator=found.id,
        as_of=as_of,
        known_at=known_at,
        definition=found.hash,
        inputs=[_dump(each) for each in read],
        inputs_hash=key,
        query_hash=query.digest(bound),
        result_hash=outcome,
        salt=salt,
        points=len(values),
        entry_id=entry.id,
        computed_at=clock.now(),
        elapsed_ms=round(elapsed, 2),
        current=False,
    )
    _keep(row, values)
    return row, True


def _restore(row: ComputationRow) -> None:
    """Bring the values back that tidying took from a superseded computation: pages read stored values."""
    if row.points and not row.observations.exists():
        values = stored_values(computation(row))
        if result_hash(values, row.salt) != row.result_hash:
            raise Conflict(reason=row.urn)
        with atomic():
            _keep(row, values)


def _keep(row: ComputationRow, values: Iterable[Value]) -> None:
    ObservationRow.objects.bulk_create((_observation(row, each) for each in values), batch_size=_BATCH)


def _observation(row: ComputationRow, value: Value) -> ObservationRow:
    members = sorted(value.dims.items())
    return ObservationRow(
        computation=row,
        period=value.period,
        back=value.back,
        dimension="&".join(name for name, _member in members),
        member=SEPARATOR.join(member for _name, member in members),
        value=value.text,
        number=value.number,
        weight=value.weight,
    )


def _make_current(row: ComputationRow) -> None:
    with atomic():
        same_day = ComputationRow.objects.filter(indicator=row.indicator, as_of=row.as_of)
        same_day.filter(current=True).exclude(pk=row.pk).update(current=False)
        same_day.filter(pk=row.pk).update(current=True)
    row.current = True


def _dump(read: Reading) -> dict[str, object]:
    return {**asdict(read), "committed_at": read.committed_at.isoformat()}


def computation(row: ComputationRow) -> Computation:
    """A stored computation as it crosses the border."""
    return Computation(
        urn=row.urn,
        indicator=row.indicator,
        as_of=row.as_of,
        known_at=row.known_at,
        definition=row.definition,
        query=row.query_hash,
        result=row.result_hash,
        salt=row.salt,
        readings=tuple(
            Reading(**{**each, "committed_at": datetime.fromisoformat(each["committed_at"])})
            for each in row.inputs
        ),
        points=row.points,
        entry_id=row.entry_id,
        computed_at=row.computed_at,
        elapsed_ms=row.elapsed_ms,
    )


def stored_values(run: Computation) -> list[Value]:
    """The values of a stored computation, in the order in which they were hashed.

    Where tidying took them they are computed again, from the snapshots they were computed from.
    """
    found = ObservationRow.objects.filter(computation__urn=run.urn).values_list(
        "period", "dimension", "member", "value", "weight", "back"
    )
    values = [
        Value(period, _dims(dimension, member), text, weight, back)
        for period, dimension, member, text, weight, back in found
    ]
    if run.points and not values:
        newest = max(each.committed_at for each in run.readings)
        values = evaluate(version(run.indicator, run.definition), run.as_of, newest)[0]
    return in_order(values)


def _dims(dimension: str, member: str) -> dict[str, str]:
    return dict(zip(dimension.split("&"), member.split(SEPARATOR), strict=True)) if dimension else {}
