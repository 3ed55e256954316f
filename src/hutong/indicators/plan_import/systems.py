"""Named systems and platforms in a plan: 目录区块链系统, 领导驾驶舱, “时空一张图”.

Precision first: a name starts after the verb that governs it and must say more than 创新平台 or 服务平台.
"""

import re
from dataclasses import dataclass

from hutong.indicators.plan_import.lines import Paragraph
from hutong.indicators.plan_import.sections import Node, Outline
from hutong.indicators.plan_import.types import Place, System

_SUFFIX = re.compile(
    r"平台|系统|大脑|驾驶舱|数据仓库|数据库|信息库|资源库|企业库|人才库|需求库|项目库|知识库|一张图|一张网|数据中台|业务中台|中台"
    r"|数据湖|数据专区|监测网络|感知网络|监测网|感知网|指挥中心|神经中枢|(?<=[\u4e00-\u9fff”])(?:APP|App|app)|小程序|门户网站|云图|云平台"
    r"|[政教健文旅商](?:务|育|康|化|游)云|数字(?:博物馆|档案馆|图书馆|美术馆|文化馆|孪生城市)|数据应用超市|大数据交易所|虚拟产业园|台账(?=系统|平台)"
)
_BREAK = "，。；：！？、（）()《》[]【】·…—～~\n\t ,;:!?"
_HARD = (
    "建设|搭建|升级|完善|打造|构建|构筑|依托|通过|推动|推进|建成|建立|健全|接入|形成|拓展|利用|上线新版|上线|新版|开发|扩大|发挥|整合|引入|部署|推广|开通"
    "|领域|加快|加强|加速|持续|积极|强化|深化|探索|试点|启动|运用|借助|用好|做好|开展|开放|筹建|新建|组建|筹划|谋划|设立|研发并|落地|布局|优化升级|改造|提高|提升"
    "|加大|促进|引进|培育|实现|按照|基于|围绕|结合|将|把|向|在|对|从|由|为|是|即|如|各|该|本|这|让|使|以|并|等|的|了|和|或|及|以及|参与|纳入|汇入|迁移至|覆盖"
    "|支持建|鼓励|引导|组织|深度融合|有效|充分|全面|进一步|逐步|大力|统筹|统一纳入|集成|打通|联通|贯通|归集至|一个|一批|一套|一系列|若干|多个|系列|包括|包含"
)
_SOFT = "对接|支撑|运行|支持|服务于|管理好|共享|优化|加快推进|拥有|使用|应用|研究|编制|运营|维护|接受|面向|针对|实施|落实|充实|丰富|与|同|跨|至|到|其|全区的|我区|部门(?=政务|信息)|领域|本区|统一的|新的|所有|各类|相关|重点建|新型的|现有|原有|已有|做强|用|建|含|成|可"  # noqa: E501 - a list of words
_KEEP = (  # verbs inside these words do not start a name
    "建设银行|共建共享|互联互通|建设工程|工程建设|项目建设|规划建设|信息化建设|城市建设|党建引领|协同推进|为民|为老|为企|以东|和平里|和平|行为|由于|对外|在线|在孵|在途|互联网\\+|开放共享|数据开放|公共数据开放"
    "|等级|平等|从业|向日葵|方向|对接|应对|对话|对口|将军|把关|使馆|使用|以租|各界|本地|成果转化|开放系统|开放平台|社会组织|组织机构|协同创新|改造提升|统筹协调|统筹调度|资源整合|推广平台|推广应用|推介|试点示范|在区|覆盖率|集成电路|系统集成"
    "|组织部|党组织|科技创新|实施方案|提升平台|培育平台|培育库|培育企业库|引进库|整合共享|融合|综合|组织管理|研发|部署平台|为主|认为|作为|行为监管|开发区|开发利用|资源开发|优化营商环境|利用率|健全机制|智慧建设|目的|的士|开展情况"
)
_GENERIC = re.compile(
    r"(?:创新|创业|创新创业|研发|服务|信息|共性|专业化|专业|综合|公共|重大|新型|载体|合作|交流|展示|管理|科技|基层|应用|示范|资源|技术|产业|多元|国际|国际化|高端|国家级|市级|区级"
    r"|自主|各级|支撑|基础|核心|智能|智慧|数字|数字化|信息化|线上|线下|网络|互联网|电子|业务|工作|功能|统一|开放|共享|一体化|协同|集成|统筹|该|此|上述|相关|两个|多个|三大|四大"
    r"|优质|有效|重要|一流|特色|品牌|主要|第三方|社会|企业|政府|部门|行业|集聚|要素|孵化|转化|提升|推广|推介|联合|联动|对接|先进|公益|城市|全市|全国|本区|全区|我区|市区|区域|数据|大数据|监测|系统|平台|应急|云|新|大|微|子|分|总|两|级|型|化|性|区|市|和|与|及|“|”)*"
)
_PHYSICAL = re.compile(
    r"(?:教育|卫生|园林|政法|公安|交通|轨道交通|生态|创新|水|电力|能源|供热|排水|供水|雨水|污水|免疫|操作|金融|工会|组织|宣传|统战|机关|法院|检察|团|残联|文化|体育"
    r"|农业|绿地|道路|路网|慢行|步行|管网|循环|社会|经济|规划|创新生态|产业生态|消防设施|通风|空调|照明|电梯)系统$|^.{0,4}(?:应用|服务|评价|指标|保障|培训|子|分)系统$"
)
_DIGITAL = re.compile(
    r"数据|信息|云|智慧|智能|网|数字|电子|监测|监管|监控|认证|执法|应急|指挥|治理|政务|区块链|物联|管控|管理|业务|健康|预警|交换|融资|信用|审批|调度|运行|感知|服务|成果|对接|可视|5G|AI|协同|转化|统计|评价|资源|“"
)
_NOT_NAMED = re.compile(
    r"(?:创新|研发|孵化|集聚|交流|创业|提升|攻关|展示|合作|共性|支撑|载体|开放|引领|产业|人才|活动|宣传|传播|发展|科普|论坛|友城|高端|平等)平台$"
)
_STRONG = re.compile(
    r"物联网|智能|监管|区块链|大数据|政务|数据|信息(?!化)|云|智慧|指挥|监测|^(?:北京市?|首都|[\u4e00-\u9fff]{2,3}[区市县])"
)
_TECHNIQUES = frozenset(
    {
        "地理信息系统",
        "操作系统",
        "北斗系统",
        "卫星导航系统",
        "信息系统",
        "数据库",
        "信息平台",
        "部门信息系统",
        "政务信息系统",
    }
)
_AFTER = re.compile(
    r"[型化]|经济|工作站|企业(?!库)|组织|载体|机制|思维|性|工程|建设用地|观|论|场景|集成|总结|推进|谋划|治理、|地|全面|梳理|推动|布局|开展"
)
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class _Mention:
    name: str
    place: Place


def find_systems(outline: Outline, paragraphs: list[Paragraph]) -> list[System]:
    """Every named system of the plan's own chapters, in order of first mention; glossaries are left out."""
    skipped = {i for node in outline.nodes if _glossary(node) for i in [node.index, *node.body]}
    headings = {node.index: node.rest for node in outline.nodes if node.kind not in {None, "article"}}
    found: dict[str, list[Place]] = {}
    for index, paragraph in enumerate(paragraphs):
        if index in skipped:
            continue
        for mention in _mentions(paragraph, headings.get(index, 0)):
            found.setdefault(mention.name, []).append(mention.place)
    return [System(name, tuple(places)) for name, places in found.items()]


def _glossary(node: Node) -> bool:
    return bool(re.search(r"名词|^附", node.top.section.title))


def _mentions(paragraph: Paragraph, heading_ends: int) -> list[_Mention]:
    """Names in running text; a heading only names what is plainly digital or quoted."""
    text, found, done = paragraph.text, [], 0
    for match in _SUFFIX.finditer(text):
        if match.start() < done:
            continue
        end = _longest_end(text, match.end())
        if _AFTER.match(text, end):
            continue
        start = _start(text, match.start(), done)
        name = text[start:end]
        if match.end() <= heading_ends and not _STRONG.search(name) and "”" not in text[end : end + 1]:
            continue
        if _is_named(name):
            found.append(_Mention(_plain(name), paragraph.place(start, end - start)))
            done = end
    return found + _listed(paragraph, found)


def _longest_end(text: str, end: int) -> int:
    """一张网系统 and 超市系统 end where the last of the suffixes ends."""
    for _ in range(3):
        match = _SUFFIX.match(text, end)
        end = match.end() if match else end
    return end


def _start(text: str, suffix: int, done: int) -> int:
    """Where the name begins: after the last break or governing verb before its suffix."""
    low = max(done, suffix - 40)
    at = suffix
    depth = 0
    while at > low:
        character = text[at - 1]
        depth += (character == "”") - (character == "“")
        if depth < 0 or (depth == 0 and character in _BREAK):
            break
        at -= 1
    at = _after_verbs(text, at, suffix)
    while match := re.compile(rf"(?:{_SOFT})(?=.{{2}})").match(text, at, suffix):
        at = match.end()
    return at


def _after_verbs(text: str, at: int, suffix: int) -> int:
    kept = [(m.start() + at, m.end() + at) for m in re.finditer(_KEEP, text[at : suffix + 2])]
    quoted = [(m.start() + at, m.end() + at) for m in re.finditer(r"“[^”]*”", text[at:suffix])]
    best = at
    for match in re.finditer(_HARD, text[at:suffix]):
        start, end = match.start() + at, match.end() + at
        if any(a <= start < b for a, b in [*kept, *quoted]):
            continue
        best = max(best, end)
    return best


def _is_named(name: str) -> bool:
    if len(name.strip("“”")) < _SHORTEST + 2 or name.count("“") != name.count("”") or len(name) > 36:
        return False
    plain = _plain(name)
    if "“" in name and len(plain) >= 3:
        return not _PHYSICAL.search(plain)
    if plain in _TECHNIQUES or (_PHYSICAL.search(plain) and not _STRONG.search(plain)):
        return False
    if _NOT_NAMED.search(plain) and not _STRONG.search(plain):
        return False
    if re.search(r"平台$", plain) and not _DIGITAL.search(plain[:-2]):
        return False
    suffix = max((m for m in _SUFFIX.finditer(plain)), key=lambda m: m.end(), default=None)
    said = plain[: suffix.start()] if suffix else plain
    return plain in _WELL_KNOWN or not _GENERIC.fullmatch(said)


_WELL_KNOWN = frozenset(
    {"大数据平台", "数据专区", "大数据基础平台", "政务云平台", "领导驾驶舱", "城市大脑", "统一认证平台", "数据开放系统", "共享交换平台", "数据共享交换平台",  # noqa: E501 - a list of words
     "数据开放平台", "公共数据开放平台", "数据应用超市系统", "城市经济大脑", "城市管理大脑", "城市安全大脑", "城市智慧大脑", "综合应用平台", "应急指挥系统"}  # noqa: E501 - a list of words
)  # fmt: skip


def _plain(name: str) -> str:
    """The name without quotation marks around the whole of it."""
    inner = re.fullmatch(r"“([^“”]+)”", name)
    return inner[1] if inner else name


def _listed(paragraph: Paragraph, found: list[_Mention]) -> list[_Mention]:
    """Services that are named only in quotation marks: “朝阳通”, “时空一张图”, “紫金超市”."""
    known = [mention.name for mention in found]
    quoted = re.finditer(r"“([^“”]{2,12}(?:通|超市|一张图|一张网|码|云|大脑|驾驶舱))”", paragraph.text)
    return [
        _Mention(match[1], paragraph.place(match.start(1), len(match[1])))
        for match in quoted
        if not any(match[1] in name for name in known)
    ]
