"""When a session is over."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ages:
    """Moments of a session in seconds since 1970; None where the session does not say."""

    started: float | None
    seen: float | None
    now: float


def is_over(ages: Ages, idle_minutes: int, hours: int) -> bool:
    """Idle or old beyond its bound; a session that cannot say when it began is over."""
    if ages.started is None or ages.seen is None:
        return True
    return ages.now - ages.seen > idle_minutes * 60 or ages.now - ages.started > hours * 3600
