"""Plans in the wordings and layouts of many districts, of our own making; and what must be read from each."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.indicators.plan_import.printing import pdf, table, word

Row = tuple[str, str, str, str, str]  # group, name, unit, target as printed, nature

BEFORE = (
    "溪山区国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要",
    "第三章 发展目标",
    "专栏1 “十四五”时期经济社会发展主要指标",
)
AFTER = ("第四章 主要任务", "第一节 做强数字经济", "建设政务数据共享平台。")
HEAD = ["类别", "序号", "指标名称", "单位", "2020年<br/>实际", "2025年<br/>目标", "属性"]
ROWS = [
    ["经济发展", "1", "地区生产总值年均增速", "%", "6.1", "5左右", "预期性"],
    ["", "2", "数字经济核心产业增加值占地区生产总值比重", "%", "35.2", "≥42", "预期性"],
    ["", "3", "全员劳动生产率", "万元/人", "31.5", "40", "预期性"],
    ["民生福祉", "4", "每千人口拥有三岁以下婴幼儿托位数", "个", "1.2", "4.5", "预期性"],
    ["", "5", "居民人均可支配收入增速", "%", "—", "高于地区生产总值增速0.5个百分点", "预期性"],
    ["绿色生态", "6", "细颗粒物（PM2.5）年均浓度", "微克/立方米", "38", "完成市级下达任务", "约束性"],
    ["", "7", "单位地区生产总值能耗累计下降", "%", "—", "[14]", "约束性"],
    ["", "8", "森林覆盖率", "%", "42.1", "持续提高", "约束性"],
]
WIDTHS = [50, 32, 110, 50, 50, 90, 50]
MERGED = [(0, 1, 0, 3), (0, 4, 0, 5), (0, 6, 0, 8)]
TWO_ROWS = [
    ["类别", "序号", "指标", "单位", "“十三五”", "“十四五”目标", "", "属性"],
    ["", "", "", "", "2020年", "2025年", "年均/累计", ""],
]
SPANNED = [
    ["序号", "指标", "2025年", "属性"],
    ["经济发展", "", "", ""],
    ["1", "地区生产总值年均增速（%）", "5左右", "预期性"],
    ["2", "数字经济核心产业增加值占地区生产总值的比重（%）", "≥42", "预期性"],
    ["民生福祉", "", "", ""],
    ["3", "居民人均可支配收入（元）", "完成市级下达任务", "预期性"],
    ["4", "城镇新增就业（万人）", "[12]", "预期性"],
]


def rows_of(rows: list[list[str]]) -> list[Row]:
    group, found = "", []
    for row in rows:
        group = row[0] or group
        found.append((group, row[2], row[3], row[5], row[6]))
    return found


READ = rows_of(ROWS)
READ_SPANNED: list[Row] = [
    ("经济发展", "地区生产总值年均增速", "%", "5左右", "预期性"),
    ("经济发展", "数字经济核心产业增加值占地区生产总值的比重", "%", "≥42", "预期性"),
    ("民生福祉", "居民人均可支配收入", "元", "完成市级下达任务", "预期性"),
    ("民生福祉", "城镇新增就业", "万人", "[12]", "预期性"),
]


@dataclass(frozen=True)
class Stranger:
    id: str
    data: Callable[[], bytes]
    rows: list[Row]
    doubts: int = 0


def _text(name: str, text: str, rows: list[Row], doubts: int = 0) -> Stranger:
    return Stranger(name, text.encode, rows, doubts)


def _pdf(what: str, style: str, valign: str, *, merged: bool = False, padding: float = 3) -> Stranger:
    spans = MERGED if merged else ()

    def data() -> bytes:
        made = table([HEAD, *ROWS], WIDTHS, style, valign=valign, spans=spans, padding=padding)
        return pdf(BEFORE, [made], AFTER, "溪山区人民政府公报")

    return Stranger(f"pdf {what} {style} {valign.lower()}{' merged' if merged else ''}", data, READ)


def _long(style: str, heads: int) -> Stranger:
    rows = [[row[0], str(number + 1), *row[2:]] for number, row in enumerate(ROWS * 6)]
    return Stranger(
        f"pdf of many pages {style}, {heads} header rows repeated",
        lambda: pdf(BEFORE, [table([HEAD, *rows], WIDTHS, style, heads=heads)], AFTER, "溪山区人民政府公报"),
        rows_of(rows),
    )


def _two_rows(style: str) -> Stranger:
    rows = [[*row[:6], "—", row[6]] for row in ROWS]
    spans = [(5, 0, 6, 0), *[(column, 0, column, 1) for column in (0, 1, 2, 3, 7)]]
    widths = [45, 30, 100, 50, 65, 75, 55, 45]
    return Stranger(
        f"pdf header of two rows {style}",
        lambda: pdf(BEFORE, [table([*TWO_ROWS, *rows], widths, style, heads=2, spans=spans)], AFTER),
        READ,
    )


def _three_columns(style: str, valign: str) -> Stranger:
    rows = [[f"{row[2]}（{row[3]}）", row[4], row[5]] for row in ROWS]
    return Stranger(
        f"pdf three columns {style} {valign.lower()}",
        lambda: pdf(
            BEFORE,
            [table([["指标名称", "2020年", "2025年"], *rows], [140, 80, 150], style, valign=valign)],
            AFTER,
        ),
        [("", row[2], row[3], row[5], "") for row in ROWS],
    )


def _spanned(style: str) -> Stranger:
    spans = [(0, 1, 3, 1), (0, 4, 3, 4)]
    return Stranger(
        f"pdf groups across {style}",
        lambda: pdf(BEFORE, [table(SPANNED, [40, 180, 110, 60], style, spans=spans)], AFTER),
        READ_SPANNED,
    )


SPACED = """松林区“十四五”时期经济发展规划
规划期为2021—2025年。
一、发展目标
专栏1 “十四五”时期主要指标
地区生产总值年均增长 5%左右 预期性
一般公共预算收入年均增长 3%-4% 预期性
城镇调查失业率 控制在5%以内 预期性
细颗粒物年均浓度 完成市级下达任务 约束性
万元地区生产总值能耗降幅 达到市级要求 约束性
每千人口拥有3岁以下婴幼儿托位数 4.5个 预期性
二、主要任务
（一）发展经济
"""
GROUPED = """松林区“十四五”时期经济发展规划
类别 指标名称 单位 2020年 2025年 属性
经济发展 地区生产总值 亿元 1200 1600 预期性
人均地区生产总值 万元/人 18.2 24 左右 预期性
数字经济 增加值占地区生产总值比重 % 35 42 预期性
民生福祉 居民人均可支配收入 元 75000 年均增长5%左右 预期性
城镇登记失业率 % 3.2 控制在4以内 预期性
每千人口执业（助理）医师数 人 5.1 ≥6 约束性
绿色 发展 空气质量优良天数比率 % 75 80 约束性
"""
LISTED = """松林区“十四五”时期民生发展规划
（2021—2025年）
二、发展目标
主要指标：
1.居民人均可支配收入年均增长5%左右（预期性）。
2.城镇登记失业率控制在4%以内（预期性）；
3.每千常住人口拥有养老床位9.5张（约束性）；
4、生活垃圾回收利用率达到37.5%以上（约束性）；
（5）公共文化设施面积人均0.45平方米（预期性）。
三、主要任务
（一）保障就业
"""
TWO_A_LINE = """松林区“十四五”时期民生发展规划
（2021—2025年）
表1 主要指标
序号 指标名称
2025年目标 属性
1 地区生产总值（亿元）
1600左右 预期性
2 常住人口规模（万人）
控制在85.5以内 约束性
3 人均期望寿命（岁）
84 预期性
三、主要任务
"""
FULL_WIDTH = """松林区国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要
专栏２　“十四五”时期经济社会发展主要指标
序号　类别　指标　２０２０年　２０２５年　年均增速［累计］　属性
１　创新驱动　全社会研发经费投入增长（％）　－　－　＞８　预期性
２　　　每万人口高价值发明专利拥有量（件）　３５．５　５０　－　预期性
３　绿色生态　单位地区生产总值能源消耗降低（％）　－　－　［１３．５］　约束性
４　　　森林覆盖率（％）　４２　≥４５　－　约束性
５　民生福祉　居民人均可支配收入增长（％）　－　－　与经济增长基本同步　预期性
６　　　劳动年龄人口平均受教育年限（年）　１２．８　１３．５　［０．７］　约束性
注：［ ］内为５年累计数。
第一章 开启新征程
"""

STRANGERS = [
    _text("text without a header, single spaces", SPACED, [
        ("", "地区生产总值年均增长", "%", "5%左右", "预期性"),
        ("", "一般公共预算收入年均增长", "%", "3%-4%", "预期性"),
        ("", "城镇调查失业率", "%", "控制在5%以内", "预期性"),
        ("", "细颗粒物年均浓度", "", "完成市级下达任务", "约束性"),
        ("", "万元地区生产总值能耗降幅", "", "达到市级要求", "约束性"),
        ("", "每千人口拥有3岁以下婴幼儿托位数", "个", "4.5个", "预期性"),
    ]),
    _text("text with groups, single spaces", GROUPED, [
        ("经济发展", "地区生产总值", "亿元", "1600", "预期性"),
        ("经济发展", "人均地区生产总值", "万元/人", "24 左右", "预期性"),
        ("数字经济", "增加值占地区生产总值比重", "%", "42", "预期性"),
        ("民生福祉", "居民人均可支配收入", "元", "年均增长5%左右", "预期性"),
        ("民生福祉", "城镇登记失业率", "%", "控制在4以内", "预期性"),
        ("民生福祉", "每千人口执业（助理）医师数", "人", "≥6", "约束性"),
        ("绿色发展", "空气质量优良天数比率", "%", "80", "约束性"),
    ], doubts=1),
    _text("a list in running text", LISTED, [
        ("", "居民人均可支配收入", "%", "年均增长5%左右", "预期性"),
        ("", "城镇登记失业率", "%", "控制在4%以内", "预期性"),
        ("", "每千常住人口拥有养老床位", "张", "9.5张", "约束性"),
        ("", "生活垃圾回收利用率", "%", "达到37.5%以上", "约束性"),
        ("", "公共文化设施面积人均", "平方米", "0.45平方米", "预期性"),
    ]),
    _text("two cells a line", TWO_A_LINE, [
        ("", "地区生产总值", "亿元", "1600左右", "预期性"),
        ("", "常住人口规模", "万人", "控制在85.5以内", "约束性"),
        ("", "人均期望寿命", "岁", "84", "预期性"),
    ]),
    _text("full width", FULL_WIDTH, [
        ("创新驱动", "全社会研发经费投入增长", "%", "＞８", "预期性"),
        ("创新驱动", "每万人口高价值发明专利拥有量", "件", "５０", "预期性"),
        ("绿色生态", "单位地区生产总值能源消耗降低", "%", "［１３．５］", "约束性"),
        ("绿色生态", "森林覆盖率", "%", "≥４５", "约束性"),
        ("民生福祉", "居民人均可支配收入增长", "%", "与经济增长基本同步", "预期性"),
        ("民生福祉", "劳动年龄人口平均受教育年限", "年", "１３．５", "约束性"),
    ]),
    *[
        _pdf("wrapped", style, valign, merged=merged)
        for style in ("ruled", "open", "three", "rows", "bare")
        for valign in ("MIDDLE", "TOP")
        for merged in (False, True)
    ],
    _pdf("close lines", "bare", "MIDDLE", padding=0),
    _pdf("close lines", "bare", "TOP", padding=0),
    *[_long(style, heads) for style in ("ruled", "bare") for heads in (0, 1)],
    *[_two_rows(style) for style in ("ruled", "bare")],
    *[_three_columns(style, valign) for style in ("ruled", "three") for valign in ("MIDDLE", "TOP")],
    *[_spanned(style) for style in ("ruled", "three", "bare")],
    Stranger("word merged groups", lambda: word(BEFORE, [[cell.replace("<br/>", "\n") for cell in HEAD], *ROWS], AFTER,
             [(1, 0, 3, 0), (4, 0, 5, 0), (6, 0, 8, 0)]), READ),
    Stranger("word header of two rows", lambda: word(
        BEFORE, [*TWO_ROWS, *[[*row[:6], "—", row[6]] for row in ROWS]], AFTER,
        [(0, 5, 0, 6), *[(0, c, 1, c) for c in (0, 1, 2, 3, 7)], (2, 0, 4, 0), (5, 0, 6, 0), (7, 0, 9, 0)]), READ),
    Stranger("word groups across", lambda: word(BEFORE, SPANNED, AFTER, [(1, 0, 1, 3), (4, 0, 4, 3)]), READ_SPANNED),
]  # fmt: skip
