"""Subscriptions and a month of use of the supermarket. All of it is synthetic; what is done twice is done once."""

import random
from dataclasses import dataclass
from datetime import timedelta

from hutong.accounts.api import Actor, Role, system
from hutong.demo.exchange import steward
from hutong.kernel import clock
from hutong.market import api as market
from hutong.market.types import Asked

DAYS = 30
_TRIAGE = "petition-triage"


@dataclass(frozen=True, slots=True)
class _Case:
    """Who subscribed to what, for which purpose, how much a day, and what they thought of it (0: not said)."""

    organisation: str
    module: str
    purpose: str
    daily: int = 0
    ms: int = 60
    stars: int = 0
    words: str = ""
    then: str = "agreed"


_CASES = (
    _Case("command-centre", "deidentify", "工单转办前去除诉求人信息", 320, 45, 3, "号码遮得准，姓名要人工补。"),
    _Case("command-centre", "address-parse", "工单地址拆分后派单", 410, 30, 4, "门牌号拆得准，小区名偶尔带上后缀。"),
    _Case("statistics-bureau", "name-match", "企业名录与税务登记比对", 180, 900, 4, "简称能对上，改过名的要人工看。"),
    _Case("statistics-bureau", "uscc-check", "基本单位名录代码校验", 600, 20, 5, ""),
    _Case("culture-tourism-bureau", "sign-check", "景区双语标识核查", 25, 25, 4, "结论写明标准年份，好跟施工方说。"),
    _Case("city-management-commission", "coordinates", "部件普查坐标统一", 1500, 40),
    _Case("city-management-commission", "geocode", "案件归属街道和网格", 260, 300, 5, "贴近边界时提醒人工看，很实用。"),
    _Case("ecology-environment-bureau", "anomaly", "监测数据异常排查", 6, 80),
    _Case("health-commission", "petition-triage", "卫生类诉求分办", 0, 0, then="waiting"),
    _Case("education-commission", "hot-topics", "开学季热点诉求研判", 0, 0, then="waiting"),
    _Case("commerce-bureau", "geocode", "商户上图", 0, 0, then="refused"),
)  # fmt: skip


def seed() -> int:
    """Make them where there is no subscription yet; returns how many."""
    offered = market.modules()
    if market.of_modules(list(offered)):
        return 0
    dice = random.Random(20250612)  # noqa: S311 - synthetic rows
    cases = [each for each in _CASES if each.module in offered]
    for case in cases:
        _play(case, dice)
    return len(cases)


def train() -> bool:
    """Train the triage on the district's handled requests and put the model to use, where it was never trained.

    They are made of phrases, so its figures say nothing of real ones.
    """
    if _TRIAGE not in market.modules() or market.trainings(_TRIAGE):
        return False
    office = system(Role.DATA_OFFICE)
    made = market.train_here(office, _TRIAGE, Asked("handled-cases", "said", "category"))
    if made.ready:
        market.use(office, _TRIAGE, made.number)
    return made.ready


def _play(case: _Case, dice: random.Random) -> None:
    module, person = market.module(case.module), steward(case.organisation)
    start = clock.now() - timedelta(days=DAYS)
    with clock.freeze(start):
        made = market.subscribe(person, case.module, case.purpose)
        if module.offer.approval and case.then != "waiting":
            _decide(case, made.id, steward(module.offer.owner))
    if not case.daily:
        return
    market.make_key(person, made.id)
    holder = market.holder_of(made)
    for day in range(DAYS):
        at = start + timedelta(days=day, hours=dice.randint(1, 8))
        share = 0.3 if clock.local(at).weekday() >= 5 else 1.0
        with clock.freeze(at):
            items = max(1, round(case.daily * share * dice.uniform(0.7, 1.3)))
            market.book(holder, module.manifest.version, items, round(case.ms * dice.uniform(0.7, 1.8)))
    if case.stars:
        market.rate(person, case.module, case.stars, case.words)


def _decide(case: _Case, subscription: str, owner: Actor) -> None:
    agree = case.then == "agreed"
    reason = "" if agree else "请先说明商户数据的来源和授权"
    market.decide(owner, subscription, agree=agree, reason=reason)
