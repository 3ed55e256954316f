"""Risk by dataset, by system and of the district, kept by day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from hutong.catalog.types import EntryRef, Kind
from hutong.kernel import clock
from hutong.kernel.db import atomic, exclusive
from hutong.kernel.text import Text
from hutong.posture import alerts, findings, gathering
from hutong.posture.errors import NoSuchThing
from hutong.posture.logic import bearing, risk
from hutong.posture.logic.facts import Facts, sensitive_shown, shown_clear
from hutong.posture.models import ScoreRow
from hutong.posture.pack import current
from hutong.posture.types import AlertRef, Exposure, FindingRef, Part, Risk, Share

DISTRICT = "district"
_LOCK = 0x48_55_52
_NOTHING: Mapping[str, Any] = asdict(Exposure())


def renew() -> list[Risk]:
    """Run the rules and score everything anew; the last of a day stands."""
    facts = gathering.facts()
    findings.renew(facts)
    found = _score(facts, alerts.waiting(), findings.listed())
    with atomic():
        exclusive(_LOCK)
        for each in found:
            _keep(each.urn, each.kind, each.score, each.shares, asdict(each.exposure))
        whole = risk.district([each.score for each in found if each.kind == "dataset"])
        _keep(DISTRICT, DISTRICT, whole, (), {})
        ScoreRow.objects.filter(day=clock.today()).exclude(
            subject__in=[*(each.urn for each in found), DISTRICT]
        ).delete()
    return found


def _score(facts: Facts, raised: Sequence[AlertRef], found: Sequence[FindingRef]) -> list[Risk]:
    spec = current()
    bears: dict[str, list[AlertRef]] = defaultdict(list)  # by dataset, or by the URN of a system
    reads = gathering.reads()
    for alert in raised:
        for subject in bearing.subjects(alert, facts.systems, reads):
            bears[subject].append(alert)
    weak: dict[str, list[FindingRef]] = defaultdict(list)
    for finding in found:
        weak[finding.dataset or finding.subject].append(finding)
    risks = {}
    for each in facts.datasets:
        exposure = exposure_of(each, facts)
        parts = risk.shares(spec, each.grade, exposure, bears[each.id], weak[each.id])
        risks[each.id] = _risk(each, each.grade, parts, exposure)
    systems = [_system(each, facts, risks, (bears[each.urn], weak[each.urn]), spec) for each in facts.systems]
    return sorted([*risks.values(), *systems], key=lambda each: (-each.score, each.id))


def exposure_of(dataset: EntryRef, facts: Facts) -> Exposure:
    """Who can reach a dataset, and what of it they see."""
    granted = [each for each in facts.in_force if each.table == dataset.id]
    columns = facts.columns.get(dataset.id, ())
    seen = {name for each in granted for name in each.terms.columns}
    clear = {name for each in granted for name in shown_clear(each)}
    return Exposure(
        opened=dataset.opening == "open",
        organisations=len({each.consumer for each in granted}),
        clear=len(clear),
        masked=len(seen - clear),
        sensitive_clear=len({name for each in granted for name in sensitive_shown(each, columns)}),
        keys=sum(facts.keys[each.id][0] for each in granted if each.id in facts.keys),
    )


def _system(
    system: EntryRef, facts: Facts, risks: Mapping[str, Risk], own: tuple[Sequence[AlertRef], Sequence[FindingRef]],
    spec: Any,
) -> Risk:  # fmt: skip
    """A system is as risky as the worst of its datasets in each part; its own alerts and findings count too."""
    names = [each.id for each in facts.datasets if each.body.get("system", "") == system.id]
    held = [risks[name] for name in names]
    bare = risk.shares(spec, "general-1", Exposure(), *own)
    if not held:
        mine = {Part.ANOMALIES, Part.FINDINGS}
        bare = tuple(each if each.part in mine else _none(each) for each in bare)
    parts = risk.together([bare, *(each.shares for each in held)])
    worst = max(held, key=lambda each: each.score, default=None)
    return _risk(system, worst.grade if worst else "", parts, worst.exposure if worst else Exposure())


def _none(share: Share) -> Share:
    return Share(
        share.part,
        0.0,
        share.weight,
        (Text(zh="没有登记数据集", en="No dataset is registered"),),
        share.lowers,
    )


def _risk(entry: EntryRef, grade: str, parts: tuple[Share, ...], exposure: Exposure) -> Risk:
    return Risk(
        entry.urn, entry.id, entry.kind.value, entry.title, entry.organisation, grade, risk.score(parts), parts,
        exposure, clock.now(),
    )  # fmt: skip


def _keep(
    subject: str, kind: str, score: float, shares: Sequence[Share], exposure: Mapping[str, Any]
) -> None:
    told = [
        {
            "part": each.part.value, "value": each.value, "weight": each.weight,
            "why": [text.as_dict() for text in each.why], "lowers": each.lowers.as_dict(),
        }
        for each in shares
    ]  # fmt: skip
    ScoreRow.objects.update_or_create(
        day=clock.today(), subject=subject,
        defaults={"kind": kind, "score": score, "shares": told, "exposure": dict(exposure), "at": clock.now()},
    )  # fmt: skip


def standing(kind: str = "") -> list[Risk]:
    """As last scored, the riskiest first; scored now where it never was."""
    day = ScoreRow.objects.order_by("-day").values_list("day", flat=True).first()
    if day is None:
        renew()
        day = clock.today()
    rows = {each.subject: each for each in ScoreRow.objects.filter(day=day).exclude(subject=DISTRICT)}
    known = [each for entry in (Kind.DATASET, Kind.SYSTEM) for each in gathering.entries(entry)]
    found = [
        _of(each, rows[each.urn]) for each in known if each.urn in rows and kind in {"", each.kind.value}
    ]
    return sorted(found, key=lambda each: (-each.score, each.id))


def of(kind: str, name: str) -> Risk:
    """The risk of one dataset or system."""
    found = next((each for each in standing(kind) if each.id == name), None)
    if found is None:
        raise NoSuchThing(name=name[:80])
    return found


def _of(entry: EntryRef, row: ScoreRow) -> Risk:
    shares = tuple(
        Share(
            Part(each["part"]), each["value"], each["weight"],
            tuple(Text(**text) for text in each["why"]), Text(**each["lowers"]),
        )
        for each in row.shares
    )  # fmt: skip
    exposure = Exposure(**{**_NOTHING, **row.exposure})
    return Risk(
        entry.urn, entry.id, entry.kind.value, entry.title, entry.organisation, entry.grade, row.score, shares,
        exposure, row.at,
    )  # fmt: skip


def district() -> float:
    row = ScoreRow.objects.filter(subject=DISTRICT).order_by("-day").first()
    return row.score if row else 0.0


def trend(subject: str = DISTRICT, days: int = 90) -> list[tuple[date, float]]:
    """Scores by day, oldest first; days on which nothing ran are left out."""
    since = clock.today() - timedelta(days=days)
    rows = ScoreRow.objects.filter(subject=subject, day__gte=since).order_by("day")
    return list(rows.values_list("day", "score"))
