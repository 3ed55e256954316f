"""Codes that hold together, damaged one character or one swap at a time: are they refused, are they mended?"""

import random
from pathlib import Path
from typing import Any

from stdnum.cn import uscc

from hutong.market.modules.uscc_check.run import check

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def made(dice: random.Random) -> str:
    """A code with both check characters right; nobody's in particular."""
    body = "".join(dice.choice("0123456789") for _ in range(8))
    eleven = (11 - sum(int(each) * weight for each, weight in zip(body, WEIGHTS, strict=True)) % 11) % 11
    front = (
        "91"
        + dice.choice(("110101", "110105", "310115", "440305"))
        + body
        + ("X" if eleven == 10 else str(eleven))
    )
    return next(front + each for each in ALPHABET if uscc.is_valid(front + each))


def measure(_shared: Path, part: float = 1.0) -> list[dict[str, Any]]:
    dice = random.Random(7)
    refused = mended = swaps = cases = accepted = 0
    many = int(500 * part)
    for _ in range(many):
        code = made(dice)
        accepted += check(code).valid
        for place in range(18):
            wrong = (
                code[:place]
                + dice.choice([each for each in ALPHABET if each != code[place]])
                + code[place + 1 :]
            )
            refused, cases = refused + (not check(wrong).valid), cases + 1
        place = dice.randrange(8, 17)
        if code[place] != code[place + 1]:
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            mended, swaps = mended + (check(swapped).suggestion == code), swaps + 1
    data = {"zh": "生成的代码，逐字改错或换位", "en": "made codes, one character or one swap wrong"}
    return [
        {"id": "damaged-refused", "metric": {"zh": "改错一字后被判无效", "en": "Refused with one wrong character"},
         "value": round(refused / cases, 4), "unit": "share", "cases": cases, "data": data},
        {"id": "good-accepted", "metric": {"zh": "正确代码被判有效", "en": "Accepted when right"},
         "value": round(accepted / many, 4), "unit": "share", "cases": many, "data": data},
        {"id": "swap-mended", "metric": {"zh": "相邻换位后给出正确建议", "en": "Two swapped neighbours mended right"},
         "value": round(mended / swaps, 4), "unit": "share", "cases": swaps, "data": data},
    ]  # fmt: skip
