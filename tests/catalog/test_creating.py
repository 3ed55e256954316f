"""Adding duties, datasets and systems: by form, by workbook, by the interface; from a table that lies in the lake."""

import io

import openpyxl
import pytest
from django.test import Client

from hutong.accounts.types import Role
from hutong.catalog import editing, locking, store, unclaimed, unfinished, workbook
from hutong.catalog.errors import BadEntry
from hutong.catalog.logic import column_lines
from hutong.catalog.logic.rows import flat
from hutong.catalog.models import Unfinished
from hutong.catalog.types import Kind
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import Column, ColumnType, Contract, Source
from hutong.ledger import api as ledger
from hutong.ledger.types import Rule
from tests.catalog.entries import BODIES, DATASET, DUTY, client, fill

pytestmark = pytest.mark.django_db(transaction=True)
SCOPE = "urn:hutong:beijing-dongcheng"
NEW = {
    **BODIES[DATASET],
    "id": "air-daily",
    "title": {"zh": "空气日均值", "en": "Air, daily"},
    "table": {"columns": {"day": {"type": "date", "title": {"zh": "日期", "en": "Day"}}}},
}


@pytest.fixture
def in_the_lake(tmp_path):
    """A table with telephone numbers that nobody has catalogued."""
    contract = Contract(
        "callers-list",
        (Column("caller", ColumnType.TEXT, Text("来电人电话", "Caller")), Column("day", ColumnType.DATE)),
        title=Text("来电名单", "List of callers"),
    )
    lake.define(contract)
    file = tmp_path / "callers.csv"
    lines = [f"1380013{number:04},2024-01-{number % 28 + 1:02}" for number in range(40)]
    file.write_text("\n".join(["caller,day", *lines]))
    lake.load("callers-list", Source.file(file))


def form(kind: Kind, body: dict, **more: str) -> dict[str, str]:
    return {**flat(kind, body), "id": str(body["id"]), **more}


def test_a_dataset_added_by_form_is_one_signed_entry_of_the_log_and_a_table_of_the_lake():
    fill()
    steward = client("li", Role.STEWARD)
    before = len(ledger.entries_about(f"{SCOPE}:dataset:air-daily"))
    answer = steward.post("/catalog/new/dataset", form(Kind.DATASET, NEW, reason="新编"))
    assert (answer.status_code, answer["Location"]) == (302, "/catalog/datasets/air-daily")
    made = store.find(Kind.DATASET, "air-daily")
    (entry,) = ledger.entries_about(made.urn)
    assert (before, entry.kind, entry.organisation) == (0, "catalog.dataset", "eco")
    assert [(each.change, each.note) for each in store.versions(made.urn)] == [("added", {"reason": "新编"})]
    assert entry.payload["reason"] == "新编"
    assert lake.contract("air-daily").columns[0].title.zh == "日期"
    assert steward.get("/catalog/datasets/air-daily").status_code == 200
    for place in ("/catalog/datasets/air-daily/history", f"/catalog/versions/{made.urn}"):
        assert "新编" in steward.get(place).text
    assert ledger.verify().ok


@pytest.mark.parametrize(
    ("reason", "said"),
    [("请打 13800138000 联系", "含有手机号码或身份证号，理由会公开"), ("长" * 501, "不超过 500 字")],
)
def test_a_reason_that_everyone_reads_holds_no_personal_number(reason: str, said: str):
    fill()
    steward = client("li", Role.STEWARD)
    answer = steward.post("/catalog/new/dataset", form(Kind.DATASET, NEW, reason=reason))
    assert answer.status_code == 422
    assert said in answer.text
    assert '<a href="#field-reason">理由</a>' in answer.text
    assert reason in answer.text, "what was written stays"
    assert not store.entries(Kind.DATASET, local="air-daily")


def test_every_fault_stands_at_its_field_in_both_languages_and_nothing_is_lost():
    fill()
    steward = client("li", Role.STEWARD)
    wrong = {**form(Kind.DATASET, NEW), "code": "9", "summary.zh": "", "update": "monthly", "update.by": "40"}
    page = steward.post("/catalog/new/dataset", wrong)
    assert page.status_code == 422
    text = page.content.decode()
    for field in ("code", "summary.zh", "update"):
        assert f'id="field-{field}-error"' in text
    assert "空气日均值" in text, "what was right is still there"
    assert "302001/000001" in text
    steward.cookies["hutong_language"] = "en"
    assert "Must be given" in steward.post("/catalog/new/dataset", wrong).content.decode()
    kept = Unfinished.objects.latest("at")
    again = steward.get(f"/catalog/new/dataset?draft={kept.pk}").content.decode()
    assert "空气日均值" in again
    mended = {**form(Kind.DATASET, NEW), "draft": kept.pk}
    assert steward.post("/catalog/new/dataset", mended).status_code == 302
    assert not Unfinished.objects.filter(pk=kept.pk).exists()


def test_a_draft_is_its_writers_alone():
    fill("tax")
    steward, other = client("li", Role.STEWARD), client("wang", Role.STEWARD, "tax")
    steward.post("/catalog/new/duty", {"title.zh": "半句话", "do": "keep"})
    kept = Unfinished.objects.get()
    assert "半句话" in steward.get("/catalog/new").content.decode()
    assert "半句话" not in other.get("/catalog/new").content.decode()
    assert other.get(f"/catalog/new/duty?draft={kept.pk}").status_code == 404
    assert other.post(f"/catalog/drafts/{kept.pk}/discard").status_code == 404
    assert steward.post(f"/catalog/drafts/{kept.pk}/discard").status_code == 302
    assert not Unfinished.objects.exists()


def test_an_identifier_is_made_from_the_english_title_and_taken_once():
    fill()
    steward = client("li", Role.STEWARD)
    duty = {**form(Kind.DUTY, BODIES[DUTY]), "id": "", "title.en": "Noise at Night"}
    assert steward.post("/catalog/new/duty", duty).status_code == 302
    assert store.entries(Kind.DUTY, local="eco/noise-at-night")
    again = steward.post("/catalog/new/duty", duty)
    assert again.status_code == 422
    assert "noise-at-night" in again.content.decode()


def test_nobody_adds_in_the_name_of_another_bureau():
    fill("tax")
    other = client("wang", Role.STEWARD, "tax")
    refused = other.post("/catalog/new/dataset", form(Kind.DATASET, NEW))
    assert refused.status_code == 403
    assert 'id="field-provider-error"' in refused.content.decode()
    assert _api(other, "post", "entries", kind="dataset", body=NEW).status_code == 403
    assert not store.entries(Kind.DATASET, local="air-daily")
    assert client("pub", Role.LEADER, "eco").get("/catalog/new").status_code == 403


def test_a_table_of_the_lake_is_catalogued_by_whom_it_was_handed_to(in_the_lake):
    fill("tax")
    steward, other = client("li", Role.STEWARD), client("wang", Role.STEWARD, "tax")
    office = client("zhou", Role.DATA_OFFICE)
    assert "callers-list" not in steward.get("/catalog/new").content.decode()
    assert steward.get("/catalog/new/dataset?table=callers-list").status_code == 403
    grab = {**NEW, "id": "callers-list"}
    assert _api(steward, "post", "entries", kind="dataset", body=grab).status_code == 403, (
        "not by its name either"
    )
    assert (
        steward.post("/catalog/new/hand", {"table": "callers-list", "organisation": "eco"}).status_code == 403
    )
    assert (
        office.post("/catalog/new/hand", {"table": "callers-list", "organisation": "eco"}).status_code == 302
    )
    assert ledger.entries_about(lake.table_urn("callers-list"))[-1].kind == "catalog.table-handed"
    assert _api(other, "post", "entries", kind="dataset", body={**grab, "provider": "tax"}).status_code in {
        403,
        422,
    }
    page = steward.get("/catalog/new/dataset?table=callers-list").content.decode()
    assert "来电名单" in page
    assert "手机号码" in page, "what the values look like"
    assert "13800130001" not in page, "and no value"
    assert '<option value="general-3" selected>' in page
    assert "303001/000003" in page, "the next serial"


def test_a_steward_to_whom_nothing_was_handed_is_shown_an_empty_list():
    fill()
    answer = client("li", Role.STEWARD).get("/api/catalog/unclaimed")
    assert (answer.status_code, answer.json()) == (200, [])
    assert client("pub", Role.AUDITOR).get("/api/catalog/unclaimed").status_code == 403


def test_the_prefilled_form_is_written_as_it_stands(in_the_lake):
    fill()
    unclaimed.hand("callers-list", "eco")
    steward = client("li", Role.STEWARD)
    proposed = steward.get("/api/catalog/unclaimed/callers-list").json()["body"]
    given = {
        **flat(Kind.DATASET, proposed),
        "table": "callers-list", "duty": "eco/air", "update": "monthly", "update.by": "5",
        "title.en": "List of callers", "summary.zh": "来电", "sharing.kind": "unconditional", "opening.kind": "none",
    }  # fmt: skip
    assert steward.post("/catalog/new/dataset", given).status_code == 302
    made = store.find(Kind.DATASET, "callers-list")
    assert (made.update, made.grade) == ("monthly by day 5", "general-3")
    assert lake.contract("callers-list").column("caller").sensitive, "masked in samples from now on"
    assert unclaimed.tables() == []
    assert lake.sample("callers-list", limit=1).rows, "the rows are where they were"


def test_columns_that_hold_rows_neither_go_nor_change_their_type(in_the_lake):
    fill()
    unclaimed.hand("callers-list", "eco")
    columns = {"caller": {"type": "int"}, "more": {"type": "int", "title": {"zh": "多", "en": "More"}}}
    with pytest.raises(BadEntry) as refused:
        editing.add(Kind.DATASET, {**NEW, "id": "callers-list", "table": {"columns": columns}})
    said = refused.value.said
    assert "day" in said.en
    assert "caller" in said.en
    assert "不能去掉" in said.zh


def test_the_grid_of_columns_keeps_what_no_cell_says():
    before = {"pm25": {"type": "float", "range": ["0", "999"], "title": {"zh": "旧", "en": "old"}}}
    text = column_lines.lines(before)
    assert column_lines.merge(before, text) == before
    changed = column_lines.merge(
        before, "pm25｜细颗粒物｜Fine particles｜float｜μg/m³｜敏感\npm25｜又｜twice"
    )
    assert changed["pm25"]["range"] == ["0", "999"]
    assert changed["pm25"]["sensitive"] is True
    assert len(changed) == 2, "a name that stands twice is not lost silently; the check of names refuses it"
    row = {"name": "a", "title.zh": "带｜线", "title.en": "", "type": "text", "unit": "", "sensitive": ""}
    assert column_lines.joined([row, dict.fromkeys(row, "")]) == "a｜带 线｜｜text"


def test_who_is_late_keeps_what_was_written_and_sees_what_others_wrote():
    fill()
    steward = client("li", Role.STEWARD)
    fields = form(Kind.DATASET, BODIES[DATASET], version="1")
    editing.write(Kind.DATASET, DATASET, {**BODIES[DATASET], "update": "daily"}, expected=1)
    late = steward.post(f"/catalog/edit/{DATASET}", {**fields, "summary.zh": "我写了很久"})
    assert late.status_code == 409
    page = late.content.decode()
    assert "我写了很久" in page
    assert 'name="version" value="2"' in page
    assert Unfinished.objects.count() == 1
    done = steward.post(
        f"/catalog/edit/{DATASET}", {**fields, "summary.zh": "我写了很久", "version": "2", "update": "daily"}
    )
    assert done.status_code == 302
    assert store.entry(DATASET).summary.zh == "我写了很久"
    assert not Unfinished.objects.exists()


def test_the_interface_adds_changes_and_retires():
    fill()
    steward = client("li", Role.STEWARD)
    made = _api(steward, "post", "entries", kind="dataset", body=NEW)
    assert (made.status_code, made.json()["version"]) == (201, 1)
    urn = made.json()["urn"]
    changed = _api(steward, "put", f"entries/{urn}", version=1, body={**NEW, "update": "daily"})
    assert changed.json() == {"urn": urn, "version": 2, "proposal": ""}
    late = _api(steward, "put", f"entries/{urn}", version=1, body={**NEW, "update": "weekly"})
    assert (late.status_code, late.json()["code"]) == (409, "catalog.version-conflict")
    wrong = _api(steward, "put", f"entries/{urn}", version=2, body={**NEW, "update": "now", "code": "x"})
    assert wrong.status_code == 422
    assert {each["field"] for each in wrong.json()["faults"]} == {"update", "code"}
    assert all(each["what"]["zh"] != each["what"]["en"] for each in wrong.json()["faults"])
    gone = _api(steward, "post", f"entries/{urn}/retire", version=2, reason="试用结束")
    assert gone.status_code == 200
    assert not store.entries(Kind.DATASET, local="air-daily")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"organisation": "没有 这个"}, "organisation"),
        ({"organisation": "nobody"}, "organisation"),
        ({"id": "Big Id"}, "id"),
        ({"basis": []}, "basis"),
        ({"basis": [{"title": {"zh": "", "en": "Law"}}]}, "basis"),
        ({"more": 1}, "more"),
    ],
)
def test_what_no_entry_can_hold_is_refused_at_its_key(change, field):
    fill()
    body = {**BODIES[DUTY], "id": "noise", **change}
    refused = _api(client("zhou", Role.DATA_OFFICE), "post", "entries", kind="duty", body=body)
    assert refused.status_code == 422
    assert any(each["field"].startswith(field) for each in refused.json()["faults"]), refused.json()


def test_a_character_that_no_text_may_have_is_refused_with_its_place():
    fill()
    body = {**BODIES[DUTY], "id": "noise", "title": {"zh": "空\0气", "en": "Air"}}
    refused = _api(client("zhou", Role.DATA_OFFICE), "post", "entries", kind="duty", body=body)
    assert (refused.status_code, refused.json()["code"]) == (400, "hutong.not-text")
    assert refused.json()["place"]["key"] == "body.title.zh"


def test_a_locked_entry_changed_by_the_interface_waits_and_the_news_say_so():
    fill("staff", "money")
    rule = Rule(("eco", "staff", "money"), 2, ("catalog.",), "三定规定")
    locking.cosign(locking.lock(DUTY, rule), "staff")
    steward, office = client("li", Role.STEWARD), client("zhou", Role.DATA_OFFICE)
    body = {**BODIES[DUTY], "title": {"zh": "监测大气", "en": "Air"}}
    asked = _api(steward, "put", f"entries/{DUTY}", version=1, body=body).json()
    assert asked["proposal"]
    assert store.entry(DUTY).version == 1
    _api(steward, "post", "entries", kind="dataset", body=NEW)
    news = office.get("/api/catalog/news").json()
    assert [each["urn"] for each in news["added"]] == [f"{SCOPE}:dataset:air-daily"], (
        "what came with a pack is no news"
    )
    (waits,) = news["awaited"]
    assert waits["proposal"] == asked["proposal"]
    assert set(waits["awaited"]) <= {"eco", "staff", "money"}
    page = office.get("/catalog/news").content.decode()
    assert "空气日均值" in page
    assert "监测空气" in page
    assert Client(HTTP_ACCEPT="text/html").get("/catalog/news").status_code == 302


def test_a_workbook_adds_a_dataset_with_its_columns():
    fill()
    steward = client("li", Role.STEWARD)
    book = openpyxl.load_workbook(io.BytesIO(workbook.write(store.entries(Kind.DATASET))))
    sheet = book["数据 datasets"]
    keys = [cell.value for cell in sheet[1]]
    row = {**flat(Kind.DATASET, NEW), "urn": f"{SCOPE}:dataset:air-daily", "version": ""}
    sheet.append([row.get(key, "") for key in keys])
    target = io.BytesIO()
    book.save(target)
    found = workbook.read(target.getvalue())
    assert (found.faults, found.same) == ((), 1)
    (change,) = found.changes
    assert (change.expected, change.body) == (0, NEW)
    target.seek(0)
    target.name = "catalog.xlsx"
    assert steward.post("/catalog/import", {"workbook": target}).status_code == 200


def test_one_draft_of_a_person_goes_when_there_are_too_many():
    for number in range(unfinished.MOST + 3):
        unfinished.keep("urn:x", Kind.DUTY, {"title.zh": str(number)})
    assert len(unfinished.of("urn:x")) == unfinished.MOST


def _api(who: Client, method: str, path: str, **body: object):
    call = getattr(who, method)
    return call(f"/api/catalog/{path}", body, content_type="application/json")
