"""What a value is in a text format: times say their zone, days are ISO days, nothing is lost."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

ZONE = "Asia/Shanghai"


def plain(batch: Any) -> Any:
    """The batch with every column a text, a number or a truth."""
    return pa.record_batch([_plain(each) for each in batch.columns], names=batch.schema.names)


def _plain(column: Any) -> Any:
    kind = column.type
    if pa.types.is_timestamp(kind):
        return _moments(column)
    if pa.types.is_date(kind) or pa.types.is_time(kind):
        return column.cast(pa.string())
    if pa.types.is_decimal(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return column.cast(pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.array([None if each is None else each.hex() for each in column.to_pylist()], pa.string())
    if pa.types.is_nested(kind) or pa.types.is_dictionary(kind):
        return pa.array([None if each is None else str(each) for each in column.to_pylist()], pa.string())
    return column


def _moments(column: Any) -> Any:
    """ISO 8601 with its offset; Shanghai time."""
    if column.type.tz is None:
        return pc.strftime(column.cast(pa.timestamp("us")), format="%Y-%m-%dT%H:%M:%S")
    there = column.cast(pa.timestamp("s", ZONE), safe=False)
    texts = pc.strftime(there, format="%Y-%m-%dT%H:%M:%S%z")
    return pc.replace_substring_regex(texts, r"([+-]\d\d)(\d\d)$", r"\1:\2")


def is_number(kind: Any) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def finite(column: Any) -> Any:
    """JSON knows no infinity and no NaN: they become null."""
    if not pa.types.is_floating(column.type):
        return column
    return pc.if_else(pc.is_finite(column), column, pa.scalar(None, column.type))
