"""Events: written to an outbox with the change, delivered at least once to handlers that are idempotent."""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.db import DatabaseError, connection, transaction
from django.db.models import F

from hutong.kernel import clock
from hutong.kernel.db import exclusive

log = logging.getLogger(__name__)
E_ = TypeVar("E_")
Handler = Callable[[Any], None]
_LOCK = 0x48_55_01
_MAX_WAIT = timedelta(hours=1)

_classes: dict[str, type] = {}
_names: dict[type, str] = {}
_handlers: dict[str, dict[str, Handler]] = defaultdict(dict)


@dataclass(frozen=True, slots=True)
class EventKind:
    """A declared event, for the documentation and its test."""

    name: str
    doc: str
    handlers: tuple[str, ...]


def event(name: str) -> Callable[[type[E_]], type[E_]]:
    """Declare a frozen dataclass of JSON values as the event ``name``."""

    def register(kind: type[E_]) -> type[E_]:
        if not is_dataclass(kind):
            raise TypeError(f"{kind} is not a dataclass")
        if _classes.setdefault(name, kind) is not kind:
            raise ValueError(f"two events are called {name}")
        _names[kind] = name
        return kind

    return register


def handles(kind: type[E_]) -> Callable[[Callable[[E_], None]], Callable[[E_], None]]:
    """Deliver every event of ``kind`` to the function. It may be called twice for the same event."""

    def register(function: Callable[[E_], None]) -> Callable[[E_], None]:
        _handlers[_names[kind]][f"{function.__module__}.{function.__qualname__}"] = function
        return function

    return register


def declared() -> list[EventKind]:
    return [
        EventKind(name, (kind.__doc__ or "").strip(), tuple(sorted(_handlers[name])))
        for name, kind in sorted(_classes.items())
    ]


def publish(happened: object) -> None:
    """Write the event to the outbox, once for each handler. Needs the transaction of the change."""
    publish_many([happened])


def publish_many(happened: Sequence[object]) -> None:
    """As ``publish``, for several in one write, in their order."""
    from hutong.kernel.models import Delivery, OutboxEvent  # noqa: PLC0415 - models load after the apps

    if not connection.in_atomic_block:
        raise RuntimeError("publish() needs the transaction of the change it tells of")
    rows = OutboxEvent.objects.bulk_create(
        OutboxEvent(name=_names[type(each)], body=asdict(each))  # type: ignore[call-overload]
        for each in happened
    )
    Delivery.objects.bulk_create(
        Delivery(event=row, handler=each) for row in rows for each in _handlers[row.name]
    )


def deliver_pending(limit: int = 1000) -> int:
    """Hand due events to their handlers, oldest first; a handler that fails is tried again later.

    Returns how many were taken. Each delivery is one transaction with the handler's own writes.
    """
    from hutong.kernel.models import Delivery  # noqa: PLC0415 - models load after the apps

    due = Delivery.objects.filter(not_before__lte=clock.now()).order_by("id").values_list("id", flat=True)
    return sum(_deliver(each) for each in list(due[:limit]))


def _deliver(delivery_id: int) -> bool:
    from hutong.kernel.models import Delivery  # noqa: PLC0415 - models load after the apps

    try:
        with transaction.atomic():
            exclusive(_LOCK)
            owed = Delivery.objects.select_related("event").filter(pk=delivery_id).first()
            if owed is None:
                return False
            handler = _handlers[owed.event.name].get(owed.handler)
            if handler is not None:
                handler(_classes[owed.event.name](**owed.event.body))
            owed.delete()
    except DatabaseError:
        raise
    except Exception as error:  # the edge of a process: whatever a handler raises is kept and tried again
        log.exception("handler failed for delivery %s", delivery_id)
        _postpone(delivery_id, error)
        return False
    return True


def _postpone(delivery_id: int, error: Exception) -> None:
    from hutong.kernel.models import Delivery  # noqa: PLC0415 - models load after the apps

    owed = Delivery.objects.filter(pk=delivery_id).first()
    if owed is not None:
        wait = min(_MAX_WAIT, timedelta(seconds=2 ** min(owed.tries, 12)))
        Delivery.objects.filter(pk=delivery_id).update(
            tries=F("tries") + 1, not_before=clock.now() + wait, error=repr(error)[:2000]
        )
