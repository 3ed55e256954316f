"""Importing a document through the page, and reviewing it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile

from hutong.accounts import calls
from hutong.indicators import jobs as indicator_jobs
from hutong.indicators.commands import plan as plan_command
from hutong.indicators.models import ExtractedItem, PlanDocument
from hutong.indicators.plan_import.errors import PlanUnreadable
from hutong.indicators.plans import registry, review
from hutong.indicators.plans.errors import UnknownPlan
from hutong.kernel import jobs as kernel_jobs
from hutong.kernel.models import AuditRecord, JobRun
from hutong.ledger import api as ledger
from tests.indicators.plan_import.documents import MANY, ROWS, as_pdf, as_text, as_word
from tests.indicators.plans.people import somebody

pytestmark = pytest.mark.usefixtures("district")


@pytest.fixture(autouse=True)
def quick(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    calls.forget()


def _upload(client, data: bytes, name: str = "规划.txt"):
    return client.post("/plan/import", {"file": SimpleUploadedFile(name, data)})


@pytest.fixture
def office():
    return somebody("data_office")


@pytest.fixture
def document(office) -> PlanDocument:
    answer = _upload(office, as_text(ROWS))
    found = PlanDocument.objects.get()
    assert answer.headers["Location"] == f"/plan/import/{found.pk}"
    return found


@pytest.mark.parametrize("data", [as_text(ROWS), as_word(ROWS), as_pdf(ROWS)], ids=["txt", "docx", "pdf"])
def test_each_kind_of_file(office, data):
    assert _upload(office, data).status_code == 302
    found = PlanDocument.objects.get()
    assert found.items.filter(kind="indicator").count() == len(ROWS)
    page = office.get(f"/plan/import/{found.pk}").content.decode()
    assert "网格事件平均处置时间" in page
    assert f'id="L{len(found.lines)}"' in page


@pytest.mark.parametrize("role", ["steward", "leader", "auditor", "operator", "administrator"])
def test_only_the_data_office_reviews(document, role):
    client = somebody(role)
    item = document.items.first()
    assert _upload(client, b"x").status_code == 403
    assert client.get(f"/plan/import/{document.pk}").status_code == 403
    assert client.post(f"/plan/import/{document.pk}/items/{item.pk}", {"verb": "accept"}).status_code == 403
    assert client.post(f"/plan/import/{document.pk}/accept", {"kind": "task"}).status_code == 403
    assert client.post(f"/plan/import/{document.pk}/publish", {}).status_code == 403
    item.refresh_from_db()
    assert item.state == "proposed"


def test_the_same_bytes_are_kept_once(office, document):
    assert _upload(office, as_text(ROWS)).headers["Location"] == f"/plan/import/{document.pk}"
    assert PlanDocument.objects.count() == 1


def test_what_cannot_be_read_is_said(office):
    answer = _upload(office, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "plan.doc")
    assert answer.status_code == 422
    assert "docx" in answer.content.decode()
    assert office.post("/plan/import", {}).status_code == 422


def test_decisions_are_recorded_and_locked(office, document):
    first, second, third = document.items.filter(kind="indicator")[:3]
    office.post(f"/plan/import/{document.pk}/items/{first.pk}", {"verb": "accept"})
    office.post(f"/plan/import/{document.pk}/items/{second.pk}", {"verb": "drop"})
    mended = {
        "verb": "mend",
        "name": "五代基站",
        "unit": "座",
        "target": "不少于4000",
        "nature": "约束性",
        "group": "底座",
    }
    office.post(f"/plan/import/{document.pk}/items/{third.pk}", mended)
    states = list(
        ExtractedItem.objects.filter(pk__in=[first.pk, second.pk, third.pk]).values_list("state", flat=True)
    )
    assert sorted(states) == ["accepted", "dropped", "mended"]
    third.refresh_from_db()
    assert third.data["target"] == {
        "text": "不少于4000", "op": "ge", "low": 4000, "high": None, "per": None, "relative_to": None,
    }  # fmt: skip
    assert third.original["name"] == "5G基站"
    assert ledger.entry(third.entry_id).kind == "plan.review"
    assert AuditRecord.objects.filter(action="plan.review").count() == 3


def test_a_mended_item_needs_its_name(office, document):
    item = document.items.first()
    answer = office.post(
        f"/plan/import/{document.pk}/items/{item.pk}", {"verb": "mend", "name": " ", "target": "5"}
    )
    assert answer.status_code == 422
    item.refresh_from_db()
    assert item.state == "proposed"


def test_what_was_accepted_becomes_a_plan(office, document):
    dropped = document.items.filter(kind="indicator").last()
    office.post(f"/plan/import/{document.pk}/items/{dropped.pk}", {"verb": "drop"})
    for kind in ("indicator", "task"):
        office.post(f"/plan/import/{document.pk}/accept", {"kind": kind})
    answer = office.post(
        f"/plan/import/{document.pk}/publish", {"title": "青河区智慧城市规划", "from": "2021", "to": "2025"}
    )
    plan = registry.plan(answer.headers["Location"].removeprefix("/plan/"))
    assert [each.title.zh for each in plan.indicators][:2] == ["政务数据共享率", "数据目录条目数"]
    assert len(plan.indicators) == len(ROWS) - 1
    assert plan.indicators[0].baseline.value == 80
    assert [each.title.zh for each in plan.tasks] == ["升级政务大数据平台", "完善感知体系", "提升治理能力"]
    first = plan.tasks[0]
    assert (first.owner, first.deadline.isoformat()) == ("science", "2024-12-31")
    assert plan.tasks[1].owner == ""
    assert {each.period for each in registry.plans()} == {(2021, 2025)}
    again = office.post(f"/plan/import/{document.pk}/items/{dropped.pk}", {"verb": "accept"})
    assert again.status_code == 409
    assert "核对已结束" in office.get(f"/plan/import/{document.pk}").content.decode()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": "", "from": "2021", "to": "2025"}, "title"),
        ({"title": "x", "from": "2025", "to": "2021"}, "from"),
    ],
)
def test_a_plan_needs_a_title_and_years(office, document, given, field):
    page = office.post(f"/plan/import/{document.pk}/publish", given)
    assert page.status_code == 422
    assert [each["name"] for each in page.context["publish"] if each["error"]] == [field]


def test_a_long_document(office):
    assert _upload(office, as_text(ROWS + MANY)).status_code == 302
    found = PlanDocument.objects.get()
    office.post(f"/plan/import/{found.pk}/accept", {"kind": "indicator"})
    assert not found.items.filter(kind="indicator", state="proposed").exists()


def test_owner_and_day_are_shown_and_mended(office, document):
    page = office.get(f"/plan/import/{document.pk}").content.decode()
    assert "2024年底前" in page
    assert "2024-12-31" in page
    assert "区科信局" in page
    assert "未写责任单位" in page
    second = document.items.filter(kind="task")[1]
    office.post(
        f"/plan/import/{document.pk}/items/{second.pk}",
        {"verb": "mend", "title": "完善感知体系", "owner": "区文旅局", "deadline": "2023年6月底前"},
    )
    second.refresh_from_db()
    owner, day = review.answerable(second.data)
    assert (owner.id, day.isoformat()) == ("culture", "2023-06-30")


def test_a_large_pdf_is_read_by_the_worker(office, monkeypatch):
    monkeypatch.setattr("hutong.indicators.pages.reviews.LARGE", 1000)
    data = as_pdf(ROWS + MANY)
    answer = _upload(office, data, "规划.pdf")
    place = answer.headers["Location"]
    assert place.startswith("/plan/import/jobs/")
    waiting = office.get(place)
    assert waiting.status_code == 200
    assert "正在读取规划文件" in waiting.content.decode()
    assert somebody("steward").get(place).status_code == 403
    run = JobRun.objects.get(pk=place.rpartition("/")[2])
    steps = []
    monkeypatch.setattr(
        kernel_jobs.JobContext, "progress", lambda _self, done, total, *_note: steps.append((done, total))
    )
    result = indicator_jobs.read_plan.work(kernel_jobs.JobContext(run.pk), **run.arguments)
    assert steps[0] == (1, steps[0][1])
    assert len(steps) > 2
    assert not Path(run.arguments["path"]).exists()
    JobRun.objects.filter(pk=run.pk).update(state="done", result=result)
    assert office.get(place).headers["Location"] == f"/plan/import/{PlanDocument.objects.get().pk}"
    assert (
        _upload(office, data, "规划.pdf").headers["Location"]
        == f"/plan/import/{PlanDocument.objects.get().pk}"
    )


def test_a_large_pdf_that_cannot_be_read_is_told(office, monkeypatch):
    monkeypatch.setattr("hutong.indicators.pages.reviews.LARGE", 10)
    place = _upload(office, b"%PDF-1.4 nothing at all", "x.pdf").headers["Location"]
    run = JobRun.objects.get(pk=place.rpartition("/")[2])
    with pytest.raises(PlanUnreadable) as caught:
        indicator_jobs.read_plan.work(kernel_jobs.JobContext(run.pk), **run.arguments)
    assert not Path(run.arguments["path"]).exists()
    JobRun.objects.filter(pk=run.pk).update(state="failed", error=caught.value.as_dict())
    assert "无法读取该文件" in office.get(place).content.decode()
    assert office.get("/plan/import/jobs/nothing").status_code == 404


def test_plans_at_the_command_line(document):
    listed = json.loads(CliRunner().invoke(plan_command, ["list", "--json"]).output)
    assert [(each["id"], each["indicators"], each["tasks"]) for each in listed] == [("science", 2, 2)]
    shown = json.loads(
        CliRunner().invoke(plan_command, ["show", "science", "--as-of", "2023-07-02", "--json"]).output
    )
    assert shown["indicators"][0]["expected"] == pytest.approx(72, abs=0.05)
    assert shown["indicators"][1]["no_pace_because"]["en"]
    assert shown["tasks"][0]["owner"] == "science"
    assert "科技规划" in CliRunner().invoke(plan_command, ["show", "science"]).output
    assert isinstance(CliRunner().invoke(plan_command, ["show", "none"]).exception, UnknownPlan)
