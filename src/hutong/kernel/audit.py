"""The audit trail: written in the transaction of the change, never altered."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Origin:
    """Who is acting in this context: set by the request middleware, the command line or a job."""

    actor: str = "system"
    organisation: str = ""
    address: str | None = None


_origin: ContextVar[Origin] = ContextVar("origin", default=Origin())


@contextmanager
def acting(origin: Origin) -> Iterator[None]:
    """Records made inside carry this origin unless they name another."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


def origin() -> Origin:
    return _origin.get()


def details(action: str) -> Iterator[dict[str, Any]]:
    """The detail of every record of an action, the newest first."""
    from hutong.kernel.models import AuditRecord  # noqa: PLC0415 - models load after the apps

    return AuditRecord.objects.filter(action=action).values_list("detail", flat=True).iterator()


def record(
    action: str, subject: str, *, actor: str | None = None, organisation: str | None = None, **detail: Any
) -> None:
    """Add one record: ``action`` such as ``lake.load``, ``subject`` a URN; detail is JSON, without secrets."""
    from hutong.kernel.models import AuditRecord  # noqa: PLC0415 - models load after the apps

    present = _origin.get()
    AuditRecord.objects.create(
        action=action,
        subject=subject,
        actor=present.actor if actor is None else actor,
        organisation=present.organisation if organisation is None else organisation,
        address=present.address,
        detail=detail,
    )
