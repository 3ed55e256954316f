"""Go's checksum-database code reads our log: an independent verifier of keys, notes, tiles and proofs."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from hutong.ledger import api
from hutong.ledger.logic import cosignatures, notes, tiles
from hutong.ledger.types import NewEntry

SOURCE = Path(__file__).with_name("go_check.go")
PACKAGES = Path("/usr/share/gocode")
GO = shutil.which("go") or next(map(str, sorted(Path("/usr/lib").glob("go-*/bin/go"))), "")


@pytest.fixture
def served(client: Client, tmp_path: Path) -> Path:
    """A folder with what the server gives an outsider about a log of 517 entries."""
    for step in (200, 317):
        new = [NewEntry("test.snapshot", f"urn:hutong:d:dataset:空气{n}", {"n": n}) for n in range(step)]
        api.append_many(new)
        name = "old-checkpoint" if step == 200 else "checkpoint"
        (tmp_path / name).write_bytes(client.get("/ledger/checkpoint").content)
    (tmp_path / "witnesses").write_bytes(b"")
    (tmp_path / "verifier").write_bytes(client.get("/ledger/verifier").content)
    wanted = [(level, index) for level in (0, None) for index in range(3)] + [(1, 0)]
    for level, index in wanted:
        path = tiles.TilePath(level, index, tiles.width_at(517, level or 0, index))
        file = tmp_path / str(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(client.get(f"/ledger/{path}").content)
    return tmp_path


def _go(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": str(PACKAGES), "GOFLAGS": ""}
    environment["GOCACHE"] = os.environ.get("GOCACHE", str(Path.home() / ".cache/go-build"))
    return subprocess.run(
        [GO, "run", str(SOURCE), str(folder)], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not GO, reason="Go is not installed (Debian: golang-1.19-go)")
@pytest.mark.skipif(
    not (PACKAGES / "src/golang.org/x/mod/sumdb").is_dir(),
    reason="Go's sumdb packages are not installed (Debian: golang-golang-x-mod-dev, golang-golang-x-crypto-dev)",
)
def test_go_verifies_our_log(served: Path) -> None:
    told = _go(served)
    assert told.stdout == "517 leaves, consistent since 200, 0 cosignatures\n", told.stderr
    signers = [cosignatures.WitnessSigner(notes.SignerKey.generate(f"w.example/{n}")) for n in range(3)]
    (served / "witnesses").write_text("".join(f"{each.verifier}\n" for each in signers))
    note = notes.parse((served / "checkpoint").read_text())
    lines = "".join(str(each.sign(note.text, 1_790_000_000)) for each in signers[:2])
    (served / "checkpoint").write_text(str(note) + lines)
    assert _go(served).stdout == "517 leaves, consistent since 200, 2 cosignatures\n"
    (served / "checkpoint").write_text(str(note) + str(signers[0].sign(note.text + "x\n", 1_790_000_000)))
    assert "invalid signature" in _go(served).stderr
    (served / "checkpoint").write_text(str(note) + lines)
    file = served / "tile/entries/001"
    file.write_bytes(file.read_bytes().replace(b'"n":100}', b'"n":999}'))
    told = _go(served)
    assert told.returncode != 0
    assert "leaf 300" in told.stderr
