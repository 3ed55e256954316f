"""What demo/defects.yaml documents is in the sources: no more, no fewer. Counted here by other means than planting."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from stdnum.cn import ric, uscc

from hutong.demo.generating import _handed_in
from hutong.demo.logic.defects import plant
from hutong.demo.logic.draw import Dice
from hutong.demo.logic.made import Made
from hutong.demo.pack import DefectSpec
from hutong.demo.writing import arrow
from hutong.packs.api import load

PACK = load("beijing-dongcheng")
DEFECTS: list[DefectSpec] = list(PACK.values("demo-defects"))
ISO = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?\Z")
Rows = dict[str, Any]


@pytest.fixture(scope="module")
def spoilt(world: dict[str, Made]) -> dict[str, tuple[Rows, Rows]]:
    """Columns before and after planting, by dataset."""
    found = {}
    for source in PACK.values("demo-sources"):
        own = tuple(each.planted for each in DEFECTS if each.dataset == source.dataset)
        if own:
            true = _handed_in(source, world[source.dataset])
            found[source.dataset] = (true.columns, plant(source.dataset, true, own, Dice()).columns)
    return found


def _rows(columns: Rows) -> int:
    return len(next(iter(columns.values())))


def _absent(true: Rows, now: Rows, defect: DefectSpec) -> int:
    return len(_keys(true, defect) - _keys(now, defect))


def _keys(columns: Rows, defect: DefectSpec) -> set[tuple[str, ...]]:
    key = PACK.find("datasets", defect.dataset).value.table.key
    return set(zip(*(map(str, columns[each].tolist()) for each in key), strict=True))


def _repeated(_true: Rows, now: Rows, defect: DefectSpec) -> int:
    key = PACK.find("datasets", defect.dataset).value.table.key
    return _rows(now) - len(set(zip(*(map(str, now[each].tolist()) for each in key), strict=True)))


def _bad_check(_true: Rows, now: Rows, defect: DefectSpec) -> int:
    if defect.column == "uscc":
        return sum(not uscc.is_valid(each) for each in now["uscc"].tolist())
    return sum(ric.calc_check_digit(each) != each[-1] for each in now[defect.column].tolist())


def _equal(true: Rows, now: Rows, defect: DefectSpec) -> int:
    def count(columns: Rows) -> int:
        same = [_same(each, defect.value) for each in columns[defect.column].tolist()]
        for name, wanted in defect.where.items():
            same = [a and str(b) == wanted for a, b in zip(same, columns[name].tolist(), strict=True)]
        return sum(same)

    return count(now) - count(true)


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(value, int | float) and isinstance(wanted, int | float):
        return value == wanted
    return str(value if value is not None else "") == str(wanted)


def _breaks_rule(_true: Rows, now: Rows, defect: DefectSpec) -> int:
    """Ask DuckDB for the rows that break the contract's own rule."""
    rules = {each.id: each for each in PACK.find("datasets", defect.dataset).value.table.rules}
    names = [name for name in now if re.search(rf"\b{name}\b", rules[defect.expect.at].check)]
    connection = duckdb.connect()
    connection.register("spoilt", pa.table([_plain(now[name]) for name in names], names=names))
    row = connection.execute(
        f"SELECT count(*) FROM spoilt WHERE NOT ({rules[defect.expect.at].check})"
    ).fetchone()
    connection.close()
    assert row is not None
    return row[0]


def _plain(values: Any) -> Any:
    """For Arrow; days written in other ways are left out."""
    if values.dtype.kind == "O" and any(isinstance(each, str) and ISO.match(each) for each in values):
        values = np.array(
            [each if each and ISO.match(each) else "NaT" for each in values], dtype="datetime64[s]"
        )
    return arrow(values)


def _beyond(_true: Rows, now: Rows, defect: DefectSpec) -> int:
    high = float(PACK.find("datasets", defect.dataset).value.table.columns[defect.column].range[1])
    return sum(isinstance(each, int | float) and each > high for each in now[defect.column].tolist())


def _falls(_true: Rows, now: Rows, defect: DefectSpec) -> int:
    seen: dict[tuple[str, ...], float] = {}
    falls = 0
    order = np.argsort(now[defect.of], kind="stable")
    for row in order:
        group = tuple(str(now[each][row]) for each in defect.per)
        value = float(now[defect.column][row])
        falls += value < seen.get(group, value)
        seen[group] = value
    return falls


def _other_formats(true: Rows, now: Rows, defect: DefectSpec) -> int:
    odd = [
        each for each in now[defect.column].tolist() if isinstance(each, str) and each and not ISO.match(each)
    ]
    return len(odd)


def _changed(true: Rows, now: Rows, defect: DefectSpec) -> int:
    before = Counter(map(str, true[defect.column].tolist()))
    return sum((Counter(map(str, now[defect.column].tolist())) - before).values())


def _shorter(_true: Rows, now: Rows, defect: DefectSpec) -> int:
    return sum(len(each) == 15 for each in now[defect.column].tolist())


def _signed(_true: Rows, now: Rows, defect: DefectSpec) -> int:
    return sum(str(each).endswith("%") for each in now[defect.column].tolist())


def _outside(_true: Rows, now: Rows, defect: DefectSpec) -> int:
    return sum(0 < float(each) < 116.36 for each in now["lon"].tolist())


def _swapped(_true: Rows, now: Rows, defect: DefectSpec) -> int:
    return sum(float(each) < 90 for each in now["lon"].tolist())


COUNTS: dict[str, Callable[[Rows, Rows, DefectSpec], int]] = {
    "absent": _absent,
    "duplicate": _repeated,
    "check-digit": _bad_check,
    "set": _equal,
    "offset": _breaks_rule,
    "times": _beyond,
    "fall": _falls,
    "date-format": _other_formats,
    "cut": _shorter,
    "percent-sign": _signed,
    "move": _outside,
    "swap": _swapped,
}


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda each: f"{each.dataset}-{each.id}")
def test_as_many_rows_as_documented(spoilt: dict[str, tuple[Rows, Rows]], defect: DefectSpec) -> None:
    true, now = spoilt[defect.dataset]
    assert COUNTS[defect.kind](true, now, defect) == defect.rows


def test_nothing_else_is_touched(spoilt: dict[str, tuple[Rows, Rows]]) -> None:
    """Rows that differ from a true one, in any way, are as many as are documented as spoilt in place or added."""
    for dataset, (true, now) in spoilt.items():
        own = [each for each in DEFECTS if each.dataset == dataset]
        before = Counter(zip(*(_texts(values) for values in true.values()), strict=True))
        after = Counter(zip(*(_texts(values) for values in now.values()), strict=True))
        documented = sum(each.rows for each in own if each.kind != "absent")
        assert sum((after - before).values()) == documented, dataset
        lost = sum(each.rows for each in own if each.kind != "duplicate" and not each.fresh)
        assert sum((before - after).values()) == lost, dataset


def _texts(values: Any) -> list[str]:
    return [_text(each) for each in arrow(values).cast(pa.string()).to_pylist()]


def _text(value: str | None) -> str:
    """93 and 93.0 are one value."""
    return (value or "").removesuffix(".0")
