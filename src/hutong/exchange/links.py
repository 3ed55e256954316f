"""Link groups: proposed by the consumer of several contracts, in force when every provider has signed, ended by any.

Joined rows tell more than each table alone, so the group needs consent of its own. What is signed names the contracts,
the keys, and a digest of the columns and rows that each contract grants: where a contract is changed (but for its last
day) the group rests until it is agreed anew.
"""

from collections.abc import Iterable
from typing import Any

from hutong.accounts.api import Actor, Target, allow
from hutong.exchange import contracts, places, requests
from hutong.exchange.errors import BadLink, BadRequest, CannotMove, NoSuchLink
from hutong.exchange.logic import links, terms
from hutong.exchange.models import LinkMemberRow, LinkRow
from hutong.exchange.types import ContractRef, Join, LinkRef, Standing
from hutong.exchange.wishes import LONGEST
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic, exclusive
from hutong.lake import api as lake
from hutong.ledger import api as ledger


def propose(
    actor: Actor, title: str, base: str, joins: Iterable[Join], *, only_matches: bool = True
) -> LinkRef:
    """Ask that these contracts be handed over joined, signed by their consumer; raises ``BadLink``."""
    joins = tuple(joins)
    found = [contracts.contract_of(name) for name in (base, *(each.contract for each in joins))]
    first = found[0]
    allow(actor, "exchange.request", Target(first.consumer, kind="exchange-link"))
    if not title.strip() or len(title) > 200 or "\0" in title:
        raise BadLink(reason_zh="须填写名称", reason_en="give it a name")
    _check_contracts(found)
    links.check(part(first), [part(each, join) for each, join in zip(found[1:], joins, strict=True)])
    body: dict[str, Any] = {
        "base": first.id,
        "joins": [
            {"contract": each.id, "on": [list(pair) for pair in join.on]}
            for each, join in zip(found[1:], joins, strict=True)
        ],
        "only_matches": only_matches,
        "granted": {each.id: granted(each) for each in found},
        "parties": sorted({each.provider for each in found}),
    }
    with atomic():
        exclusive(requests.LOCK)
        row = LinkRow.objects.create(
            id=_number(), title=title.strip(), consumer=first.consumer, body=body, sha256=terms.sha256(body),
            standing=Standing.PROPOSED.value, made_at=clock.now(), made_by=actor.urn,
        )  # fmt: skip
        names = {first.consumer, *body["parties"], *body["granted"]}
        LinkMemberRow.objects.bulk_create(LinkMemberRow(link=row.id, name=name) for name in sorted(names))
        _tell(row, "propose", actor, row.consumer, {"title": row.title, "group": body})
        _sign(row, row.consumer, actor)
    return ref(row)


def _check_contracts(found: list[ContractRef]) -> None:
    today = clock.today()
    if len({each.consumer for each in found}) != 1:
        raise BadLink(reason_zh="各合同的使用方不同", reason_en="the contracts have different consumers")
    if not all(each.in_force(today) for each in found):
        raise BadLink(reason_zh="合同须均有效", reason_en="every contract must be in force")


def _number() -> str:
    year = clock.today().year
    last = LinkRow.objects.filter(id__startswith=f"g-{year}-").order_by("-id").first()
    return f"g-{year}-{int(last.id.rpartition('-')[2]) + 1 if last else 1:05d}"


def part(contract: ContractRef, join: Join | None = None) -> links.Part:
    """A contract of a group with its table and keys."""
    return links.Part(contract, lake.contract(contract.table), join.on if join else ())


def granted(contract: ContractRef) -> str:
    """The digest of what a contract grants, whatever its last day."""
    body = terms.dump(contract.terms)
    return terms.sha256({"columns": body["columns"], "where": body["where"], "purposes": body["purposes"]})


def sign(actor: Actor, link: str, sha256: str = "") -> LinkRef:
    """A provider of one of its contracts consents; when all have, the group is in force."""
    with atomic():
        exclusive(requests.LOCK)
        row = _row(link)
        waiting = [each for each in row.body["parties"] if each not in row.signatures]
        mine = [each for each in waiting if each == actor.organisation or actor.covers("steward", each)]
        party = (mine or waiting or [row.consumer])[0]
        allow(actor, "exchange.decide", Target(party, kind="exchange-link"))
        if row.standing != Standing.PROPOSED or party in row.signatures:
            raise CannotMove(state=row.standing, event="sign")
        if sha256 and sha256 != row.sha256:
            raise CannotMove(state=f"group {row.sha256[:12]}", event=f"sign {sha256[:12]}")
        _sign(row, party, actor)
    return ref(row)


def _sign(row: LinkRow, party: str, actor: Actor) -> None:
    entry = _tell(row, "sign", actor, party, {"sha256": row.sha256})
    row.signatures = {**row.signatures, party: entry}
    if {row.consumer, *row.body["parties"]} <= set(row.signatures):
        row.standing = Standing.ACTIVE.value
        for name in row.body["granted"]:  # whoever asks the log about a contract finds that it is joined
            told = {"link": places.link_urn(row.id), "sha256": row.sha256}
            urn = places.contract_urn(name)
            ledger.append("exchange.contract.link", urn, told, organisation=row.consumer)
    row.save()


def end(actor: Actor, link: str, why: str) -> LinkRef:
    """End the group now: any of its parties, or the data office. Its contracts stay as they are."""
    if not why.strip() or len(why) > LONGEST or "\0" in why:
        raise BadRequest(reason_zh="须说明理由", reason_en="say why")
    with atomic():
        exclusive(requests.LOCK)
        row = _row(link)
        parties = [row.consumer, *row.body["parties"]]
        mine = [each for each in parties if actor.covers("steward", each)]
        if mine:
            allow(actor, "exchange.sign", Target(mine[0], kind="exchange-link"))
        else:
            allow(actor, "exchange.supervise", Target(kind="exchange-link"))
        if row.standing not in (Standing.ACTIVE, Standing.PROPOSED):
            raise CannotMove(state=row.standing, event="end")
        row.standing, row.ended_at, row.ended_why = Standing.REVOKED.value, clock.now(), why.strip()
        row.save()
        _tell(row, "end", actor, mine[0] if mine else actor.organisation, {"why": why.strip()})
    return ref(row)


def _tell(row: LinkRow, event: str, actor: Actor, organisation: str, payload: dict[str, Any]) -> int:
    urn = places.link_urn(row.id)
    audit.record(f"exchange.link-{event}", urn, actor=actor.urn, organisation=organisation)
    return ledger.append(f"exchange.link.{event}", urn, payload, organisation=organisation).id


def link_of(name: str) -> LinkRef:
    """Raises ``NoSuchLink``."""
    return ref(_row(name))


def _row(name: str) -> LinkRow:
    row = LinkRow.objects.filter(pk=name.rpartition(":")[2]).first() if "\0" not in name else None
    if row is None:
        raise NoSuchLink(name=name[:80])
    return row


def listed(*, organisation: str = "", contract: str = "", limit: int = 100, offset: int = 0) -> list[LinkRef]:
    """Newest first; those of an organisation as consumer or provider, or those that a contract is in."""
    found = LinkRow.objects.all()
    for name in (organisation, contract):
        if name:
            found = found.filter(
                pk__in=LinkMemberRow.objects.filter(name=name).values_list("link", flat=True)
            )
    return [ref(row) for row in found.order_by("-made_at", "-id")[offset : offset + limit]]


def visible(actor: Actor, found: LinkRef) -> bool:
    """Whether the actor may see the group: its consumer's people, its providers', and those who watch over all."""
    return any(requests.visible(actor, each, found.consumer) for each in found.parties)


def ref(row: LinkRow) -> LinkRef:
    return LinkRef(
        id=row.id, urn=places.link_urn(row.id), title=row.title, consumer=row.consumer, base=row.body["base"],
        joins=links.joins_of(row.body["joins"]), only_matches=row.body["only_matches"], granted=row.body["granted"],
        parties=tuple(row.body["parties"]), standing=Standing(row.standing), signatures=row.signatures,
        made_at=row.made_at, ended_at=row.ended_at, ended_why=row.ended_why, sha256=row.sha256,
    )  # fmt: skip
