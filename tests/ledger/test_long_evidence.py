"""All accesses by Y to X as one file: of any length, in bounded memory, and by three independent checkers."""

import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from hutong.ledger import api
from hutong.ledger.checking import ledger
from hutong.ledger.errors import BadEvidence, BadProof
from hutong.ledger.logic import completeness
from hutong.ledger.logic.completeness import Complete
from hutong.ledger.logic.evidence import check_file
from hutong.ledger.types import NewEntry
from tests.ledger.test_go import GO, PACKAGES

X = "urn:hutong:beijing-dongcheng:dataset:firms"
OTHER = "urn:hutong:beijing-dongcheng:dataset:air"
Y = "culture"
SCRIPT = Path(__file__).parents[2] / "src/hutong/ledger/static/ledger/hutong_check.py"
GO_SOURCE = Path(__file__).with_name("go_evidence.go")
Change = Callable[[list[str]], list[str]]


def _fill(count: int) -> None:
    """Accesses by two to two things, every fourth of them Y's to X."""
    new = [
        NewEntry("exchange.access", (X, OTHER)[n % 2], {"n": n, "about": []}, (Y, "health")[n // 2 % 2])
        for n in range(count)
    ]
    api.append_many(new)


@pytest.fixture
def file(db: None, transactional_db: None, tmp_path: Path) -> Path:
    _fill(80)
    file = tmp_path / "evidence.json"
    file.write_text("".join(api.evidence_lines(X, by=Y)), "utf8")
    return file


def test_what_an_auditor_sees(file: Path) -> None:
    found = check_file(file, api.verifier_key())
    assert isinstance(found, Complete)
    assert (found.count, len(found.entries), found.about, found.by) == (20, 20, X, Y)
    assert [fields["payload"]["n"] for _, fields in found.entries] == list(range(0, 80, 4))
    told = CliRunner().invoke(ledger, ["check", str(file), "--key", api.verifier_key()])
    assert (told.exit_code, "20 entries, and no others" in told.stdout) == (0, True)
    assert json.loads(file.read_text()) == api.evidence_about(X, by=Y)


def test_a_file_from_before_more_came_still_holds_and_says_how_far(file: Path) -> None:
    old = check_file(file, api.verifier_key())
    _fill(8)
    again = check_file(file, api.verifier_key())
    assert isinstance(old, Complete)
    assert isinstance(again, Complete)
    assert (again.count, again.size) == (20, old.size)
    file.write_text("".join(api.evidence_lines(X, by=Y)), "utf8")
    new = check_file(file, api.verifier_key())
    assert isinstance(new, Complete)
    assert new.count == 22
    assert new.size > old.size


def _foreign(lines: list[str]) -> list[str]:
    """One access replaced by one of another's, with its own good inclusion proof."""
    other = "".join(api.evidence_lines(X, by="health")).splitlines(keepends=True)
    return [*lines[:5], other[5], *lines[6:]]


def _mended(lines: list[str], **changes: object) -> list[str]:
    head = json.loads(lines[0].rstrip() + "]}")
    return [json.dumps({**head, **changes, "entries": []}, ensure_ascii=False)[:-2] + "\n", *lines[1:]]


ATTACKS: dict[str, Change] = {
    "the first left out": lambda lines: [lines[0], *lines[2:]],
    "one left out": lambda lines: [*lines[:9], *lines[10:]],
    "the last left out": lambda lines: [*lines[:-3], lines[-3].replace("},", "}"), lines[-1]],
    "two in the other order": lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]],
    "one shown twice": lambda lines: [*lines[:4], lines[3], *lines[4:]],
    "another's": _foreign,
    "cut off": lambda lines: lines[:-1],
    "more after its end": lambda lines: [*lines, lines[2]],
    "for another": lambda lines: _mended(lines, by="health"),
    "about another thing": lambda lines: _mended(lines, about=OTHER),
    "the first called skipped": lambda lines: _mended([lines[0], *lines[2:]], skipped=1),
    "an access changed": lambda lines: [*lines[:4], lines[4].replace('\\"n\\":', '\\"n\\":1'), *lines[5:]],
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_on_the_file(file: Path, name: str) -> None:
    lines = file.read_text("utf8").splitlines(keepends=True)
    assert len(lines) == 22
    file.write_text("".join(ATTACKS[name](lines)), "utf8")
    with pytest.raises((BadProof, BadEvidence)):
        check_file(file, api.verifier_key())
    command = [sys.executable, "-I", str(SCRIPT), str(file), "--key", api.verifier_key()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "DOES NOT HOLD" in done.stderr) == (1, True), done.stderr


@pytest.mark.skipif(not GO, reason="Go is not installed (Debian: golang-1.19-go)")
@pytest.mark.skipif(
    not (PACKAGES / "src/golang.org/x/mod/sumdb").is_dir(),
    reason="Go's sumdb packages are not installed (Debian: golang-golang-x-mod-dev, golang-golang-x-crypto-dev)",
)
def test_go_checks_it_too(file: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": str(PACKAGES), "GOFLAGS": ""}
    environment["GOCACHE"] = os.environ.get("GOCACHE", str(Path.home() / ".cache/go-build"))
    program = tmp_path / "check"
    subprocess.run([GO, "build", "-o", str(program), str(GO_SOURCE)], env=environment, check=True)

    def told() -> tuple[int, str]:
        done = subprocess.run(
            [str(program), str(file), api.verifier_key()], capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout

    code, text = told()
    assert (code, text.startswith("20 entries, and no others among the first ")) == (0, True)
    good = file.read_text("utf8").splitlines(keepends=True)
    for name, change in ATTACKS.items():
        if name != "more after its end":  # Go's reader stops where the file says that it ends
            file.write_text("".join(change(good)), "utf8")
            assert told()[0] == 1 or name == "cut off", name


@pytest.mark.django_db(transaction=True)
def test_memory_does_not_grow_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completeness, "LISTED", 50)
    _fill(16_000)
    api.index()
    file, most = tmp_path / "long.json", 3_000_000
    tracemalloc.start()
    try:
        lines = api.evidence_lines(X, fresh=False)
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        with file.open("w", encoding="utf8") as out:
            out.writelines(lines)
        # tiles that neighbours share are kept, 8 KiB each
        assert tracemalloc.get_traced_memory()[1] - before < most + 70 * 8_400
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        found = check_file(file, api.verifier_key())
        assert tracemalloc.get_traced_memory()[1] - before < most
    finally:
        tracemalloc.stop()
    assert isinstance(found, Complete)
    assert (found.count, found.entries) == (8_000, ())
    assert file.stat().st_size > 2 * most
