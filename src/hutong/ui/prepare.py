"""What some components work out before their template is rendered."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.html import conditional_escape
from django.utils.translation import get_language, gettext

from hutong.kernel.urn import Urn
from hutong.ui import formats
from hutong.ui.sparkline import sparkline

Options = dict[str, Any]
NUMERIC: Final = {"number", "short", "money", "percent"}
_WHOLE: Final = re.compile(r"(?:[a-z]-)?\d{4}-\d{2}[\d-]{0,6}(?: v\d{1,3}| \d{2}:\d{2}(?::\d{2})?)?")
_CARD_LINES, _FEWEST_CARDS = 60, 4
STATES: Final = ("good", "watch", "bad", "running", "none")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the table template shows it."""

    text: str
    url: str = ""
    kind: str = "text"
    state: str = ""
    title: str = ""

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC

    @property
    def whole(self) -> bool:
        """Whether it would be torn at its hyphens: a day, a number of a contract."""
        return bool(_WHOLE.fullmatch(self.text))


@dataclass(frozen=True, slots=True)
class Head:
    """One column heading; ``url`` sorts by it, ``order`` tells how the table is sorted now."""

    key: str
    title: str
    kind: str
    url: str = ""
    order: str = ""

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC


def table(options: Options) -> Options:
    """Columns ``{key, title, kind, sort}`` and rows (mappings or sequences) as headings and cells."""
    columns = [dict(each) for each in options["columns"]]
    query = dict(options.get("query") or {})
    heads = [_head(column, str(options.get("sort") or ""), query) for column in columns]
    rows = [
        [(head, _cell(head.kind, _value(row, head.key, index))) for index, head in enumerate(heads)]
        for row in options["rows"]
    ]
    return {**options, "heads": heads, "cells": rows, "first": first_cards(len(rows), len(heads))}


def first_cards(rows: int, columns: int) -> int:
    """How many rows a phone shows as cards before it asks whether to go on; 0: all of them."""
    first = max(_FEWEST_CARDS, _CARD_LINES // max(columns, 1))
    return first if rows > first + first // 2 else 0


def written(kind: str, value: Any) -> str:
    """``value`` as a cell of ``kind`` shows it."""
    language = get_language() or "zh-hans"
    match kind:
        case "number":
            return formats.number(value)
        case "short":
            return formats.short(value, None, language)
        case "money":
            return formats.money(value, language)
        case "percent":
            return formats.percent(value)
        case "when":
            return formats.when(value, language)
        case "month":
            return formats.month(value, language)
        case _ if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        case _:
            return formats.DASH if value in (None, "") else str(value)


def figure(options: Options) -> Options:
    """Numbers written for the reader, the trend in words, the line drawn."""
    points = options.get("points") or []
    value = options.get("value")
    options["written"] = written(str(options.get("format") or "short"), value)
    number, _, unit = options["written"].partition(" ")
    if value is not None and options.get("format") != "text" and unit:
        options["written"], options["unit"] = number, unit + str(options.get("unit") or "")
    options["line"] = sparkline(points) if len(points) > 1 else None
    change = options.get("change")
    if change is not None:
        shown = round(change, 3)  # as it is written, so that 0.0% points nowhere
        options["direction"] = "up" if shown > 0 else "down" if shown < 0 else "flat"
        share = formats.percent(abs(change))
        points = gettext("%(number)s points") % {"number": share.removesuffix("%")}
        options["change_written"] = points if options.get("change_kind") == "points" else share
    return options


def progress(options: Options) -> Options:
    """The share done; unknown while there is no total."""
    done, total = options.get("done") or 0, options.get("total") or 0
    options["share"] = formats.percent(done / total, 0) if total else ""
    return options


def pager(options: Options) -> Options:
    """Addresses of the pages around the current one, keeping the other parameters."""
    page, size, total = int(options["page"]), int(options["size"]), options.get("total")
    query = {key: value for key, value in dict(options.get("query") or {}).items() if key != "page"}
    pages = -(-int(total) // size) if total is not None else None
    more = page < pages if pages is not None else bool(options.get("more"))
    options["previous"] = _address(query, page - 1) if page > 1 else ""
    options["next"] = _address(query, page + 1) if more else ""
    options["pages"] = pages
    options["first_row"] = (page - 1) * size + 1
    options["last_row"] = min(page * size, int(total)) if total is not None else page * size
    return options


def chart(options: Options) -> Options:
    """The series for the script and the same numbers as a table."""
    series: Sequence[Mapping[str, Any]] = options["series"]
    labels = [str(label) for label in options["labels"]]
    options["payload"] = {
        "kind": options.get("kind") or "line",
        "labels": labels,
        "unit": str(options.get("unit") or ""),
        "series": [{"name": str(each["name"]), "values": list(each["values"])} for each in series],
    }
    options["table_heads"] = [str(each["name"]) for each in series]
    options["table_rows"] = [
        (label, [formats.number(each["values"][index]) for each in series])
        for index, label in enumerate(labels)
    ]
    options["payload_id"] = f"{options['id']}-data"
    return options


def _head(column: Mapping[str, Any], sort: str, query: dict[str, Any]) -> Head:
    key, kind = str(column["key"]), str(column.get("kind") or "text")
    if not column.get("sort"):
        return Head(key, str(column["title"]), kind)
    order = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
    wanted = f"-{key}" if order == "ascending" else key
    return Head(key, str(column["title"]), kind, "?" + urlencode({**query, "sort": wanted}), order)


def _value(row: Any, key: str, index: int) -> Any:
    return row.get(key) if isinstance(row, Mapping) else row[index]


def _cell(kind: str, value: Any) -> Cell:
    if isinstance(value, Mapping):
        text = value.get("text")
        shown = str(value.get("kind") or kind)
        url, state, title = (str(value.get(each) or "") for each in ("url", "state", "title"))
        return Cell(written(shown, text), url, shown, state, title)
    if kind == "urn" and value:
        found = value if isinstance(value, Urn) else Urn.parse(str(value))
        return Cell(found.local, found.path, kind, title=str(found))
    if hasattr(value, "__html__"):
        return Cell(conditional_escape(value), kind=kind)
    return Cell(written(kind, value), kind=kind)


def _address(query: dict[str, Any], page: int) -> str:
    return "?" + urlencode({**query, "page": page})


PREPARE: Final[dict[str, Callable[[Options], Options]]] = {
    "chart": chart,
    "figure": figure,
    "pager": pager,
    "progress": progress,
    "table": table,
}
