"""The one query that turns raw text into checked values.

Layers, each a projection over the one before: raw text → value of its type (``v:``) → what is wrong with it
(``p:``, see ``problems``) → coordinates to WGS 84 → final values → row rules (``#q``) → whether the row is bad.
DuckDB runs them as one pipeline.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hutong.lake.errors import BadContract
from hutong.lake.logic import coordinates, parsing
from hutong.lake.logic.problems import EMPTIED, MAX_TEXT, QUARANTINED, Kind
from hutong.lake.logic.rules import condition
from hutong.lake.logic.sql import ident, literal, literals, trim
from hutong.lake.types import Breach, Column, ColumnType, Contract, Crs, Rule

MOVED = (Crs.GCJ02, Crs.BD09)
_NUMBERS = {ColumnType.MONEY, ColumnType.QUANTITY, ColumnType.PERCENT}
_DATED = {ColumnType.DATE, ColumnType.DATETIME}


@dataclass(frozen=True, slots=True)
class StoredColumn:
    """A column as it is stored: its DuckDB type and, unless it was added by us, its contract."""

    name: str
    kind: str
    column: Column | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A longitude and a latitude that must be moved to WGS 84 together."""

    lon: str
    lat: str
    crs: Crs


def pairs(contract: Contract) -> list[Pair]:
    """The points of a contract that are not in WGS 84: each longitude with the next latitude of its system."""
    found = []
    for crs in MOVED:
        lons = [
            each.name for each in contract.columns if (each.type, each.crs) == (ColumnType.LONGITUDE, crs)
        ]
        lats = [each.name for each in contract.columns if (each.type, each.crs) == (ColumnType.LATITUDE, crs)]
        if len(lons) != len(lats):
            raise BadContract(reason=f"{len(lons)} longitudes and {len(lats)} latitudes in {crs}")
        found += [Pair(lon, lat, crs) for lon, lat in zip(lons, lats, strict=True)]
    return found


def schema(contract: Contract) -> list[StoredColumn]:
    """The columns a table of this contract has, the source's own coordinates last."""
    found = [StoredColumn(each.name, parsing.stored(each), each) for each in contract.columns]
    for pair in pairs(contract):
        found += [
            StoredColumn(f"{pair.lon}_source", "DOUBLE"),
            StoredColumn(f"{pair.lat}_source", "DOUBLE"),
            StoredColumn(f"{pair.lon}_crs", "VARCHAR"),
        ]
    found += [
        StoredColumn(f"{each.name}_crs", "VARCHAR")
        for each in contract.columns
        if each.type is ColumnType.GEOMETRY and each.crs in MOVED
    ]
    return found


def row_rules(contract: Contract) -> list[Rule]:
    """The rules that one row decides, in the order of their bits."""
    rules = [rule for rule in contract.rules if rule.kind == "check"]
    if len(rules) > 62:
        raise BadContract(reason="more than 62 row conditions in one contract")
    return rules


def validate(contract: Contract) -> None:
    """Raise ``BadContract`` where the contract cannot be carried out."""
    pairs(contract)
    names = [each.name for each in schema(contract)]
    for rule in row_rules(contract):
        condition(rule.id, rule.check, names)
    for twice in {name for name in names if names.count(name) > 1}:
        raise BadContract(reason=f"two columns would be called {twice}")


def checked(
    contract: Contract, source: str, raw: Mapping[str, str], headers: Sequence[tuple[str, str]]
) -> str:
    """SELECT over ``source``: final columns, ``p:`` per column, ``#k``, ``#q``, ``#bad`` and the raw text of bad rows.

    ``raw`` gives each contract column's raw text as an expression; ``headers`` pairs raw columns with the header
    text that would betray a repeated header row.
    """
    columns = contract.columns
    query = f'SELECT *, {_row_kind(raw, headers)} AS "#k" FROM {source}'
    query = _values(columns, raw, query)
    faults = ", ".join(
        f"{_fault(contract, each, raw[each.name])} AS {ident('p:' + each.name)}" for each in columns
    )
    query = f"SELECT *, {faults} FROM ({query})"
    places: dict[str, str] = {}
    for tag, pair in enumerate(pairs(contract)):
        adds, (lon, lat) = coordinates.layers(
            _final(contract.column(pair.lon)), _final(contract.column(pair.lat)), pair.crs, str(tag)
        )
        places |= {pair.lon: lon, pair.lat: lat}
        for add in adds:
            query = f"SELECT *, {add} FROM ({query})"
    problems = [ident("p:" + each.name) for each in columns]
    originals = [each for each in raw.values() if each.startswith('"')]
    carried = ", ".join([*_outputs(contract, places), *problems, '"#k"', *dict.fromkeys(originals)])
    query = f"SELECT {carried} FROM ({query})"
    query = f'SELECT *, {_rule_bits(contract)} AS "#q" FROM ({query})'
    hard = " OR ".join(
        [*(f"{part} >= {QUARANTINED}" for part in problems), f'"#q" & {_hard_bits(contract)} <> 0']
    )
    query = f'SELECT *, ({hard}) AS "#bad" FROM ({query})'
    kept = ", ".join([*(ident(each.name) for each in schema(contract)), *problems, '"#k", "#q", "#bad"'])
    texts = ", ".join(f"{raw[each.name]}::VARCHAR" for each in columns)
    return f'SELECT {kept}, CASE WHEN "#bad" AND "#k" = 0 THEN [{texts}] END AS "#raw" FROM ({query})'


def _values(columns: Sequence[Column], raw: Mapping[str, str], query: str) -> str:
    """Project the columns' layers, all columns a level at a time; the last of each is its value ``v:``."""
    all_layers = {each.name: parsing.layers(each, raw[each.name]) for each in columns}
    for number in range(max(len(each) for each in all_layers.values())):
        adds = []
        for column in columns:
            found = all_layers[column.name]
            if number < len(found):
                last = number == len(found) - 1
                name = ident("v:" + column.name) if last else parsing.level(column, number)
                adds.append(f"{found[number]} AS {name}")
        query = f"SELECT *, {', '.join(adds)} FROM ({query})"
    return query


def _row_kind(raw: Mapping[str, str], headers: Sequence[tuple[str, str]]) -> str:
    """1: the header again, 2: nothing in any column, 0: a row."""
    read = [each for each in raw.values() if each.startswith('"')]
    cases = ""
    if headers:
        again = " AND ".join(f"{name} = {literal(text)}" for name, text in headers)
        cases += f" WHEN {again} THEN 1"
    if read:
        cases += f" WHEN coalesce({', '.join(read)}) IS NULL THEN 2"
    return f"(CASE{cases} ELSE 0 END)::UTINYINT" if cases else "0::UTINYINT"


def _fault(contract: Contract, column: Column, raw: str) -> str:
    """What is wrong with one value, as a number."""
    value = ident("v:" + column.name)
    required = column.required or column.name in contract.key
    nothing = _grade(column, Kind.REQUIRED) if required else None
    marked = parsing.is_missing(raw, contract.source.missing)
    mark = f"CASE WHEN {trim(raw)} = '' THEN {int(Kind.EMPTY)} ELSE {int(Kind.MARK)} END"
    without = (
        f"CASE WHEN {raw} IS NULL THEN {nothing or int(Kind.EMPTY)} WHEN {marked} THEN {nothing or mark}"
        f" ELSE {_grade(column, Kind.BAD_VALUE)} END"
    )
    cases = [f"WHEN {value} IS NULL THEN {without}"]
    if column.type in _TEXTUAL:
        marks = literals((*parsing.MISSING, *contract.source.missing))
        cases.append(
            f"WHEN strlen({value}) < 8 AND {value} IN ({marks}) THEN {nothing or EMPTIED + Kind.MARK}"
        )
    if column.sentinels:
        known = ", ".join(parsing.constant(column, each) for each in column.sentinels)
        cases.append(f"WHEN {value} IN ({known}) THEN {nothing or EMPTIED + Kind.SENTINEL}")
    cases += [f"WHEN {test} THEN {_grade(column, kind)}" for kind, test in _tests(column, raw, value)]
    cases += [f"WHEN {test} THEN {int(kind)}" for kind, test in _notes(column, raw)]
    return f"(CASE {' '.join(cases)} ELSE 0 END)::UTINYINT"


_TEXTUAL = {
    ColumnType.TEXT,
    ColumnType.CODE,
    ColumnType.PHONE,
    ColumnType.USCC,
    ColumnType.IDNUMBER,
}


def _grade(column: Column, kind: Kind) -> int:
    """The number of a defect: its kind and what becomes of it."""
    if kind is Kind.TOO_LONG and not column.length:
        return QUARANTINED + kind
    match column.breach:
        case Breach.QUARANTINE:
            return QUARANTINED + kind
        case Breach.EMPTY:
            return (QUARANTINED if kind is Kind.REQUIRED else EMPTIED) + kind
        case Breach.WARN:
            return (EMPTIED if kind is Kind.BAD_VALUE else 0) + kind


def _tests(column: Column, raw: str, value: str) -> list[tuple[Kind, str]]:
    """Conditions under which a value breaks its column's contract."""
    found: list[tuple[Kind, str]] = []
    low, high = (parsing.constant(column, each) if each is not None else None for each in column.range)
    if column.type is ColumnType.LONGITUDE:
        low, high = low or "-180", high or "180"
    if column.type is ColumnType.LATITUDE:
        low, high = low or "-90", high or "90"
    outside = [f"{value} < {low}"] * (low is not None) + [f"{value} > {high}"] * (high is not None)
    if outside:
        found.append((Kind.RANGE, " OR ".join(outside)))
    if column.type in _TEXTUAL | {ColumnType.JSON}:
        longest = column.length or MAX_TEXT
        found.append((Kind.TOO_LONG, f"strlen({value}) > {longest} AND length({value}) > {longest}"))
    if column.codes:
        found.append((Kind.UNKNOWN_CODE, f"CAST({value} AS VARCHAR) NOT IN ({literals(column.codes)})"))
    if column.pattern:
        text = value if column.type in _TEXTUAL else trim(raw)
        found.append((Kind.PATTERN, f"NOT regexp_full_match({text}, {literal(column.pattern)})"))
    if column.type is ColumnType.USCC:
        found.append((Kind.CHECKSUM, f"NOT {parsing.uscc_holds(value)}"))
    if column.type is ColumnType.IDNUMBER:
        found.append((Kind.CHECKSUM, f"NOT coalesce({parsing.id_number_holds(value)}, false)"))
    if column.type is ColumnType.PHONE:
        found.append((Kind.PATTERN, f"NOT {parsing.phone_holds(value)}"))
    if not column.whole_degrees:
        found.append((Kind.WHOLE_DEGREE, f"{value} = floor({value})"))
    return found


def _notes(column: Column, raw: str) -> list[tuple[Kind, str]]:
    """What is worth counting though the value is sound."""
    if column.type in _DATED:
        sign = f"substring({raw}, 5, 1)"
        return [
            (Kind.ISO, f"{sign} = '-'"),
            (Kind.SLASHED, f"{sign} = '/'"),
            (Kind.CHINESE, f"{sign} = '年'"),
            (Kind.DOTTED, f"{sign} = '.'"),
            (Kind.SERIAL, f"strlen({raw}) = 5 OR ({sign} BETWEEN '0' AND '9' AND contains({raw}, '.'))"),
            (Kind.COMPACT, f"{sign} BETWEEN '0' AND '9' AND NOT contains({raw}, '/')"),
            (Kind.OWN_FORMAT, "true"),
        ]
    if column.type in _NUMBERS:
        plain = parsing.level(column, 0)
        return [(Kind.UNIT_TEXT, f"{plain} IS NULL AND NOT (right(rtrim({raw}), 1) BETWEEN '.' AND '9')")]
    if column.type is ColumnType.TEXT:
        return [(Kind.BREAKS, f"contains({raw}, chr(9)) OR contains({raw}, chr(10))")]
    return []


def _final(column: Column) -> str:
    """The value unless it was emptied; where none can be, the value as it is."""
    value, fault = ident("v:" + column.name), ident("p:" + column.name)
    if column.breach is Breach.QUARANTINE and not column.sentinels and column.type not in _TEXTUAL:
        return value
    return f"CASE WHEN {fault} BETWEEN {EMPTIED} AND {QUARANTINED - 1} THEN NULL ELSE {value} END"


def _outputs(contract: Contract, places: Mapping[str, str]) -> list[str]:
    found = []
    for each in contract.columns:
        value = places.get(each.name, _final(each))
        if each.type is ColumnType.GEOMETRY and each.crs in MOVED:
            value = f"wkb_to_wgs84({value}, {literal(each.crs)})"
        found.append(f"{value} AS {ident(each.name)}")
    for pair in pairs(contract):
        found += [
            f"{_final(contract.column(pair.lon))} AS {ident(pair.lon + '_source')}",
            f"{_final(contract.column(pair.lat))} AS {ident(pair.lat + '_source')}",
            f"{literal(pair.crs)} AS {ident(pair.lon + '_crs')}",
        ]
    found += [
        f"{literal(each.crs)} AS {ident(each.name + '_crs')}"
        for each in contract.columns
        if each.type is ColumnType.GEOMETRY and each.crs in MOVED
    ]
    return found


def _rule_bits(contract: Contract) -> str:
    names = [each.name for each in schema(contract)]
    bits = [
        f"CASE WHEN TRY({condition(rule.id, rule.check, names)}) IS FALSE THEN {1 << place} ELSE 0 END"
        for place, rule in enumerate(row_rules(contract))
    ]
    return f"({' + '.join(bits)})::BIGINT" if bits else "0::BIGINT"


def _hard_bits(contract: Contract) -> int:
    return sum(
        1 << place for place, rule in enumerate(row_rules(contract)) if rule.breach is Breach.QUARANTINE
    )
