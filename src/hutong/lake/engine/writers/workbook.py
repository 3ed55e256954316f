"""xlsx (ECMA-376): sheets written a batch's columns at a time into an archive that leaves as it is made."""

import zipfile
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.compute as pc

from hutong.lake.engine.writers import cells, columns
from hutong.lake.engine.writers.drain import Drain
from hutong.lake.engine.writers.harmless import harmless, harmless_column

SHEET_ROWS = 1_048_575  # of a sheet, without its header
SHEET_BYTES = 1 << 30  # of a sheet's XML: more would need ZIP64, which not every program reads
LONGEST_CELL = 32_767
_LEVEL = 4
_LONGEST_NOTE = 200  # a footer holds 255 characters, and those that are written twice count twice
_EXACT_DIGITS = 15  # of a spreadsheet's floating numbers
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OF = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
)
_ROOT = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OF}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_BEGUN = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)
# Characters that XML cannot hold, and the return that it would take for a new line, are written as Excel does.
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ESCAPES |= {chr(code): f"_x{code:04X}_" for code in range(0x20) if chr(code) not in "\t\n"}
_LOOKS_ESCAPED, _ESCAPED_ONCE = r"_(x[0-9a-fA-F]{4}_)", r"_x005F_\1"
_NO_CHARACTERS = (("\ufffe", "_xFFFE_"), ("\uffff", "_xFFFF_"))


def xlsx(reader: Any, note: str = "") -> Iterator[bytes]:
    """A workbook; more rows than a sheet holds go on in the next one. Nothing of it is kept."""
    drain, sheets = Drain(), 0
    with zipfile.ZipFile(drain, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as book:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _ROOT),
            ("xl/styles.xml", _STYLES),
        ):
            book.writestr(name, text)
        yield drain.taken()
        rest = _Rest(reader)
        while rest.more() or not sheets:
            sheets += 1
            with book.open(f"xl/worksheets/sheet{sheets}.xml", "w") as sheet:
                for part in _sheet(rest, note):
                    sheet.write(part)
                    yield drain.taken()
        book.writestr("xl/workbook.xml", _workbook(sheets))
        book.writestr("xl/_rels/workbook.xml.rels", _parts(sheets))
    yield drain.taken()


class _Rest:
    """The batches that are still to be written."""

    def __init__(self, reader: Any) -> None:
        self.names: list[str] = reader.schema.names
        self._batches = iter(reader)
        self._next: Any = None

    def more(self) -> bool:
        while self._next is None or not self._next.num_rows:
            self._next = next(self._batches, None)
            if self._next is None:
                return False
        return True

    def take(self, most: int) -> Any:
        """Up to ``most`` rows of the next batch."""
        batch = self._next.slice(0, most)
        self._next = self._next.slice(most)
        return batch


def _sheet(rest: _Rest, note: str) -> Iterator[bytes]:
    letters = [_letters(at) for at in range(len(rest.names))]
    heads = (
        f'<c r="{letter}1" t="inlineStr"><is><t xml:space="preserve">{_told(name)}</t></is></c>'
        for letter, name in zip(letters, rest.names, strict=True)
    )
    begun = f'{_BEGUN}<row r="1">{"".join(heads)}</row>'.encode()
    rows, size = 0, 0
    yield begun
    while rows < SHEET_ROWS and size < SHEET_BYTES and rest.more():
        batch = rest.take(SHEET_ROWS - rows)
        made = _rows(batch, letters, rows + 2)
        rows, size = rows + batch.num_rows, size + len(made)
        yield made
    footer = f"&L{note[:_LONGEST_NOTE].replace('&', '&&')}" if note else ""
    told = f"<headerFooter><oddFooter>{escape(footer)}</oddFooter></headerFooter>" if note else ""
    yield f"</sheetData>{told}</worksheet>".encode()


def _rows(batch: Any, letters: list[str], first: int) -> bytes:
    numbers = pa.array(range(first, first + batch.num_rows), pa.int64()).cast(pa.string())
    pieces: list[str | Any] = ['<row r="', numbers, '">']
    for letter, true, told in zip(letters, batch.columns, cells.plain(batch).columns, strict=True):
        pieces += _cells(true, told, [f'<c r="{letter}', numbers])
    return columns.run(columns.joined([*pieces, "</row>"], ""))


def _cells(true: Any, told: Any, at: list[str | Any]) -> list[str | Any]:
    """The pieces of a column's cells; where nothing is there, there is no cell."""
    if pa.types.is_boolean(told.type):
        return _one([*at, '" t="b"><v>', told.cast(pa.int8()).cast(pa.string()), "</v></c>"], told)
    if not cells.is_number(true.type):
        return _texts(told.cast(pa.string()), at)
    number = columns.numbers(true)
    exact = _exact(true, number)
    if pc.all(exact, min_count=0).as_py():
        return _one([*at, '"><v>', number, "</v></c>"], number)
    as_number = pc.if_else(exact, number, pa.scalar(None, pa.string()))
    as_text = pc.if_else(exact, pa.scalar(None, pa.string()), number)
    return [columns.joined(_one([*at, '"><v>', as_number, "</v></c>"], as_number), ""), *_texts(as_text, at)]


def _exact(true: Any, number: Any) -> Any:
    """Whether a spreadsheet holds a number as it is: finite, and fifteen digits where it is exact."""
    if pa.types.is_floating(true.type):
        return pc.is_finite(true)
    digits = pc.replace_substring(pc.utf8_ltrim(number, "-"), ".", "")
    length: Any = pc.binary_length(pc.utf8_ltrim(digits, "0"))
    return pc.less_equal(length, pa.scalar(_EXACT_DIGITS))


def _texts(column: Any, at: list[str | Any]) -> list[str | Any]:
    text = harmless_column(column)
    if (pc.max(pc.binary_length(text)).as_py() or 0) > LONGEST_CELL:
        text = pc.utf8_slice_codeunits(text, 0, LONGEST_CELL)
    return _one([*at, '" t="inlineStr"><is><t xml:space="preserve">', _escaped(text), "</t></is></c>"], text)


def _escaped(text: Any) -> Any:
    if pc.any(pc.match_substring(text, "_x"), min_count=1).as_py():
        text = pc.replace_substring_regex(text, _LOOKS_ESCAPED, _ESCAPED_ONCE)
    for sign, instead in _NO_CHARACTERS:
        if pc.any(pc.match_substring(text, sign), min_count=1).as_py():
            text = pc.replace_substring(text, sign, instead)
    return columns.escaped(text, _ESCAPES)


def _told(name: str) -> str:
    return str(_escaped(pa.array([harmless(name)]))[0].as_py())


def _one(pieces: list[str | Any], column: Any) -> list[str | Any]:
    """The pieces as they are where every row has a cell, else one piece that is nothing where the column is."""
    if not column.null_count:
        return pieces
    return [columns.joined(pieces, None)]


def _letters(at: int) -> str:
    """A column's name: A, B, … Z, AA."""
    before, last = divmod(at, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _workbook(sheets: int) -> str:
    told = "".join(
        f'<sheet name="data{at if at > 1 else ""}" sheetId="{at}" r:id="rId{at}"/>'
        for at in range(1, sheets + 1)
    )
    return f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OF}"><sheets>{told}</sheets></workbook>'


def _parts(sheets: int) -> str:
    told = "".join(
        f'<Relationship Id="rId{at}" Type="{_OF}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, sheets + 1)
    )
    styles = f'<Relationship Id="rId{sheets + 1}" Type="{_OF}/styles" Target="styles.xml"/>'
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{told}{styles}</Relationships>'
