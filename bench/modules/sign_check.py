"""Pairs published from the standards: how many the table knows, and how often it agrees where it does."""

import csv
from pathlib import Path
from typing import Any

from hutong.market.modules.sign_check.run import check
from hutong.market.modules.sign_check.shapes import Sign


def measure(shared: Path, part: float = 1.0) -> list[dict[str, Any]]:
    with (shared / "bilingual" / "standard_signs.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["zh"].strip() and row["en"].strip()]
    rows = rows[: max(10, int(len(rows) * part))]
    verdicts = [check(Sign(zh=row["zh"].strip()[:200], en=row["en"].strip()[:200])).verdict for row in rows]
    known = [each for each in verdicts if each != "unknown"]
    data = {"zh": f"{len(rows)} 对公开的标准条目", "en": f"{len(rows)} published pairs of the standards"}
    return [
        {"id": "agrees", "metric": {"zh": "已收录条目中判为符合的比例", "en": "Share of known signs it finds right"},
         "value": round(sum(each in {"conforms", "conflict"} for each in known) / max(1, len(known)), 4),
         "unit": "share", "cases": max(1, len(known)), "data": data},
        {"id": "known", "metric": {"zh": "收录比例（其余答“未知”）", "en": "Share it knows (the rest is answered as unknown)"},
         "value": round(len(known) / len(rows), 4), "unit": "share", "cases": len(rows), "data": data},
    ]  # fmt: skip
