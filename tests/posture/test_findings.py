"""Rules see what is wrong in how things are set up; a risk is accepted for a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from hutong.exchange.api import contracts
from hutong.exchange.types import ContractRef, Delivery, Quota
from hutong.kernel import clock
from hutong.kernel.text import Text
from hutong.lake.types import KEEP
from hutong.posture import gathering
from hutong.posture.api import findings
from hutong.posture.errors import BadUntil, NoReason, NoSuchFinding
from hutong.posture.logic import rules, weak
from hutong.posture.logic.facts import Facts, OutsideKey, Person, Witness
from hutong.posture.pack import RulesSpec
from hutong.posture.types import FindingState
from tests.exchange.conftest import CONSUMER, person
from tests.posture.conftest import SECURITY

pytestmark = pytest.mark.django_db
SPEC = RulesSpec()


def seen(facts: Facts) -> set[str]:
    return {each.rule for each in rules.look(facts, SPEC)}


def test_protected_answers_show_no_column_and_columns_have_names(agreed: Callable[..., ContractRef]):
    contract = agreed()
    columns = tuple(
        replace(each, sensitive=each.name == "uscc") for each in gathering.facts().columns[contract.table]
    )
    clear = replace(contract.terms, columns={**contract.terms.columns, "uscc": KEEP})
    facts = Facts(clock.now(), clock.today(), columns={contract.table: columns})
    told = weak.sensitive_clear(replace(contract, terms=clear), facts, SPEC)
    assert told == {"columns": {"zh": "统一社会信用代码", "en": "Unified social credit code"}}
    answers = replace(clear, delivery=(Delivery.ANSWERS,))
    assert weak.sensitive_clear(replace(contract, terms=answers), facts, SPEC) is None


def test_each_rule_sees_its_weakness_and_nothing_else(agreed: Callable[..., ContractRef]):
    contract = agreed()
    good = replace(
        gathering.facts(), verified_at=clock.now(), sealed_at=clock.now(), people=(),
        witnesses=(Witness("city", clock.now(), ""),),
    )  # fmt: skip
    before = seen(good)
    firms = next(each for each in good.datasets if each.id == "key-firm-monthly")
    others = tuple(each for each in good.datasets if each is not firms)
    hour, year = timedelta(hours=1), timedelta(days=366)
    clear = replace(contract.terms, columns={**contract.terms.columns, "uscc": KEEP})
    marked = tuple(replace(each, sensitive=each.name == "uscc") for each in good.columns[firms.id])
    worse = {
        "ungraded-open": replace(good, datasets=(*others, replace(firms, grade="", opening="open"))),
        "graded-open": replace(good, datasets=(*others, replace(firms, grade="important", opening="open"))),
        "no-owner": replace(good, datasets=(*others, replace(firms, organisation="gone"))),
        "core-clear": replace(good, datasets=(*others, replace(firms, grade="core"))),
        "sensitive-clear": replace(
            good, contracts=(replace(contract, terms=clear),), columns={**good.columns, firms.id: marked}
        ),
        "dead-key": replace(
            good, today=contract.terms.end + timedelta(days=1), keys={contract.id: (2, good.now)}
        ),
        "old-key": replace(good, keys={contract.id: (1, good.now - year)}),
        "idle-contract": replace(good, used={contract.id: good.now - year}),
        "both-roles": replace(good, people=(Person("urn:x", "甲", frozenset({"steward", "administrator"})),)),
        "stale-witness": replace(good, witnesses=(Witness("city", good.now - 25 * hour, ""),)),
        "witness-alarm": replace(good, witnesses=(Witness("city", good.now, "rewritten"),)),
        "unwitnessed": replace(good, witnesses=()),
        "unverified-log": replace(good, verified_at=None),
        "unsealed-trail": replace(good, sealed_at=good.now - 25 * hour),
    }
    plain = tuple(replace(each, sensitive=False) for each in good.columns["elders"])
    worse["unmarked"] = replace(good, columns={**good.columns, "elders": plain})
    worse["unbounded"] = replace(
        good, datasets=(*others, replace(firms, grade="important")),
        contracts=(replace(contract, terms=replace(contract.terms, quota=Quota())),),
    )  # fmt: skip
    key = OutsideKey("urn:x", Text("甲", "A"), "/market/subscriptions/x", good.now - year)
    worse["old-outside-key"] = replace(good, outside=(key,))
    assert set(worse) == set(rules.every())
    for rule, facts in worse.items():
        assert rule not in before, rule
        found = [each for each in rules.look(facts, SPEC) if each.rule == rule]
        assert found, rule
        for language in ("zh", "en"):
            assert rules.every()[rule].what.in_(language).format(**found[0].facts), rule
        assert rule not in {each.rule for each in rules.look(facts, RulesSpec(off=(rule,)))}


def test_a_dead_key_is_found_and_mended_once_it_is_revoked(agreed: Callable[..., ContractRef]):
    contract = agreed()
    contracts.issue_key(person(CONSUMER), contract.id)
    assert "dead-key" not in {each.rule for each in findings.renew()}
    with clock.freeze(clock.now() + timedelta(days=400)):
        found = next(each for each in findings.renew() if each.rule == "dead-key")
        assert contract.id in found.what.in_("zh")
        assert contract.id in found.what.in_("en")
        assert found.link == f"/exchange/contracts/{contract.id}"
        contracts.revoke_keys(person(CONSUMER), contract.id)
        assert "dead-key" not in {each.rule for each in findings.renew()}
        assert findings.finding(found.id).state is FindingState.MENDED


def test_a_risk_is_accepted_until_a_day(district: None):
    found = next(each for each in findings.renew() if each.rule == "unwitnessed")
    today = clock.today()
    with pytest.raises(NoReason):
        findings.accept(SECURITY, found.id, "", today)
    for until in (today - timedelta(days=1), date(2036, 1, 1)):
        with pytest.raises(BadUntil):
            findings.accept(SECURITY, found.id, "试点期", until)
    done = findings.accept(SECURITY, found.id, "试点期", today + timedelta(days=30))
    assert done.state is FindingState.ACCEPTED
    findings.renew()
    assert findings.finding(found.id).state is FindingState.ACCEPTED
    with clock.freeze(clock.now() + timedelta(days=31)):
        assert findings.finding(found.id).state is FindingState.OPEN
    with pytest.raises(NoSuchFinding):
        findings.finding(10**6)
