"""Questions about the rows of one table: read from text, checked against its columns, written as SQL.

Values never enter the SQL text; names are those of the contract. ``{t}`` stands for the table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from hutong.portal.errors import BadQuery
from hutong.portal.types import OpenColumn, OpenTable, Type

ROW: Final = "_id"
MOST_ROWS: Final = 32_000
USUAL_ROWS: Final = 100
MOST_OFFSET: Final = 100_000_000
_MOST_CONDITIONS: Final = 20
_MOST_VALUES: Final = 200
_COMPARED: Final = {"eq": "=", "ne": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
OPERATORS: Final = (*_COMPARED, "in", "contains", "prefix", "null", "notnull")
FUNCTIONS: Final = ("count", "sum", "avg", "min", "max", "median", "distinct")
_NUMERIC: Final = {Type.INTEGER, Type.NUMBER}


@dataclass(frozen=True, slots=True)
class Condition:
    column: str
    operator: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Aggregate:
    function: str
    column: str = ""

    @property
    def name(self) -> str:
        """What the column of the answer is called: ``sum_revenue``, ``count``."""
        return f"{self.function}_{self.column}" if self.column else self.function


@dataclass(frozen=True, slots=True)
class Query:
    """One question. With ``aggregates`` or ``group_by`` the answer has a row for each group."""

    columns: tuple[str, ...]
    where: tuple[Condition, ...] = ()
    words: tuple[str, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()  # column, descending
    group_by: tuple[str, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()
    limit: int = USUAL_ROWS
    offset: int = 0
    distinct: bool = False
    searched: tuple[str, ...] = field(default=())  # the columns in which words are looked for

    @property
    def grouped(self) -> bool:
        return bool(self.group_by or self.aggregates)


def condition(table: OpenTable, text: str) -> Condition:
    """Read ``column:operator:value``; ``column:value`` asks for equality. Raises ``BadQuery``."""
    name, _, rest = text.partition(":")
    operator, mark, value = rest.partition(":")
    if operator in {"null", "notnull"} and not value:
        mark, value = ":", ""
    if not mark or operator not in OPERATORS:
        operator, value = "eq", rest
    column = _column(table, name, "where")
    if operator in {"null", "notnull"}:
        return Condition(name, operator)
    if operator == "in":
        texts = value.split(",")
        if len(texts) > _MOST_VALUES:
            raise BadQuery(key="where", reason=f"{len(texts)} > {_MOST_VALUES}")
        return Condition(name, operator, tuple(typed(column, each) for each in texts))
    if operator in {"contains", "prefix"}:
        return Condition(name, operator, (value[:200],))
    return Condition(name, operator, (typed(column, value),))


def typed(column: OpenColumn, value: Any) -> Any:
    """A value as the column holds it; raises ``BadQuery``."""
    text = str(value).strip() if column.type is not Type.TEXT else str(value)
    try:
        match column.type:
            case Type.INTEGER:
                number = int(text)
                if abs(number) >= 2**63:
                    raise ValueError(text)
                return number
            case Type.NUMBER:
                return float(text)
            case Type.BOOLEAN:
                return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
            case Type.DATE:
                return date.fromisoformat(text)
            case Type.DATETIME:
                moment = datetime.fromisoformat(text)
                return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
            case _:
                return text[:2000].replace("\x00", "")
    except (ValueError, KeyError, OverflowError) as error:
        raise BadQuery(key=column.name, reason=f"“{text[:60]}” ≠ {column.type.value}") from error


def sorting(table: OpenTable, text: str, outputs: Iterable[str] = ()) -> tuple[tuple[str, bool], ...]:
    """Read ``-revenue,name``; ``outputs`` are names of aggregates, which may be sorted by as well."""
    found = []
    for part in [each.strip() for each in text.split(",") if each.strip()][:8]:
        name, descending = part.lstrip("-"), part.startswith("-")
        if name != ROW and name not in outputs:
            _column(table, name, "sort")
        found.append((name, descending))
    return tuple(found)


def names(table: OpenTable, text: str, key: str) -> tuple[str, ...]:
    """Read a list of columns."""
    parts = [each.strip() for each in text.split(",") if each.strip()]
    for each in parts:
        if each != ROW:
            _column(table, each, key)
    return tuple(dict.fromkeys(parts))


def aggregates(table: OpenTable, text: str) -> tuple[Aggregate, ...]:
    """Read ``count,sum:revenue,avg:area``."""
    found = []
    for part in [each.strip() for each in text.split(",") if each.strip()][:20]:
        function, _, name = part.partition(":")
        if function not in FUNCTIONS:
            raise BadQuery(key="aggregate", reason=f"{function[:40]} ∉ {', '.join(FUNCTIONS)}")
        if not name and function != "count":
            raise BadQuery(key="aggregate", reason=f"{function}:?")
        if name:
            column = _column(table, name, "aggregate")
            if function in {"sum", "avg", "median"} and column.type not in _NUMERIC:
                raise BadQuery(key="aggregate", reason=f"{function}:{name} ({column.type.value})")
        found.append(Aggregate(function, name))
    return tuple(dict.fromkeys(found))


def check(query: Query) -> Query:
    """The query where it keeps its bounds; raises ``BadQuery``."""
    if len(query.where) > _MOST_CONDITIONS or len(query.words) > _MOST_CONDITIONS:
        raise BadQuery(key="where", reason=f"> {_MOST_CONDITIONS}")
    if not 0 <= query.limit <= MOST_ROWS:
        raise BadQuery(key="limit", reason=f"0 … {MOST_ROWS}")
    if not 0 <= query.offset <= MOST_OFFSET:
        raise BadQuery(key="offset", reason=f"0 … {MOST_OFFSET}")
    return query


def sql(query: Query) -> tuple[str, list[Any], tuple[str, ...]]:
    """SQL, its values and the names of its columns. One row beyond the limit tells that there are more."""
    tests, params = where(query)
    if query.grouped:
        outputs = (*query.group_by, *(each.name for each in query.aggregates))
        picked = [*map(quoted, query.group_by), *(_aggregate(each) for each in query.aggregates)]
        text = f"SELECT {', '.join(picked)} FROM {{t}}{tests}"
        if query.group_by:
            text += f" GROUP BY {', '.join(map(quoted, query.group_by))}"
        order = query.sort or tuple((name, False) for name in query.group_by)
    else:
        outputs = query.columns
        distinct = "DISTINCT " if query.distinct else ""
        text = f"SELECT {distinct}{', '.join(map(quoted, query.columns))} FROM {{t}}{tests}"
        order = query.sort
        if query.distinct:
            order = tuple(each for each in order if each[0] in outputs) or tuple((n, False) for n in outputs)
        elif order and all(name != ROW for name, _ in order):
            order = (*order, (ROW, order[-1][1]))  # pages must not overlap where values are equal
    if order:
        text += f" ORDER BY {', '.join(_ordered(name, down) for name, down in order)}"
    return f"{text} LIMIT {query.limit + 1} OFFSET {query.offset}", params, outputs


def counting(query: Query) -> tuple[str, list[Any]]:
    """SQL that counts all rows of the answer, without its page."""
    tests, params = where(query)
    if query.grouped:
        inner = f"SELECT DISTINCT {', '.join(map(quoted, query.group_by))} FROM {{t}}{tests}"
        return (f"SELECT count(*) FROM ({inner})", params) if query.group_by else ("SELECT 1", [])
    if query.distinct:
        inner = f"SELECT DISTINCT {', '.join(map(quoted, query.columns))} FROM {{t}}{tests}"
        return f"SELECT count(*) FROM ({inner})", params
    return f"SELECT count(*) FROM {{t}}{tests}", params


def where(query: Query) -> tuple[str, list[Any]]:
    """The WHERE part and its values."""
    tests: list[str] = []
    params: list[Any] = []
    for each in query.where:
        tests.append(_test(each))
        params += each.values
    for word in query.words:
        tests.append("(" + " OR ".join(f"contains({quoted(name)}, ?)" for name in query.searched) + ")")
        params += [word] * len(query.searched)
    return (f" WHERE {' AND '.join(tests)}" if tests else ""), params


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _test(asked: Condition) -> str:
    name = quoted(asked.column)
    match asked.operator:
        case "null":
            return f"{name} IS NULL"
        case "notnull":
            return f"{name} IS NOT NULL"
        case "in":
            return f"{name} IN ({', '.join('?' * len(asked.values))})"
        case "contains":
            return f"contains({name}::VARCHAR, ?)"
        case "prefix":
            return f"starts_with({name}::VARCHAR, ?)"
        case operator:
            return f"{name} {_COMPARED[operator]} ?"


def _aggregate(asked: Aggregate) -> str:
    name = quoted(asked.column) if asked.column else "*"
    call = f"count(DISTINCT {name})" if asked.function == "distinct" else f"{asked.function}({name})"
    if asked.function == "sum":
        call = f"({call})::DOUBLE"  # a sum of whole numbers is wider than JSON's readers expect
    return f"{call} AS {quoted(asked.name)}"


def _ordered(name: str, down: bool) -> str:
    return f"{quoted(name)} {'DESC' if down else 'ASC'} NULLS LAST"


def _column(table: OpenTable, name: str, key: str) -> OpenColumn:
    found = table.column(name)
    if found is None:
        known: Sequence[str] = [each.name for each in table.columns]
        raise BadQuery(key=key, reason=f"{name[:60]} ∉ {', '.join(known)[:600]}")
    return found


def texts(table: OpenTable) -> tuple[str, ...]:
    """The columns in which words are looked for."""
    return tuple(each.name for each in table.columns if each.type is Type.TEXT)
