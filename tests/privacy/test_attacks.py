"""What someone tries who wants to know about one person."""

import math
import threading
import time
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from hutong.kernel import clock
from hutong.kernel.errors import HutongError
from hutong.lake import api as lake
from hutong.lake.errors import BadLens, BadQuery
from hutong.lake.types import Condition, Op
from hutong.privacy import api as privacy
from hutong.privacy import rules
from hutong.privacy.errors import AnswerFailed, BadQuestion, BudgetSpent
from hutong.privacy.logic import noise
from hutong.privacy.models import QuestionRow
from hutong.privacy.types import Measure
from tests.installed import install
from tests.privacy.conftest import CONSUMER, NOW, PEOPLE, fill, make_contract, person, question

ME = person(CONSUMER)


@pytest.mark.parametrize(
    ("draws", "drawn"),
    [
        (5_000, lambda true, draws: [noise.noisy(true, 1, 1_000_000) for _ in range(draws)]),
        (50_000, lambda true, draws: noise.noisy_cells([true] * draws, 1, 1_000_000)),
    ],
    ids=["one by one", "together"],
)
def test_differencing_two_databases_that_differ_by_one_person(draws: int, drawn: Any) -> None:
    """Over many draws each, no outcome is more than e^ε times likelier with the person than without (ε = 1)."""
    seen = [drawn(true, draws) for true in (99, 100)]
    for edge in range(95, 106):
        shares = [sum(each >= edge for each in found) / draws for found in seen]
        for much, little in (shares, reversed(shares)):
            # five standard deviations of (much - e · little), both being shares of draws
            slack = 5 * math.sqrt((much * (1 - much) + math.e**2 * little * (1 - little)) / draws)
            assert much <= math.e * little + slack
    means = [sum(found) / draws for found in seen]
    assert 0.8 < means[1] - means[0] < 1.2  # the noise is centred: the test sees both databases


def test_two_questions_that_differ_by_one_person_both_cost_and_both_are_noisy(agreed: Any) -> None:
    contract = agreed().id
    one = privacy.ask(ME, contract, question())
    other = privacy.ask(ME, contract, question(where=(Condition("assessed", Op.NE, ("2025-01-01",)),)))
    assert one.digest != other.digest
    assert privacy.budget("elders", CONSUMER).spent == 1


def test_repeating_a_question_tells_nothing_new_and_costs_nothing(agreed: Any) -> None:
    contract = agreed().id
    a, b = Condition("gender", Op.EQ, ("男",)), Condition("ability", Op.IN, ("完好", "轻度失能"))
    turned = Condition("ability", Op.IN, ("轻度失能", "完好", "完好"))
    first = privacy.ask(ME, contract, question(where=(a, b)))
    for where in ((a, b), (b, a), (a, turned), (a, a, b)):
        again = privacy.ask(ME, contract, question(epsilon="0.50", where=where))
        assert again.cells == first.cells
        assert again.repeated
    assert privacy.budget("elders", CONSUMER).spent == Decimal("0.5")


def test_averaging_many_variants_runs_into_the_budget(agreed: Any) -> None:
    """The same question with another ε each time is another question: each is charged, none is free."""
    contract = agreed().id
    with pytest.raises(BudgetSpent):
        for number in range(100):
            privacy.ask(ME, contract, question(epsilon=str(Decimal("0.4") + Decimal(number) / 1000)))
    assert 3 <= QuestionRow.objects.count() <= 5
    assert privacy.budget("elders", CONSUMER).spent <= 2


def test_singling_out_by_identifiers_is_refused(agreed: Any) -> None:
    contract = agreed().id
    for name in ("name", "id_number", "phone", "id", "nothing"):
        with pytest.raises(BadQuestion):
            privacy.ask(ME, contract, question(where=(Condition(name, Op.EQ, ("某1",)),)))
    with pytest.raises(BadQuestion):
        privacy.ask(ME, contract, question(where=(Condition("subdistrict", Op.CONTAINS, ("1",)),)))
    assert privacy.budget("elders", CONSUMER).spent == 0


def test_singling_out_by_many_conditions_meets_the_same_noise(agreed: Any) -> None:
    """A group of one and a group of none are answered alike: the interval holds both."""
    contract = agreed().id
    where = (Condition("subsidy", Op.EQ, ("99999",)), Condition("gender", Op.EQ, ("男",)))
    found = privacy.ask(ME, contract, question(where=where)).cells[0]
    assert found.low == 0
    assert found.high is not None
    assert found.high >= 1


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "-Infinity", "-1", "0", "1e-9", "1e30", "0.6", "0.001", "sNaN"]
)
def test_no_other_epsilon_is_taken(agreed: Any, text: str) -> None:
    with pytest.raises(BadQuestion):
        privacy.ask(ME, agreed().id, question(epsilon=text))


@pytest.mark.parametrize(
    ("low", "high"),
    [("NaN", "1"), ("0", "Infinity"), ("0", "1e300"), ("-1e18", "1e18"), ("5", "5"), ("9", "1"), ("-1", "10"),
     ("0", "3000.01")],
)  # fmt: skip
def test_bounds_are_only_ever_narrowed(agreed: Any, low: str, high: str) -> None:
    asked = question(Measure.SUM, column="subsidy", low=Decimal(low), high=Decimal(high))
    with pytest.raises(BadQuestion):
        privacy.ask(ME, agreed().id, asked)


def test_forms_that_are_none_are_refused(agreed: Any) -> None:
    contract = agreed().id
    for asked in (
        question(Measure.SUM), question(Measure.SUM, column="gender"), question(Measure.SUM, column="assessed"),
        question(Measure.HISTOGRAM, column="name"), question(Measure.HISTOGRAM, column="subdistrict"),
        question(Measure.PEOPLE, column="gender"), question(Measure.COUNT, low=Decimal(1)),
        question(Measure.QUANTILE, column="subsidy", rank=Decimal("0.999")),
        question(Measure.QUANTILE, column="subsidy", rank=Decimal("NaN")),
        question(Measure.MEAN, column="id_number"),
        question(where=(Condition("gender", Op.EQ, ("男",)),) * 6),
    ):  # fmt: skip
        with pytest.raises(BadQuestion):
            privacy.ask(ME, contract, asked)
    with pytest.raises(BadLens):
        privacy.ask(ME, contract, question(where=(Condition("subsidy", Op.GE, ("'; DROP TABLE elders",)),)))
    assert privacy.budget("elders", CONSUMER).spent == 0


def test_an_error_is_the_same_whatever_the_rows_are(agreed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure in the engine keeps its reservation, tells nothing, and the question is taken up again for nothing."""
    contract, real = agreed().id, lake.query

    def broken(*_args: Any, **_more: Any) -> Any:
        raise BadQuery(reason="could not convert string '某1' to INT32")

    monkeypatch.setattr(lake, "query", broken)
    with pytest.raises(AnswerFailed) as failed:
        privacy.ask(ME, contract, question())
    assert "某1" not in str(failed.value.as_dict())
    assert failed.value.__cause__ is None
    assert privacy.budget("elders", CONSUMER).spent == Decimal("0.5")
    monkeypatch.setattr(lake, "query", real)
    assert privacy.ask(ME, contract, question()).cells
    assert privacy.budget("elders", CONSUMER).spent == Decimal("0.5")


def test_nothing_said_before_asking_depends_on_the_rows(agreed: Any, tmp_path: Path) -> None:
    """Estimates and refusals are the same for 400 people as for 3."""
    contract = agreed().id
    asked = [
        question(Measure.SUM, column="subsidy"), question(Measure.MEAN, column="subsidy"), question(),
        question(Measure.QUANTILE, column="subsidy"), question(Measure.SUM, column="subsidy", high=Decimal(9999)),
    ]  # fmt: skip

    def told() -> list[str]:
        found = []
        for each in asked:
            try:
                found.append(str(privacy.estimate(ME, contract, each)))
            except HutongError as error:
                found.append(str(error.as_dict()))
        return found

    before = told()
    fill(tmp_path, 3)
    assert told() == before


def test_an_answer_waits_for_the_beat(agreed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time taken is a multiple of the beat, so it tells how long the work took no finer than that."""
    slept: list[float] = []
    contract = agreed().id
    monkeypatch.setenv("HUTONG_PRIVACY_BEAT_MS", "250")
    own = SimpleNamespace(monotonic=time.monotonic, sleep=slept.append)  # the lake's watchers sleep too
    monkeypatch.setattr("hutong.privacy.asking.time", own)
    began = time.monotonic()
    privacy.ask(ME, contract, question())
    took = time.monotonic() - began
    assert len(slept) == 1
    assert abs((took + slept[0]) % 0.25 - 0.125) > 0.1
    with pytest.raises(BudgetSpent):
        for number in range(9):
            privacy.ask(ME, contract, question(where=(Condition("subdistrict", Op.EQ, (str(number),)),)))
    assert len(slept) > 4  # refusals keep it too


def test_one_person_with_many_rows_moves_a_count_by_the_bound_only(agreed: Any) -> None:
    assert noise.scale(3, 1_000_000) == pytest.approx(3)
    assert rules.of("hotline-cases").rows_per_person == 3
    with pytest.raises(ArithmeticError):
        noise._check(SimpleNamespace(map=lambda _moved: 0.500001), 1, 500_000)


@pytest.mark.django_db(transaction=True)
def test_parallel_askers_never_overspend(tmp_path: Path) -> None:
    """Eight at once, each with a question of its own for a quarter of the budget: four are answered."""
    install()
    fill(tmp_path)
    contract = make_contract().id
    outcomes: list[str] = []
    ready = threading.Barrier(8)

    def run(number: int) -> None:
        where = (Condition("subdistrict", Op.EQ, (f"1101010{number:02d}",)),)
        ready.wait(30)
        try:
            with clock.freeze(NOW):
                privacy.ask(ME, contract, question(where=where))
            outcomes.append("answered")
        except BudgetSpent:
            outcomes.append("refused")
        finally:
            connection.close()

    _together(run)
    assert sorted(outcomes) == ["answered"] * 4 + ["refused"] * 4
    assert privacy.budget("elders", CONSUMER).spent == 2
    assert QuestionRow.objects.filter(state="answered").count() == 4


@pytest.mark.django_db(transaction=True)
def test_the_same_question_at_the_same_time_has_one_answer(tmp_path: Path) -> None:
    install()
    fill(tmp_path)
    contract = make_contract().id
    answers: list[Decimal] = []
    ready = threading.Barrier(8)

    def run(_number: int) -> None:
        ready.wait(30)
        try:
            with clock.freeze(NOW):
                answers.append(privacy.ask(ME, contract, question()).cells[0].value)
        finally:
            connection.close()

    _together(run)
    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert privacy.budget("elders", CONSUMER).spent == Decimal("0.5")
    assert abs(answers[0] - PEOPLE) < 60


def _together(run: Any) -> None:
    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert not any(each.is_alive() for each in threads)
