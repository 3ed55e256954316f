"""Editing entries: what a person wrote is checked as a pack's would be, then written, or proposed where locked."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from hutong.accounts.api import organisation
from hutong.catalog import locking, store
from hutong.catalog.drafts import draft as drafted
from hutong.catalog.errors import BadEntry, NoSuchEntry, VersionConflict
from hutong.catalog.logic import faults
from hutong.catalog.pack import DatasetSpec, DutySpec
from hutong.catalog.pack_systems import SystemSpec
from hutong.catalog.types import EntryRef, Kind
from hutong.kernel import audit
from hutong.kernel.db import atomic
from hutong.kernel.errors import Place
from hutong.kernel.personal import holds_number
from hutong.kernel.settings import value
from hutong.kernel.text import Text
from hutong.kernel.urn import BadUrn, Urn
from hutong.lake import api as lake
from hutong.lake.types import Contract

SPECS: dict[Kind, Any] = {Kind.DUTY: DutySpec, Kind.DATASET: DatasetSpec, Kind.SYSTEM: SystemSpec}


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a change: the entry's version, or the proposal that now waits for co-signatures."""

    urn: str
    version: int = 0
    proposal: str = ""


def draft_of(kind: Kind, urn: str, body: Mapping[str, Any]) -> store.Draft:
    """The entry that ``body`` describes; raises ``BadEntry`` naming every key that is wrong."""
    made = _drafted(kind, Urn.parse(urn).scope, body, urn)
    if made.urn != urn:
        raise _bad(kind, urn, [faults.fault(kind, "id", Text(zh=f"应为 {urn}", en=f"must be {urn}"))])
    return made


def checked(kind: Kind, urn: str, body: Mapping[str, Any]) -> store.Draft:
    """As ``draft_of``; also what it names must be there."""
    return _together(kind, draft_of(kind, urn, body))


def draft_new(kind: Kind, body: Mapping[str, Any]) -> store.Draft:
    """As ``draft_of``, of an entry that is not there yet: its identifier follows from ``body`` and must be free."""
    made = _drafted(kind, str(value("HUTONG_PACK")), body, str(body.get("id", "")))
    if store.entries(kind, urn=made.urn):
        taken = Text(
            zh=f"“{made.local}”已在目录中，请另取编号", en=f"“{made.local}” is taken; choose another"
        )
        raise _bad(kind, made.urn, [faults.fault(kind, "id", taken)])
    return made


def _drafted(kind: Kind, scope: str, body: Mapping[str, Any], name: str) -> store.Draft:
    if key := _unwritable(body):
        said = Text(zh="含有不能保存的字符", en="holds a character that cannot be kept")
        raise _bad(kind, name, [faults.fault(kind, key, said)])
    try:
        spec = SPECS[kind].model_validate(dict(body))
        return drafted(kind, scope, spec)
    except ValidationError as error:
        raise _bad(kind, name, faults.of(kind, error)) from error
    except BadUrn as error:  # a duty's identifier begins with its organisation's
        raise _bad(
            kind, name, [faults.fault(kind, "organisation", _unknown(str(body["organisation"])))]
        ) from error


def _unwritable(body: Mapping[str, Any]) -> str:
    """The first key beneath which there is a NUL or half of a pair of surrogates: no database keeps them."""
    for key, said in body.items():
        text = json.dumps([key, said], ensure_ascii=False, default=str)
        if "\\u0000" in text or any("\ud800" <= each <= "\udfff" for each in text):
            return key if key.isascii() and key.isprintable() else "id"
    return ""


def _together(kind: Kind, made: store.Draft) -> store.Draft:
    wrong = [
        faults.fault(kind, key, _unknown(local)) for key, local, there in _named(kind, made) if not there
    ]
    wrong += [faults.fault(kind, "table.columns", each) for each in _against_the_lake(made)]
    if wrong:
        raise _bad(kind, made.urn, wrong)
    return made


def _against_the_lake(made: store.Draft) -> Iterator[Text]:
    """Rows that are in the lake keep their columns and types; titles, units and the like may change."""
    if made.kind is not Kind.DATASET or lake.latest(made.local) is None:
        return
    held, said = lake.contract(made.local), contract_of(made)
    types = {each.name: each.type for each in said.columns}
    gone = [each.name for each in held.columns if each.name not in types]
    other = [each.name for each in held.columns if types.get(each.name, each.type) is not each.type]
    if gone:
        yield Text(
            zh=f"库表已有数据，不能去掉：{'、'.join(gone[:5])}",
            en=f"the table holds rows, so these stay: {', '.join(gone[:5])}",
        )
    if other:
        yield Text(
            zh=f"库表已有数据，不能改类型：{'、'.join(other[:5])}",
            en=f"the table holds rows, so these keep their types: {', '.join(other[:5])}",
        )


def add(kind: Kind, body: Mapping[str, Any], *, reason: str = "") -> Written:
    """Write an entry that is not there yet; raises ``BadEntry``."""
    return _write(_together(kind, draft_new(kind, body)), expected=0, reason=reason)


def write(kind: Kind, urn: str, body: Mapping[str, Any], *, expected: int, reason: str = "") -> Written:
    """Change an entry whose version is ``expected`` (0: add it); where it is locked, propose the change.

    Raises ``BadEntry`` or ``VersionConflict``.
    """
    return _write(checked(kind, urn, body), expected=expected, reason=reason)


def _write(draft: store.Draft, *, expected: int, reason: str) -> Written:
    reason = reason.replace("\0", "").strip()
    if said := _unfit(reason):
        raise _bad(draft.kind, draft.urn, [faults.fault(draft.kind, "reason", said)])
    with atomic():
        standing = next(iter(store.entries(draft.kind, urn=draft.urn)), None)
        if locking.is_locked(draft.urn):
            present = standing.version if standing else 0
            if present != expected:
                raise VersionConflict(name=draft.urn, expected=expected, present=present)
            if standing is not None and standing.body == draft.body:
                return Written(draft.urn, present)
            acting = audit.origin().organisation or draft.organisation
            return Written(draft.urn, proposal=locking.propose(draft, organisation=acting, reason=reason))
        version = store.change(draft, expected=expected, reason=reason).version
        if standing is None or standing.body.get("table") != draft.body.get("table"):
            take_up(draft)
        return Written(draft.urn, version)


def retire(urn: str, *, expected: int, reason: str, successor: str = "") -> Written:
    """Take an entry out of the catalog, with the reason and what follows it; where it is locked, propose that.

    Raises ``BadEntry`` naming ``reason`` or ``successor``, ``NoSuchEntry`` or ``VersionConflict``.
    """
    standing, why, follows = store.entry(urn), reason.strip(), successor.strip()
    if not why:
        said = Text(zh="须写明理由", en="a reason is needed")
        raise BadEntry(place=Place(key="reason"), name=urn, reason=said)
    if unfit := _unfit(why):
        raise BadEntry(place=Place(key="reason"), name=urn, reason=unfit)
    if follows:
        _follows(standing, follows)
    with atomic():
        if locking.is_locked(urn):
            store.expect(standing, expected)
            acting = audit.origin().organisation or standing.organisation
            asked = locking.propose_retirement(standing, organisation=acting, reason=why, successor=follows)
            return Written(urn, proposal=asked)
        store.retire(urn, expected=expected, reason=why, successor=follows)
        return Written(urn, expected + 1)


def take_up(draft: store.Draft) -> None:
    """The lake goes by what the catalog says of a table from now on."""
    if draft.kind is Kind.DATASET and draft.body.get("table"):
        lake.define(contract_of(draft))


def contract_of(draft: store.Draft) -> Contract:
    """The contract of a dataset's table."""
    contract: Contract = DatasetSpec.model_validate(dict(draft.body)).contract
    return contract


def _follows(standing: EntryRef, successor: str) -> None:
    try:
        found = store.entry(successor)
    except NoSuchEntry:
        raise BadEntry(place=Place(key="successor"), name=standing.urn, reason=_unknown(successor)) from None
    if found.kind is not standing.kind or found.urn == standing.urn:
        said = Text(zh="接续条目须是同类的另一条", en="what follows must be another entry of the same kind")
        raise BadEntry(place=Place(key="successor"), name=standing.urn, reason=said)


def _named(kind: Kind, made: store.Draft) -> Iterator[tuple[str, str, bool]]:
    """What the entry names, under which key, and whether it stands."""
    key = {Kind.DUTY: "organisation", Kind.DATASET: "provider", Kind.SYSTEM: "owner"}[kind]
    if made.organisation:
        yield key, made.organisation, organisation(made.organisation) is not None
    if kind is Kind.DATASET:
        yield "duty", made.parent, bool(store.entries(Kind.DUTY, local=made.parent))
        if system := str(made.body.get("system", "")):
            yield "system", system, bool(store.entries(Kind.SYSTEM, local=system))
        for each in made.body.get("related", ()):
            yield "related", each, bool(store.entries(Kind.DATASET, local=each))


def _bad(kind: Kind, urn: str, found: Sequence[faults.Fault]) -> BadEntry:
    return BadEntry(
        place=Place(key=found[0].key), name=urn, reason=faults.together(kind, found), faults=tuple(found)
    )


def _unfit(reason: str) -> Text | None:
    """What is wrong with a reason, which stands beside the version for everyone."""
    most = locking.MAX_REASON
    if len(reason) > most:
        return Text(zh=f"不超过 {most} 字", en=f"{most} characters at most")
    if holds_number(reason):
        zh, en = (
            "含有手机号码或身份证号，理由会公开",
            "it holds a telephone or identity number, and everyone can read it",
        )
        return Text(zh=zh, en=en)
    return None


def _unknown(name: str) -> Text:
    return Text(zh=f"没有“{name}”", en=f"there is no “{name}”")
