"""The closure report: where duties, data, tables and systems do not meet, each with how to mend it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hutong.accounts.api import Actor, Target, may
from hutong.catalog import store, unclaimed
from hutong.catalog.identifiers import page_of
from hutong.catalog.logic import cycles
from hutong.catalog.logic.grades import rank
from hutong.catalog.models import ColumnGrade
from hutong.catalog.types import EntryRef, Kind
from hutong.kernel import clock
from hutong.kernel.text import Text
from hutong.lake import api as lake


class Gap(StrEnum):
    """What can be open."""

    DUTY_WITHOUT_DATA = "duty-without-data"
    DATA_WITHOUT_DUTY = "data-without-duty"
    TABLE_WITHOUT_DATASET = "table-without-dataset"
    DATASET_WITHOUT_ROWS = "dataset-without-rows"
    SYSTEM_WITHOUT_TABLES = "system-without-tables"
    STALE = "stale"
    GRADE_BELOW_COLUMNS = "grade-below-columns"

    @property
    def shown(self) -> Text:
        return _TITLES[self]

    @property
    def mend(self) -> Text:
        return _MEND[self]


_TITLES = {
    Gap.DUTY_WITHOUT_DATA: Text(zh="有职责无数据", en="Duties without data"),
    Gap.DATA_WITHOUT_DUTY: Text(zh="有数据无职责", en="Data without a duty"),
    Gap.TABLE_WITHOUT_DATASET: Text(zh="库表未编目", en="Tables without a dataset"),
    Gap.DATASET_WITHOUT_ROWS: Text(zh="已编目未汇聚", en="Datasets without rows"),
    Gap.SYSTEM_WITHOUT_TABLES: Text(zh="在用系统无库表", en="Running systems without tables"),
    Gap.STALE: Text(zh="超过更新周期", en="Past the update cycle"),
    Gap.GRADE_BELOW_COLUMNS: Text(zh="定级低于字段级别", en="Graded below its columns"),
}
_MEND = {
    Gap.DUTY_WITHOUT_DATA: Text(
        zh="由履职单位编制该职责产生的数据，或说明其不产生数据并停用该条",
        en="its organisation catalogues the data the duty yields, or retires the duty",
    ),
    Gap.DATA_WITHOUT_DUTY: Text(
        zh="修改数据条目，指向提供单位现行的职责", en="edit the dataset: name a standing duty of its provider"
    ),
    Gap.TABLE_WITHOUT_DATASET: Text(
        zh="为该表编制数据条目，或下线该表", en="catalogue a dataset for the table, or take the table down"
    ),
    Gap.DATASET_WITHOUT_ROWS: Text(
        zh="装载数据，首次汇聚即形成快照", en="load its data; the first load makes a snapshot"
    ),
    Gap.SYSTEM_WITHOUT_TABLES: Text(
        zh="在其数据条目的“来源系统”中指明该系统；系统未在用的，改正其状态或停用",
        en="name the system as the source of its datasets; where it is not in use, mend its state or retire it",
    ),
    Gap.STALE: Text(
        zh="装载本周期数据，或修改承诺的更新周期", en="load this period's data, or change the promised rhythm"
    ),
    Gap.GRADE_BELOW_COLUMNS: Text(
        zh="提高数据条目的级别，或将敏感字段移出", en="raise the dataset's grade, or move the column out"
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One open end: the thing, whose it is, what is wrong and where to mend it."""

    gap: Gap
    urn: str
    title: Text
    organisation: str
    url: str
    what: Text
    mend_url: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "gap": str(self.gap),
            "urn": self.urn,
            "title": self.title.as_dict(),
            "organisation": self.organisation,
            "url": self.url,
            "what": self.what.as_dict(),
            "mend": self.gap.mend.as_dict(),
            "mend_url": self.mend_url,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """Every open end that the reader may see, and how much there was to look at."""

    lines: tuple[Line, ...]
    checked: dict[str, int]

    def counts(self) -> dict[Gap, int]:
        found = dict.fromkeys(Gap, 0)
        for each in self.lines:
            found[each.gap] += 1
        return found

    def organisations(self) -> Counter[str]:
        """How many are whose to mend, the most first."""
        return Counter(each.organisation for each in self.lines)

    def as_dict(self) -> dict[str, Any]:
        return {
            "at": clock.now().isoformat(),
            "checked": self.checked,
            "counts": {str(gap): count for gap, count in self.counts().items()},
            "lines": [each.as_dict() for each in self.lines],
        }


def report(actor: Actor | None = None, organisation: str = "") -> Report:
    """Look at everything; with ``actor``, tell only of what that person may see, of ``organisation`` alone if named."""
    duties, datasets = store.entries(Kind.DUTY), store.entries(Kind.DATASET)
    systems, tables = store.entries(Kind.SYSTEM), lake.tables()
    lines = [
        *_duties(duties, datasets),
        *_datasets(duties, datasets),
        *_tables(),
        *_systems(systems, datasets),
        *_fresh(datasets, {each.table: each.latest for each in tables}),
        *_graded(datasets),
    ]
    seen = [
        each
        for each in lines
        if (actor is None or _may_see(actor, each)) and organisation in {"", each.organisation}
    ]
    checked = {
        "duties": len(duties), "datasets": len(datasets), "tables": len(tables), "systems": len(systems)
    }  # fmt: skip
    return Report(tuple(seen), checked)


def _may_see(actor: Actor, line: Line) -> bool:
    return bool(may(actor, "catalog.view", Target(line.organisation, kind="closure")))


def _line(gap: Gap, entry: EntryRef, what: Text, mend_url: str = "") -> Line:
    url = page_of(entry.kind, entry.id)
    return Line(
        gap, entry.urn, entry.title, entry.organisation, url, what, mend_url or f"/catalog/edit/{entry.urn}"
    )


def _duties(duties: list[EntryRef], datasets: list[EntryRef]) -> Iterator[Line]:
    served = {each.parent for each in datasets}
    for each in duties:
        if each.id not in served:
            yield _line(Gap.DUTY_WITHOUT_DATA, each, Text(zh="没有数据条目指向它", en="no dataset names it"))


def _datasets(duties: list[EntryRef], datasets: list[EntryRef]) -> Iterator[Line]:
    known = {each.id: each for each in duties}
    for each in datasets:
        duty = known.get(each.parent)
        if duty is None:
            named = each.parent or "—"
            what = Text(zh=f"职责“{named}”不在目录中", en=f"the duty “{named}” is not in the catalog")
            yield _line(Gap.DATA_WITHOUT_DUTY, each, what)
        elif duty.organisation != each.organisation:
            what = Text(
                zh=f"职责属于 {duty.organisation}，不是提供单位",
                en=f"the duty is of {duty.organisation}, not of the provider",
            )
            yield _line(Gap.DATA_WITHOUT_DUTY, each, what)


def _tables() -> Iterator[Line]:
    for each in unclaimed.tables():
        what = Text(
            zh=f"数据湖中有此表（{each.rows} 行），目录中没有",
            en=f"in the lake ({each.rows} rows), not in the catalog",
        )
        yield Line(
            Gap.TABLE_WITHOUT_DATASET,
            lake.table_urn(each.table),
            each.title,
            each.organisation,
            f"/lake/{each.table}",
            what,
            f"/catalog/new/dataset?table={each.table}",
        )


def _systems(systems: list[EntryRef], datasets: list[EntryRef]) -> Iterator[Line]:
    named = {str(each.body.get("system", "")) for each in datasets}
    for each in systems:
        if each.body.get("state") == "running" and each.id not in named:
            what = Text(zh="没有数据条目以它为来源", en="no dataset names it as its source")
            yield _line(Gap.SYSTEM_WITHOUT_TABLES, each, what)


def _fresh(datasets: list[EntryRef], latest: dict[str, Any]) -> Iterator[Line]:
    now = clock.now()
    for each in datasets:
        load = f"/lake/load?table={each.id}"
        newest = latest.get(each.id)
        if newest is None:
            what = Text(zh="从未装载", en="never loaded")
            yield _line(Gap.DATASET_WITHOUT_ROWS, each, what, load)
            continue
        since = cycles.wanted_since(each.update, now)
        if since is not None and newest.committed_at < since:
            last, due = clock.local(newest.committed_at).date(), clock.local(since).date()
            what = Text(
                zh=f"最近快照 {last}，按周期应不早于 {due}", en=f"last snapshot {last}, due since {due}"
            )
            yield _line(Gap.STALE, each, what, load)


def _graded(datasets: list[EntryRef]) -> Iterator[Line]:
    decided: dict[str, list[ColumnGrade]] = {}
    for row in ColumnGrade.objects.filter(state="confirmed"):
        decided.setdefault(row.table, []).append(row)
    for each in datasets:
        above = [row for row in decided.get(each.id, ()) if rank(row.decided) > rank(each.grade)]
        if above:
            names = "、".join(row.column for row in above[:5])
            what = Text(zh=f"高于数据条目级别的字段：{names}", en=f"columns graded higher: {names}")
            yield _line(Gap.GRADE_BELOW_COLUMNS, each, what)
