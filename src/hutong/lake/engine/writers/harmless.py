"""Texts that no spreadsheet program takes for a formula."""

import re
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # full-width signs count too in some programs
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_PATTERN = "^[=+\\-@\t\r\n＝＋－＠]"
_NUMBER_PATTERN = r"^[+-]?\d+(\.\d+)?$"


def harmless(text: str) -> str:
    """``text`` with an apostrophe before it where it would be a formula; a plain signed number stays."""
    return f"'{text}" if text.startswith(_STARTS) and not _NUMBER.fullmatch(text) else text


def harmless_column(column: Any) -> Any:
    """The same for an Arrow array of texts."""
    risky = pc.and_(
        pc.match_substring_regex(column, _PATTERN),
        pc.invert(pc.match_substring_regex(column, _NUMBER_PATTERN)),
    )
    if not pc.any(risky, min_count=1).as_py():
        return column
    marked = pc.binary_join_element_wise(pa.scalar("'"), column, "", null_handling="emit_null")
    return pc.if_else(risky, marked, column)
