"""The audit trail: written in the transaction of the change, never altered."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Any, Final

from django.db import OperationalError, connection, transaction

from hutong.kernel.db import is_sqlite

_PATIENCE: Final = "10s"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who is acting in this context: set by the request middleware, the command line or a job."""

    actor: str = "system"
    organisation: str = ""
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the trail, as others may read it."""

    id: int
    at: datetime
    actor: str
    organisation: str
    action: str
    subject: str
    address: str | None
    detail: dict[str, Any]


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


def network(address: str | None) -> str:
    """The network an address is in: /24, or /48 of IPv6, since offices hand out addresses anew."""
    if not address:
        return ""
    found = ip_address(address)
    return str(ip_network(f"{found}/{24 if found.version == 4 else 48}", strict=False))


def details(action: str) -> Iterator[dict[str, Any]]:
    """The detail of every record of an action, the newest first."""
    from hutong.kernel.models import AuditRecord  # noqa: PLC0415 - models load after the apps

    return AuditRecord.objects.filter(action=action).values_list("detail", flat=True).iterator()


def records(
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    first: int = 0,
    last: int | None = None,
    actions: tuple[str, ...] = (),
) -> Iterator[Record]:
    """Records by number, oldest first: of a time (``until`` excluded), of numbers (both ends), of some actions."""
    from hutong.kernel.models import AuditRecord  # noqa: PLC0415 - models load after the apps

    asked = {
        "at__gte": since,
        "at__lt": until,
        "id__gte": first or None,
        "id__lte": last,
        "action__in": actions or None,
    }
    rows = AuditRecord.objects.filter(**{name: value for name, value in asked.items() if value is not None})
    names = ("id", "at", "actor", "organisation", "action", "subject", "address", "detail")
    for row in rows.order_by("id").values_list(*names).iterator(chunk_size=2000):
        yield Record(*row)


def newest() -> int:
    """The number of the last record; 0 without any."""
    from hutong.kernel.models import AuditRecord  # noqa: PLC0415 - models load after the apps

    return AuditRecord.objects.order_by("-id").values_list("id", flat=True).first() or 0


def settled() -> int | None:
    """The number up to which no record can follow any more; None when writers do not come to an end for a while.

    On PostgreSQL a lower number may be committed after a higher one. A lock that waits for all who are writing, and is
    let go at once, leaves none of these behind: whoever writes afterwards gets a higher number.
    """
    from hutong.kernel.models import AuditRecord  # noqa: PLC0415 - models load after the apps

    if is_sqlite():
        return newest()
    table = connection.ops.quote_name(AuditRecord._meta.db_table)  # noqa: SLF001 - Django's documented interface
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
            cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
            return newest()
    except OperationalError:
        return None


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


def record_many(action: str, records: Sequence[tuple[str, Origin, dict[str, Any]]]) -> None:
    """Add one record for each subject, who acted and detail, in one write."""
    from hutong.kernel.models import AuditRecord  # noqa: PLC0415 - models load after the apps

    AuditRecord.objects.bulk_create(
        [
            AuditRecord(
                action=action, subject=subject, actor=by.actor, organisation=by.organisation, address=by.address,
                detail=detail,
            )
            for subject, by, detail in records
        ]
    )  # fmt: skip
