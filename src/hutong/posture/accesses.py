"""Accesses as the rules of anomalies want them, asked of every capability that gives something out."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from hutong.accounts.api import ANONYMOUS
from hutong.exchange.api import usage
from hutong.kernel import audit, clock, workdays
from hutong.market import api as market
from hutong.portal import api as portal
from hutong.posture.gathering import every_contract, urn
from hutong.posture.logic.anomalies import schema
from hutong.posture.types import Channel

if TYPE_CHECKING:
    import pyarrow as pa

ACCESS: Final = ("exchange.access", "exchange.access-refused")
DIRECT: Final = ("lake.sample", "lake.sample_clear", "lake.quarantine", "lake.query", "figures.rows")
PUBLISH: Final = "portal.publish"
COUNTED: Final = ("download", "call")  # of what is open; a page that is looked at takes nothing away
_BATCH: Final = 50_000
Row = tuple[Any, ...]


def gather(since: datetime, until: datetime, new_days: int) -> "pa.Table":
    """Everything from ``since`` to ``until`` (excluded); what is younger than ``new_days`` may be read first."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import; pages do not gather

    records = audit.records(since=since, until=until, actions=(*ACCESS, *DIRECT, PUBLISH, market.REFUSED))
    networks: dict[Any, str] = {}
    direct: list[Row] = []
    for record in records:
        if record.action in ACCESS:
            networks[record.detail.get("access")] = audit.network(record.address)
        else:
            direct.append(_OTHERS.get(record.action, _direct)(record))
    new = timedelta(days=new_days)
    batches = [
        _batch(rows)
        for source in (
            _exchanged(since, until, new, networks), iter(direct), _called(since, until, new),
            _opened(since, until),
        )
        for rows in iter(lambda source=source: list(islice(source, _BATCH)), [])  # type: ignore[misc]
    ]  # fmt: skip
    return pa.Table.from_batches(batches, schema=schema())


def _exchanged(since: datetime, until: datetime, new: timedelta, networks: dict[Any, str]) -> Iterator[Row]:
    """Reads under contracts."""
    begun = {each.id: each.made_at for each in every_contract()}
    for each in usage.trace(since, until):
        yield _row(
            Channel.EXCHANGE, each.at, each.actor, each.organisation, each.table, contract=each.contract,
            network=networks.get(each.id, ""), rows=each.rows, allowed=each.allowed,
            expected=each.contract in begun and each.at - begun[each.contract] < new,
        )  # fmt: skip


def _direct(record: audit.Record) -> Row:
    """A look at rows inside the foundation: samples, quarantine, queries."""
    rows = record.detail.get("rows", 0)
    return _row(
        Channel.DIRECT, record.at, record.actor, record.organisation, record.subject.rpartition(":")[2],
        network=audit.network(record.address), rows=rows if isinstance(rows, int) else 0,
    )  # fmt: skip


def _published(record: audit.Record) -> Row:
    """A dataset written into the portal, by page or by key. All of them are one thing: each new one is new."""
    return _row(
        Channel.PUBLISH, record.at, record.actor, record.organisation, urn("portal", "registrations"),
        network=audit.network(record.address), rows=1,
    )  # fmt: skip


def _turned_away(record: audit.Record) -> Row:
    """A call of a module that was refused. A key that never was is told by its network alone, and whoever has such
    keys tries them on any module, so all of these are one thing.
    """
    key, network = str(record.detail.get("key", "")), audit.network(record.address)
    stranger = not key and record.actor == ANONYMOUS.urn
    return _row(
        Channel.MARKET, record.at, f"stranger:{network}" if stranger else f"key:{key}" if key else record.actor,
        record.organisation, urn("market", "keys") if stranger else record.subject,
        contract=str(record.detail.get("subscription", "")), network=network, allowed=False,
        refusal=str(record.detail.get("code", "")),
    )  # fmt: skip


_OTHERS: Final[Mapping[str, Callable[[audit.Record], Row]]] = {
    PUBLISH: _published, market.REFUSED: _turned_away,
}  # fmt: skip


def _called(since: datetime, until: datetime, new: timedelta) -> Iterator[Row]:
    """Calls of modules: by key, by a job of a subscription, or by someone who tries, which is meant to be new."""
    made = {each.hint: each.made_at for each in market.live_keys()}
    for each in market.trace(since, until):
        actor = (
            f"key:{each.key}" if each.key else each.person or urn("market-subscription", each.subscription)
        )
        young = each.key in made and each.at - made[each.key] < new
        yield _row(
            Channel.MARKET, each.at, actor, each.organisation, urn("module", each.module),
            contract=each.subscription, network=each.network, rows=each.items, expected=young or not each.key,
        )  # fmt: skip


def _opened(since: datetime, until: datetime) -> Iterator[Row]:
    """What everyone takes of open data: counted by day, with neither hour nor name."""
    last = clock.local(until).date()
    for day, dataset, kind, count in portal.daily_usage(clock.local(since).date()):
        if kind in COUNTED and day <= last:
            begin = datetime.combine(day, time(), clock.SHANGHAI)
            yield _row(
                Channel.OPEN, begin, f"public:{kind}", "", dataset, rows=count, expected=True, timed=False
            )


def _row(
    channel: Channel, at: datetime, actor: str, organisation: str, dataset: str, *, contract: str = "",
    network: str = "", rows: int = 0, allowed: bool = True, expected: bool = False, timed: bool = True,
    refusal: str = "",
) -> Row:  # fmt: skip
    return (
        int(at.timestamp()), channel.value, actor, organisation, dataset, contract, network, rows, allowed,
        _off(clock.local(at).date()), expected, timed, refusal,
    )  # fmt: skip


def _batch(rows: list[Row]) -> "pa.RecordBatch":
    import pyarrow as pa  # noqa: PLC0415 - as above

    columns = zip(*rows, strict=True)
    return pa.record_batch(
        [pa.array(each, kind.type) for each, kind in zip(columns, schema(), strict=True)], schema=schema()
    )


@cache
def _off(day: date) -> bool:
    """Not a working day; where the year's calendar is not known, a weekend."""
    try:
        return not workdays.is_workday(day)
    except workdays.UnknownYear:
        return day.weekday() >= 5
