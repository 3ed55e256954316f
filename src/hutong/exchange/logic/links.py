"""Link groups without any reading: which columns may be keys, what the joined rows are called, and their query.

Each contract's table is, to the query, what the gate's lens shows of it. So keys are compared as they are shown, and
nothing can be joined by what a mask hides. Digests of a group have a key of their own: they compare inside the group
and with nothing else that the consumer was given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hutong.exchange.errors import BadLink
from hutong.exchange.types import ContractRef, Join
from hutong.lake import api as lake
from hutong.lake.types import ColumnType, Contract, Lens, Mask, MaskKind, Seen

MOST: Final = 6
MOST_KEYS: Final = 4
# What both sides still tell apart: stars and rounded numbers would pair rows that do not belong together.
_KEYS: Final = frozenset({MaskKind.KEEP, MaskKind.HASH, MaskKind.MONTH, MaskKind.YEAR})
_NEVER: Final = frozenset({ColumnType.GEOMETRY, ColumnType.JSON, ColumnType.FLOAT})


@dataclass(frozen=True, slots=True)
class Part:
    """One contract of a group and its table."""

    contract: ContractRef
    shape: Contract
    on: tuple[tuple[str, str], ...] = ()

    def mask(self, column: str) -> Mask | None:
        return self.contract.terms.columns.get(column)


@dataclass(frozen=True, slots=True)
class Out:
    """One column of the joined rows: whose it is, and what it is called there."""

    name: str
    part: int
    column: str


def check(base: Part, joined: Sequence[Part]) -> None:
    """Raises ``BadLink`` unless these contracts may be joined by these keys."""
    parts = (base, *joined)
    if not 2 <= len(parts) <= MOST:
        raise _bad(f"需要 2 至 {MOST} 份合同", f"a group has 2 to {MOST} contracts")
    if len({each.contract.table for each in parts}) != len(parts):
        raise _bad("同一数据表不能出现两次", "a table can be in it once only")
    if not set.intersection(*(set(each.contract.terms.purposes) for each in parts)):
        raise _bad("各合同的用途不同", "the contracts have no purpose in common")
    for part in joined:
        if not 1 <= len(part.on) <= MOST_KEYS:
            raise _bad(
                f"{part.contract.table} 需要 1 至 {MOST_KEYS} 个键",
                f"{part.contract.table} needs 1 to 4 keys",
            )
        for left, right in part.on:
            _check_key(base, left, part, right)


def _check_key(base: Part, left: str, part: Part, right: str) -> None:
    masks = base.mask(left), part.mask(right)
    if masks[0] is None or masks[1] is None:
        raise _bad(f"合同未授予列 {left} 或 {right}", f"the contracts do not grant {left} or {right}")
    kinds = base.shape.column(left).type, part.shape.column(right).type
    if kinds[0] is not kinds[1] or kinds[0] in _NEVER:
        raise _bad(
            f"{left} 与 {right} 类型不同或不能比对", f"{left} and {right} are not of one comparable type"
        )
    if masks[0].kind not in _KEYS or masks[0].as_dict() != masks[1].as_dict():
        raise _bad(
            f"{left} 与 {right} 的呈现方式不同或不能作键",
            f"{left} and {right} are not shown in one comparable way",
        )


def _bad(zh: str, en: str) -> BadLink:
    return BadLink(reason_zh=zh[:200], reason_en=en[:200])


def keys_between(base: Part, part: Part) -> list[tuple[str, str]]:
    """Pairs of columns that may be keys, those of one name first; different units do not match."""
    found = []
    for left in base.contract.terms.columns:
        for right in part.contract.terms.columns:
            if base.shape.column(left).unit != part.shape.column(right).unit:
                continue
            try:
                _check_key(base, left, part, right)
            except BadLink:
                continue
            found.append((left, right))
    return sorted(found, key=lambda pair: pair[0] != pair[1])


def columns(base: Part, joined: Sequence[Part]) -> list[Out]:
    """The joined rows' columns: a key once, a name that two tables have with its table before it."""
    found: list[Out] = []
    taken: set[str] = set()
    for at, part in enumerate((base, *joined)):
        keys = {right for _left, right in part.on}
        for name in part.contract.terms.columns:
            if name in keys:
                continue
            told = name if name not in taken else f"{part.shape.sql_name}_{name}"
            while told in taken:
                told += "_"
            taken.add(told)
            found.append(Out(told, at, name))
    return found


def rekeyed(lens: Lens, key: bytes) -> Lens:
    """The gate's lens with the group's key in its digests; nothing else of it changes."""
    seen = (
        Seen(each.name, replace(each.mask, key=key)) if each.mask.kind is MaskKind.HASH else each
        for each in lens.columns
    )
    return replace(lens, columns=tuple(seen))


def sql(
    parts: Sequence[Part],
    chosen: Sequence[Out],
    tests: Mapping[int, str],
    order: Sequence[tuple[str, bool]],
    *,
    only_matches: bool,
    limit: int,
    offset: int,
) -> str:
    """The joined rows. ``tests``: what masks show of the parts that conditions were asked on, empty where the lens
    has them all; ``order``: names of the joined rows.
    """
    cells = ", ".join(f"p{each.part}.{lake.ident(each.column)} AS {lake.ident(each.name)}" for each in chosen)
    said = f"SELECT {cells} FROM {_table(parts[0], tests.get(0, ''))} AS p0"
    for at, part in enumerate(parts[1:], 1):
        # a condition on a table that is joined takes away the rows that have no partner in it
        kind = "JOIN" if only_matches or at in tests else "LEFT JOIN"
        keys = " AND ".join(f"p0.{lake.ident(left)} = p{at}.{lake.ident(right)}" for left, right in part.on)
        said += f" {kind} {_table(part, tests.get(at, ''))} AS p{at} ON {keys}"
    if order:
        said += " ORDER BY " + ", ".join(
            f"{lake.ident(name)} {'DESC' if down else 'ASC'} NULLS LAST" for name, down in order
        )
    return f"{said} LIMIT {int(limit)}{f' OFFSET {int(offset)}' if offset else ''}"


def _table(part: Part, tests: str) -> str:
    return f"(SELECT * FROM {lake.ident(part.shape.sql_name)}{f' WHERE {tests}' if tests else ''})"


def joins_of(raw: Sequence[Mapping[str, object]]) -> tuple[Join, ...]:
    """Back from what is signed."""
    return tuple(
        Join(str(each["contract"]), tuple((str(left), str(right)) for left, right in _pairs(each["on"])))
        for each in raw
    )


def _pairs(raw: object) -> Sequence[Sequence[object]]:
    return raw if isinstance(raw, list | tuple) else ()
