"""Answers about rows, from editions that never change: what was answered once is kept within bounds."""

import threading
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import orjson

from hutong.portal import counting, engine, positions
from hutong.portal.editions import ROWS
from hutong.portal.errors import OnlyTotals
from hutong.portal.logic import query as asking
from hutong.portal.logic.query import Query
from hutong.portal.types import Edition, Page

_MOST_BYTES: Final = 64 * 2**20
_MOST_ANSWER: Final = 2**20
_MOST_COUNTS: Final = 20_000
_OPTIONS: Final = orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
_lock = threading.Lock()
_answers: OrderedDict[tuple[str, str], bytes] = OrderedDict()
_counts: OrderedDict[tuple[str, str], int] = OrderedDict()
_held = [0]


def page(edition: Edition, query: Query, *, count: bool = False) -> Page:
    """Rows of one page. Nothing is counted unless ``count`` asks for it. Raises ``OnlyTotals``."""
    asking.check(query)
    if edition.smallest and query.grouped:
        found, groups = counting.page(edition, query)
        return replace(found, total=groups) if count else found
    if not query.grouped:
        one_by_one(edition)
    columns, rows = _rows(edition, query)
    more = len(rows) > query.limit
    total = None
    if count:
        total = len(rows) + query.offset if rows and not more else total_of(edition, query)
    return Page(columns, rows[: query.limit], more, total)


def one_by_one(edition: Edition) -> None:
    """Go on only if rows are published by themselves; raises ``OnlyTotals``."""
    if edition.people:
        raise OnlyTotals(name=edition.dataset)


def _rows(edition: Edition, query: Query) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Rows and one more: by positions where they answer alone, else by the engine."""
    placed = positions.of(edition.folder)
    if placed.can(query):
        return query.columns, placed.take(placed.select(query), query.columns)
    text, params, columns = asking.sql(query)
    return columns, engine.rows(Path(edition.folder) / ROWS, text, params)


def total_of(edition: Edition, query: Query) -> int:
    """How many rows the whole answer has: the edition's own number, or counted once and kept."""
    if not (query.where or query.words or query.grouped or query.distinct):
        return edition.rows
    placed = positions.of(edition.folder)
    if placed.can(query):
        return placed.count(query)
    text, params = asking.counting(query)
    key = (edition.tag, f"{text}{params}")
    with _lock:
        if key in _counts:
            _counts.move_to_end(key)
            return _counts[key]
    found = int(engine.rows(Path(edition.folder) / ROWS, text, params)[0][0])
    with _lock:
        _counts[key] = found
        while len(_counts) > _MOST_COUNTS:
            _counts.popitem(last=False)
    return found


def kept(tag: str, key: str) -> bytes | None:
    """An answer that was given before about the same edition."""
    with _lock:
        found = _answers.get((tag, key))
        if found is not None:
            _answers.move_to_end((tag, key))
        return found


def keep(tag: str, key: str, answer: bytes) -> None:
    """Keep an answer; the oldest go when there is no room."""
    if len(answer) > _MOST_ANSWER:
        return
    with _lock:
        before = _answers.pop((tag, key), b"")
        _answers[tag, key] = answer
        _held[0] += len(answer) - len(before)
        while _held[0] > _MOST_BYTES:
            _, old = _answers.popitem(last=False)
            _held[0] -= len(old)


def forget() -> None:
    """Drop everything kept (tests, measurements without it)."""
    counting.forget()
    with _lock:
        _answers.clear()
        _counts.clear()
        _held[0] = 0


def as_json(value: Any) -> bytes:
    """JSON with times in UTC; numbers that JSON has no word for become null."""
    return orjson.dumps(value, option=_OPTIONS, default=str)
