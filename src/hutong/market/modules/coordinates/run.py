"""Each point through WGS 84."""

from hutong.market.modules.coordinates import convert
from hutong.market.modules.coordinates.shapes import Found, Given, Moved
from hutong.market.running import Context, module


@module("coordinates")
def run(given: Given, _context: Context) -> Found:
    moved = []
    for each in given.points:
        plain = convert.to_wgs84(each.lon, each.lat, given.source)
        lon, lat = convert.from_wgs84(*plain, given.target)
        moved.append(
            Moved(
                lon=round(max(-180.0, min(180.0, lon)), 9),
                lat=round(max(-90.0, min(90.0, lat)), 9),
                moved_m=round(convert.metres((each.lon, each.lat), (lon, lat)), 3),
                outside=convert.outside(each.lon, each.lat),
            )
        )
    note = "CGCS2000 与 WGS 84 按相同处理（差别在分米以内） / CGCS2000 is taken as WGS 84 (they differ by decimetres)"
    return Found(points=moved, note=note)
