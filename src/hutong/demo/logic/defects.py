"""Planting the documented defects: every row gets one at most, so that what is found can be counted exactly."""

from collections.abc import Callable
from typing import Any

import numpy as np

from hutong.demo.logic.codes import spoil_check
from hutong.demo.logic.draw import Dice, Flags, Ints
from hutong.demo.logic.made import Columns, Made
from hutong.demo.logic.planted import Planted

Spoiler = Callable[[Columns, Ints, Planted], None]


def plant(dataset: str, made: Made, defects: tuple[Planted, ...], dice: Dice) -> Made:
    """The same dataset with its defects. Fewer rows than documented are spoilt only where there are too few."""
    rng = dice.of(f"defects of {dataset}")
    columns: Columns = dict(made.columns)
    since = made.since
    free: Flags = np.ones(made.rows, dtype=bool)
    for number, defect in enumerate(defects):
        size = len(next(iter(columns.values())))
        free = np.append(free, np.zeros(size - len(free), dtype=bool))
        able = np.flatnonzero(free & _eligible(columns, defect, size))
        rows = np.sort(rng.permutation(able)[: defect.rows])
        free[rows] = False
        if defect.kind in ("duplicate", "absent") or defect.fresh:
            keep = np.arange(size)
            keep = np.setdiff1d(keep, rows) if defect.kind == "absent" else np.append(keep, rows)
            columns = {name: values[keep] for name, values in columns.items()}
            since = None if since is None else since[keep]
            if defect.kind == "absent":
                free = free[keep]
            rows = np.arange(size, size + len(rows))
        if defect.fresh:
            _renumber(columns, defect.fresh, rows, number)
        if defect.kind in SPOILERS:
            SPOILERS[defect.kind](columns, rows, defect)
    return Made(columns, since=since, revise=made.revise)


def _eligible(columns: Columns, defect: Planted, size: int) -> Flags:
    able: Flags = np.ones(size, dtype=bool)
    for name, wanted in defect.where.items():
        able &= columns[name].astype(np.str_) == wanted
    for name in (defect.column, defect.of):
        if name and columns[name].dtype.kind == "M":
            able &= ~np.isnat(columns[name])
        elif name and columns[name].dtype.kind == "O":
            able &= np.array([each not in (None, "") for each in columns[name]], dtype=bool)
    if defect.least is not None:
        able &= _numbers(columns[defect.column]) >= defect.least
    if defect.kind == "fall":
        able &= _has_room_to_fall(columns, defect)
    return able


def _numbers(values: Any) -> Any:
    if values.dtype.kind != "O":
        return values.astype(np.float64)
    return np.array([float(each) if isinstance(each, int | float) else np.nan for each in values])


def _has_room_to_fall(columns: Columns, defect: Planted) -> Flags:
    """Rows whose predecessor in the group is above what they fall to, and not spoilt neighbours themselves."""
    order = np.lexsort(
        (np.arange(len(columns[defect.column])), columns[defect.of], *(columns[each] for each in defect.per))
    )
    values = _numbers(columns[defect.column])[order]
    same = np.ones(len(order), dtype=bool)
    for each in defect.per:
        group = columns[each][order]
        same &= np.concatenate([[False], group[1:] == group[:-1]])
    before = np.concatenate([[0], values[:-1]])
    room = same & (before > values - defect.by) & (values - defect.by > 0) & (np.arange(len(order)) % 3 == 1)
    able = np.zeros(len(order), dtype=bool)
    able[order] = room
    return able


def _renumber(columns: Columns, key: str, rows: Ints, number: int) -> None:
    values = columns[key].astype(object)
    for serial, row in enumerate(rows):
        text = str(values[row])
        values[row] = (
            text[:-3] + f"{(7 - number) % 10}{serial:02d}" if text.startswith("GR") else f"{text}-{serial}"
        )
    columns[key] = values


def _loose(columns: Columns, name: str) -> Any:
    """The column as plain Python values, ready for anything."""
    values = columns[name]
    if values.dtype.kind != "O":
        if values.dtype.kind == "M":
            shown = np.char.replace(values.astype(np.str_), "T", " ").astype(object)
            shown[np.isnat(values)] = None
            values = shown
        else:
            values = values.astype(object)
        columns[name] = values
    else:
        columns[name] = values = values.copy()
    return values


def _set(columns: Columns, rows: Ints, defect: Planted) -> None:
    if columns[defect.column].dtype.kind in "iuf" and isinstance(defect.value, int | float):
        changed = columns[defect.column].copy()
        changed[rows] = defect.value
        columns[defect.column] = changed
        return
    values = _loose(columns, defect.column)
    values[rows] = defect.value


def _offset(columns: Columns, rows: Ints, defect: Planted) -> None:
    """``column`` becomes ``of`` plus ``by`` (seconds for a moment, days for a day)."""
    source, target = columns[defect.of], columns[defect.column].copy()
    if source.dtype.kind == "M":
        daily = source.dtype == np.dtype("datetime64[D]")
        step = np.timedelta64(int(defect.by), "D") if daily else np.timedelta64(int(defect.by), "s")
        target[rows] = source[rows] + step
    else:
        target[rows] = np.round(source[rows].astype(np.float64) + defect.by, 2)
    columns[defect.column] = target


def _times(columns: Columns, rows: Ints, defect: Planted) -> None:
    values = columns[defect.column].copy()
    values[rows] = np.round(values[rows].astype(np.float64) * defect.by, 2)
    columns[defect.column] = values


def _fall(columns: Columns, rows: Ints, defect: Planted) -> None:
    values = columns[defect.column].copy()
    values[rows] = np.round(values[rows].astype(np.float64) - defect.by, 2)
    columns[defect.column] = values


def _move(columns: Columns, rows: Ints, defect: Planted) -> None:
    """Into another district: ``by`` degrees to the west."""
    values = columns[defect.column].copy()
    values[rows] = np.round(values[rows].astype(np.float64) - defect.by, 6)
    columns[defect.column] = values


def _spoil(columns: Columns, rows: Ints, defect: Planted) -> None:
    values = _loose(columns, defect.column)
    values[rows] = [spoil_check(str(each)) for each in values[rows]]


def _cut(columns: Columns, rows: Ints, defect: Planted) -> None:
    values = _loose(columns, defect.column)
    values[rows] = [str(each)[:-1] for each in values[rows]]


def _dates(columns: Columns, rows: Ints, defect: Planted) -> None:
    """The same moment written in other ways: 2023/1/5, 2023年1月5日, 20230105."""
    values = _loose(columns, defect.column)
    for number, row in enumerate(rows):
        day, _, time = str(values[row]).partition(" ")
        year, month, date = day.split("-")
        ways = (
            f"{year}/{int(month)}/{int(date)}",
            f"{year}年{int(month)}月{int(date)}日",
            f"{year}.{month}.{date}",
        )
        values[row] = f"{ways[number % 3]} {time}".strip()


def _percent(columns: Columns, rows: Ints, defect: Planted) -> None:
    values = _loose(columns, defect.column)
    values[rows] = [f"{each}%" for each in values[rows]]


def _swap(columns: Columns, rows: Ints, defect: Planted) -> None:
    one, two = columns[defect.column].copy(), columns[defect.of].copy()
    one[rows], two[rows] = columns[defect.of][rows], columns[defect.column][rows]
    columns[defect.column], columns[defect.of] = one, two


SPOILERS: dict[str, Spoiler] = {
    "set": _set,
    "offset": _offset,
    "times": _times,
    "fall": _fall,
    "move": _move,
    "check-digit": _spoil,
    "cut": _cut,
    "date-format": _dates,
    "percent-sign": _percent,
    "swap": _swap,
}
