"""Errors of the map.

NotFound
├── NoLayer
├── NoFeature
└── NoMeasure
Invalid
├── BadBox       not four numbers west,south,east,north
└── BadMonth     not a month
Unavailable
└── NoRows       the layer's table has no data yet
"""

from hutong.kernel.errors import Invalid, NotFound, Unavailable
from hutong.kernel.text import Text


class NoLayer(NotFound):
    """There is no such layer."""

    code = "onemap.no-layer"
    message = Text(zh="没有图层 {layer}", en="There is no layer {layer}")
    fix = Text(zh="到 /map 查看已有图层", en="see the layers at /map")


class NoFeature(NotFound):
    """The layer has no such feature."""

    code = "onemap.no-feature"
    message = Text(zh="图层 {layer} 中没有 {key}", en="The layer {layer} has no {key}")
    fix = Text(
        zh="可能在所选日期尚不存在，换一个日期试试", en="it may not exist on the chosen day; try another"
    )


class NoMeasure(NotFound):
    """There is no such indicator to colour the map by, or none on that day."""

    code = "onemap.no-measure"
    message = Text(
        zh="{month} 没有指标 {measure} 的分区数值", en="There are no values of {measure} by area for {month}"
    )
    fix = Text(zh="换一个月份或指标", en="choose another month or indicator")


class BadBox(Invalid):
    """The box is not four numbers."""

    code = "onemap.bad-box"
    message = Text(zh="范围“{text}”无法读取", en="The box “{text}” cannot be read")
    fix = Text(zh="写成 西,南,东,北（度，WGS 84）", en="write west,south,east,north in degrees (WGS 84)")


class BadMonth(Invalid):
    """The day or month cannot be read."""

    code = "onemap.bad-month"
    message = Text(zh="日期“{text}”无法读取", en="The date “{text}” cannot be read")
    fix = Text(zh="写成 2025-06 或 2025-06-30", en="write 2025-06 or 2025-06-30")


class NoRows(Unavailable):
    """The table of the layer has no data yet."""

    code = "onemap.no-rows"
    message = Text(
        zh="图层 {layer} 的数据表 {table} 还没有数据",
        en="The table {table} of the layer {layer} has no data yet",
    )
    fix = Text(zh="先装载该数据集", en="load the dataset first")
