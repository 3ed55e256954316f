"""The pages of plans: who sees them, who changes what, and the reports."""

import io
import re
from types import SimpleNamespace

import docx
import openpyxl
import pytest

from hutong.accounts import calls
from hutong.accounts.api import ANONYMOUS, Role, system
from hutong.catalog import api as catalog
from hutong.indicators.models import PlanTask
from hutong.indicators.pages.evidence import shown
from hutong.indicators.plans import registry
from hutong.indicators.plans.report import neutral
from hutong.kernel.models import AuditRecord
from hutong.kernel.text import Text
from tests.indicators.plans.people import somebody

pytestmark = pytest.mark.usefixtures("district")


@pytest.fixture(autouse=True)
def quick(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    calls.forget()


PAGES = ["/plan", "/plan/science", "/plan/science/tasks/platform"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", ["steward", "data_office", "leader", "operator", "auditor"])
def test_pages_answer(path, role):
    answer = somebody(role).get(path)
    assert answer.status_code == 200
    assert "科技规划" in answer.content.decode()


@pytest.mark.parametrize("path", [PAGES[2], "/plan/science/report.docx", "/plan/import"])
def test_the_public_does_not_see_progress(path):
    assert somebody("public").get(path).status_code in {302, 403}


def test_the_public_reads_what_was_promised_and_not_how_the_tasks_go():
    somebody("data_office").post("/plan/science/tasks/platform", {"state": "done", "note": "内部说明"})
    assert "科技规划" in somebody("public").get("/plan").content.decode()
    text = somebody("public").get("/plan/science").content.decode()
    assert "82左右" in text
    assert "升级大数据平台" in text
    for inside in ("无佐证", "负责单位", "/tasks/", "report.docx", "内部说明"):
        assert inside not in text


def test_unknown_plans_are_not_found():
    client = somebody("leader")
    assert client.get("/plan/nothing").status_code == 404
    assert client.get("/plan/science/tasks/nothing").status_code == 404
    assert client.get("/plan/nothing/report.xlsx").status_code == 404


def test_a_page_in_english():
    client = somebody("leader")
    client.cookies["hutong_language"] = "en"
    text = client.get("/plan/science").content.decode()
    assert "Science plan" in text
    assert "Expected by now" in text


@pytest.mark.parametrize(
    ("role", "organisation", "status"),
    [
        ("steward", "science", 302),
        ("steward", "culture", 403),
        ("data_office", "culture", 302),
        ("leader", "science", 403),
        ("auditor", "science", 403),
        ("administrator", "science", 403),
    ],
)
def test_who_reports_progress(role, organisation, status):
    answer = somebody(role, organisation).post(
        "/plan/science/tasks/platform", {"state": "done", "evidence": "验收报告.pdf", "note": "已完成"}
    )
    assert answer.status_code == status
    assert (PlanTask.objects.get(code="platform").state == "done") == (status == 302)


def test_a_steward_does_not_move_the_task_elsewhere():
    given = {"state": "doing", "owner": "culture", "deadline": ""}
    assert somebody("steward").post("/plan/science/tasks/platform", given).status_code == 403
    assert somebody("data_office").post("/plan/science/tasks/platform", given).status_code == 302
    found = registry.task("science", "platform")
    assert (found.owner, found.deadline) == ("culture", None)


def test_bad_evidence_is_said_on_the_page():
    answer = somebody("steward").post("/plan/science/tasks/platform", {"evidence": "javascript:alert(1)"})
    assert answer.status_code == 422
    assert "不可用" in answer.content.decode()
    assert AuditRecord.objects.filter(action="plan.task").count() == 0


def test_data_given_as_evidence_is_called_by_its_title(monkeypatch: pytest.MonkeyPatch):
    """… for those who may see it in the catalog; the identifier is what the link holds."""
    cited = "urn:hutong:test:dataset:drain-sensors"
    known = SimpleNamespace(
        organisation="culture", grade="general", is_open=False, title=Text(zh="排水监测设备")
    )
    monkeypatch.setattr(catalog, "dataset", lambda table: {"drain-sensors": known}[table])
    given, office = {"kind": "data", "text": cited}, system(Role.DATA_OFFICE)
    assert shown(office, given) == {"text": "排水监测设备", "url": f"/id/{cited}"}
    assert shown(ANONYMOUS, given)["text"] == cited
    snapshot = "urn:hutong:test:snapshot:drain-sensors.1"
    assert shown(office, {"kind": "data", "text": snapshot})["text"] == snapshot
    assert shown(office, {"kind": "note", "text": "会议纪要"}) == {"text": "会议纪要", "url": ""}


def test_done_without_evidence_is_shown():
    client = somebody("data_office")
    client.post("/plan/science/tasks/cockpit", {"state": "done"})
    for path in ("/plan/science", "/plan/science/tasks/cockpit"):
        assert (
            "无佐证" in client.get(path).content.decode() or "没有佐证" in client.get(path).content.decode()
        )


def test_the_word_report():
    client = somebody("data_office")
    client.post("/plan/science/tasks/cockpit", {"state": "done"})
    answer = client.get("/plan/science/report.docx")
    document = docx.Document(io.BytesIO(answer.content))
    text = "\n".join(p.text for p in document.paragraphs)
    assert "科技规划中期评估报告" in text
    assert "建设领导驾驶舱" in text
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert {"高价值专利", "82左右", "升级大数据平台"} <= set(cells)
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_workbook_in_english():
    client = somebody("data_office")
    client.cookies["hutong_language"] = "en"
    book = openpyxl.load_workbook(io.BytesIO(client.get("/plan/science/report.xlsx").content))
    assert book.sheetnames == ["Summary", "Indicators", "Tasks", "Sources"]
    assert book["Indicators"]["A2"].value == "Patents"
    assert re.search(r"2 tasks", book["Summary"]["A4"].value)


def test_no_formula_is_written():
    client = somebody("data_office")
    PlanTask.objects.filter(code="platform").update(title={"zh": "=HYPERLINK(1)", "en": ""}, note="@SUM(A1)")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/plan/science/report.xlsx").content))
    values = [cell for row in book["任务"].iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in values)
    assert "'=HYPERLINK(1)" in [cell.value for cell in values]


@pytest.mark.parametrize(
    ("given", "written"), [("-5", "'-5"), (-5.0, -5.0), ("a\x00b", "ab"), ("82左右", "82左右"), (None, None)]
)
def test_neutral(given, written):
    assert neutral(given) == written
