"""Words and states that the pages and reports of plans share."""

from datetime import date
from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hutong.accounts.api import Actor, Target, allow, current, may
from hutong.indicators.day import default_day
from hutong.indicators.plans.types import Pace, TaskState, TaskView

_WORK: Final = Target(kind="plan-task")


def viewer(request: HttpRequest) -> Actor:
    """Whoever reads a plan, which is published for all to read."""
    actor = current(request)
    allow(actor, "plan.view", Target(kind="plan", public=True))
    return actor


def insider(request: HttpRequest) -> Actor:
    """Whoever reads how the tasks of a plan go; raises ``Refused`` for those who may not."""
    actor = current(request)
    allow(actor, "plan.view", _WORK)
    return actor


def sees_work(actor: Actor) -> bool:
    """Whether the actor may read how tasks go: owners, deadlines, states, evidence."""
    return bool(may(actor, "plan.view", _WORK))


def may_report(actor: Actor, task: TaskView) -> bool:
    """Whether the actor may say how far this task is."""
    about = Target(organisation=task.owner, kind="plan-task")
    return bool(may(actor, "plan.edit", about) or may(actor, "plan.report", about))


def day_of(request: HttpRequest) -> date:
    """``?as_of=``; the installation's day when it is absent or no date."""
    try:
        return date.fromisoformat(request.GET.get("as_of", ""))
    except ValueError:
        return default_day()


def pace_word(pace: Pace) -> str:
    return {
        Pace.MET: _("Met"),
        Pace.ON_TRACK: _("On track"),
        Pace.BEHIND: _("Behind"),
        Pace.SHORT: _("Not met yet"),
        Pace.WORDS: _("In words"),
        Pace.NO_DATA: _("No data"),
        Pace.CLOSED: _("Not open"),
    }[pace]


PACE_STATES = {
    Pace.MET: "good",
    Pace.ON_TRACK: "good",
    Pace.BEHIND: "bad",
    Pace.SHORT: "watch",
    Pace.WORDS: "none",
    Pace.NO_DATA: "none",
    Pace.CLOSED: "none",
}


def task_word(state: TaskState) -> str:
    return {
        TaskState.TODO: _("To do"),
        TaskState.DOING: _("Under way"),
        TaskState.DONE: pgettext("indicators", "Done"),
        TaskState.STOPPED: _("Stopped"),
    }[state]


def task_state(task: TaskView) -> tuple[str, str]:
    """The state of a task in words and as a badge: what is unproven or overdue comes first."""
    if task.unproven:
        return _("Done, without evidence"), "bad"
    if task.overdue:
        return _("Overdue"), "bad"
    badge = {TaskState.DONE: "good", TaskState.DOING: "running", TaskState.STOPPED: "watch"}.get(
        task.state, "none"
    )
    return task_word(task.state), badge


def nature_word(nature: str) -> str:
    return {"expected": _("Expected"), "binding": _("Binding")}.get(nature, "")


def figure(value: float | None) -> str:
    """A number as plans print it: no trailing zeros, at most two decimals."""
    if value is None:
        return ""
    return f"{value:,.2f}".rstrip("0").rstrip(".")
