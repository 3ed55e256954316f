"""The types of columns as people name them."""

from collections.abc import Mapping
from typing import Final

from hutong.kernel.text import Text

TYPES: Final[Mapping[str, Text]] = {
    "text": Text(zh="文本", en="Text"),
    "code": Text(zh="代码", en="Code"),
    "int": Text(zh="整数", en="Whole number"),
    "decimal": Text(zh="定点小数", en="Decimal"),
    "float": Text(zh="小数", en="Number"),
    "bool": Text(zh="是否", en="Yes or no"),
    "date": Text(zh="日期", en="Date"),
    "datetime": Text(zh="日期时间", en="Date and time"),
    "month": Text(zh="月份", en="Month"),
    "year": Text(zh="年份", en="Year"),
    "money": Text(zh="金额", en="Money"),
    "percent": Text(zh="百分比", en="Per cent"),
    "quantity": Text(zh="数量（有单位）", en="Quantity with a unit"),
    "uscc": Text(zh="统一社会信用代码", en="Unified social credit code"),
    "idnumber": Text(zh="公民身份号码", en="Citizen identity number"),
    "phone": Text(zh="电话号码", en="Telephone number"),
    "longitude": Text(zh="经度", en="Longitude"),
    "latitude": Text(zh="纬度", en="Latitude"),
    "geometry": Text(zh="空间图形", en="Geometry"),
    "json": Text(zh="JSON", en="JSON"),
}
