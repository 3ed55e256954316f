"""Contracts: numbered versions, signed by both parties on the log, in force until they end; and keys of grants."""

import hashlib
import secrets
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from hutong.accounts.api import Actor, Target, allow
from hutong.exchange import places, requests, rules
from hutong.exchange.errors import BadKey, BadRequest, CannotMove, NoSuchContract
from hutong.exchange.logic import terms
from hutong.exchange.models import ContractRow, KeyRow, RequestRow
from hutong.exchange.types import ContractMoved, ContractRef, Sharing, Standing, State, Terms
from hutong.exchange.wishes import LONGEST
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic, exclusive
from hutong.kernel.events import publish
from hutong.lake import api as lake
from hutong.ledger import api as ledger


def propose(row: RequestRow, granted: Terms, actor: Actor) -> ContractRef:
    """The contract of an agreed request, signed by its provider. Unconditional sharing is signed for both at once:
    the consumer by asking, the provider by its entry in the catalog.
    """
    body = terms.dump(granted)
    made = ContractRow.objects.create(
        contract=f"c-{row.id}", version=1, request=row.id, table=row.dataset, provider=row.provider,
        consumer=row.consumer, terms=body, terms_sha256=terms.sha256(body), link=f"c-{row.id}",
        standing=Standing.PROPOSED.value, made_at=clock.now(),
    )  # fmt: skip
    _tell(made, "propose", actor, row.provider, {"terms": body, "request": row.id})
    _sign(made, row.provider, actor)
    if Sharing(row.sharing) is Sharing.UNCONDITIONAL:
        _sign(made, row.consumer, actor)
    return ref(made)


def sign(actor: Actor, contract: str, sha256: str = "") -> ContractRef:
    """The actor's organisation signs the newest version; ``sha256`` is of the terms it has read.

    When both have signed it is in force, and the request fulfilled.
    """
    with atomic():
        exclusive(requests.LOCK)
        row = _newest(contract)
        party = _party(actor, row)
        allow(actor, "exchange.sign", Target(party, kind="exchange-contract"))
        if row.standing != Standing.PROPOSED or party in row.signatures:
            raise CannotMove(state=row.standing, event="sign")
        if sha256 and sha256 != row.terms_sha256:
            raise CannotMove(state=f"terms {row.terms_sha256[:12]}", event=f"sign {sha256[:12]}")
        _sign(row, party, actor)
    return ref(row)


def _party(actor: Actor, row: ContractRow) -> str:
    """The party for which the actor may sign: their own first, then one within their reach that has not signed."""
    own = [each for each in (row.consumer, row.provider) if each == actor.organisation]
    reached = [each for each in (row.consumer, row.provider) if actor.covers("steward", each)]
    waiting = [each for each in (*own, *reached) if each not in row.signatures]
    return (waiting or own or reached or [row.consumer])[0]


def _sign(row: ContractRow, organisation: str, actor: Actor) -> None:
    payload = {"version": row.version, "terms_sha256": row.terms_sha256}
    entry = _tell(row, "sign", actor, organisation, payload)
    row.signatures = {**row.signatures, organisation: entry}
    if {row.provider, row.consumer} <= set(row.signatures):
        ContractRow.objects.filter(contract=row.contract, standing=Standing.ACTIVE).update(
            standing=Standing.SUPERSEDED, ended_at=clock.now()
        )
        row.standing = Standing.ACTIVE.value
    row.save()
    request = requests.row_of(row.request)
    if row.standing == Standing.ACTIVE and State(request.state) is State.AGREED:
        requests.fulfil(request, actor)


def renew(actor: Actor, contract: str, end: date, changed: Terms | None = None) -> ContractRef:
    """A new version with a later end (or other terms), proposed and signed by the provider; the old one stays in
    force until the consumer has signed too.
    """
    with atomic():
        exclusive(requests.LOCK)
        old = _newest(contract)
        allow(actor, "exchange.decide", Target(old.provider, kind="exchange-contract"))
        if old.standing != Standing.ACTIVE:
            raise CannotMove(state=old.standing, event="renew")
        before = terms.read(old.terms)
        new = replace(changed or before, end=end)
        if (
            set(new.columns) - set(before.columns)
            or not clock.today() <= end
            or (end - clock.today()).days > rules.current().most_days
        ):
            raise BadRequest(
                reason_zh="新期限或新范围不合规定", reason_en="the new period or scope is not allowed"
            )
        body = terms.dump(new)
        row = ContractRow.objects.create(
            contract=old.contract, version=old.version + 1, request=old.request, table=old.table,
            provider=old.provider, consumer=old.consumer, terms=body, terms_sha256=terms.sha256(body),
            link=old.link, standing=Standing.PROPOSED.value, made_at=clock.now(),
        )  # fmt: skip
        _tell(row, "propose", actor, row.provider, {"version": row.version, "terms": body})
        _sign(row, row.provider, actor)
    return ref(row)


def revoke(actor: Actor, contract: str, why: str) -> ContractRef:
    """End the contract now: the next access is refused, its keys with it. Provider, consumer or data office."""
    if not why.strip() or len(why) > LONGEST or "\0" in why:
        raise BadRequest(reason_zh="须说明理由", reason_en="say why")
    with atomic():
        exclusive(requests.LOCK)
        row = _newest(contract)
        if actor.covers("steward", row.provider) or actor.covers("steward", row.consumer):
            party = row.provider if actor.covers("steward", row.provider) else row.consumer
            allow(actor, "exchange.sign", Target(party, kind="exchange-contract"))
        else:
            allow(actor, "exchange.supervise", Target(kind="exchange-contract"))
            party = actor.organisation
        if row.standing not in (Standing.ACTIVE, Standing.PROPOSED):
            raise CannotMove(state=row.standing, event="revoke")
        now = clock.now()
        for each in ContractRow.objects.filter(contract=row.contract, standing__in=("active", "proposed")):
            each.standing, each.ended_at, each.ended_why = Standing.REVOKED.value, now, why.strip()
            each.save()
            _tell(each, "revoke", actor, party, {"version": each.version, "why": why.strip()})
        KeyRow.objects.filter(contract=row.contract, revoked_at=None).update(revoked_at=now)
    return contract_of(contract)


def _tell(row: ContractRow, event: str, actor: Actor, organisation: str, payload: dict[str, Any]) -> int:
    urn = places.contract_urn(row.contract)
    audit.record(f"exchange.{event}", urn, actor=actor.urn, organisation=organisation, version=row.version)
    entry = ledger.append(f"exchange.contract.{event}", urn, payload, organisation=organisation)
    publish(ContractMoved(urn, row.version, row.standing, row.provider, row.consumer))
    return entry.id


def issue_key(actor: Actor, contract: str) -> str:
    """A new key of the grant, shown this once; only its digest is kept."""
    found = contract_of(contract)
    allow(actor, "exchange.sign", Target(found.consumer, kind="exchange-contract"))
    if found.standing is not Standing.ACTIVE:
        raise CannotMove(state=found.standing.value, event="key")
    key = f"hx_{secrets.token_urlsafe(32)}"
    with atomic():
        KeyRow.objects.create(
            contract=found.id, sha256=_digest(key), hint=key[:7] + "…", made_at=clock.now(), made_by=actor.urn
        )
        audit.record("exchange.key", found.urn, actor=actor.urn, organisation=found.consumer, hint=key[:7])
    return key


def revoke_keys(actor: Actor, contract: str) -> int:
    """Make every key of the grant useless; returns how many were."""
    found = contract_of(contract)
    allow(actor, "exchange.sign", Target(found.consumer, kind="exchange-contract"))
    with atomic():
        ended = KeyRow.objects.filter(contract=found.id, revoked_at=None).update(revoked_at=clock.now())
        audit.record(
            "exchange.keys-revoked", found.urn, actor=actor.urn, organisation=found.consumer, count=ended
        )
    return ended


def contract_of_key(key: str) -> tuple[ContractRef, str]:
    """The contract whose grant has this key, and the key's hint; raises ``BadKey``."""
    found = (
        KeyRow.objects.filter(sha256=_digest(key), revoked_at=None).values_list("contract", "hint").first()
    )
    if found is None:
        raise BadKey
    return contract_of(found[0]), found[1]


def keys(contract: str) -> list[dict[str, Any]]:
    """Every key that was issued, newest first: hint, when, by whom, until when."""
    return [
        {"hint": each.hint, "made_at": each.made_at, "made_by": each.made_by, "revoked_at": each.revoked_at}
        for each in KeyRow.objects.filter(contract=contract).order_by("-made_at")
    ]


def live_keys() -> dict[str, tuple[int, datetime]]:
    """Keys that still open something, by contract: how many, and when the oldest was made."""
    from django.db.models import Count, Min  # noqa: PLC0415 - lists alone need it

    rows = KeyRow.objects.filter(revoked_at=None).values_list("contract")
    return {
        name: (many, oldest) for name, many, oldest in rows.annotate(Count("id"), Min("made_at")).order_by()
    }


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf8", "surrogatepass")).hexdigest()


def contract_of(name: str) -> ContractRef:
    """The version in force, else the newest; raises ``NoSuchContract``."""
    local = name.rpartition(":")[2]
    row = (
        ContractRow.objects.filter(contract=local, standing=Standing.ACTIVE).first()
        if "\0" not in name
        else None
    )
    return ref(row or _newest(name))


def newest(name: str) -> ContractRef:
    return ref(_newest(name))


def versions(name: str) -> list[ContractRef]:
    """Newest first."""
    return [
        ref(row) for row in ContractRow.objects.filter(contract=name.rpartition(":")[2]).order_by("-version")
    ]


def _newest(name: str) -> ContractRow:
    local = name.rpartition(":")[2]
    row = (
        ContractRow.objects.filter(contract=local).order_by("-version").first() if "\0" not in name else None
    )
    if row is None:
        raise NoSuchContract(name=name[:80])
    return row


def listed(
    *, organisation: str = "", table: str = "", limit: int = 100, offset: int = 0
) -> list[ContractRef]:
    """The newest version of each, newest first."""
    from django.db.models import Max, Q  # noqa: PLC0415 - lists alone need it

    found = ContractRow.objects.all()
    if organisation:
        found = found.filter(Q(provider=organisation) | Q(consumer=organisation))
    if table:
        found = found.filter(table=table)
    newest = found.values("contract").annotate(last=Max("id")).values_list("last", flat=True)
    return [
        ref(row)
        for row in ContractRow.objects.filter(id__in=list(newest)).order_by("-made_at", "-id")[
            offset : offset + limit
        ]
    ]


def ref(row: ContractRow) -> ContractRef:
    return ContractRef(
        id=row.contract, version=row.version, urn=places.contract_urn(row.contract), request=row.request,
        table=row.table, title=lake.contract(row.table).title, provider=row.provider, consumer=row.consumer,
        terms=terms.read(row.terms, places.secret(f"mask:{row.link}")), standing=Standing(row.standing),
        signatures=row.signatures, made_at=row.made_at, ended_at=row.ended_at, ended_why=row.ended_why,
        terms_sha256=row.terms_sha256,
    )  # fmt: skip
