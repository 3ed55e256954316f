"""SQL that reads one column's text as its type: a fast path for plain values, a slow one for all the rest.

Every expression gives NULL where the text is no such value. ``coalesce`` evaluates its second part only for the
rows that need it, so that irregular spellings cost nothing where there are none.
"""

from collections.abc import Mapping
from decimal import Decimal

from hutong.lake.logic import units
from hutong.lake.logic.sql import clean, literal, literals, trim
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
_NUMBER = r"^[¥￥约]?([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(.*)$"
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


def parse(column: Column, raw: str) -> str:
    """The value of the text ``raw`` (an SQL expression) as the column's type, NULL where it is none."""
    match column.type:
        case ColumnType.INT:
            return _int(column, raw)
        case ColumnType.DECIMAL:
            return f"coalesce(try_cast({raw} AS {stored(column)}), {_scaled(column, raw, stored(column))})"
        case ColumnType.FLOAT | ColumnType.QUANTITY | ColumnType.LONGITUDE | ColumnType.LATITUDE:
            return f"coalesce({_double(raw)}, {_scaled(column, raw, 'DOUBLE')})"
        case ColumnType.PERCENT:
            slow = _with_unit(raw, units.percent_factors(column.unit), "DOUBLE")
            return slow if column.unit == "1" else f"coalesce({_double(raw)}, {slow})"
        case ColumnType.MONEY:
            return _money(column, raw)
        case ColumnType.BOOL:
            return _bool(raw)
        case ColumnType.DATE:
            return _date(column, raw)
        case ColumnType.DATETIME:
            return _datetime(column, raw)
        case ColumnType.MONTH:
            return _month(column, raw)
        case ColumnType.YEAR:
            spelled = f"regexp_extract({trim(raw)}, '^(\\d{{4}})年?度?$', 1)"
            return f"coalesce({_year(raw)}, {_year(spelled)})"
        case _:
            return _textual(column, raw)


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
    cases = " ".join(f"WHEN {literal(label)} THEN {literal(code)}" for label, code in labels.items())
    return f"CASE {text} {cases} ELSE {text} END"


def _int(column: Column, raw: str) -> str:
    odd = " OR ".join(f"contains({raw}, {literal(sign)})" for sign in (".", "e", "E", "x", "_"))
    fast = f"CASE WHEN {odd} THEN NULL ELSE try_cast({raw} AS BIGINT) END"
    slow = _scaled(column, raw, "DECIMAL(38,10)")
    return f"coalesce({fast}, CASE WHEN {slow} = floor({slow}) THEN try_cast({slow} AS BIGINT) END)"


def _double(raw: str) -> str:
    value = f"try_cast({raw} AS DOUBLE)"
    return f"CASE WHEN isfinite({value}) THEN {value} END"


def _scaled(column: Column, raw: str, kind: str) -> str:
    return _with_unit(raw, units.factors(column.unit), kind)


def _with_unit(raw: str, known: Mapping[str, Decimal], kind: str) -> str:
    """Number and unit text apart, the number times what the unit stands for."""
    clean = f"translate({trim(raw)}, '０１２３４５６７８９．－＋％, ，', '0123456789.-+%')"
    rest = f"lower(regexp_extract({clean}, {literal(_NUMBER)}, 2))"
    number = f"regexp_extract({clean}, {literal(_NUMBER)}, 1)"
    cases = " ".join(f"WHEN {literal(text.lower())} THEN {_plain(value)}" for text, value in known.items())
    factor = f"CASE {rest} {cases} END"
    if kind == "DOUBLE":
        return f"try_cast({number} AS DOUBLE) * ({factor})::DOUBLE"
    return f"try_cast(try_cast({number} AS DECIMAL(28,8)) * ({factor})::DOUBLE AS {kind})"


def _money(column: Column, raw: str) -> str:
    """Fen. Decimal all the way: a float would lose fen above 90 万亿元."""
    known = units.money_factors(column.unit)
    plain = known[""]
    places = max(0, len(_plain(plain)) - 1)
    fast = (
        f"try_cast(try_cast({raw} AS DECIMAL(18,{places}))::DECIMAL(38,{places}) * {_plain(plain)} AS BIGINT)"
    )
    clean = f"translate({trim(raw)}, '０１２３４５６７８９．－＋, ，', '0123456789.-+')"
    number = f"try_cast(regexp_extract({clean}, {literal(_NUMBER)}, 1) AS DECIMAL(20,8))"
    rest = f"lower(regexp_extract({clean}, {literal(_NUMBER)}, 2))"
    cases = " ".join(f"WHEN {literal(text.lower())} THEN {_plain(value)}" for text, value in known.items())
    slow = f"try_cast(round({number} * (CASE {rest} {cases} END)::DECIMAL(18,0), 0) AS BIGINT)"
    return f"coalesce({fast}, {slow})"


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


def _sane(value: str, low: str = "1800-01-01", high: str = "2200-01-01") -> str:
    return f"CASE WHEN {value} BETWEEN '{low}' AND '{high}' THEN {value} END"


def _date(column: Column, raw: str) -> str:
    serial = (
        f"CASE WHEN regexp_full_match({raw}, '[1-9][0-9]{{4}}(\\.0+)?')"
        f" THEN DATE '1899-12-30' + floor(try_cast({raw} AS DOUBLE))::INTEGER END"
    )
    fast = _sane(f"try_cast({raw} AS DATE)")
    slow = f"coalesce(try_strptime({trim(raw)}, [{literals(_DATES)}])::DATE, {serial})"
    return f"coalesce({_own_formats(column, raw, '::DATE')}{fast}, {_sane(slow)})"


def _own_formats(column: Column, raw: str, cast: str) -> str:
    return f"try_strptime({trim(raw)}, [{literals(column.formats)}]){cast}, " if column.formats else ""


def _datetime(column: Column, raw: str) -> str:
    zoned = (
        f"(strlen({raw}) > 19 AND (ends_with({raw}, 'Z') OR substring({raw}, -6, 1) IN ('+', '-')"
        f" OR substring({raw}, -5, 1) IN ('+', '-') OR substring({raw}, -3, 1) IN ('+', '-')))"
    )
    serial = (
        f"CASE WHEN regexp_full_match({raw}, '[1-9][0-9]{{4}}(\\.[0-9]+)?')"
        f" THEN TIMESTAMP '1899-12-30'"
        f" + to_microseconds(round(try_cast({raw} AS DOUBLE) * 86400)::BIGINT * 1000000) END"
    )
    wall = (
        f"coalesce({_own_formats(column, raw, '')}try_cast({raw} AS TIMESTAMP),"
        f" try_strptime({trim(raw)}, [{literals(_TIMES)}]), {serial})"
    )
    return f"CASE WHEN {zoned} THEN try_cast({raw} AS TIMESTAMPTZ) ELSE {_to_utc(wall, column.timezone)} END"


def _to_utc(wall: str, zone: str) -> str:
    """China has had one offset since the last summer time of 1991: plain arithmetic after it, ICU before."""
    known = _sane(wall)
    if zone == "UTC":
        return f"make_timestamptz(epoch_us({known}))"
    if zone != "Asia/Shanghai":
        return f"timezone({literal(zone)}, {known})"
    return (
        f"CASE WHEN {known} >= TIMESTAMP '1991-09-16' THEN make_timestamptz(epoch_us({known}) - 28800000000)"
        f" ELSE timezone('Asia/Shanghai', {known}) END"
    )


def _month(column: Column, raw: str) -> str:
    fast = f"CASE WHEN strlen({raw}) = 7 THEN try_cast({raw} || '-01' AS DATE) END"
    digits = f"regexp_extract({trim(raw)}, '^(\\d{{4}})[-/.年]?(\\d{{1,2}})月?$', ['y', 'm'])"
    slow = f"try_cast({digits}['y'] || '-' || {digits}['m'] || '-01' AS DATE)"
    whole = f"date_trunc('month', {_date(column, raw)})::DATE"
    return f"coalesce({_sane(fast)}, {_sane(slow)}, {whole})"


def _year(raw: str) -> str:
    value = f"try_cast({raw} AS INTEGER)"
    return f"CASE WHEN {value} BETWEEN 1800 AND 2200 AND NOT contains({raw}, '.') THEN {value} END"


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
