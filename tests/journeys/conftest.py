"""A small demo district, brought up once by the command a person would use, and a server over it."""

import fcntl
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

CLI = [sys.executable, "-m", "hutong.project.cli"]
ONE_BY_ONE = """
import contextlib, io, json, sys
from hutong.project.cli import hutong
told = []
for words in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as said:
        try:
            hutong.main([*words, "--json"], standalone_mode=False)
        except SystemExit as end:
            assert not end.code, words
    told.append(said.getvalue())
print(json.dumps(told))
"""


@dataclass(frozen=True)
class District:
    """An installation in a home of its own."""

    home: Path

    def environment(self, home: Path | None = None) -> dict[str, str]:
        path = os.pathsep.join(each for each in sys.path if each)
        return {
            **os.environ,
            "HUTONG_HOME": str(home or self.home),
            "HUTONG_DEMO": "1",
            "HUTONG_DATABASE_URL": "",
            "PYTHONPATH": path,
        }

    def run(self, *arguments: str, home: Path | None = None, code: int = 0) -> str:
        done = subprocess.run(
            [*CLI, *arguments],
            env=self.environment(home),
            capture_output=True,
            text=True,
            timeout=110,
            check=False,
        )
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def ask(self, *arguments: str, home: Path | None = None, code: int = 0) -> Any:
        return json.loads(self.run(*arguments, "--json", home=home, code=code))

    def ask_all(self, *questions: tuple[str, ...], home: Path | None = None) -> list[Any]:
        """As ``ask`` for each, one after the other in one process."""
        done = subprocess.run(
            [sys.executable, "-c", ONE_BY_ONE, json.dumps(questions)],
            env=self.environment(home), capture_output=True, text=True, timeout=110, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{questions}: {done.stdout}\n{done.stderr}"
        return [json.loads(each) for each in json.loads(done.stdout)]


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    """A copy of one's own: the first test process brings a district up, the others copy it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = District(shared / "district-made")
    with (shared / "district.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.home.exists():
            draft = District(shared / "district-draft")
            shutil.rmtree(draft.home, ignore_errors=True)
            draft.run("init")
            draft.run("demo", "generate", "--scale", "0.1")
            draft.run("demo", "load")
            draft.home.rename(made.home)
    return District(Path(shutil.copytree(made.home, base / "district")))


@pytest.fixture(scope="session")
def address(district: District) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen([*CLI, "up", "--port", str(port)], env=district.environment())
    try:
        yield _ready(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=30)


def _ready(base: str) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if httpx.get(f"{base}/readyz").status_code == 200:
                return base
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("the server did not come up")


@pytest.fixture
def as_person(address: str) -> Iterator[Callable[[str], httpx.Client]]:
    """``as_person("lin.zhiyuan")``: a client signed in the way the demo's sign-in page does it."""
    clients: list[httpx.Client] = []

    def sign_in(login: str) -> httpx.Client:
        client = httpx.Client(
            base_url=address, headers={"Accept": "text/html"}, follow_redirects=True, timeout=30
        )
        clients.append(client)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/account/login").text)
        assert token
        answer = client.post(
            "/account/demo",
            data={"csrfmiddlewaretoken": token[1], "person": login, "next": ""},
            headers={"Referer": f"{address}/account/login"},
        )
        assert answer.status_code == 200, answer.text[:500]
        return client

    yield sign_in
    for client in clients:
        client.close()
