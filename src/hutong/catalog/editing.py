"""Editing entries: what a person wrote is checked as a pack's would be, then written, or proposed where locked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from hutong.accounts.api import organisation
from hutong.catalog import locking, store
from hutong.catalog.drafts import draft as drafted
from hutong.catalog.errors import BadEntry, NoSuchEntry
from hutong.catalog.pack import DatasetSpec, DutySpec
from hutong.catalog.pack_systems import SystemSpec
from hutong.catalog.types import Kind
from hutong.kernel import audit
from hutong.kernel.db import atomic
from hutong.kernel.errors import Place
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn

SPECS: dict[Kind, Any] = {Kind.DUTY: DutySpec, Kind.DATASET: DatasetSpec, Kind.SYSTEM: SystemSpec}


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a change: the entry's version, or the proposal that now waits for co-signatures."""

    urn: str
    version: int = 0
    proposal: str = ""


def draft_of(kind: Kind, urn: str, body: Mapping[str, Any]) -> store.Draft:
    """The entry that ``body`` describes; raises ``BadEntry`` naming the key."""
    try:
        spec = SPECS[kind].model_validate(dict(body))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise BadEntry(place=Place(key=key), name=urn, reason=f"{key}: {first['msg']}") from error
    made = drafted(kind, Urn.parse(urn).scope, spec)
    if made.urn != urn:
        raise BadEntry(place=Place(key="id"), name=urn, reason=f"id: {made.urn}")
    return made


def checked(kind: Kind, urn: str, body: Mapping[str, Any]) -> store.Draft:
    """As ``draft_of``; also what it names must be there."""
    made = draft_of(kind, urn, body)
    if made.organisation and organisation(made.organisation) is None:
        raise BadEntry(place=Place(key="organisation"), name=urn, reason=_unknown(made.organisation))
    if kind is Kind.DATASET:
        _standing(urn, "duty", Kind.DUTY, made.parent)
        if system := str(made.body.get("system", "")):
            _standing(urn, "system", Kind.SYSTEM, system)
    return made


def write(kind: Kind, urn: str, body: Mapping[str, Any], *, expected: int, reason: str = "") -> Written:
    """Change an entry whose version is ``expected``; where it is locked, propose the change.

    Raises ``BadEntry`` or ``VersionConflict``.
    """
    draft = checked(kind, urn, body)
    with atomic():
        if locking.is_locked(urn):
            standing = store.entry(urn)
            store.expect(standing, expected)
            if standing.body == draft.body:
                return Written(urn, standing.version)
            acting = audit.origin().organisation or draft.organisation
            return Written(urn, proposal=locking.propose(draft, organisation=acting, reason=reason))
        return Written(urn, store.change(draft, expected=expected).version)


def _standing(urn: str, key: str, kind: Kind, local: str) -> None:
    try:
        store.find(kind, local)
    except NoSuchEntry:
        raise BadEntry(place=Place(key=key), name=urn, reason=_unknown(local)) from None


def _unknown(name: str) -> str:
    return str(Text(zh=f"没有“{name}”", en=f"there is no “{name}”"))
