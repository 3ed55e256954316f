"""The pack's register of systems: what the plans name, who answers for it, and what stands today."""

from typing import Annotated, Literal

from pydantic import Field

from hutong.catalog.applying import apply_systems
from hutong.kernel.text import Text
from hutong.packs.api import Id, RefTo, Section, Spec, TextSpec, Title, register


class SystemSpec(Spec):
    """A system of the district.

    ``named_as``   the name the source prints, where it names one
    ``capability`` row of the list of systems in docs/packs.md, A1 to F11
    ``owner``      the organisation that answers for it; ``owner_reference`` where ``reference`` does not say so
    ``state``      planned (a source announces it), building, running; as the source says
    ``cloud``      where it stands in the move to the government cloud
    """

    id: Id
    title: Title
    named_as: str = ""
    capability: Annotated[str, Field(pattern=r"^([A-F][0-9]{1,2})$")]
    owner: Annotated[str, RefTo("organisations")] = ""
    owner_reference: str = ""
    state: Literal["planned", "building", "running"]
    cloud: Literal["unknown", "outside", "moving", "in"] = "unknown"
    note: TextSpec | None = None
    reference: str


register(
    Section(
        name="systems",
        path="systems.yaml",
        model=SystemSpec,
        many=True,
        title=Text(zh="信息系统名册", en="Register of systems"),
        apply=apply_systems,
        after=("organisations",),
    )
)
