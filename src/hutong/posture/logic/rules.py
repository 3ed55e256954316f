"""Rules over how things are set up, as a table of one shape.

A rule looks at each thing of a kind and tells the facts of its weakness, or None. What a thing is called, where it is
shown and which dataset it is about follows from its kind. No rule asks a database.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hutong.catalog.types import EntryRef
from hutong.exchange.types import ContractRef
from hutong.kernel.text import Text
from hutong.posture.logic import weak
from hutong.posture.logic.facts import Bounds, Facts, OutsideKey, Person, Weakness, Witness
from hutong.posture.types import Severity

_WITNESSES: Final = "/ledger/witnesses"


@dataclass(frozen=True, slots=True)
class Scope:
    """A kind of thing: which there are, and (subject, dataset, page, what every finding about it says)."""

    things: Callable[[Facts], Iterator[Any]]
    told: Callable[[Any], tuple[str, str, str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Rule:
    """How much a weakness weighs, what is said of it and how to mend it; texts are filled by the facts."""

    id: str
    severity: Severity
    scope: Scope
    what: Text
    fix: Text
    sees: Callable[[Any, Facts, Bounds], weak.Told]
    page: str = ""  # below the thing's page

    def look(self, facts: Facts, bounds: Bounds) -> Iterator[Weakness]:
        for each in self.scope.things(facts):
            told = self.sees(each, facts, bounds)
            if told is not None:
                subject, dataset, link, usual = self.scope.told(each)
                yield Weakness(self.id, subject, dataset, link + self.page, {**usual, **told})


def look(facts: Facts, bounds: Bounds) -> list[Weakness]:
    """All that the rules see; ``bounds``: the pack's ``rules``."""
    return [
        each for rule in every().values() if rule.id not in bounds.off for each in rule.look(facts, bounds)
    ]


def _entry(each: EntryRef) -> tuple[str, str, str, Mapping[str, Any]]:
    told = {"title": each.title.as_dict()}
    if each.kind.value != "dataset":
        return each.urn, "", "/catalog/systems", told
    return each.urn, each.id, f"/catalog/datasets/{each.id}", told


def _contract(each: ContractRef) -> tuple[str, str, str, Mapping[str, Any]]:
    told = {"contract": each.id, "title": each.title.as_dict()}
    return each.urn, each.table, f"/exchange/contracts/{each.id}", told


def _outside(each: OutsideKey) -> tuple[str, str, str, Mapping[str, Any]]:
    return each.subject, "", each.link, {"title": each.title.as_dict()}


def _person(each: Person) -> tuple[str, str, str, Mapping[str, Any]]:
    return each.urn, "", f"/id/{each.urn}", {"person": each.name}


def _witness(each: Witness) -> tuple[str, str, str, Mapping[str, Any]]:
    return f"witness:{each.name}", "", _WITNESSES, {"witness": each.name}


def _only(subject: str, page: str) -> Scope:
    """The one thing of its kind in a district."""
    return Scope(lambda facts: iter((facts,)), lambda _facts: (subject, "", page, {}))


DATASETS: Final = Scope(lambda facts: iter(facts.datasets), _entry)
REGISTERED: Final = Scope(lambda facts: iter((*facts.datasets, *facts.systems)), _entry)
CONTRACTS: Final = Scope(lambda facts: iter(facts.contracts), _contract)
IN_FORCE: Final = Scope(lambda facts: iter(facts.in_force), _contract)
OUTSIDE: Final = Scope(lambda facts: iter(facts.outside), _outside)
PEOPLE: Final = Scope(lambda facts: iter(facts.people), _person)
WITNESSES: Final = Scope(lambda facts: iter(facts.witnesses), _witness)


_HIGH, _MEDIUM, _LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW
_MASK: Final = Text(
    zh="由提供单位续签并脱敏，或终止合同", en="let the provider renew it with masks, or end it"
)
_RULES: Final = (
    Rule(
        "ungraded-open", _HIGH, DATASETS,
        Text(zh="“{title}”未定级却已开放", en="“{title}” is open without a grade"),
        Text(zh="先定级，再决定是否开放", en="grade it, then decide whether to open it"),
        weak.ungraded_open,
    ),
    Rule(
        "graded-open", _HIGH, DATASETS,
        Text(zh="“{title}”为{grade}数据却已开放", en="“{title}” is graded {grade} and open"),
        Text(zh="停止开放，或重新定级", en="stop opening it, or grade it anew"),
        weak.graded_open,
    ),
    Rule(
        "no-owner", _MEDIUM, REGISTERED,
        Text(zh="“{title}”没有责任单位", en="Nobody answers for “{title}”"),
        Text(zh="在目录中写明提供单位", en="name the provider in the catalog"),
        weak.no_owner,
    ),
    Rule(
        "unmarked", _MEDIUM, DATASETS,
        Text(
            zh="“{title}”的个人信息列未标为敏感：{columns}",
            en="Personal columns of “{title}” are not marked sensitive: {columns}",
        ),
        Text(zh="在数据契约中把这些列标为 sensitive", en="mark them sensitive in the contract of the table"),
        weak.unmarked,
        page="/columns",
    ),
    Rule(
        "core-clear", _HIGH, IN_FORCE,
        Text(
            zh="合同 {contract} 提供核心数据“{title}”的 {count} 个明文列",
            en="Columns of core data “{title}” that contract {contract} shows as they are: {count}",
        ),
        _MASK,
        weak.core_clear,
    ),
    Rule(
        "sensitive-clear", _HIGH, IN_FORCE,
        Text(
            zh="合同 {contract} 提供“{title}”的敏感列明文：{columns}",
            en="Contract {contract} shows sensitive columns of “{title}” as they are: {columns}",
        ),
        _MASK,
        weak.sensitive_clear,
    ),
    Rule(
        "dead-key", _HIGH, CONTRACTS,
        Text(
            zh="合同 {contract} 已失效，仍有 {count} 个密钥有效",
            en="Contract {contract} has ended, keys still alive: {count}",
        ),
        Text(zh="撤销全部密钥", en="revoke all its keys"),
        weak.dead_key,
    ),
    Rule(
        "old-key", _LOW, IN_FORCE,
        Text(
            zh="合同 {contract} 的密钥已用 {days} 天未更换",
            en="A key of contract {contract} is {days} days old",
        ),
        Text(zh="签发新密钥并撤销旧密钥", en="issue a new key and revoke the old"),
        weak.old_key,
    ),
    Rule(
        "old-outside-key", _LOW, OUTSIDE,
        Text(zh="“{title}”的密钥已用 {days} 天未更换", en="A key of “{title}” is {days} days old"),
        Text(zh="请持有人生成新密钥并撤销旧密钥", en="let its holder make a new one and revoke the old"),
        weak.old_outside_key,
    ),
    Rule(
        "idle-contract", _LOW, IN_FORCE,
        Text(
            zh="合同 {contract} 已 {days} 天无人使用",
            en="Nobody has used contract {contract} for {days} days",
        ),
        Text(zh="与使用单位核实，不再需要的予以终止", en="ask the consumer, and end what is not needed"),
        weak.idle_contract,
    ),
    Rule(
        "unbounded", _LOW, IN_FORCE,
        Text(
            zh="合同 {contract} 对“{title}”没有每日限量",
            en="Contract {contract} has no daily bound on “{title}”",
        ),
        Text(zh="续签时设定每日行数", en="set rows a day when it is renewed"),
        weak.unbounded,
    ),
    Rule(
        "both-roles", _HIGH, PEOPLE,
        Text(
            zh="{person} 同时担任管理或监督与数据角色：{roles}",
            en="{person} holds roles that must be apart: {roles}",
        ),
        Text(zh="收回其中一类角色", en="take one kind of role away"),
        weak.both_roles,
    ),
    Rule(
        "stale-witness", _MEDIUM, WITNESSES,
        Text(
            zh="见证方 {witness} 已超过 {hours} 小时没有共签",
            en="Witness {witness} has not cosigned for {hours} hours",
        ),
        Text(zh="检查见证方是否运行、网络是否可达", en="see whether it runs and can be reached"),
        weak.stale_witness,
    ),
    Rule(
        "witness-alarm", _HIGH, WITNESSES,
        Text(zh="见证方 {witness} 报警：{alarm}", en="Witness {witness} raised an alarm: {alarm}"),
        Text(zh="立即核对日志是否被改写", en="see at once whether the log was rewritten"),
        weak.witness_alarm,
    ),
    Rule(
        "unwitnessed", _MEDIUM, _only("ledger", _WITNESSES),
        Text(zh="日志没有见证方", en="The log has no witness"),
        Text(zh="按文档设立见证方（docs/ledger.md）", en="set up witnesses (docs/ledger.md)"),
        weak.unwitnessed,
    ),
    Rule(
        "unverified-log", _MEDIUM, _only("ledger", "/ledger"),
        Text(zh="日志超过 {days} 天未全面核验", en="The log has not been verified as a whole for {days} days"),
        Text(zh="运行 hutong posture verify", en="run hutong posture verify"),
        weak.unverified_log,
    ),
    Rule(
        "unsealed-trail", _MEDIUM, _only("audit", "/posture/audit"),
        Text(zh="审计记录超过一天未写入日志摘要", en="Audit records have not been sealed on the log for a day"),
        Text(zh="检查后台任务是否运行：hutong work", en="see that the durable work runs: hutong work"),
        weak.unsealed_trail,
    ),
)  # fmt: skip
_BY_ID: Final[Mapping[str, Rule]] = {each.id: each for each in _RULES}


def every() -> Mapping[str, Rule]:
    return _BY_ID
