"""The lake's pages and machine interface."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hutong.accounts import organisations, people
from hutong.accounts.api import Target
from hutong.accounts.organisations import Facts
from hutong.kernel import jobs
from hutong.kernel.models import JobRun
from hutong.kernel.text import Text
from hutong.lake import access, api, page_tables
from hutong.lake.checks import check_databases
from hutong.lake.pages import harmless
from hutong.lake.types import LoadReport

pytestmark = pytest.mark.django_db(transaction=True)
Load = Callable[..., LoadReport]
SPEC = (
    "key: [id]\ncolumns:\n  id: {type: int, title: {zh: 编号}}\n  name: {required: true, title: {zh: 名称}}\n"
)
TEXT = "id,name\n1,东城\n=2+3,x\n3,\n"


@pytest.fixture
def office(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Signed in as the data office; the table is of general grade."""
    monkeypatch.setattr(access, "_target_of", lambda _: Target("data-bureau", "general-1", "table"))
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    bureau = Facts("data-bureau", "数据局", "Data Bureau", "bureau")
    organisations.apply("beijing-dongcheng", [bureau])
    people.add(
        "office", Text("张三", "Zhang San"), "data_office", "data-bureau", "correct horse battery 蓄电池"
    )
    client = Client(headers={"accept": "text/html"})
    client.force_login(people.find("office"), backend="hutong.accounts.backend.PersonBackend")
    return client


def test_tables_and_one_of_them(load: Load, office: Client) -> None:
    report = load(SPEC, TEXT)
    overview = office.get("/lake")
    assert overview.status_code == 200
    assert "/lake/things" in overview.content.decode()
    assert "物件表" in str(page_tables.loads(api.loads(), {"things": "物件表"})["rows"])
    page = office.get("/lake/things").content.decode()
    assert "规范性" in page
    assert office.get("/lake/things/1").status_code == 200
    assert office.get("/lake/things/9").status_code == 404
    assert office.get("/lake/nothing").status_code == 404
    assert report.snapshot is not None
    assert office.get(f"/id/{report.snapshot.urn}").headers["Location"] == "/lake/things/1"


def test_an_unchanged_load_shows_the_rows_of_the_load_that_brought_them(load: Load, office: Client) -> None:
    first, again = load(SPEC, TEXT), load(SPEC, TEXT)
    assert again.unchanged
    assert again.load_id != first.load_id
    assert api.quarantine(again.load_id) == api.quarantine(first.load_id)
    page = office.get(f"/lake/loads/{again.load_id}").content.decode()
    assert "编号 不是整数" in page
    assert f'href="/lake/loads/{first.load_id}"' in page
    assert "当时的装载" not in office.get(f"/lake/loads/{first.load_id}").content.decode()
    listed = b"".join(office.get(f"/lake/loads/{again.load_id}/quarantine.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "bad-value" in listed


def test_the_report_lists_what_was_put_aside(load: Load, office: Client) -> None:
    report = load(SPEC, TEXT)
    page = office.get(f"/lake/loads/{report.load_id}").content.decode()
    assert "编号 不是整数" in page
    answer = office.get(f"/lake/loads/{report.load_id}/quarantine.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.splitlines()[1] == "3,id,bad-value,编号 不是整数,'=2+3,改成整数，或改契约中的类型"


def test_a_row_put_aside_is_told_in_titles_and_units(load: Load, office: Client) -> None:
    fee = "fee: {type: money, unit: 万元, required: true, title: {zh: 费用}}"
    spec = f"key: [id]\ncolumns:\n  id: {{type: int, title: {{zh: 编号}}}}\n  {fee}\n"
    report = load(spec, "id,fee\n1,12.5\n1,12.5\n2,\n")
    page = office.get(f"/lake/loads/{report.load_id}").content.decode()
    assert "编号 1；费用 12.5 万元" in page, "of a repeated row, whose money is kept in fen"
    assert "编号 2<" in page, "of a row without a value"
    assert "{&quot;" not in page


@pytest.mark.parametrize(
    ("text", "safe"), [("=1", "'=1"), ("+1", "'+1"), ("@x", "'@x"), ("-1", "'-1"), ("东", "东")]
)
def test_cells_of_a_download_are_no_formulas(text: str, safe: str) -> None:
    assert harmless(text) == safe


def test_an_upload_is_loaded_as_durable_work(load: Load, office: Client) -> None:
    load(SPEC, TEXT)
    assert office.get("/lake/load?table=things").status_code == 200
    sent: dict[str, Any] = {
        "table": "things",
        "mode": "replace",
        "file": SimpleUploadedFile("new.csv", b"id,name\n7,x\n"),
    }
    answer = office.post("/lake/load", sent)
    assert answer.status_code == 302
    run = JobRun.objects.get()
    assert office.get(answer.headers["Location"]).status_code == 200
    jobs.perform(run.id, run.name, run.arguments)
    report = office.get(answer.headers["Location"])
    assert report.headers["Location"].startswith("/lake/loads/")
    assert api.rows("things").rows == ((7, "x"),)


def test_an_upload_of_another_kind_is_refused(load: Load, office: Client) -> None:
    load(SPEC, TEXT)
    sent: dict[str, Any] = {"table": "things", "file": SimpleUploadedFile("new.exe", b"MZ")}
    assert office.post("/lake/load", sent).status_code == 422
    assert office.post("/lake/load", {"table": "things"}).status_code == 422
    assert not JobRun.objects.exists()


def test_a_named_database_is_loaded_and_its_address_stays_a_secret(
    load: Load, office: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(SPEC, TEXT)
    with closing(sqlite3.connect(tmp_path / "secret.db")) as data:
        data.execute("CREATE TABLE firms (id TEXT, name TEXT)")
        data.execute("INSERT INTO firms VALUES ('8', '东'), ('9', '西')")
        data.commit()
    listed = tmp_path / "databases.toml"
    listed.write_text(f'[registry]\ntitle = "登记库"\naddress = "sqlite:///{tmp_path}/secret.db"\n', "utf8")
    monkeypatch.setenv("HUTONG_LAKE_DATABASES", str(listed))
    listed.chmod(0o644)
    assert "chmod 600" in office.get("/lake/load").content.decode()
    assert not check_databases().ok
    listed.chmod(0o600)
    assert check_databases().ok
    page = office.get("/lake/load").content.decode()
    assert "登记库" in page
    assert "secret.db" not in page
    asked = {"table": "things", "mode": "replace", "database": "registry"}
    for wrong in (
        {},
        {"sql": "DROP TABLE firms"},
        {"sql": "x" * 3000},
        {"sql": "firms", "address": "https://a.example"},
    ):
        assert office.post("/lake/load", asked | wrong).status_code == 422
    assert office.post("/lake/load", asked | {"database": "other", "sql": "firms"}).status_code == 404
    assert not JobRun.objects.exists()
    answer = office.post("/lake/load", asked | {"sql": "SELECT id, name FROM firms WHERE id > '8'"})
    assert answer.status_code == 302
    run = JobRun.objects.get()
    assert "secret.db" not in json.dumps(run.arguments)
    jobs.perform(run.id, run.name, run.arguments)
    report = office.get(answer.headers["Location"]).headers["Location"]
    assert api.rows("things").rows == ((9, "西"),)
    shown = office.get(report).content.decode()
    assert "registry: SELECT id" in shown
    assert "secret.db" not in shown


def test_a_department_reads_no_database_of_another(
    load: Load, office: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(SPEC, TEXT)
    monkeypatch.setenv("HUTONG_LAKE_DATABASES", str(tmp_path / "list.toml"))
    (tmp_path / "list.toml").write_text(
        '[ours]\norganisation = "data-bureau"\naddress = "sqlite:///a"\n[theirs]\norganisation = "tax"\naddress = "sqlite:///b"\n'
    )
    (tmp_path / "list.toml").chmod(0o600)
    people.add("keeper", Text("李四", "Li Si"), "steward", "data-bureau", "correct horse battery 蓄电池")
    office.force_login(people.find("keeper"), backend="hutong.accounts.backend.PersonBackend")
    page = office.get("/lake/load").content.decode()
    assert 'value="ours"' in page
    assert "theirs" not in page
    sent = {"table": "things", "mode": "replace", "database": "theirs", "sql": "firms"}
    assert office.post("/lake/load", sent).status_code == 403
    assert not JobRun.objects.exists()


def test_machines_read_the_same(load: Load, office: Client) -> None:
    report = load(SPEC, TEXT)
    assert office.get("/api/lake/tables").json()[0]["table"] == "things"
    assert report.snapshot is not None
    assert office.get(f"/api/lake/snapshots/{report.snapshot.urn}/quality").json()["rows_quarantined"] == 2
    assert office.get(f"/api/lake/loads/{report.load_id}/quarantine").json()["total"] == 2
    assert office.get("/api/lake/loads/none").status_code == 404


def test_the_public_may_neither_load_nor_see_rows(load: Load, client: Client) -> None:
    report = load(SPEC, TEXT)
    assert client.get("/lake/load").status_code in (302, 403)
    assert client.get(f"/api/lake/loads/{report.load_id}/quarantine").status_code in (401, 403)


def test_a_table_that_nobody_graded_counts_as_core(
    load: Load, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "_target_of", None)
    report = load(SPEC, TEXT)
    assert "=2+3" not in office.get(f"/lake/loads/{report.load_id}").content.decode()
    assert office.get(f"/lake/loads/{report.load_id}/quarantine.csv").status_code == 403
