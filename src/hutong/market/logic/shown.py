"""What a module found, as parts a page can show: values, texts and tables."""

from collections.abc import Mapping
from typing import Any, Final

from hutong.market.logic import named

_MOST_ROWS: Final = 200
_LONG: Final = 120


def parts(output: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``{name, values}`` for plain values together, ``{name, text}`` for a long text, ``{name, columns, rows}``."""
    plain = {name: _cell(value) for name, value in output.items() if not isinstance(value, list | dict)}
    short = {name: value for name, value in plain.items() if len(value) <= _LONG and "\n" not in value}
    found: list[dict[str, Any]] = []
    if short:
        found.append({"name": "", "values": list(short.items())})
    found += [{"name": name, "text": value} for name, value in plain.items() if name not in short]
    for name, value in output.items():
        if isinstance(value, list) and value:
            found.append({"name": name, **_table(value)})
        elif isinstance(value, dict) and value:
            found.append({"name": name, "values": [(key, _cell(each)) for key, each in value.items()]})
    return found


def _table(rows: list[Any]) -> dict[str, Any]:
    if not all(isinstance(each, dict) for each in rows):
        return {
            "columns": ["value"],
            "rows": [[_cell(each)] for each in rows[:_MOST_ROWS]],
            "total": len(rows),
        }
    columns = list(dict.fromkeys(name for each in rows for name in each))
    kept = [name for name in columns if any(each.get(name) not in ("", None, []) for each in rows)]
    body = [[_cell(each.get(name)) for name in kept] for each in rows[:_MOST_ROWS]]
    return {"columns": kept, "rows": body, "total": len(rows)}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | dict):
        return _inside(value)
    return str(value)


def _inside(value: Any) -> str:
    if isinstance(value, dict):
        said = (_named(name, each) for name, each in value.items() if each not in ("", None, [], {}))
        return " · ".join(said)
    if any(isinstance(each, dict) for each in value):
        return "\n".join(_cell(each) for each in value)
    return "；".join(_cell(each) for each in value)


def _named(name: str, value: Any) -> str:
    """One thing of several in a cell: codes in words, and a count or a place says what it is."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{named.title(name)} {_cell(value)}"
    return named.value(name, _cell(value))
