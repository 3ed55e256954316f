"""What the nightly tidying takes from the indicators: the single values of computations that were superseded.

The computation itself stays, with the snapshots it read, the hash of its values and its entry in the log; whoever
walks it has the values computed again from those snapshots and held to that hash.
"""

from typing import Final

from django.db.models import Exists, OuterRef

from hutong.indicators.models import ComputationRow, ObservationRow, PlanTask
from hutong.kernel import audit
from hutong.kernel.settings import Setting, declare
from hutong.kernel.text import Text
from hutong.kernel.tidying import Tidied, before, tidies

EXPORTED: Final = "plan.exported"
VALUES: Final = declare(
    Setting(
        "HUTONG_KEEP_VALUES_DAYS",
        90,
        "int",
        Text(
            zh="被取代的指标数值保留多少天；报告与佐证引用的永久保留",
            en="Days for which values of superseded computations are kept; those a report or evidence cites stay",
        ),
    )
)
_BATCH: Final = 200


@tidies("indicators.values")
def superseded(dry_run: bool) -> Tidied:
    """Values of computations that are not current, save the cited ones."""
    entries, urns = _cited()
    values = ObservationRow.objects.filter(computation=OuterRef("pk"))
    old = ComputationRow.objects.filter(Exists(values), current=False, computed_at__lt=before(VALUES))
    going = [
        pk
        for pk, urn, entry in old.values_list("pk", "urn", "entry_id")
        if urn not in urns and entry not in entries
    ]
    count = 0
    for start in range(0, len(going), _BATCH):
        rows = ObservationRow.objects.filter(computation__in=going[start : start + _BATCH])
        count += rows.count() if dry_run else rows.delete()[0]
    return Tidied(count)


def _cited() -> tuple[set[int], set[str]]:
    """Log entries and identifiers that exported reports and the evidence of tasks name."""
    entries = {int(each) for detail in audit.details(EXPORTED) for each in detail.get("entries", ())}
    urns: set[str] = set()
    for evidence in PlanTask.objects.exclude(evidence=[]).values_list("evidence", flat=True):
        for each in evidence:
            text = str(each.get("text", ""))
            urns.add(text)
            if ":entry:" in text and text.rpartition(":")[2].isdecimal():
                entries.add(int(text.rpartition(":")[2]))
    return entries, urns
