"""The pack's organisations: bureaus, subdistricts, communities, in one list."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from hutong.accounts import demo_people
from hutong.accounts.organisations import Facts, apply
from hutong.kernel.settings import demo
from hutong.kernel.text import Text
from hutong.packs.api import Id, Item, Pack, Problem, RefTo, Section, Spec, TextSpec, Title, register

_SUBDISTRICT = re.compile(r"[0-9]{9}000\Z")
Kind = Literal[
    "government", "bureau", "subdistrict", "area-office", "community", "enterprise-group", "institution"
]


class OrganisationSpec(Spec):
    """An organisation. ``division`` is the statistics bureau's 12-digit code where it governs an area."""

    id: Id
    title: Title
    kind: Kind
    parent: Annotated[str, RefTo("organisations")] = ""
    division: Annotated[str, Field(pattern=r"^([0-9]{12})?$")] = ""
    abbreviation: TextSpec | None = None
    reference: str = ""


def check(pack: Pack, items: tuple[Item, ...]) -> Iterator[Problem]:
    """One root, no circles, codes inside the district, each code once."""
    parents = {item.id: item.value.parent for item in items}
    codes: dict[str, str] = {}
    for item in items:
        spec: OrganisationSpec = item.value
        if _circles(spec.id, parents):
            yield item.problem(
                "parent",
                code="circle",
                found=spec.parent,
                expected=Text(zh="不绕回自身的上级", en="a parent that does not lead back here"),
                fix=Text(zh="改为真正的上级", en="name the real parent"),
            )
        if spec.division:
            yield from _division(pack, item, spec, codes)


def _circles(start: str, parents: dict[str, str]) -> bool:
    seen = {start}
    at = parents.get(start, "")
    while at and at not in seen:
        seen.add(at)
        at = parents.get(at, "")
    return at == start


def _division(pack: Pack, item: Item, spec: OrganisationSpec, codes: dict[str, str]) -> Iterator[Problem]:
    other = codes.setdefault(spec.division, spec.id)
    local = spec.kind in ("subdistrict", "area-office")
    if (
        other != spec.id
        or not spec.division.startswith(pack.division)
        or (local and not _SUBDISTRICT.match(spec.division))
    ):
        yield item.problem(
            "division",
            code="wrong-division",
            found=spec.division if other == spec.id else f"{spec.division} ({other})",
            expected=Text(
                zh=f"以 {pack.division} 开头、未重复的 12 位代码，街道以 000 结尾",
                en=f"a 12-digit code that begins with {pack.division}, used once, a subdistrict's ending in 000",
            ),
            fix=Text(
                zh="查国家统计局统计用区划代码后改正",
                en="look it up in the statistics bureau's division codes",
            ),
        )


def _apply(pack: Pack, items: tuple[Item, ...]) -> None:
    apply(pack.id, [_facts(item.value) for item in items])
    if demo():
        demo_people.install()


def _facts(spec: OrganisationSpec) -> Facts:
    short = spec.abbreviation
    return Facts(
        id=spec.id,
        title_zh=spec.title.zh,
        title_en=spec.title.en,
        kind=spec.kind,
        parent=spec.parent,
        division=spec.division,
        abbreviation_zh=short.zh if short else "",
        abbreviation_en=short.en if short else "",
        reference=spec.reference,
    )


register(
    Section(
        name="organisations",
        path="organisations.yaml",
        model=OrganisationSpec,
        many=True,
        title=Text(zh="机构", en="Organisations"),
        check=check,
        apply=_apply,
    )
)
