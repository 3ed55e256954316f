"""Texts made of whole columns: what a batch of rows is in a text format without a step of Python for each row."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_FIRST_PRINTABLE = 0x20
_FROM, _BELOW = pa.scalar(1e-4), pa.scalar(1e10)  # between them Arrow and Python write no exponent


def escaped(column: Any, instead: Mapping[str, str]) -> Any:
    """A column of texts with each ASCII character of ``instead`` replaced, in the order given."""
    present = _present(column, [ord(each) for each in instead])
    for sign, text in instead.items():
        if ord(sign) in present:
            column = pc.replace_substring(column, sign, text)
    return column


def _present(column: Any, wanted: Sequence[int]) -> set[int]:
    """Which of these bytes occur; bytes below 0x80 are no part of another character in UTF-8."""
    _, offsets, data = column.buffers()
    if data is None or not len(column):
        return set()
    ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    found = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]]
    low = set(np.unique(found[found < _FIRST_PRINTABLE]).tolist())
    return {
        each for each in wanted if (each in low if each < _FIRST_PRINTABLE else bool((found == each).any()))
    }


def around(before: str, column: Any, after: str) -> Any:
    """Each text between two others; nothing stays nothing."""
    return joined([before, column, after], None)


def joined(pieces: Sequence[str | Any], nothing: str | None) -> Any:
    """Row by row one text of all pieces, columns and fixed texts; where one is not there ``nothing``, or no text."""
    together: list[Any] = []
    for each in pieces:
        if isinstance(each, str) and together and isinstance(together[-1], str):
            together[-1] += each
        else:
            together.append(each)
    if nothing is None:
        return pc.binary_join_element_wise(*together, "", null_handling="emit_null")
    return pc.binary_join_element_wise(*together, "", null_handling="replace", null_replacement=nothing)


def run(column: Any) -> bytes:
    """All texts of a column without nulls, one after the other."""
    if not len(column):
        return b""
    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    return bytes(data.slice(int(ends[0]), int(ends[-1] - ends[0])).to_pybytes())


def numbers(column: Any) -> Any:
    """Numbers as Python and JSON write them: floating ones in the fewest digits that tell them."""
    if not pa.types.is_floating(column.type):
        return column.cast(pa.string())
    column = column.cast(pa.float64())
    text = column.cast(pa.string())
    size: Any = pc.abs(column)
    zero, enough = pc.equal(size, pa.scalar(0.0)), pc.greater_equal(size, _FROM)
    short: Any = pc.or_(zero, pc.and_(enough, pc.less(size, _BELOW)))
    whole: Any = pc.and_(pc.equal(column, pc.trunc(column)), short)
    if pc.any(whole, min_count=1).as_py():
        text = pc.if_else(whole, around("", text, ".0"), text)
    if not pc.all(short, min_count=0).as_py():
        long: Any = pc.fill_null(pc.invert(short), pa.scalar(False))
        told = pa.array([repr(each) for each in column.filter(long).to_pylist()], pa.string())
        text = pc.replace_with_mask(text, long, told)
    return text
