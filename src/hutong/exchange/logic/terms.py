"""Terms as JSON: what is signed is its SHA-256, so the same terms always give the same text."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from hutong.exchange.errors import BadTerms
from hutong.exchange.types import Delivery, Quota, Terms
from hutong.lake.types import Condition, Mask, Op, Value

MOST_COLUMNS, MOST_CONDITIONS = 500, 50


def dump(terms: Terms) -> dict[str, Any]:
    """As JSON, without keys of masks. ``order``: a database may keep the keys of an object in an order of its own."""
    return {
        "order": list(terms.columns),
        "columns": {name: mask.as_dict() for name, mask in terms.columns.items()},
        "where": dump_conditions(terms.where),
        "start": terms.start.isoformat(),
        "end": terms.end.isoformat(),
        "purposes": list(terms.purposes),
        "quota": {"rows_per_day": terms.quota.rows_per_day, "calls_per_day": terms.quota.calls_per_day},
        "delivery": [each.value for each in terms.delivery],
        "push_url": terms.push_url,
    }


def read(raw: Mapping[str, Any], key: bytes = b"") -> Terms:
    """Back from ``dump``; ``key`` is given to the masks that need one."""
    try:
        order = raw.get("order", list(raw["columns"]))
        if sorted(order) != sorted(raw["columns"]):
            raise BadTerms(reason="order")
        return Terms(
            columns={name: Mask.from_dict(raw["columns"][name], key=key) for name in order},
            where=read_conditions(raw["where"]),
            start=date.fromisoformat(raw["start"]),
            end=date.fromisoformat(raw["end"]),
            purposes=tuple(raw["purposes"]),
            quota=Quota(**raw["quota"]),
            delivery=tuple(Delivery(each) for each in raw["delivery"]),
            push_url=raw.get("push_url", ""),
        )
    except (KeyError, TypeError, ValueError, InvalidOperation, AttributeError) as error:
        raise BadTerms(reason=str(error)[:200]) from error


def sha256(raw: Mapping[str, Any]) -> str:
    text = json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def dump_conditions(conditions: Sequence[Condition]) -> list[dict[str, Any]]:
    return [
        {"column": each.column, "op": each.op.value, "values": [_plain(value) for value in each.values]}
        for each in conditions
    ]


def read_conditions(raw: Sequence[Mapping[str, Any]]) -> tuple[Condition, ...]:
    """Conditions from JSON; raises ``BadTerms``."""
    if len(raw) > MOST_CONDITIONS:
        raise BadTerms(reason=f"{len(raw)} > {MOST_CONDITIONS}")
    try:
        return tuple(
            Condition(str(each["column"]), Op(each["op"]), tuple(each.get("values", ()))) for each in raw
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadTerms(reason=str(error)[:200]) from error


def parse_filter(text: str) -> Condition:
    """``column:op:value`` as an address carries it; ``in`` and ``between`` separate values by a bar."""
    column, _, rest = text.partition(":")
    name, _, value = rest.partition(":")
    try:
        op = Op(name)
    except ValueError:
        raise BadTerms(reason=text[:100]) from None
    if op in {Op.NULL, Op.NOT_NULL}:
        return Condition(column, op)
    return Condition(column, op, tuple(value.split("|")) if op in {Op.IN, Op.BETWEEN} else (value,))


def _plain(value: Value) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
