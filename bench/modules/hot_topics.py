"""Title and body of real petitions, sent as separate messages: do they come together, and with nothing else?

There are no labelled topics that are free to use. A title and its body are about one matter for certain; different
petitions mostly are not, but some are, so the second figure is a lower bound.
"""

import csv
import gzip
import re
from pathlib import Path
from typing import Any

from hutong.market.modules.hot_topics.run import cluster, pairs_of
from hutong.market.modules.hot_topics.shapes import Message


def petitions(shared: Path) -> list[tuple[str, str, str]]:
    csv.field_size_limit(10**7)
    with gzip.open(shared / "hotline" / "tipdm2020_att3_hot.csv.gz", "rt", encoding="utf-8-sig") as file:
        rows = [
            (row["留言编号"], row["留言主题"].strip(), re.sub(r"\s+", "", row["留言详情"]))
            for row in csv.DictReader(file)
        ]
    return [row for row in rows if len(row[1]) >= 6 and len(row[2]) >= 40]


def measure(shared: Path, part: float = 1.0) -> list[dict[str, Any]]:
    rows = petitions(shared)[:: max(1, round(3 / part))][: int(1200 * part)]
    messages = [Message(id=f"{number}t", text=title) for number, title, _body in rows]
    messages += [Message(id=f"{number}b", text=body[:1500]) for number, _title, body in rows]
    together = pairs_of(cluster(messages))
    own = {tuple(sorted((f"{number}t", f"{number}b"))) for number, _title, _body in rows}
    hit = len(own & together)
    data = {
        "zh": f"{len(rows):,} 封真实来信，标题与正文分开",
        "en": f"{len(rows):,} real letters, title and body apart",
    }
    return [
        {"id": "together", "metric": {"zh": "标题与正文归入同一话题", "en": "Title and body found together"},
         "value": round(hit / len(own), 4), "unit": "share", "cases": len(own), "data": data},
        {"id": "precision", "metric": {"zh": "同一话题中两条确属同一封信（下限）", "en": "Two of a topic are of one letter (lower bound)"},
         "value": round(hit / max(1, len(together)), 4), "unit": "share", "cases": max(1, len(together)), "data": data},
    ]  # fmt: skip
