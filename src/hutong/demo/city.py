"""The demo's exchanges with the city, made by the real protocol with a second instance that lives for some seconds.

The city has a home, a log and keys of its own beside the demo's. What is seen afterwards on ``/catalog/docking`` was
sent, received, signed and proved by both; only the city's server is not running any more (``hutong demo city`` does).
"""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final

from hutong.accounts.api import Role, system
from hutong.catalog import api as catalog
from hutong.demo.errors import CityFailed
from hutong.docking import api as docking
from hutong.docking.errors import PeerForked
from hutong.kernel.settings import home, value
from hutong.kernel.urn import Urn
from hutong.ledger import api as ledger

CITY: Final = "beijing"
PORT: Final = 8379
OFFICE: Final = "science-informatization-bureau"
_OWN: Final = "dongcheng"
_REGISTER: Final = (
    "government-cloud",
    "catalog-blockchain",
    "big-data-platform",
)  # the city has these as well
_TRIAL: Final = "city-docking-trial"
_FOLLOWS: Final = "city-catalog-docking"


class City:
    """A conversation with the other instance."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.said = self._hear()

    def tell(self, do: str, **said: Any) -> Mapping[str, Any]:
        assert self._process.stdin is not None  # noqa: S101 - made with a pipe
        self._process.stdin.write(json.dumps({"do": do, **said}, ensure_ascii=False) + "\n")
        self._process.stdin.flush()
        return self._hear()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - made with a pipe
        line = self._process.stdout.readline()
        if not line:
            self._process.wait(timeout=10)
            said = self._process.stderr.read() if self._process.stderr else ""
            raise CityFailed(reason=said.strip().rpartition("\n")[2][:300])
        found: dict[str, Any] = json.loads(line)
        return found


def seed() -> bool:
    """Exchange with the city, once; false where it has been done."""
    if CITY in docking.known().peers and ledger.find(kind="docking.acknowledged", limit=1).total:
        return False
    with running(_free()) as city:
        _introduce(city)
        docking.push(CITY)
        early = docking.last_checkpoint(CITY)
        docking.pull(CITY)
        _put_back(early)
        entries = [_urn(each) for each in _REGISTER[:2]]
        city.tell("correct", entries=entries)
        docking.pull(CITY)
        city.tell("add")
        _change()
        docking.report(CITY)
    _write(city.said, PORT)
    return True


def _put_back(checkpoint: str) -> None:
    """A drill: someone shows the city's log as it was before, as after a restored backup. It is refused and told, and
    a person settles it; what the security officer makes of it is left open.
    """
    log = logging.getLogger("hutong.docking")
    before = log.level
    log.setLevel(logging.CRITICAL)  # who loads the demo should not read of a drill as of a failure
    try:
        with suppress(PeerForked):
            docking.meet(CITY, checkpoint)
    finally:
        log.setLevel(before)
    docking.settle(CITY, "市级日志备份恢复演练，已与市级核对（演示，人工合成）", system(Role.DATA_OFFICE).urn)


def serve() -> None:
    """Run the city's side until it is told to stop."""
    with running(PORT) as city:
        _introduce(city)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


@contextmanager
def running(port: int) -> Iterator[City]:
    """The other instance, as long as it is needed."""
    folder = home() / "demo" / "city"
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "HUTONG_HOME": str(folder),
        "HUTONG_PACK": "beijing-city",
        "HUTONG_LEDGER_ORIGIN": "city.demo.example/ledger",
        "HUTONG_DATABASE_URL": "",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "hutong.demo.city_side", str(port)],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            yield City(process)
        finally:
            if process.stdin:
                process.stdin.close()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def _introduce(city: City) -> None:
    """Each tells the other its name, its key and the key of its log."""
    _write(city.said, city.said["port"])
    keys = [each for each in ledger.organisation_keys(OFFICE) if each.revoked_by is None]
    own = keys[-1] if keys else ledger.add_key(OFFICE)
    peer = {"name": _OWN, "url": "http://127.0.0.1:8000", "organisation": own.subject, "key": own.key,
            "log": ledger.verifier_key()}  # fmt: skip
    register = [catalog.entry(_urn(each)) for each in _REGISTER]
    city.tell(
        "know",
        peer=peer,
        register=[{"urn": each.urn, "kind": str(each.kind), "body": each.body} for each in register],
    )
    docking.trust(CITY)


def _write(said: Mapping[str, Any], port: int) -> None:
    lines = [
        "# 演示用的市级实例，由 hutong demo city 启动 · the city of the demo",
        f'name = "{_OWN}"', f'organisation = "{OFFICE}"', f"[peers.{CITY}]", f'url = "http://127.0.0.1:{port}"',
        *(f'{key} = "{said[key]}"' for key in ("organisation", "key", "log")),
        'title = "北京市（演示）"', 'title_en = "Beijing (demonstration)"',
        'level = "city"', 'rule = "owner"', 'owns = ["beijing-city"]', "",
    ]  # fmt: skip
    (home() / "peers.toml").write_text("\n".join(lines), "utf8")


def _change() -> None:
    """What was written here since: one correction, and a trial that is over and followed by the system itself."""
    platform = catalog.entry(_urn(_REGISTER[2]))
    note = {"zh": "二期扩容中（演示，人工合成）", "en": "Second stage under way (demo, synthetic)"}
    catalog.edit(platform.kind, platform.urn, {**platform.body, "note": note}, expected=platform.version)
    follows = catalog.entry(_urn(_FOLLOWS))
    trial = {
        **follows.body,
        "id": _TRIAL,
        "title": {"zh": "市区目录对接试点（演示）", "en": "Trial of the docking (demo)"},
    }
    made = catalog.edit(follows.kind, _urn(_TRIAL), trial, expected=0)
    catalog.retire(
        _urn(_TRIAL),
        expected=made.version,
        reason="试点结束，转入正式对接（演示，人工合成）",
        successor=follows.urn,
    )


def _urn(system: str) -> str:
    return str(Urn(str(value("HUTONG_PACK")), "system", system))


def _free() -> int:
    """The usual port where nobody listens there, else any."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            return 0
    return PORT
