"""Numbers, money and times as the reader of the page that is being made reads them."""

from django.utils.translation import get_language

from hutong.ui import formats


def _language() -> str:
    return get_language() or "zh-hans"


def short(value: object, decimals: int | None = None) -> str:
    return formats.short(value, decimals, _language())


def money(fen: object) -> str:
    return formats.money(fen, _language())


def when(moment: object) -> str:
    return formats.when(moment, _language())


def unit(text: str) -> str:
    return formats.unit(text, _language())


def month(day: object) -> str:
    return formats.month(day, _language())
