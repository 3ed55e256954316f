"""Short names of listed companies to their full names, joined by stock code."""

import csv
import gzip
from pathlib import Path
from typing import Any

from hutong.market.modules.name_match.run import Names


def pairs(shared: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Full name by code, and the short name an independent list gives for the code."""
    with gzip.open(
        shared / "enterprise" / "finglm_all_A_share_2019_2021.csv.gz", "rt", encoding="utf8"
    ) as file:
        full = {
            row["股票代码"].zfill(6): row["公司全称"].strip()
            for row in csv.DictReader(file)
            if row["公司全称"].strip()
        }
    with gzip.open(shared / "enterprise" / "matchina_entities.csv.gz", "rt", encoding="utf8") as file:
        short = {
            row["id"][1:]: row["name_cn"].strip() for row in csv.DictReader(file) if row["id"].startswith("A")
        }
    return full, {code: name for code, name in short.items() if code in full and name}


def measure(shared: Path, part: float = 1.0) -> list[dict[str, Any]]:
    full, short = pairs(shared)
    names = Names(list(full.values()))
    codes = sorted(short)[:: max(1, round(1 / part))]
    first = third = sure = right = 0
    for code in codes:
        found = names.best(short[code], 3)
        said = [each.name for each in found.candidates]
        good = said[:1] == [full[code]]
        first, third = first + good, third + (full[code] in said)
        sure, right = sure + found.sure, right + (found.sure and good)
    data = {
        "zh": f"A 股公司简称对 {len(names.names):,} 个全称（含改名、借壳者，名称本身可能无关）",
        "en": f"short names of A-share companies to {len(names.names):,} full names, renamed companies among them",
    }
    return [
        {"id": "first", "metric": {"zh": "首个候选正确", "en": "First candidate right"},
         "value": round(first / len(codes), 4), "unit": "share", "cases": len(codes), "data": data},
        {"id": "third", "metric": {"zh": "前三个候选含正确者", "en": "Right one among the first three"},
         "value": round(third / len(codes), 4), "unit": "share", "cases": len(codes), "data": data},
        {"id": "sure-right", "metric": {"zh": "标为“确信”的正确率", "en": "Right where it says it is sure"},
         "value": round(right / max(1, sure), 4), "unit": "share", "cases": max(1, sure), "data": data},
    ]  # fmt: skip
