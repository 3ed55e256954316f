"""Two organisations, two processes: what they have in common, and a noisy sum over it whose rows neither side sees."""

import os
import socket
import threading
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from hutong.exchange.models import AccessRow
from hutong.exchange.types import ContractRef
from hutong.kernel import clock
from hutong.kernel.errors import HutongError
from hutong.kernel.models import AuditRecord
from hutong.lake import api as lake
from hutong.ledger import api as ledger
from hutong.privacy import api as privacy
from hutong.privacy import certificates, doors, joint, party, rules, runs
from hutong.privacy.errors import (
    BadMatch,
    BadQuestion,
    BudgetSpent,
    MatchesSpent,
    NoEngine,
    OtherAbsent,
    TermsDiffer,
)
from hutong.privacy.models import MatchRow
from tests.installed import install
from tests.privacy.conftest import CONSUMER, NOW, PROVIDER, THIRD, fill, make_contract, person, question

ENGINE = pytest.mark.skipif(
    not os.environ.get("HUTONG_SPU_PYTHON"), reason="HUTONG_SPU_PYTHON is not set (make setup-spu)"
)
SUMMED: dict[str, Any] = {"value": "v", "column": "subsidy", "epsilon": Decimal("0.4")}


def ports() -> tuple[str, str]:
    """Two that are free, held at once so that they differ."""
    with socket.socket() as one, socket.socket() as two:
        for each in (one, two):
            each.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{one.getsockname()[1]}", f"127.0.0.1:{two.getsockname()[1]}"


def files(tmp_path: Path) -> tuple[Path, Path]:
    mine, theirs = tmp_path / "values.csv", tmp_path / "chosen.csv"
    mine.write_text("k,v\n" + "".join(f"{each},{each % 100}\n" for each in range(1000)), "utf8")
    theirs.write_text("k,v\n" + "".join(f"{each},{each % 2}\n" for each in range(500, 1500)), "utf8")
    return mine, theirs


def asked(contract: ContractRef, file: Path, run: str = "2026-03", **more: Any) -> joint.Match:
    return joint.Match(contract.id, run, file, "k", **({"addresses": ("127.0.0.1:1", "127.0.0.1:2")} | more))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """An engine that tells what it was asked and answers as if 500 keys were common and 250 chosen."""
    seen: list[dict[str, Any]] = []

    def run(job: dict[str, Any], _seconds: int, _watch: party.Watch) -> party.Ended:
        seen.append(job)
        told = (
            {"count": 250 + job["noise"][0] + 3, "sum": 9000 + job["noise"][1] - 70} if job["value"] else {}
        )
        return party.Ended(mine=1000, common=500, match_ms=5, sum_ms=7, **told)

    monkeypatch.setattr(party, "python", lambda: "python")
    monkeypatch.setattr(party, "run", run)
    return seen


def test_a_match_needs_a_contract_a_party_tls_and_an_engine(
    agreed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract, (file, _other) = agreed(), files(tmp_path)
    monkeypatch.setenv("HUTONG_SPU_PYTHON", "")
    for who, changed in (
        (THIRD, {}), (CONSUMER, {"addresses": ("10.0.0.1:1", "10.0.0.2:1")}), (CONSUMER, {"file": tmp_path / "none"}),
        (CONSUMER, {"run": ""}), (CONSUMER, {"run": "x" * 61}), (CONSUMER, {"value": "v"}),
        (CONSUMER, {"wait": 601}), (CONSUMER, {"seconds": 4000}),
    ):  # fmt: skip
        with pytest.raises(BadMatch):
            joint.match(person(who), who, asked(contract, **({"file": file} | changed)))
    for changed in (
        {"column": "ability"},
        {"column": "name"},
        {"epsilon": Decimal(3)},
        {"epsilon": Decimal(0)},
    ):
        with pytest.raises(BadQuestion):
            joint.match(person(CONSUMER), CONSUMER, asked(contract, file, **(SUMMED | changed)))
    with pytest.raises(NoEngine) as absent:
        joint.match(person(CONSUMER), CONSUMER, asked(contract, file))
    assert "make setup-spu" in str(absent.value.as_dict())
    assert not MatchRow.objects.exists()


def test_each_run_has_purpose_budget_audit_and_log_entry_on_both_sides(
    agreed: Any, tmp_path: Path, engine: list[dict[str, Any]]
) -> None:
    contract, (mine, theirs) = agreed(), files(tmp_path)
    told = [
        joint.match(person(who), who, asked(contract, file, **SUMMED))
        for who, file in ((PROVIDER, mine), (CONSUMER, theirs))
    ]
    assert [job["rank"] for job in engine] == [0, 1]
    assert engine[0]["terms"] == engine[1]["terms"]
    for each in told:
        assert (each.common, each.chosen, each.total) == (500, 253, 8930), (
            "its own noise is out, the other's is in"
        )
        assert each.purpose == "policy-making"
        payload = ledger.entry(each.log_entry).payload
        assert payload["epsilon_millionths"] == 400_000
        assert set(payload["result"]) == {"private", "sealed"}, "a commitment, not the result"
    assert AuditRecord.objects.filter(action="privacy.match", subject=contract.urn).count() == 2
    assert AccessRow.objects.filter(contract=contract.id).count() == 1, "the consumer passed the gate"
    left = privacy.budget("elders", CONSUMER)
    assert (left.spent, left.matched, left.matches) == (Decimal("0.4"), 1, 4)


def test_the_same_run_again_is_told_again_and_another_file_is_refused(
    agreed: Any, tmp_path: Path, engine: list[dict[str, Any]]
) -> None:
    """Two results that differ by one row would tell that row."""
    contract, (_mine, file) = agreed(), files(tmp_path)
    first = joint.match(person(CONSUMER), CONSUMER, asked(contract, file, **SUMMED))
    again = joint.match(person(CONSUMER), CONSUMER, asked(contract, file, **SUMMED))
    assert (again.chosen, again.total, len(engine)) == (first.chosen, first.total, 1)
    file.write_text(file.read_text("utf8").replace("501,1", "501,0"), "utf8")
    with pytest.raises(BadMatch):
        joint.match(person(CONSUMER), CONSUMER, asked(contract, file, **SUMMED))
    with pytest.raises(BadMatch):
        joint.match(person(CONSUMER), CONSUMER, asked(contract, file))
    assert privacy.budget("elders", CONSUMER).spent == Decimal("0.4")


def test_sums_and_questions_spend_the_same_budget(
    agreed: Any, tmp_path: Path, engine: list[dict[str, Any]]
) -> None:
    contract, (_mine, file) = agreed(), files(tmp_path)
    for number in range(3):
        joint.match(
            person(CONSUMER),
            CONSUMER,
            asked(contract, file, f"r{number}", **(SUMMED | {"epsilon": Decimal("0.5")})),
        )
    privacy.ask(person(CONSUMER), contract.id, question())
    with pytest.raises(BudgetSpent):
        joint.match(person(CONSUMER), CONSUMER, asked(contract, file, "r4", **SUMMED))
    with pytest.raises(BudgetSpent):
        privacy.ask(person(CONSUMER), contract.id, question(epsilon="0.01"))
    assert AuditRecord.objects.filter(action="privacy.match-refused").count() == 1
    assert len(engine) == 3


def test_intersections_alone_run_out_too(agreed: Any, tmp_path: Path, engine: list[dict[str, Any]]) -> None:
    """Keys changed one by one and matched again and again would tell who is in the other's file."""
    contract, (_mine, file) = agreed(), files(tmp_path)
    for number in range(rules.of("elders").matches):
        joint.match(person(CONSUMER), CONSUMER, asked(contract, file, f"r{number}"))
    with pytest.raises(MatchesSpent):
        joint.match(person(CONSUMER), CONSUMER, asked(contract, file, "one more"))
    assert len(engine) == 4


def test_noise_is_drawn_once_for_a_run(
    agreed: Any, tmp_path: Path, engine: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is cut and taken up again gives nothing to average, and is not charged again."""
    contract, (_mine, file) = agreed(), files(tmp_path)
    real = party.run

    def cut(job: dict[str, Any], seconds: int, watch: party.Watch) -> party.Ended:
        real(job, seconds, watch)
        raise OtherAbsent(address="127.0.0.1:1", seconds=1)

    monkeypatch.setattr(party, "run", cut)
    with pytest.raises(OtherAbsent):
        joint.match(person(CONSUMER), CONSUMER, asked(contract, file, **SUMMED))
    assert runs.listed()[0].state == "failed"
    monkeypatch.setattr(party, "run", real)
    assert joint.match(person(CONSUMER), CONSUMER, asked(contract, file, **SUMMED)).chosen == 253
    assert engine[0]["noise"] == engine[1]["noise"]
    assert privacy.budget("elders", CONSUMER).spent == Decimal("0.4")


def test_a_small_intersection_is_not_told(
    agreed: Any, tmp_path: Path, engine: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    contract, (_mine, file) = agreed(), files(tmp_path)
    monkeypatch.setattr(
        party, "run", lambda _job, _seconds, _watch: party.Ended(mine=1000, common=9, match_ms=1)
    )
    assert joint.match(person(CONSUMER), CONSUMER, asked(contract, file)).common is None


def test_only_a_side_sees_what_came_out(agreed: Any, tmp_path: Path, engine: list[dict[str, Any]]) -> None:
    contract, (_mine, file) = agreed(), files(tmp_path)
    joint.match(person(CONSUMER), CONSUMER, asked(contract, file, **SUMMED))
    assert runs.listed(contract=contract.id, seen_by=frozenset({PROVIDER}))[0].total is None
    assert runs.listed(contract=contract.id, seen_by=frozenset({CONSUMER}))[0].total == 8930
    assert Client().get("/exchange/private").status_code in {302, 401, 403}


@pytest.mark.django_db(transaction=True)
def test_many_runs_at_once_never_overspend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install()
    fill(tmp_path)
    contract, (_mine, file), outcomes = make_contract(), files(tmp_path), list[str]()
    monkeypatch.setattr(party, "python", lambda: "python")
    monkeypatch.setattr(
        party, "run", lambda _job, _seconds, _watch: party.Ended(mine=1000, common=500, match_ms=1)
    )
    ready = threading.Barrier(8)

    def run(number: int) -> None:
        ready.wait(30)
        try:
            with clock.freeze(NOW):
                joint.match(person(CONSUMER), CONSUMER, asked(contract, file, f"r{number}"))
            outcomes.append("done")
        except MatchesSpent:
            outcomes.append("refused")
        finally:
            connection.close()

    _together([threading.Thread(target=run, args=(number,)) for number in range(8)])
    assert sorted(outcomes) == ["done"] * 4 + ["refused"] * 4


def test_a_contract_is_what_was_agreed_whatever_its_number(
    agreed: Any, tmp_path: Path, engine: list[dict[str, Any]]
) -> None:
    """Two installations number their contracts each on its own."""
    file, _other = files(tmp_path)
    first, second = agreed(), agreed()
    assert first.id != second.id
    for contract in (first, second):
        joint.match(person(PROVIDER), PROVIDER, asked(contract, file, **SUMMED))
    assert engine[0]["terms"] == engine[1]["terms"]
    joint.match(
        person(PROVIDER), PROVIDER, asked(first, file, "other", **(SUMMED | {"epsilon": Decimal("0.3")}))
    )
    apart = [name for name, each in engine[2]["terms"].items() if each != engine[0]["terms"][name]]
    assert apart == ["run", "epsilon"]
    assert "name of the run, ε" in party.differ(apart).said.en


@ENGINE
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(240)
def test_two_organisations_learn_count_and_noisy_sum(tmp_path: Path) -> None:
    told, failed = _both(tmp_path)
    assert not failed
    truth = sum(each % 100 for each in range(500, 1000) if each % 2)
    for organisation in (PROVIDER, CONSUMER):
        found = told[organisation]
        assert found.common == 500
        assert found.chosen is not None
        assert found.total is not None
        assert abs(found.chosen - 250) <= 10 * found.chosen_off, (
            "noise beyond 30 scales has a chance below 1e-12"
        )
        assert abs(found.total - truth) <= 10 * found.total_off
    assert AuditRecord.objects.filter(action="privacy.match").count() == 2


@ENGINE
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(240)
def test_sides_that_mean_different_things_learn_nothing(tmp_path: Path) -> None:
    told, failed = _both(tmp_path, {CONSUMER: "another run"})
    assert not told
    assert {type(each) for each in failed} == {TermsDiffer}
    assert {each.said.en for each in failed if isinstance(each, TermsDiffer)} == {
        "The two sides differ in: name of the run"
    }


@ENGINE
@pytest.mark.timeout(120)
def test_a_side_that_does_not_come_is_named(agreed: Any, tmp_path: Path) -> None:
    contract, (_mine, file), addresses = agreed(), files(tmp_path), ports()
    began = time.monotonic()
    with pytest.raises(OtherAbsent) as absent:
        joint.match(
            person(CONSUMER), CONSUMER, asked(contract, file, addresses=addresses, wait=3, seconds=100)
        )
    assert addresses[0] in str(absent.value.as_dict())
    assert time.monotonic() - began < 60


@ENGINE
@pytest.mark.parametrize("text", ["x,v\n1,1\n", "k,v\n1,much\n", "k,v\n1,1\n1,0\n", "k,v\n,1\n", "k,v\n"])
def test_a_file_that_is_none_is_found_before_the_other_is_called(
    agreed: Any, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(text, "utf8")
    with pytest.raises(BadMatch):
        joint.match(person(CONSUMER), CONSUMER, asked(agreed(), file, wait=1, seconds=60, **SUMMED))


@ENGINE
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(300)
def test_only_sides_that_trust_each_others_certificates_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other, third = (certificate(tmp_path / each, monkeypatch) for each in ("one", "other", "third"))
    certificate(one[0].parent, monkeypatch, other[0])
    certificate(other[0].parent, monkeypatch, one[0])
    certificate(third[0].parent, monkeypatch, one[0])
    told, failed = _both(tmp_path, tls={PROVIDER: one, CONSUMER: other})
    assert not failed
    assert told[CONSUMER].common == 500
    told, failed = _both(tmp_path, tls={PROVIDER: one, CONSUMER: third}, wait=6, run="2026-04")
    assert not told
    assert len(failed) == 2
    told, failed = _both(tmp_path, tls={PROVIDER: one, CONSUMER: None}, wait=6, run="2026-05")
    assert not told


def certificate(folder: Path, monkeypatch: pytest.MonkeyPatch, *trusted: Path) -> tuple[Path, Path, Path]:
    """Of an installation whose administrator trusts others."""
    monkeypatch.setenv("HUTONG_JOINT_TLS", str(folder))
    if not folder.exists():
        certificates.make(folder.name)
    for each in trusted:
        certificates.trust(each)
    return doors.certificate_files()


def _both(
    tmp_path: Path,
    names: dict[str, str] | None = None,
    *,
    tls: dict[str, Any] | None = None,
    wait: int = 100,
    run: str = "2026-03",
) -> tuple[dict[str, Any], list[Exception]]:
    install()
    if not lake.latest("elders"):
        fill(tmp_path)
    contract, told, failed, addresses = make_contract(), dict[str, Any](), list[Exception](), ports()

    def side(organisation: str, file: Path) -> None:
        name = (names or {}).get(organisation, run)
        try:
            with clock.freeze(NOW):
                more = SUMMED | {"addresses": addresses, "seconds": 200, "wait": wait}
                more |= {"tls": tls[organisation]} if tls else {}
                told[organisation] = joint.match(
                    person(organisation), organisation, asked(contract, file, name, **more)
                )
        except (HutongError, OSError) as error:
            failed.append(error)
        finally:
            connection.close()

    sides = zip((PROVIDER, CONSUMER), files(tmp_path), strict=True)
    _together([threading.Thread(target=side, args=each) for each in sides])
    return told, failed


def _together(threads: list[threading.Thread]) -> None:
    for each in threads:
        each.start()
    for each in threads:
        each.join(220)
    assert not any(each.is_alive() for each in threads)
