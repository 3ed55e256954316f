"""The form on which one side of a joint run is written down: its choices, what it begins with, and how it is read."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hutong.exchange.types import ContractRef
from hutong.kernel import clock
from hutong.kernel.errors import HutongError, Place
from hutong.lake import api as lake
from hutong.privacy import doors, inputs, reading, rules, runs, sides, words
from hutong.privacy.errors import BadMatch, BadQuestion
from hutong.privacy.logic import questions
from hutong.privacy.types import MICRO, Measure, Question, Side

Context = dict[str, Any]
FILE: Final = "file"
FIELDS: Final = frozenset(
    {"run", "source", "file", "key", "value", "where", "column", "epsilon", "purpose", "own", "peer", "seconds", "wait"}
)  # fmt: skip


def read(given: Mapping[str, str], found: ContractRef, organisation: str) -> Side:
    """The side as the form says it; raises ``BadMatch`` and ``BadQuestion`` at their fields."""
    table, _colon, key = given.get("source", "").partition(":")
    handed = table == FILE
    column = given.get("column", "")[:120]
    return Side(
        found.id, organisation, given.get("run", "").strip()[:120],
        (given.get("key", "").strip() if handed else key)[:120],
        "" if handed else table[:120],
        _where(given.get("where", ""), table),
        column, (given.get("value", "").strip() if handed and column else "")[:120],
        reading.decimal(given.get("epsilon", "") or "0.1", "epsilon"), given.get("purpose", "")[:60],
        given.get("own", "")[:120], given.get("peer", "")[:120],
        _seconds(given, "seconds", 600), _seconds(given, "wait", 120),
    )  # fmt: skip


def _where(text: str, table: str) -> tuple[str, ...]:
    """Conditions line by line, by codes; of a file there are none to know the columns by."""
    if any(each.table == table for each in lake.tables()):
        text = reading.plain(text, lake.contract(table))
    return tuple(each.strip() for each in text.splitlines() if each.strip())[:20]


def _seconds(given: Mapping[str, str], name: str, usual: int) -> int:
    text = given.get(name, "").strip() or str(usual)
    if not text.isascii() or not text.isdigit() or len(text) > 5:
        zh, en = f"“{text[:20]}”不是秒数", f"“{text[:20]}” is no number of seconds"
        raise BadMatch(place=Place(key=name), reason_zh=zh, reason_en=en)
    return int(text)


def fault(error: HutongError | None) -> dict[str, str]:
    """What is wrong with which field of the form; empty when it is none of a field."""
    if error is None:
        return {}
    key = error.place.key if error.place else None
    if key is None and error.code.startswith("lake."):
        key = "where"  # the lens holds nothing else that a person wrote
    if key is None and error.code == "privacy.budget-spent":
        key = "epsilon"
    key = "source" if key == "table" else key
    return {key: str(error.said)} if key in FIELDS else {}


def summable(found: ContractRef) -> list[str]:
    """The dataset's columns that may be summed: granted as they are, with public bounds."""
    rule, shape, kept = rules.of(found.table), lake.contract(found.table), []
    epsilon = Decimal(rule.least) / MICRO
    for name in found.terms.columns:
        try:
            if questions.check(Question(Measure.SUM, epsilon, name), rule, shape, found.terms.columns):
                kept.append(name)
        except BadQuestion:
            continue
    return kept


def context(given: Mapping[str, str], found: ContractRef, organisation: str) -> Context:
    """What the form shows: what was given, else what is to be expected."""
    rule, shape = rules.of(found.table), lake.contract(found.table)
    other = found.consumer if organisation == found.provider else found.provider
    met = sides.met_by(found.id, organisation)
    sources = _sources(found, organisation)
    first = met[0].side if met else None
    usual = {
        "run": first.run if first else _name(found),
        "source": sources[0]["value"],
        "column": first.column if first else next(iter(summable(found)), ""),
        "epsilon": format(first.epsilon if first else Decimal(rule.most) / MICRO, "f"),
        "purpose": next(iter(found.terms.purposes), ""),
        "seconds": str(first.seconds if first else 600),
        "wait": str(first.wait if first else 300),
    }
    return {
        "given": {**usual, **{name: given[name] for name in given if name in FIELDS}},
        "provider": organisation == found.provider,
        "met": met,
        "sources": sources,
        "columns": [{"value": "", "label": pgettext("privacy", "None: only what is in common")}]
        + [{"value": name, "label": str(shape.column(name).title) or name} for name in summable(found)],
        "purposes": [{"value": each, "label": words.purpose(each)} for each in found.terms.purposes],
        "example": words.example(shape, list(found.terms.columns)),
        "names": ", ".join(words.called(each) for each in shape.columns),
        "least": words.number(words.epsilon(rule.least)),
        "most": words.number(words.epsilon(rule.most)),
        "own": [{"value": each, "label": each} for each in doors.listening()] if doors.peers(other) else [],
        "peer": [{"value": each, "label": each} for each in doors.peers(other)],
    }


def _sources(found: ContractRef, organisation: str) -> list[dict[str, str]]:
    """Tables by their columns of keys, what is most likely first: keys of the kind that the dataset is about."""
    rule, shape = rules.of(found.table), lake.contract(found.table)
    kind = shape.column(rule.person).type
    mine = [found.table] if organisation == found.provider else inputs.tables(organisation)
    rows: list[tuple[bool, int, dict[str, str]]] = []
    for table in mine:
        there = lake.contract(table)
        for name in inputs.keys(there):
            column = there.column(name)
            likely = (table == found.table and name == rule.person) or column.type is kind
            label = f"{there.title or table} · {column.title or name}"
            rows.append((not likely, len(rows), {"value": f"{table}:{name}", "label": label}))
    listed = [each for _unlikely, _order, each in sorted(rows, key=lambda each: each[:2])]
    handed = {"value": FILE, "label": _("A CSV file that I hand over")}
    return [*listed, handed] if rows and not min(rows)[0] else [handed, *listed]


def _name(found: ContractRef) -> str:
    """A name for the next run, by month and number."""
    many = len({each.run for each in runs.listed(contract=found.id, limit=1000)})
    return f"{clock.today():%Y-%m}-{many + 1}"
