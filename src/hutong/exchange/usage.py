"""What was used, and how sharing stands in the district."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q, Sum

from hutong.catalog import api as catalog
from hutong.catalog.types import Kind
from hutong.exchange.models import AccessRow, ContractRow, RequestRow
from hutong.exchange.types import AccessRef, Sharing, State
from hutong.kernel import clock


@dataclass(frozen=True, slots=True)
class Day:
    """The accesses of one day."""

    day: date
    calls: int
    rows: int
    refused: int


@dataclass(frozen=True, slots=True)
class Board:
    """How sharing stands: 'shareable' are datasets that are shared, with or without conditions, of those that are
    not classified as core.
    """

    datasets: int
    unconditional: int
    conditional: int
    refused_by_catalog: int
    states: Mapping[str, int]
    overdue: int
    replied_in_time: int
    replied: int
    refusals: tuple[tuple[str, int], ...]

    @property
    def shareable(self) -> float | None:
        return (self.unconditional + self.conditional) / self.datasets if self.datasets else None


def by_day(contract: str, days: int = 30) -> list[Day]:
    """The last days, oldest first, those without an access too."""
    today = clock.today()
    since = today - timedelta(days=days - 1)
    found = {
        each["day"]: each
        for each in AccessRow.objects.filter(contract=contract, day__gte=since)
        .values("day")
        .annotate(calls=Count("id"), read=Sum("rows"), refused=Count("id", filter=Q(allowed=False)))
    }
    none = {"calls": 0, "read": 0, "refused": 0}
    span = (since + timedelta(days=n) for n in range(days))
    told = ((day, found.get(day, none)) for day in span)
    return [Day(day, each["calls"], each["read"] or 0, each["refused"]) for day, each in told]


def accesses(contract: str = "", *, limit: int = 50, offset: int = 0) -> list[AccessRef]:
    """Newest first."""
    found = AccessRow.objects.filter(contract=contract) if contract else AccessRow.objects.all()
    return [
        AccessRef(
            row.pk, row.contract, row.version, row.at, row.actor, row.organisation, row.channel, row.purpose,
            tuple(row.asked.get("columns", ())), row.allowed, tuple(row.reasons), row.rows, row.whole,
            row.log_entry or 0,
        )
        for row in found.order_by("-id")[offset : offset + limit]
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trace:
    """One access, as little of it as watching needs."""

    id: int
    at: datetime
    contract: str
    table: str
    actor: str
    organisation: str
    allowed: bool
    rows: int


def trace(since: datetime, until: datetime) -> Iterator[Trace]:
    """Every access of a time (``until`` excluded), by number."""
    tables = dict(ContractRow.objects.values_list("contract", "table").distinct())
    rows = AccessRow.objects.filter(at__gte=since, at__lt=until).order_by("id")
    names = ("id", "at", "contract", "actor", "organisation", "allowed", "rows")
    for number, at, contract, *rest in rows.values_list(*names).iterator(chunk_size=5000):
        yield Trace(number, at, contract, tables.get(contract, ""), *rest)


def last_used() -> dict[str, datetime]:
    """When each contract was last read under."""
    found = AccessRow.objects.filter(allowed=True).values_list("contract").annotate(last=Max("at"))
    return dict(found.order_by())


def board() -> Board:
    """The board of the data office."""
    kinds = Counter(each.sharing or "none" for each in catalog.entries(Kind.DATASET) if each.grade != "core")
    rows = RequestRow.objects.all()
    replied = rows.filter(
        state__in=[State.AGREED, State.FULFILLED, State.REFUSED], sharing=Sharing.CONDITIONAL
    )
    refusals = (
        rows.filter(state=State.REFUSED)
        .values("basis")
        .annotate(count=Count("id"))
        .order_by("-count", "basis")[:10]
    )
    return Board(
        datasets=sum(kinds.values()),
        unconditional=kinds[Sharing.UNCONDITIONAL],
        conditional=kinds[Sharing.CONDITIONAL],
        refused_by_catalog=kinds[Sharing.NONE],
        states=dict(rows.values_list("state").annotate(Count("id"))),
        overdue=rows.filter(due__lt=clock.today()).count(),
        replied=replied.count(),
        replied_in_time=replied.filter(late=False).count(),
        refusals=tuple((each["basis"], each["count"]) for each in refusals),
    )
