"""What an organisation asks for, and whether it holds together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hutong.catalog.types import EntryRef
from hutong.exchange import rules
from hutong.exchange.errors import BadAddress, BadRequest
from hutong.exchange.types import Delivery, Sharing
from hutong.kernel import clock, outward
from hutong.kernel.errors import Place
from hutong.kernel.settings import value
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import Condition, Lens, Seen

LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Wish:
    """What a consumer asks for. ``duty``: URN of the catalog's duty, or the duty and law in words."""

    dataset: str
    purpose: str
    purpose_text: str
    duty: str
    columns: tuple[str, ...]
    where: tuple[Condition, ...]
    start: date
    end: date
    delivery: Delivery
    push_url: str = ""


def sharing(wish: Wish, entry: EntryRef) -> Sharing:
    """Protected answers are decided case by case whatever the catalog says of rows: no row leaves."""
    return Sharing.CONDITIONAL if wish.delivery is Delivery.ANSWERS else rules.sharing(entry)


def check(wish: Wish, entry: EntryRef, consumer: str) -> None:
    """Whether it holds together; raises ``BadRequest`` with all that is wrong."""
    wrong = faults(wish, entry, consumer)
    if wrong:
        raise fault(wrong)
    if wish.push_url:
        outward.address(wish.push_url, BadAddress, private=bool(value("HUTONG_EXCHANGE_PUSH_PRIVATE")))
    lake.check_lens(Lens(tuple(Seen(each) for each in wish.columns), wish.where), lake.contract(entry.id))


def fault(wrong: Mapping[str, Text]) -> BadRequest:
    """All that is wrong in one error, which also says it of each field."""
    return BadRequest(
        place=Place(key=next(iter(wrong))),
        reason_zh="；".join(each.zh for each in wrong.values()),
        reason_en="; ".join(each.en for each in wrong.values()),
        fields=[[name, each.zh, each.en] for name, each in wrong.items()],
    )


def faults(wish: Wish, entry: EntryRef, consumer: str) -> dict[str, Text]:
    """What is wrong with which field, in the order of the form."""
    found = {
        "dataset": consumer == entry.organisation
        and Text(zh="数据属于本单位，无需申请", en="the data are the organisation's own"),
        "purpose": wish.purpose not in rules.purposes()
        and Text(zh=f"没有用途 {wish.purpose[:60]}", en=f"there is no purpose {wish.purpose[:60]}"),
        "purpose_text": _unsaid(wish.purpose_text) and Text(zh="须填写用途说明", en="say what it is for"),
        "duty": _unsaid(wish.duty) and Text(zh="须填写履职依据", en="say the legal duty"),
        "columns": _bad_columns(wish, entry)
        and (
            Text(zh="列须为数据表中的列且不重复", en="name columns of the table, each once")
            if wish.columns
            else Text(zh="请至少选择一个字段", en="choose one column at least")
        ),
        "where": _bad_where(wish, entry),
        "end": _bad_period(wish),
        "delivery": _bad_delivery(wish, entry)
        and Text(zh="该数据集不以这种方式交付", en="the dataset is not delivered in this way"),
        "push_url": ((wish.delivery is Delivery.PUSH) != bool(wish.push_url) or len(wish.push_url) > 500)
        and Text(zh="推送须填写接收地址，其他方式不填", en="a push, and only a push, has an address"),
    }
    return {name: said for name, said in found.items() if said}


def _unsaid(text: str) -> bool:
    return not text.strip() or len(text) > LONGEST or "\0" in text


def _bad_columns(wish: Wish, entry: EntryRef) -> bool:
    known = {each.name for each in lake.contract(entry.id).columns}
    named = set(wish.columns)
    return not named or bool(named - known) or len(named) != len(wish.columns)


def _bad_period(wish: Wish) -> Text | None:
    most, today = rules.current().most_days, clock.today()
    if 0 <= (wish.end - wish.start).days <= most and wish.end >= today and (wish.start - today).days <= most:
        return None
    return Text(
        zh=f"期限须在今日之后且不超过 {most} 天",
        en=f"the period ends later than today and has at most {most} days",
    )


def _bad_delivery(wish: Wish, entry: EntryRef) -> bool:
    rule = rules.of(entry.id)
    return rule is not None and wish.delivery not in rule.delivery


def _bad_where(wish: Wish, entry: EntryRef) -> Text | None:
    """Conditions tell of true values, so none is about a column that the rule hides."""
    instant = sharing(wish, entry) is Sharing.UNCONDITIONAL
    answers = wish.delivery is Delivery.ANSWERS
    may_be = {each.name for each in rules.narrowing(entry.id, instant=instant, answers=answers)}
    known = {each.name for each in lake.contract(entry.id).columns}
    hidden = sorted({each.column for each in wish.where} & known - may_be)
    if not hidden:
        return None
    return Text(
        zh=f"不能以 {'、'.join(hidden)} 设行条件：该列不以原值提供",
        en=f"no condition on rows may be about {', '.join(hidden)}: the column is not shown as it is",
    )
