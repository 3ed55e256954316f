"""Which columns of the rows behind a figure a reader sees masked, traced to the columns they come from."""

from collections.abc import Sequence
from typing import Any

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage

from hutong.accounts.api import Actor, Target, allow, may
from hutong.catalog import api as catalog
from hutong.indicators.logic.query import DIALECT, columns, sql_name
from hutong.indicators.types import Definition
from hutong.kernel.errors import NotFound
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import HIDDEN, Column, ColumnType, Contract

_PERSONAL = {ColumnType.IDNUMBER, ColumnType.PHONE}
MASK = HIDDEN


def target(table: str) -> Target:
    """What decides who may see rows of a table; one that is not in the catalog counts as core."""
    try:
        entry = catalog.dataset(table)
    except NotFound:
        return Target(kind="table")
    return Target(entry.organisation, entry.grade, "table", public=entry.is_open)


def masked_columns(definition: Definition, rows_sql: str, actor: Actor) -> set[str]:
    """Output columns ``actor`` sees masked. Raises ``Refused`` where a table's rows are not for them at all."""
    hidden: set[tuple[str, str]] = set()
    contracts: dict[str, Contract] = {}
    for table in definition.tables:
        about = target(table)
        allow(actor, "lake.sample", about)
        contracts[sql_name(table)] = lake.contract(table)
        if not may(actor, "lake.sample_clear", about):
            hidden |= {
                (sql_name(table), each.name) for each in contracts[sql_name(table)].columns if sensitive(each)
            }
    if not hidden:
        return set()
    schema = {
        name: {each.name: "VARCHAR" for each in contract.columns} for name, contract in contracts.items()
    }
    return {name for name in columns(rows_sql) if _touches(name, rows_sql, schema, hidden)}


def sensitive(column: Column) -> bool:
    return column.sensitive or column.type in _PERSONAL


def _touches(name: str, sql: str, schema: dict[str, dict[str, str]], hidden: set[tuple[str, str]]) -> bool:
    """Whether an output column comes from a hidden one; where it cannot be told, it does."""
    try:
        root: Node = lineage(name, sql, schema=schema, dialect=DIALECT)
    except SqlglotError:
        return True
    for node in root.walk():
        if isinstance(node.expression, exp.Table):
            column = node.name.rpartition(".")[2].strip('"')
            if (node.expression.name.lower(), column.lower()) in hidden:
                return True
    return False


def mask(value: Any) -> Any:
    """What stands for a value that is there but not shown."""
    return None if value is None else MASK


def titles(definition: Definition, names: Sequence[str]) -> tuple[Text, ...]:
    """What the columns are called: as in the contracts of the tables, or by their dimension, or by their name."""
    known: dict[str, Text] = {each.id: each.title for each in definition.dimensions}
    known["period"] = Text(zh="期间", en="Period")
    for table in definition.tables:
        for column in lake.contract(table).columns:
            if column.title.zh:
                known.setdefault(column.name, column.title)
    return tuple(known.get(name) or Text(zh=name, en=name) for name in names)


def sources(definition: Definition, names: Sequence[str]) -> tuple[Column | None, ...]:
    """The column of a contract that each is named after: it tells unit and kind of what stays in it."""
    known: dict[str, Column] = {}
    for table in definition.tables:
        for column in lake.contract(table).columns:
            known.setdefault(column.name, column)
    return tuple(known.get(name) for name in names)
