"""Three witness processes and a log whose history is rewritten: refused by each, and people hear of it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.test import Client

from hutong.accounts import organisations, people
from hutong.accounts.organisations import Facts
from hutong.kernel.events import deliver_pending
from hutong.kernel.models import AuditRecord
from hutong.kernel.text import Text
from hutong.ledger import api, checks
from hutong.ledger.errors import NoAlarm
from hutong.ledger.logic import notes
from hutong.ledger.models import EntryRow, WitnessRow
from hutong.ledger.types import NewEntry
from hutong.ledger.witness.book import Book
from hutong.ledger.witness.commands import create
from hutong.posture.api import findings
from tests.ledger.test_known_prefix import _rewrite

AIR = "urn:hutong:beijing-dongcheng:dataset:air"
NAMES = ("city", "district", "auditor")
TOLD = ("data_office", "auditor", "administrator", "security", "operator")
PEOPLE = {
    "zhou.min": "data_office", "song.yu": "auditor", "tang.wei": "administrator", "sun.jing": "security",
    "ma.qiang": "operator", "lin.zhiyuan": "leader", "gao.yang": "steward",
}  # fmt: skip


def _port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _ready(port: int) -> None:
    for _ in range(200):
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("GET", "/alarms")
            assert connection.getresponse().status == 200
            connection.close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the witness does not answer")


@pytest.fixture
def witnesses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Path]]:
    """Three processes; two of them are enough."""
    monkeypatch.setenv("HUTONG_HOME", str(tmp_path))
    monkeypatch.setenv("HUTONG_LEDGER_WITNESS_TIMEOUT", "30")  # three processes on a busy machine
    log = notes.VerifierKey.parse(api.verifier_key())
    lines, folders = [], dict[str, Path]()
    with ExitStack() as stack:
        for name in NAMES:
            folder, port = tmp_path / "witnesses" / name, _port()
            signer = create(folder, f"witness.test/{name}")
            book = Book(folder)
            book.trust(log)
            book.close()
            command = [sys.executable, "-m", "hutong.ledger.witness", "run", "--home", str(folder)]
            process = stack.enter_context(
                subprocess.Popen(
                    [*command, "--port", str(port)], env={**os.environ}, stdout=subprocess.DEVNULL
                )
            )
            stack.callback(process.terminate)
            _ready(port)
            lines.append(f"witness {name} {signer.verifier} http://127.0.0.1:{port}")
            folders[name] = folder
        policy = [*lines, f"group g 2 {' '.join(NAMES)}", "quorum g", ""]
        (tmp_path / "witnesses.policy").write_text("\n".join(policy))
        yield folders


def _browser(login: str) -> Client:
    client = Client(headers={"accept": "text/html"})
    if login:
        client.force_login(people.find(login), backend="hutong.accounts.backend.PersonBackend")
    return client


@pytest.fixture
def forked(witnesses: dict[str, Path]) -> int:
    """A history that three have cosigned, rewritten with the log's own key and grown on. The size they cosigned."""
    organisations.apply(
        "beijing-dongcheng", [Facts("statistics-bureau", "统计局", "Statistics Bureau", "bureau")]
    )
    for login, role in PEOPLE.items():
        people.add(login, Text("张三", "Zhang San"), role, "statistics-bureau", "correct horse 蓄电池")
    api.append_many([NewEntry("test.change", AIR, {"n": n}, "statistics-bureau") for n in range(20)])
    assert api.gather() == 3
    size = api.published().size
    _rewrite(9)
    api.append("test.change", AIR, {"n": 21}, organisation="statistics-bureau")
    assert api.gather() == 0
    return size


@pytest.mark.django_db(transaction=True)
def test_a_rewritten_history_is_refused_and_shouted_about(
    forked: int, witnesses: dict[str, Path], client: Client
) -> None:
    assert api.published().size == forked < api.checkpoint().size
    for name, folder in witnesses.items():
        (line,) = (folder / "alarms.jsonl").read_text().splitlines()
        said = json.loads(line)
        assert "not shown to grow" in said["why"]
        assert notes.parse(said["cosigned"]).text != notes.parse(said["offered"]).text, name
    assert {each.name for each in api.witnesses() if each.alarm} == set(NAMES)
    finding = checks.check_witnesses()
    assert not finding.ok
    assert "auditor" in finding.what.en
    metrics = client.get("/metrics").content.decode()
    assert "hutong_ledger_alarms 3.0" in metrics
    assert 'hutong_ledger_witness_alarm{witness="city"} 1.0' in metrics
    while deliver_pending():
        pass
    assert [each.rule for each in findings.listed()].count("witness-alarm") == 3


@pytest.mark.django_db(transaction=True)
def test_those_who_answer_for_the_log_see_it_above_every_page(forked: int) -> None:
    for login, role in {**PEOPLE, "": "public"}.items():
        page = _browser(login).get("/ledger?lang=zh-hans").content.decode()
        assert ("存证日志与此前见证的内容相矛盾" in page) == (role in TOLD), role
        assert ('role="alert"' in page) == (role in TOLD), role
    page = _browser("zhou.min").get("/ledger/organisations?lang=en").content.decode()
    assert (
        "The ledger contradicts what was witnessed before; alarm raised by: auditor, city, district." in page
    )
    assert 'href="/ledger/witnesses"' in page
    for login, may in (("zhou.min", True), ("", False), ("lin.zhiyuan", False)):
        page = _browser(login).get("/ledger/witnesses?lang=en")
        assert page.status_code == 200
        assert page.content.decode().count("not shown to grow out of size") == 3
        assert ("Settle the alarm" in page.content.decode()) == may


@pytest.mark.django_db(transaction=True)
def test_an_alarm_is_settled_by_a_person_with_a_reason(forked: int) -> None:
    said = {"witness": "city", "reason-city": "恢复自备份，已与见证方核对"}
    for login in ("", "gao.yang", "lin.zhiyuan"):
        assert _browser(login).post("/ledger/witnesses", said).status_code in {302, 403}
        assert WitnessRow.objects.get(name="city").alarm
    assert _browser("zhou.min").post("/ledger/witnesses", {**said, "reason-city": " "}).status_code == 404
    assert _browser("zhou.min").post("/ledger/witnesses", said).status_code == 302
    assert not WitnessRow.objects.get(name="city").alarm
    payload = api.entries_about("urn:hutong:beijing-dongcheng:ledger:witnesses")[0].payload
    assert (payload["witness"], payload["reason"]) == ("city", said["reason-city"])
    assert AuditRecord.objects.filter(action="ledger.alarm-settled").count() == 1
    with pytest.raises(NoAlarm):
        api.settle("city", "again")
    assert EntryRow.objects.filter(kind="ledger.alarm-settled").count() == 1
    assert api.gather() == 0  # the log is still not the one it cosigned
    assert WitnessRow.objects.get(name="city").alarm


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("not shown to grow out of size 1465: the proof\nis too short", "1,465 条延续而来"),
        ("another root for size 465 than the one cosigned", "前 465 条的内容"),
        ("it has cosigned size 465, beyond our 460: the log was set back", "已会签 465 条，日志仅有 460 条"),
        ("the root of size 0 is not that of the empty tree", "自称为空"),
        ("words of another program", "words of another program"),
    ],
)
def test_what_a_witness_found_is_said_in_the_readers_language(said: str, shown: str) -> None:
    assert shown in api.alarm_said(said).zh
