"""Money is integer fen (分) end to end."""

import re
from decimal import Decimal, InvalidOperation

from hutong.kernel.errors import Invalid
from hutong.kernel.text import Text

FEN = {"分": 1, "元": 100, "千元": 100_000, "万元": 1_000_000, "百万元": 100_000_000, "亿元": 10_000_000_000}
_AMOUNT = re.compile(r"\s*(?P<number>[+-]?[\d,，]+(?:\.\d+)?)\s*(?P<unit>[分元千万百亿]+)\s*\Z")


class BadAmount(Invalid):
    """The text is not an amount of money with its unit."""

    code = "kernel.bad-amount"
    message = Text(zh="“{text}”不是带单位的金额", en="“{text}” is not an amount with its unit")
    fix = Text(zh="写成“3000 万元”“12.5 元”“1 亿元”", en="write it as “3000 万元”, “12.5 元” or “1 亿元”")


def parse_amount(text: str) -> int:
    """Read ``3000 万元`` to fen, exactly; raises ``BadAmount`` also where a fraction of a fen is left."""
    found = _AMOUNT.match(text)
    if not found or found["unit"] not in FEN:
        raise BadAmount(text=text)
    try:
        fen = Decimal(re.sub("[,，]", "", found["number"])) * FEN[found["unit"]]
    except InvalidOperation as error:
        raise BadAmount(text=text) from error
    if fen != fen.to_integral_value():
        raise BadAmount(text=text)
    return int(fen)


def show_amount(fen: int) -> str:
    """Write fen for a reader: the largest of 元, 万元, 亿元 that is at least one, two decimals at most."""
    for unit in ("亿元", "万元"):
        if abs(fen) >= FEN[unit]:
            return _trim(Decimal(fen) / FEN[unit]) + " " + unit
    return _trim(Decimal(fen) / 100) + " 元"


def _trim(number: Decimal) -> str:
    return f"{number:,.2f}".rstrip("0").rstrip(".")
