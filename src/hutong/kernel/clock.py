"""The one clock. Times are stored in UTC and shown in Asia/Shanghai."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """The present, timezone-aware in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The present day in Asia/Shanghai."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """``moment`` in Asia/Shanghai; a naive time is refused."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(SHANGHAI)


@contextmanager
def freeze(moment: datetime) -> Iterator[datetime]:
    """Hold the clock at ``moment`` in this context (tests, replays of a past day)."""
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield moment
    finally:
        _frozen.reset(token)
