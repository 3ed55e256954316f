"""Round trips between the reference systems over Beijing and over the mainland, in metres."""

import random
from itertools import product
from pathlib import Path
from typing import Any

from hutong.market.modules.coordinates import convert

SYSTEMS = ("gcj-02", "bd-09", "cgcs2000")


def measure(_shared: Path, part: float = 1.0) -> list[dict[str, Any]]:
    dice = random.Random(20261121)
    many = int(20_000 * part)
    places = [(dice.uniform(75, 134), dice.uniform(19, 52)) for _ in range(many // 2)]
    places += [(dice.uniform(115.4, 117.5), dice.uniform(39.4, 41.1)) for _ in range(many // 2)]
    worst = 0.0
    for (lon, lat), system in product(places, SYSTEMS):
        there = convert.from_wgs84(lon, lat, system)
        worst = max(worst, convert.metres((lon, lat), convert.to_wgs84(*there, system)))
    return [{
        "id": "round-trip", "metric": {"zh": "往返转换的最大误差", "en": "Largest error of a round trip"},
        "value": round(worst, 6), "unit": "metres", "cases": len(places) * len(SYSTEMS),
        "data": {"zh": "大陆与北京范围内的随机点", "en": "random points over the mainland and over Beijing"},
    }]  # fmt: skip
