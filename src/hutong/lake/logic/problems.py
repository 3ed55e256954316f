"""What can be wrong with a value, and how each is called, counted and explained.

A checked row carries one small number per column: a kind below, plus 100 when the row is quarantined for it or
plus 50 when the value was emptied. Zero is a sound value.
"""

from dataclasses import dataclass
from enum import IntEnum

from hutong.kernel.text import Text
from hutong.lake.types import Column, ColumnType, Dimension

EMPTIED, QUARANTINED = 50, 100


class Kind(IntEnum):
    """One kind of defect of one value."""

    FINE = 0
    MARK = 1
    SENTINEL = 2
    BAD_VALUE = 3
    RANGE = 4
    UNKNOWN_CODE = 5
    PATTERN = 6
    TOO_LONG = 7
    REQUIRED = 8
    CHECKSUM = 9
    WHOLE_DEGREE = 10
    EMPTY = 11
    SLASHED = 21
    COMPACT = 22
    CHINESE = 23
    DOTTED = 24
    SERIAL = 25
    OWN_FORMAT = 26
    ISO = 27
    UNIT_TEXT = 30
    BREAKS = 31


FORMATS = (Kind.SLASHED, Kind.COMPACT, Kind.CHINESE, Kind.DOTTED, Kind.SERIAL, Kind.OWN_FORMAT, Kind.ISO)


@dataclass(frozen=True, slots=True)
class Meaning:
    """How a kind of defect is named and explained; ``{column}`` and facts of the column fill the texts."""

    code: str
    dimension: Dimension
    what: Text
    fix: Text = Text(zh="", en="")


V, C, A = Dimension.VALIDITY, Dimension.COMPLETENESS, Dimension.ACCURACY
_FORMAT = Text(zh="统一日期写法", en="write dates in one form")
MEANINGS = {
    Kind.MARK: Meaning(
        "missing-mark",
        C,
        Text(zh="{column} 用记号（如 NA、-）表示无值", en="{column} has a mark such as NA or - for no value"),
        Text(zh="无值处留空", en="leave it empty"),
    ),
    Kind.EMPTY: Meaning("empty", C, Text(zh="{column} 为空", en="{column} is empty")),
    Kind.SENTINEL: Meaning(
        "sentinel",
        C,
        Text(zh="{column} 用特殊值 {sentinels} 表示不详", en="{column} has {sentinels} for “not known”"),
        Text(zh="不详处留空", en="leave it empty"),
    ),
    Kind.BAD_VALUE: Meaning(
        "bad-value",
        V,
        Text(zh="{column} 不是{type}", en="{column} is no {type}"),
        Text(zh="改成{type}，或改契约中的类型", en="make it a {type}, or mend the type in the contract"),
    ),
    Kind.RANGE: Meaning(
        "out-of-range",
        A,
        Text(zh="{column} 超出 {range}", en="{column} is outside {range}"),
        Text(zh="核对数值与单位", en="check the value and its unit"),
    ),
    Kind.UNKNOWN_CODE: Meaning(
        "unknown-code",
        V,
        Text(zh="{column} 不在代码表中", en="{column} is not in the code list"),
        Text(zh="改用代码表中的值，或补充代码表", en="use a listed code, or add it to the list"),
    ),
    Kind.PATTERN: Meaning(
        "bad-pattern",
        V,
        Text(zh="{column} 的写法不符合 {pattern}", en="{column} does not match {pattern}"),
    ),
    Kind.TOO_LONG: Meaning(
        "too-long",
        V,
        Text(zh="{column} 超过 {length} 字符", en="{column} is longer than {length} characters"),
    ),
    Kind.REQUIRED: Meaning(
        "required",
        C,
        Text(zh="{column} 必填而无值", en="{column} is required and has no value"),
        Text(zh="补上该值", en="give the value"),
    ),
    Kind.CHECKSUM: Meaning(
        "bad-checksum",
        V,
        Text(zh="{column} 的校验位不对", en="the check character of {column} is wrong"),
        Text(zh="核对号码，多半是抄写错误", en="check the number, most likely a slip of the pen"),
    ),
    Kind.WHOLE_DEGREE: Meaning(
        "whole-degree",
        A,
        Text(zh="{column} 只有整度，位置不可信", en="{column} is rounded to whole degrees: no true position"),
        Text(zh="取未取整的坐标", en="get the coordinate before rounding"),
    ),
    Kind.SLASHED: Meaning(
        "mixed-formats", V, Text(zh="{column} 用斜线写日期", en="{column} has slashes"), _FORMAT
    ),
    Kind.COMPACT: Meaning(
        "mixed-formats", V, Text(zh="{column} 日期无分隔", en="{column} has bare digits"), _FORMAT
    ),
    Kind.CHINESE: Meaning(
        "mixed-formats", V, Text(zh="{column} 用年月日写", en="{column} has 年月日"), _FORMAT
    ),
    Kind.DOTTED: Meaning("mixed-formats", V, Text(zh="{column} 用点分隔", en="{column} has dots"), _FORMAT),
    Kind.SERIAL: Meaning(
        "mixed-formats",
        V,
        Text(zh="{column} 是 Excel 序号", en="{column} is an Excel serial number"),
        _FORMAT,
    ),
    Kind.OWN_FORMAT: Meaning(
        "mixed-formats", V, Text(zh="{column} 用契约的写法", en="{column} has the contract's format"), _FORMAT
    ),
    Kind.ISO: Meaning(
        "mixed-formats", V, Text(zh="{column} 用短横写日期", en="{column} has dashes"), _FORMAT
    ),
    Kind.UNIT_TEXT: Meaning(
        "unit-in-text",
        V,
        Text(zh="{column} 的数值中夹有单位文字", en="{column} has its unit written in the value"),
        Text(zh="数值列只写数", en="write the number alone"),
    ),
    Kind.BREAKS: Meaning(
        "line-breaks",
        V,
        Text(zh="{column} 的文字中有制表符或换行", en="{column} has tabs or line breaks in its text"),
    ),
}
TYPE_NAMES = {
    ColumnType.INT: Text(zh="整数", en="whole number"),
    ColumnType.DECIMAL: Text(zh="数", en="number"),
    ColumnType.FLOAT: Text(zh="数", en="number"),
    ColumnType.BOOL: Text(zh="是或否", en="yes or no"),
    ColumnType.DATE: Text(zh="日期", en="date"),
    ColumnType.DATETIME: Text(zh="日期时间", en="date and time"),
    ColumnType.MONTH: Text(zh="月份", en="month"),
    ColumnType.YEAR: Text(zh="年份", en="year"),
    ColumnType.MONEY: Text(zh="金额", en="amount of money"),
    ColumnType.PERCENT: Text(zh="百分数", en="percentage"),
    ColumnType.QUANTITY: Text(zh="数量", en="quantity"),
    ColumnType.USCC: Text(zh="统一社会信用代码", en="unified social credit code"),
    ColumnType.IDNUMBER: Text(zh="身份证号", en="identity number"),
    ColumnType.PHONE: Text(zh="电话号码", en="telephone number"),
    ColumnType.LONGITUDE: Text(zh="经度", en="longitude"),
    ColumnType.LATITUDE: Text(zh="纬度", en="latitude"),
    ColumnType.GEOMETRY: Text(zh="几何图形", en="geometry"),
    ColumnType.JSON: Text(zh="JSON", en="JSON text"),
}


def say(text: Text, column: Column) -> Text:
    """The text with the facts of the column."""
    low, high = column.range
    kind = TYPE_NAMES.get(column.type, Text(zh="文字", en="text"))
    facts = {
        "range": f"{low or ''}…{high or ''} {column.unit}".strip(),
        "pattern": column.pattern,
        "length": column.length or MAX_TEXT,
        "sentinels": "、".join(column.sentinels),
    }
    return Text(
        zh=text.format(column=column.title.zh or column.name, type=kind.zh, **facts).zh,
        en=text.format(column=column.title.en or column.name, type=kind.en, **facts).en,
    )


MAX_TEXT = 1_000_000
REPEATED_HEADER = Meaning(
    "repeated-header",
    Dimension.VALIDITY,
    Text(zh="表头在数据中重复出现", en="the header row is repeated among the data"),
    Text(zh="删去重复的表头", en="drop the repeated header"),
)
DUPLICATE_KEY = Meaning(
    "duplicate-key",
    Dimension.UNIQUENESS,
    Text(zh="主键 {key} 重复", en="the key {key} is repeated"),
    Text(zh="删去多余的行，或更正主键", en="drop the surplus row or mend the key"),
)
KEY_TAKEN = Meaning(
    "key-exists",
    Dimension.UNIQUENESS,
    Text(zh="主键 {key} 在表中已有", en="the key {key} is in the table already"),
    Text(zh="用 upsert 方式装载以更新", en="load in upsert mode to replace it"),
)
RAGGED = Meaning(
    "ragged-row",
    Dimension.VALIDITY,
    Text(zh="列数或引号不对：{reason}", en="wrong number of columns or quotes: {reason}"),
    Text(zh="检查该行的分隔符与引号", en="check the separators and quotes of that row"),
)
EXTRA_COLUMN = Meaning(
    "extra-column",
    Dimension.VALIDITY,
    Text(zh="契约中没有的列 {name}，未装载", en="column {name} is not in the contract and was left out"),
    Text(
        zh="写进契约，或设 source.extra: ignore", en="write it into the contract, or set source.extra: ignore"
    ),
)
PREAMBLE = Meaning(
    "preamble",
    Dimension.VALIDITY,
    Text(zh="表头之前有 {count} 行其他内容", en="{count} rows before the header"),
    Text(zh="从表头行开始导出", en="export from the header row on"),
)
BLANK = Meaning("blank-row", Dimension.VALIDITY, Text(zh="空行", en="blank rows"))
