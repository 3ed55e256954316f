"""Row conditions of a contract: SQL, but only comparisons, arithmetic and a few functions over the columns."""

from collections.abc import Iterable

import sqlglot
from sqlglot import exp

from hutong.kernel.errors import Place
from hutong.lake.errors import BadContract

_FUNCTIONS = {
    "abs", "case", "cast", "ceil", "coalesce", "contains", "date", "date_diff", "date_trunc", "datediff",
    "datetrunc", "day", "dayofweek", "ends_with", "endswith", "floor", "greatest", "hour", "if",
    "last_day", "lastday", "least", "left", "length", "ln", "log", "lower", "mod", "month", "nullif",
    "power", "quarter", "regexp_full_match", "regexp_matches", "regexplike", "right", "round", "sqrt",
    "starts_with", "startswith", "strpos", "substring", "timestamptrunc", "to_days", "trim", "upper",
    "year",
}  # fmt: skip
_ALLOWED = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Neg, exp.Not, exp.And, exp.Or,
    exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is, exp.In, exp.Between, exp.Like, exp.ILike, exp.Add,
    exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Case, exp.If, exp.Cast, exp.TryCast, exp.DataType, exp.Interval,
    exp.Var, exp.DPipe, exp.Tuple, exp.Distinct, exp.NullSafeEQ, exp.NullSafeNEQ,
)  # fmt: skip


def condition(rule_id: str, check: str, columns: Iterable[str]) -> str:
    """The condition as DuckDB SQL; raises ``BadContract`` for anything that is not a plain condition."""
    place = Place(key=f"rules.{rule_id}.check")
    try:
        tree = sqlglot.parse_one(check, dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        reason = str(error).split("\n", 1)[0]
        raise BadContract(place=place, reason=f"{check}: {reason}") from error
    known = set(columns)
    for node in tree.walk():
        if isinstance(node, exp.Column):
            if node.name not in known or node.table:
                raise BadContract(place=place, reason=f"{check}: {node.sql()} is not a column")
        elif isinstance(node, _ALLOWED):
            continue
        elif not (isinstance(node, exp.Func) and _name(node) in _FUNCTIONS):
            raise BadContract(
                place=place, reason=f"{check}: {node.sql()} ({type(node).__name__}) is not allowed"
            )
    return tree.sql(dialect="duckdb", identify=True)


def _name(node: exp.Func) -> str:
    return (node.name if isinstance(node, exp.Anonymous) else node.key).lower()
