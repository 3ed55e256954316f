"""Writing SQL text from checked parts."""

from collections.abc import Iterable

WHITE = "chr(9)||chr(10)||chr(11)||chr(12)||chr(13)||chr(32)||chr(160)||chr(12288)||chr(65279)"


_ENDS = ("' '", "chr(9)", "chr(10)", "chr(13)", "chr(160)", "chr(12288)")


def ident(name: str) -> str:
    """``name`` as a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | None) -> str:
    """``text`` as a string literal."""
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    return ", ".join(literal(text) for text in texts)


def trim(expression: str) -> str:
    """Without white space at both ends, the full-width space and the byte-order mark included."""
    return f"trim({expression}, {WHITE})"


def clean(expression: str) -> str:
    """The text trimmed, NULL when nothing is left; trims only texts that begin or end in white space.

    ``trim`` costs 30 times what looking at both ends does.
    """
    ends = " OR ".join(f"ends_with({expression}, {end})" for end in _ENDS)
    return (
        f"CASE WHEN ascii({expression}) <= 32 OR ascii({expression}) IN (160, 12288, 65279) OR {ends}"
        f" THEN nullif({trim(expression)}, '') ELSE {expression} END"
    )
