"""Joint runs that people start on the page or by API: faults at the field, on record how far, and never twice."""

import json
import os
import stat
import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.test import Client

from hutong.accounts.api import Role
from hutong.exchange.api import contracts
from hutong.exchange.models import AccessRow
from hutong.exchange.types import ContractRef
from hutong.kernel import clock, jobs, tidying
from hutong.kernel.errors import HutongError
from hutong.kernel.models import AuditRecord, JobRun
from hutong.kernel.settings import BadSetting
from hutong.ledger import api as ledger
from hutong.privacy import api as privacy
from hutong.privacy import doors, inputs, party, sides
from hutong.privacy.errors import OtherAbsent
from hutong.privacy.models import MatchRow, StartRow
from hutong.privacy.types import Stage
from tests.installed import install
from tests.privacy.conftest import CONSUMER, NOW, PROVIDER, THIRD, fill, id_number, make_contract
from tests.privacy.test_joint import ENGINE, engine, ports
from tests.privacy.test_pages import signed

__all__ = ["engine"]
Agreed = Callable[..., ContractRef]
CHOSEN = "﻿身份证号,选中\n" + "".join(f"{id_number(each)},{each % 2}\n" for each in range(200, 600))
FORM = {
    "run": "2026-03", "source": "file", "key": "身份证号", "value": "选中", "column": "subsidy", "epsilon": "0.4",
    "purpose": "policy-making", "wait": "60", "seconds": "200", "do": "start",
}  # fmt: skip
TABLE = {
    "run": "2026-03", "table": "elders", "key": "id_number", "column": "subsidy", "epsilon": "0.4", "wait": 60,
    "seconds": 200,
}  # fmt: skip


def file() -> SimpleUploadedFile:
    return SimpleUploadedFile("chosen.csv", CHOSEN.encode())


def work(start: str) -> StartRow:
    """Do the job of a side, as the worker would."""
    run = JobRun.objects.get(pk=StartRow.objects.get(pk=start).job)
    jobs.perform(run.id, run.name, run.arguments)
    return StartRow.objects.get(pk=start)


def post(client: Client, path: str, body: dict[str, Any] | None = None) -> Any:
    return client.post(f"/api/privacy/{path}", json.dumps(body or {}), "application/json")


@pytest.fixture
def contract(agreed: Agreed) -> str:
    return agreed().id


@pytest.fixture
def consumer(contract: str) -> Client:
    return signed(Role.STEWARD, CONSUMER)


@pytest.fixture
def provider(contract: str) -> Client:
    return signed(Role.STEWARD, PROVIDER)


def written(client: Client, contract: str, **changes: Any) -> str:
    """Fill in the form and send it off; the id of the side."""
    answer = client.post(f"/exchange/private/{contract}/run", FORM | {"file": file()} | changes)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return str(answer["Location"]).rpartition("/")[2]


def test_a_side_is_started_on_the_page_and_told_to_its_end(
    contract: str, consumer: Client, engine: list[dict[str, Any]]
) -> None:
    page = f"/exchange/private/{contract}/run"
    assert 'value="2026-03-1"' in consumer.get(page).content.decode(), "a name for the run is at hand"
    start = written(consumer, contract)
    kept = inputs.place(start)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.read_text("utf8").startswith("身份证号,"), (
        "without the mark, which the engine would read as a name"
    )
    place = f"/exchange/private/runs/{start}"
    waiting = consumer.get(place).content.decode()
    assert "等待后台处理" in waiting
    assert "hx-trigger" in waiting
    assert work(start).state == Stage.DONE
    assert not kept.exists(), "the file goes with the run"
    assert consumer.get(place, HTTP_HX_REQUEST="true")["HX-Redirect"] == place
    told = consumer.get(place).content.decode()
    for each in ("500", "253 ±", "8,930 ±", "元", "hx-trigger"):
        assert (each in told) is (each != "hx-trigger"), each
    assert (engine[0]["key"], engine[0]["value"], engine[0]["rank"]) == ("身份证号", "选中", 1)
    row = MatchRow.objects.get()
    assert row.purpose == "policy-making"
    assert ledger.entry(row.log_entry or 0).payload["run"] == "2026-03"
    assert AccessRow.objects.filter(contract=contract).count() == 1
    actions = list(
        AuditRecord.objects.filter(action__startswith="privacy.match").values_list("action", flat=True)
    )
    assert sorted(actions) == [
        "privacy.match", "privacy.match-prepared", "privacy.match-reserved", "privacy.match-started",
    ]  # fmt: skip
    assert "2026-03" in consumer.get(f"/exchange/private/{contract}").content.decode()


def test_programs_start_a_side_over_a_table(
    contract: str,
    provider: Client,
    consumer: Client,
    engine: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []
    real = party.run

    def run(job: dict[str, Any], seconds: int, watch: party.Watch) -> party.Ended:
        seen.extend(Path(job["input"]).read_text("utf8").splitlines())
        watch.told(Stage.WAITING)
        assert provider.get(f"/api/privacy/sides/{made['id']}").json()["stage"] == "waiting"
        return real(job, seconds, watch)

    monkeypatch.setattr(party, "run", run)
    answer = post(provider, f"contracts/{contract}/sides", TABLE)
    made = answer.json()
    assert (answer.status_code, made["stage"], made["role"], made["here"]) == (200, "asked", "provider", True)
    assert work(made["id"]).state == Stage.DONE
    assert seen[0] == '"k","v"'
    assert len(seen) == 401
    assert f'"{id_number(7)}",700' in seen, "in yuan, though the lake keeps fen"
    told = provider.get(f"/api/privacy/sides/{made['id']}").json()
    assert (told["stage"], told["result"]["chosen"], told["result"]["sum"]) == ("done", 253, 8930)
    assert consumer.get(f"/api/privacy/sides/{made['id']}").status_code == 404, (
        "its own rows are its own matter"
    )
    mine = consumer.get(f"/api/privacy/contracts/{contract}/runs").json()["runs"]
    assert (mine[0]["side"], mine[0]["sum"]) == (PROVIDER, None)
    assert provider.get(f"/api/privacy/contracts/{contract}/sides").json()["sides"][0]["id"] == made["id"]
    assert post(provider, f"sides/{made['id']}/start").json()["stage"] == "done", (
        "it is told again for nothing"
    )
    assert len(engine) == 1


def test_two_sides_of_one_installation_meet_on_this_machine(
    contract: str, provider: Client, consumer: Client, engine: list[dict[str, Any]]
) -> None:
    first = post(provider, f"contracts/{contract}/sides", TABLE).json()
    page = consumer.get(f"/exchange/private/{contract}/run").content.decode()
    assert "对方已登记" in page
    assert 'value="2026-03"' in page, "what was agreed is filled in"
    second = sides.ref(StartRow.objects.get(pk=written(consumer, contract)), visible=True)
    assert (second.own, second.peer) == (first["peer"], first["own"])
    assert second.here
    for each in (first["id"], second.id):
        assert work(each).state == Stage.DONE
    assert engine[0]["addresses"] == engine[1]["addresses"]
    assert engine[0]["terms"] == engine[1]["terms"]
    assert privacy.budget("elders", CONSUMER).spent == Decimal("0.4"), "one run, charged once"


WRONG = (
    ("run", {"run": ""}), ("run", {"run": "x" * 61}), ("key", {"key": "姓名"}), ("value", {"value": ""}),
    ("value", {"value": "别的"}), ("epsilon", {"epsilon": "3"}), ("epsilon", {"epsilon": "x"}),
    ("column", {"column": "ability"}), ("wait", {"wait": "soon"}), ("seconds", {"wait": "900"}),
    ("seconds", {"seconds": "9999"}), ("purpose", {"purpose": "curiosity"}), ("where", {"where": "gender:eq:男"}),
    ("source", {"source": "elders:id_number"}), ("source", {"source": "nothing:x"}),
    ("file", {"file": SimpleUploadedFile("a.xlsx", b"PK")}),
    ("file", {"file": SimpleUploadedFile("a.csv", "身份证号,选中\n".encode("gb18030"))}),
    ("own", {"own": "0.0.0.0:80"}), ("source", {"file": ""}),
)  # fmt: skip


def test_what_is_wrong_stands_at_its_field(
    contract: str, consumer: Client, engine: list[dict[str, Any]]
) -> None:
    before = set(inputs.place("x").parent.glob("*"))
    for field, changes in WRONG:
        answer = consumer.post(f"/exchange/private/{contract}/run", FORM | {"file": file()} | changes)
        assert answer.status_code == 422, (field, changes)
        text = answer.content.decode()
        assert f'href="#field-{field}"' in text, (field, changes)
        assert f'id="field-{field}' in text
    assert not StartRow.objects.exists()
    assert set(inputs.place("x").parent.glob("*")) == before, "no file is left behind"


def test_rows_are_ones_own_and_conditions_ask_of_rows(
    contract: str, provider: Client, engine: list[dict[str, Any]]
) -> None:
    refused = post(provider, f"contracts/{contract}/sides", TABLE | {"where": ["gender:eq:男"]})
    assert refused.status_code == 403, "elders are core data, which its stewards may not query"
    for changes, code in (
        ({"table": "key-firm-monthly"}, "privacy.bad-match"), ({"key": "subsidy"}, "privacy.bad-match"),
        ({"table": "none"}, "privacy.bad-match"), ({"epsilon": "NaN"}, "privacy.bad-question"),
        ({"organisation": CONSUMER}, "privacy.bad-match"),
    ):  # fmt: skip
        answer = post(provider, f"contracts/{contract}/sides", TABLE | changes)
        assert (answer.status_code, answer.json()["code"]) == (422, code), answer.content
    assert not StartRow.objects.exists()


def test_who_may_see_and_start(contract: str, consumer: Client, engine: list[dict[str, Any]]) -> None:
    start = written(consumer, contract, do="write")
    assert StartRow.objects.get().state == Stage.READY
    place = f"/exchange/private/runs/{start}"
    assert "尚未开始" in consumer.get(place).content.decode()
    for role, where, seen, written_down in (
        (Role.STEWARD, PROVIDER, 404, 200), (Role.STEWARD, THIRD, 404, 403), (Role.LEADER, PROVIDER, 200, 403),
        (Role.AUDITOR, PROVIDER, 200, 403), (Role.ADMINISTRATOR, PROVIDER, 403, 403),
    ):  # fmt: skip
        client = signed(role, where)
        assert client.get(place).status_code == seen, (role, where)
        assert client.get(f"/exchange/private/{contract}/run").status_code == written_down
        assert client.post(place, {"do": "start"}).status_code in {403, 404}
        assert post(client, f"sides/{start}/start").status_code in {403, 404}
        assert post(client, f"sides/{start}/stop").status_code in {403, 404}
    assert Client().get(place).status_code in {302, 401, 403}
    assert StartRow.objects.get().state == Stage.READY
    assert consumer.post(place, {"do": "start"}).status_code == 302
    work(start)
    overseen = signed(Role.SECURITY, PROVIDER).get(place).content.decode()
    assert "已完成" in overseen
    assert "8,930" not in overseen, "what came out is for the side it is of"


def test_without_the_engine_a_side_is_written_down_and_not_started(
    contract: str, consumer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUTONG_SPU_PYTHON", "")
    page = consumer.get(f"/exchange/private/{contract}/run").content.decode()
    assert "make setup-spu" in page
    assert 'value="start"' not in page
    answer = consumer.post(f"/exchange/private/{contract}/run", FORM | {"file": file()})
    assert answer.status_code == 503
    assert not StartRow.objects.exists()
    start = written(consumer, contract, do="write")
    assert "make setup-spu" in consumer.get(f"/exchange/private/runs/{start}").content.decode()
    refused = post(consumer, f"sides/{start}/start")
    assert (refused.status_code, refused.json()["code"]) == (503, "privacy.no-engine")
    assert not consumer.get(f"/api/privacy/contracts/{contract}/doors").json()["engine"]
    assert not MatchRow.objects.exists()


def test_a_side_that_was_killed_is_told_so_and_started_again_for_nothing(
    contract: str, consumer: Client, engine: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After kill -9 the worker takes the job up again: it must neither run unasked nor stand there for ever."""

    def killed(job: dict[str, Any], _seconds: int, _watch: party.Watch) -> party.Ended:
        engine.append(job)
        raise SystemExit  # as little comes after it as after a kill

    real = party.run
    monkeypatch.setattr(party, "run", killed)
    start = written(consumer, contract)
    with pytest.raises(SystemExit):
        work(start)
    assert StartRow.objects.get().state == Stage.PREPARING
    assert MatchRow.objects.get().state == "reserved"
    monkeypatch.setattr(party, "run", real)
    again = work(start)
    assert (again.state, again.error["code"]) == (Stage.FAILED, "privacy.run-cut")
    assert len(engine) == 1, "it is not run again unasked"
    assert MatchRow.objects.get().why == "privacy.run-cut"
    page = consumer.get(f"/exchange/private/runs/{start}").content.decode()
    assert "本系统停止或重启" in page
    assert "重新开始" in page
    assert consumer.post(f"/exchange/private/runs/{start}", {"do": "start"}).status_code == 302
    assert work(start).state == Stage.DONE
    assert engine[0]["noise"] == engine[1]["noise"]
    assert privacy.budget("elders", CONSUMER).spent == Decimal("0.4")


def test_a_side_that_nobody_is_at_work_on_ends_by_the_clock(
    contract: str, consumer: Client, engine: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_job: dict[str, Any], _seconds: int, watch: party.Watch) -> party.Ended:
        watch.told(Stage.WAITING)
        raise SystemExit

    monkeypatch.setattr(party, "run", killed)
    start = written(consumer, contract)
    with pytest.raises(SystemExit):
        work(start)
    at = f"/api/privacy/sides/{start}"
    assert consumer.get(at).json()["stage"] == "waiting"
    with clock.freeze(NOW + timedelta(seconds=60 + 200 + 61)):
        told = consumer.get(at).json()
    assert (told["stage"], told["error"]["code"]) == ("failed", "privacy.run-cut")


def test_a_side_is_stopped_while_it_waits(
    contract: str, consumer: Client, engine: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def waits(_job: dict[str, Any], _seconds: int, watch: party.Watch) -> party.Ended:
        watch.told(Stage.WAITING)
        assert consumer.post(f"/exchange/private/runs/{start}", {"do": "stop"}).status_code == 302
        assert "正在停止" in consumer.get(f"/exchange/private/runs/{start}").content.decode()
        watch.asked = 0.0  # type: ignore[attr-defined]
        watch.check()
        raise AssertionError("it went on")

    monkeypatch.setattr(party, "run", waits)
    start = written(consumer, contract)
    row = work(start)
    assert (row.state, row.error["code"]) == (Stage.FAILED, "privacy.run-stopped")
    assert MatchRow.objects.get().state == "failed"
    assert AuditRecord.objects.filter(action="privacy.match-stopped").count() == 1


def test_a_side_that_is_on_is_not_started_twice(
    contract: str, consumer: Client, engine: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    start = written(consumer, contract)
    busy = post(consumer, f"sides/{start}/start")
    assert (busy.status_code, busy.json()["code"]) == (409, "privacy.run-busy")
    other = consumer.post(f"/exchange/private/{contract}/run", FORM | {"file": file()})
    assert other.status_code == 409
    assert StartRow.objects.count() == 1, "what could not be started is not written down either"
    work(start)
    changed = SimpleUploadedFile("chosen.csv", CHOSEN.replace(",1", ",0").encode())
    again = written(consumer, contract, file=changed)
    assert work(again).error["code"] == "privacy.bad-match", "another file under the name of a run"
    assert len(engine) == 1


def test_a_side_whose_other_does_not_come_says_so(
    contract: str, consumer: Client, engine: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(_job: dict[str, Any], _seconds: int, _watch: party.Watch) -> party.Ended:
        raise OtherAbsent(address="127.0.0.1:9400", seconds=60)

    monkeypatch.setattr(party, "run", absent)
    start = written(consumer, contract)
    work(start)
    page = consumer.get(f"/exchange/private/runs/{start}").content.decode()
    assert "60 秒内未能与对方" in page
    assert "重新开始" in page
    assert inputs.place(start).is_file(), "the same file is there for another attempt"
    with clock.freeze(NOW + inputs.KEEP + timedelta(hours=1)):
        assert tidying.tidy(dry_run=True)["privacy.sides"].count == 1
        tidying.tidy()
    assert not inputs.place(start).exists()


def test_the_budget_is_looked_at_before_anything_is_started(
    contract: str, consumer: Client, engine: list[dict[str, Any]]
) -> None:
    for number in range(4):
        work(written(consumer, contract, run=f"r{number}", column="", value=""))
    answer = consumer.post(f"/exchange/private/{contract}/run", FORM | {"file": file(), "run": "r5"})
    assert answer.status_code == 403
    assert StartRow.objects.count() == 4


def test_an_address_is_one_that_the_administrator_allows(
    contract: str, consumer: Client, engine: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = ports()
    monkeypatch.setenv("HUTONG_JOINT_LISTEN", own)
    monkeypatch.setenv("HUTONG_JOINT_PEERS", f"{PROVIDER}={other}, {THIRD}=10.9.9.9:9400")
    assert consumer.get(f"/api/privacy/contracts/{contract}/doors").json() == {
        "engine": True, "sides": [CONSUMER], "own": [own], "peers": {PROVIDER: [other]}, "columns": ["subsidy"],
    }  # fmt: skip
    page = consumer.get(f"/exchange/private/{contract}/run").content.decode()
    assert own in page
    assert other in page
    assert contracts.contract_of(contract).terms_sha256 in page, "the other installation shows the same"
    assert "10.9.9.9" not in page, "another organisation's address is none to choose"
    for field, address in (("peer", "10.9.9.9:9400"), ("peer", "127.0.0.1:22"), ("own", other)):
        answer = consumer.post(f"/exchange/private/{contract}/run", FORM | {"file": file(), field: address})
        assert answer.status_code == 422
        assert f'id="field-{field}-error"' in answer.content.decode()
    start = written(consumer, contract)
    row = StartRow.objects.get(pk=start)
    assert (row.own, row.peer, row.here) == (own, other, False)
    busy = consumer.post(f"/exchange/private/{contract}/run", FORM | {"file": file(), "run": "another"})
    assert busy.status_code == 409
    monkeypatch.setenv("HUTONG_JOINT_PEERS", f"{PROVIDER}=10.9.9.9:9400")
    work(start)
    refused = consumer.post(f"/exchange/private/{contract}/run", FORM | {"file": file(), "run": "another"})
    assert refused.status_code == 422
    assert "TLS" in refused.content.decode()


MISSPELT = (
    ("LISTEN", "localhost:9400"), ("LISTEN", "127.0.0.1:0"), ("LISTEN", "127.0.0.1:9400-x"),
    ("PEERS", "10.0.0.1:9400"), ("PEERS", "a=169.254.169.254:80"), ("PEERS", "a=0.0.0.0:80"),
    ("PEERS", "a=224.0.0.1:80"), ("PEERS", "a=x y:80"), ("PEERS", "a=b:99999"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "text"), MISSPELT)
def test_what_the_administrator_wrote_wrongly_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    monkeypatch.setenv(f"HUTONG_JOINT_{name}", text)
    with pytest.raises(BadSetting) as wrong:
        doors.listening() if name == "LISTEN" else doors.peers("a")
    assert f"HUTONG_JOINT_{name}" in str(wrong.value.as_dict())


def test_what_was_written_down_is_taken_back_with_its_rows(
    contract: str, consumer: Client, provider: Client, engine: list[dict[str, Any]]
) -> None:
    start = written(consumer, contract)
    place, at = f"/exchange/private/runs/{start}", f"/api/privacy/sides/{start}"
    assert consumer.delete(at).json()["code"] == "privacy.run-busy"
    row = StartRow.objects.get()
    sides.ended(row, OtherAbsent(address="127.0.0.1:9400", seconds=60).as_dict())
    assert provider.delete(at).status_code == 404
    assert consumer.post(place, {"do": "drop"})["Location"] == f"/exchange/private/{contract}#matches"
    assert not StartRow.objects.exists()
    assert not inputs.place(start).exists()
    assert AuditRecord.objects.filter(action="privacy.match-dropped").count() == 1
    assert consumer.get(at).status_code == 404


@ENGINE
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(240)
def test_both_sides_by_page_and_api_with_the_engine(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table at one side, a file at the other: 200 are common, 100 of these are chosen."""
    install()
    fill(tmp_path)
    found, failed = make_contract().id, list[Exception]()
    first, second = sorted(int(each.rpartition(":")[2]) for each in ports())
    monkeypatch.setenv("HUTONG_JOINT_LISTEN", f"127.0.0.1:{first},127.0.0.1:{second}")
    provider, consumer = signed(Role.STEWARD, PROVIDER), signed(Role.STEWARD, CONSUMER)
    made = [post(provider, f"contracts/{found}/sides", TABLE).json()["id"], written(consumer, found)]

    def run(start: str) -> None:
        try:
            with clock.freeze(NOW):
                work(start)
        except (HutongError, OSError, DatabaseError) as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(each,)) for each in made]
    for each in threads:
        each.start()
    for each in threads:
        each.join(220)
    assert not failed
    truth = sum(100 * (each % 11) for each in range(200, 400) if each % 2)
    for client, start in zip((provider, consumer), made, strict=True):
        told = client.get(f"/api/privacy/sides/{start}").json()
        assert told["stage"] == "done", told
        assert told["result"]["common"] == 200
        assert abs(told["result"]["chosen"] - 100) <= 10 * told["result"]["chosen_within"]
        assert abs(told["result"]["sum"] - truth) <= 10 * told["result"]["sum_within"]
    assert os.environ["HUTONG_SPU_PYTHON"]
