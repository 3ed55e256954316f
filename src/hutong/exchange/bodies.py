"""Frozen dataclasses of the exchange as JSON."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from hutong.exchange.logic import terms
from hutong.exchange.types import ContractRef, Terms
from hutong.kernel.text import Text


def plain(value: Any) -> Any:
    """As JSON; keys of masks never leave."""
    if isinstance(value, Text):
        return value.as_dict()
    if isinstance(value, Terms):
        return terms.dump(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    if is_dataclass(value) and not isinstance(value, type):
        found = {each.name: plain(getattr(value, each.name)) for each in fields(value)}
        return found | {"signed": value.signed} if isinstance(value, ContractRef) else found
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):  # noqa: PLR0124 - NaN
        return None
    return value
