"""Texts and rows, with what was found put out of sight."""

import hashlib
import hmac
from collections import Counter
from typing import Final

from hutong.market.errors import Unfit
from hutong.market.modules.deidentify import finding
from hutong.market.modules.deidentify.finding import Spot
from hutong.market.modules.deidentify.shapes import Found, Given, Hit
from hutong.market.running import Context, module

_TITLES: Final = {
    "id_number": "身份证号", "phone": "电话", "bank_card": "银行卡号", "plate": "车牌", "uscc": "信用代码",
    "email": "邮箱", "name": "姓名", "address": "地址",
}  # fmt: skip
_SHOWN: Final = {
    "id_number": (6, 0),
    "phone": (3, 4),
    "bank_card": (0, 4),
    "plate": (2, 0),
    "uscc": (8, 0),
    "name": (1, 0),
}


@module("deidentify")
def run(given: Given, _context: Context) -> Found:
    if given.mode == "hash" and len(given.salt) < 8:
        raise Unfit(zh="摘要方式需要至少 8 个字符的盐", en="hashing needs a salt of 8 characters or more")
    hits: list[Hit] = []
    texts = [_text(given, text, number, "", hits) for number, text in enumerate(given.texts)]
    rows = []
    for number, row in enumerate(given.rows, len(given.texts)):
        rows.append({
            name: _text(given, str(cell), number, name, hits) if isinstance(cell, str | int) and not isinstance(cell, bool) else cell
            for name, cell in row.items()
        })  # fmt: skip
    for old, new in zip(given.rows, rows, strict=True):
        new.update(
            {name: cell for name, cell in old.items() if str(cell) == new[name]}
        )  # untouched cells keep their type
    return Found(texts=texts, rows=rows, hits=hits, counts=dict(Counter(each.kind for each in hits)))


def _text(given: Given, text: str, item: int, column: str, hits: list[Hit]) -> str:
    kind = finding.column_kind(column) if column else ""
    spots = finding.whole(kind, text) if kind else finding.spots(text)
    done, at = "", 0
    for each in (spot for spot in spots if spot.kind not in given.keep):
        done += text[at : each.start] + _hidden(given, each, text[each.start : each.end])
        at = each.end
        hits.append(
            Hit(
                item=item,
                column=column,
                kind=each.kind,
                start=each.start,
                length=each.end - each.start,
                reason=each.reason,
            )
        )
    return done + text[at:]


def _hidden(given: Given, spot: Spot, text: str) -> str:
    if given.mode == "replace":
        return f"［{_TITLES[spot.kind]}］"
    if given.mode == "hash":
        digest = hmac.new(given.salt.encode(), f"{spot.kind}:{text}".encode(), hashlib.sha256).hexdigest()
        return f"［{_TITLES[spot.kind]}:{digest[:16]}］"
    first, last = _SHOWN.get(spot.kind, (0, 0))
    if spot.kind == "email":
        return f"{text[0]}***{text[text.index('@') :]}" if "@" in text else "***"
    if spot.kind == "address":
        cut = next((i for i, each in enumerate(text) if each.isdigit()), min(6, len(text)))
        return text[:cut] + "***"
    if len(text) <= first:
        return "*"
    hidden = max(1, len(text) - first - last)
    return text[:first] + "*" * hidden + (text[len(text) - last :] if last else "")
