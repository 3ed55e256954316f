"""The supermarket's section of a pack: which modules the district offers, who answers for each and on which terms."""

from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import Field

from hutong.kernel.text import Text
from hutong.market.manifests import manifests
from hutong.packs.api import Item, Pack, Problem, RefTo, Section, Spec, TextSpec, Title, register


class ServiceSpec(Spec):
    """The level of service the owner promises: share of calls answered in a month, and within which time."""

    availability: float = Field(0.99, gt=0, le=1)
    answer_ms: int = Field(2000, gt=0)


class QuotaSpec(Spec):
    """Items a subscription may send, unless the owner grants it another number."""

    day: int = Field(1000, gt=0)
    month: int = Field(20_000, gt=0)


class OfferSpec(Spec):
    """One module on the district's shelf. ``approval``: its owner decides who subscribes."""

    id: str
    owner: Annotated[str, RefTo("organisations")]
    price: Title = Title(zh="免费", en="Free")
    approval: bool = False
    quota: QuotaSpec = QuotaSpec()
    service: ServiceSpec = ServiceSpec()
    note: TextSpec | None = None


def _check(_pack: Pack, items: Sequence[Item]) -> Iterable[Problem]:
    known = manifests()
    for item in items:
        if item.value.id not in known:
            names = ", ".join(sorted(known))
            yield item.problem(
                "id",
                code="no-such-module",
                expected=Text(zh="已有的模块", en="a module that exists"),
                fix=Text(zh=f"可用：{names}", en=f"there are {names}"),
                found=item.value.id,
            )


MODULES = register(
    Section(
        name="modules",
        path="modules.yaml",
        model=OfferSpec,
        many=True,
        title=Text(zh="应用超市模块", en="Supermarket modules"),
        check=_check,
        after=("organisations",),
    )
)
