"""The layers section of a pack: what the map shows, one file a layer, ``layers/<id>.yaml``."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from hutong.kernel.text import Text
from hutong.kernel.urn import Urn
from hutong.onemap import types
from hutong.packs.api import Id, Item, Pack, Problem, RefTo, Section, Spec, TextSpec, Title, Wrong, register

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")


def _column(value: str) -> str:
    if not _NAME.match(value):
        raise Wrong(
            Text(zh="数据表的一个字段名", en="the name of a column of the table"),
            Text(zh="只用小写字母、数字和下划线", en="use lower-case letters, digits and _ only"),
            code="bad-column",
        )
    return value


Column = Annotated[str, AfterValidator(_column)]


class PointSpec(Spec):
    """Two columns of degrees, WGS 84."""

    lon: Column
    lat: Column


class SuffixSpec(BaseModel):
    """The end of names that the map leaves out, with its blank in English: ``{zh: 街道, en: " Subdistrict"}``."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    zh: str = Field(default="", max_length=20)
    en: str = Field(default="", max_length=40)


class TimeSpec(Spec):
    """Which rows belong to a day. ``since``: dated on or before it; ``month``: in its month; ``latest``: the
    newest of each feature.
    """

    column: Column
    shows: types.Shows = "since"


class ConditionSpec(Spec):
    """Rows whose column has one of the values."""

    column: Column
    among: tuple[str | int | bool, ...] = Field(min_length=1)


class LayerSpec(Spec):
    """A layer of the map over a table of the lake."""

    id: Id
    title: Title
    group: Title
    table: Annotated[str, RefTo("datasets")]
    key: Column
    label: Column
    label_en: Column | None = None
    suffix: SuffixSpec = SuffixSpec()
    geometry: Column | None = None
    point: PointSpec | None = None
    style: types.Style
    symbol: types.Symbol = "circle"
    fields: tuple[Column, ...] = ()
    where: tuple[ConditionSpec, ...] = ()
    time: TimeSpec | None = None
    joins: dict[str, Column] = Field(default_factory=dict)
    links: dict[Column, Id] = Field(default_factory=dict)
    min_zoom: float = Field(default=0, ge=0, le=22)
    max_zoom: float = Field(default=24, ge=0, le=24)
    shown: bool = False
    order: int = 100
    note: TextSpec | None = None
    reference: str = ""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.geometry is None) == (self.point is None):
            raise Wrong(
                Text(zh="geometry 与 point 二者之一", en="either geometry or point"),
                Text(
                    zh="面、线用 geometry，点用 point", en="areas and lines have geometry, points have point"
                ),
                code="bad-place",
            )
        if (self.style == "point") != (self.point is not None):
            raise Wrong(
                Text(zh="point 样式配 point 字段", en="the style point with point columns"),
                Text(
                    zh="点图层写 style: point 和 point:", en="a layer of points has style: point and point:"
                ),
                code="bad-style",
            )
        return self

    def layer(self, scope: str) -> types.Layer:
        """The layer of the pack ``scope``."""
        place = (
            types.Place(lon=self.point.lon, lat=self.point.lat)
            if self.point
            else types.Place(geometry=str(self.geometry))
        )
        conditions = " AND ".join(_condition(each) for each in self.where)
        return types.Layer(
            id=self.id,
            urn=str(Urn(scope, "layer", self.id)),
            title=self.title.text,
            group=self.group.text,
            table=self.table,
            key=self.key,
            label=self.label,
            label_en=self.label_en or "",
            suffix=Text(self.suffix.zh, self.suffix.en),
            place=place,
            style=self.style,
            symbol=self.symbol,
            fields=self.fields,
            where=conditions,
            time=types.Time(self.time.column, self.time.shows) if self.time else None,
            joins=self.joins,
            min_zoom=self.min_zoom,
            max_zoom=self.max_zoom,
            shown=self.shown,
            order=self.order,
            reference=self.reference,
            links=self.links,
        )


def _condition(spec: ConditionSpec) -> str:
    return f'"{spec.column}" IN ({", ".join(_literal(each) for each in spec.among)})'


def _literal(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def _check(pack: Pack, items: tuple[Item, ...]) -> list[Problem]:
    """Every column a layer names is in the contract of its table."""
    problems = []
    contracts = {each.id: tuple(each.value.table.columns) for each in pack.items("datasets")}
    for item in items:
        columns = contracts.get(item.value.table)
        if columns is None:
            continue
        problems += [
            item.problem(
                path,
                code="unknown-column",
                found=name,
                expected=Text(
                    zh=f"数据集 {item.value.table} 的字段", en=f"a column of the dataset {item.value.table}"
                ),
                fix=Text(zh=f"可用：{'、'.join(columns)}", en=f"there are {', '.join(columns)}"),
            )
            for path, name in _named(item.value)
            if name not in columns
        ]
    return problems


def _named(spec: LayerSpec) -> list[tuple[tuple[str | int, ...], str]]:
    named: list[tuple[tuple[str | int, ...], str]] = [(("key",), spec.key), (("label",), spec.label)]
    if spec.label_en:
        named.append((("label_en",), spec.label_en))
    if spec.geometry:
        named.append((("geometry",), spec.geometry))
    if spec.point:
        named += [(("point", "lon"), spec.point.lon), (("point", "lat"), spec.point.lat)]
    if spec.time:
        named.append((("time", "column"), spec.time.column))
    named += [(("fields", index), name) for index, name in enumerate(spec.fields)]
    named += [(("joins", dimension), name) for dimension, name in spec.joins.items()]
    named += [(("links", name), name) for name in spec.links]
    named += [(("where", index, "column"), each.column) for index, each in enumerate(spec.where)]
    return named


LAYERS = register(
    Section(
        name="layers",
        path="layers/*.yaml",
        model=LayerSpec,
        title=Text(zh="地图图层", en="Map layers"),
        check=_check,
        after=("datasets",),
    )
)
