"""Where identifiers are in a text, and why. Numbers must pass their own check digit, names need a surname and a cue."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from stdnum import luhn
from stdnum.cn import ric, uscc

_EDGE: Final = r"(?<![0-9A-Za-z])"
_END: Final = r"(?![0-9A-Za-z])"
_SURNAMES: Final = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|司徒|夏侯|王|李|张|刘|陈|杨|黄|赵|周|吴|徐|孙|朱|马|胡|郭|林|何|高|梁|郑|罗|宋|谢|唐|韩|"
    "曹|许|邓|萧|冯|曾|程|蔡|彭|潘|袁|于|董|余|苏|叶|吕|魏|蒋|田|杜|丁|沈|姜|范|江|傅|钟|卢|汪|戴|崔|任|陆|廖|姚|方|金|邱|夏|谭|韦|贾|邹|石|熊|孟|秦|阎|薛|"
    "侯|雷|白|龙|段|郝|孔|邵|史|毛|常|万|顾|赖|武|康|贺|严|尹|钱|施|牛|洪|龚|汤|陶|黎|温|莫|易|樊|乔|文|安|殷|颜|庄|章|鲁|倪|庞|邢|俞|翟|蓝|聂|齐|向|葛|柴|伍|覃|骆|关|焦|柳"
)
_GIVEN: Final = r"[\u4e00-\u9fff]{1,2}"
_CUES: Final = (
    r"(?:姓名|联系人|经办人|负责人|申请人|投诉人|诉求人|来电人|法定代表人|法人|户主|患者|学生|家长|业主|户主|收件人|投诉|市民|居民|村民|网格员|当事人|委托人|租户|房东|本人|我叫|我是|名叫|叫做)"
    r"(?:为|是|叫|：|:|\s)*"
)
_TITLES: Final = r"(?=先生|女士|同志|小姐|老师|医生|大夫|师傅|经理|主任|局长|科长|书记|总|（身份证|\(身份证|，身份证|,身份证|（电话|，电话|，手机|（手机|，男|，女|,男|,女)"
_NOT_GIVEN: Final = frozenset(
    "的了是在不有和人这中大为上个国我以要他时来用们到作地于出就分对成会可也你说而得着之后自里去过等先女同小老医大师经主局科书总号电手男"
)
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
_CUED: Final = re.compile(
    rf"{_CUES}((?:{_SURNAMES})[\u4e00-\u9fff]{{1,2}}?)(?=[^\u4e00-\u9fff]|先生|女士|的|多次|再次|曾|已|并|和|与|等|反映|来电|投诉|表示|称|，|家|住|在|因|向|要|说|$)"
)
_TITLED: Final = re.compile(
    rf"(?<![\u4e00-\u9fff])((?:{_SURNAMES})[\u4e00-\u9fff]{{0,2}}?){_TITLES}|((?:{_SURNAMES}){_GIVEN}){_TITLES}"
)


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
    for pattern, reason in ((_CUED, "称谓之后的姓名"), (_TITLED, "姓氏加称呼")):
        for each in pattern.finditer(text):
            group = next(number for number, part in enumerate(each.groups(), 1) if part)
            if each[group][-1] not in _NOT_GIVEN:
                _add(found, Spot("name", each.start(group), each.end(group), reason))
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
