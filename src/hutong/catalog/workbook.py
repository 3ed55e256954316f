"""The catalog as a workbook, and what a workbook that comes back would change."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hutong.catalog import editing, store
from hutong.catalog.errors import BadEntry, BadWorkbook
from hutong.catalog.logic.bodies import differences
from hutong.catalog.logic.fields import FIELDS
from hutong.catalog.logic.rows import flat, merged
from hutong.catalog.types import Difference, EntryRef, Kind
from hutong.kernel.db import atomic
from hutong.kernel.errors import Place
from hutong.kernel.settings import value as setting
from hutong.kernel.text import Text
from hutong.kernel.urn import BadUrn, Urn

MAX_BYTES: Final = 8 << 20
MAX_UNPACKED: Final = 64 << 20
MAX_ROWS: Final = 20_000
MAX_CELL: Final = 8_000
MAX_COLUMNS: Final = 32_000  # of the cell that lists the columns of a table
SHEETS: Final = {"职责 duties": Kind.DUTY, "数据 datasets": Kind.DATASET, "系统 systems": Kind.SYSTEM}
_FIXED: Final = ("urn", "version")
_NO_SHEET = Text(zh="没有名为 {names} 的工作表", en="there is no sheet called {names}")


@dataclass(frozen=True, slots=True)
class Change:
    """One row that differs from the entry as it stands, ``before``. ``body`` is the whole entry as it would be."""

    kind: Kind
    urn: str
    expected: int
    body: dict[str, Any]
    title: str
    differences: tuple[Difference, ...]
    before: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that cannot be taken."""

    place: Place
    code: str
    what: Text


@dataclass(frozen=True, slots=True)
class Reading:
    """What a workbook says: changes, faults, and how many rows are as they were."""

    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]
    same: int


def write(entries: Iterable[EntryRef]) -> bytes:
    """The entries as xlsx: a sheet a level. Text stays text, whatever it begins with."""
    import xlsxwriter  # noqa: PLC0415 - a workbook is asked for rarely

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    rows = list(entries)
    with xlsxwriter.Workbook(target, options) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        fixed = book.add_format({"font_color": "#777777"})
        for name, kind in SHEETS.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(2, 3)
            for place, key in enumerate((*_FIXED, *(field.path for field in FIELDS[kind]))):
                sheet.write_string(0, place, key, fixed)
            for place, field in enumerate(FIELDS[kind], len(_FIXED)):
                sheet.write_string(1, place, f"{field.title.zh} {field.title.en}", head)
                if field.hint.zh:
                    sheet.write_comment(1, place, f"{field.hint.zh}\n{field.hint.en}", {"x_scale": 2})
                if field.choices:
                    sheet.data_validation(
                        2, place, MAX_ROWS, place, {"validate": "list", "source": list(field.choices)}
                    )
            for line, entry in enumerate((each for each in rows if each.kind is kind), 2):
                sheet.write_string(line, 0, entry.urn, fixed)
                sheet.write_number(line, 1, entry.version, fixed)
                for place, text in enumerate(flat(kind, entry.body).values(), len(_FIXED)):
                    sheet.write_string(line, place, text if len(text) < MAX_COLUMNS else "")
    return target.getvalue()


Permit = Callable[[store.Draft], None]


def read(data: bytes, permit: Permit = lambda _draft: None) -> Reading:
    """Compare a workbook with the catalog; raises ``BadWorkbook`` where it cannot be opened as one.

    ``permit`` raises where the reader may not write an entry; it is asked before anything is said of its table.
    """
    changes: list[Change] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    same = 0
    for name, line, cells in _rows(data, faults):
        kind = SHEETS[name]
        urn = cells.get("urn", "")
        place = Place(file=name, row=line, column="urn")
        if urn in seen:
            faults.append(_fault(place, "twice", "同一条目出现两次", "the entry stands here twice"))
            continue
        seen.add(urn)
        found = _row(kind, urn, cells, place, faults, permit)
        if found is None:
            continue
        if found.differences:
            changes.append(found)
        else:
            same += 1
    return Reading(tuple(changes), tuple(faults[:500]), same)


def again(kept: Iterable[Mapping[str, Any]]) -> Reading:
    """The changes of a workbook that was handed in before, beside the catalog as it stands now."""
    found = []
    for each in kept:
        kind, body = Kind(each["kind"]), each["body"]
        standing = next(iter(store.entries(kind, urn=each["urn"])), None)
        before = standing.body if standing else {}
        title = standing.title.zh if standing else str(body["title"]["zh"])
        told = tuple(differences(before, body))
        found.append(Change(kind, each["urn"], each["expected"], body, title, told, before))
    return Reading(tuple(found), (), 0)


def _row(  # noqa: PLR0917 - what a row of a sheet is
    kind: Kind, urn: str, cells: dict[str, str], place: Place, faults: list[Fault], permit: Permit
) -> Change | None:
    standing = next(iter(store.entries(kind, urn=urn)), None) if urn else None
    if standing is None:
        return _new(kind, urn, cells, place, faults, permit)
    body = merged(kind, standing.body, cells)
    found = tuple(differences(standing.body, body))
    if not found:
        return Change(kind, urn, standing.version, dict(standing.body), standing.title.zh, ())
    version = cells.get("version", "")
    if version != str(standing.version):
        where = Place(file=place.file, row=place.row, column="version")
        faults.append(
            _fault(
                where,
                "conflict",
                f"条目已是第 {standing.version} 版，此行改的是第 {version or '？'} 版；请下载最新工作簿再改",
                f"the entry stands at version {standing.version}; this row changes version {version or '?'}; "
                "download the workbook anew",
            )
        )
        return None
    try:
        permit(editing.draft_of(kind, urn, body))
        draft = editing.checked(kind, urn, body)
    except BadEntry as error:
        key = str(error.place.key if error.place else "")
        where = Place(file=place.file, row=place.row, column=key or None)
        faults.append(Fault(where, error.code, error.said))
        return None
    written = dict(draft.body)
    return Change(
        kind,
        urn,
        standing.version,
        written,
        standing.title.zh,
        tuple(differences(standing.body, written)),
        standing.body,
    )


def _new(  # noqa: PLR0917 - what a row of a sheet is
    kind: Kind, urn: str, cells: dict[str, str], place: Place, faults: list[Fault], permit: Permit
) -> Change | None:
    """What is not there yet: a row with its identifier and no version."""
    try:
        named = Urn.parse(urn)
    except BadUrn:
        named = None
    if (
        named is None
        or (named.scope, named.kind) != (str(setting("HUTONG_PACK")), kind)
        or cells.get("version")
    ):
        faults.append(_fault(place, "unknown", f"目录中没有“{urn}”", f"nothing is catalogued as “{urn}”"))
        return None
    body = merged(kind, {"id": named.local.rpartition("/")[2]}, cells)
    try:
        permit(editing.draft_of(kind, urn, body))
        draft = editing.checked(kind, urn, body)
    except BadEntry as error:
        key = str(error.place.key if error.place else "")
        faults.append(
            Fault(Place(file=place.file, row=place.row, column=key or None), error.code, error.said)
        )
        return None
    return Change(kind, urn, 0, dict(draft.body), draft.title.zh, tuple(differences({}, draft.body)))


def _rows(data: bytes, faults: list[Fault]) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Sheet, row number and cells by key; formulas and overlong cells become faults and their row is left out."""
    import openpyxl  # noqa: PLC0415 - a workbook is read rarely

    _examine(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        raise BadWorkbook(reason=type(error).__name__) from error
    try:
        names = [name for name in book.sheetnames if name in SHEETS]
        if not names:
            raise BadWorkbook(reason=str(_NO_SHEET.format(names="、".join(SHEETS))))
        for name in names:
            yield from _sheet(name, book[name], faults)
    finally:
        book.close()


def _sheet(name: str, sheet: Any, faults: list[Fault]) -> Iterator[tuple[str, int, dict[str, str]]]:
    sheet.reset_dimensions()
    lines = sheet.iter_rows(max_col=40)
    keys = [str(cell.value or "") for cell in next(lines, ())]
    known = {*_FIXED, *(field.path for field in FIELDS[SHEETS[name]])}
    if strange := sorted({key for key in keys if key and key not in known}):
        place = Place(file=name, row=1, column=strange[0])
        faults.append(_fault(place, "column", f"不认识的列“{strange[0]}”", f"unknown column “{strange[0]}”"))
    for number, line in enumerate(lines, 2):
        if number > MAX_ROWS:
            raise BadWorkbook(reason=f"> {MAX_ROWS} rows")
        if number == 2 or all(cell.value in (None, "") for cell in line):
            continue
        cells, whole = {}, True
        for key, cell in zip(keys, line, strict=False):
            if key in known:
                fault = _cell_fault(name, number, key, cell)
                whole = whole and fault is None
                if fault is not None:
                    faults.append(fault)
                cells[key] = _text(cell.value)
        if whole:
            yield name, number, cells


def _cell_fault(name: str, row: int, key: str, cell: Any) -> Fault | None:
    place = Place(file=name, row=row, column=key)
    if getattr(cell, "data_type", "") == "f":
        return _fault(place, "formula", "单元格是公式，请改为值", "the cell is a formula; write its value")
    if getattr(cell, "data_type", "") == "e":
        return _fault(place, "error", "单元格是错误值", "the cell holds an error")
    most = MAX_COLUMNS if key == "table.columns" else MAX_CELL
    if len(_text(cell.value)) > most:
        return _fault(place, "long", f"超过 {most} 字", f"more than {most} characters")
    return None


def _examine(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise BadWorkbook(reason=f"> {MAX_BYTES >> 20} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(each.file_size for each in archive.infolist())
    except zipfile.BadZipFile as error:
        raise BadWorkbook(reason="xlsx") from error
    if size > MAX_UNPACKED:
        raise BadWorkbook(reason=f"> {MAX_UNPACKED >> 20} MB")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "date"):
        return str(value.date())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _fault(place: Place, code: str, zh: str, en: str) -> Fault:
    return Fault(place, f"catalog.workbook-{code}", Text(zh=zh, en=en))


def commit(changes: Iterable[dict[str, Any]], reason: str) -> list[editing.Written]:
    """Write every change or none; raises the first conflict. Locked entries become proposals."""
    with atomic():
        return [
            editing.write(
                Kind(each["kind"]), each["urn"], each["body"], expected=each["expected"], reason=reason
            )
            for each in changes
        ]
