"""Joint runs as people start them: both sides handed over to the API of a running installation, up to their results.

`HUTONG_SPU_PYTHON=… python -m bench joint_started`. Web, worker, both engines and this client share the machine. Half
of the keys are common and half of those chosen; the intersection must be exact and count and sum within their noise.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from bench import exchange
from bench.apart import measured
from bench.result import Result

SIZES = tuple(int(each) for each in os.environ.get("HUTONG_BENCH_KEYS", "100000,1000000").split(","))
LONGEST = 600
GIVES, CHOOSES, TABLE = "civil-affairs-bureau", "statistics-bureau", "elders"
AGREED = {
    "column": "subsidy", "epsilon": "0.4", "key": "k", "value": "v", "wait": "300", "seconds": str(LONGEST),
}  # fmt: skip


def run() -> Iterable[Result]:
    """In a process of its own; nothing where the engine is not installed."""
    return measured("bench.joint_started") if os.environ.get("HUTONG_SPU_PYTHON") else ()


def measure() -> Iterator[Result]:
    import django  # noqa: PLC0415 - the parent process must not start Django

    subprocess.run(
        [sys.executable, "-m", "hutong.project.cli", "init"], check=True, stdout=subprocess.DEVNULL
    )
    django.setup()
    contract = _contract()
    people = {each: _signed_in(each) for each in (GIVES, CHOOSES)}
    with exchange.served() as (_server, base):
        for size in SIZES:
            yield from _once(base, contract, people, size)


def _contract() -> str:
    from hutong.demo.exchange import office, steward  # noqa: PLC0415 - after django.setup()
    from hutong.exchange.api import Wish, contracts, requests  # noqa: PLC0415
    from hutong.exchange.types import Delivery  # noqa: PLC0415
    from hutong.kernel import clock  # noqa: PLC0415

    today = clock.today()
    wish = Wish(
        TABLE, "policy-making", "测量", "《统计法》", ("gender", "subsidy"), (), today,
        today + timedelta(days=90), Delivery.ANSWERS,
    )  # fmt: skip
    asked = requests.submit(steward(CHOOSES), wish)
    requests.check(office(), asked.id)
    made = requests.agree(steward(GIVES), asked.id)
    return str(contracts.sign(steward(CHOOSES), made.contract).id)


def _signed_in(organisation: str) -> dict[str, str]:
    """What the browser of one of its stewards would send."""
    from django.conf import settings  # noqa: PLC0415 - after django.setup()
    from django.middleware.csrf import _get_new_csrf_string  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from hutong.accounts import people  # noqa: PLC0415
    from hutong.accounts.api import Role  # noqa: PLC0415
    from hutong.kernel.text import Text  # noqa: PLC0415

    login = f"bench.{organisation}"[:30]
    people.add(login, Text("测量", "Bench"), Role.STEWARD, organisation)
    client, token = Client(), _get_new_csrf_string()
    client.force_login(people.find(login), backend="hutong.accounts.backend.PersonBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}"
    return {"Cookie": cookies, "X-CSRFToken": token}


def _once(base: str, contract: str, people: dict[str, dict[str, str]], size: int) -> Iterator[Result]:
    files = {
        GIVES: "k,v\n" + "".join(f"{each},{each % 100}\n" for each in range(size)),
        CHOOSES: "k,v\n" + "".join(f"{each},{each % 2}\n" for each in range(size // 2, size + size // 2)),
    }
    began = time.perf_counter()
    sides = {
        each: _post(f"{base}/api/privacy/contracts/{contract}/sides/file", people[each], size, files[each])
        for each in files
    }
    handed = time.perf_counter() - began
    told = {each: _ended(f"{base}/api/privacy/sides/{sides[each]['id']}", people[each]) for each in files}
    took = time.perf_counter() - began
    for found in told.values():
        _right(found, size)
    result = told[CHOOSES]["result"]
    match, summed = result["match_ms"] / 1000, result["sum_ms"] / 1000
    parts = f"handed over {handed:.1f} s, intersection {match:.1f} s, sum {summed:.1f} s"
    yield Result(f"joint run by API, {size:,} keys a side, to both results", took, "s", peer=parts)


def _post(address: str, headers: dict[str, str], size: int, file: str) -> dict[str, Any]:
    edge = uuid.uuid4().hex
    fields = {**AGREED, "run": f"{size} keys"}
    part = f"--{edge}\r\nContent-Disposition: form-data; name="
    parts = [f'{part}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    told = f'{part}"file"; filename="keys.csv"\r\nContent-Type: text/csv\r\n\r\n'
    body = "".join((*parts, told, file, f"\r\n--{edge}--\r\n")).encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
    return _json(urllib.request.Request(address, body, headers=headers | kind))


def _ended(address: str, headers: dict[str, str]) -> dict[str, Any]:
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        found = _json(urllib.request.Request(address, headers=headers))
        if found["stage"] in {"done", "failed"}:
            return found
        time.sleep(0.2)
    raise RuntimeError(f"{address} did not end")


def _right(found: dict[str, Any], size: int) -> None:
    truth = sum(each % 100 for each in range(size // 2, size) if each % 2)
    many = len(range(size // 2 | 1, size, 2))
    told = found["result"] or {}
    if (
        told.get("common") != size - size // 2
        or abs(told["chosen"] - many) > 10 * told["chosen_within"]
        or abs(told["sum"] - truth) > 10 * told["sum_within"]
    ):
        raise RuntimeError(json.dumps(found))


def _json(asked: urllib.request.Request) -> dict[str, Any]:
    with urllib.request.urlopen(asked, timeout=120) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


if __name__ == "__main__":
    for measured in measure():
        print(json.dumps(asdict(measured)), flush=True)
