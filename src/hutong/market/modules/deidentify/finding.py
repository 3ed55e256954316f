"""Where identifiers are in a text, and why. Numbers must pass their own check digit, names need points."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from stdnum import luhn
from stdnum.cn import ric, uscc

from hutong.market.modules.deidentify.names import names

_EDGE: Final = r"(?<![0-9A-Za-z])"
_END: Final = r"(?![0-9A-Za-z])"
_ADDRESS: Final = re.compile(
    r"(?:[\u4e00-\u9fff]{2,3}(?:省|自治区))?(?:[\u4e00-\u9fff]{2,4}市)?(?:[\u4e00-\u9fff]{1,4}[区县旗])?"
    r"(?:[\u4e00-\u9fff]{1,6}(?:街道|镇|乡))?(?:[\u4e00-\u9fff]{1,8}(?:社区|村))?"
    r"(?:[\u4e00-\u9fff]{1,7}?(?:大街|大道|胡同|路|街|巷|条|里|园|苑|小区|家园))?"
    r"(?:[东西南北]?[0-9甲乙丙]+(?:号院|号楼|号|弄|栋|幢|座))+(?:[0-9一二三四五六七八九十]+(?:号楼|栋|幢|座|单元|层|门))*(?:[0-9]+(?:室|房|号|户)?)?"
)

_LEAD: Final = re.compile(
    r"(?:.*?(?:住址|地址|住在|住|位于|家在|反映|投诉|前往|来自|送至|至|在|为|是|请到))(?=[\u4e00-\u9fff]{2})"
)


@dataclass(frozen=True, slots=True)
class Spot:
    kind: str
    start: int
    end: int
    reason: str


_PATTERNS: Final = (
    ("id_number", re.compile(rf"{_EDGE}[1-9]\d{{5}}(?:18|19|20)\d{{9}}[\dXx]{_END}"), "18 位，校验码相符"),
    ("uscc", re.compile(rf"{_EDGE}[0-9A-HJ-NP-RTUWXYa-z]{{2}}\d{{6}}[0-9A-HJ-NP-RTUWXYa-z]{{10}}{_END}"), "18 位，两个校验码相符"),
    ("email", re.compile(r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"), "邮箱格式"),
    ("bank_card", re.compile(r"(?<![0-9A-Za-z.])(?:[3-6]\d{3}[ -]?(?:\d{4}[ -]?){2}\d{4}(?:[ -]?\d{1,3})?)(?![0-9A-Za-z])"), "Luhn 校验相符"),
    ("phone", re.compile(r"(?<![0-9A-Za-z])(?:(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[ \-－]?[2-9]\d{6,7}(?:[\-－转]\d{1,5})?|400[ -]?\d{3}[ -]?\d{4})(?![0-9])"), "电话号段"),
    ("plate", re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-HJ-NP-Z][·.\s]?(?:[A-HJ-NP-Z0-9]{5}(?![A-Za-z0-9])|[DF][A-HJ-NP-Z0-9]\d{4}|\d{5}[DF]|[A-HJ-NP-Z0-9]{4}[挂警学港澳])"), "车牌格式"),
)  # fmt: skip


def _is_id(text: str) -> bool:
    """GB 11643-1999: a day that exists and the check digit. County codes change, so they are not looked up."""
    try:
        return (
            date(int(text[6:10]), int(text[10:12]), int(text[12:14])).year >= 1850
            and ric.calc_check_digit(text) == text[17]
        )
    except ValueError:
        return False


_CHECKS: Final = {"id_number": _is_id, "uscc": uscc.is_valid, "bank_card": luhn.is_valid}


def spots(text: str) -> list[Spot]:
    """What was found, in order, without overlaps; kinds with a check digit win over those without."""
    found: list[Spot] = []
    for kind, pattern, reason in _PATTERNS:
        for each in pattern.finditer(text):
            digits = re.sub(r"[ -]", "", each[0]).upper()
            if kind not in _CHECKS or _CHECKS[kind](digits):
                _add(found, Spot(kind, each.start(), each.end(), reason))
    for each in _ADDRESS.finditer(text):
        lead = _LEAD.match(each[0])
        start = each.start() + (lead.end() if lead else 0)
        if each.end() - start >= 5:
            _add(found, Spot("address", start, each.end(), "地名加门牌"))
    for name in names(text):
        _add(found, Spot("name", name.start, name.end, name.reason))
    return sorted(found, key=lambda each: each.start)


def whole(kind: str, text: str) -> list[Spot]:
    """A cell whose column says what it is."""
    return [Spot(kind, 0, len(text), "列名说明")] if text.strip() else []


COLUMNS: Final = (
    ("id_number", re.compile(r"身份证|证件号|id_?(?:number|card)|idcard", re.IGNORECASE)),
    ("phone", re.compile(r"电话|手机|联系方式|phone|mobile|tel\b", re.IGNORECASE)),
    ("bank_card", re.compile(r"银行卡|卡号|账号|bank|card_?no", re.IGNORECASE)),
    ("uscc", re.compile(r"信用代码|uscc", re.IGNORECASE)),
    ("plate", re.compile(r"车牌|号牌|plate", re.IGNORECASE)),
    ("email", re.compile(r"邮箱|e-?mail", re.IGNORECASE)),
    ("address", re.compile(r"住址|地址|住所|address", re.IGNORECASE)),
    ("name", re.compile(r"姓名|联系人|诉求人|申请人|经办人|法定代表人|caller|person|^name$", re.IGNORECASE)),
)


def column_kind(name: str) -> str:
    """What a column's name says its cells are; empty where it says nothing."""
    return next((kind for kind, pattern in COLUMNS if pattern.search(name)), "")


def _add(found: list[Spot], new: Spot) -> None:
    if all(new.end <= each.start or new.start >= each.end for each in found):
        found.append(new)
