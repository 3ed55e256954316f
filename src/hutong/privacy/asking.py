"""Asking: the gate, the budget, the answer, and its trace.

The budget is reserved before a row is touched; the answer is stored, audited and logged in one transaction. A question
that was answered once is answered again for nothing, with the same words: noise is drawn once. What was reserved and
never answered stays reserved, whatever went wrong, so that no failure tells of the rows; the same question asked again
takes up its own reservation.
"""

import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from hutong.accounts.api import Actor, Target, allow
from hutong.exchange.api import contracts, gate
from hutong.exchange.types import Asked, ContractRef, Delivery
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic, exclusive
from hutong.kernel.errors import HutongError
from hutong.kernel.settings import Setting, declare, value
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import Contract, Lens, Mask, MaskKind, Seen
from hutong.ledger import api as ledger
from hutong.privacy import budgets, rules, runs
from hutong.privacy.errors import AnswerFailed, BudgetSpent
from hutong.privacy.logic import answers, questions, sql
from hutong.privacy.models import QuestionRow
from hutong.privacy.types import MICRO, Asking, Bounds, Budget, Cell, Error, Question, Rule

declare(
    Setting(
        "HUTONG_PRIVACY_BEAT_MS",
        250,
        "int",
        Text(
            zh="隐私回答只在此毫秒数的整倍数时刻给出，使耗时不透露数据",
            en="protected answers are given at multiples of so many milliseconds, so that time tells nothing",
        ),
    )
)
RESERVED, ANSWERED = "reserved", "answered"


@dataclass(frozen=True, slots=True)
class Checked:
    """A question that may be asked under a contract."""

    contract: ContractRef
    rule: Rule
    shape: Contract
    bounds: Bounds | None


def check(actor: Actor, contract: str, question: Question) -> Checked:
    """Raise unless the actor may ask this under the contract. Says nothing about rows and costs nothing."""
    found = contracts.contract_of(contract)
    allow(actor, "privacy.ask", Target(found.consumer, kind="privacy"))
    rule, shape = rules.of(found.table), lake.contract(found.table)
    bounds = questions.check(question, rule, shape, found.terms.columns)
    lake.check_lens(_lens(found, rule, question), shape)
    return Checked(found, rule, shape, bounds)


def estimate(actor: Actor, contract: str, question: Question) -> Error:
    """The error to expect, before anything is spent."""
    found = check(actor, contract, question)
    return answers.estimate(question, found.rule, found.bounds)


def ask(actor: Actor, contract: str, question: Question, purpose: str = "") -> Asking:
    """Ask once: raises ``GateShut`` by the contract, ``BadQuestion``, ``BudgetSpent``; the same again costs nothing."""
    began = time.monotonic()
    try:
        return _ask(actor, check(actor, contract, question), question, purpose)
    finally:
        _keep_beat(began)


def _ask(actor: Actor, checked: Checked, question: Question, purpose: str) -> Asking:
    contract = checked.contract
    named = [question.column, *(each.column for each in question.where)]
    asked = gate.asked_by(
        actor, contract, channel=Delivery.ANSWERS, where=question.where,
        columns=tuple(dict.fromkeys(each for each in named if each)), **({"purpose": purpose} if purpose else {}),
    )  # fmt: skip
    passed = gate.enter(asked, contract, most=0)
    whole = False
    try:
        row, repeated = _reserve(asked, checked, question)
        if row.state != ANSWERED:
            row = _answered(row, checked, question, contract)
        whole = True
        return ref(row, checked.shape.title, visible=True, repeated=repeated)
    finally:
        gate.leave(passed.record, 0, whole=whole)


def _reserve(asked: Asked, checked: Checked, question: Question) -> tuple[QuestionRow, bool]:
    """The row of this question, its cost counted against the budget; or raise, and then nothing is counted."""
    contract, rule = checked.contract, checked.rule
    snapshot = lake.latest(contract.table)
    urn = snapshot.urn if snapshot else ""
    digest = questions.digest(question, contract.table, contract.consumer, contract.terms_sha256, urn)
    cost = questions.micro(question.epsilon)
    with atomic():
        exclusive(budgets.LOCK)
        known = QuestionRow.objects.filter(digest=digest).first()
        if known is not None:
            return known, known.state == ANSWERED
        left = budgets.left(rule, contract.consumer)
        renews = rules.window(rule, clock.today())[1].isoformat()
        if cost <= left:
            row = QuestionRow.objects.create(
                digest=digest, dataset=contract.table, consumer=contract.consumer, contract=contract.id,
                version=contract.version, actor=asked.actor[:250], purpose=asked.purpose[:60], at=clock.now(),
                window=rules.window(rule, clock.today())[0], question=questions.plain(question), snapshot=urn,
                micro=cost, state=RESERVED,
            )  # fmt: skip
            audit.record(
                "privacy.reserve", contract.urn, actor=asked.actor, organisation=contract.consumer,
                question=digest, epsilon=str(question.epsilon),
            )  # fmt: skip
            return row, False
        audit.record(
            "privacy.refuse", contract.urn, actor=asked.actor, organisation=contract.consumer,
            question=digest, epsilon=str(question.epsilon),
        )  # fmt: skip
    raise BudgetSpent(asked=question.epsilon, left=_epsilon(max(0, left)), renews=renews)


def _answered(row: QuestionRow, checked: Checked, question: Question, contract: ContractRef) -> QuestionRow:
    """Compute, then store the answer once: of two at the same time, the first stored is everybody's answer."""
    cells = answers.dump(_computed(row, checked, question))
    with atomic():
        exclusive(budgets.LOCK)
        now = QuestionRow.objects.get(pk=row.pk)
        if now.state == ANSWERED:
            return now
        payload = {
            "question": now.digest, "dataset": now.dataset, "contract": now.contract, "version": now.version,
            "purpose": now.purpose, "epsilon_millionths": now.micro, "snapshot": now.snapshot,
            "answer": ledger.commit_private(cells),
        }  # fmt: skip
        entry = ledger.append("privacy.answer", contract.urn, payload, organisation=contract.consumer)
        now.answer, now.state, now.log_entry = cells, ANSWERED, entry.id
        now.save()
        audit.record(
            "privacy.answer", contract.urn, actor=now.actor, organisation=contract.consumer,
            question=now.digest, epsilon=str(question.epsilon), entry=entry.id,
        )  # fmt: skip
    return now


def _computed(row: QuestionRow, checked: Checked, question: Question) -> tuple[Cell, ...]:
    contract, rule = checked.contract, checked.rule
    lens = _lens(contract, rule, question)
    known_at = lake.snapshot(row.snapshot).committed_at if row.snapshot else None
    try:
        found = lake.query(
            sql.select(question, rule, checked.shape, checked.bounds),
            [contract.table],
            lenses={contract.table: lens},
            known_at=known_at,
        )
    except HutongError:
        raise AnswerFailed from None  # whatever it was, it is the same to whoever asked
    return answers.answer(question, rule, checked.shape, checked.bounds, found.rows)


def _lens(contract: ContractRef, rule: Rule, question: Question) -> Lens:
    """The contract's lens on what the question needs. Whom a row is about is seen by the engine alone, as a digest
    under a key that is thrown away.
    """
    person = Seen(rule.person, Mask(MaskKind.HASH, key=secrets.token_bytes(32)))
    named = [question.column] if question.column and question.column != rule.person else []
    seen = [Seen(name, contract.terms.columns[name]) for name in named]
    return Lens((person, *seen), (*contract.terms.where, *question.where))


def _keep_beat(began: float) -> None:
    beat = int(value("HUTONG_PRIVACY_BEAT_MS")) / 1000
    if beat > 0:
        time.sleep(beat - (time.monotonic() - began) % beat)


def budget(dataset: str, consumer: str) -> Budget:
    """What is left; raises ``NotAsked``."""
    rule = rules.of(dataset)
    _start, renews = rules.window(rule, clock.today())
    left = max(0, budgets.left(rule, consumer))
    return Budget(
        dataset, lake.contract(dataset).title, consumer, _epsilon(rule.budget),
        _epsilon(budgets.spent(rule, consumer)), _epsilon(left), _epsilon(budgets.spent(rule, consumer, ever=True)),
        renews, rule.price, rule.matches, runs.used(rule, consumer),
    )  # fmt: skip


def _epsilon(micro: int) -> Decimal:
    return Decimal(micro) / MICRO


def listed(
    *, consumer: str = "", party: str = "", provided: Collection[str] = (), contract: str = "", visible: bool = False,
    limit: int = 50, offset: int = 0,
) -> list[Asking]:  # fmt: skip
    """Newest first; answers only where ``visible``. Of one ``party``: what it asked, and what was asked under the
    contracts it ``provided``.
    """
    found = QuestionRow.objects.all()
    found = found.filter(consumer=consumer) if consumer else found
    found = found.filter(Q(consumer=party) | Q(contract__in=list(provided))) if party else found
    found = found.filter(contract=contract) if contract else found
    rows = found.order_by("-at", "-id")[offset : offset + limit]
    return [ref(row, lake.contract(row.dataset).title, visible=visible) for row in rows]


def ref(row: QuestionRow, title: Text, *, visible: bool, repeated: bool = False) -> Asking:
    question = questions.read(row.question)
    rule = rules.of(row.dataset)
    unit = ""
    if question.column and question.measure in questions.VALUED:
        unit = lake.contract(row.dataset).column(question.column).unit
    return Asking(
        id=row.pk, urn=f"{row.contract}/{row.pk}", dataset=row.dataset, title=title, contract=row.contract,
        consumer=row.consumer, actor=row.actor, at=row.at, question=question, digest=row.digest,
        epsilon=_epsilon(row.micro), state=row.state, log_entry=row.log_entry or 0, snapshot=row.snapshot,
        cells=answers.load(row.answer) if visible and row.answer else (), repeated=repeated,
        rank_error=answers.rank_error(question, rule.rows_per_person), unit=unit,
    )  # fmt: skip
