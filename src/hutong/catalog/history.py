"""Any entry of any level, as it stands and as of any day.

Duties, datasets and systems have versions of their own (``store``). A table (库表) is what its dataset says of it and
what people decided about the grades of its columns: each of its versions is one of those changes, under the log entry
that tells of it, so a table is proved by the same log and nothing is kept twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Final

from hutong.catalog import store
from hutong.catalog.errors import NoSuchEntry
from hutong.catalog.logic.bodies import digest
from hutong.catalog.models import ColumnGrade
from hutong.catalog.types import EntryRef, Kind, VersionRef
from hutong.kernel import clock
from hutong.kernel.urn import BadUrn, Urn
from hutong.ledger import api as ledger

_PAGE: Final = 500
_MOST_GRADES: Final = 20_000


def entry(urn: str) -> EntryRef:
    """The entry as it stands, or as it stood when it was retired; raises ``NoSuchEntry``."""
    table = _table(urn)
    return store.known(urn) if table is None else _entry(table)


def versions(urn: str) -> list[VersionRef]:
    """Every version of an entry, the newest first."""
    table = _table(urn)
    return store.versions(urn) if table is None else _versions(table)


def as_of(urn: str, day: date) -> VersionRef | None:
    """The version that stood at the end of ``day`` (Asia/Shanghai); None before the first or after retirement."""
    table = _table(urn)
    if table is None:
        return store.as_of(urn, day)
    end = datetime.combine(day, time.max, clock.SHANGHAI)
    found = next((each for each in _versions(table) if each.at <= end), None)
    return None if found is None or found.change == "retired" else found


def table_of(dataset: EntryRef) -> str:
    """The URN of the table of a dataset: they share their name."""
    return str(replace(Urn.parse(dataset.urn), kind=str(Kind.TABLE)))


@dataclass(frozen=True, slots=True)
class _Step:
    """A change of a table: what its dataset says since (None: the grade of a column alone changed)."""

    at: datetime
    actor: str
    log_entry: int
    contract: Mapping[str, Any] | None = None
    retired: bool = False
    column: str = ""
    grade: str = ""


def _table(urn: str) -> Urn | None:
    try:
        named = Urn.parse(urn)
    except BadUrn:
        return None
    return named if named.kind == Kind.TABLE else None


def _dataset(table: Urn) -> str:
    return str(replace(table, kind=str(Kind.DATASET)))


def _entry(table: Urn) -> EntryRef:
    dataset, found = store.known(_dataset(table)), _versions(table)
    if not found:
        raise NoSuchEntry(name=str(table))
    newest = found[0]
    return replace(
        dataset, urn=str(table), kind=Kind.TABLE, parent=dataset.id, version=newest.version,
        changed_at=newest.at, log_entry=newest.log_entry, body=newest.body,
    )  # fmt: skip


def _versions(table: Urn) -> list[VersionRef]:
    steps = sorted((*_of_dataset(table), *_of_grades(table)), key=lambda each: (each.at, each.log_entry))
    contract, grades = dict[str, Any](), dict[str, str]()
    made: list[VersionRef] = []
    gone = True
    for each in steps:
        if each.contract is not None:
            contract = dict(each.contract)
        elif each.column:
            grades = {name: grade for name, grade in {**grades, each.column: each.grade}.items() if grade}
        body = _body(contract, grades)
        change = "retired" if each.retired else ("added" if gone else "changed")
        if not contract or (gone and each.contract is None):
            continue
        if each.retired or gone or body != made[-1].body:
            made.append(
                VersionRef(
                    str(table), len(made) + 1, change, each.at, each.actor, body, digest(body), each.log_entry
                )
            )
        gone = each.retired
    return made[::-1]


def _body(contract: Mapping[str, Any], grades: Mapping[str, str]) -> dict[str, Any]:
    known = {name: grade for name, grade in grades.items() if name in contract.get("columns", {})}
    return {**contract, **({"grades": known} if known else {})}


def _of_dataset(table: Urn) -> Iterator[_Step]:
    for each in store.versions(_dataset(table)):
        if contract := each.body.get("table"):
            yield _Step(each.at, each.actor, each.log_entry, contract, each.change == "retired")


def _of_grades(table: Urn) -> Iterator[_Step]:
    """Decisions about columns, from the log itself: what is kept beside it knows the last of each alone."""
    prefix = f"{replace(table, kind='column')}."
    actors = dict(ColumnGrade.objects.filter(table=table.local).values_list("log_entry", "actor"))
    for offset in range(0, _MOST_GRADES, _PAGE):
        page = ledger.find(kind="catalog.grade", text=prefix, offset=offset, limit=_PAGE).entries
        for each in page:
            if each.subject.startswith(prefix):
                yield _Step(
                    each.at,
                    actors.get(each.id) or each.organisation,
                    each.id,
                    column=each.subject.removeprefix(prefix),
                    grade=str(each.payload.get("grade", "")),
                )
        if len(page) < _PAGE:
            return
