"""The facts section of a pack: figures that a source states about the past, to compare with.

They are quoted, not computed: an indicator that computes the same thing stands in ``indicators/``.
"""

from pydantic import Field

from hutong.kernel.text import Text
from hutong.packs.api import Id, Section, Spec, TextSpec, Title, register


class FactSpec(Spec):
    """One figure as a source states it: at the end of ``year``, or over ``since`` to ``year``."""

    id: Id
    title: Title
    unit: str
    value: float
    year: int = Field(ge=1950, le=2100)
    since: int | None = Field(default=None, ge=1950, le=2100)
    note: TextSpec | None = None
    reference: str = Field(min_length=1)


register(
    Section(
        name="facts",
        path="facts.yaml",
        model=FactSpec,
        many=True,
        title=Text(zh="已公布的数字", en="Figures stated by sources"),
    )
)
