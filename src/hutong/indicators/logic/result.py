"""What a query gave, as values: exact, canonical, and hashed the same way every time."""

import json
import math
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hutong.indicators.errors import BadResult
from hutong.indicators.logic.periods import Period, shift, start
from hutong.indicators.logic.query import digest

MOST_VALUES = 50_000


@dataclass(frozen=True, slots=True)
class Value:
    """One value: of a period or none, of the members in ``dims`` or the total.

    ``text`` is exact; numbers with binary fractions are kept to 12 significant digits, so that the order in which
    an engine adds them up does not show. ``back`` counts the periods back from the newest.
    """

    period: date | None
    dims: Mapping[str, str]
    text: str
    weight: float | None
    back: int = 0

    @property
    def number(self) -> float:
        return float(self.text)


def read_rows(
    indicator: str,
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    dimensions: Sequence[str],
    period: Period,
    as_of: date,
) -> list[Value]:
    """Rows of a query as values, in a fixed order, those without a value left out; raises ``BadResult``."""
    stray = sorted(set(names) - {"value", "period", "weight", *dimensions})
    if "value" not in names or stray:
        raise BadResult(indicator=indicator, reason=", ".join(stray) or "value?")
    if ("period" in names) != (period is not Period.NONE):
        raise BadResult(indicator=indicator, reason=f"period: {period.value}")
    if len(rows) > MOST_VALUES:
        raise BadResult(indicator=indicator, reason=f"> {MOST_VALUES}")
    found = [_value(indicator, dict(zip(names, row, strict=True)), dimensions, period, as_of) for row in rows]
    _once(indicator, found)
    found = [each for each in found if each.text]
    newest = max((each.period for each in found if each.period), default=None)
    return in_order([_aged(each, period, newest) for each in found])


def in_order(values: Iterable[Value]) -> list[Value]:
    """The order in which values are kept and hashed."""
    return sorted(values, key=lambda each: (sorted(each.dims.items()), each.period or date.min))


def _value(
    indicator: str, row: Mapping[str, Any], dimensions: Sequence[str], period: Period, as_of: date
) -> Value:
    day = row.get("period")
    day = day.date() if isinstance(day, datetime) else day
    if period is not Period.NONE and (not isinstance(day, date) or day != start(period, day) or day > as_of):
        raise BadResult(indicator=indicator, reason=f"period = {day}")
    dims = {name: str(row[name]) for name in dimensions if row.get(name) is not None}
    weight = row.get("weight")
    return Value(day, dims, exact(row["value"]), float(weight) if weight is not None else None)


def _once(indicator: str, values: Iterable[Value]) -> None:
    seen = set()
    for each in values:
        key = (each.period, tuple(sorted(each.dims.items())))
        if key in seen:
            shown = ", ".join(f"{name}={member}" for name, member in key[1]) or "total"
            raise BadResult(indicator=indicator, reason=f"2 × ({each.period or '-'}, {shown})")
        seen.add(key)


def _aged(value: Value, period: Period, newest: date | None) -> Value:
    if newest is None or value.period is None:
        return value
    back, day = 0, newest
    while day > value.period:
        day, back = shift(period, day, -1), back + 1
    return Value(value.period, value.dims, value.text, value.weight, back)


def exact(value: Any) -> str:
    """A number as text: decimals and integers exactly, binary fractions to 12 significant digits; empty for none."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        value = Decimal(f"{value:.12g}")
    try:
        text = f"{Decimal(value).normalize():f}"
    except (TypeError, ValueError, ArithmeticError):
        return ""
    return "0" if text in {"-0", "0"} else text


def new_salt() -> str:
    """32 hex digits that nobody can guess.

    The log is read by everyone. Without a salt, who knows all but a few small counts could try numbers until the hash
    fits; the salt is told to those who may see every value.
    """
    return secrets.token_hex(16)


def result_hash(values: Sequence[Value], salt: str) -> str:
    """SHA-256 over the canonical JSON of the salt and all values, in their order."""
    return digest(canonical(values, salt))


def canonical(values: Sequence[Value], salt: str) -> str:
    """What is hashed, as compact JSON: ``{"salt": …, "values": [[period, members, value], …]}``.

    Entries of before there were salts (``salt`` empty) hold the hash of the list of values alone.
    """
    listed = [
        [each.period.isoformat() if each.period else None, dict(sorted(each.dims.items())), each.text]
        for each in values
    ]
    whole = {"salt": salt, "values": listed} if salt else listed
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
