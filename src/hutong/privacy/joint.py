"""Joint computation of two organisations, each on its own machine with its own rows: intersection and filtered sum.

The engine runs as a process of its own Python (HUTONG_SPU_PYTHON), since its numerics do not fit beside ours. What came
of it is on record with each party: the contract, the counts and the sum; never a key, nor which rows are common.
"""

import ipaddress
import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hutong.accounts.api import Actor, Target, allow
from hutong.exchange.api import contracts
from hutong.exchange.types import ContractRef, Delivery
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic
from hutong.kernel.settings import Setting, declare, value
from hutong.kernel.text import Text
from hutong.ledger import api as ledger
from hutong.privacy.errors import BadMatch, NoEngine

declare(
    Setting(
        "HUTONG_SPU_PYTHON",
        "",
        "str",
        Text(zh="装有 spu 的 Python（make setup-spu）", en="the Python that has spu (make setup-spu)"),
    )
)
MINIMUM = 10
MOST_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Match:
    """A match as one party runs it. Party 0 is the provider and gives values, party 1 the consumer and chooses rows."""

    contract: str
    file: Path  # CSV, one row for each key
    key: str
    addresses: tuple[str, str]  # of party 0 and party 1
    value: str = ""  # the column of values, or of 0 and 1 for the choice; empty: the intersection alone
    tls: tuple[Path, Path, Path] | None = None  # certificate, key, authority
    seconds: int = 600


def match(actor: Actor, organisation: str, asked: Match) -> dict[str, int]:
    """Run this organisation's side; both sides run at once. Raises ``BadMatch`` or ``NoEngine``."""
    found = contracts.contract_of(asked.contract)
    allow(actor, "privacy.ask", Target(organisation, kind="privacy"))
    _check(found, organisation, asked)
    told = _run(asked, 0 if organisation == found.provider else 1)
    with atomic():
        payload = {"contract": found.id, "version": found.version, "value": bool(asked.value), **told}
        ledger.append("privacy.match", found.urn, payload, organisation=organisation)
        audit.record("privacy.match", found.urn, actor=actor.urn, organisation=organisation, **told)
    return told


def _check(found: ContractRef, organisation: str, asked: Match) -> None:
    if organisation not in {found.provider, found.consumer}:
        raise _bad("本单位不是合同的一方", "the organisation is no party of the contract")
    if not found.in_force(clock.today()) or Delivery.ANSWERS not in found.terms.delivery:
        raise _bad("合同未生效或未约定此方式", "the contract is not in force or grants no answers")
    if not asked.file.is_file() or not 0 < asked.seconds <= MOST_SECONDS:
        raise _bad("没有该文件，或时限不合适", "there is no such file, or the time is out of bounds")
    if asked.tls is None and not all(_loopback(each) for each in asked.addresses):
        raise _bad("跨机器须使用双向 TLS 证书", "between machines both sides need TLS certificates")


def _loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.rpartition(":")[0]).is_loopback
    except ValueError:
        return False


def _run(asked: Match, rank: int) -> dict[str, int]:
    python = str(value("HUTONG_SPU_PYTHON"))
    if not python or not Path(python).is_file():
        raise NoEngine
    with tempfile.TemporaryDirectory(prefix="hutong-match-") as folder:
        result = Path(folder) / "result.json"
        job = {
            "match": asked.contract, "rank": rank, "addresses": list(asked.addresses), "seconds": asked.seconds,
            "input": str(asked.file.resolve()), "output": str(Path(folder) / "common.csv"), "key": asked.key,
            "value": asked.value, "minimum": MINIMUM, "result": str(result),
            "tls": _tls(asked),
        }  # fmt: skip
        script = Path(__file__).parent / "engine" / "spu_party.py"
        try:
            ended = subprocess.run(
                [python, str(script)], input=json.dumps(job).encode(), capture_output=True, cwd=folder,
                timeout=asked.seconds, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise _bad("超时", "it took too long") from None
        if ended.returncode or not result.is_file():
            raise _bad(
                "计算未完成，请核对双方地址与文件", "it did not end; check addresses and files of both"
            )
        return {name: int(each) for name, each in json.loads(result.read_text("utf8")).items()}


def _tls(asked: Match) -> dict[str, str] | None:
    if asked.tls is None:
        return None
    certificate, key, authority = (str(each.resolve()) for each in asked.tls)
    return {"certificate": certificate, "key": key, "authority": authority}


def _bad(zh: str, en: str) -> BadMatch:
    return BadMatch(reason_zh=zh, reason_en=en)
