"""Characters of plan texts: widths, full-width forms, Chinese numerals, joining of broken lines."""

import re
import unicodedata

_DIGITS = {"〇": 0, "零": 0, "○": 0} | {c: i for i, c in enumerate("一二三四五六七八九", start=1)}
_DIGITS["两"] = 2
_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_FOLDED = str.maketrans(
    {
        **{chr(0xFF10 + d): str(d) for d in range(10)},
        "％": "%",
        "．": ".",
        "﹪": "%",
        "＋": "+",
        "－": "-",
        "［": "[",
        "］": "]",
        "＜": "<",
        "＞": ">",
        "＝": "=",
        "～": "~",
        "〜": "~",
        "∼": "~",
        "／": "/",
        "\u3000": " ",
        "\xa0": " ",
    }
)
RADICALS = str.maketrans(
    {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    | dict(
        zip(
            "⺁⺎⺟⺠⺼⻁⻄⻅⻆⻉⻋⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻫⻬⻮⻰⻳",
            "厂兀母民肉虎西见角贝车长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄斉齐齿龙龟",
            strict=True,
        )
    )
)
"""Radicals that some PDF writers put for the characters they look like."""
CIRCLED = {
    **{chr(0x2460 + i): i + 1 for i in range(20)},
    **{chr(0x2776 + i): i + 1 for i in range(10)},
    **{chr(0x2474 + i): i + 1 for i in range(20)},
    **{chr(0x2488 + i): i + 1 for i in range(20)},
    **{chr(0x3220 + i): i + 1 for i in range(10)},
}


def fold(text: str) -> str:
    """Full-width digits and signs as their ASCII forms; the length stays the same."""
    return text.translate(_FOLDED)


def has_han(text: str) -> bool:
    return bool(_HAN.search(text))


def width(text: str) -> int:
    """Columns the text takes on paper: two for an ideograph or full-width sign, one for a letter."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def chinese_number(text: str) -> int | None:
    """The value of 二十一, 一百零三, 二〇二五 or of digits; ``None`` if it is no number."""
    if re.fullmatch(r"[0-9]{1,6}", text):
        return int(text)
    if not text or any(c not in _DIGITS and c not in _UNITS for c in text):
        return None
    if not any(c in _UNITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text)) if len(text) <= 6 else None
    total, digit = 0, 0
    for character in text:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def chinese_text(value: int) -> str:
    """21 as 二十一 (1 to 99; larger values keep their digits)."""
    if not 0 < value < 100:
        return str(value)
    digits = "零一二三四五六七八九"
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else digits[tens] + "十"
    return head + (digits[ones] if ones else "")


def join(left: str, right: str) -> str:
    """Two pieces of a broken line as one: no space beside Chinese, one between Latin words."""
    left, right = left.rstrip(), right.lstrip()
    if left and right and _latin(left[-1]) and _latin(right[0]):
        return f"{left} {right}"
    return left + right


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def tidy(text: str) -> str:
    """A cell or title on one line: broken lines joined, spaces beside Chinese characters taken out."""
    joined = ""
    for piece in text.split("\n"):
        joined = join(joined, piece.strip(" \t\r\u3000\xa0\u200b\ufeff")) if joined else piece.strip()
    joined = re.sub(r"[\s\u3000]+", " ", joined).strip()
    return re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", joined)
