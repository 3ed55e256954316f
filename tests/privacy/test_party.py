"""The engine's process from outside: its stages are told, it is ended when it is to end, and nothing of it stays.

A script stands in for the engine at the edge of the process: it calls, is answered and writes what it is told to.
"""

import json
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hutong.kernel import clock
from hutong.privacy import certificates, doors, party
from hutong.privacy.checks import joint
from hutong.privacy.errors import BadCertificate, BadMatch, OtherAbsent, RunStopped
from hutong.privacy.types import Stage

ENGINE = """#!{python}
import json, os, sys, time
job = json.load(sys.stdin)
open({seen!r}, "w").write(json.dumps([os.getpid(), job["parent"], os.getcwd()]))
plan = json.loads(job["plan"])
if plan["calls"]:
    open(job["calls"], "w").close()
if plan["up"]:
    time.sleep(0.3)
    open(job["up"], "w").close()
time.sleep(plan["works"])
if plan["told"] is not None:
    open(job["result"], "w").write(json.dumps(plan["told"]))
sys.stderr.write("that is all")
"""


class Heard(party.Watch):
    """Keeps what it is told, and ends the run after so many looks."""

    def __init__(self, looks: int = 1000) -> None:
        self.stages: list[Stage] = []
        self.looks = looks

    def told(self, stage: Stage) -> None:
        self.stages.append(stage)

    def check(self) -> None:
        self.looks -= 1
        if self.looks < 0:
            raise RunStopped


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    script, found = tmp_path / "engine", tmp_path / "seen.json"
    script.write_text(ENGINE.format(python=sys.executable, seen=str(found)), "utf8")
    script.chmod(0o700)
    monkeypatch.setenv("HUTONG_SPU_PYTHON", str(script))
    return found


def job(wait: int = 5, **plan: Any) -> dict[str, Any]:
    usual = {"calls": True, "up": True, "works": 0.3, "told": {"mine": 3, "common": 2, "match_ms": 1}}
    return {
        "plan": json.dumps(usual | plan), "wait": wait, "rank": 0, "addresses": ["127.0.0.1:1", "127.0.0.1:2"],
    }  # fmt: skip


def gone(seen: Path) -> bool:
    process, _parent, folder = json.loads(seen.read_text("utf8"))
    return not Path(folder).exists() and not Path(f"/proc/{process}").exists()


def test_the_stages_are_told_in_their_order(seen: Path) -> None:
    watch = Heard()
    assert party.run(job(), 20, watch).common == 2
    assert watch.stages == [Stage.WAITING, Stage.COMPUTING]
    assert gone(seen)


@pytest.mark.parametrize("up", [False, True], ids=["waiting", "computing"])
def test_a_run_that_is_to_end_ends_its_engine(seen: Path, up: bool) -> None:
    began = time.monotonic()
    with pytest.raises(RunStopped):
        party.run(job(wait=30, up=up, works=30), 60, Heard(looks=1))
    assert time.monotonic() - began < 10
    assert gone(seen)


def test_no_end_without_a_reason(seen: Path) -> None:
    with pytest.raises(OtherAbsent):
        party.run(job(wait=1, up=False, works=30), 60)
    with pytest.raises(BadMatch) as late:
        party.run(job(works=30), 1)
    assert "more than 1 seconds" in late.value.said.en
    with pytest.raises(BadMatch) as silent:
        party.run(job(told=None), 20)
    assert "that is all" in silent.value.said.en
    assert gone(seen)


def test_the_doctor_looks_for_the_engine_and_reads_the_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text, well in (
        ("HUTONG_SPU_PYTHON", "", True), ("HUTONG_SPU_PYTHON", "/none/python", False),
        ("HUTONG_JOINT_LISTEN", "everywhere", False), ("HUTONG_JOINT_PEERS", "a=b", False),
    ):  # fmt: skip
        with monkeypatch.context() as changed:
            changed.setenv(name, text)
            assert joint().ok is well


@pytest.mark.django_db
def test_certificates_are_made_once_and_those_of_others_taken_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {}
    for side in ("a", "b"):
        monkeypatch.setenv("HUTONG_JOINT_TLS", str(tmp_path / side))
        told[side] = certificates.make("10.1.1.1" if side == "a" else "joint.example")
    own, private, authority = doors.certificate_files()
    assert private.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BadCertificate):
        certificates.make("joint.example")
    with pytest.raises(BadMatch) as lacking:
        doors.tls(["10.1.1.1:9400"])
    assert "hutong private trust" in lacking.value.said.en
    for _again in range(2):
        assert certificates.trust(told["a"].path).fingerprint == told["a"].fingerprint
    assert authority.read_bytes() == told["a"].path.read_bytes()
    certificates.trust(own)
    assert [each.name for each in certificates.held()] == ["joint.example", "10.1.1.1", "joint.example"]
    assert doors.tls(["10.1.1.1:9400"]) == (own, private, authority)
    assert joint().ok
    other = tmp_path / "sent.pem"
    for body in (b"", b"text", own.read_bytes() + private.read_bytes()):
        other.write_bytes(body)
        with pytest.raises(BadCertificate):
            certificates.trust(other)
    with clock.freeze(clock.now() + timedelta(days=certificates.DAYS - 20)):
        assert "joint.example" in joint().fix.en
