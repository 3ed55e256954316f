"""The pack's locks: which entries change only with whose co-signatures, by which decision."""

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from hutong.catalog import locking, store
from hutong.catalog.types import Kind
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn
from hutong.ledger.types import Rule
from hutong.packs.api import Id, Item, Pack, Problem, RefTo, Section, Spec, Title, register


class LockSpec(Spec):
    """A rule: ``needed`` of ``organisations`` must co-sign every change of ``entries`` of one level.

    The lock itself holds once as many have co-signed it.
    """

    id: Id
    title: Title
    level: Literal["duty", "dataset", "system"]
    entries: tuple[str, ...] = Field(min_length=1)
    organisations: tuple[Annotated[str, RefTo("organisations")], ...] = Field(min_length=1, max_length=32)
    needed: int = Field(ge=1, le=32)
    basis: str = ""

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.needed > len(set(self.organisations)):
            raise ValueError(f"{self.needed} of {len(set(self.organisations))} can never be reached")
        return self


_SECTIONS = {"duty": "duties", "dataset": "datasets", "system": "systems"}


def _check(pack: Pack, items: tuple[Item, ...]) -> Iterable[Problem]:
    for item in items:
        known = {getattr(each, "path", each.id) for each in pack.values(_SECTIONS[item.value.level])}
        for entry in item.value.entries:
            if entry not in known:
                yield item.problem(
                    ("entries",),
                    code="unknown-entry",
                    expected=Text(
                        zh=f"本包已声明的{item.value.level}", en=f"a {item.value.level} of this pack"
                    ),
                    fix=Text(zh=f"改正或删去“{entry}”", en=f"mend or remove “{entry}”"),
                    found=entry,
                )


def apply_locks(pack: Pack, items: tuple[Item, ...]) -> None:
    """Ask for each lock that is not in force and not asked for yet."""
    for item in items:
        spec = item.value
        by = tuple(str(Urn(pack.id, "organisation", each)) for each in spec.organisations)
        rule = Rule(by, spec.needed, ("catalog.",), spec.basis or spec.title.zh)
        for local in spec.entries:
            urn = str(Urn(pack.id, Kind(spec.level), local))
            if store.entries(Kind(spec.level), urn=urn) and locking.is_locked(urn) != rule:
                locking.lock(urn, rule)


register(
    Section(
        name="locks",
        path="locks.yaml",
        model=LockSpec,
        many=True,
        title=Text(zh="锁定规则", en="Locks"),
        check=_check,
        apply=apply_locks,
        after=("duties", "datasets", "systems"),
    )
)
