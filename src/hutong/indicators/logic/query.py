"""What an indicator's SQL may do, and its form with the day filled in.

One read-only SELECT over the declared tables. Clocks, chance, files and settings are refused, so that the same
snapshots and day always give the same figure; what another engine has no word for is refused too, so that the
definition outlives the engine.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from hutong.indicators.errors import UnsafeQuery
from hutong.indicators.logic.periods import Period, spans

DIALECT = "duckdb"
PARAMETER = "as_of"
PERIODS = "periods"
_MAX_LENGTH = 20_000
_REFUSED = (
    exp.DDL, exp.DML, exp.Command, exp.Pragma, exp.Set, exp.Attach, exp.Detach, exp.Copy, exp.Drop, exp.Alter,
    exp.Use, exp.Describe, exp.Transaction, exp.Commit, exp.Rollback, exp.Into,
)  # fmt: skip
_CHANGING = (
    exp.CurrentDate, exp.CurrentTimestamp, exp.CurrentTime, exp.CurrentDatetime, exp.CurrentUser, exp.Rand,
    exp.Randn, exp.Uuid, exp.TableSample,
)  # fmt: skip
# Functions sqlglot has no node for, but which every engine that matters has under the same name.
_PLAIN = {"isfinite", "least", "greatest"}


def sql_name(table: str) -> str:
    """The name a dataset has in SQL."""
    return table.replace("-", "_")


def check(sql: str, tables: Sequence[str]) -> exp.Query:
    """Parse and accept, or raise ``UnsafeQuery``."""
    if len(sql) > _MAX_LENGTH:
        raise UnsafeQuery(reason=f"> {_MAX_LENGTH}")
    return _checked(sql, tuple(tables)).copy()


@lru_cache(maxsize=512)
def _checked(sql: str, tables: tuple[str, ...]) -> exp.Query:
    """As ``check``; the tree is shared, whoever changes it copies it."""
    try:
        statements = [each for each in sqlglot.parse(sql, read=DIALECT) if each is not None]
    except SqlglotError as error:
        raise UnsafeQuery(reason=str(error).splitlines()[0][:200]) from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise UnsafeQuery(reason="SELECT × 1")
    tree = statements[0]
    known = {sql_name(each) for each in tables} | {PERIODS}
    known |= {each.alias_or_name.lower() for each in tree.find_all(exp.CTE)}
    for node in tree.walk():
        _check_node(node, known)
    return tree


def _check_node(node: exp.Expr, known: set[str]) -> None:
    if isinstance(node, _REFUSED) and not isinstance(node, exp.Query):
        raise UnsafeQuery(reason=node.key.upper())
    if isinstance(node, _CHANGING):
        raise UnsafeQuery(reason=node.sql(DIALECT)[:80])
    if isinstance(node, exp.Table):
        named = (
            isinstance(node.this, exp.Identifier) and not node.args.get("db") and not node.args.get("catalog")
        )
        if not named or node.name.lower() not in known:
            raise UnsafeQuery(reason=f"FROM {node.sql(DIALECT)[:80]}")
    if isinstance(node, exp.Anonymous) and node.name.lower() not in _PLAIN:
        raise UnsafeQuery(reason=f"{node.name}()")
    if isinstance(node, exp.Parameter | exp.Placeholder) and node.name != PARAMETER:
        raise UnsafeQuery(reason=node.sql(DIALECT)[:80])


def bind(sql: str, tables: Sequence[str], period: Period, as_of: date) -> str:
    """The query with the day written in, and ``periods`` spelled out where it is used.

    ``periods(period, ends, complete)`` has one row a period, oldest first, the running one last: its first day,
    its last day but never one after the day asked about, and whether it was over by then.
    """
    return _bound(sql, tables, period, as_of).sql(DIALECT, pretty=True)


def portable(sql: str, tables: Sequence[str], period: Period, as_of: date) -> None:
    """Raise ``UnsafeQuery`` where the query is refused, or Spark has no words for it."""
    try:
        _bound(sql, tables, period, as_of).sql("spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    except SqlglotError as error:
        raise UnsafeQuery(reason=str(error)[:200]) from error


def _bound(sql: str, tables: Sequence[str], period: Period, as_of: date) -> exp.Expr:
    tree: exp.Expr = check(sql, tables)
    day = exp.cast(exp.Literal.string(as_of.isoformat()), "DATE")
    tree = tree.transform(lambda node: day.copy() if _is_day(node) else node, copy=False)
    if any(each.name.lower() == PERIODS for each in tree.find_all(exp.Table)):
        tree = _with_periods(tree, period, as_of)
    return tree


def _is_day(node: exp.Expr) -> bool:
    return isinstance(node, exp.Parameter | exp.Placeholder) and node.name == PARAMETER


def _with_periods(tree: exp.Expr, period: Period, as_of: date) -> exp.Expr:
    extra = _periods(period, as_of).copy()
    there = tree.args.get("with_")
    if there is None:
        tree.set("with_", extra)
    else:
        there.set("expressions", [*extra.expressions, *there.expressions])
    return tree


@lru_cache(maxsize=64)
def _periods(period: Period, as_of: date) -> exp.Expr:
    """The common table expression ``periods``."""
    rows = ", ".join(
        f"(DATE '{each.starts}', DATE '{each.ends}', {str(each.complete).upper()})"
        for each in spans(period, as_of)
    )
    if not rows:
        raise UnsafeQuery(reason=f"{PERIODS} (period: none)")
    text = f"WITH {PERIODS}(period, ends, complete) AS (VALUES {rows}) SELECT 1"
    made: exp.Expr = sqlglot.parse_one(text, read=DIALECT).args["with_"]
    return made


@lru_cache(maxsize=512)
def _parsed(sql: str) -> exp.Expr:
    return sqlglot.parse_one(sql, read=DIALECT)


def for_spark(bound: str) -> str:
    """A bound query in Spark's words; raises ``UnsafeQuery`` where there are none."""
    try:
        return sqlglot.transpile(
            bound, read=DIALECT, write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
        )[0]
    except SqlglotError as error:
        raise UnsafeQuery(reason=str(error)[:200]) from error


def columns(sql: str) -> list[str]:
    """Names of what the query gives, where they can be told from it; empty where it selects a star."""
    tree = _parsed(sql)
    names = list(tree.named_selects) if isinstance(tree, exp.Query) else []
    return [] if "*" in names else names


def sources(sql: str, tables: Iterable[str]) -> set[str]:
    """Which of the declared tables the query really reads."""
    used = {each.name.lower() for each in _parsed(sql).find_all(exp.Table)}
    return {each for each in tables if sql_name(each) in used}


def digest(text: str) -> str:
    """SHA-256 of a text, as hex."""
    return hashlib.sha256(text.encode()).hexdigest()
