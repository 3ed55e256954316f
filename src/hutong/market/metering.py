"""Metering and quotas: taken before the work, in one transaction, so that no burst gets past a quota."""

from datetime import date, datetime, time, timedelta

from django.db.models import F, Sum

from hutong.kernel import audit, clock
from hutong.kernel.db import alone, atomic
from hutong.market.errors import QuotaSpent
from hutong.market.models import CallRow, Meter
from hutong.market.types import Holder, Left


def take(holder: Holder, items: int) -> Left:
    """Count the items, or refuse them all; raises ``QuotaSpent`` with the moment it resets."""
    today = clock.today()
    with atomic():
        alone(f"market.meter {holder.name} {holder.module}")
        row, _made = Meter.objects.get_or_create(holder=holder.name, module=holder.module, day=today)
        month = used_in_month(holder, today)
        for quota, used, resets in (
            (holder.day, row.items, _midnight(today + timedelta(days=1))),
            (holder.month, month, _midnight(_next_month(today))),
        ):
            if used + items > quota:
                raise QuotaSpent(
                    quota=quota, used=used, asked=items, resets=clock.local(resets).isoformat(timespec="minutes"),
                    seconds=max(1, round((resets - clock.now()).total_seconds())),
                )  # fmt: skip
        Meter.objects.filter(pk=row.pk).update(calls=F("calls") + 1, items=F("items") + items)
    return Left(holder.day - row.items - items, holder.month - month - items)


def note(
    holder: Holder, version: str, mode: str, *, code: str, items: int, ms: int, sizes: tuple[int, int]
) -> None:
    """Write that a call was made and how it ended. Nothing of what was sent is kept."""
    with atomic():
        today = clock.today()
        mine = Meter.objects.filter(holder=holder.name, module=holder.module, day=today)
        mine.update(ms=F("ms") + ms, failed=F("failed") + int(bool(code)))
        CallRow.objects.create(
            module=holder.module, version=version, holder=holder.name, mode=mode, code=code[:60], items=items,
            bytes_in=sizes[0], bytes_out=sizes[1], ms=ms, key=holder.key,
            network=audit.network(audit.origin().address),
        )  # fmt: skip


def left(holder: Holder) -> Left:
    """What is left today and this month."""
    today = clock.today()
    row = Meter.objects.filter(holder=holder.name, module=holder.module, day=today).first()
    return Left(holder.day - (row.items if row else 0), holder.month - used_in_month(holder, today))


def used_in_month(holder: Holder, today: date) -> int:
    rows = Meter.objects.filter(
        holder=holder.name, module=holder.module, day__gte=today.replace(day=1), day__lte=today
    )
    return int(rows.aggregate(total=Sum("items"))["total"] or 0)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.SHANGHAI)


def book(holder: Holder, version: str, items: int, ms: int) -> None:
    """Take and note at once: a call whose work was done elsewhere, as the demo's synthetic history is."""
    take(holder, items)
    note(holder, version, "call", code="", items=items, ms=ms, sizes=(items * 80, items * 200))
