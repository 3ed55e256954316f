"""Span F1 of address parsing on the test part of the neural-chinese-address-parsing corpus (mostly Zhejiang)."""

import gzip
from collections import Counter
from pathlib import Path
from typing import Any

from hutong.market.modules.address_parse.run import parsed

LEVELS = {
    "prov": "province", "city": "city", "district": "district", "town": "subdistrict", "devzone": "zone",
    "community": "community", "road": "road", "roadno": "road_number", "poi": "place", "houseno": "building",
    "cellno": "unit", "floorno": "floor", "roomno": "room",
}  # fmt: skip
LARGE = {"province", "city", "district", "subdistrict", "road", "road_number"}


def spans(file: Path) -> list[tuple[str, set[tuple[str, int, int]]]]:
    """Each address and its parts; kinds that our grammar does not have (persons, remarks) are left out."""
    found, text, parts = [], "", []
    lines = gzip.decompress(file.read_bytes()).decode("utf8").split("\n")
    for line in [*lines, ""]:
        if not line.strip():
            if text:
                found.append(
                    (text, {(LEVELS[kind], start, end) for kind, start, end in parts if kind in LEVELS})
                )
            text, parts = "", []
            continue
        each, tag = line.rstrip("\n").split(" ")
        start, text = len(text), text + each
        if tag.startswith("I-") and parts:
            parts[-1] = (*parts[-1][:2], len(text))
        else:
            parts.append((tag[2:].lower().replace("subroadno", "roadno"), start, len(text)))
    return found


def score(cases: list[tuple[str, set[tuple[str, int, int]]]]) -> dict[str, tuple[float, int]]:
    hit, said, true = Counter(), Counter(), Counter()
    for text, gold in cases:
        mine = {(each.level, each.start, each.start + len(each.text)) for each in parsed(text).parts}
        for group, kept in (
            ("all", set(LEVELS.values())),
            ("large", LARGE),
            *((one, {one}) for one in LEVELS.values()),
        ):
            a, b = {x for x in mine if x[0] in kept}, {x for x in gold if x[0] in kept}
            hit[group] += len(a & b)
            said[group] += len(a)
            true[group] += len(b)
    return {group: (2 * hit[group] / max(1, said[group] + true[group]), true[group]) for group in true}


def measure(shared: Path, part: float = 1.0) -> list[dict[str, Any]]:
    cases = spans(shared / "address" / "ncap_test.txt.gz")
    cases = cases[: int(len(cases) * part)]
    found = score(cases)
    data = {
        "zh": f"{len(cases):,} 条真实地址（浙江为主），未用于编制规则",
        "en": f"{len(cases):,} real addresses, mostly of Zhejiang, not used to write the rules",
    }
    return [
        {"id": "large-f1", "metric": {"zh": "省市区街道、道路与门牌的片段 F1", "en": "Span F1 of province to subdistrict, road and number"},
         "value": round(found["large"][0], 4), "unit": "share", "cases": found["large"][1], "data": data},
        {"id": "all-f1", "metric": {"zh": "全部 13 类片段 F1", "en": "Span F1 of all 13 kinds"},
         "value": round(found["all"][0], 4), "unit": "share", "cases": found["all"][1], "data": data},
    ]  # fmt: skip
