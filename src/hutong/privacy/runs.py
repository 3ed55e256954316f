"""Runs of joint computation on record: what they reserved, how they ended, and who may see what came out."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db.models import Q

from hutong.accounts.api import Actor
from hutong.exchange.types import ContractRef
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic, exclusive
from hutong.kernel.errors import Place
from hutong.privacy import budgets, rules
from hutong.privacy.errors import BadMatch, BudgetSpent, MatchesSpent
from hutong.privacy.logic import noise
from hutong.privacy.logic.terms import Terms
from hutong.privacy.models import MatchRow
from hutong.privacy.types import MICRO, MatchRef, Rule

RESERVED, DONE, FAILED = "reserved", "done", "failed"


def reserve(  # noqa: PLR0917 - a row of the table
    actor: Actor,
    found: ContractRef,
    rule: Rule,
    terms: Terms,
    organisation: str,
    file_sha256: str,
    drawn: tuple[int, int],
    purpose: str = "",
) -> MatchRow:
    """The row of this side's run, its cost counted; or raise, and then nothing is counted.

    Where both sides run here, the run is charged once. What was reserved stays so, however the run ends.
    """
    with atomic():
        exclusive(budgets.LOCK)
        run = MatchRow.objects.filter(contract=found.id, run=terms.run)
        mine = run.filter(organisation=organisation).first()
        if mine is not None:
            _same(mine, terms.digest, file_sha256)
            return mine
        other = run.first()
        _agreed(other, terms)
        short = None if other is not None else _short(rule, found.consumer, terms.micro)
        if short is None:
            row = MatchRow.objects.create(
                contract=found.id, version=found.version, run=terms.run, organisation=organisation,
                dataset=found.table, consumer=found.consumer, actor=actor.urn[:250],
                purpose=(purpose or next(iter(found.terms.purposes), ""))[:60], at=clock.now(),
                window=rules.window(rule, clock.today())[0], column=terms.column,
                micro=0 if other is not None else terms.micro, epsilon=terms.micro, furthest=terms.furthest,
                terms=terms.digest, file_sha256=file_sha256, noise=list(drawn), state=RESERVED,
            )  # fmt: skip
        audit.record(
            "privacy.match-refused" if short else "privacy.match-reserved", found.urn, actor=actor.urn,
            organisation=organisation, run=terms.run, epsilon=str(Decimal(terms.micro) / MICRO),
        )  # fmt: skip
    if short is not None:
        raise short
    return row


def look(found: ContractRef, rule: Rule, terms: Terms, organisation: str) -> None:
    """Raise where ``reserve`` would, as far as it can be seen without the file; nothing is counted."""
    run = MatchRow.objects.filter(contract=found.id, run=terms.run)
    mine = run.filter(organisation=organisation).first()
    if mine is not None:
        _same(mine, terms.digest, mine.file_sha256)
        return
    other = run.first()
    _agreed(other, terms)
    short = None if other is not None else _short(rule, found.consumer, terms.micro)
    if short is not None:
        raise short


def row_of(contract: str, run: str, organisation: str) -> MatchRow | None:
    return MatchRow.objects.filter(contract=contract, run=run, organisation=organisation).first()


def _agreed(other: MatchRow | None, terms: Terms) -> None:
    if other is not None and other.terms != terms.digest:
        raise _bad("对方以同名运行约定了不同的条件", "the other side runs this name on other terms")


def _same(row: MatchRow, terms: str, file_sha256: str) -> None:
    if (row.terms, row.file_sha256) != (terms, file_sha256):
        raise _bad(
            "同名运行已用另一份文件或条件进行过，请另取名（另计预算）",
            "a run of this name was made with another file or terms; name it anew, it is charged anew",
        )


def _short(rule: Rule, consumer: str, micro: int) -> MatchesSpent | BudgetSpent | None:
    start, renews = rules.window(rule, clock.today())
    made = MatchRow.objects.filter(dataset=rule.dataset, consumer=consumer, window=start)
    if made.values("contract", "run").distinct().count() >= rule.matches:
        return MatchesSpent(matches=rule.matches, renews=renews.isoformat())
    left = budgets.left(rule, consumer)
    if micro > left:
        asked, shown = Decimal(micro) / MICRO, Decimal(max(0, left)) / MICRO
        return BudgetSpent(asked=asked, left=shown, renews=renews.isoformat())
    return None


def fail(actor: str, row: MatchRow, code: str) -> None:
    """It came to nothing; the same file may be run again under the same name."""
    with atomic():
        row.state, row.why = FAILED, code[:60]
        row.save(update_fields=["state", "why"])
        audit.record(
            "privacy.match-failed", row.contract, actor=actor, organisation=row.organisation,
            run=row.run, why=code,
        )  # fmt: skip


def used(rule: Rule, consumer: str) -> int:
    """Runs of this period."""
    start, _renews = rules.window(rule, clock.today())
    made = MatchRow.objects.filter(dataset=rule.dataset, consumer=consumer, window=start)
    return made.values("contract", "run").distinct().count()


def listed(
    *,
    party: str = "",
    contracts: Collection[str] = (),
    contract: str = "",
    seen_by: frozenset[str] = frozenset(),
    limit: int = 50,
    offset: int = 0,
) -> list[MatchRef]:
    """Newest first; what came out only of the sides in ``seen_by``. Of one ``party``: its own side, and both sides
    of runs under its ``contracts``.
    """
    found = MatchRow.objects.filter(contract=contract) if contract else MatchRow.objects.all()
    found = found.filter(Q(organisation=party) | Q(contract__in=list(contracts))) if party else found
    rows = found.order_by("-at", "-id")[offset : offset + limit]
    return [ref(row, visible=row.organisation in seen_by) for row in rows]


def ref(row: MatchRow, *, visible: bool) -> MatchRef:
    half = row.epsilon // 2
    return MatchRef(
        run=row.run, contract=row.contract, organisation=row.organisation, dataset=row.dataset,
        consumer=row.consumer, at=row.at, purpose=row.purpose, column=row.column,
        epsilon=Decimal(row.epsilon) / MICRO, state=row.state, why=row.why, log_entry=row.log_entry or 0,
        mine=row.mine, match_ms=row.match_ms, sum_ms=row.sum_ms,
        common=row.common if visible else None,
        chosen=row.chosen if visible else None,
        total=row.total if visible else None,
        chosen_off=noise.within(1, half) if half else 0,
        total_off=noise.within(max(1, row.furthest), half) if half else 0,
        visible=visible,
    )  # fmt: skip


def plain(each: MatchRef) -> dict[str, Any]:
    """As programs are told it."""
    return {
        "run": each.run, "contract": each.contract, "side": each.organisation, "at": each.at.isoformat(),
        "state": each.state, "why": each.why, "rows": each.mine, "common": each.common, "chosen": each.chosen,
        "chosen_within": each.chosen_off, "sum": each.total, "sum_within": each.total_off, "column": each.column,
        "epsilon": str(each.epsilon), "purpose": each.purpose, "match_ms": each.match_ms, "sum_ms": each.sum_ms,
        "log_entry": each.log_entry,
    }  # fmt: skip


def _bad(zh: str, en: str) -> BadMatch:
    return BadMatch(place=Place(key="run"), reason_zh=zh, reason_en=en)
