"""What an organisation asks for, and whether it holds together."""

from dataclasses import dataclass
from datetime import date

from hutong.catalog.types import EntryRef
from hutong.exchange import rules
from hutong.exchange.errors import BadAddress, BadRequest
from hutong.exchange.types import Delivery, Sharing
from hutong.kernel import clock, outward
from hutong.kernel.settings import value
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
    contract = lake.contract(entry.id)
    known = {each.name for each in contract.columns}
    if consumer == entry.organisation:
        raise BadRequest(
            reason_zh="数据属于本单位，无需申请", reason_en="the data are the organisation's own"
        )
    if wish.purpose not in rules.purposes():
        raise BadRequest(
            reason_zh=f"没有用途 {wish.purpose[:60]}", reason_en=f"there is no purpose {wish.purpose[:60]}"
        )
    if not wish.columns or set(wish.columns) - known or len(set(wish.columns)) != len(wish.columns):
        raise BadRequest(
            reason_zh="列须为数据表中的列且不重复", reason_en="name columns of the table, each once"
        )
    for text, zh, en in (
        (wish.purpose_text, "用途说明", "what it is for"),
        (wish.duty, "履职依据", "the legal duty"),
    ):
        if not text.strip() or len(text) > LONGEST or "\0" in text:
            raise BadRequest(reason_zh=f"须填写{zh}", reason_en=f"say {en}")
    most = rules.current().most_days
    if (
        not 0 <= (wish.end - wish.start).days <= most
        or wish.end < clock.today()
        or ((wish.start - clock.today()).days > most)
    ):
        raise BadRequest(
            reason_zh=f"期限须在今日之后且不超过 {most} 天",
            reason_en=f"the period ends later than today and has at most {most} days",
        )
    if (wish.delivery is Delivery.PUSH) != bool(wish.push_url) or len(wish.push_url) > 500:
        raise BadRequest(
            reason_zh="推送须填写接收地址，其他方式不填", reason_en="a push, and only a push, has an address"
        )
    rule = rules.of(entry.id)
    if rule is not None and wish.delivery not in rule.delivery:
        raise BadRequest(
            reason_zh="该数据集不以这种方式交付", reason_en="the dataset is not delivered in this way"
        )
    if wish.push_url:
        outward.address(wish.push_url, BadAddress, private=bool(value("HUTONG_EXCHANGE_PUSH_PRIVATE")))
    lake.check_lens(Lens(tuple(Seen(each) for each in wish.columns), wish.where), contract)
    _check_where(wish, entry)


def _check_where(wish: Wish, entry: EntryRef) -> None:
    """Conditions tell of true values, so none is about a column that the rule hides."""
    instant = sharing(wish, entry) is Sharing.UNCONDITIONAL
    answers = wish.delivery is Delivery.ANSWERS
    may_be = {each.name for each in rules.narrowing(entry.id, instant=instant, answers=answers)}
    hidden = sorted({each.column for each in wish.where} - may_be)
    if hidden:
        raise BadRequest(
            reason_zh=f"不能以 {'、'.join(hidden)} 设行条件：该列不以原值提供",
            reason_en=f"no condition on rows may be about {', '.join(hidden)}: the column is not shown as it is",
        )
