"""What a column may hold, told by its name and by how its values are made; all of it as SQL over one column.

A kind with a check character or digit (``strict``) is believed from the values alone; the others need more values
that fit, or a name that says so. ``{v}`` is the value as text, without blanks at its ends.
"""

import re
from dataclasses import dataclass
from typing import Final

from hutong.kernel.text import Text

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS: Final = "10X98765432"
# The commonest family names, single and compound.
SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范"
    "汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文施洪季鲍左祝柳申"
    "庄葛涂樊俞翟纪盛齐殷管蓝岳耿牛路聂焦欧关游骆倪庞柯祁柴裴章阎鲁詹霍阮娄辛童牟凌柏饶时包娜项甘屈冉宁卓华应蒙苗成庹车"
    "艾佘解温芦喻祖舒郁简辜宗冷穆席伍查巩迟毕梅符滕楼安谷虞欧闵简房裘缪干冼卞经巫晏佟"
)
COMPOUND: Final = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "皇甫",
    "令狐",
    "司徒",
    "夏侯",
    "东方",
    "尉迟",
    "公孙",
    "慕容",
    "端木",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of content. ``name`` tells it by the column's name or title; ``fits`` is the SQL of one value."""

    id: str
    title: Text
    grade: str
    name: str
    fits: str
    strict: bool = False
    least: float = (
        0.9  # share of values that must fit where the name says nothing; above 1: never without a name
    )
    sure: float = 0.9  # how far values alone are believed
    basis: Text = Text(zh="个人信息", en="personal information")


def _sum(terms: list[str]) -> str:
    return "(" + " + ".join(terms) + ")"


def _id_check() -> str:
    total = _sum([f"TRY_CAST(substr({{v}}, {n}, 1) AS INTEGER) * {w}" for n, w in enumerate(_ID_WEIGHTS, 1)])
    return (
        "regexp_full_match({v}, '[1-9]\\d{{5}}(18|19|20)\\d{{2}}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])\\d{{3}}[\\dXx]')"
        f" AND substr('{_ID_CHECKS}', 1 + {total} % 11, 1) = upper(substr({{v}}, 18, 1))"
    )


def _uscc_check() -> str:
    total = _sum(
        [f"(strpos('{_ALPHABET}', substr({{v}}, {n}, 1)) - 1) * {w}" for n, w in enumerate(_USCC_WEIGHTS, 1)]
    )
    return (
        f"regexp_full_match({{v}}, '[1-9A-HJ-NP-RT-UW-Y][1-9]\\d{{{{6}}}}[{_ALPHABET}]{{{{10}}}}')"
        f" AND substr('{_ALPHABET}', 1 + (31 - {total} % 31) % 31, 1) = substr({{v}}, 18, 1)"
    )


def _luhn() -> str:
    """Digits doubled from the second on the right; padded on the left to one length."""
    terms = []
    for place in range(1, 20):
        digit = f"TRY_CAST(substr(lpad({{v}}, 19, '0'), {20 - place}, 1) AS INTEGER)"
        terms.append(digit if place % 2 else f"({digit} * 2 - CASE WHEN {digit} > 4 THEN 9 ELSE 0 END)")
    return f"regexp_full_match({{v}}, '(62|4|5[1-5]|3[47])\\d{{{{12,17}}}}') AND {_sum(terms)} % 10 = 0"


_HAN: Final = "\\x{{4e00}}-\\x{{9fff}}"
_PLACE: Final = "(路|街|巷|胡同|道|里|弄|村|号|楼|苑|园|大厦|单元|室)"
_NUMBER: Final = "TRY_CAST({v} AS DOUBLE)"
_MANY_PLACES: Final = "regexp_full_match({{v}}, '-?\\d{{1,3}}\\.\\d{{3,}}')".replace("{{v}}", "{v}")
KINDS: Final = (
    Kind(
        "idnumber", Text(zh="公民身份号码", en="Citizen identity number"), "general-4",
        r"(^|_)id_?(number|card|no)$|sfz|identity|身份证|公民身份|证件号", _id_check(),
        strict=True, least=0.6, sure=0.98,
        basis=Text(zh="敏感个人信息", en="sensitive personal information"),
    ),
    Kind(
        "bankcard", Text(zh="银行卡号", en="Bank card number"), "general-4",
        r"bank|card_?(no|number)|银行卡|卡号|银行账", _luhn(), strict=True, least=0.8, sure=0.9,
        basis=Text(zh="敏感个人信息（金融账户）", en="sensitive personal information (financial account)"),
    ),
    Kind(
        "uscc", Text(zh="统一社会信用代码", en="Unified social credit code"), "general-1",
        r"uscc|credit_?code|信用代码", _uscc_check(), strict=True, least=0.6, sure=0.98,
        basis=Text(zh="依法公示的组织标识", en="identifier published by law"),
    ),
    Kind(
        "mobile", Text(zh="手机号码", en="Mobile number"), "general-3",
        r"phone|mobile|(^|_)tel|电话|手机|联系方式|^(lx|jt)?(dh|fs|sj)h?m?$|^lx(r|rdh|dh|fs)$|^sjh",
        "regexp_full_match({v}, '(\\+?86[- ]?)?1[3-9]\\d([- ]?\\d{{4}}){{2}}')",
    ),
    Kind(
        "landline", Text(zh="固定电话", en="Landline number"), "general-2",
        r"phone|(^|_)tel|fax|电话|传真|联系方式|^(dw|bg|lx|gd)dh$|^cz$",
        "regexp_full_match({v}, '(\\(?0\\d{{2,3}}\\)?[- ])?[2-9]\\d{{6,7}}([-转]\\d{{1,5}})?')", least=1.1,
        basis=Text(zh="联系方式", en="a way of reaching someone"),
    ),
    Kind(
        "person", Text(zh="姓名", en="Name of a person"), "general-3",
        r"^(full_?)?name$|姓名|联系人|法定代表|法人代表|负责人|legal_(person|representative)|contact|caller|applicant|来电人|申请人"
        r"|^xm$|[^a-z]?户主$|监护人|经办人|承办人|^(lxr|fr|fddbr|hz|jbr)(xm)?$",
        f"regexp_full_match({{v}}, '[{SURNAMES}][{_HAN}·]{{{{1,2}}}}|({'|'.join(COMPOUND)})[{_HAN}]{{{{1,2}}}}')",
        least=0.97, sure=0.7,
    ),
    Kind(
        "address", Text(zh="详细地址", en="Street address"), "general-3",
        r"addr|地址|住址|住所",
        f"length({{v}}) BETWEEN 6 AND 80 AND regexp_matches({{v}}, '{_PLACE}') AND "
        "regexp_matches({v}, '[0-9０-９一二三四五六七八九十甲乙](号|院|栋|幢|座|层|室|单元)|"
        "(路|街|巷|胡同|道)[0-9０-９]')",
        least=0.6, sure=0.7,
        basis=Text(zh="个人信息或单位地址", en="personal information, or where an organisation is"),
    ),
    Kind(
        "plate", Text(zh="车牌号", en="Licence plate"), "general-3", r"plate|车牌|号牌",
        "regexp_full_match({v}, '[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
        "[A-HJ-NP-Z][· ]?[A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳]')", least=0.7,
    ),
    Kind(
        "email", Text(zh="电子邮箱", en="E-mail address"), "general-3", r"e_?mail|邮箱|邮件",
        "regexp_full_match({v}, '[\\w.+-]+@[\\w-]+(\\.[\\w-]+)+')", least=0.7,
    ),
    Kind(
        "born", Text(zh="出生日期", en="Date of birth"), "general-3", r"born|birth|出生",
        "regexp_full_match({v}, '(19|20)\\d{{2}}[-/年.]?\\d{{1,2}}[-/月.]?\\d{{1,2}}日?( .*)?')", least=1.1,
    ),
    Kind(
        "longitude", Text(zh="经度", en="Longitude"), "general-1", r"^lon$|lng|longitude|经度|^x$",
        f"{_NUMBER} BETWEEN 73 AND 136 AND {_MANY_PLACES}", least=0.99, sure=0.6,
        basis=Text(zh="空间位置，随实体定级", en="a place; graded with the thing that stands there"),
    ),
    Kind(
        "latitude", Text(zh="纬度", en="Latitude"), "general-1", r"^lat$|latitude|纬度|^y$",
        f"{_NUMBER} BETWEEN 3 AND 54 AND {_MANY_PLACES}", least=1.1,
        basis=Text(zh="空间位置，随实体定级", en="a place; graded with the thing that stands there"),
    ),
)  # fmt: skip
# What people write where they know nothing: no value, so it says nothing about the others.
NOTHING: Final = (
    "无",
    "-",
    "--",
    "—",
    "——",
    "/",
    "\\",
    "不详",
    "未知",
    "未提供",
    "暂无",
    "空",
    "null",
    "none",
    "n/a",
    "nan",
)
BY_ID: Final = {each.id: each for each in KINDS}


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted in a sample of one column; never a value. ``matched`` by kind."""

    rows: int
    values: int
    distinct: int
    matched: dict[str, int]


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest kind of a column. ``by_name``: its name says so too."""

    kind: Kind
    confidence: float
    by_name: bool
    share: float


def sql(kind: Kind, value: str) -> str:
    """The condition of ``kind`` on the SQL expression ``value``."""
    return kind.fits.format(v=value)


def named(kind: Kind, *names: str) -> bool:
    return any(re.search(kind.name, each.strip(), re.IGNORECASE) for each in names if each)


def guess(counted: Counted, *names: str) -> Guess | None:
    """The likeliest kind, or none. A name alone suffices only where there is no value to look at."""
    found = [each for kind in KINDS if (each := _one(kind, counted, names)) is not None]
    return max(found, key=lambda each: (each.confidence, each.share), default=None)


def _one(kind: Kind, counted: Counted, names: tuple[str, ...]) -> Guess | None:
    by_name = named(kind, *names)
    if not counted.values:
        return Guess(kind, 0.4, by_name, 0.0) if by_name else None
    share = counted.matched.get(kind.id, 0) / counted.values
    if by_name and share >= 0.3:
        return Guess(kind, round(min(0.99, 0.6 + 0.4 * share), 2), by_name, share)
    varied = counted.distinct >= (8 if kind.strict else 20)
    if share >= kind.least and varied:
        return Guess(kind, round(kind.sure * share, 2), by_name, share)
    return None
