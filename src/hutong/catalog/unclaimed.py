"""Tables of the lake that no dataset describes, and the organisation that is to catalogue each."""

from dataclasses import dataclass

from hutong.accounts.api import organisation as organisation_of
from hutong.catalog import store
from hutong.catalog.errors import BadEntry, NoSuchEntry
from hutong.catalog.logic.faults import Fault
from hutong.catalog.models import Handed
from hutong.catalog.types import Kind
from hutong.kernel import audit
from hutong.kernel.db import atomic
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.errors import NoSuchTable
from hutong.ledger import api as ledger


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A table without a dataset; ``organisation`` is empty until the data office hands it to one."""

    table: str
    title: Text
    rows: int
    columns: int
    organisation: str


def tables() -> list[Unclaimed]:
    """Every table of the lake that no dataset describes, by name."""
    known = {each.id for each in store.entries(Kind.DATASET)}
    handed = dict(Handed.objects.values_list("table", "organisation"))
    return [
        Unclaimed(
            each.table,
            each.title,
            each.latest.rows if each.latest else 0,
            len(lake.contract(each.table).columns),
            handed.get(each.table, ""),
        )
        for each in lake.tables()
        if each.table not in known
    ]


def holds(table: str) -> bool:
    """Whether the lake has a table of that name."""
    try:
        lake.contract(table)
    except NoSuchTable:
        return False
    return True


def find(table: str) -> Unclaimed:
    """The table of that name; raises ``NoSuchEntry`` where there is none or a dataset describes it."""
    for each in tables():
        if each.table == table:
            return each
    raise NoSuchEntry(name=table)


def handed_to(table: str) -> str:
    """The organisation that is to catalogue the table; empty where nobody said."""
    return Handed.objects.filter(table=table).values_list("organisation", flat=True).first() or ""


def hand(table: str, organisation: str) -> None:
    """Say which organisation is to catalogue a table; on the log. Raises ``NoSuchEntry`` or ``BadEntry``."""
    found = find(table)
    if organisation_of(organisation) is None:
        said = Text(zh="请选择单位", en="choose an organisation")
        fault = Fault("organisation", "organisation", said)
        raise BadEntry(name=table, reason=said, faults=(fault,))
    if found.organisation == organisation:
        return
    subject = lake.table_urn(table)
    with atomic():
        entry = ledger.append("catalog.table-handed", subject, {"organisation": organisation}).id
        actor = audit.origin().actor
        Handed.objects.update_or_create(
            table=table, defaults={"organisation": organisation, "actor": actor, "log_entry": entry}
        )
        audit.record("catalog.hand", subject, to=organisation)
