"""The district's rules of sharing, as the installed pack has them now, and what a dataset is shared by."""

from collections.abc import Mapping
from decimal import Decimal

from hutong.catalog import api as catalog
from hutong.catalog.types import EntryRef
from hutong.exchange.logic.clocks import Days
from hutong.exchange.pack import ExchangeSpec, RuleSpec
from hutong.exchange.types import Sharing
from hutong.kernel import workdays
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import Column, ColumnType, Contract, Mask, MaskKind
from hutong.packs import api as packs

_COUNTED = frozenset(
    {
        ColumnType.CODE, ColumnType.BOOL, ColumnType.INT, ColumnType.DECIMAL, ColumnType.FLOAT, ColumnType.MONEY,
        ColumnType.PERCENT, ColumnType.QUANTITY, ColumnType.DATE, ColumnType.MONTH, ColumnType.YEAR,
    }
)  # fmt: skip
_HIDING = frozenset({MaskKind.DROP, MaskKind.CONSTANT, MaskKind.HASH, MaskKind.PARTIAL})
_known: list[ExchangeSpec] = []


def current() -> ExchangeSpec:
    """The rules of the installed pack; the usual ones where it has none. Its calendar is made known here."""
    found = packs.installed().values("exchange")
    rules: ExchangeSpec = found[0] if found else ExchangeSpec()
    if not _known or _known[0] is not rules:
        _known[:] = [rules]
        workdays.extend(rules.years)
    return rules


def days() -> Days:
    return current().clocks.days


def purposes() -> Mapping[str, Text]:
    """Purposes that a request may have, by id."""
    return {each.id: each.title.text for each in current().purposes}


def of(dataset: str) -> RuleSpec | None:
    return next((each for each in current().rules if each.dataset == dataset), None)


def sharing(entry: EntryRef) -> Sharing:
    return Sharing(entry.sharing or "none")


def dataset(table: str) -> EntryRef:
    return catalog.dataset(table)


def masks(table: str, key: bytes = b"", *, answers: bool = False) -> dict[str, Mask]:
    """How each column of a table is shared unless the provider decides otherwise. For protected ``answers`` what can
    be counted or summed stays as it is, since no row leaves.
    """
    contract, rule = lake.contract(table), of(table)
    written = rule.masks(key) if rule else {}
    return {
        each.name: _of_answers(each) or written.get(each.name) or _usual(contract, each.name, key)
        if answers
        else written.get(each.name) or _usual(contract, each.name, key)
        for each in contract.columns
    }


def narrowing(table: str, *, instant: bool, answers: bool = False) -> tuple[Column, ...]:
    """The columns that conditions of a request may be about. A condition tells of true values: none may be about a
    column whose values are hidden, nor, where nobody decides (``instant``), about one that is shown more coarsely.
    """
    usual = masks(table, answers=answers)
    return tuple(
        each
        for each in lake.contract(table).columns
        if usual[each.name].kind not in _HIDING
        and not (instant and usual[each.name].kind is not MaskKind.KEEP)
    )


def _of_answers(column: Column) -> Mask | None:
    return Mask() if column.type in _COUNTED else None


def _usual(contract: Contract, name: str, key: bytes) -> Mask:
    """Numbers of people as a keyed digest, phones in part, what is marked sensitive not at all."""
    column = contract.column(name)
    if column.type is ColumnType.IDNUMBER:
        return Mask(MaskKind.HASH, key=key)
    if column.type is ColumnType.PHONE:
        return Mask(MaskKind.PARTIAL, first=3, last=2)
    if not column.sensitive:
        return Mask()
    if column.type in {ColumnType.LONGITUDE, ColumnType.LATITUDE}:
        return Mask(MaskKind.GRID, step=Decimal("0.01"))
    return Mask(MaskKind.DROP)
