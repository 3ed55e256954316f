"""``python -m tests.exchange.large``: a home with a large table, a contract about it and a key; tells them as JSON."""

import json
import random
import sys
from datetime import date, timedelta
from pathlib import Path

import django

ROWS, SHAPES, WIDE = 120_000, 12_000, 128
HEAD = "检查编号,检查日期,统一社会信用代码,所在楼宇,街道代码,检查专项,隐患数,重大隐患,整改完成日期\n"


def main() -> None:
    django.setup()
    from hutong.kernel import clock
    from hutong.kernel.settings import home
    from hutong.lake import api as lake
    from hutong.lake.types import Source
    from hutong.packs import api as packs

    packs.install("beijing-dongcheng")
    dice = random.Random(7)
    table = home() / "checks.csv"
    _checks(table, dice)
    report = lake.load("safety-inspections", Source.file(table))
    assert report.rows_loaded == ROWS, report
    shapes = home() / "shapes.geojson"
    _shapes(shapes, dice)
    assert lake.load("district-boundary", Source.file(shapes)).rows_loaded == SHAPES
    told = {
        "checks": _contract("safety-inspections", ("id", "date", "topic", "hazards"), clock.today()),
        "shapes": _contract("district-boundary", ("code", "name", "geometry"), clock.today()),
    }
    sys.stdout.write(json.dumps(told) + "\n")


def _checks(file: Path, dice: random.Random) -> None:
    with file.open("w", encoding="utf8") as out:
        out.write(HEAD)
        for number in range(ROWS):
            topic = dice.randbytes(WIDE).hex()  # nothing that packs well
            out.write(f"J{number},2025-01-15,91110101MA0000015M,LY01,110101001,{topic},{number % 9},0,\n")


def _shapes(file: Path, dice: random.Random) -> None:
    with file.open("w", encoding="utf8") as out:
        out.write('{"type":"FeatureCollection","features":[')
        for number in range(SHAPES):
            x, y = 116.4 + number % 100 / 1e4, 39.9 + number // 100 / 1e4
            ring = [[x, y], [x + 1e-4, y], [x + 1e-4, y + 1e-4], [x, y]]
            said = {
                "type": "Feature",
                "geometry": {"type": "Polygon", "coordinates": [ring]},
                "properties": {
                    "code": f"{number:06d}", "name": dice.randbytes(4 * WIDE).hex(), "area_km2": 1, "lon": x, "lat": y,
                },
            }  # fmt: skip
            out.write(("," if number else "") + json.dumps(said))
        out.write("]}")


def _contract(dataset: str, columns: tuple[str, ...], today: date) -> dict[str, str]:
    from hutong.exchange.api import Wish, contracts, requests
    from hutong.exchange.types import Delivery
    from tests.exchange.conftest import CONSUMER, OFFICE, person

    asked = requests.submit(
        person(CONSUMER),
        Wish(
            dataset, "economic-analysis", "研究", "《统计法》", columns, (),
            today, today + timedelta(days=300), Delivery.API,
        ),
    )  # fmt: skip
    if not asked.contract:
        requests.check(OFFICE, asked.id)
        requests.agree(person(asked.provider), asked.id)
        contracts.sign(person(CONSUMER), f"c-{asked.id}")
    contract = f"c-{asked.id}"
    return {
        "contract": contract,
        "provider": asked.provider,
        "key": contracts.issue_key(person(CONSUMER), contract),
    }


if __name__ == "__main__":
    main()
