"""The cockpit section of a pack: one file a page, ``cockpit/<id>.yaml``: rows of tiles, each naming an indicator."""

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from hutong.kernel.text import Text
from hutong.packs.api import Id, Item, Pack, Problem, RefTo, Section, Spec, TextSpec, Title, Wrong, register

Indicator = Annotated[Id, RefTo("indicators")]
KINDS = ("figure", "chart", "rank", "map", "causes", "targets", "link", "notice")


class LinkSpec(Spec):
    """A place to go on to."""

    title: Title
    url: Annotated[str, Field(pattern=r"^/[A-Za-z0-9_./?=&-]*$")]
    text: TextSpec | None = None


class TileSpec(Spec):
    """One thing on a page; exactly one of figure, chart, rank, map, causes, targets, link, notice.

    ``figure``   the newest value, its change, its state, its line
    ``chart``    values over time, of one or of several indicators of the same unit
    ``rank``     the parts of a figure ``by`` a dimension, the largest first
    ``map``      a figure's parts ``by`` a dimension of areas, coloured on a small map
    ``causes``   what moved a figure since the period before, ``by`` one dimension
    ``targets``  indicators against target and expected pace, as a table
    """

    figure: Indicator | None = None
    chart: Annotated[tuple[Indicator, ...], Field(max_length=5)] = ()
    rank: Indicator | None = None
    map: Indicator | None = None
    causes: Indicator | None = None
    targets: tuple[Indicator, ...] = ()
    link: LinkSpec | None = None
    notice: TextSpec | None = None
    by: str = ""
    large: bool = False
    kind: Literal["line", "bar", "stack"] = "line"
    points: Annotated[int, Field(ge=2, le=400)] = 24
    limit: Annotated[int, Field(ge=1, le=20)] = 8

    @property
    def name(self) -> str:
        """Which of the kinds it is."""
        return next(each for each in KINDS if getattr(self, each))

    @property
    def indicators(self) -> tuple[str, ...]:
        """What it shows."""
        single = self.figure or self.rank or self.map or self.causes
        return (single,) if single else self.chart or self.targets

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(bool(getattr(self, each)) for each in KINDS) != 1:
            listed = ", ".join(KINDS)
            raise Wrong(
                Text(zh=f"{listed} 之一", en=f"one of {listed}"),
                Text(zh="只写其中一项", en="write exactly one of them"),
                code="bad-tile",
            )
        if bool(self.rank or self.map or self.causes) != bool(self.by):
            raise Wrong(
                Text(
                    zh="rank、map 与 causes 要有 by（维度）",
                    en="by (a dimension) with rank, map and causes, only there",
                ),
                Text(zh="写上 by", en="write by"),
                code="bad-tile",
            )
        return self


class RowSpec(Spec):
    """Tiles side by side. ``wall: false`` leaves the row out on a wall screen, which does not scroll."""

    title: Title | None = None
    wall: bool = True
    tiles: Annotated[tuple[TileSpec, ...], Field(min_length=1)]


class PageSpec(Spec):
    """A page of the cockpit. The one with the lowest ``order`` is at ``/``."""

    id: Id
    title: Title
    lead: TextSpec | None = None
    order: int = 100
    rotate: Annotated[int, Field(ge=5, le=3600)] = 30
    rows: Annotated[tuple[RowSpec, ...], Field(min_length=1)]

    @property
    def indicators(self) -> tuple[str, ...]:
        """Everything the page shows, once each."""
        every = [each for row in self.rows for tile in row.tiles for each in tile.indicators]
        return tuple(dict.fromkeys(every))


def check(pack: Pack, items: tuple[Item, ...]) -> Iterable[Problem]:
    """Dimensions must be those of their indicator."""
    for item in items:
        for row_index, row in enumerate(item.value.rows):
            for tile_index, tile in enumerate(row.tiles):
                found = pack.find("indicators", tile.indicators[0]) if tile.by else None
                if found and tile.by not in found.value.dimensions:
                    known = ", ".join(found.value.dimensions) or "—"
                    yield item.problem(
                        ("rows", row_index, "tiles", tile_index, "by"),
                        code="unknown-dimension",
                        expected=Text(
                            zh=f"该指标的维度：{known}", en=f"a dimension of the indicator: {known}"
                        ),
                        fix=Text(zh="改正维度", en="mend the dimension"),
                        found=tile.by,
                    )


SECTION = register(
    Section(
        name="cockpit",
        path="cockpit/*.yaml",
        model=PageSpec,
        title=Text(zh="驾驶舱页面", en="Cockpit pages"),
        check=check,
        after=("indicators",),
    )
)
