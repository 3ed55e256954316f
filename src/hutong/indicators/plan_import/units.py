"""Units of measure: what counts as one, and taking it out of a name."""

import re

_WORDS = (
    "%|‰|个百分点|百分点|件次|家次|人次|人天|人日|人年|户次|场次|台次|辆次|架次|车次|班次|床位|标准箱|标箱|吨标准煤|吨标煤"
    "|平方公里|平方千米|平方米|立方米|公顷|公里|千米|海里|厘米|毫米|米|亩|千克|公斤|毫克|微克|克|吨|千瓦时|千瓦|兆瓦|吉瓦|度"
    "|人民币|美元|欧元|港元|元人民币|元|小时|分钟|季度|岁|年|月|周|天|日|秒|分贝|分|位|倍|级|对|株|棵|只|头|床"
    "|兆比特每秒|兆比特/秒|Mbps|Gbps|Tbps|TB|PB|GB|EB|EFLOPS|PFLOPS|EFlops|PFlops|MW|GW|kW|KW|kWh|dB|km|km²|m²|㎡|㎞²|μg/m³|μg|m³"
    "|件|家|个|项|人|名|户|次|场|处|座|栋|幢|套|间|所|张|册|本|部|篇|种|类|批|片|条|辆|台|架|艘|列|期|届|宗|笔|单|层"
    "|版|章|颗|支|组|团|例|口|门|校|村|街|端|节点|根|块|盏|路|站|机架|标准机架|万标准机架|人口"
)
_MULTIPLIER = r"(?:万亿|百万|千万|百亿|十万|万|亿|千|百|十)?"
_ONE = rf"{_MULTIPLIER}(?:{'|'.join(sorted(map(re.escape, re.split('[|]', _WORDS)), key=len, reverse=True))})"
_UNIT = re.compile(rf"(?:{_ONE})(?:(?:/|·|每|\*)\s*(?:{_ONE}))*")
_TAIL = re.compile(r"[（(【\[〔]\s*(?:单位[:：])?\s*([^（）()【】\[\]〔〕]{1,16}?)\s*[)）】\]〕]\s*[*※]*\s*$")
_COMMA_TAIL = re.compile(r"^(.{2,}?)[,，]\s*(\S{1,10})$")


def is_unit(text: str) -> bool:
    """Whether the whole text is a unit: 件, 亿元, %, 件/万人, 亿元/平方公里."""
    return bool(_UNIT.fullmatch(normal(text)))


def normal(text: str) -> str:
    """A unit in its usual form (％ as %, no spaces)."""
    return re.sub(r"\s+", "", text).replace("％", "%").replace("﹪", "%").replace("／", "/")


def split_name(name: str) -> tuple[str, str]:
    """``在孵企业总数（家）`` as name and unit; the unit is empty if the brackets hold none."""
    match = _TAIL.search(name)
    if match and match.start() > 1 and is_unit(match.group(1)):
        return name[: match.start()].rstrip(), normal(match.group(1))
    return name, ""
