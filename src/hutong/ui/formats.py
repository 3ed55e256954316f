"""How numbers, money, shares and times are written for a reader, in Chinese or English.

Missing values are an em dash. Functions take the language tag last; the template filters pass the reader's.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from hutong.kernel.clock import local

DASH: Final = "—"
Number = int | float | Decimal
_LARGE: Final = {
    "zh": ((Decimal(10) ** 8, " 亿"), (Decimal(10) ** 4, " 万")),
    "en": ((Decimal(10) ** 9, " bn"), (Decimal(10) ** 6, " m")),
}
_FEN: Final = {
    "zh": ((Decimal(10) ** 10, " 亿元"), (Decimal(10) ** 6, " 万元"), (Decimal(100), " 元")),
    "en": ((Decimal(10) ** 11, " bn"), (Decimal(10) ** 8, " m"), (Decimal(100), "")),
}
_UNITS: Final = {
    "元": "CNY", "千元": "CNY 1,000", "万元": "CNY 10,000", "百万元": "CNY m", "亿元": "CNY 100m",
    "元/平方米": "CNY/m²", "平方米": "m²", "平方公里": "km²", "公顷": "ha", "公里": "km", "米": "m", "小时": "h",
    "天": "days", "年": "years", "人": "people", "万人": "10,000 people", "人次": "visits", "万人次": "10,000 visits",
    "户": "households", "例": "cases", "件": "cases", "层": "floors",
    "家": "", "项": "", "个": "", "张": "", "次": "", "辆": "",  # words that count; English does without
}  # fmt: skip


def number(value: object, decimals: int | None = None, language: str = "zh-hans") -> str:
    """``1234567.8`` as ``1,234,567.8``; at most two decimals unless told how many."""
    found = _decimal(value)
    if found is None:
        return DASH if value in (None, "") else str(value)
    del language  # both write thousands with a comma
    return _digits(found, decimals)


def short(value: object, decimals: int | None = None, language: str = "zh-hans") -> str:
    """Large numbers in 万 and 亿 (English: m, bn): ``123456789`` as ``1.23 亿``."""
    found = _decimal(value)
    if found is None:
        return number(value)
    for size, unit in _LARGE[language[:2]]:
        if abs(found) >= size:
            return _digits(found / size, decimals) + unit
    return _digits(found, decimals)


def money(fen: object, language: str = "zh-hans") -> str:
    """Fen in the largest unit that leaves at least one: ``3000000000`` as ``3,000 万元``."""
    found = _decimal(fen)
    if found is None:
        return number(fen)
    sign = "" if language.startswith("zh") else "CNY "
    for size, unit in _FEN[language[:2]]:
        if abs(found) >= size:
            return sign + _digits(found / size, None) + unit
    return sign + _digits(found / 100, 2) + _FEN[language[:2]][-1][1]


def percent(share: object, decimals: int | None = 1) -> str:
    """A share of one: ``0.1234`` as ``12.3%``."""
    found = _decimal(share)
    return number(share) if found is None else _digits(found * 100, decimals) + "%"


def when(moment: object, language: str = "zh-hans") -> str:
    """A moment in Shanghai time, or a day; a text is left as it is."""
    chinese = language.startswith("zh")
    if isinstance(moment, datetime):
        here = local(moment)
        day = f"{here.year}年{here.month}月{here.day}日" if chinese else f"{here.day} {here:%b %Y}"
        return f"{day} {here:%H:%M}"
    if isinstance(moment, date):
        if chinese:
            return f"{moment.year}年{moment.month}月{moment.day}日"
        return f"{moment.day} {moment:%b %Y}"
    return DASH if moment in (None, "") else str(moment)


def unit(text: str, language: str = "zh-hans") -> str:
    """A unit of measure as contracts write it, for the reader; one that is not in the list stays as it is."""
    return text if language.startswith("zh") else _UNITS.get(text, text)


def month(day: object, language: str = "zh-hans") -> str:
    """The month of a day: ``2025年6月``, ``Jun 2025``."""
    if isinstance(day, datetime):
        day = local(day).date()
    if not isinstance(day, date):
        return when(day)
    return f"{day.year}年{day.month}月" if language.startswith("zh") else f"{day:%b %Y}"


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    found = Decimal(str(value))
    return found if found.is_finite() else None


def _digits(found: Decimal, decimals: int | None) -> str:
    places = 2 if decimals is None else decimals
    rounded = found.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{rounded:,.{places}f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return "−" + text[1:] if text.startswith("-") and text.strip("-0.,") else text.lstrip("-")
