"""Bodies of any size, in every format."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hutong.lake import api
from hutong.lake.errors import BadQuery, TooManyStreams
from hutong.lake.store import streams
from hutong.lake.types import BodyFormat, Condition, Lens, LoadReport, Mask, MaskKind, Op, Seen

pytestmark = pytest.mark.django_db(transaction=True)
Load = Callable[..., LoadReport]
SPEC = """
key: [id]
columns:
  id: {type: int}
  name: {type: text}
  price: {type: decimal, scale: 2}
  share: {type: float}
  day: {type: date}
  at: {type: datetime}
  fine: {type: bool}
  lon: {type: longitude}
  lat: {type: latitude}
"""
TEXT = (
    "id,name,price,share,day,at,fine,lon,lat\n"
    '1,"=HYPERLINK(""http://x"")",12.50,0.5,2024-01-02,2024-01-02T03:04:05+08:00,true,116.4,39.9\n'
    '2,"东,城 ""区""",-3.25,-1.5,,,false,116.5,39.8\n'
    "3,-12,,,,,,,\n"
    "4,-2+3,,,,,,,\n"
)


@pytest.fixture
def things(load: Load) -> None:
    load(SPEC, TEXT)


def body(form: str, sql: str = "SELECT * FROM things ORDER BY id", **more: Any) -> bytes:
    found = api.stream(sql, ["things"], form=BodyFormat(form), **more)
    assert found.media_type
    return b"".join(found.parts)


@pytest.mark.usefixtures("things")
def test_csv_neutralises_formulas_and_leaves_numbers() -> None:
    text = body("csv", mark=True).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:3] == ["id", "name", "price"]
    assert [row[1] for row in rows[1:]] == ['\'=HYPERLINK("http://x")', '东,城 "区"', "-12", "'-2+3"]
    assert rows[2][2:4] == ["-3.25", "-1.5"]
    assert rows[1][4:7] == ["2024-01-02", "2024-01-02T03:04:05+08:00", "true"]
    assert rows[3][2:] == [""] * 7
    assert body("csv", mark=True).startswith(b"\xef\xbb\xbf")
    assert not body("csv").startswith(b"\xef\xbb\xbf")


@pytest.mark.usefixtures("things")
def test_xlsx_has_numbers_as_numbers_and_no_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(body("xlsx", note="for A & B")))
    sheet = book.active
    assert [cell.value for cell in sheet[1]][:3] == ["id", "name", "price"]
    assert [sheet.cell(row, 2).value for row in (2, 3, 4, 5)] == [
        "'=HYPERLINK(\"http://x\")", '东,城 "区"', "-12", "'-2+3",
    ]  # fmt: skip
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"n", "s", "b", "inlineStr"}
    assert sheet.cell(3, 4).value == -1.5
    assert sheet.oddFooter.left.text == "for A && B"  # Excel shows one of two


@pytest.mark.usefixtures("things")
def test_ndjson_parquet_and_arrow_carry_the_same_rows() -> None:
    lines = [json.loads(line) for line in body("ndjson").decode().splitlines()]
    assert [each["id"] for each in lines] == [1, 2, 3, 4]
    assert lines[1]["name"] == '东,城 "区"'
    assert lines[0]["name"].startswith("=")  # JSON is not read by spreadsheets
    parquet = pq.read_table(io.BytesIO(body("parquet")))
    arrow = pa.ipc.open_stream(body("arrow")).read_all()
    assert parquet.to_pydict() == arrow.to_pydict()
    assert parquet.column("id").to_pylist() == [1, 2, 3, 4]


@pytest.mark.usefixtures("things")
def test_geojson_is_made_of_coordinates() -> None:
    found = json.loads(body("geojson"))
    assert found["type"] == "FeatureCollection"
    assert found["features"][0]["geometry"] == {"type": "Point", "coordinates": [116.4, 39.9]}
    assert found["features"][2]["geometry"] is None
    assert "lon" not in found["features"][0]["properties"]
    with pytest.raises(BadQuery, match="geometry"):
        body("geojson", "SELECT id FROM things")


def test_geometry_is_written_as_the_format_has_it(load: Load) -> None:
    shape = {"type": "Polygon", "coordinates": [[[116, 39], [117, 39], [117, 40], [116, 39]]]}
    feature = {"type": "Feature", "geometry": shape, "properties": {"id": 1}}
    source = {"type": "FeatureCollection", "features": [feature]}
    spec = "key: [id]\ncolumns:\n  id: {type: int}\n  geometry: {type: geometry}\n"
    load(spec, json.dumps(source), name="in.geojson")
    assert json.loads(body("geojson"))["features"][0]["geometry"] == shape
    assert "POLYGON ((116 39" in body("csv").decode()
    assert pa.types.is_binary(pa.ipc.open_stream(body("arrow")).schema.field("geometry").type)


@pytest.mark.usefixtures("things")
def test_a_body_is_seen_through_the_lens_and_told_of_once() -> None:
    told: list[tuple[int, bool]] = []
    lens = Lens((Seen("id"), Seen("name", Mask(MaskKind.CONSTANT))), (Condition("id", Op.LE, (2,)),))
    text = body(
        "csv",
        "SELECT * FROM things",
        lenses={"things": lens},
        told=lambda rows, whole: told.append((rows, whole)),
    )
    assert text.decode() == '"id","name"\n1,"•••"\n2,"•••"\n'
    assert told == [(2, True)]


@pytest.mark.usefixtures("things")
def test_an_error_comes_before_the_first_byte_and_gives_the_turn_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(streams.AT_ONCE + 1):
        with pytest.raises(BadQuery):
            api.stream("SELECT nothing FROM things", ["things"])
    monkeypatch.setattr(streams, "_PATIENCE", 0.05)
    open_bodies = [api.stream("SELECT * FROM things", ["things"]) for _ in range(streams.AT_ONCE)]
    with pytest.raises(TooManyStreams):
        api.stream("SELECT * FROM things", ["things"])
    open_bodies[0].parts.close()
    assert b"".join(api.stream("SELECT * FROM things", ["things"]).parts)
    for each in open_bodies[1:]:
        each.parts.close()


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet", "arrow", "xlsx"])
def test_memory_does_not_grow_with_the_body(form: str) -> None:
    """A body ten times as large takes at most 48 MB more of the process's memory than the small one did."""
    process = psutil.Process()

    def measured(rows: int) -> tuple[int, int]:
        sql = f"SELECT t.*, n.range, repeat('x', 60) AS filler FROM things t, range({rows}) n"
        size, peak = 0, 0
        for part in api.stream(sql, ["things"], form=BodyFormat(form)).parts:
            size += len(part)
            peak = max(peak, process.memory_info().rss)
        return size, peak

    rows = 3_000 if form == "xlsx" else 15_000
    measured(rows)
    small, large = measured(rows), measured(rows * 10)
    if form in {"csv", "ndjson", "arrow"}:
        assert large[0] > 60 << 20
    assert large[0] > 3 * small[0]
    assert large[1] - small[1] < 48 << 20, (small, large)
