"""Statutory clocks in working days. A clock stands still while a request is back with its requester."""

from dataclasses import dataclass
from datetime import date

from hutong.exchange.types import State
from hutong.kernel.workdays import UnknownYear, add_workdays, workdays_between


@dataclass(frozen=True, slots=True)
class Days:
    """Working days for each stage (《政务数据共享条例》; the numbers are the district's own)."""

    check: int = 2
    reply: int = 5
    deliver: int = 10
    correction: int = 5
    dispute: int = 10
    return_flow: int = 10

    def of(self, state: State) -> int | None:
        return {State.CHECKING: self.check, State.DECIDING: self.reply, State.AGREED: self.deliver}.get(state)


@dataclass(frozen=True, slots=True)
class Clock:
    """Running until ``due``, or standing with ``left`` working days to go, or neither."""

    due: date | None = None
    left: int | None = None


OFF = Clock()


def started(days: int | None, on: date) -> Clock:
    """A clock of so many working days from a day, which itself does not count.

    Where the calendar of the year to come is not known yet it stands with all its days, and is started again later.
    """
    return OFF if days is None else resumed(Clock(left=days), on)


def stopped(clock: Clock, on: date) -> Clock:
    """The clock standing still; a term that has passed keeps nothing (and stays overdue by its due day's record)."""
    return clock if clock.due is None else Clock(left=max(0, workdays_between(on, clock.due)))


def resumed(clock: Clock, on: date) -> Clock:
    """The clock running again with what was left; at least until the end of the next working day."""
    if clock.left is None:
        return clock
    try:
        return Clock(due=add_workdays(on, max(1, clock.left)))
    except UnknownYear:
        return clock


def overdue(clock: Clock, on: date) -> bool:
    return clock.due is not None and on > clock.due
