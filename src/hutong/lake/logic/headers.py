"""Finding the header row of a source and which of its columns a contract means."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from hutong.lake.errors import ColumnMissing, ColumnUnknown, NoHeader
from hutong.lake.types import Column, Contract

LOOK = 100
Row = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Header:
    """The header found: ``index`` counts rows from 0, ``height`` is 2 where two rows make it."""

    index: int
    height: int
    names: tuple[str, ...]
    mapping: dict[str, int]
    extra: tuple[str, ...]


@lru_cache(maxsize=65_536)
def normal(text: str) -> str:
    """Letters and digits only, in one form: ``PM2.5``, ``pm2_5`` and ``ＰＭ2.5`` are one name."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def find(rows: Sequence[Row], contract: Contract, header_row: int = 0) -> Header:
    """The header among the first rows; raises ``NoHeader`` or ``ColumnMissing``.

    A row that names more columns of the contract is the better one; two rows that together name more than the
    first alone are a header of two rows (merged cells above, parts below).
    """
    wanted = [each.name for each in contract.columns if each.name not in contract.source.constants]
    best: tuple[int, int, int, list[tuple[str, ...]]] | None = None
    for height in (1, 2):
        for index in [header_row - 1] if header_row else range(min(len(rows), LOOK)):
            if index + height > len(rows) or (best is not None and best[0] == len(wanted)):
                break
            cells = _cells(rows[index], rows[index + 1] if height == 2 else None)
            score = len(_match(cells, contract))
            if score and (best is None or score > best[0]):
                best = (score, index, height, cells)
    needed = [each for each in contract.columns if _needed(each, contract)]
    if best is None or (best[0] < min(2, len(wanted)) and not header_row):
        raise NoHeader(looked=min(len(rows), LOOK), columns="、".join(_called(contract, wanted)))
    _, index, height, cells = best
    mapping = _match(cells, contract)
    names = tuple(cell[0] for cell in cells)
    for column in needed:
        if column.name not in mapping:
            raise ColumnMissing(column=column.title.zh or column.name, headers="、".join(filter(None, names)))
    used = set(mapping.values())
    extra = tuple(name for place, name in enumerate(names) if place not in used and name)
    if extra and contract.source.extra == "refuse":
        raise ColumnUnknown(columns="、".join(extra))
    return Header(index, height, names, mapping, extra)


def _called(contract: Contract, names: Sequence[str]) -> list[str]:
    """Columns as people call them, beside the names that a file may use as well."""
    titles = {each.name: str(each.title) for each in contract.columns}
    return [f"{titles[each]} ({each})" if titles[each] not in {"", each} else each for each in names]


def _needed(column: Column, contract: Contract) -> bool:
    return not column.optional and column.name not in contract.source.constants


def _cells(row: Row, below: Row | None) -> list[tuple[str, ...]]:
    """The names each column may go by."""
    above = [(cell or "").strip() for cell in row]
    if below is None:
        return [(cell,) for cell in above]
    parts = [(cell or "").strip() for cell in below]
    width = max(len(above), len(parts))
    above += [""] * (width - len(above))
    parts += [""] * (width - len(parts))
    found: list[tuple[str, ...]] = []
    parent = ""
    for over, part in zip(above, parts, strict=True):
        parent = over or (parent if part else "")
        names = (parent + part, part, parent) if part else (parent,)
        found.append(names if parent else (part,))
    return found


def _match(cells: Sequence[tuple[str, ...]], contract: Contract) -> dict[str, int]:
    """Contract column → position; an exact name wins over a similar one, the first over later ones."""
    found: dict[str, int] = {}
    taken: set[int] = set()
    for level in (_exact, normal, _bare):
        known: dict[str, int] = {}
        for rank in range(3):
            for place, names in enumerate(cells):
                if rank < len(names) and names[rank] and place not in taken:
                    known.setdefault(level(names[rank]), place)
        for column in contract.columns:
            if column.name in found or column.name in contract.source.constants:
                continue
            for name in spellings(column):
                at = known.get(level(name)) if level(name) else None
                if at is not None and at not in taken:
                    found[column.name] = at
                    taken.add(at)
                    break
    return found


def spellings(column: Column) -> list[str]:
    """The headers a column may have in a source, those the contract names first."""
    return [each for each in (*column.sources, column.name, column.title.zh, column.title.en) if each]


def _exact(text: str) -> str:
    return text


@lru_cache(maxsize=65_536)
def _bare(text: str) -> str:
    """Without what stands in brackets, which is most often the unit."""
    plain = unicodedata.normalize("NFKC", text)
    return normal(plain.split("(", 1)[0])
