"""SQL that reads one column's text as its type: a fast path for plain values, a slow one for all the rest.

Every expression gives NULL where the text is no such value. CASE and coalesce evaluate a branch only for the rows that
take it, so that irregular spellings cost nothing where there are none.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from hutong.lake.logic import units
from hutong.lake.logic.sql import clean, ident, literal, literals, trim
from hutong.lake.types import Column, ColumnType

MISSING = (
    "NA",
    "N/A",
    "n/a",
    "#N/A",
    "NULL",
    "null",
    "None",
    "NaN",
    "nan",
    "-",
    "--",
    "—",
    "——",
    r"\N",
    "空",
)
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_DATES = ("%Y%m%d", "%Y年%m月%d日", "%Y.%m.%d", "%Y年%m月%d号", "%Y 年 %m 月 %d 日")
_TIMES = (
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日%H时%M分%S秒",
    "%Y年%m月%d日%H时%M分",
    "%Y年%m月%d日 %H时%M分",
    "%Y%m%d%H%M%S",
    "%Y%m%d %H:%M:%S",
    "%Y.%m.%d %H:%M:%S",
    *_DATES,
)
_NUMBER = r"^[¥￥约]?([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)([十百千万亿]*)(.*)$"
STORED = {
    ColumnType.INT: "BIGINT",
    ColumnType.FLOAT: "DOUBLE",
    ColumnType.BOOL: "BOOLEAN",
    ColumnType.DATE: "DATE",
    ColumnType.DATETIME: "TIMESTAMP WITH TIME ZONE",
    ColumnType.MONTH: "DATE",
    ColumnType.YEAR: "INTEGER",
    ColumnType.MONEY: "BIGINT",
    ColumnType.PERCENT: "DOUBLE",
    ColumnType.QUANTITY: "DOUBLE",
    ColumnType.LONGITUDE: "DOUBLE",
    ColumnType.LATITUDE: "DOUBLE",
    ColumnType.GEOMETRY: "BLOB",
}


def stored(column: Column) -> str:
    """The DuckDB type a column is stored as."""
    if column.type is ColumnType.DECIMAL:
        return f"DECIMAL(18,{column.scale})"
    return STORED.get(column.type, "VARCHAR")


def is_missing(raw: str, marks: tuple[str, ...]) -> str:
    """Whether the text stands for no value."""
    return f"{trim(raw)} IN ('', {literals((*MISSING, *marks))})"


def layers(column: Column, raw: str) -> list[str]:
    """Expressions to project one after another; the last gives the value of the text ``raw``, NULL where it is none.

    Level ``n`` of a column is called by ``level`` and may be used by the next: what is computed once is then not
    computed again, and what only irregular spellings need is not computed for the others.
    """
    match column.type:
        case (
            ColumnType.INT | ColumnType.DECIMAL | ColumnType.FLOAT | ColumnType.QUANTITY | ColumnType.PERCENT
        ):
            return _number(column, raw)
        case ColumnType.LONGITUDE | ColumnType.LATITUDE | ColumnType.MONEY:
            return _number(column, raw)
        case ColumnType.BOOL:
            return [_bool(raw)]
        case ColumnType.DATE:
            return _date(column, raw)
        case ColumnType.DATETIME:
            return _datetime(column, raw)
        case ColumnType.MONTH:
            return _month(column, raw)
        case ColumnType.YEAR:
            return _year(column, raw)
        case _:
            return [_textual(column, raw)]


def level(column: Column, number: int) -> str:
    """The name of a column's value at a level."""
    return ident(f"{number}:{column.name}")


def constant(column: Column, text: str) -> str:
    """The value of a bound or sentinel of the contract, which is written plainly."""
    raw = literal(text)
    match column.type:
        case ColumnType.DATE:
            return f"coalesce({_own_formats(column, raw, '::DATE')}try_cast({raw} AS DATE))"
        case ColumnType.DATETIME:
            wall = f"coalesce({_own_formats(column, raw, '')}try_cast({raw} AS TIMESTAMP))"
            return f"timezone({literal(column.timezone)}, {wall})"
        case ColumnType.MONTH:
            return f"try_cast(left({raw}, 7) || '-01' AS DATE)"
        case ColumnType.YEAR:
            return f"try_cast({raw} AS INTEGER)"
        case ColumnType.MONEY if re.fullmatch(r"-?\d+(\.\d+)?", text):
            return _plain(Decimal(text) * units.money_factors(column.unit).whole[""])
        case _:
            return layers(column, raw)[0]


def _textual(column: Column, raw: str) -> str:
    text = clean(raw)
    match column.type:
        case ColumnType.USCC | ColumnType.IDNUMBER:
            return f"CASE WHEN strlen({raw}) >= 15 THEN upper({text}) END"
        case ColumnType.GEOMETRY:
            return (
                f"CASE WHEN starts_with({text}, '{{') THEN TRY(ST_AsWKB(ST_GeomFromGeoJSON({text})))"
                f" ELSE TRY(ST_AsWKB(ST_GeomFromText({text}))) END"
            )
        case ColumnType.JSON:
            return f"CASE WHEN json_valid({raw}) THEN {raw} END"
        case ColumnType.CODE:
            return _code(column, text)
        case _:
            return text


def _code(column: Column, text: str) -> str:
    """A code, or its title where that is what the source writes."""
    labels = {title.zh: code for code, title in column.codes.items() if title.zh and title.zh != code}
    labels |= {title.en: code for code, title in column.codes.items() if title.en and title.en != code}
    labels = {label: code for label, code in labels.items() if label not in column.codes}
    if not labels:
        return text
    known = f"MAP {{{', '.join(f'{literal(label)}: {literal(code)}' for label, code in labels.items())}}}"
    return f"coalesce({known}[{text}], {text})"


def _number(column: Column, raw: str) -> list[str]:
    """A plain number; else number and unit text apart, the number times what the unit stands for."""
    plain = f"translate({trim(raw)}, '０１２３４５６７８９．－＋％, ，', '0123456789.-+%')"
    parts = (
        f"CASE WHEN {level(column, 0)} IS NULL AND {raw} IS NOT NULL"
        f" THEN regexp_extract({plain}, {literal(_NUMBER)}, ['n', 'm', 'u']) END"
    )
    found = level(column, 1)
    kind = "BIGINT" if column.type is ColumnType.MONEY else "DOUBLE"
    known = _units(column)
    factor = f"{_map(known.whole, kind)}[lower({found}.m || {found}.u)]"
    if known.signs:
        scaled = f"{_map(known.signs, kind)}[{found}.m]"
        factor = (
            f"coalesce({factor}, CASE WHEN lower({found}.u) IN ({literals(known.units)}) THEN {scaled} END)"
        )
    slow = _measured(column, found + ".n", level(column, 2))
    return [
        _fast_number(column, raw),
        parts,
        f"CASE WHEN {found} IS NOT NULL THEN {factor} END",
        f"CASE WHEN {found} IS NULL THEN {level(column, 0)} ELSE {slow} END",
    ]


def _map(values: Mapping[str, Decimal], kind: str) -> str:
    entries = ", ".join(f"{literal(text.lower())}: {_plain(value)}::{kind}" for text, value in values.items())
    return f"(MAP {{{entries}}})"


def _units(column: Column) -> units.Factors:
    match column.type:
        case ColumnType.MONEY:
            return units.money_factors(column.unit)
        case ColumnType.PERCENT:
            return units.percent_factors(column.unit)
        case _:
            return units.factors(column.unit)


def _fast_number(column: Column, raw: str) -> str:
    match column.type:
        case ColumnType.INT:
            odd = " OR ".join(f"contains({raw}, {literal(sign)})" for sign in (".", "e", "E", "x", "_"))
            return f"CASE WHEN {odd} THEN NULL ELSE try_cast({raw} AS BIGINT) END"
        case ColumnType.DECIMAL:
            return f"try_cast({raw} AS {stored(column)})"
        case ColumnType.MONEY:  # decimal all the way: a float would lose fen above 90 万亿元
            fen = _plain(units.money_factors(column.unit).whole[""])
            places = len(fen) - 1
            if places > 8:
                return f"try_cast(try_cast({raw} AS DECIMAL(27,{places})) * {fen}::DECIMAL(11,0) AS BIGINT)"
            # Narrow enough that the product fits 18 digits; what is larger takes the slow path, in 38 digits.
            plain = f"try_cast({raw} AS DECIMAL({18 - places},{places}))::DECIMAL(18,{places})"
            return f"try_cast({plain} * {fen} AS BIGINT)"
        case _:
            value = f"try_cast({raw} AS DOUBLE)"
            value = f"CASE WHEN isfinite({value}) THEN {value} END"
            return f"({value}) * 100" if column.type is ColumnType.PERCENT and column.unit == "1" else value


def _measured(column: Column, number: str, factor: str) -> str:
    value = f"try_cast({number} AS DOUBLE) * {factor}"
    match column.type:
        case ColumnType.MONEY:
            small = f"try_cast({number} AS DECIMAL(20,8)) * {factor}::DECIMAL(18,0)"
            large = f"try_cast({number} AS DECIMAL(23,4)) * {factor}::DECIMAL(15,0)"
            wide = f"try_cast(round(coalesce({small}, {large}), 0) AS BIGINT)"
            # In 38 digits the cast alone takes 5 µs: usual amounts are reckoned in ten-thousandths, in 64 bits.
            usual = f"{factor} <= 10000000000 AND regexp_full_match({number}, '[+-]?[0-9]{{1,8}}([.][0-9]{{0,4}})?')"
            parts = f"(try_cast({number} AS DECIMAL(12,4))::DECIMAL(18,4) * 10000)::BIGINT"
            half = f"CASE WHEN starts_with({number}, '-') THEN -5000 ELSE 5000 END"
            narrow = (
                f"CASE WHEN {factor} % 10000 = 0 THEN {parts} * ({factor} // 10000)"
                f" ELSE ({parts} * {factor} + {half}) // 10000 END"
            )
            return f"CASE WHEN {usual} THEN {narrow} ELSE {wide} END"
        case ColumnType.INT:
            return f"CASE WHEN {value} = floor({value}) THEN try_cast({value} AS BIGINT) END"
        case ColumnType.DECIMAL:
            return f"try_cast({value} AS {stored(column)})"
        case _:
            return value


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _bool(raw: str) -> str:
    text = f"lower({trim(raw)})"
    true = ("yes", "y", "是", "有", "√", "对")
    false = ("no", "n", "否", "无", "×", "错")
    slow = (
        f"CASE WHEN {text} IN ({literals(true)}) THEN true WHEN {text} IN ({literals(false)}) THEN false END"
    )
    return f"coalesce(try_cast({raw} AS BOOLEAN), {slow})"


def _sane(value: str) -> str:
    return f"CASE WHEN {value} BETWEEN '1800-01-01' AND '2200-01-01' THEN {value} END"


def _own_formats(column: Column, raw: str, cast: str) -> str:
    return f"try_strptime({trim(raw)}, [{literals(column.formats)}]){cast}, " if column.formats else ""


def _date(column: Column, raw: str) -> list[str]:
    fast = f"coalesce({_own_formats(column, raw, '::DATE')}try_cast({raw} AS DATE))"
    first = level(column, 0)
    slow = f"CASE WHEN {first} >= '1800-01-01' THEN {first} WHEN {raw} IS NOT NULL THEN {_odd_date(raw)} END"
    return [fast, slow, _sane(level(column, 1))]


def _odd_date(raw: str) -> str:
    serial = (
        f"CASE WHEN regexp_full_match({raw}, '[1-9][0-9]{{4}}(\\.0+)?')"
        f" THEN DATE '1899-12-30' + floor(try_cast({raw} AS DOUBLE))::INTEGER END"
    )
    return f"coalesce(try_strptime({trim(raw)}, [{literals(_DATES)}])::DATE, {serial})"


def _datetime(column: Column, raw: str) -> list[str]:
    """Wall time first, then to UTC. China has had one offset since the last summer time of 1991."""
    zoned = (
        f"(strlen({raw}) > 19 AND (ends_with({raw}, 'Z') OR substring({raw}, -6, 1) IN ('+', '-')"
        f" OR substring({raw}, -5, 1) IN ('+', '-') OR substring({raw}, -3, 1) IN ('+', '-')))"
    )
    serial = (
        f"CASE WHEN regexp_full_match({raw}, '[1-9][0-9]{{4}}(\\.[0-9]+)?')"
        f" THEN TIMESTAMP '1899-12-30'"
        f" + to_microseconds(round(try_cast({raw} AS DOUBLE) * 86400)::BIGINT * 1000000) END"
    )
    plain = f"coalesce({_own_formats(column, raw, '')}try_cast({raw} AS TIMESTAMP))"
    fast = f"CASE WHEN {zoned} THEN NULL ELSE {plain} END"
    odd = f"coalesce(try_strptime({trim(raw)}, [{literals(_TIMES)}]), {serial})"
    slow = f"CASE WHEN {level(column, 0)} IS NOT NULL THEN {level(column, 0)} WHEN {raw} IS NOT NULL THEN {odd} END"
    wall = level(column, 2)
    utc = f"make_timestamptz(epoch_us({wall}) - 28800000000)"
    cases = f"WHEN {wall} >= TIMESTAMP '1991-09-16' THEN {utc}" if column.timezone == "Asia/Shanghai" else ""
    rest = f"WHEN {wall} IS NOT NULL THEN timezone({literal(column.timezone)}, {wall})"
    last = f"CASE {cases} {rest} WHEN {raw} IS NOT NULL AND {zoned} THEN try_cast({raw} AS TIMESTAMPTZ) END"
    return [fast, slow, _sane(level(column, 1)), last]


def _month(column: Column, raw: str) -> list[str]:
    fast = f"CASE WHEN strlen({raw}) = 7 THEN try_cast({raw} || '-01' AS DATE) END"
    split = f"regexp_extract({trim(raw)}, '^(\\d{{4}})[-/.年]?(\\d{{1,2}})月?$', ['y', 'm'])"
    parts = f"CASE WHEN {level(column, 0)} IS NULL AND {raw} IS NOT NULL THEN {split} END"
    found = level(column, 1)
    odd = f"coalesce(try_cast({raw} AS DATE), {_odd_date(raw)})"
    slow = f"coalesce(try_cast({found}.y || '-' || {found}.m || '-01' AS DATE), date_trunc('month', {odd})::DATE)"
    whole = f"CASE WHEN {found} IS NULL THEN {level(column, 0)} ELSE {slow} END"
    return [fast, parts, whole, _sane(level(column, 2))]


def _year(column: Column, raw: str) -> list[str]:
    fast = f"CASE WHEN contains({raw}, '.') THEN NULL ELSE try_cast({raw} AS INTEGER) END"
    spelled = f"try_cast(regexp_extract({trim(raw)}, '^(\\d{{4}})(年?度?|\\.0)$', 1) AS INTEGER)"
    slow = f"CASE WHEN {level(column, 0)} IS NULL AND {raw} IS NOT NULL THEN {spelled} ELSE {level(column, 0)} END"
    return [fast, slow, f"CASE WHEN {level(column, 1)} BETWEEN 1800 AND 2200 THEN {level(column, 1)} END"]


def uscc_holds(value: str) -> str:
    """Whether the check character of a unified social credit code is right (GB 32100-2015, 4.5)."""
    terms = " + ".join(
        f"{weight} * (instr('{USCC_ALPHABET}', substring({value}, {place}, 1)) - 1)"
        for place, weight in enumerate(_USCC_WEIGHTS, 1)
    )
    shape = f"regexp_full_match({value}, '[0-9A-HJ-NPQRTUWXY]{{2}}[0-9]{{6}}[0-9A-HJ-NPQRTUWXY]{{10}}')"
    last = f"instr('{USCC_ALPHABET}', substring({value}, 18, 1)) - 1"
    return f"({shape} AND (31 - ({terms}) % 31) % 31 = {last})"


def id_number_holds(value: str) -> str:
    """Whether the check character of a citizen identity number is right (GB 11643-1999)."""
    terms = " + ".join(
        f"{weight} * try_cast(substring({value}, {place}, 1) AS INTEGER)"
        for place, weight in enumerate(_ID_WEIGHTS, 1)
    )
    return (
        f"(regexp_full_match({value}, '[1-9][0-9]{{16}}[0-9X]')"
        f" AND substring('10X98765432', ({terms}) % 11 + 1, 1) = substring({value}, 18, 1))"
    )


def phone_holds(value: str) -> str:
    """Whether it looks like a telephone number of the mainland: mobile, land line, 400/800 or service number."""
    digits = f"regexp_replace({value}, '^\\+?86|[-\\s()（）]', '', 'g')"
    mobile, land, free, service, local = (
        "1[3-9][0-9]{9}", "0?[1-9][0-9]{8,14}", "[48]00[0-9]{7}", "1[0-9]{2,4}|9[56][0-9]{3,4}", "[2-8][0-9]{6,7}",
    )  # fmt: skip
    return f"regexp_full_match({digits}, '{mobile}|{land}|{free}|{service}|{local}')"
