"""What the writers make of whole columns is what a reader of the format finds row by row."""

import io
import json
import math
import struct
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from openpyxl.utils.escape import unescape

from hutong.kernel.clock import SHANGHAI
from hutong.lake.engine.writers import columns, objects, workbook
from hutong.lake.engine.writers.harmless import harmless

SIGNS = '=+-@\t\r\n＝－ab中文"\\<>&_\x00\x01\x0b\x1f\x7f\u2028\ufffe\uffff😀 '
ROWS = 600


class Batches:
    """A reader of slices: none of them begins where its buffers do, one is empty."""

    def __init__(self, batch: Any) -> None:
        self.schema = batch.schema
        self._batch = batch

    def __iter__(self) -> Iterator[Any]:
        for start, stop in ((0, 7), (7, 7), (7, 8), (8, self._batch.num_rows)):
            yield self._batch.slice(start, stop - start)


def table() -> dict[str, tuple[Any, list[Any]]]:
    """Columns of every kind with their values, a tenth of which are nothing."""
    dice = Random(11)

    def made(kind: Any, one: Any) -> tuple[Any, list[Any]]:
        return kind, [None if dice.random() < 0.1 else one() for _ in range(ROWS)]

    return {
        "id": (pa.int64(), list(range(ROWS))),
        'a "name"\n': made(pa.string(), lambda: "".join(dice.choices(SIGNS, k=dice.randint(0, 9)))),
        "rich": made(pa.large_string(), lambda: dice.choice(["<r>x</r>", "_x0041_", "-12", "+3.5"])),
        "big": made(pa.int64(), lambda: dice.randint(-(2**63), 2**63 - 1)),
        "price": made(pa.decimal128(20, 2), lambda: Decimal(dice.randint(-(10**17), 10**17)).scaleb(-2)),
        "share": made(pa.float64(), lambda: dice.uniform(-1, 1) * 10 ** dice.randint(-7, 25)),
        "odd": made(pa.float64(), lambda: dice.choice([math.inf, -math.inf, math.nan, -0.0, 3.0])),
        "fine": made(pa.bool_(), lambda: dice.random() < 0.5),
        "day": made(pa.date32(), lambda: date(1900 + dice.randint(0, 200), 1, 2)),
        "at": made(pa.timestamp("us", "UTC"), lambda: datetime.fromtimestamp(dice.randint(0, 10**9), UTC)),
        "none": (pa.null(), [None] * ROWS),
    }


@pytest.fixture(scope="module")
def batch() -> Any:
    return pa.record_batch([pa.array(v, k) for k, v in table().values()], names=list(table()))


def as_json(value: Any) -> Any:
    match value:
        case float():
            return value if math.isfinite(value) else None
        case Decimal() | date() if not isinstance(value, datetime):
            return str(value)
        case datetime():
            return value.astimezone(SHANGHAI).isoformat(timespec="seconds")
    return value


def test_ndjson_is_what_the_json_module_writes(batch: Any) -> None:
    """To the byte: escapes, digits, order of members."""
    write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
    rows = zip(*(values for _, values in table().values()), strict=True)
    wanted = [write(dict(zip(table(), map(as_json, row), strict=True))) for row in rows]
    assert b"".join(objects.ndjson(Batches(batch))).decode() == "\n".join(wanted) + "\n"


def test_floating_numbers_keep_every_digit_and_the_form_of_python() -> None:
    dice = Random(5)
    values = [struct.unpack("d", dice.randbytes(8))[0] for _ in range(20_000)]
    values += [dice.uniform(-1, 1) * 10 ** dice.randint(-8, 20) for _ in range(20_000)]
    values += [0.0, -0.0, 1e10, 9999999999.999998, 1e-4, 1.0000000000000002e-4, 1e15, 1e16, 5e-324, 1.0]
    assert columns.numbers(pa.array(values)).to_pylist() == [repr(each) for each in values]
    assert columns.numbers(pa.array([None, 2.0])).to_pylist() == [None, "2.0"]


def test_a_point_needs_two_numbers() -> None:
    text = pa.record_batch({"lon": ["•••", "1"], "lat": [39.9, 39.8], "name": ["a", None]})
    found = json.loads(b"".join(objects.geojson(_Once(text))))
    assert [each["geometry"] for each in found["features"]] == [None, None]
    half = pa.record_batch({"lon": [116.4, None, math.nan], "lat": [39.9, 39.8, 1.0]})
    found = json.loads(b"".join(objects.geojson(_Once(half))))
    assert [each["geometry"] and each["geometry"]["coordinates"] for each in found["features"]] == [
        [116.4, 39.9], None, None,
    ]  # fmt: skip
    assert found["features"][0]["properties"] == {}


class _Once:
    def __init__(self, *batches: Any) -> None:
        self.schema = batches[0].schema
        self._batches = batches

    def __iter__(self) -> Iterator[Any]:
        return iter(self._batches)


def test_a_workbook_is_read_back_as_it_was(batch: Any) -> None:
    body = b"".join(workbook.xlsx(Batches(batch), note="A & <B>"))
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    assert sheet.title == "data"
    assert sheet.oddFooter.left.text == "A && <B>"
    assert [cell.value for cell in sheet[1]] == list(table())
    for name, column in zip(table(), sheet.iter_cols(min_row=2), strict=True):
        for value, cell in zip(table()[name][1], column, strict=True):
            assert (name, value, *_seen(cell)) == (name, value, *_cell(value))


def _seen(cell: Any) -> tuple[Any, str]:
    return unescape(cell.value) if isinstance(cell.value, str) else cell.value, cell.data_type


def _cell(value: Any) -> tuple[Any, str]:
    """What a reader finds: numbers that a spreadsheet holds as they are, texts otherwise, none of them a formula."""
    match value:
        case None:
            return None, "n"
        case bool():
            return value, "b"
        case float() if math.isfinite(value):
            return value, "n"
        case int() | Decimal() if len(str(value).lstrip("-").replace(".", "").lstrip("0")) <= 15:
            return float(value), "n"
    text = value if isinstance(value, str) else str(as_json(value) or value)
    return harmless(text), "s"


def test_rows_beyond_a_sheet_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch, batch: Any) -> None:
    monkeypatch.setattr(workbook, "SHEET_ROWS", 250)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(workbook.xlsx(Batches(batch)))))
    assert book.sheetnames == ["data", "data2", "data3"]
    ids = [cell.value for sheet in book for cell in sheet["A"]]
    assert ids == ["id", *range(250), "id", *range(250, 500), "id", *range(500, 600)]
    monkeypatch.setattr(workbook, "SHEET_BYTES", 1)
    monkeypatch.setattr(workbook, "SHEET_ROWS", 1_000_000)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(workbook.xlsx(Batches(batch)))))
    assert [sheet.max_row for sheet in book] == [8, 2, 593], "a sheet ends with the batch that fills it"


def test_a_workbook_without_rows_has_its_head() -> None:
    empty = pa.record_batch({"=a": pa.array([], pa.string())})
    body = b"".join(workbook.xlsx(_Once(empty)))
    assert openpyxl.load_workbook(io.BytesIO(body)).active["A1"].value == "'=a"
    assert zipfile.ZipFile(io.BytesIO(body)).testzip() is None


def test_a_long_cell_is_cut_and_far_columns_have_their_names() -> None:
    wide = pa.record_batch({f"c{at}": pa.array(["-" * 40_000 if at == 0 else "x"]) for at in range(703)})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(workbook.xlsx(_Once(wide))))).active
    assert len(sheet["A2"].value) == workbook.LONGEST_CELL
    assert sheet["AAA1"].value == "c702"
