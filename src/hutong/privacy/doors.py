"""Where a side of a joint run listens, and where other sides are: the administrator says, nobody else.

People choose among these addresses and write none. An organisation without an address of its own meets the other on
this machine, by the loopback interface alone; between machines there is TLS with the certificates of both sides.
"""

import ipaddress
import re
import socket
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path

from hutong.kernel import outward
from hutong.kernel.errors import Place
from hutong.kernel.settings import BadSetting, Setting, declare, home, value
from hutong.kernel.text import Text
from hutong.privacy.errors import AddressBusy, BadMatch
from hutong.privacy.joint import loopback

declare(
    Setting(
        "HUTONG_JOINT_LISTEN",
        "127.0.0.1:9400-9499",
        "str",
        Text(
            zh="本方在联合计算中可监听的地址，逗号分隔：IP:端口 或 IP:首端口-末端口",
            en="where this installation may listen for joint runs, by commas: IP:port or IP:first-last",
        ),
    )
)
declare(
    Setting(
        "HUTONG_JOINT_PEERS",
        "",
        "str",
        Text(
            zh="其他单位在联合计算中的地址，逗号分隔：单位=主机:端口；未列出的视为在本系统中",
            en="where other organisations are in joint runs, by commas: organisation=host:port; "
            "one that is not named is taken to be of this installation",
        ),
    )
)
declare(
    Setting(
        "HUTONG_JOINT_TLS",
        "",
        "str",
        Text(
            zh="certificate.pem、key.pem、authority.pem 所在文件夹，跨机器必需；默认主文件夹的 keys/joint",
            en="the folder of certificate.pem, key.pem and authority.pem, needed between machines; "
            "keys/joint of the home folder when unset",
        ),
    )
)
MOST = 200
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.IGNORECASE)
_FILES = ("certificate.pem", "key.pem", "authority.pem")


def listening() -> tuple[str, ...]:
    """Addresses to listen at; raises ``BadSetting``."""
    name, form = "HUTONG_JOINT_LISTEN", "IP:port, IP:first-last"
    return tuple(islice((each for part in _parts(name) for each in _range(part, name, form)), MOST))


def peers(organisation: str) -> tuple[str, ...]:
    """Addresses at which the organisation's side is to be called; raises ``BadSetting``."""
    name, found = "HUTONG_JOINT_PEERS", []
    for part in _parts(name):
        named, equals, address = part.partition("=")
        host, _colon, port = address.strip().rpartition(":")
        if not equals or not callable_host(host) or not _port(port):
            raise BadSetting(name=name, kind="organisation=host:port")
        if named.strip() == organisation:
            found.append(address.strip())
    return tuple(found[:MOST])


def choose(own: str, peer: str, other: str, taken: Collection[str]) -> tuple[str, str]:
    """The addresses of this side and of the ``other`` organisation's elsewhere: those asked for, or the first free."""
    mine, theirs = listening(), peers(other)
    if own and own not in mine:
        raise _refused("own", own)
    if peer and peer not in theirs:
        raise _refused("peer", peer)
    free = [each for each in ([own] if own else mine) if each not in taken and bindable(each)]
    if not free:
        raise AddressBusy(place=Place(key="own"), address=own or ", ".join(mine[:3]) or "—")
    return free[0], peer or theirs[0]


def pair(taken: Collection[str]) -> tuple[str, str]:
    """Two free addresses of the loopback interface, for two sides that meet on this machine."""
    mine = [each for each in listening() if loopback(each)]
    free = (each for each in mine if each not in taken and bindable(each))
    found = list(islice(free, 2))
    if len(found) < 2:
        raise AddressBusy(place=Place(key="own"), address=mine[0] if mine else "127.0.0.1")
    return found[0], found[1]


def tls(addresses: Collection[str]) -> tuple[Path, Path, Path] | None:
    """Certificate, key and authority; none on the loopback interface. Raises ``BadMatch`` where they are not there."""
    if all(loopback(each) for each in addresses):
        return None
    certificate, key, authority = certificate_files()
    if not all(each.is_file() for each in (certificate, key, authority)):
        raise BadMatch(
            place=Place(key="own"),
            reason_zh=f"跨机器须有 TLS 证书，{certificate.parent.name} 文件夹中须有 {', '.join(_FILES)}："
            "请管理员运行 hutong private certificate 和 hutong private trust",
            reason_en=f"between machines TLS certificates are needed: {', '.join(_FILES)}; have the administrator run "
            "hutong private certificate and hutong private trust",
        )
    return certificate, key, authority


def certificate_files() -> tuple[Path, Path, Path]:
    """Where certificate, key and authority are, or are to be."""
    folder = Path(str(value("HUTONG_JOINT_TLS")) or home() / "keys" / "joint")
    certificate, key, authority = (folder / each for each in _FILES)
    return certificate, key, authority


def bindable(address: str) -> bool:
    """Whether nobody listens there now and it is of this machine."""
    host, _colon, port = address.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as found:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host.strip("[]"), int(port)))
        except OSError:
            return False
    return True


def _parts(name: str) -> list[str]:
    return [each.strip() for each in str(value(name)).split(",") if each.strip()]


def _range(part: str, name: str, form: str) -> Iterator[str]:
    host, _colon, ports = part.rpartition(":")
    first, dash, last = ports.partition("-")
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        raise BadSetting(name=name, kind=form) from None
    if not _port(first) or (dash and not _port(last)):
        raise BadSetting(name=name, kind=form)
    for port in range(int(first), int(last if dash else first) + 1):
        yield f"{host}:{port}"


def _port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65536


def callable_host(host: str) -> bool:
    """An address that may be called: no multicast, link-local or unspecified one."""
    try:
        return outward.allowed(str(ipaddress.ip_address(host.strip("[]"))), private=True)
    except ValueError:
        return _HOST.fullmatch(host) is not None


def _refused(key: str, address: str) -> BadMatch:
    return BadMatch(
        place=Place(key=key),
        reason_zh=f"管理员没有允许地址 {address[:80]}",
        reason_en=f"the administrator has not allowed the address {address[:80]}",
    )
