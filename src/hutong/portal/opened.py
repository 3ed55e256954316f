"""What is opened: the one place that turns catalog, contract and policy into tables that everyone may read."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from hutong.accounts.api import ANONYMOUS, Target, may
from hutong.catalog import api as catalog
from hutong.catalog.errors import NoSuchEntry
from hutong.catalog.types import EntryRef, Kind
from hutong.kernel import suppression
from hutong.lake import api as lake
from hutong.lake.errors import NoSuchTable
from hutong.lake.types import Column, ColumnType
from hutong.portal.errors import NotOpen
from hutong.portal.types import OpenColumn, OpenTable, Type

# Identity and telephone numbers are never opened, whatever the contract says of the column.
_NEVER: Final = {ColumnType.IDNUMBER, ColumnType.PHONE}
AGE: Final = 1.0
_MOST_HELD: Final = 2_000
_held: dict[str, tuple[float, OpenTable]] = {}
_TYPES: Final = {
    ColumnType.INT: Type.INTEGER,
    ColumnType.YEAR: Type.INTEGER,
    ColumnType.BOOL: Type.BOOLEAN,
    ColumnType.DATE: Type.DATE,
    ColumnType.DATETIME: Type.DATETIME,
    ColumnType.GEOMETRY: Type.GEOMETRY,
    **dict.fromkeys(
        (
            ColumnType.DECIMAL,
            ColumnType.FLOAT,
            ColumnType.MONEY,
            ColumnType.PERCENT,
            ColumnType.QUANTITY,
            ColumnType.LONGITUDE,
            ColumnType.LATITUDE,
        ),
        Type.NUMBER,
    ),
}


def is_open(entry: EntryRef) -> bool:
    """Whether something of the dataset is for everyone: it is opened, be it by totals, and its grade allows it."""
    target = Target(entry.organisation, entry.grade, "dataset", public=entry.is_open or by_totals(entry))
    return entry.kind is Kind.DATASET and bool(may(ANONYMOUS, "lake.sample_clear", target))


def entries() -> list[EntryRef]:
    """The datasets that are open, in the catalog's order."""
    return [each for each in catalog.entries(Kind.DATASET) if is_open(each)]


def entry(dataset: str) -> EntryRef:
    """The dataset, if it is open; raises ``NotOpen`` whether it is closed or not there at all."""
    try:
        found = catalog.dataset(dataset)
    except NoSuchEntry as error:
        raise NotOpen(name=dataset) from error
    if not is_open(found):
        raise NotOpen(name=dataset)
    return found


def table(dataset: str) -> OpenTable:
    """The open table of a dataset; raises ``NotOpen``. Closing a dataset takes effect within ``AGE`` seconds."""
    held = _held.get(dataset)
    now = time.monotonic()
    if held is not None and held[0] > now:
        return held[1]
    _held.pop(dataset, None)
    found = of(entry(dataset))
    if len(_held) > _MOST_HELD:
        _held.clear()
    _held[dataset] = (now + AGE, found)
    return found


def forget() -> None:
    """Ask the catalog again at once."""
    _held.clear()


def of(found: EntryRef) -> OpenTable:
    """The open table of an entry that is open; raises ``NotOpen`` where it has no table."""
    try:
        contract = lake.contract(found.id)
    except NoSuchTable as error:
        raise NotOpen(name=found.id) from error
    columns = tuple(_column(each) for each in contract.columns if allows(each))
    people, smallest = guarded(found, contract.columns)
    return OpenTable(
        id=found.id,
        urn=found.urn,
        title=found.title,
        summary=found.summary,
        organisation=found.organisation,
        version=found.version,
        columns=columns,
        snapshot=lake.latest(found.id),
        key=contract.key if {each.name for each in columns}.issuperset(contract.key) else (),
        people=people,
        smallest=smallest,
    )


def by_totals(found: EntryRef) -> bool:
    """Whether the condition of opening is that totals alone are published. For all other doors it is not open."""
    return found.opening == "conditional" and _opening(found).get("totals") is True


def guarded(found: EntryRef, columns: Sequence[Column]) -> tuple[bool, int]:
    """Whether totals alone are published, no row by itself, and below what counts are withheld (0: none are).

    The dataset's ``opening`` says so. Where it does not say that its rows are about things (``people: false``), a table
    with identity numbers is published by totals, and small counts over any table with personal columns are withheld.
    """
    said = _opening(found)
    unsaid = said.get("people") is not False
    totals = bool(said.get("totals")) or (
        unsaid and any(each.type is ColumnType.IDNUMBER for each in columns)
    )
    stated = said.get("smallest_count")
    if stated is None and not totals and not (unsaid and not all(allows(each) for each in columns)):
        return False, 0
    least = int(stated or suppression.minimum())
    return totals, least if least > 1 else 0


def _opening(found: EntryRef) -> Mapping[str, Any]:
    said = found.body.get("opening")
    return said if isinstance(said, Mapping) else {}


def allows(column: Column) -> bool:
    """Whether a column of an open dataset is open itself."""
    return not column.sensitive and column.type not in _NEVER


def _column(column: Column) -> OpenColumn:
    unit = "元" if column.type is ColumnType.MONEY else column.unit
    return OpenColumn(
        name=column.name,
        type=_TYPES.get(column.type, Type.TEXT),
        title=column.title if column.title.zh or column.title.en else type(column.title)(column.name),
        unit=unit,
        codes=column.codes,
        source=column,
    )
