"""Who the peers are: ``peers.toml`` in the home folder."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hutong.docking.errors import BadPeers, NoSuchPeer
from hutong.docking.types import Peer, Peers
from hutong.kernel.settings import Setting, declare, home
from hutong.kernel.text import Text

FILE = "peers.toml"
declare(
    Setting(
        "HUTONG_DOCK_PRIVATE",
        False,
        "bool",
        Text(
            zh="对接方可在内网与本机地址，也可用 http（政务外网内使用）",
            en="Peers may have private and loopback addresses, also over plain http (inside a government network)",
        ),
    )
)
declare(
    Setting(
        "HUTONG_DOCK_PAGE",
        200,
        "int",
        Text(zh="一批对接的条目版本数，至多 200", en="Versions in one batch between peers, 200 at most"),
    )
)


class _Peer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    url: str = Field(max_length=500)
    organisation: str = Field(pattern=r"^urn:hutong:[a-z0-9-]+:organisation:[\w.-]+$")
    key: str = Field(max_length=500)
    log: str = Field(max_length=500)
    level: Literal["city", "district"]
    rule: Literal["owner", "city", "manual"] = "owner"
    owns: tuple[str, ...] = ()
    title: str = Field(default="", max_length=100)
    title_en: str = Field(default="", max_length=100)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    name: str = Field(pattern=r"^[a-z0-9-]{1,60}$")
    organisation: str = Field(pattern=r"^[a-z0-9-]{1,80}$")
    peers: dict[str, _Peer] = {}


def known() -> Peers:
    """Everything in the file; no peers where there is none. Raises ``BadPeers``."""
    file = home() / FILE
    try:
        seen = file.stat()
    except FileNotFoundError:
        return Peers("", "", {})
    return _read(file, seen.st_mtime_ns, seen.st_size)


def peer(name: str) -> Peer:
    """The peer called ``name``; raises ``NoSuchPeer``."""
    found = known().peers.get(name)
    if found is None:
        raise NoSuchPeer(name=name[:60])
    return found


@lru_cache(maxsize=4)
def _read(file: Path, _changed: int, _size: int) -> Peers:
    try:
        found = _File.model_validate(tomllib.loads(file.read_text("utf8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadPeers(reason=str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise BadPeers(reason=f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    return Peers(
        found.name,
        found.organisation,
        {name: Peer(name=name, **dict(each)) for name, each in found.peers.items()},
    )
