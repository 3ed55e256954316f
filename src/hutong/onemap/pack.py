"""The pack's spatial structure: belts, wings, zones and cores as plans draw them."""

from typing import Annotated, Literal

from hutong.kernel.text import Text
from hutong.packs.api import Id, RefTo, Section, Spec, TextSpec, Title, register

Kind = Literal["structure", "core", "axis", "belt", "wing", "zone", "area", "park", "node"]


class AreaSpec(Spec):
    """An area of a plan's spatial structure; ``structure`` is the whole that the others are part of.

    ``subdistricts`` are those it lies in where that is known from a source.
    """

    id: Id
    title: Title
    kind: Kind
    part_of: Annotated[str, RefTo("areas")] = ""
    description: TextSpec | None = None
    subdistricts: tuple[Annotated[str, RefTo("organisations")], ...] = ()
    reference: str


register(
    Section(
        name="areas",
        path="areas.yaml",
        model=AreaSpec,
        many=True,
        title=Text(zh="空间布局", en="Spatial structure"),
    )
)
