"""The grammar of an address: large parts before small ones, each with the words it ends in.

A part is tried at the place the one before it ended. Names of provinces and prefectures are also known without their
ending (浙江, 杭州); below them the ending decides.
"""

import re
from collections.abc import Iterator
from typing import Final

PROVINCES: Final = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|"
    "陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
CITIES: Final = (
    "北京|天津|上海|重庆|石家庄|唐山|保定|廊坊|太原|大同|呼和浩特|包头|沈阳|大连|长春|吉林|哈尔滨|大庆|南京|无锡|徐州|常州|苏州|南通|"
    "连云港|淮安|盐城|扬州|镇江|泰州|宿迁|杭州|宁波|温州|嘉兴|湖州|绍兴|金华|衢州|舟山|台州|丽水|合肥|芜湖|福州|厦门|泉州|漳州|南昌|赣州|"
    "济南|青岛|烟台|潍坊|临沂|郑州|洛阳|武汉|宜昌|襄阳|长沙|株洲|衡阳|广州|深圳|珠海|佛山|东莞|中山|惠州|南宁|柳州|桂林|海口|三亚|成都|绵阳|"
    "贵阳|遵义|昆明|大理|拉萨|西安|咸阳|兰州|西宁|银川|乌鲁木齐"
)
_C: Final = r"[\u4e00-\u9fff]"
_N: Final = r"[0-9０-９一二三四五六七八九十百零〇]"
_ID: Final = r"[0-9０-９A-Za-zＡ-Ｚａ-ｚ#＃甲乙丙丁]"
_WALL: Final = r"[^\s,，;；、()（）0-9０-９路街巷弄号]"
GRAMMAR: Final = tuple(
    (level, re.compile(pattern))
    for level, pattern in (
        ("province", rf"(?:{PROVINCES})(?:省|市(?={_C}{{2,5}}[区县])|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)?"),
        ("city", rf"(?:(?:{CITIES})市?(?![路街道巷弄区县镇乡村])|{_C}{{2,6}}(?:自治州|地区|盟))"),
        ("district", rf"(?![^区县市]{{0,5}}(?:[小社园校厂库景东西南北]区|开发区|新区|工业区|生活区))"
                     rf"{_C}{{1,4}}?(?:区|县(?!城)|市(?!场|政|民|区|镇)|旗)(?![路街])|浦东新区|滨海新区|{_C}{{2}}新区(?={_C}+(?:街道|镇|路))"),
        ("zone", rf"{_WALL}{{2,10}}?(?:经济技术开发区|高新技术产业开发区|技术开发区|经济开发区|产业集聚区|开发区|高新区|高教园区)"),
        ("subdistrict", rf"{_WALL}{{1,6}}?(?:街道(?!路)(?:办事处|办)?|镇(?![路街中东西南北])|乡(?![村路]))"),
        ("community", rf"{_WALL}{{1,8}}?(?:社区(?:居委会)?|居委会|村委会|行政村|自然村|村(?!路|庄|口)(?:[一二三四五六七八九十0-9]+[组队社])?)"),
        ("road", r"[^\s,，;；()（）0-9０-９号区]{1,9}?(?:大道|大街|胡同|公路|国道|省道|马路|路(?!口)|街(?!道|口|镇)|巷|弄(?!堂)|线(?=[0-9]|$)|条(?=[0-9]))"
                 r"(?:[东西南北中]?(?:[一二三四五六七八九十]+|[东西南北中])?(?:段|巷|弄|支路|路|街|条))?|[GSXY]\d{3}(?:国道|省道|县道)?"),
        ("road_number", rf"(?:{_ID}|-|－|—|~|至)*{_N}+(?:[-－—~/、.]{_N}+)*(?:号(?![楼院])(?:附{_N}+号|之{_N}+|-{_N}+)?|弄|(?=$|[\u4e00-\u9fff])(?![号楼幢栋座单室层期区组梯门米]))"),
        ("building", rf"(?:{_ID}|[-－])+(?:号楼|号院|幢|栋|座|号|#楼|#|＃|楼(?=[一二三四五六七八九十0-9]+(?:单元|层|楼)))|[A-Za-z东西南北]座|"
                     rf"[一二三四五六七八九十]+(?:号楼|幢|栋|座)"),
        ("unit", rf"(?:{_ID}|[一二三四五六七八九十])+(?:单元|梯|门(?=\d))"),
        ("floor", r"(?:[-－负]?[0-9０-９]+|[一二三四五六七八九十]+|[Bb][0-9])(?:层|楼|F|f)(?!\d*号)|地下室|底楼|负一楼"),
        ("room", rf"(?:{_ID}|[-－])*[0-9０-９]+(?:{_ID}|[-－])*(?:室|房|铺|号铺|商铺|号)?(?=$|[^0-9])"),
    )
)  # fmt: skip
_ORDER: Final = {level: number for number, (level, _pattern) in enumerate(GRAMMAR)}
_PLACE_END: Final = re.compile(
    r"(?=[0-9０-９]+(?:[-－][0-9]+)*(?:号楼|幢|栋|座|单元|室|层|楼|号|#|[-－])|[A-Za-z]?[0-9]{1,5}(?:$|[^0-9年期])|"
    r"[A-Za-z东西]座|[一二三四五六七八九十]+(?:号楼|幢|栋|单元|楼|层))"
)
_AGAIN: Final = re.compile(rf"(?:{PROVINCES})(?:省|自治区)|(?:北京|天津|上海|重庆)市")
_GAP: Final = re.compile(r"[\s,，;；、。.()（）\-－—/:：]+")


def parse(address: str) -> Iterator[tuple[str, int, int]]:
    """Level, start and end of each part in order; a part that fits no rule is a ``place``."""
    at, level = 0, 0
    while at < len(address):
        gap = _GAP.match(address, at)
        if gap:
            at = gap.end()
            continue
        if _AGAIN.match(address, at):
            level = 0
        found = _next(address, at, level)
        if found is None:
            end = _place(address, at)
            yield "place", at, end
            at, level = end, max(level, _ORDER["building"])
            continue
        name, end = found
        yield name, at, end
        at, level = end, _after(name)


def _next(address: str, at: int, level: int) -> tuple[str, int] | None:
    for name, pattern in GRAMMAR[level:]:
        found = pattern.match(address, at)
        if found and found.end() > at:
            if (
                name == "road_number"
                and level < _ORDER["road_number"]
                and not found[0].endswith(("号", "弄"))
            ):
                continue
            return name, found.end()
    return None


def _after(name: str) -> int:
    """The first rule that may follow: the next one; of the smallest parts and of roads several may come."""
    if name in {"road", "road_number"}:
        return _ORDER["road_number"] if name == "road" else _ORDER["building"]
    return min(_ORDER[name] + 1, len(GRAMMAR) - 1) if name != "room" else _ORDER["room"]


def _place(address: str, at: int) -> int:
    stop = _GAP.search(address, at)
    end = stop.start() if stop else len(address)
    again = _AGAIN.search(address, at + 1, end)
    end = again.start() if again else end
    found = _PLACE_END.search(address, at + 1, end)
    return found.start() if found else end
