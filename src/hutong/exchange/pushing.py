"""Handing a file to a consumer's address: signed, to the very address that was checked, following no redirect."""

import hashlib
import hmac
import http.client
import socket
import ssl
import time
from pathlib import Path

from hutong.exchange import places
from hutong.exchange.errors import BadAddress, PushFailed
from hutong.exchange.logic.addresses import allowed, checked
from hutong.kernel.settings import Setting, declare, value
from hutong.kernel.text import Text

declare(
    Setting(
        "HUTONG_EXCHANGE_PUSH_PRIVATE",
        False,
        "bool",
        Text(
            zh="推送可到内网与本机地址，也可用 http（政务外网内使用）",
            en="Pushes may go to private and loopback addresses, also over plain http (inside a government network)",
        ),
    )
)
TRIES = 4
_SECONDS = 30


def secret_of(contract: str) -> str:
    """What a consumer checks the signature of a push with; shown to the consumer."""
    return places.secret(f"push:{contract}").hex()


def signature(contract: str, moment: int, sha256: str) -> str:
    """HMAC-SHA-256 of ``<moment>.<SHA-256 of the body>``."""
    return hmac.new(secret_of(contract).encode(), f"{moment}.{sha256}".encode(), hashlib.sha256).hexdigest()


def push(url: str, file: Path, *, media_type: str, contract: str, delivery: str, pause: float = 2.0) -> int:
    """POST the file; tries again with growing pauses. Returns the status; raises ``BadAddress`` or ``PushFailed``."""
    private = bool(value("HUTONG_EXCHANGE_PUSH_PRIVATE"))
    scheme, host, port, target = checked(url, private=private)
    digest = _digest(file)
    said = ""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(pause * 2 ** (attempt - 1))
        moment = int(time.time())
        headers = {
            "Content-Type": media_type,
            "Content-Length": str(file.stat().st_size),
            "X-Hutong-Contract": contract,
            "X-Hutong-Delivery": delivery,
            "X-Hutong-Signature": f"t={moment},sha256={digest},v1={signature(contract, moment, digest)}",
        }
        try:
            status = _post(scheme, host, port, target, headers, file, private=private)
        except (OSError, http.client.HTTPException) as error:
            said = f"{type(error).__name__}: {error}"[:200]
            continue
        if 200 <= status < 300:
            return status
        said = f"HTTP {status}"
        if status < 500 and status != 429:
            break
    raise PushFailed(reason=said)


def _post(  # noqa: PLR0917 - the parts of an address
    scheme: str, host: str, port: int, target: str, headers: dict[str, str], file: Path, *, private: bool
) -> int:
    address = _resolve(host, port, private=private)
    connection = http.client.HTTPConnection(host, port, timeout=_SECONDS)
    wire: socket.socket = socket.create_connection((address, port), timeout=_SECONDS)
    if scheme == "https":
        wire = ssl.create_default_context().wrap_socket(wire, server_hostname=host)
    connection.sock = wire
    try:
        with file.open("rb") as body:
            connection.request("POST", target, body=body, headers=headers)
            return connection.getresponse().status
    finally:
        connection.close()


def _resolve(host: str, port: int, *, private: bool) -> str:
    """One address of the host; refused when any of its addresses is not allowed."""
    found = {str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    if refused := sorted(each for each in found if not allowed(each, private=private)):
        raise BadAddress(reason=refused[0])
    return min(found)


def _digest(file: Path) -> str:
    with file.open("rb") as body:
        return hashlib.file_digest(body, "sha256").hexdigest()
