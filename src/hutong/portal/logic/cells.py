"""How cells are written to files that spreadsheets open."""

from typing import Any, Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula, with an apostrophe before it (OWASP: CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def harmless_sql(name: str) -> str:
    """The same for a quoted column inside the engine."""
    marks = "'=', '+', '-', '@', chr(9), chr(13)"
    return f"CASE WHEN left({name}, 1) IN ({marks}) THEN '''' || {name} ELSE {name} END"
