"""Calls that were turned away before any work: which module, why, and whom they came from as far as can be told.

They are in the audit trail, where whoever watches over data finds them; nothing is metered and no book has a line.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from hutong.accounts.api import Actor
from hutong.kernel import audit
from hutong.kernel.errors import Forbidden
from hutong.market import shelf
from hutong.market.errors import BadKey, NoKey, QuotaSpent
from hutong.market.models import KeyRow

REFUSED: Final = "market.refused"


@contextmanager
def noted(actor: Actor, token: str, module: str) -> Iterator[None]:
    """Whatever turns the call away inside (no key, a wrong one, no subscription, no quota left) is put on record."""
    try:
        yield
    except (NoKey, BadKey, QuotaSpent, Forbidden) as error:
        held = _held(token)
        audit.record(
            REFUSED, shelf.urn(module), actor=actor.urn, organisation=held.pop("organisation", actor.organisation),
            code=error.code, **held,
        )  # fmt: skip
        raise


def _held(token: str) -> dict[str, Any]:
    """Whose key it is or was; nothing of one that never was."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    row = KeyRow.objects.filter(pk=digest).select_related("subscription").first() if token else None
    if row is None:
        return {}
    held = row.subscription
    return {"key": row.hint, "subscription": held.id, "organisation": held.organisation}
