"""GB 32100-2015 through python-stdnum; one slip of the pen is mended where only one mending holds together."""

import unicodedata
from typing import Final

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError

from hutong.market.modules.uscc_check.shapes import Checked, Found, Given
from hutong.market.running import Context, module

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LOOKALIKE: Final = {"I": "1", "O": "0", "Z": "2", "S": "5", "V": "U"}  # letters the standard leaves out
_REASONS: Final = {
    InvalidLength: "长度应为 18 位 / it must have 18 characters",
    InvalidFormat: "含有标准不用的字符 / it has a character the standard does not use",
    InvalidChecksum: "校验位不符 / the check character does not fit",
    InvalidComponent: "登记管理部门或机构类别码不存在 / no such authority or category",
}
_AUTHORITIES: Final = {
    "1": "机构编制", "2": "外交", "3": "司法行政", "4": "文化", "5": "民政", "6": "旅游", "7": "宗教",
    "8": "工会", "9": "市场监管（工商）", "A": "中央军委改革和编制办公室", "N": "农业农村", "Y": "其他",
}  # fmt: skip
_CATEGORIES: Final = {
    "11": "机关", "12": "事业单位", "13": "编办直接管理机构编制的群众团体", "19": "其他",
    "21": "外国常驻新闻机构", "29": "其他", "31": "律师执业机构", "32": "公证处", "33": "基层法律服务所",
    "34": "司法鉴定机构", "35": "仲裁委员会", "39": "其他", "41": "外国在华文化中心", "49": "其他",
    "51": "社会团体", "52": "民办非企业单位", "53": "基金会", "59": "其他",
    "61": "外国旅游部门常驻代表机构", "62": "港澳台地区旅游部门常驻内地代表机构", "69": "其他",
    "71": "宗教活动场所", "72": "宗教院校", "79": "其他", "81": "基层工会", "89": "其他",
    "91": "企业", "92": "个体工商户", "93": "农民专业合作社", "A1": "军队事业单位", "A9": "其他",
    "N1": "组级集体经济组织", "N2": "村级集体经济组织", "N3": "乡镇级集体经济组织", "N9": "其他", "Y1": "其他",
}  # fmt: skip


@module("uscc-check")
def run(given: Given, _context: Context) -> Found:
    results = [check(each) for each in given.codes]
    return Found(results=results, valid=sum(each.valid for each in results))


def check(given: str) -> Checked:
    """One code as it is and, where it fails by one slip, as it may have been meant."""
    code = uscc.compact(unicodedata.normalize("NFKC", given)).upper().replace(" ", "")[:40]
    try:
        uscc.validate(code)
    except ValidationError as error:
        reason = next((text for kind, text in _REASONS.items() if isinstance(error, kind)), str(error))
        return Checked(given=given[:60], valid=False, code=code, reason=reason, suggestion=mend(code))
    return Checked(
        given=given[:60], valid=True, code=code, reason="", authority=_AUTHORITIES.get(code[0], ""),
        category=_CATEGORIES.get(code[:2], ""), division=code[2:8], organisation_code=f"{code[8:16]}-{code[16]}",
    )  # fmt: skip


def mend(code: str) -> str:
    """The one valid code that a look-alike letter or two swapped neighbours make of it; empty where several do."""
    swapped = {code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(len(code) - 1)}
    likely = {"".join(_LOOKALIKE.get(each, each) for each in code)} | swapped
    found = {each for each in likely if each != code and uscc.is_valid(each)}
    return found.pop() if len(found) == 1 else ""
