"""Real points against the districts their list names, and addresses made of real names of subdistricts and communities."""

import csv
import json
import random
from pathlib import Path
from typing import Any

from hutong.market.modules.coordinates import convert
from hutong.market.modules.geocode.run import Gazetteer

DISTRICTS = {
    "Dongcheng": "东城区", "Xicheng": "西城区", "Chaoyang": "朝阳区", "Haidian": "海淀区", "Fengtai": "丰台区",
    "Shijingshan": "石景山区", "Tongzhou": "通州区", "Shunyi": "顺义区", "Changping": "昌平区", "Daxing": "大兴区",
    "Fangshan": "房山区", "Mentougou": "门头沟区", "Huairou": "怀柔区", "Pinggu": "平谷区", "Miyun": "密云区", "Yanqing": "延庆区",
}  # fmt: skip
SQUARE = {"type": "Polygon", "coordinates": [[[116.3, 39.8], [116.5, 39.8], [116.5, 40.0], [116.3, 40.0]]]}


def city(shared: Path) -> Gazetteer:
    """The sixteen districts as areas, brought from GCJ-02 to WGS 84."""
    features = json.loads((shared / "boundaries" / "datav_110100_full.json").read_text("utf8"))["features"]
    rows = []
    for each in features:
        polygons = each["geometry"]["coordinates"]
        polygons = polygons if each["geometry"]["type"] == "MultiPolygon" else [polygons]
        moved = [
            [[convert.to_wgs84(*point[:2], "gcj-02") for point in ring] for ring in polygon]
            for polygon in polygons
        ]
        rows.append({"code": each["properties"]["adcode"], "name": each["properties"]["name"],
                     "shape": {"type": "MultiPolygon", "coordinates": moved}})  # fmt: skip
    return Gazetteer({"subdistricts": rows, "district": {"name": "北京市", "code": "110100"}})


def district(shared: Path) -> tuple[Gazetteer, list[dict[str, str]], list[dict[str, str]]]:
    """Dongcheng by its real names; where its areas lie does not matter to addresses."""
    with (shared / "divisions" / "beijing_streets.csv").open(encoding="utf-8-sig") as file:
        streets = [row for row in csv.DictReader(file) if row["code"].startswith("110101")]
    with (shared / "divisions" / "beijing_communities.csv").open(encoding="utf-8-sig") as file:
        communities = [row for row in csv.DictReader(file) if row["code"].startswith("110101")]
    data = {
        "subdistricts": [{"code": row["code"][:9], "name": row["name"], "shape": SQUARE} for row in streets],
        "communities": [
            {"code": row["code"][:12], "name": _short(row["name"]), "shape": SQUARE} for row in communities
        ],
        "district": {"name": "北京市东城区", "code": "110101"},
    }
    return Gazetteer(data), streets, communities


def _short(name: str) -> str:
    return name.replace("居民委员会", "").replace("居委会", "")


def measure(shared: Path, part: float = 1.0) -> list[dict[str, Any]]:
    gazetteer = city(shared)
    with (shared / "poi" / "beijing_fast_charging_stations_711.csv").open(encoding="utf-8-sig") as file:
        points = [row for row in csv.DictReader(file) if row["area_name"] in DISTRICTS]
    points = points[: int(len(points) * part)]
    right = sum(
        gazetteer.point("", float(row["lon"]), float(row["lat"])).subdistrict == DISTRICTS[row["area_name"]]
        for row in points
    )
    named, streets, communities = district(shared)
    dice, good = random.Random(3), 0
    parents = {row["code"][:9]: row["name"] for row in streets}
    for row in communities:
        street, community = parents[row["code"][:9]], _short(row["name"])
        front = dice.choice(("北京市东城区", "东城区", "北京市", ""))
        text = f"{front}{street if dice.random() < 0.7 else ''}{community}{dice.choice(('', '3号楼', '甲12号院2单元101室'))}"
        good += named.address(text).community_code == row["code"][:12]
    return [
        {"id": "points", "metric": {"zh": "坐标归入的区与来源所写一致", "en": "Point placed in the district its list names"},
         "value": round(right / len(points), 4), "unit": "share", "cases": len(points),
         "data": {"zh": "北京 711 个快充站中写明区名者，公开区界", "en": "charging stations of Beijing that name their district; public outlines"}},
        {"id": "addresses", "metric": {"zh": "地址归到正确社区", "en": "Address placed in the right community"},
         "value": round(good / len(communities), 4), "unit": "share", "cases": len(communities),
         "data": {"zh": "由东城区真实街道、社区名拼成的地址，三成不写街道；规则曾对照其错例修改，故偏高", "en": "addresses made of real names of Dongcheng, three in ten without subdistrict; a rule was mended on its misses, so it flatters"}},
    ]  # fmt: skip
