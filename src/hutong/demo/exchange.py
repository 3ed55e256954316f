"""Requests of the demo district in every state. All of it is synthetic; what is done twice is done once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hutong.accounts.api import Actor
from hutong.catalog import api as catalog
from hutong.exchange.api import Wish, contracts, escalation, gate, issues, links, requests
from hutong.exchange.types import Delivery, IssueState, Join, Matter, RequestRef
from hutong.kernel import clock
from hutong.kernel.urn import Urn
from hutong.lake import api as lake
from hutong.lake.types import Condition, Op

OFFICE = "science-informatization-bureau"
_SCOPE = "beijing-dongcheng"
Then = Callable[[RequestRef, datetime], None]


@dataclass(frozen=True, slots=True)
class _Case:
    """A request asked so many days ago, and what became of it."""

    consumer: str
    dataset: str
    purpose: str
    text: str
    days: int
    then: str
    delivery: Delivery = Delivery.API
    columns: int = 8
    lasts: int = 330
    where: tuple[Condition, ...] = ()


_CASES = (
    _Case(
        "city-management-commission",
        "building-tenants",
        "city-management",
        "安排楼宇垃圾分类检查",
        100,
        "file",
        Delivery.FILE,
        columns=4,
        lasts=60,  # expired
    ),
    _Case(
        "emergency-management-bureau",
        "key-firm-monthly",
        "supervision",
        "确定重点企业安全检查频次",
        60,
        "signed",
        columns=4,
        lasts=72,  # about to expire
    ),
    _Case(
        "culture-tourism-bureau",
        "key-firm-monthly",
        "economic-analysis",
        "分析重点文旅企业月度经营情况",
        40,
        "used",
    ),
    _Case(
        "ecology-environment-bureau",
        "key-firm-monthly",
        "policy-making",
        "评估企业减排政策的经济影响",
        38,
        "file",
        Delivery.FILE,
    ),
    _Case(
        "culture-tourism-bureau", "air-stations", "public-service", "在文化场馆大屏展示空气质量", 30, "taken"
    ),
    _Case(
        "culture-tourism-bureau",
        "safety-inspections",
        "economic-analysis",
        "结合安全检查情况研判文旅企业经营",
        34,
        "linked",
        columns=7,
    ),
    _Case("emergency-management-bureau", "enterprises", "supervision", "核对安全生产检查对象", 28, "revoked"),
    _Case("statistics-bureau", "elders", "policy-making", "测算养老服务需求", 26, "taken", columns=4),
    _Case("civil-affairs-bureau", "hotline-cases", "social-security", "发现需要救助的家庭", 24, "refused"),
    _Case("statistics-bureau", "tax-monthly", "economic-analysis", "核算服务业增加值", 22, "late", columns=4),
    _Case(
        "city-management-commission",
        "building-tenants",
        "city-management",
        "测算垃圾清运能力",
        18,
        "withdrawn",
        columns=4,
    ),
    _Case(
        "culture-tourism-bureau",
        "infectious-daily",
        "public-service",
        "大型活动举办前研判",
        9,
        "agreed",
        columns=5,
    ),
    _Case(
        "culture-tourism-bureau",
        "building-tenants",
        "economic-analysis",
        "掌握文化企业入驻楼宇情况",
        8,
        "returned",
        columns=5,
    ),
    _Case(
        "civil-affairs-bureau",
        "key-firm-monthly",
        "social-security",
        "了解帮扶对象所在企业用工情况",
        3,
        "checked",
        columns=6,
        where=(Condition("staff", Op.LE, (300,)), Condition("month", Op.GE, ("2023-01",))),
    ),
    _Case(
        "market-regulation-bureau",
        "hotline-cases",
        "supervision",
        "分析消费维权诉求",
        4,
        "checked",
        where=(Condition("category", Op.EQ, ("消费维权",)),),
    ),
    _Case("statistics-bureau", "enterprises", "economic-analysis", "更新基本单位名录", 1, "asked"),
)


def steward(organisation: str) -> Actor:
    """A steward of the demo; those who sign in have names of their own."""
    urn = str(Urn(_SCOPE, "person", f"demo-{organisation}"))
    reach = frozenset({("steward", organisation)})
    return Actor(urn, "demo", organisation, frozenset({"public", "steward"}), True, reach)


def office() -> Actor:
    urn = str(Urn(_SCOPE, "person", f"demo-{OFFICE}"))
    return Actor(urn, "demo", OFFICE, frozenset({"public", "data_office"}), True)


def seed() -> int:
    """Make the requests where there are none; returns how many."""
    if requests.listed(limit=1):
        return 0
    now = clock.now()
    for case in _CASES:
        _play(case, now - timedelta(days=case.days))
    _issues(now)
    escalation.escalate()
    gate.flush()
    return len(_CASES)


def _play(case: _Case, asked_at: datetime) -> None:
    with clock.freeze(asked_at):
        columns = tuple(each.name for each in lake.contract(case.dataset).columns[: case.columns])
        today = clock.today()
        made = requests.submit(
            steward(case.consumer),
            Wish(
                case.dataset,
                case.purpose,
                case.text,
                _duty(case.consumer),
                columns,
                case.where,
                today,
                today + timedelta(days=case.lasts),
                case.delivery,
            ),
        )
    if case.then in _THEN:
        _THEN[case.then](made, asked_at)


def _duty(organisation: str) -> str:
    return next(
        (each.urn for each in catalog.entries(catalog.Kind.DUTY, organisation=organisation)),
        "《政务数据共享条例》",
    )


def _checked(made: RequestRef, at: datetime) -> None:
    with clock.freeze(at + timedelta(days=1)):
        requests.check(office(), made.id)


def _agreed(made: RequestRef, at: datetime) -> None:
    _checked(made, at)
    with clock.freeze(at + timedelta(days=3)):
        requests.agree(steward(made.provider), made.id)


def _signed(made: RequestRef, at: datetime) -> None:
    _agreed(made, at)
    with clock.freeze(at + timedelta(days=4)):
        contracts.sign(steward(made.consumer), f"c-{made.id}")


def _used(made: RequestRef, at: datetime) -> None:
    """Read on most days since, and once for a purpose the contract does not name."""
    _signed(made, at)
    contract = contracts.contract_of(f"c-{made.id}")
    reader = steward(made.consumer)
    for day in range(5, 38):
        if day % 7 == 4:
            continue
        with clock.freeze(at + timedelta(days=day)):
            gate.read(gate.asked_by(reader, contract, limit=40 + 37 * day % 260), contract)
            if day == 20:
                gate.refused(gate.asked_by(reader, contract, purpose="supervision"), contract)


def _linked(made: RequestRef, at: datetime) -> None:
    """Handed over as one table with the firms' figures: both providers consent."""
    _signed(made, at)
    firms = next(
        each
        for each in contracts.listed(organisation=made.consumer)
        if each.table == "key-firm-monthly" and each.consumer == made.consumer
    )
    join = Join(f"c-{made.id}", (("uscc", "uscc"),))
    with clock.freeze(at + timedelta(days=5)):
        group = links.propose(steward(made.consumer), "重点文旅企业经营与安全", firms.id, [join])
    for days, provider in enumerate(group.parties, 6):
        with clock.freeze(at + timedelta(days=days)):
            links.sign(steward(provider), group.id, group.sha256)


def _revoked(made: RequestRef, at: datetime) -> None:
    _signed(made, at)
    with clock.freeze(at + timedelta(days=15)):
        contracts.revoke(steward(made.provider), f"c-{made.id}", "检查任务结束，不再需要")


def _refused(made: RequestRef, at: datetime) -> None:
    _checked(made, at)
    with clock.freeze(at + timedelta(days=4)):
        requests.refuse(
            steward(made.provider),
            made.id,
            "工单含诉求人个人信息，超出所述用途的必要范围",
            "《个人信息保护法》第六条",
        )


def _returned(made: RequestRef, at: datetime) -> None:
    _checked(made, at)
    with clock.freeze(at + timedelta(days=2)):
        requests.send_back(steward(made.provider), made.id, "请说明所需楼宇范围")


def _withdrawn(made: RequestRef, at: datetime) -> None:
    with clock.freeze(at + timedelta(days=1)):
        requests.withdraw(steward(made.consumer), made.id, "已由市级平台取得")


_THEN: dict[str, Then] = {
    "used": _used,
    "file": _signed,
    "signed": _signed,
    "linked": _linked,
    "revoked": _revoked,
    "refused": _refused,
    "late": _checked,
    "withdrawn": _withdrawn,
    "agreed": _agreed,
    "returned": _returned,
    "checked": _checked,
}


def _issues(now: datetime) -> None:
    refused = next(each for each in requests.listed() if each.dataset == "elders")
    with clock.freeze(now - timedelta(days=20)):
        issues.raise_issue(
            steward("statistics-bureau"),
            Matter.DISPUTE,
            refused.urn,
            "申请使用老年人去标识化数据",
            "只需要按社区汇总所需的字段，不需要姓名和证件号。",
            key="demo-dispute",
        )
    with clock.freeze(now - timedelta(days=3)):
        issues.raise_issue(
            steward("culture-tourism-bureau"),
            Matter.CORRECTION,
            "key-firm-monthly",
            "一家企业研发投入疑似少记一位",
            "与企业年报相差约十倍，请核实。",
            key="demo-correction",
        )
    with clock.freeze(now - timedelta(days=12)):
        issues.raise_issue(
            steward("civil-affairs-bureau"),
            Matter.RETURN_FLOW,
            "市级残疾人两项补贴发放数据",
            "请市级回流本区补贴发放数据",
            "用于与本区养老补贴比对，避免重复发放。",
            key="demo-return",
        )
    with clock.freeze(now - timedelta(days=10)):
        issues.answer(office(), "demo-return", IssueState.ACCEPTED, "已向市级平台提出回流申请")
    with clock.freeze(now - timedelta(days=16)):
        issues.raise_issue(
            steward("emergency-management-bureau"),
            Matter.CORRECTION,
            "enterprises",
            "一家企业的登记住所与实际不符",
            "检查时该企业已迁至其他楼宇，请核实登记信息。",
            key="demo-corrected",
        )
    for days, state, text in (
        (14, IssueState.ACCEPTED, "已受理，正在核实"),
        (12, IssueState.DONE, "已更正，下一批数据生效"),
    ):
        with clock.freeze(now - timedelta(days=days)):
            issues.answer(steward("market-regulation-bureau"), "demo-corrected", state, text)
