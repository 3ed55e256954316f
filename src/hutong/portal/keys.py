"""Keys with which programs act for a person; only their digests are kept."""

import hashlib
import secrets
import time
from datetime import datetime
from typing import Final

from django.db.models import Count, Min

from hutong.accounts.api import ANONYMOUS, Actor, actor_named
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic
from hutong.portal.models import Key

_AGE: Final = 2.0
_held: dict[str, tuple[float, Actor]] = {}


def make(actor: str, title: str) -> str:
    """A new key for the person with that URN; it is shown once."""
    token = f"hutong-{secrets.token_urlsafe(32)}"
    with atomic():
        Key.objects.create(digest=_digest(token), actor=actor, title=title[:100])
        audit.record("portal.key", actor, change="made", title=title[:100])
    return token


def revoke(digest: str) -> None:
    """End a key at once."""
    with atomic():
        Key.objects.filter(pk=digest, revoked_at=None).update(revoked_at=clock.now())
        audit.record("portal.key", digest[:12], change="revoked")
    _held.clear()


def live() -> dict[str, tuple[int, datetime]]:
    """How many keys each person has that still work, and when the oldest was made."""
    rows = Key.objects.filter(revoked_at=None).values_list("actor").annotate(Count("pk"), Min("created_at"))
    return {actor: (count, oldest) for actor, count, oldest in rows.order_by()}


def whose(token: str) -> Actor:
    """Whom the key stands for today; nobody in particular for a key that is not known. Held for two seconds."""
    digest = _digest(token)
    held = _held.get(digest)
    now = time.monotonic()
    if held is not None and held[0] > now:
        return held[1]
    key = Key.objects.filter(pk=digest, revoked_at=None).first()
    actor = actor_named(key.actor) if key else ANONYMOUS
    if len(_held) > 1000:
        _held.clear()
    _held[digest] = (now + _AGE, actor)
    return actor


def forget() -> None:
    _held.clear()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
