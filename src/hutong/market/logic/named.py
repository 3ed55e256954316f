"""What the names and values in a module's answer are called for people; programs get them as they are."""

from typing import Final

from hutong.kernel.text import Text
from hutong.market.logic.said import in_english

_NAMES: Final = """
results 结果 Results|address 地址 Address|parts 构成 Parts|province 省 Province|city 市 City|district 区 District
subdistrict 街道 Subdistrict|community 社区 Community|road 道路 Road|road_number 门牌 Number|place 位置 Place
building 楼 Building|unit 单元 Unit|floor 层 Floor|room 室 Room|level 层级 Level|text 文本 Text|start 起点 Start
anomalies 异常 Anomalies|checked 检查数 Checked|spread 离散度 Spread|label 类别 Label|value 值 Value
usual 常值 Usual value|score 得分 Score|kind 种类 Kind|reason 理由 Reason|points 点 Points|note 说明 Note
lon 经度 Longitude|lat 纬度 Latitude|moved_m 位移（米） Moved by (m)|outside 境外点 Outside|texts 文本 Texts
rows 行 Rows|hits 找出的内容 What was found|counts 计数 Counts|item 第几项 Item|column 列 Column|length 长度 Length
forecast 预测 Forecast|method 方法 Method|tried 比较过的方法 Methods tried|step 步 Step|low 下限 Low|high 上限 High
error 误差 Error|areas 区域 Areas|given 输入 Given|confidence 把握 Confidence
subdistrict_code 街道代码 Subdistrict code|community_code 社区代码 Community code|grid 网格 Grid
reasons 理由 Reasons|topics 主题 Topics|alone 单独成题 Alone|title 标题 Title|heat 热度 Heat|messages 件数 Messages
support 支持 Support|places 地点 Places|words 词语 Words|first 最早 First|last 最近 Last|ids 编号 Ids|name 名称 Name
sure 确定 Sure|candidates 候选 Candidates|lines 行 Lines|width 宽 Width|height 高 Height|box 位置 Box
category 类别 Category|level1 一级类目 First level|level2 二级类目 Second level|level3 三级类目 Third level
review 须人工复核 For a person to look at|others 次选 Near misses|word 词语 Word|weight 分量 Weight|where 位置 Where
standard 标准 Standard|edition 年份 Edition|context 场合 Context|wanted 可接受的译法 Accepted|zh 中文 Chinese
en 英文 English|verdict 结论 Verdict|basis 依据 Basis|valid 有效 Valid|code 代码 Code|authority 登记机关 Authority
division 区划 Division|organisation_code 机构代码 Organisation code|suggestion 建议 Suggestion
"""
_VALUES: Final = {
    "conforms": Text(zh="符合", en="conforms"), "differs": Text(zh="不符", en="differs"),
    "conflict": Text(zh="标准不一", en="standards disagree"), "unknown": Text(zh="无法判断", en="cannot tell"),
    "id_number": Text(zh="身份证号", en="identity number"), "phone": Text(zh="电话", en="telephone"),
    "bank_card": Text(zh="银行卡号", en="bank card"), "plate": Text(zh="车牌", en="number plate"),
    "uscc": Text(zh="信用代码", en="credit code"), "email": Text(zh="邮箱", en="e-mail"),
    "name": Text(zh="姓名", en="name of a person"), "address": Text(zh="地址", en="address"),
    "any": Text(zh="不限", en="any"), "road": Text(zh="道路", en="road"), "transit": Text(zh="交通站点", en="transit"),
    "scenic": Text(zh="景区", en="scenic area"), "public": Text(zh="公共场所", en="public place"),
    "zone": Text(zh="园区", en="zone"), "other": Text(zh="其他", en="other"),
    "outside": Text(zh="区外", en="outside the areas"),
    "high": Text(zh="偏高", en="high"), "low": Text(zh="偏低", en="low"),
}  # fmt: skip
_CODED: Final = frozenset({"verdict", "kind", "context", "level"})
_REASONS: Final = frozenset({"reason", "reasons", "note"})


def _read(lines: str) -> dict[str, Text]:
    parts = (each.split(" ", 2) for each in lines.replace("\n", "|").split("|") if each)
    return {name: Text(zh=zh, en=en) for name, zh, en in parts}


TITLES: Final = _read(_NAMES)


def title(name: str) -> str:
    """A name in the language of whoever reads; unknown ones as they are."""
    return str(TITLES.get(name, name))


def value(name: str, said: str, *, english: bool = False) -> str:
    """A cell of that name: codes in words, reasons in the language of whoever reads, everything else as it is."""
    if name in _CODED:
        found = _VALUES.get(said) or (TITLES.get(said) if name == "level" else None)
        return str(found or said)
    return in_english(said) if english and name in _REASONS else said


def counted(said: str) -> str:
    """What is counted by a code."""
    return str(_VALUES.get(said, said))
