"""What was used, by day, and what subscribers think of a module."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Avg, Count, Sum

from hutong.accounts.api import Actor
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic
from hutong.kernel.errors import Forbidden
from hutong.kernel.text import Text
from hutong.market import shelf, subscriptions
from hutong.market.errors import BadForm
from hutong.market.models import CallRow, Meter, RatingRow, SubscriptionRow
from hutong.market.types import Score, State, Trace

DAYS = 30
_SECOND: Final = 1000


def by_day(
    holders: Sequence[str] = (), modules: Sequence[str] = (), days: int = DAYS
) -> list[tuple[date, int, int]]:
    """Day, items and failed calls of the last days, days without use included."""
    today = clock.today()
    first = today - timedelta(days=days - 1)
    rows = Meter.objects.filter(day__gte=first)
    rows = rows.filter(holder__in=holders) if holders else rows.filter(module__in=modules)
    found = {
        each["day"]: (each["total"], each["bad"])
        for each in rows.values("day").annotate(total=Sum("items"), bad=Sum("failed"))
    }
    return [
        (day, *found.get(day, (0, 0))) for day in (first + timedelta(days=number) for number in range(days))
    ]


def by_holder(module: str, days: int = DAYS) -> dict[str, dict[str, int]]:
    """Calls, items, failed calls and milliseconds of each holder in the last days."""
    since = clock.today() - timedelta(days=days - 1)
    rows = (
        Meter.objects.filter(module=module, day__gte=since)
        .values("holder")
        .annotate(calls_=Sum("calls"), items_=Sum("items"), failed_=Sum("failed"), ms_=Sum("ms"))
    )
    return {
        each["holder"]: {
            "calls": each["calls_"],
            "items": each["items_"],
            "failed": each["failed_"],
            "ms": each["ms_"],
        }
        for each in rows
    }


def service(module: str, days: int = DAYS) -> dict[str, Any]:
    """How the module kept its promise: calls, the share answered, the median and 95th percentile in ms.

    A call that was refused for its input was answered; one that crashed or took too long was not.
    """
    since = clock.now() - timedelta(days=days)
    rows = list(CallRow.objects.filter(module=module, at__gte=since).values_list("ms", "code")[:20_000])
    times = sorted(ms for ms, _code in rows)
    bad = sum(code in {"market.crashed", "market.too-slow", "market.busy"} for _ms, code in rows)
    return {
        "calls": len(rows),
        "answered": 1 - bad / len(rows) if rows else None,
        "median": times[len(times) // 2] if times else None,
        "p95": times[min(len(times) - 1, int(len(times) * 0.95))] if times else None,
    }


def took(ms: int | None) -> str:
    """A time as people say it: milliseconds below a second, then seconds."""
    if ms is None:
        return "—"
    if ms < _SECOND:
        return str(Text(zh=f"{ms} 毫秒", en=f"{ms} ms"))
    seconds = f"{ms / _SECOND:,.1f}".removesuffix(".0")
    return str(Text(zh=f"{seconds} 秒", en=f"{seconds} s"))


def calls(holder: str, module: str, limit: int = 20) -> list[dict[str, Any]]:
    """The newest lines of the book."""
    rows = CallRow.objects.filter(holder=holder, module=module)[:limit]
    return [
        {"at": each.at, "mode": each.mode, "code": each.code, "items": each.items, "ms": each.ms}
        for each in rows
    ]


def trace(since: datetime, until: datetime) -> Iterator[Trace]:
    """Every call of a time (``until`` excluded), the oldest first."""
    held = dict(SubscriptionRow.objects.values_list("id", "organisation"))
    rows = CallRow.objects.filter(at__gte=since, at__lt=until).order_by("at", "id")
    names = ("at", "module", "holder", "key", "network", "items")
    for at, module, holder, key, network, items in rows.values_list(*names).iterator(chunk_size=5000):
        kind, _, who = holder.partition(":")
        mine = who if kind == "subscription" else ""
        person = who if kind == "try" else ""
        yield Trace(at, module, mine, key, person, held.get(mine, ""), network, items)


def rate(actor: Actor, module: str, stars: int, text: str) -> None:
    """What the actor's organisation thinks; only one that has subscribed, one each."""
    found = shelf.module(module)
    held = subscriptions.active(module, actor.organisation)
    if held is None or held.state is not State.ACTIVE:
        raise Forbidden(reason="只有订阅单位可以评价 / only subscribers rate")
    subscriptions.own(actor, held.id)
    if not 1 <= stars <= 5:
        raise BadForm(key="stars", reason_zh="评分为 1 至 5", reason="1 to 5 stars")
    if len(text) > 500:
        raise BadForm(key="text", reason_zh="至多 500 字", reason="500 characters at most")
    with atomic():
        RatingRow.objects.update_or_create(
            module=module, organisation=actor.organisation,
            defaults={"person": actor.urn, "stars": stars, "text": text.strip(), "at": clock.now()},
        )  # fmt: skip
        audit.record("market.rating", found.urn, stars=stars)


def scores() -> dict[str, Score]:
    """The ratings of every module that has any."""
    rows = RatingRow.objects.values("module").annotate(count=Count("pk"), mean=Avg("stars"))
    return {each["module"]: Score(each["count"], round(each["mean"], 1)) for each in rows}


def ratings(module: str, limit: int = 20) -> list[dict[str, Any]]:
    rows = RatingRow.objects.filter(module=module)[:limit]
    return [
        {"organisation": each.organisation, "stars": each.stars, "text": each.text, "at": each.at}
        for each in rows
    ]
