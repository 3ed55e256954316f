"""What the posture looks at, asked of the other capabilities."""

import ipaddress
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

import pyarrow as pa

from hutong.accounts import api as accounts
from hutong.catalog import api as catalog
from hutong.catalog.types import EntryRef, Kind
from hutong.exchange.api import contracts, usage
from hutong.exchange.types import ContractRef
from hutong.kernel import audit, clock, workdays
from hutong.kernel.settings import value
from hutong.kernel.urn import Urn
from hutong.lake import api as lake
from hutong.lake.errors import NoSuchTable
from hutong.lake.types import Column
from hutong.ledger import api as ledger
from hutong.posture.logic.anomalies import SCHEMA
from hutong.posture.logic.facts import Facts, Person, Witness
from hutong.posture.models import SealRow

ACCESS: Final = ("exchange.access", "exchange.access-refused")
DIRECT: Final = ("lake.sample", "lake.sample_clear", "lake.quarantine", "lake.query", "figures.rows")
VERIFIED: Final = "ledger.verified"
MOST_CONTRACTS: Final = 100_000
_BATCH: Final = 50_000


def facts() -> Facts:
    """How the district is set up now."""
    now = clock.now()
    datasets = tuple(catalog.entries(Kind.DATASET))
    sealed = SealRow.objects.order_by("-last").values_list("at", flat=True).first()
    verified = [each.at for each in audit.records(actions=(VERIFIED,))]
    return Facts(
        now=now,
        today=clock.today(),
        datasets=datasets,
        systems=tuple(catalog.entries(Kind.SYSTEM)),
        columns={each.id: columns_of(each.id) for each in datasets},
        contracts=tuple(every_contract()),
        keys=contracts.live_keys(),
        used=usage.last_used(),
        people=tuple(Person(each.urn, str(each.name), each.roles) for each in accounts.people() if each.active),
        organisations=frozenset(each.id for each in accounts.organisations()),
        witnesses=tuple(Witness(each.name, each.seen_at, each.alarm) for each in ledger.witnesses()),
        verified_at=verified[-1] if verified else None,
        sealed_at=sealed,
        records=audit.newest(),
    )


def columns_of(table: str) -> tuple[Column, ...]:
    """Columns of a dataset's table; none where it has no table yet."""
    with suppress(NoSuchTable):
        return lake.contract(table).columns
    return ()


def every_contract() -> Iterator[ContractRef]:
    """Every contract, the version in force before a newer one that is only proposed."""
    for each in contracts.listed(limit=MOST_CONTRACTS):
        yield contracts.contract_of(each.id) if each.version > 1 else each


def accesses(since: datetime, until: datetime, new_days: int) -> pa.Table:
    """Accesses under contracts and direct looks at rows, as the rules of anomalies want them."""
    networks = {}
    direct = []
    for record in audit.records(since=since, until=until, actions=ACCESS + DIRECT):
        if record.action in ACCESS:
            networks[record.detail.get("access")] = network(record.address)
        else:
            direct.append(record)
    begun = {each.id: each.made_at for each in every_contract()}
    batches, rows = [], []
    for each in usage.trace(since, until):
        expected = each.contract in begun and each.at - begun[each.contract] < timedelta(days=new_days)
        rows.append(
            (
                int(each.at.timestamp()), each.actor, each.organisation, each.table, each.contract,
                networks.get(each.id, ""), each.rows, each.allowed, _off(clock.local(each.at).date()), expected,
            )
        )  # fmt: skip
        if len(rows) >= _BATCH:
            batches.append(_batch(rows))
            rows = []
    rows += [_direct(record) for record in direct]
    batches.append(_batch(rows))
    return pa.Table.from_batches(batches, schema=SCHEMA)


def _direct(record: audit.Record) -> tuple[Any, ...]:
    rows = record.detail.get("rows", 0)
    return (
        int(record.at.timestamp()), record.actor, record.organisation, record.subject.rpartition(":")[2], "",
        network(record.address), rows if isinstance(rows, int) else 0, True, _off(clock.local(record.at).date()), False,
    )  # fmt: skip


def _batch(rows: list[tuple[Any, ...]]) -> pa.RecordBatch:
    columns = list(zip(*rows, strict=True)) or [()] * len(SCHEMA)
    return pa.record_batch(
        [pa.array(each, kind.type) for each, kind in zip(columns, SCHEMA, strict=True)], schema=SCHEMA
    )


def network(address: str | None) -> str:
    """The network an address is in: /24, or /48 of IPv6, since offices hand out addresses anew."""
    if not address:
        return ""
    found = ipaddress.ip_address(address)
    return str(ipaddress.ip_network(f"{found}/{24 if found.version == 4 else 48}", strict=False))


@cache
def _off(day: date) -> bool:
    """Not a working day; where the year's calendar is not known, a weekend."""
    try:
        return not workdays.is_workday(day)
    except workdays.UnknownYear:
        return day.weekday() >= 5


def urn(kind: str, local: object) -> str:
    return str(Urn(str(value("HUTONG_PACK")), kind, str(local)))


def entries(kind: Kind) -> list[EntryRef]:
    return catalog.entries(kind)
