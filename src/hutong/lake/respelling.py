"""A contract as the ``table:`` block of a pack would write it: what is usual is left out."""

from typing import Any

from hutong.kernel.text import Text
from hutong.lake.types import Contract, Dimension, Freshness, Rule

_USUAL = {"unique": Dimension.UNIQUENESS, "inside": Dimension.ACCURACY}
_UNITS = (("year", 366), ("quarter", 92), ("month", 31), ("week", 7), ("day", 1))


def spec_of(contract: Contract) -> dict[str, Any]:
    """The JSON that ``TableSpec`` reads back as the same contract."""
    made = {
        "key": list(contract.key),
        "keep": contract.keep,
        "columns": {each.name: _column(each) for each in contract.columns},
        "rules": [_rule(each) for each in contract.rules],
        "source": _plain(contract.source),
    }
    if contract.freshness:
        made["freshness"] = _freshness(contract.freshness)
    return _shortened(made)


def _shortened(made: dict[str, Any]) -> dict[str, Any]:
    from hutong.lake.pack import TableSpec  # noqa: PLC0415 - the language of packs is needed here alone

    read = TableSpec.model_validate(made)
    found: dict[str, Any] = read.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    return found


def _column(column: Any) -> dict[str, Any]:
    said = _plain(column)
    del said["name"]
    said["from"] = said.pop("sources")
    said["title"], said["note"] = _text(column.title), _text(column.note)
    said["codes"] = {code: _text(title) or code for code, title in column.codes.items()} or ()
    return said


def _rule(rule: Rule) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": rule.id,
        "because": _text(rule.because),
        "breach": rule.breach,
    }
    if rule.dimension is not _USUAL.get(rule.kind, Dimension.CONSISTENCY):
        said["dimension"] = rule.dimension
    match rule.kind:
        case "rises":
            said["rises"] = {"column": rule.column, "per": list(rule.per), "order": rule.order}
        case "refers":
            said["refers"] = {
                "columns": list(rule.columns), "table": rule.table, "to": list(rule.to), "among": list(rule.among)
            }  # fmt: skip
        case "inside":
            said["inside"] = {
                "lon": rule.lon, "lat": rule.lat, "table": rule.table, "column": rule.column,
                "to": rule.to[0] if rule.to else "name",
            }  # fmt: skip
        case "unique":
            said["unique"] = list(rule.columns)
        case _:
            said["check"] = rule.check
    return said


def _freshness(freshness: Freshness) -> dict[str, str]:
    days = freshness.within.total_seconds() / 86_400
    for unit, length in _UNITS:
        if days >= length and days % length == 0:
            return {"within": f"{round(days / length)} {unit}", "column": freshness.column}
    return {"within": f"{round(days * 24)} hour", "column": freshness.column}


def _text(text: Text) -> dict[str, str] | None:
    if not (text.zh or text.en):
        return None
    return {"zh": text.zh or text.en, "en": text.en}


def _plain(thing: Any) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in thing.__dataclass_fields__}
