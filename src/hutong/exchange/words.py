"""Names for people of what the exchange's closed lists hold."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from hutong.accounts.api import organisation
from hutong.exchange import rules
from hutong.exchange.logic.choices import Parameter
from hutong.exchange.types import (
    AccessRef,
    ContractRef,
    Delivery,
    Event,
    IssueState,
    Matter,
    Sharing,
    Standing,
    State,
)
from hutong.kernel import clock, details
from hutong.kernel.text import Text
from hutong.lake.types import Column, ColumnType, Mask, MaskKind
from hutong.ui.api import money

_BETWEEN: Final = Text(zh="、", en=", ")
_COLON: Final = Text(zh="：", en=": ")
_STATES: Final = {
    State.CHECKING: (Text(zh="合规审核", en="Being checked"), "running"),
    State.DECIDING: (Text(zh="待提供方答复", en="With the provider"), "running"),
    State.RETURNED: (Text(zh="退回补正", en="To be completed"), "watch"),
    State.AGREED: (Text(zh="已同意，待签署", en="Agreed, to be signed"), "running"),
    State.FULFILLED: (Text(zh="已提供", en="Delivered"), "good"),
    State.REFUSED: (Text(zh="不予提供", en="Refused"), "bad"),
    State.WITHDRAWN: (Text(zh="已撤回", en="Withdrawn"), "none"),
}
_STANDINGS: Final = {
    Standing.PROPOSED: (Text(zh="待签署", en="To be signed"), "running"),
    Standing.ACTIVE: (Text(zh="有效", en="In force"), "good"),
    Standing.REVOKED: (Text(zh="已终止", en="Ended"), "bad"),
    Standing.SUPERSEDED: (Text(zh="已被新版本替代", en="Superseded"), "none"),
}
_EVENTS: Final = {
    "submit": Text(zh="提交申请", en="Asked"),
    Event.PASS: Text(zh="合规审核通过", en="Passed the check"),
    Event.RETURN: Text(zh="退回补正", en="Sent back to be completed"),
    Event.COMPLETE: Text(zh="补正", en="Completed"),
    Event.AGREE: Text(zh="同意提供", en="Agreed"),
    Event.REFUSE: Text(zh="不予提供", en="Refused"),
    Event.WITHDRAW: Text(zh="撤回", en="Withdrawn"),
    Event.FULFIL: Text(zh="双方签署，开始提供", en="Signed by both, delivered"),
}
_MATTERS: Final = {
    Matter.CORRECTION: Text(zh="校核", en="Correction"),
    Matter.DISPUTE: Text(zh="争议", en="Dispute"),
    Matter.RETURN_FLOW: Text(zh="数据回流", en="Return flow"),
}
_ISSUES: Final = {
    IssueState.OPEN: (Text(zh="待答复", en="Open"), "running"),
    IssueState.ACCEPTED: (Text(zh="已受理，处理中", en="Accepted, being done"), "running"),
    IssueState.REJECTED: (Text(zh="不予采纳", en="Rejected"), "bad"),
    IssueState.DONE: (Text(zh="已办结", en="Done"), "good"),
}
_DELIVERIES: Final = {
    Delivery.API: Text(zh="接口", en="API"),
    Delivery.FILE: Text(zh="文件", en="File"),
    Delivery.VIEW: Text(zh="在线查看", en="View on a page"),
    Delivery.PUSH: Text(zh="推送", en="Push"),
    Delivery.ANSWERS: Text(zh="仅提问（可用不可见）", en="Protected answers, no rows"),
}
_SHARING: Final = {
    Sharing.UNCONDITIONAL: Text(zh="无条件共享", en="Unconditional"),
    Sharing.CONDITIONAL: Text(zh="有条件共享", en="Conditional"),
    Sharing.NONE: Text(zh="不予共享", en="Not shared"),
}
_MASKS: Final = {
    MaskKind.KEEP: Text(zh="原值", en="as it is"),
    MaskKind.DROP: Text(zh="置空", en="left empty"),
    MaskKind.CONSTANT: Text(zh="统一替换为 {value}", en="replaced by {value}"),
    MaskKind.HASH: Text(zh="加密摘要（本合同内可比对）", en="keyed digest (comparable within the contract)"),
    MaskKind.PARTIAL: Text(zh="保留前 {first} 后 {last} 位", en="first {first} and last {last} characters"),
    MaskKind.MONTH: Text(zh="到月", en="to the month"),
    MaskKind.YEAR: Text(zh="到年", en="to the year"),
    MaskKind.ROUND: Text(zh="取整到 {step}", en="rounded to {step}"),
    MaskKind.GRID: Text(zh="{step}° 网格", en="grid of {step}°"),
}

_KINDS: Final = {
    MaskKind.KEEP: _MASKS[MaskKind.KEEP],
    MaskKind.DROP: _MASKS[MaskKind.DROP],
    MaskKind.CONSTANT: Text(zh="统一替换为…", en="replaced by one text …"),
    MaskKind.HASH: _MASKS[MaskKind.HASH],
    MaskKind.PARTIAL: Text(zh="保留首尾若干位…", en="first and last characters …"),
    MaskKind.MONTH: _MASKS[MaskKind.MONTH],
    MaskKind.YEAR: _MASKS[MaskKind.YEAR],
    MaskKind.ROUND: Text(zh="取整到…", en="rounded to …"),
    MaskKind.GRID: Text(zh="落到网格…", en="moved to a grid …"),
}
_PARAMETERS: Final = {
    "first": Text(zh="保留前几位", en="Characters kept in front"),
    "last": Text(zh="保留后几位", en="Characters kept at the end"),
    "round": Text(zh="取整步长", en="Rounded to"),
    "grid": Text(zh="网格边长（度，0.01° 约 1 公里）", en="Side of a cell (degrees; 0.01° is about 1 km)"),
    "value": Text(zh="替换为", en="Replaced by"),
}
_REASONS: Final = {
    "not-signed": Text(zh="未签署", en="not signed"),
    "revoked": Text(zh="合同已终止", en="contract ended"),
    "superseded": Text(zh="已有新版本", en="superseded"),
    "not-yet": Text(zh="尚未生效", en="not yet begun"),
    "expired": Text(zh="合同已到期", en="contract expired"),
    "other-organisation": Text(zh="非使用方", en="not the consumer"),
    "other-purpose": Text(zh="用途不符", en="other purpose"),
    "other-delivery": Text(zh="交付方式不符", en="other way of delivery"),
    "column": Text(zh="列未授予", en="column not granted"),
    "calls": Text(zh="次数已达上限", en="calls used up"),
    "rows": Text(zh="行数已达上限", en="rows used up"),
    "nothing": Text(zh="未授予任何列", en="no column granted"),
}
_FILES: Final = {
    "waiting": Text(zh="生成中", en="being made"),
    "ready": Text(zh="可下载", en="ready"),
    "pushed": Text(zh="已推送", en="pushed"),
    "expired": Text(zh="已过期", en="expired"),
}
_IN_YUAN: Final = Text(zh="取整步长（元）", en="Rounded to (yuan)")


def badge(state: State | Standing | IssueState) -> dict[str, str]:
    """A state as a cell of a table."""
    if isinstance(state, State):
        text, look = _STATES[state]
    elif isinstance(state, Standing):
        text, look = _STANDINGS[state]
    else:
        text, look = _ISSUES[state]
    return {"text": str(text), "state": look}


_SOON: Final = timedelta(days=30)


def contract_badge(found: ContractRef) -> dict[str, str]:
    """How a contract stands today: its last day may be over, or near."""
    today, end = clock.today(), found.terms.end
    if found.standing is Standing.ACTIVE and today > end:
        return {"text": _("Expired"), "state": "none"}
    if found.standing is Standing.ACTIVE and end - today <= _SOON:
        return {"text": _("In force, %(days)s days left") % {"days": (end - today).days}, "state": "watch"}
    return badge(found.standing)


def event(name: str) -> str:
    return str(_EVENTS.get(name, Text(zh=name, en=name)))


def matter(name: Matter) -> str:
    return str(_MATTERS[name])


def delivery(name: Delivery) -> str:
    return str(_DELIVERIES[name])


def file_state(name: str) -> str:
    """How far a file is."""
    return str(_FILES.get(name, Text(zh=name, en=name)))


def channel(name: str) -> str:
    """A way of delivery as an access has it on record."""
    return delivery(Delivery(name)) if name in set(Delivery) else name


def refusal(code: str) -> str:
    """Why the gate refused, by the last part of the code."""
    name = code.rpartition(".")[2]
    return str(_REASONS.get(name, Text(zh=name, en=name)))


def outcome(each: AccessRef) -> dict[str, str]:
    """What came of an access: let through, broken off on its way, or refused and why."""
    if not each.allowed:
        return {"text": listed(map(refusal, each.reasons)), "state": "bad"}
    if not each.whole and each.log_entry:
        return {"text": _("Broken off"), "state": "watch"}
    return {"text": _("Let through"), "state": "good"}


def sharing(name: Sharing) -> str:
    return str(_SHARING[name])


def mask(of: Mask, kind: ColumnType = ColumnType.TEXT) -> str:
    """How a column of ``kind`` is shown; a step of money in yuan."""
    step = money(int(of.step)) if kind is ColumnType.MONEY else str(of.step)
    return str(_MASKS[of.kind].format(value=of.value, first=of.first, last=of.last, step=step))


def mask_kind(kind: MaskKind) -> str:
    """A mask to be chosen, before its parameters are."""
    return str(_KINDS[kind])


def parameter(of: Parameter, column: Column) -> dict[str, str]:
    """How a parameter of a mask is asked for."""
    yuan = of.name == "round" and column.type is ColumnType.MONEY
    return {
        "label": str(_IN_YUAN if yuan else _PARAMETERS[of.name]),
        "entry": "text" if of.kind is MaskKind.CONSTANT else "number",
    }


def purpose(name: str) -> str:
    return str(rules.purposes().get(name, Text(zh=name, en=name)))


def listed(names: Iterable[str]) -> str:
    """Names one after the other, as the reader's language parts them."""
    return str(_BETWEEN).join(names)


def told(what: str, more: str) -> str:
    """A name and what was said about it."""
    return f"{what}{_COLON}{more}"


def bureau(name: str) -> str:
    """An organisation's name; the data office where none is named."""
    if not name:
        return str(Text(zh="区数据主管部门", en="District data office"))
    found = organisation(name)
    return str(found.title) if found else name


details.declare(  # here, not in deeds: a start has no use for the words of pages
    {"channel": channel, "delivery": channel, "purpose": purpose, "purposes": purpose, "reasons": refusal}
)
