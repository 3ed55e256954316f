"""Joint computation of two organisations, each on its own machine with its own rows: intersection and filtered sum.

A run has a name that both sides use. It is reserved against the budget before the engine starts: so many runs of a
dataset and consumer in a period, and for a sum ε of the same budget that questions spend. Each side adds noise of its
own before anything is opened, so what the other learns is ε-differentially private. The same run again with the same
file is told again for nothing; with another file it is refused, since two results that differ by one row tell that row.
"""

import hashlib
import ipaddress
import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from hutong.accounts.api import Actor, Target, allow
from hutong.exchange.api import contracts, gate
from hutong.exchange.types import ContractRef, Delivery
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic
from hutong.kernel.errors import HutongError, Place
from hutong.lake import api as lake
from hutong.ledger import api as ledger
from hutong.privacy import party, rules, runs
from hutong.privacy.errors import BadMatch
from hutong.privacy.logic import noise, questions
from hutong.privacy.logic.terms import MINIMUM, Terms
from hutong.privacy.models import MatchRow
from hutong.privacy.types import MICRO, MatchRef, Measure, Question, Rule

MOST_SECONDS = 3600
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Match:
    """A match as one party runs it. Party 0 is the provider and gives values, party 1 the consumer and chooses rows."""

    contract: str
    run: str  # its name, the same on both sides
    file: Path  # CSV, one row for each key
    key: str
    addresses: tuple[str, str]  # of party 0 and party 1
    value: str = (
        ""  # this file's column of values, or of 0 and 1 for the choice; empty: the intersection alone
    )
    column: str = ""  # the dataset's column that is summed
    epsilon: Decimal = Decimal("0.1")  # of a sum
    purpose: str = ""
    tls: tuple[Path, Path, Path] | None = None  # certificate, key, authority
    seconds: int = 600
    wait: int = 120  # for the other side to come


@dataclass(frozen=True, slots=True)
class Checked:
    """A run that its contract allows."""

    contract: ContractRef
    rule: Rule
    terms: Terms


def match(actor: Actor, organisation: str, asked: Match, watch: party.Watch = party.NOBODY) -> MatchRef:
    """Run this organisation's side; both sides run at once.

    Raises ``BadMatch``, ``BadQuestion``, ``MatchesSpent``, ``BudgetSpent``, ``GateShut``, ``NoEngine``,
    ``OtherAbsent``, ``TermsDiffer`` and what ``watch`` raises.
    """
    checked = check(actor, organisation, asked)
    if not asked.file.is_file():
        raise _bad("file", "没有该文件", "there is no such file")
    party.python()
    record = _entered(actor, checked.contract, organisation, asked)
    whole = False
    try:
        row = runs.reserve(
            actor, checked.contract, checked.rule, checked.terms, organisation, _digest(asked),
            _noise(checked.terms), asked.purpose,
        )  # fmt: skip
        if row.state != runs.DONE:
            row = _run(actor, row, checked, asked, watch)
        whole = True
    finally:
        if record is not None:
            gate.leave(record, 0, whole=whole)
    return runs.ref(row, visible=True)


def check(actor: Actor, organisation: str, asked: Match) -> Checked:
    """Raise unless the actor may run this side under the contract; looks at no file and costs nothing."""
    found = contracts.contract_of(asked.contract)
    allow(actor, "privacy.ask", Target(organisation, kind="privacy"))
    if organisation not in {found.provider, found.consumer}:
        raise _bad("", "本单位不是合同的一方", "the organisation is no party of the contract")
    if not found.in_force(clock.today()) or Delivery.ANSWERS not in found.terms.delivery:
        raise _bad(
            "", "合同未生效或未约定此方式", "the contract is not in force or grants no protected answers"
        )
    if not 0 < len(asked.run) <= LONGEST_NAME or not asked.run.isprintable():
        raise _bad("run", "须给本次运行取名，双方一致", "the run needs a name, the same on both sides")
    if not 0 < asked.wait <= asked.seconds <= MOST_SECONDS:
        raise _bad(
            "seconds", f"须 0 < 等待 ≤ 时限 ≤ {MOST_SECONDS} 秒", f"0 < wait ≤ limit ≤ {MOST_SECONDS} seconds"
        )
    if asked.tls is None and not all(loopback(each) for each in asked.addresses):
        raise _bad("", "跨机器须使用双向 TLS 证书", "between machines both sides need TLS certificates")
    if bool(asked.value) != bool(asked.column):
        raise _bad(
            "value",
            "求和须同时写明数据集的列和文件的列",
            "a sum needs the dataset's column and that of the file",
        )
    rule = rules.of(found.table)
    return Checked(found, rule, _terms(found, rule, asked))


def _terms(found: ContractRef, rule: Rule, asked: Match) -> Terms:
    agreed = (found.provider, found.consumer, found.table, found.terms_sha256)
    if not asked.column:
        return Terms(agreed, asked.run, "", 0, 0, 0)
    question = Question(Measure.SUM, asked.epsilon, asked.column)
    bounds = questions.check(question, rule, lake.contract(found.table), found.terms.columns)
    if bounds is None or bounds.step <= 0:
        raise _bad("column", "该列没有公开的取值范围", "the column has no public bounds")
    low, high = (int((each * bounds.step).to_integral_value()) for each in (bounds.low, bounds.high))
    micro = questions.micro(asked.epsilon)
    return Terms(agreed, asked.run, asked.column, micro, low, high)


def _noise(terms: Terms) -> tuple[int, int]:
    """Noise of this side: of the count and of the sum, half of ε each. It is drawn once for a run and kept."""
    if not terms.micro:
        return 0, 0
    return noise.noisy(0, 1, terms.micro // 2), noise.noisy(0, max(1, terms.furthest), terms.micro // 2)


def _digest(asked: Match) -> str:
    """Of the file and the columns that count."""
    told = hashlib.sha256()
    with asked.file.open("rb") as file:
        while block := file.read(1 << 20):
            told.update(block)
    told.update(json.dumps([asked.key, asked.value]).encode())
    return told.hexdigest()


def loopback(address: str) -> bool:
    """Whether host:port is of this machine alone."""
    try:
        return ipaddress.ip_address(address.rpartition(":")[0]).is_loopback
    except ValueError:
        return False


def _entered(actor: Actor, found: ContractRef, organisation: str, asked: Match) -> int | None:
    """The consumer passes the gate like for a question; the provider uses what is its own."""
    if organisation != found.consumer:
        return None
    columns = (asked.column,) if asked.column else ()
    purpose = {"purpose": asked.purpose} if asked.purpose else {}
    through = gate.asked_by(actor, found, channel=Delivery.ANSWERS, columns=columns, **purpose)
    return gate.enter(through, found, most=0).record


def _run(actor: Actor, row: MatchRow, checked: Checked, asked: Match, watch: party.Watch) -> MatchRow:
    found, terms = checked.contract, checked.terms
    job: dict[str, Any] = {
        "rank": 0 if row.organisation == found.provider else 1,
        "addresses": list(asked.addresses), "wait": asked.wait, "input": str(asked.file.resolve()), "key": asked.key,
        "value": asked.value, "minimum": MINIMUM, "terms": terms.parts, "low": terms.low, "high": terms.high,
        "noise": row.noise, "tls": _tls(asked),
    }  # fmt: skip
    try:
        ended = party.run(job, asked.seconds, watch)
    except HutongError as error:
        runs.fail(actor.urn, row, error.code)
        raise
    return _done(actor, row, found, terms, ended)


def _done(actor: Actor, row: MatchRow, found: ContractRef, terms: Terms, ended: party.Ended) -> MatchRow:
    """What is told has the other side's noise in it; this side's own is taken out again."""
    few = ended.common < MINIMUM
    row.mine, row.common = ended.mine, None if few else ended.common
    row.match_ms, row.sum_ms = ended.match_ms, ended.sum_ms
    if ended.count is not None and ended.sum is not None:
        row.chosen, row.total = ended.count - row.noise[0], ended.sum - row.noise[1]
    with atomic():
        payload = {
            "contract": found.id, "version": found.version, "run": terms.run, "purpose": row.purpose,
            "column": terms.column, "epsilon_millionths": terms.micro, "file": row.file_sha256, "rows": ended.mine,
            "result": ledger.commit_private([row.common, row.chosen, row.total]),
        }  # fmt: skip
        entry = ledger.append("privacy.match", found.urn, payload, organisation=row.organisation)
        row.state, row.log_entry = runs.DONE, entry.id
        row.save()
        audit.record(
            "privacy.match", found.urn, actor=actor.urn, organisation=row.organisation, run=terms.run,
            epsilon=str(Decimal(terms.micro) / MICRO), entry=entry.id,
        )  # fmt: skip
    return row


def _tls(asked: Match) -> dict[str, str] | None:
    if asked.tls is None:
        return None
    certificate, key, authority = (str(each.resolve()) for each in asked.tls)
    return {"certificate": certificate, "key": key, "authority": authority}


def _bad(key: str, zh: str, en: str) -> BadMatch:
    return BadMatch(place=Place(key=key) if key else None, reason_zh=zh, reason_en=en)
