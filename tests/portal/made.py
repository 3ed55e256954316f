"""A small district with something open and something closed."""

from pathlib import Path
from typing import Any

import yaml

from hutong.catalog import following, store
from hutong.catalog.types import Kind
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import Source

VENUES = """
key: [id]
columns:
  id: {type: int, required: true, title: {zh: 编号, en: Number}}
  name: {type: text, title: {zh: 名称, en: Name}}
  kind: {type: text, title: {zh: 类型, en: Kind}}
  seats: {type: int, title: {zh: 座位, en: Seats}}
  fee: {type: money, unit: 元, title: {zh: 票价, en: Fee}}
  opened: {type: date, title: {zh: 开放日期, en: Opened}}
  free: {type: bool}
  lon: {type: longitude}
  lat: {type: latitude}
  keeper: {type: text, sensitive: true, title: {zh: 负责人}}
  phone: {type: phone}
"""
ROWS = """id,name,kind,seats,fee,opened,free,lon,lat,keeper,phone
1,首都“大”剧院,剧场,1200,80.50,2001-05-01,否,116.40,39.90,王某某,13800000001
2,东城图书馆,图书馆,,0,1999-01-01,是,116.41,39.91,李某某,13800000002
3,=HYPERLINK("x"),剧场,300,120,2010-10-10,否,116.42,39.92,赵某某,13800000003
4,胡同博物馆,博物馆,80,,2015-03-03,是,,,钱某某,13800000004
5,"书店,一号",书店,15,0,2020-02-29,是,116.43,39.93,孙某某,13800000005
"""


def settle(folder: Path, rows: str = ROWS) -> None:
    """Define, load and catalogue: ``venues`` and ``parks`` are open, ``elders`` is closed, ``secrets`` too high."""
    contract = lake.TableSpec.model_validate(yaml.safe_load(VENUES)).contract(
        "venues", Text(zh="文化场所", en="Venues")
    )
    lake.define(contract)
    file = folder / "venues.csv"
    file.write_text(rows, "utf8")
    lake.load("venues", Source.file(file))
    for name in ("elders", "secrets"):
        lake.define(lake.TableSpec.model_validate({"columns": {"id": {"type": "int"}}}).contract(name))
        (folder / f"{name}.csv").write_text("id\n1\n", "utf8")
        lake.load(name, Source.file(folder / f"{name}.csv"))
    catalogue()


def catalogue(**changed: str) -> None:
    """Write the catalog; ``venues="none"`` closes that dataset."""
    opening = {"venues": "open", "elders": "none", "secrets": "open"} | changed
    grade = {"venues": "general-1", "elders": "general-1", "secrets": "important"}
    title = {
        "venues": ("文化场所", "Venues"),
        "elders": ("老年人", "Elders"),
        "secrets": ("要害部位", "Key places"),
    }
    body: dict[str, Any] = {"code": "314001/000001", "table": {"columns": {}}}
    following.put_all(
        Kind.DATASET,
        [
            store.Draft(
                f"urn:hutong:beijing-dongcheng:dataset:{name}", Kind.DATASET, name, Text(*title[name]),
                {**body, "id": name, "opening": {"kind": opening[name], "people": False}}, "culture-bureau",
                summary=Text("剧场和博物馆", "Theatres"),
                grade=grade[name], opening=opening[name], update="yearly", themes=("culture",), sharing="unconditional",
            )
            for name in opening
        ],
    )  # fmt: skip
