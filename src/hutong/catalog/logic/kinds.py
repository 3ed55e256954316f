"""What a column may hold, told by its name and by how its values are made; all of it as SQL over one column.

A kind with a check character or digit (``strict``) is believed from the values alone; the others need more values
that fit, or a name that says so. ``{v}`` is the value as text, without blanks at its ends, ``{d}`` the same without the
blanks, dashes, dots and brackets that people write inside numbers.

Shares are taken over rows and over distinct values, and the larger counts: words for "unknown" repeat, what identifies
people does not.
"""

from dataclasses import dataclass
from typing import Final

from hutong.catalog.logic import people_names
from hutong.kernel.text import Text

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS: Final = "10X98765432"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of content.

    ``name`` tells it by the column's name or title, ``hint`` that it may be so. ``fits`` is the SQL of one value where
    the name says so, ``plain`` where it says nothing (empty: the same).
    """

    id: str
    title: Text
    grade: str
    name: str
    fits: str
    plain: str = ""
    hint: str = ""
    strict: bool = False
    least: float = (
        0.9  # share of values that must fit where the name says nothing; above 1: never without a name
    )
    sure: float = 0.9  # how far values alone are believed
    basis: Text = Text(zh="个人信息", en="personal information")


def _sum(terms: list[str]) -> str:
    return "(" + " + ".join(terms) + ")"


def _id_check() -> str:
    total = _sum([f"TRY_CAST(substr({{d}}, {n}, 1) AS INTEGER) * {w}" for n, w in enumerate(_ID_WEIGHTS, 1)])
    return (
        "regexp_full_match({d}, '[1-9]\\d{{5}}(18|19|20)\\d{{2}}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])\\d{{3}}[\\dXx]')"
        f" AND substr('{_ID_CHECKS}', 1 + {total} % 11, 1) = upper(substr({{d}}, 18, 1))"
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
        digit = f"TRY_CAST(substr(lpad({{d}}, 19, '0'), {20 - place}, 1) AS INTEGER)"
        terms.append(digit if place % 2 else f"({digit} * 2 - CASE WHEN {digit} > 4 THEN 9 ELSE 0 END)")
    return f"regexp_full_match({{d}}, '{_ISSUERS}') AND {_sum(terms)} % 10 = 0"


# Issuers' ranges and the lengths they use: UnionPay (old ones of single banks too), Visa, Mastercard, JCB, Amex.
_ISSUERS: Final = (
    "(62|60|81|955[0-9]|9[0-4])\\d{{13,17}}|(4\\d|5[1-5]|2[2-7]|35)\\d{{14}}|4\\d{{18}}|3[47]\\d{{13}}"
)
_STAR: Final = "[*＊×xX•#]"
_ID_LOOSE: Final = (  # the fifteen digits of before 1999, and numbers with stars in them
    "regexp_full_match({d}, '[1-9]\\d{{5}}\\d{{2}}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])\\d{{3}}"
    f"|[1-9]\\d{{{{2,9}}}}{_STAR}{{{{4,14}}}}\\d{{{{0,3}}}}[\\dXx]?')"
)
_CARD_LOOSE: Final = f"regexp_full_match({{d}}, '\\d{{{{4,6}}}}{_STAR}{{{{4,12}}}}\\d{{{{3,4}}}}')"
_MOBILE_ONE: Final = "1[3-9]\\d[- ]?\\d{{4}}[- ]?\\d{{4}}"
_MOBILE_HIDDEN: Final = (
    f"(0?086|86)?1[3-9]\\d({_STAR}{{{{4}}}}\\d{{{{4}}}}|\\d{{{{4,5}}}}{_STAR}{{{{3,4}}}}|\\d{{{{8}}}})"
)
_MOBILE: Final = (  # alone, several in a cell, beside a name or a remark, or with stars
    f"length({{v}}) <= 60 AND (regexp_matches({{v}}, '(^|[^\\d.-]|86[- ]?){_MOBILE_ONE}($|[^\\d.-])')"
    f" OR regexp_full_match({{d}}, '{_MOBILE_HIDDEN}'))"
)
_AREA: Final = "(\\+?86[- ]?)?([（(]0(10|2\\d|[3-9]\\d{{2}})[）)][- ]?|0(10|2\\d|[3-9]\\d{{2}})[- —])"
_LOCAL: Final = "[2-9]\\d{{2,3}}[- ]?\\d{{4}}"
_EXTENSION: Final = "([-转—*#,， ]+(分机)?\\d{{1,6}}|[（(](转|分机)?\\d{{1,6}}[）)])"
_JOIN: Final = "[、,，;；/ ]+"
_LINE: Final = f"({_AREA})?{_LOCAL}({_EXTENSION})?"
_FREE: Final = "[48]00[- ]?\\d{{3,4}}[- ]?\\d{{3,4}}"
_LANDLINE: Final = (
    f"regexp_full_match({{v}}, '({_LINE}|{_FREE})({_JOIN}({_LINE}|{_FREE}|\\d{{{{1,4}}}})){{{{0,4}}}}')"
)
_LINE_SURE: Final = f"({_AREA}{_LOCAL}({_EXTENSION})?|{_LOCAL}(转|分机)\\d{{{{1,6}}}})"
_LANDLINE_PLAIN: Final = f"regexp_full_match({{v}}, '{_LINE_SURE}({_JOIN}({_LINE})){{{{0,4}}}}')"
_WAY: Final = "(大街|街|路|巷|胡同|道|里|弄|条|村|庄|镇|乡|小区|园|苑|大厦|广场|院|营|区|县)"
_DIGIT: Final = "[0-9０-９一二三四五六七八九十百甲乙丙丁]"
_DOOR: Final = f"{_DIGIT}+(号|院|栋|幢|座|层|室|单元|楼|组|弄)"
# A number of a document is none of a house, and what ends as an institution or a section of a contract is named so.
_DOCUMENT: Final = "[〔\\[【]\\d{{4}}[〕\\]】]"
_INSTITUTION: Final = "(站|中心|基地|公司|学校|小学|中学|幼儿园|医院|馆|社|店|部|所|会|局|处|厂|段|线|库)$"
_NO_PLACE: Final = f"NOT regexp_matches({{v}}, '{_DOCUMENT}|[，。；！？]|{_INSTITUTION}')"
_ADDRESS: Final = (
    "length({v}) BETWEEN 6 AND 80 AND "
    f"NOT regexp_matches({{v}}, '{_DOCUMENT}') AND "
    f"regexp_matches({{v}}, '{_WAY}.{{{{0,16}}}}{_DOOR}|(路|街|巷|胡同|道)[0-9０-９]|(省|市|区|县).{{{{1,16}}}}{_WAY}')"
)
_ADDRESS_PLAIN: Final = (
    f"length({{v}}) BETWEEN 6 AND 80 AND {_NO_PLACE} AND "
    f"regexp_matches({{v}}, '{_WAY}.{{{{0,16}}}}{_DOOR}|(路|街|巷|胡同|道)[0-9０-９]')"
)
_NUMBER: Final = "TRY_CAST({v} AS DOUBLE)"
_MANY_PLACES: Final = "regexp_full_match({{v}}, '-?\\d{{1,3}}\\.\\d{{3,}}')".replace("{{v}}", "{v}")
KINDS: Final = (
    Kind(
        "idnumber", Text(zh="公民身份号码", en="Citizen identity number"), "general-4",
        r"(^|_)id_?(number|card|no)$|sfz|identity|身份证|身份号|公民身份|证件|^[a-z]{0,4}(zjhm?|sfhm|sfzhm?)$",
        f"({_id_check()} OR {_ID_LOOSE})", plain=_id_check(), strict=True, least=0.6, sure=0.98,
        basis=Text(zh="敏感个人信息", en="sensitive personal information"),
    ),
    Kind(
        "bankcard", Text(zh="银行卡号", en="Bank card number"), "general-4",
        r"bank|(^|_)card_?(no|num|number)$|(^|_)account(_?(no|num|number))?$|银行卡|卡号|银行账|账号|帐号|账户|帐户|存折|一卡通|社保卡"
        r"|^[a-z]{0,4}(kh|zh|zhhm|khhm|yhk)$",
        f"({_luhn()} OR {_CARD_LOOSE})", plain=_luhn(), strict=True, least=0.8, sure=0.9,
        basis=Text(zh="敏感个人信息（金融账户）", en="sensitive personal information (financial account)"),
    ),
    Kind(
        "uscc", Text(zh="统一社会信用代码", en="Unified social credit code"), "general-1",
        r"uscc|credit_?code|信用代码|机构代码|纳税人识别|税号", _uscc_check(), strict=True, least=0.6, sure=0.98,
        basis=Text(zh="依法公示的组织标识", en="identifier published by law"),
    ),
    Kind(
        "mobile", Text(zh="手机号码", en="Mobile number"), "general-3",
        r"phone|mobile|(^|_)tel|cell|电话|手机|移动号|联系方式|联络|通讯|通信方式|^[a-z]{0,4}(dh|dhhm|sj|sjh|sjhm|lxfs)$|^lxr$",
        _MOBILE, least=0.8,
    ),
    Kind(
        "landline", Text(zh="固定电话", en="Landline number"), "general-2",
        r"phone|(^|_)tel|fax|hotline|电话|传真|座机|总机|热线|联系方式|联络|通讯|通信方式|^[a-z]{0,4}(dh|dhhm|cz|czhm|lxfs)$",
        _LANDLINE, plain=_LANDLINE_PLAIN, least=0.8,
        basis=Text(zh="联系方式", en="a way of reaching someone"),
    ),
    Kind(
        "person", Text(zh="姓名", en="Name of a person"), "general-3",
        r"^(full|first|last|family|given|user|real)?_?name$|姓名|名字|联系人|法定代表|法人代表|负责人|legal_(person|representative)|contact"
        r"|caller|applicant|来电人|申请人|^xm$|户主$|监护人|经办人|承办人|^(lxr|fr|fddbr|hz|jbr)(xm)?$|^[a-z]{0,4}xm$",
        people_names.LOOSE, plain=people_names.PLAIN,
        hint=r"(人|员|者|师|主|长|生|户|医|方|法人|代表)$|(owner|holder|officer|doctor|teacher|driver|patient|member|resident|operator)$",
        least=0.72, sure=0.8,
    ),
    Kind(
        "address", Text(zh="详细地址", en="Street address"), "general-3",
        r"addr|地址|住址|住所|居住地|户籍地|经营场所|^[a-z]{0,4}(dz|zz)$",
        _ADDRESS, plain=_ADDRESS_PLAIN, least=0.6, sure=0.7,
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
