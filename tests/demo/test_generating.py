"""The files: the same everywhere for the same options, in the forms the pack says."""

import gzip
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from hutong.demo import api
from hutong.demo.commands import demo
from hutong.demo.errors import PackMismatch
from hutong.demo.generating import _compare
from hutong.demo.logic.made import Made
from hutong.packs.api import Pack

SMALL = {"months": 4, "scale": 0.02}
PROGRAM = """
import json, sys, django
django.setup()
from hutong.demo import api
made = api.generate(months=4, scale=0.02)
print(json.dumps({each.path.name: each.sha256 for each in made.files}))
"""


def test_the_same_bytes_in_another_process(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    here = {each.path.name: each.sha256 for each in api.generate(**SMALL).files}
    other = tmp_path_factory.mktemp("other")
    env = {
        "HUTONG_HOME": str(other), "DJANGO_SETTINGS_MODULE": "hutong.project.settings", "PYTHONHASHSEED": "7",
        "PYTHONPATH": ":".join(filter(None, sys.path)), "PATH": "",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == here


def test_written_once(demo_home: Path) -> None:
    first = api.generate(**SMALL)
    again = api.generate(**SMALL)
    assert (first.made, again.made) == (True, False)
    assert again.files == first.files
    first.files[0].path.unlink()
    assert api.generate(**SMALL).made
    other = api.generate(**SMALL, seed=7)
    assert other.made
    changed = {a.path.name for a, b in zip(first.files, other.files, strict=True) if a.sha256 != b.sha256}
    assert "enterprises-2023-12.csv" in changed
    assert "subdistricts.geojson" not in changed


def test_marked_as_synthetic(demo_home: Path, pack: Pack) -> None:
    made = api.generate(**SMALL)
    manifest = json.loads((made.folder / "manifest.json").read_text("utf8"))
    assert manifest["synthetic"] is True
    assert "合成" in (made.folder / "_about.txt").read_text("utf8")
    assert all(each.synthetic for each in pack.values("datasets"))


def test_forms_of_real_life(demo_home: Path) -> None:
    files = {each.path.name: each.path for each in api.generate(**SMALL).files}
    assert (
        files["enterprises-2023-12.csv"]
        .read_bytes()
        .decode("gb18030")
        .startswith('"统一社会信用代码","企业名称"')
    )
    assert files["patents.csv"].read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff")
    assert files["key-buildings.csv"].read_bytes().startswith(b"\xef\xbb\xbf")
    assert (
        gzip.decompress(files["air-hourly.csv.gz"].read_bytes())
        .decode()
        .startswith('"站点编号","时间","PM2.5（μg/m3）"')
    )
    assert json.loads(files["sci-tech-smes.json"].read_text("utf8"))["data"]["items"][0]["year"] == 2020
    shape = json.loads(files["subdistricts.geojson"].read_text("utf8"))["features"][0]
    assert shape["geometry"]["coordinates"][0][0] == shape["geometry"]["coordinates"][0][-1]
    connection = sqlite3.connect(files["building-tenants.sqlite"])
    assert connection.execute("SELECT count(*) FROM building_tenants").fetchone()[0] > 0
    connection.close()


def test_a_spreadsheet_has_a_title_and_merged_headers(demo_home: Path) -> None:
    files = {each.path.name: each.path for each in api.generate(**SMALL).files}
    sheet = openpyxl.load_workbook(files["high-tech-firms-2023.xlsx"]).active
    assert "演示" in sheet["A1"].value
    merged = {str(each) for each in sheet.merged_cells.ranges}
    assert {"A1:G1", "B2:D2", "F2:G2", "A2:A3"} <= merged
    assert [cell.value for cell in sheet[3]] == [
        None,
        "统一社会信用代码",
        "企业名称",
        "技术领域",
        None,
        "发证日期",
        "有效期至",
    ]
    assert sheet["A4"].value.startswith("GR")


def test_one_source_is_in_gcj02(demo_home: Path, world: dict[str, Made]) -> None:
    files = {each.path.name: each.path for each in api.generate(**SMALL).files}
    lines = files["culture-venues.csv"].read_bytes().decode("gb18030").splitlines()
    lon = [float(line.split(",")[6]) for line in lines[1:]]
    shift = sorted(a - b for a, b in zip(lon, world["culture-venues"].columns["lon"], strict=True))
    assert 0.004 < shift[len(shift) // 2] < 0.008


def test_the_whole_district_in_time(demo_home: Path) -> None:
    made = api.generate()
    said = f"whole demo district: {len(made.files)} files in {made.elapsed_ms / 1000:.1f} s"
    sys.stdout.write(f"\n{said}\n")
    assert made.elapsed_ms < 60_000


def test_a_pack_that_does_not_fit_is_refused(pack: Pack, world: dict[str, Made]) -> None:
    fewer = {name: made for name, made in world.items() if name != "patents"}
    with pytest.raises(PackMismatch, match="patents"):
        _compare(pack, pack.values("demo-sources"), fewer)


def test_the_command_tells_programs_what_it_wrote(demo_home: Path) -> None:
    said = CliRunner().invoke(demo, ["generate", "--months", "4", "--scale", "0.02", "--json"])
    made = json.loads(said.output)
    assert (said.exit_code, made["synthetic"], made["day"]) == (0, True, "2024-01-31")
    assert all(Path(each["path"]).stat().st_size == each["bytes"] for each in made["files"])
    assert CliRunner().invoke(demo, ["generate", "--months", "37"]).exit_code == 2
