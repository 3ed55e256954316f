"""Rules over how things are set up. Each yields the weaknesses it sees; none asks a database."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from hutong.catalog.types import EntryRef
from hutong.exchange.types import ContractRef, Standing
from hutong.kernel.text import Text
from hutong.lake.types import Column, ColumnType, MaskKind
from hutong.posture.types import Severity

PERSONAL: Final = frozenset({ColumnType.IDNUMBER, ColumnType.PHONE})
_DATA_ROLES: Final = frozenset({"steward", "data_office"})
_WATCH_ROLES: Final = frozenset({"administrator", "security", "auditor"})


@dataclass(frozen=True, slots=True)
class Witness:
    """How a witness of the log does."""

    name: str
    seen_at: datetime | None
    alarm: str


@dataclass(frozen=True, slots=True)
class Facts:
    """How the district is set up now."""

    now: datetime
    today: date
    datasets: tuple[EntryRef, ...] = ()
    systems: tuple[EntryRef, ...] = ()
    columns: Mapping[str, tuple[Column, ...]] = field(default_factory=dict)
    contracts: tuple[ContractRef, ...] = ()
    keys: Mapping[str, tuple[int, datetime]] = field(default_factory=dict)
    used: Mapping[str, datetime] = field(default_factory=dict)
    people: tuple[tuple[str, str, frozenset[str]], ...] = ()  # urn, name, roles
    organisations: frozenset[str] = frozenset()
    witnesses: tuple[Witness, ...] = ()
    verified_at: datetime | None = None
    sealed_at: datetime | None = None
    records: int = 0

    @property
    def in_force(self) -> list[ContractRef]:
        return [each for each in self.contracts if each.in_force(self.today)]


@dataclass(frozen=True, slots=True)
class Weakness:
    """What a rule saw."""

    rule: str
    subject: str
    dataset: str = ""
    link: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: how much it weighs, what it says and how to mend it; texts are filled by the facts."""

    id: str
    severity: Severity
    what: Text
    fix: Text
    look: Callable[[Facts, Any], Iterator[Weakness]]


_rules: dict[str, Rule] = {}


def _rule(name: str, severity: Severity, what: Text, fix: Text) -> Callable[[Any], Any]:
    def register(
        look: Callable[[Facts, Any], Iterator[Weakness]],
    ) -> Callable[[Facts, Any], Iterator[Weakness]]:
        _rules[name] = Rule(name, severity, what, fix, look)
        return look

    return register


def every() -> Mapping[str, Rule]:
    return _rules


def look(facts: Facts, bounds: Any) -> list[Weakness]:
    """All that the rules see; ``bounds``: the pack's ``rules``."""
    return [
        each for rule in _rules.values() if rule.id not in bounds.off for each in rule.look(facts, bounds)
    ]


def _page(dataset: str) -> str:
    return f"/catalog/datasets/{dataset}"


def _contract(each: ContractRef) -> str:
    return f"/exchange/contracts/{each.id}"


@_rule(
    "ungraded-open",
    Severity.HIGH,
    Text(zh="“{title}”未定级却已开放", en="“{title}” is open without a grade"),
    Text(zh="先定级，再决定是否开放", en="grade it, then decide whether to open it"),
)
def _ungraded(facts: Facts, _: Any) -> Iterator[Weakness]:
    for each in facts.datasets:
        if not each.grade and each.opening == "open":
            yield Weakness(
                "ungraded-open", each.urn, each.id, _page(each.id), {"title": each.title.as_dict()}
            )


@_rule(
    "graded-open",
    Severity.HIGH,
    Text(zh="“{title}”为 {grade} 级却已开放", en="“{title}” is graded {grade} and open"),
    Text(zh="停止开放，或重新定级", en="stop opening it, or grade it anew"),
)
def _graded_open(facts: Facts, _: Any) -> Iterator[Weakness]:
    for each in facts.datasets:
        if each.grade in {"core", "important"} and each.opening == "open":
            told = {"title": each.title.as_dict(), "grade": each.grade}
            yield Weakness("graded-open", each.urn, each.id, _page(each.id), told)


@_rule(
    "no-owner",
    Severity.MEDIUM,
    Text(zh="“{title}”没有责任单位", en="Nobody answers for “{title}”"),
    Text(zh="在目录中写明提供单位", en="name the provider in the catalog"),
)
def _no_owner(facts: Facts, _: Any) -> Iterator[Weakness]:
    for each in (*facts.datasets, *facts.systems):
        if each.organisation not in facts.organisations:
            local = each.id if each.kind.value == "dataset" else ""
            link = _page(local) if local else "/catalog/systems"
            yield Weakness("no-owner", each.urn, local, link, {"title": each.title.as_dict()})


@_rule(
    "unmarked",
    Severity.MEDIUM,
    Text(
        zh="“{title}”的个人信息列未标为敏感：{columns}",
        en="Personal columns of “{title}” are not marked sensitive: {columns}",
    ),
    Text(zh="在数据契约中把这些列标为 sensitive", en="mark them sensitive in the contract of the table"),
)
def _unmarked(facts: Facts, _: Any) -> Iterator[Weakness]:
    for each in facts.datasets:
        names = [c.name for c in facts.columns.get(each.id, ()) if c.type in PERSONAL and not c.sensitive]
        if names:
            told = {"title": each.title.as_dict(), "columns": ", ".join(names)}
            yield Weakness("unmarked", each.urn, each.id, f"{_page(each.id)}/columns", told)


@_rule(
    "core-clear",
    Severity.HIGH,
    Text(
        zh="合同 {contract} 提供核心数据“{title}”的 {count} 个明文列",
        en="Contract {contract} shows {count} column(s) of core data “{title}” as they are",
    ),
    Text(zh="由提供单位续签并脱敏，或终止合同", en="let the provider renew it with masks, or end it"),
)
def _core_clear(facts: Facts, _: Any) -> Iterator[Weakness]:
    core = {each.id for each in facts.datasets if each.grade == "core"}
    for each in facts.in_force:
        clear = _clear(each)
        if each.table in core and clear:
            told = {"contract": each.id, "title": each.title.as_dict(), "count": len(clear)}
            yield Weakness("core-clear", each.urn, each.table, _contract(each), told)


@_rule(
    "sensitive-clear",
    Severity.HIGH,
    Text(
        zh="合同 {contract} 提供“{title}”的敏感列明文：{columns}",
        en="Contract {contract} shows sensitive columns of “{title}” as they are: {columns}",
    ),
    Text(zh="由提供单位续签并脱敏，或终止合同", en="let the provider renew it with masks, or end it"),
)
def _sensitive_clear(facts: Facts, _: Any) -> Iterator[Weakness]:
    for each in facts.in_force:
        names = sensitive_clear(each, facts.columns.get(each.table, ()))
        if names:
            told = {"contract": each.id, "title": each.title.as_dict(), "columns": ", ".join(names)}
            yield Weakness("sensitive-clear", each.urn, each.table, _contract(each), told)


@_rule(
    "dead-key",
    Severity.HIGH,
    Text(
        zh="合同 {contract} 已失效，仍有 {count} 个密钥有效",
        en="Contract {contract} has ended and {count} key(s) are alive",
    ),
    Text(zh="撤销全部密钥", en="revoke all its keys"),
)
def _dead_key(facts: Facts, _: Any) -> Iterator[Weakness]:
    for each in facts.contracts:
        ended = each.standing in {Standing.REVOKED, Standing.SUPERSEDED} or each.terms.end < facts.today
        if ended and each.id in facts.keys:
            told = {"contract": each.id, "count": facts.keys[each.id][0]}
            yield Weakness("dead-key", each.urn, each.table, _contract(each), told)


@_rule(
    "old-key",
    Severity.LOW,
    Text(
        zh="合同 {contract} 的密钥已用 {days} 天未更换", en="A key of contract {contract} is {days} days old"
    ),
    Text(zh="签发新密钥并撤销旧密钥", en="issue a new key and revoke the old"),
)
def _old_key(facts: Facts, bounds: Any) -> Iterator[Weakness]:
    for each in facts.in_force:
        known = facts.keys.get(each.id)
        if known and facts.now - known[1] > timedelta(days=bounds.key_days):
            told = {"contract": each.id, "days": (facts.now - known[1]).days}
            yield Weakness("old-key", each.urn, each.table, _contract(each), told)


@_rule(
    "idle-contract",
    Severity.LOW,
    Text(zh="合同 {contract} 已 {days} 天无人使用", en="Nobody has used contract {contract} for {days} days"),
    Text(zh="与使用单位核实，不再需要的予以终止", en="ask the consumer, and end what is not needed"),
)
def _idle(facts: Facts, bounds: Any) -> Iterator[Weakness]:
    for each in facts.in_force:
        last = facts.used.get(each.id, each.made_at)
        if facts.now - last > timedelta(days=bounds.idle_days):
            told = {"contract": each.id, "days": (facts.now - last).days}
            yield Weakness("idle-contract", each.urn, each.table, _contract(each), told)


@_rule(
    "unbounded",
    Severity.LOW,
    Text(
        zh="合同 {contract} 对“{title}”没有每日限量", en="Contract {contract} has no daily bound on “{title}”"
    ),
    Text(zh="续签时设定每日行数", en="set rows a day when it is renewed"),
)
def _unbounded(facts: Facts, _: Any) -> Iterator[Weakness]:
    grave = {each.id for each in facts.datasets if each.grade in {"core", "important"}}
    for each in facts.in_force:
        if each.table in grave and not (each.terms.quota.rows_per_day or each.terms.quota.calls_per_day):
            told = {"contract": each.id, "title": each.title.as_dict()}
            yield Weakness("unbounded", each.urn, each.table, _contract(each), told)


@_rule(
    "both-roles",
    Severity.HIGH,
    Text(
        zh="{person} 同时担任管理或监督与数据角色：{roles}",
        en="{person} holds roles that must be apart: {roles}",
    ),
    Text(zh="收回其中一类角色", en="take one kind of role away"),
)
def _both(facts: Facts, _: Any) -> Iterator[Weakness]:
    for urn, name, roles in facts.people:
        if roles & _DATA_ROLES and roles & _WATCH_ROLES:
            told = {"person": name, "roles": ", ".join(sorted(roles & (_DATA_ROLES | _WATCH_ROLES)))}
            yield Weakness("both-roles", urn, "", f"/id/{urn}", told)


@_rule(
    "stale-witness",
    Severity.MEDIUM,
    Text(
        zh="见证方 {witness} 已超过 {hours} 小时没有共签",
        en="Witness {witness} has not cosigned for {hours} hours",
    ),
    Text(zh="检查见证方是否运行、网络是否可达", en="see whether it runs and can be reached"),
)
def _stale(facts: Facts, bounds: Any) -> Iterator[Weakness]:
    for each in facts.witnesses:
        if each.seen_at is None or facts.now - each.seen_at > timedelta(hours=bounds.witness_hours):
            told = {"witness": each.name, "hours": bounds.witness_hours}
            yield Weakness("stale-witness", f"witness:{each.name}", "", "/ledger/witnesses", told)


@_rule(
    "witness-alarm",
    Severity.HIGH,
    Text(zh="见证方 {witness} 报警：{alarm}", en="Witness {witness} raised an alarm: {alarm}"),
    Text(zh="立即核对日志是否被改写", en="see at once whether the log was rewritten"),
)
def _alarm(facts: Facts, _: Any) -> Iterator[Weakness]:
    for each in facts.witnesses:
        if each.alarm:
            told = {"witness": each.name, "alarm": each.alarm[:200]}
            yield Weakness("witness-alarm", f"witness:{each.name}", "", "/ledger/witnesses", told)


@_rule(
    "unwitnessed",
    Severity.MEDIUM,
    Text(zh="日志没有见证方", en="The log has no witness"),
    Text(zh="按文档设立见证方（docs/ledger.md）", en="set up witnesses (docs/ledger.md)"),
)
def _unwitnessed(facts: Facts, _: Any) -> Iterator[Weakness]:
    if not facts.witnesses:
        yield Weakness("unwitnessed", "ledger", "", "/ledger/witnesses")


@_rule(
    "unverified-log",
    Severity.MEDIUM,
    Text(zh="日志超过 {days} 天未全面核验", en="The log has not been verified as a whole for {days} days"),
    Text(zh="运行 hutong posture verify", en="run hutong posture verify"),
)
def _unverified(facts: Facts, bounds: Any) -> Iterator[Weakness]:
    if facts.verified_at is None or facts.now - facts.verified_at > timedelta(days=bounds.verify_days):
        yield Weakness("unverified-log", "ledger", "", "/ledger", {"days": bounds.verify_days})


@_rule(
    "unsealed-trail",
    Severity.MEDIUM,
    Text(zh="审计记录超过一天未写入日志摘要", en="Audit records have not been sealed on the log for a day"),
    Text(zh="检查后台任务是否运行：hutong work", en="see that the durable work runs: hutong work"),
)
def _unsealed(facts: Facts, _: Any) -> Iterator[Weakness]:
    if facts.records and (facts.sealed_at is None or facts.now - facts.sealed_at > timedelta(days=1)):
        yield Weakness("unsealed-trail", "audit", "", "/posture/audit")


def _clear(each: ContractRef) -> list[str]:
    return [name for name, mask in each.terms.columns.items() if mask.kind is MaskKind.KEEP]


def sensitive_clear(each: ContractRef, columns: tuple[Column, ...]) -> list[str]:
    """Sensitive columns that a contract shows as they are."""
    sensitive = {c.name for c in columns if c.sensitive or c.type in PERSONAL}
    return [name for name in _clear(each) if name in sensitive]


def clear(each: ContractRef) -> list[str]:
    """Columns that a contract shows as they are."""
    return _clear(each)
