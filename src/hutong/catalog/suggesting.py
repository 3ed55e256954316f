"""Suggested grades of columns, and what people decide about them."""

from hutong.catalog import sampling
from hutong.catalog.errors import BadDecision, NoSuchEntry
from hutong.catalog.logic import patterns
from hutong.catalog.logic.grades import GRADES
from hutong.catalog.models import ColumnGrade
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic
from hutong.kernel.settings import value
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn
from hutong.lake import api as lake
from hutong.ledger import api as ledger

MAX_REASON = 500


def suggest(table: str) -> int:
    """Look at the newest snapshot and write what its columns seem to hold; decided columns stay as they are.

    Returns how many suggestions are open.
    """
    contract, newest = lake.contract(table), lake.latest(table)
    if newest is None:
        return 0
    counted = sampling.of_table(table)
    with atomic():
        ColumnGrade.objects.filter(table=table, state="open").delete()
        decided = set(ColumnGrade.objects.filter(table=table).values_list("column", flat=True))
        rows = []
        for column in contract.columns:
            seen = counted.get(column.name)
            if seen is None or column.name in decided:
                continue
            found = patterns.guess(seen, column.name, column.title.zh)
            if found is None:
                continue
            rows.append(
                ColumnGrade(
                    table=table,
                    column=column.name,
                    found=found.kind.id,
                    grade=found.kind.grade,
                    confidence=found.confidence,
                    evidence=sampling.evidence(seen, found.kind.id, by_name=found.by_name),
                    snapshot=newest.urn,
                )
            )
        ColumnGrade.objects.bulk_create(rows)
    return len(rows)


def suggest_all() -> dict[str, int]:
    """Every table that has rows."""
    return {each.table: suggest(each.table) for each in lake.tables() if each.latest is not None}


def decide(table: str, column: str, *, verdict: str, grade: str = "", reason: str = "") -> ColumnGrade:
    """Confirm (as suggested or with another grade) or reject with a reason; on the log, with the evidence.

    Raises ``BadDecision`` or ``NoSuchEntry``.
    """
    with atomic():
        row = ColumnGrade.objects.select_for_update().filter(table=table, column=column).first()
        if row is None:
            raise NoSuchEntry(name=f"{table}.{column}")
        decided, why = _checked(row, verdict, grade, reason)
        told = {
            "decision": verdict,
            "found": row.found,
            "suggested": row.grade,
            "grade": decided,
            "reason": why,
            "confidence": row.confidence,
            "evidence": row.evidence,
            "snapshot": row.snapshot,
        }
        subject = column_urn(table, column)
        row.log_entry = ledger.append("catalog.grade", subject, told).id
        row.state = "confirmed" if verdict == "confirm" else "rejected"
        row.decided, row.reason = decided, why
        row.actor, row.decided_at = audit.origin().actor, clock.now()
        row.save()
        audit.record("catalog.grade", subject, decision=verdict, grade=decided)
    return row


def column_urn(table: str, column: str) -> str:
    return str(Urn(str(value("HUTONG_PACK")), "column", f"{table}.{column}"))


def _checked(row: ColumnGrade, verdict: str, grade: str, reason: str) -> tuple[str, str]:
    why = reason.strip()
    if len(why) > MAX_REASON:
        raise BadDecision(reason=f"> {MAX_REASON}")
    if verdict == "reject":
        if not why:
            raise BadDecision(reason=str(Text(zh="驳回须写明理由", en="a rejection needs its reason")))
        return "", why
    if verdict != "confirm":
        raise BadDecision(reason=verdict[:40])
    chosen = grade or row.grade
    if chosen not in GRADES:
        raise BadDecision(reason=chosen[:40])
    if chosen != row.grade and not why:
        raise BadDecision(
            reason=str(Text(zh="改为其他级别须写明理由", en="another grade than suggested needs a reason"))
        )
    return chosen, why
