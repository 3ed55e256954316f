"""Bad input: a clear error with its place, and nothing half-loaded."""

import gzip
import http.server
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from hutong.kernel.errors import HutongError
from hutong.lake import api
from hutong.lake.errors import (
    BadQuery,
    BadSource,
    ColumnMissing,
    ColumnUnknown,
    FormulaCell,
    NoHeader,
    NotDecodable,
    NothingLeft,
    SourceTooLarge,
    SourceUnreachable,
    Truncated,
    UnknownFormat,
)
from hutong.lake.models import LoadRow, SnapshotRow
from hutong.lake.types import LoadReport, Source

pytestmark = pytest.mark.django_db(transaction=True)
Load = Callable[..., LoadReport]
SPEC = """
key: [code]
columns:
  code: {type: text, required: true, title: {zh: 编号}}
  name: {type: text, title: {zh: 名称}}
  fee: {type: int, title: {zh: 金额}}
"""
TEXT = "编号,名称,金额\n1,东城区,5\n2,西城区,6\n3,朝阳区,7\n"
ROWS = (("1", "东城区", 5), ("2", "西城区", 6), ("3", "朝阳区", 7))


def stored() -> tuple[Any, ...]:
    return api.query("SELECT code, name, fee FROM things ORDER BY code", ["things"]).rows


def refused(
    load: Load, kind: type[HutongError], source: Any, spec: str = SPEC, **options: Any
) -> HutongError:
    with pytest.raises(kind) as caught:
        load(spec, source, **options)
    assert SnapshotRow.objects.count() == 0
    assert LoadRow.objects.get().state == "failed"
    assert LoadRow.objects.get().error["code"] == kind.code
    return caught.value


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_encodings_are_told(load: Load, encoding: str, ends: str) -> None:
    load(SPEC, TEXT.replace("\n", ends).encode(encoding))
    assert stored() == ROWS


def test_gb18030_after_a_megabyte_of_ascii_is_told(load: Load) -> None:
    lines = b"code,name,fee\n" + b"".join(b"%06d,plain name,1\n" % n for n in range(70_000))
    report = load(SPEC, lines + "999999,东城区,5\n".encode("gb18030"))
    assert report.rows_quarantined == 0
    assert api.rows("things", where={"code": "999999"}).rows == (("999999", "东城区", 5),)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiters_are_told(load: Load, delimiter: str) -> None:
    load(SPEC, TEXT.replace(",", delimiter))
    assert stored() == ROWS


def test_header_in_the_middle_and_again(load: Load) -> None:
    report = load(SPEC, "东城区数据表\n制表：统计局,,\n\n" + TEXT + "编号,名称,金额\n4,海淀区,8\n")
    codes = {each.code: each.count for each in report.findings}
    assert codes == {"preamble": 2, "repeated-header": 1}
    assert report.rows_loaded == 4


def test_rows_that_cannot_be_split_are_quarantined_and_the_count_of_rows_stays_true(load: Load) -> None:
    report = load(SPEC, TEXT + '4,海\n5,"丰\n台",8,9\n6,石景山区,many\n')
    rows = [(each.row, each.code, each.column) for each in api.quarantine(report.load_id).rows]
    assert rows == [
        (5, "ragged-row", "missing-columns"),
        (6, "ragged-row", "too-many-columns"),
        (7, "bad-value", "fee"),
    ]
    assert (report.rows_in, report.rows_loaded) == (6, 3)


def test_columns_without_a_header_text_and_trailing_commas(load: Load) -> None:
    load(SPEC, TEXT.replace("\n", ",,\n"))
    assert stored() == ROWS


def test_gzip(load: Load) -> None:
    load(SPEC, gzip.compress(TEXT.encode()), name="in.csv.gz")
    assert stored() == ROWS


def test_truncated_gzip(load: Load) -> None:
    data = gzip.compress("\n".join([TEXT] + [f"{n},x{n * 7919 % 997},5" for n in range(9, 9000)]).encode())
    error = refused(load, Truncated, data[: len(data) // 2], name="in.csv.gz")
    assert error.place is not None
    assert (error.place.line or 0) > 1


def test_damaged_gzip(load: Load) -> None:
    data = bytearray(gzip.compress(TEXT.encode() * 500))
    data[-6] ^= 1
    refused(load, BadSource, bytes(data), name="in.csv.gz")


def test_bytes_of_no_encoding(load: Load) -> None:
    error = refused(
        load, NotDecodable, "编号,名称,金额\n1,东城区,5\n".encode("gb18030") + b"2,\x81\x20\xff,6\n"
    )
    assert error.place is not None
    assert error.place.line == 3


def test_one_broken_line_in_utf8_is_quarantined(load: Load) -> None:
    report = load(SPEC, TEXT.encode() + b"4,\xff\xfe,8\n")
    assert report.reasons == {"ragged-row:invalid-encoding": 1}


def test_no_header(load: Load) -> None:
    error = refused(load, NoHeader, "a,b\n1,2\n")
    assert "code" in error.said.zh


def test_missing_column_is_named(load: Load) -> None:
    error = refused(load, ColumnMissing, "编号,名称\n1,东城区\n")
    assert error.facts["column"] == "金额"


def test_unknown_columns_can_be_refused(load: Load) -> None:
    refused(load, ColumnUnknown, "编号,名称,金额,备注\n1,东城区,5,x\n", SPEC + "source: {extra: refuse}\n")


def test_when_no_row_is_sound_the_table_stays(load: Load) -> None:
    error = refused(load, NothingLeft, "编号,名称,金额\n1,东城区,many\n")
    assert "金额" in error.said.zh
    assert api.quarantine(LoadRow.objects.get().id).total == 1


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old.xls"),
        (b"%PDF-1.7 ...", "x.pdf"),
        (b"\x00\x01\x02\x03" * 99, "x.bin"),
    ],
)
def test_unknown_formats(load: Load, data: bytes, name: str) -> None:
    refused(load, UnknownFormat, data, name=name)


def test_empty_file(load: Load) -> None:
    refused(load, BadSource, b"")


def test_bounds(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUTONG_LAKE_MAX_BYTES", "100")
    refused(load, SourceTooLarge, gzip.compress(TEXT.encode() * 100), name="in.csv.gz")


def test_a_field_over_its_length(load: Load) -> None:
    report = load(
        SPEC.replace("name: {type: text", "name: {type: text, length: 5"), TEXT + "4,长长长长长长,1\n"
    )
    assert report.reasons == {"too-long:name": 1}


def _workbook(path: Path, rows: list[list[Any]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("数据")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def test_excel_with_a_title_and_a_header_of_two_rows(load: Load, tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:C1", "东城区重点企业")
        sheet.merge_range("A2:A3", "编号")
        sheet.merge_range("B2:C2", "企业")
        sheet.write_row("B3", ["名称", "金额"])
        for number, row in enumerate(ROWS, 3):
            sheet.write_row(number, 0, row)
    report = load(SPEC, path)
    assert stored() == ROWS
    assert report.rows_in == 3


def test_excel_formulas_with_and_without_a_stored_result(load: Load, tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["编号", "名称", "金额"])
        sheet.write_row(1, 0, ["1", "东城区"])
        sheet.write_formula(1, 2, "=2+3", None, 5)
    load(SPEC, path)
    assert stored() == ROWS[:1]


def test_excel_formula_without_a_stored_result_is_named(load: Load, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["编号", "名称", "金额"])
    book.active.append(["1", "东城区", "=2+3"])
    book.save(tmp_path / "in.xlsx")
    error = refused(load, FormulaCell, tmp_path / "in.xlsx")
    assert error.facts["cell"] == "C2"
    assert error.facts["formula"] == "=2+3"


def test_damaged_excel(load: Load, tmp_path: Path) -> None:
    path = _workbook(tmp_path / "in.xlsx", [["编号", "名称", "金额"], ["1", "东城区", 5]])
    refused(load, BadSource, path.read_bytes()[:-300], name="cut.xlsx")


def test_json_in_its_forms(load: Load) -> None:
    rows = [dict(zip(("编号", "名称", "金额"), row, strict=True)) for row in ROWS]
    for number, text in enumerate(
        (
            json.dumps(rows, ensure_ascii=False),
            "\n".join(json.dumps(row, ensure_ascii=False) for row in rows),
            json.dumps({"data": {"items": rows}, "total": 3}, ensure_ascii=False, indent=1),
        )
    ):
        spec = SPEC + ("source: {records: data.items}\n" if number == 2 else "")
        load(spec, text, name="in.json")
        assert stored() == ROWS


def test_broken_json(load: Load) -> None:
    error = refused(load, BadSource, '{"data": [{"编号": 1,}]}', name="in.json")
    assert error.place is not None
    assert error.place.line == 1


def test_truncated_json(load: Load) -> None:
    refused(load, Truncated, '{"data":\n [{"编号": "1"', name="in.json")


def test_geojson(load: Load) -> None:
    spec = "key: [name]\ncolumns:\n  name: {}\n  geometry: {type: geometry, required: true}\n"
    features = [
        {
            "type": "Feature",
            "properties": {"name": "a"},
            "geometry": {"type": "Point", "coordinates": [116.4, 39.9]},
        },
        {"type": "Feature", "properties": {"name": "b"}, "geometry": None},
    ]
    report = load(spec, json.dumps({"type": "FeatureCollection", "features": features}), name="in.geojson")
    assert report.reasons == {"required:geometry": 1}
    assert api.query("SELECT ST_X(ST_GeomFromWKB(geometry)) FROM things", ["things"]).rows == ((116.4,),)


def test_parquet(load: Load, tmp_path: Path) -> None:
    import duckdb

    values = ", ".join(f"('{code}', '{name}', {fee})" for code, name, fee in ROWS)
    duckdb.execute(f"COPY (FROM (VALUES {values}) t(编号, 名称, 金额)) TO '{tmp_path}/in.parquet'")
    load(SPEC, tmp_path / "in.parquet")
    assert stored() == ROWS


def test_truncated_parquet(load: Load, tmp_path: Path) -> None:
    import duckdb

    duckdb.execute(f"COPY (SELECT range AS 编号 FROM range(9999)) TO '{tmp_path}/in.parquet'")
    refused(load, Truncated, (tmp_path / "in.parquet").read_bytes()[:500], name="cut.parquet")


def test_a_database(load: Load, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "x.db")
    connection.execute("CREATE TABLE firms (编号 TEXT, 名称 TEXT, 金额 INT)")
    connection.executemany("INSERT INTO firms VALUES (?, ?, ?)", ROWS)
    connection.commit()
    connection.close()
    address = f"sqlite:///{tmp_path}/x.db"
    load(SPEC, Source.database(address, "firms"))
    assert stored() == ROWS
    assert load(SPEC, Source.database(address, "SELECT * FROM firms")).unchanged
    with pytest.raises(BadQuery):
        load(SPEC, Source.database(address, "DELETE FROM firms RETURNING *"))
    with pytest.raises(SourceUnreachable):
        load(SPEC, Source.database(address, "SELECT * FROM nothing"))


@pytest.fixture
def server() -> Iterator[str]:
    """Answers /good, /flaky (fails once), /missing, /cut (promises more than it sends)."""
    tries: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tries.append(self.path)
            fails = self.path == "/flaky" and tries.count("/flaky") == 1
            status = 404 if self.path == "/missing" else 503 if fails else 200
            body = TEXT.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body) + (99 if self.path == "/cut" else 0)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listener.server_port}"
    listener.shutdown()
    listener.server_close()


def test_an_http_address(load: Load, server: str) -> None:
    load(SPEC, Source.url(f"{server}/good"))
    assert stored() == ROWS
    assert load(SPEC, Source.url(f"{server}/flaky")).unchanged


@pytest.mark.parametrize("path", ["/missing", "/cut"])
def test_an_http_address_that_does_not_answer(load: Load, server: str, path: str) -> None:
    refused(load, SourceUnreachable, Source.url(server + path))


def test_a_table_may_call_its_columns_as_the_engine_calls_its_own(load: Load) -> None:
    names = (
        "pos",
        "kept",
        "rid",
        "code",
        "part",
        "n",
        "value",
        "texts",
        "at",
        "before",
        "dropped",
        "line",
        "fell",
    )
    spec = "key: [pos]\ncolumns:\n" + "".join(f"  {name}: {{type: int, range: [0, 9]}}\n" for name in names)
    spec += "rules:\n  - {id: up, rises: {column: kept, order: pos}, because: {zh: 不降}}\n"
    rows = [
        [1] * len(names),
        [1] * len(names),
        [3] * len(names),
        [4, 2] + [1] * (len(names) - 2),
        [99] * len(names),
    ]
    text = ",".join(names) + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)
    report = load(spec, text)
    assert report.rows_loaded == 2
    assert report.reasons["duplicate-key:pos"] == 1
    assert report.reasons["rule-rises:up"] == 1
    page = api.quarantine(report.load_id)
    assert {each.row for each in page.rows} == {3, 5, 6}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_row_has_the_number_a_person_counts(load: Load, end: str) -> None:
    """Blank lines and lines that cannot be split count; a text over two lines is one row."""
    spec = "columns:\n  id: {type: int}\n  name: {type: text}\n"
    lines = ["", "id,name", '1,"a', 'b"', "", "", "x,row 6", "2,a,b", "", "y,row 9", "3,c"]
    report = load(spec, end.join(lines) + end)
    rows = {(each.row, each.code) for each in api.quarantine(report.load_id).rows}
    assert rows == {(6, "bad-value"), (7, "ragged-row"), (9, "bad-value")}
    assert next(each.rows for each in report.findings if each.code == "bad-value") == (6, 9)


def test_stray_quotes_do_not_mislead_the_numbers(load: Load) -> None:
    spec = "columns:\n  id: {type: int}\n  name: {type: text}\n"
    report = load(spec, 'id,name\n1,5" pipe\n\nx,row\n2,a\n')
    assert [each.row for each in api.quarantine(report.load_id).rows] == [3]
