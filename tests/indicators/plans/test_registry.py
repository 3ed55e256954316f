"""The registry of plans and changes to tasks."""

from datetime import date, datetime

import pytest

from hutong.accounts.api import Actor
from hutong.indicators.models import ComputationRow, ObservationRow, PlanTask
from hutong.indicators.plans import registry
from hutong.indicators.plans.errors import BadEvidence, BadTask, UnknownPlan, UnknownTask
from hutong.indicators.plans.packing import install
from hutong.indicators.plans.types import Pace, TaskState
from hutong.kernel import clock
from hutong.kernel.models import AuditRecord
from hutong.kernel.urn import Urn
from hutong.ledger import api as ledger
from tests.indicators.plans.conftest import PLAN, item

ACTOR = Actor("urn:hutong:beijing-test:person:li", "李", "science", frozenset({"steward"}), True)
pytestmark = pytest.mark.usefixtures("district")


def _computed(value: float, day: date) -> None:
    snapshot = {"table": "patents", "urn": "urn:hutong:beijing-test:snapshot:patents/1", "entry_id": 7}
    row = ComputationRow.objects.create(
        urn=f"urn:hutong:beijing-test:observation:patents-per-10k/{day}", indicator="patents-per-10k", as_of=day,
        definition="d", inputs=[snapshot], inputs_hash=str(day), query_hash="q", result_hash="r", points=1,
        entry_id=9, computed_at=clock.now(), elapsed_ms=1, current=True,
    )  # fmt: skip
    ObservationRow.objects.create(computation=row, value=str(value), number=value)


def test_a_plan_on_a_day():
    _computed(70.0, date(2023, 6, 30))
    _computed(99.0, date(2024, 6, 30))
    found = registry.plan("science", date(2023, 7, 2))
    patents, rank = found.indicators
    assert (patents.measured.value, patents.measured.snapshots[0].entry_id) == (70.0, 7)
    assert patents.progress.pace is Pace.BEHIND
    assert rank.progress.pace is Pace.WORDS
    assert found.counts["todo"] == 2
    assert registry.plan("science", date(2026, 1, 1)).counts["overdue"] == 1


def test_a_plan_without_figures_says_so():
    assert registry.plan("science").indicators[0].progress.pace is Pace.NO_DATA


def test_an_edit_is_recorded_and_locked():
    changes = {
        "state": "done",
        "evidence": ["https://example.org/report", "urn:hutong:beijing-test:dataset:air", "已验收"],
    }
    edited = registry.edit_task(ACTOR, "science", "platform", changes)
    assert edited.state is TaskState.DONE
    assert [each["kind"] for each in edited.evidence] == ["url", "data", "note"]
    assert not edited.unproven
    entry = ledger.entry(edited.entry_id)
    assert (entry.kind, entry.subject) == ("plan.task", edited.urn)
    assert entry.payload["changes"]["state"] == ["todo", "done"]
    assert AuditRecord.objects.filter(action="plan.task", subject=edited.urn).count() == 1
    registry.edit_task(ACTOR, "science", "platform", changes)
    assert AuditRecord.objects.filter(action="plan.task").count() == 1


def test_done_without_evidence_is_flagged():
    assert registry.edit_task(ACTOR, "science", "cockpit", {"state": "done"}).unproven
    assert registry.plans()[0].unproven == 1
    assert registry.plan("science").counts["unproven"] == 1


@pytest.mark.parametrize(
    "given",
    ["javascript:alert(1)", "ftp://x/y", "https://", "urn:hutong:x:person:li", "urn:nonsense", "", "x" * 600],
)
def test_bad_evidence(given):
    with pytest.raises(BadEvidence):
        registry.edit_task(ACTOR, "science", "platform", {"evidence": [given]})


@pytest.mark.parametrize(
    "changes", [{"state": "finished"}, {"deadline": "soon"}, {"owner": "nobody"}, {"title": "x"}]
)
def test_bad_changes(changes):
    with pytest.raises(BadTask):
        registry.edit_task(ACTOR, "science", "platform", changes)
    assert not PlanTask.objects.get(code="platform").edited


def test_a_pack_keeps_what_people_did():
    registry.edit_task(
        ACTOR, "science", "platform", {"owner": "culture", "deadline": "2024-06-30", "state": "doing"}
    )
    changed = PLAN.replace("升级大数据平台", "升级数据平台").replace(
        "reference: 四（四）3}", "reference: 四（四）3, owner: science}"
    )
    assert install("beijing-test", [item(changed)]) == 1
    assert install("beijing-test", [item(changed)]) == 0
    platform = registry.task("science", "platform")
    assert (platform.title.zh, platform.owner, platform.deadline) == (
        "升级数据平台",
        "culture",
        date(2024, 6, 30),
    )
    assert registry.task("science", "cockpit").owner == "science"
    install("beijing-test", [])
    assert registry.plans() == []


def test_unknown():
    with pytest.raises(UnknownPlan):
        registry.plan("nothing")
    with pytest.raises(UnknownTask):
        registry.edit_task(ACTOR, "science", "nothing", {"state": "done"})


def test_identifiers_lead_to_pages(client):
    urn = registry.task("science", "platform").urn
    assert Urn.parse(urn).kind == "plan-task"
    assert client.get(f"/id/{urn}").headers["Location"] == "/plan/science/tasks/platform"
    assert isinstance(clock.now(), datetime)
