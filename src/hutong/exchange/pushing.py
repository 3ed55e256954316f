"""Handing a file to a consumer's address: signed, to the very address that was checked, following no redirect."""

import hashlib
import hmac
import http.client
import time
from pathlib import Path

from hutong.exchange import places
from hutong.exchange.errors import BadAddress, PushFailed
from hutong.kernel import outward
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
    to = outward.address(url, BadAddress, private=private)
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
            status = _post(to, headers, file, private=private)
        except (OSError, http.client.HTTPException) as error:
            said = f"{type(error).__name__}: {error}"[:200]
            continue
        if 200 <= status < 300:
            return status
        said = f"HTTP {status}"
        if status < 500 and status != 429:
            break
    raise PushFailed(reason=said)


def _post(to: outward.Address, headers: dict[str, str], file: Path, *, private: bool) -> int:
    connection = http.client.HTTPConnection(to.host, to.port, timeout=_SECONDS)
    connection.sock = outward.connect(to, BadAddress, private=private, seconds=_SECONDS)
    try:
        with file.open("rb") as body:
            connection.request("POST", to.target, body=body, headers=headers)
            with connection.getresponse() as answer:
                return answer.status
    finally:
        connection.close()


def _digest(file: Path) -> str:
    with file.open("rb") as body:
        return hashlib.file_digest(body, "sha256").hexdigest()
