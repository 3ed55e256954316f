"""Points by the outlines of the areas, addresses by the names of the areas in them; each answer says why."""

import re
from typing import Any, Final

from hutong.market.errors import Unfit
from hutong.market.modules.address_parse.run import parsed
from hutong.market.modules.coordinates import convert
from hutong.market.modules.geocode.areas import Area, areas_of, holding
from hutong.market.modules.geocode.shapes import Found, Given, Placed
from hutong.market.running import Context, module

_POINT: Final = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,2}(?:\.\d+)?)\s*\Z")
_NEAR: Final = 30.0  # metres from an edge within which the neighbour is as likely
_ENDING: Final = re.compile(r"(?:街道办事处|街道|社区居委会|社区|地区)\Z")


_made: dict[str, Any] = {}


class Gazetteer:
    """The district's areas, by outline and by name."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.district = str(data.get("district", {}).get("name", ""))
        self.code = str(data.get("district", {}).get("code", ""))
        self.outline, self.subdistricts, self.communities, self.grids = (
            areas_of(data.get(table, ()))
            for table in ("district-boundary", "subdistricts", "communities", "unit-grids")
        )
        if not self.subdistricts:
            raise Unfit(zh="本区尚未装载街道范围", en="the areas of the district have not been loaded")

    @property
    def short(self) -> str:
        return self.district.removeprefix("北京市")

    def point(self, given: str, lon: float, lat: float) -> Placed:
        """The areas that hold the point."""
        subdistrict = holding(self.subdistricts, lon, lat)
        if subdistrict is None:
            inside = holding(self.outline, lon, lat)
            level, why = ("district", "不在任何街道范围内") if inside else ("outside", "不在本区范围内")
            return Placed(given=given, level=level, confidence=0.9, district=self.district if inside else "",
                          lon=lon, lat=lat, reasons=[why])  # fmt: skip
        community = holding(
            [each for each in self.communities if each.code.startswith(subdistrict.code)], lon, lat
        )
        grid = holding(
            [each for each in self.grids if community and each.code.startswith(community.code)], lon, lat
        )
        smallest = grid or community or subdistrict
        metres = smallest.edge(lon, lat)
        reasons = [f"落在{subdistrict.name}{community.name if community else ''}范围内"]
        if metres < _NEAR:
            reasons.append(f"距边界仅 {metres:.0f} 米")
        return Placed(
            given=given,
            level="grid" if grid else "community" if community else "subdistrict",
            confidence=round(0.55 + 0.4 * min(1.0, metres / _NEAR), 2),
            grid=grid.code if grid else "", lon=lon, lat=lat, reasons=reasons, **self._named(subdistrict, community),
        )  # fmt: skip

    def address(self, given: str) -> Placed:
        """The smallest area whose name the address holds."""
        named = parsed(given)
        if named.district and named.district not in self.district:
            return Placed(
                given=given, level="outside", confidence=0.8, reasons=[f"地址写的是{named.district}"]
            )
        reasons = ["地址写明本区"] if self.short and self.short in given else []
        subdistrict = _best(self.subdistricts, given)
        communities = [each for each in self.communities if each.name and each.name in given]
        inside = [each for each in communities if subdistrict and each.code.startswith(subdistrict.code)]
        if inside:
            found = max(inside, key=lambda each: len(each.name))
            return self._found(given, found, subdistrict, 0.95, [*reasons, f"街道与社区相符：{found.name}"])
        if communities and subdistrict is None:
            return self._by_community(given, communities, reasons)
        if subdistrict is None:
            level = "district" if reasons else "unknown"
            return Placed(given=given, level=level, confidence=0.5 if reasons else 0.0,
                          district=self.district if reasons else "",
                          reasons=[*reasons, "未写街道或社区"])  # fmt: skip
        if communities:
            reasons.append(f"{communities[0].name}不属于{subdistrict.name}，以街道为准")
        return self._found(
            given, None, subdistrict, 0.6 if communities else 0.85, [*reasons, f"写明{subdistrict.name}"]
        )

    def _by_community(self, given: str, communities: list[Area], reasons: list[str]) -> Placed:
        longest = max(len(each.name) for each in communities)
        same = [each for each in communities if len(each.name) == longest]
        parents = [each for each in self.subdistricts if same[0].code.startswith(each.code)]
        if len(same) > 1 or not parents:
            names = "、".join(each.code for each in same[:3])
            return Placed(given=given, level="district", confidence=0.4, district=self.district,
                          reasons=[*reasons, f"同名社区：{names}"])  # fmt: skip
        return self._found(given, same[0], parents[0], 0.85, [*reasons, f"社区名唯一：{same[0].name}"])

    def _found(
        self,
        given: str,
        community: Area | None,
        subdistrict: Area | None,
        confidence: float,
        reasons: list[str],
    ) -> Placed:
        smallest = community or subdistrict
        return Placed(
            given=given, level="community" if community else "subdistrict", confidence=confidence,
            lon=smallest.lon if smallest else None, lat=smallest.lat if smallest else None,
            reasons=[*reasons, "坐标为该范围的标注点"], **self._named(subdistrict, community),
        )  # fmt: skip

    def _named(self, subdistrict: Area | None, community: Area | None) -> dict[str, str]:
        return {
            "district": self.district,
            "subdistrict": subdistrict.name if subdistrict else "",
            "subdistrict_code": subdistrict.code if subdistrict else "",
            "community": community.name if community else "",
            "community_code": community.code if community else "",
        }


@module("geocode")
def run(given: Given, context: Context) -> Found:
    data = context.data.get("areas", {})
    gazetteer = _gazetteer(data)
    results = [place(gazetteer, each, given.crs) for each in given.places]
    count = f"{len(gazetteer.subdistricts)} 街道、{len(gazetteer.communities)} 社区、{len(gazetteer.grids)} 单元网格"
    return Found(results=results, areas=count)


def place(gazetteer: Gazetteer, given: str, crs: str) -> Placed:
    """One line: a point or an address."""
    text = given[:300]
    point = _POINT.match(text)
    if not point:
        return gazetteer.address(text)
    lon, lat = float(point[1]), float(point[2])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return Placed(given=text, level="unknown", confidence=0.0, reasons=["经纬度超出范围"])
    return gazetteer.point(text, *convert.to_wgs84(lon, lat, crs))


def _gazetteer(data: dict[str, Any]) -> Gazetteer:
    """Made once for the data this process was given."""
    if _made.get("of") is not data:
        _made.update(of=data, gazetteer=Gazetteer(data))
    found: Gazetteer = _made["gazetteer"]
    return found


def _best(areas: list[Area], text: str) -> Area | None:
    """The area whose whole name the text holds, else whose short name stands alone in it."""
    whole = [each for each in areas if each.name and each.name in text]
    short = [
        each
        for each in areas
        if len(_ENDING.sub("", each.name)) > 1 and _ENDING.sub("", each.name) + "街道" in text
    ]
    found = whole or short
    return max(found, key=lambda each: len(each.name)) if found else None
