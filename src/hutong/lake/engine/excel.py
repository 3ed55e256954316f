"""Excel workbooks, streamed row by row."""

import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from hutong.kernel.errors import Place
from hutong.lake.engine import tabular
from hutong.lake.errors import BadSource, FormulaCell, NoHeader, SourceTooLarge
from hutong.lake.logic import headers
from hutong.lake.types import Contract

_MOST = 4 << 30
Row = tuple[str | None, ...]


def stage(source: Path, contract: Contract, target: Path, limit: int) -> headers.Header:
    """Write the sheet's rows below its header as text to ``target``; returns the header found.

    The sheet is the one the contract names, else the first with the contract's columns. Raises ``FormulaCell``
    for a formula whose result was never stored.
    """
    _examine(source, min(limit, _MOST))
    with ExitStack() as opened, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl warns of styles that we do not read
        book = _open(source, opened, values=True)
        written = _open(source, opened, values=False) if _has_formulas(source) else None
        sheet, header = _choose(book, contract)
        formulas = written[sheet.title] if written is not None else None
        names = [f"r:{place}" for place in range(len(header.names))]
        rows = islice(_rows(sheet, formulas), header.index + header.height, None)
        tabular.write(rows, names, target)
    return header


def _open(source: Path, opened: ExitStack, *, values: bool) -> Any:
    data = opened.enter_context(source.open("rb"))
    try:
        book = load_workbook(data, read_only=True, data_only=values)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise BadSource(place=Place(file=source.name), reason=f"Excel: {error}") from error
    opened.callback(book.close)
    return book


def _examine(source: Path, limit: int) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            size = sum(each.file_size for each in archive.infolist())
    except zipfile.BadZipFile as error:
        raise BadSource(place=Place(file=source.name), reason=f"Excel: {error}") from error
    if size > limit:
        raise SourceTooLarge(what=source.name, limit=f"{limit} bytes")


def _has_formulas(source: Path) -> bool:
    with zipfile.ZipFile(source) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                with archive.open(name) as part:
                    tail = b""
                    for chunk in iter(lambda: part.read(1 << 20), b""):
                        if re.search(rb"<f[ >/]", tail + chunk):
                            return True
                        tail = chunk[-2:]
    return False


def _choose(book: Any, contract: Contract) -> tuple[Any, headers.Header]:
    wanted = contract.source.sheet
    if wanted and wanted not in book.sheetnames:
        raise BadSource(place=Place(key="source.sheet"), reason=f"{wanted} ∉ {'、'.join(book.sheetnames)}")
    failure: BadSource | None = None
    for name in [wanted] if wanted else book.sheetnames:
        sheet = book[name]
        if not hasattr(sheet, "iter_rows"):
            continue
        sheet.reset_dimensions()
        first = list(islice(_rows(sheet, None), headers.LOOK + 1))
        try:
            return sheet, headers.find(first, contract, contract.source.header_row)
        except BadSource as error:
            failure = failure if failure and not isinstance(failure, NoHeader) else error
    raise failure or BadSource(place=Place(file="Excel"), reason="no sheet has rows")


def _rows(sheet: Any, formulas: Any | None) -> Iterator[Row]:
    written = formulas.iter_rows(values_only=True) if formulas is not None else None
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        if written is not None:
            _refuse_empty_formula(number, values, next(written, ()))
        yield tuple(tabular.text(value) for value in values)


def _refuse_empty_formula(row: int, values: tuple[Any, ...], written: tuple[Any, ...]) -> None:
    for place, (value, formula) in enumerate(zip(values, written, strict=False), 1):
        if value is None and formula is not None:
            said = str(getattr(formula, "text", formula))
            cell = f"{get_column_letter(place)}{row}"
            raise FormulaCell(place=Place(row=row, column=get_column_letter(place)), cell=cell, formula=said)
