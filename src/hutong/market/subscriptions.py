"""Subscriptions and their keys: asked for with a purpose, decided by the module's owner where the offer says so."""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from hutong.accounts.api import Actor, Target, allow, may
from hutong.kernel import audit, clock
from hutong.kernel.db import alone, atomic
from hutong.kernel.settings import value
from hutong.kernel.urn import Urn
from hutong.ledger import api as ledger
from hutong.market import shelf
from hutong.market.errors import AlreadyThere, BadForm, BadKey, NoSuchSubscription, NotWaiting, WrongModule
from hutong.market.models import KeyRow, SubscriptionRow
from hutong.market.types import STATE_TITLES, Holder, LiveKey, State, Subscription

_OPEN: Final = (State.WAITING.value, State.ACTIVE.value)
_MOST_KEYS: Final = 5
MOST_DAY: Final = 10_000_000
MOST_MONTH: Final = 100_000_000


def subscribe(actor: Actor, module: str, purpose: str) -> Subscription:
    """Ask for a module in the name of the actor's organisation; active at once where no approval is needed."""
    found = shelf.module(module)
    allow(actor, "market.subscribe", Target(actor.organisation))
    said = purpose.strip()
    if not 4 <= len(said) <= 500:
        raise BadForm(
            key="purpose", reason_zh="用途应写 4–500 字", reason="Say the purpose in 4 to 500 characters"
        )
    with atomic():
        alone(f"market.subscribe {module} {actor.organisation}")
        mine = SubscriptionRow.objects.filter(module=module, organisation=actor.organisation, state__in=_OPEN)
        if mine.exists():
            raise AlreadyThere(name=str(found.title))
        row = SubscriptionRow.objects.create(
            id=uuid.uuid4().hex,
            module=module,
            organisation=actor.organisation,
            person=actor.urn,
            purpose=said,
            state=State.WAITING if found.offer.approval else State.ACTIVE,
        )
        _told(row, "asked", actor)
    return _ref(row)


def decide(
    actor: Actor, subscription: str, *, agree: bool, reason: str = "", day: int = 0, month: int = 0
) -> None:
    """The owner agrees, with a quota of its own if it likes, or refuses with a reason."""
    row = _row(subscription)
    allow(actor, "market.keep", Target(shelf.module(row.module).offer.owner))
    if not agree and not reason.strip():
        raise BadForm(key="reason", reason_zh="不同意须写明理由", reason="Say why it is refused")
    for key, given, most in (("day", day, MOST_DAY), ("month", month, MOST_MONTH)):
        if not 0 <= given <= most:
            raise BadForm(key=key, reason_zh=f"至多 {most:,}", reason=f"At most {most:,}")
    with atomic():
        changed = SubscriptionRow.objects.filter(pk=row.pk, state=State.WAITING).update(
            state=State.ACTIVE if agree else State.REFUSED,
            decided_by=actor.urn,
            decided_at=clock.now(),
            reason=reason.strip()[:500],
            day=day,
            month=month,
        )
        row.refresh_from_db()
        if not changed:
            raise NotWaiting(state=str(STATE_TITLES[State(row.state)]))
        _told(row, "agreed" if agree else "refused", actor)


def end(actor: Actor, subscription: str, reason: str = "") -> None:
    """The subscriber or the owner ends it; its keys end with it."""
    row = seen(actor, subscription)
    with atomic():
        changed = SubscriptionRow.objects.filter(pk=row.id, state__in=_OPEN).update(
            state=State.ENDED, decided_by=actor.urn, decided_at=clock.now(), reason=reason.strip()[:500]
        )
        if not changed:
            raise NotWaiting(state=str(STATE_TITLES[row.state]))
        KeyRow.objects.filter(subscription=row.id, revoked_at=None).update(revoked_at=clock.now())
        _told(_row(subscription), "ended", actor)


def make_key(actor: Actor, subscription: str) -> str:
    """A new key, shown once. Those before stay until they are revoked, so that nobody stands still meanwhile."""
    row = own(actor, subscription)
    if row.state is not State.ACTIVE:
        raise NotWaiting(state=str(STATE_TITLES[row.state]))
    token = f"hm_{secrets.token_urlsafe(32)}"
    with atomic():
        alone(f"market.key {row.id}")
        if KeyRow.objects.filter(subscription=row.id, revoked_at=None).count() >= _MOST_KEYS:
            raise BadForm(
                key="key", reason_zh=f"最多 {_MOST_KEYS} 个密钥，请先作废一个",
                reason=f"There are {_MOST_KEYS} keys, the most: revoke one first",
            )  # fmt: skip
        KeyRow.objects.create(
            digest=_digest(token), subscription_id=row.id, hint=token[:9], made_by=actor.urn
        )
        audit.record("market.key", row.urn, change="made", hint=token[:9])
    return token


def revoke_key(actor: Actor, subscription: str, hint: str) -> None:
    """End a key at once."""
    row = own(actor, subscription)
    with atomic():
        held = KeyRow.objects.filter(subscription=row.id, hint=hint, revoked_at=None)
        if not held.update(revoked_at=clock.now()):
            raise NoSuchSubscription(name=hint)
        audit.record("market.key", row.urn, change="revoked", hint=hint)


def keys(subscription: str) -> list[dict[str, Any]]:
    """The keys of a subscription: hint, when made, when revoked."""
    rows = KeyRow.objects.filter(subscription=subscription)[:50]
    return [{"hint": each.hint, "made_at": each.made_at, "revoked_at": each.revoked_at} for each in rows]


def live_keys() -> list[LiveKey]:
    """Every key that opens something now, the oldest first."""
    rows = KeyRow.objects.filter(revoked_at=None, subscription__state=State.ACTIVE).order_by("made_at")
    return [
        LiveKey(each.hint, each.made_at, _ref(each.subscription))
        for each in rows.select_related("subscription")
        if each.subscription.module in shelf.modules()
    ]


def holder_of_key(token: str, module: str) -> Holder:
    """Whom a key stands for; raises ``BadKey`` or ``WrongModule``."""
    key = KeyRow.objects.filter(pk=_digest(token), revoked_at=None).select_related("subscription").first()
    if key is None or key.subscription.state != State.ACTIVE:
        raise BadKey
    if module and key.subscription.module != module:
        raise WrongModule(given=key.subscription.module, reason=key.subscription.module)
    return replace(holder_of(_ref(key.subscription)), key=key.hint)


def holder_of(found: Subscription) -> Holder:
    """A subscription as the meter sees it."""
    return Holder(
        f"subscription:{found.id}", found.module, found.day, found.month, found.id, found.organisation
    )


def own(actor: Actor, subscription: str) -> Subscription:
    """A subscription of the actor's own organisation; otherwise there is none."""
    row = _row(subscription)
    if not may(actor, "market.subscribe", Target(row.organisation)):
        raise NoSuchSubscription(name=subscription[:40])
    return _ref(row)


def seen(actor: Actor, subscription: str) -> Subscription:
    """As ``own``, for the module's owner too."""
    row = _row(subscription)
    if may(actor, "market.keep", Target(shelf.module(row.module).offer.owner)):
        return _ref(row)
    return own(actor, subscription)


def of_organisations(organisations: Sequence[str]) -> list[Subscription]:
    rows = SubscriptionRow.objects.filter(organisation__in=organisations)[:200]
    return [_ref(each) for each in rows if each.module in shelf.modules()]


def of_modules(modules: Sequence[str], state: str = "") -> list[Subscription]:
    rows = SubscriptionRow.objects.filter(module__in=modules)
    return [_ref(each) for each in (rows.filter(state=state) if state else rows)[:500]]


def active(module: str, organisation: str) -> Subscription | None:
    """The organisation's open subscription of a module, if any."""
    row = SubscriptionRow.objects.filter(module=module, organisation=organisation, state__in=_OPEN).first()
    return _ref(row) if row else None


def _row(subscription: str) -> SubscriptionRow:
    row = SubscriptionRow.objects.filter(pk=subscription[:40]).first()
    if row is None or row.module not in shelf.modules():
        raise NoSuchSubscription(name=subscription[:40])
    return row


def _ref(row: SubscriptionRow) -> Subscription:
    offer = shelf.module(row.module).offer
    return Subscription(
        row.id, _urn(row.id), row.module, row.organisation, row.person, row.purpose, State(row.state),
        row.asked_at, row.decided_by, row.decided_at, row.reason, row.day or offer.day, row.month or offer.month,
    )  # fmt: skip


def _told(row: SubscriptionRow, change: str, actor: Actor) -> None:
    urn = _urn(row.id)
    said = {"purpose": row.purpose} if change == "asked" else {"reason": row.reason} if row.reason else {}
    audit.record("market.subscription", urn, actor=actor.urn, change=change, module=row.module, **said)
    payload = {
        "change": change, "module": shelf.urn(row.module), "organisation": row.organisation, "state": row.state,
        "by": actor.urn,
    }  # fmt: skip
    ledger.append("market.subscription", urn, payload)


def _urn(subscription: str) -> str:
    return str(Urn(str(value("HUTONG_PACK")), "market-subscription", subscription))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
