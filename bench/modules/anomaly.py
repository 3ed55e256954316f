"""Jumps put into real hourly temperatures: which are found, and what else is called odd."""

import random
from pathlib import Path
from typing import Any

from bench.modules.forecast import hourly
from hutong.market.modules.anomaly.run import run
from hutong.market.modules.anomaly.shapes import Given
from hutong.market.running import Context

JUMP = 15.0


def measure(shared: Path, part: float = 1.0) -> list[dict[str, Any]]:
    dice = random.Random(5)
    hit = said = true = 0
    for values in hourly(shared, "TEMP").values():
        for _ in range(max(1, int(10 * part))):
            start = dice.randrange(0, len(values) - 24 * 28)
            window = values[start : start + 24 * 28].copy()
            places = set(dice.sample(range(len(window)), 5))
            for place in places:
                window[place] += dice.choice((-1, 1)) * dice.uniform(JUMP, 2 * JUMP)
            found = {
                each.place
                for each in run(Given(values=window.tolist(), season=24, threshold=4), Context()).anomalies
            }
            hit, said, true = hit + len(found & places), said + len(found), true + len(places)
    data = {
        "zh": "12 站四周逐时气温，每段加入 5 处 15–30 ℃ 的跳变",
        "en": "four weeks of hourly temperature at 12 stations with 5 jumps of 15–30 °C each",
    }
    return [
        {"id": "recall", "metric": {"zh": "找出的比例", "en": "Share found"}, "value": round(hit / true, 4),
         "unit": "share", "cases": true, "data": data},
        {"id": "precision", "metric": {"zh": "找出的确为加入者的比例（天气骤变也算误报）", "en": "Share of what was found that was put in (sudden weather counts against it)"},
         "value": round(hit / max(1, said), 4), "unit": "share", "cases": max(1, said), "data": data},
    ]  # fmt: skip
