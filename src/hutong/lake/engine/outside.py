"""Bringing rows from an address: checked, bounded, tried again where that may help.

Who works at the command line may name inner addresses; who types one on a page may not, unless the setting allows it.
"""

import http.client
import time
from pathlib import Path

from hutong.kernel import outward
from hutong.kernel.settings import Setting, declare, value
from hutong.kernel.text import Text
from hutong.lake.errors import BadAddress, SourceTooLarge, SourceUnreachable

declare(
    Setting(
        "HUTONG_LAKE_MAX_BYTES",
        50 << 30,
        "int",
        Text(zh="一个数据源最多的字节数（解压后）", en="The most bytes a source may have, decompressed"),
    )
)
declare(
    Setting(
        "HUTONG_LAKE_FETCH_PRIVATE",
        False,
        "bool",
        Text(
            zh="页面上的地址可指向内网与本机，也可用 http（政务外网内使用）",
            en="Addresses on the page may be private and loopback ones, also plain http (inside a government network)",
        ),
    ),
)
_TRIES = 4
_SECONDS = 30.0
_LONGEST = 3600.0
_CHUNK = 1 << 20


def shown(address: str) -> str:
    """The address as people and records see it: what stands after the question mark may be a key."""
    return address.partition("?")[0]


def inner() -> bool:
    """Whether people on the page may name inner addresses."""
    return bool(value("HUTONG_LAKE_FETCH_PRIVATE"))


def check(address: str) -> None:
    """Raise ``BadAddress`` for what is none; the host behind it is looked at when it is asked."""
    outward.address(address, BadAddress, private=inner())


def take(address: str, target: Path, *, private: bool, pause: float = 0.2) -> None:
    """What the address answers, in a file. Raises ``BadAddress``, ``SourceTooLarge`` or ``SourceUnreachable``."""
    limit = int(value("HUTONG_LAKE_MAX_BYTES"))
    said = ""
    for attempt in range(_TRIES):
        time.sleep(pause * (2**attempt - 1))
        try:
            with outward.fetch(address, BadAddress, private=private, seconds=_SECONDS) as answer:
                said = f"HTTP {answer.status}"
                if answer.status == http.client.OK:
                    _keep(answer, target, limit, address)
                    return
                if answer.status < 500 and answer.status != http.client.TOO_MANY_REQUESTS:
                    break
        except (OSError, http.client.HTTPException) as error:
            said = f"{type(error).__name__}: {error}"[:200]
    raise SourceUnreachable(address=shown(address), reason=said)


def _keep(answer: http.client.HTTPResponse, target: Path, limit: int, address: str) -> None:
    done, promised, end = 0, answer.length, time.monotonic() + _LONGEST
    part = target.with_name(target.name + ".part")
    with part.open("wb") as out:
        while chunk := answer.read1(_CHUNK):
            done += len(chunk)
            if (
                time.monotonic() > end
            ):  # a drop every half minute would keep the loads behind it waiting for ever
                raise SourceUnreachable(address=shown(address), reason=f"> {_LONGEST:.0f} s")
            if done > limit:
                raise SourceTooLarge(what=shown(address), limit=f"{limit} bytes")
            out.write(chunk)
    if promised is not None and done != promised:
        raise http.client.IncompleteRead(b"", promised - done)
    part.replace(target)
