"""Two instances of the system as real processes, and a line between them that can be cut."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ANSWERING = """
import contextlib, io, json, sys, traceback
import django
django.setup()
from django.db import connections
for line in sys.stdin:
    try:
        with contextlib.redirect_stdout(io.StringIO()) as said:
            exec(json.loads(line), {"json": json})
        answer = {"said": said.getvalue()}
    except Exception:
        answer = {"failed": traceback.format_exc()}
    connections.close_all()
    print(json.dumps(answer), flush=True)
"""


class Instance:
    """One home, its commands, its server."""

    def __init__(self, home: Path, name: str, pack: str, organisation: str) -> None:
        self.home, self.name, self.pack, self.organisation = home, name, pack, organisation
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.answering: subprocess.Popen[str] | None = None
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT / "src"),
            "DJANGO_SETTINGS_MODULE": "hutong.project.settings",
            "HUTONG_HOME": str(home),
            "HUTONG_DATABASE_URL": "",  # a home's own: two instances share no database
            "HUTONG_PACK": pack,
            "HUTONG_LEDGER_ORIGIN": f"{name}.test/ledger",
            "HUTONG_DOCK_PRIVATE": "1",
            "HUTONG_DOCK_PAGE": "10",
        }
        home.mkdir(parents=True)
        self.run("init")

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "hutong.project.cli", *words]

    def run(self, *words: str, fails: bool = False) -> str:
        done = subprocess.run(
            self.command(*words),
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert (done.returncode != 0) == fails, f"{words}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout if not fails else done.stdout + done.stderr

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--json"))

    def ask(self, code: str) -> Any:
        """The JSON that a piece of Python prints inside this instance; one process answers them all."""
        if self.answering is None:
            self.answering = subprocess.Popen(
                [sys.executable, "-c", ANSWERING],
                env=self.environment,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.answering.stdin is not None
        assert self.answering.stdout is not None
        self.answering.stdin.write(json.dumps(code) + "\n")
        self.answering.stdin.flush()
        said = json.loads(self.answering.stdout.readline())
        assert "failed" not in said, said["failed"]
        return json.loads(said["said"].strip().splitlines()[-1])

    def start(self) -> None:
        words = [sys.executable, "-m", "django", "runserver", "--noreload", f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen(
            words, env=self.environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(150):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError(f"{self.name} did not start")

    def kill(self) -> None:
        for process in (self.process, self.answering):
            if process is not None:
                process.kill()
                process.communicate(timeout=30)
        self.process = self.answering = None

    def know(self, other: "Instance", url: str, level: str, rule: str = "owner") -> None:
        """Write peers.toml with what ``other`` says of itself."""
        told = "\n".join([f'name = "{self.name}"', f'organisation = "{self.organisation}"', ""])
        file = self.home / "peers.toml"
        file.write_text(told)
        other_file = other.home / "peers.toml"
        if not other_file.exists():
            other_file.write_text(f'name = "{other.name}"\norganisation = "{other.organisation}"\n')
        keys = other.run("dock", "key")
        file.write_text(
            f'{told}[peers.{other.name}]\nurl = "{url}"\nlevel = "{level}"\nrule = "{rule}"\n{keys}'
        )


class Cut:
    """A line on loopback: connection number ``at`` (from 1) is cut before its answer comes back."""

    def __init__(self, target: int, at: int) -> None:
        self.target, self.at, self.seen = target, at, 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                caller, _address = self.server.accept()
            except OSError:
                return
            self.seen += 1
            threading.Thread(target=self._carry, args=(caller, self.seen == self.at), daemon=True).start()

    def _carry(self, caller: socket.socket, cut: bool) -> None:
        with (
            closing(caller),
            closing(socket.create_connection(("127.0.0.1", self.target), timeout=60)) as far,
        ):
            there = threading.Thread(target=_copy, args=(caller, far), daemon=True)
            there.start()
            if cut:
                far.recv(1)  # the far side has done its work and begins to answer
            else:
                _copy(far, caller)

    def close(self) -> None:
        self.server.close()


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
    except OSError:
        return


@contextmanager
def cut_line(target: int, at: int) -> Iterator[Cut]:
    line = Cut(target, at)
    try:
        yield line
    finally:
        line.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port
