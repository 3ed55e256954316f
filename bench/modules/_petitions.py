"""Names in real petitions: real names put into them where a person was spoken of, and how much else is taken for one.

Petitions are parted in two halves by the digest of their text, names by that of the name. The rules were mended on the
first halves; what is measured here is of the second, in the words that people write. Nothing of the data is kept.
"""

import csv
import gzip
import hashlib
import io
import random
import re
from collections.abc import Iterator
from pathlib import Path

from hutong.market.modules.deidentify.finding import spots

SLOTS = re.compile("网友|市民|业主|群众|居民|本人|村民")
AROUND = 60
MOST = 3000
# of 100 spots taken for names in the second half, drawn with seed 12 after the last change of the rules and read one by
# one: how many were of a person's name (4 of them a character short or long). Draws read before are not counted.
READ = (75, 100)


def petitions(shared: Path) -> Iterator[str]:
    csv.field_size_limit(10_000_000)
    for name in ("tipdm2020_att3_hot.csv.gz", "tipdm2020_att4_replies.csv.gz"):
        with gzip.open(shared / "hotline" / name) as packed:
            for row in csv.DictReader(io.TextIOWrapper(packed, encoding="utf8")):
                for cell in row.values():
                    if isinstance(cell, str) and len(cell) > 40:
                        yield re.sub(r"\s+", "", cell)


def people(shared: Path) -> list[str]:
    with gzip.open(shared / "enterprise" / "finglm_all_A_share_2019_2021.csv.gz") as packed:
        rows = csv.DictReader(io.TextIOWrapper(packed, encoding="utf8"))
        found = {row["法定代表人"].strip() for row in rows}
    return sorted(each for each in found if re.fullmatch(r"[\u4e00-\u9fff]{2,4}", each))


def second(text: str) -> bool:
    return hashlib.sha256(text.encode()).digest()[0] % 2 == 1


def recall(shared: Path, part: float = 1.0) -> tuple[int, int]:
    """Names put in and found with exact bounds, of how many."""
    dice = random.Random(5)
    texts = sorted({each for each in petitions(shared) if second(each)})
    names = [each for each in people(shared) if second(each)]
    right = total = 0
    for text in dice.sample(texts, min(len(texts), int(MOST * part))):
        places = list(SLOTS.finditer(text))
        if not places:
            continue
        place, name = dice.choice(places), dice.choice(names)
        whole = text[max(0, place.start() - AROUND) : place.start()] + name
        at = len(whole) - len(name)
        whole += text[place.end() : place.end() + AROUND]
        total += 1
        right += any(
            each.kind == "name" and (each.start, each.end) == (at, at + len(name)) for each in spots(whole)
        )
    return right, total


def taken(shared: Path, many: int = 100, seed: int = 12) -> list[str]:
    """A draw of what is taken for names in the second half, in its surroundings: for a person to read."""
    texts = sorted({each for each in petitions(shared) if second(each)})
    found = [
        f"{text[max(0, each.start - 8) : each.start]}【{text[each.start : each.end]}】{text[each.end : each.end + 8]}"
        for text in texts
        for each in spots(text)
        if each.kind == "name"
    ]
    return random.Random(seed).sample(found, min(many, len(found)))
