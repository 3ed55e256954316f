"""The portal's section of a pack: under which licence and terms data are opened, and what will be opened when."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from hutong.kernel.text import Text
from hutong.packs.api import Id, RefTo, Section, Spec, TextSpec, Title, register


class LicenceSpec(Spec):
    """``id`` as CKAN names licences; ``authority`` is its address in the European vocabulary, where it has one."""

    id: str = Field(pattern=r"^[A-Za-z0-9.-]{1,60}$")
    title: Title
    url: str = Field(pattern=r"^https?://")
    authority: str = Field("", pattern=r"^(https?://.*)?$")


class StepSpec(Spec):
    """One line of the open plan: a dataset that will be opened, by whom and by when."""

    id: Id
    title: Title
    organisation: Annotated[str, RefTo("organisations")]
    by: date
    dataset: str = ""
    state: Literal["planned", "preparing", "done"] = "planned"
    note: TextSpec | None = None
    reference: str = ""


class PortalSpec(Spec):
    """What the open portal says beside the data."""

    licence: LicenceSpec
    terms: TextSpec
    contact: str = ""
    plan: tuple[StepSpec, ...] = ()


PORTAL = register(
    Section(
        name="portal",
        path="portal.yaml",
        model=PortalSpec,
        title=Text(zh="开放门户", en="Open portal"),
        after=("organisations", "datasets"),
    )
)
