"""The one decision: may this be read, and through which lens?

A pure function of what is asked, the contract, what was used today and the moment. Every reason against it is given,
not the first alone. Whatever it grants is a lens of the lake, so that a wider answer cannot be asked for afterwards.
"""

from datetime import datetime
from typing import Final

from hutong.exchange.types import Asked, ContractRef, Reason, Standing, Terms, Used, Verdict
from hutong.kernel import clock
from hutong.kernel.text import Text
from hutong.lake.types import Condition, Lens, MaskKind, Seen

PREVIEW_ROWS: Final = 20
MOST_ROWS: Final = 10_000_000

_REASONS: Final = {
    "not-signed": Text(zh="合同尚未经双方签署", en="the contract is not signed by both parties"),
    "revoked": Text(zh="合同已于 {when} 终止", en="the contract was ended on {when}"),
    "superseded": Text(zh="合同已有新版本", en="a newer version of the contract is in force"),
    "not-yet": Text(zh="合同自 {when} 起生效", en="the contract begins on {when}"),
    "expired": Text(zh="合同已于 {when} 到期", en="the contract expired on {when}"),
    "other-organisation": Text(
        zh="合同的使用方是 {consumer}", en="the consumer of the contract is {consumer}"
    ),
    "other-purpose": Text(
        zh="合同未包含用途“{purpose}”", en="the contract does not name the purpose “{purpose}”"
    ),
    "other-delivery": Text(
        zh="合同未约定交付方式“{channel}”", en="the contract does not name the delivery “{channel}”"
    ),
    "column": Text(zh="合同未授予列 {columns}", en="the contract does not grant {columns}"),
    "calls": Text(zh="今日调用次数已达上限 {most}", en="today's {most} calls are used up"),
    "rows": Text(zh="今日行数已达上限 {most}", en="today's {most} rows are used up"),
    "nothing": Text(zh="合同没有授予任何列", en="the contract grants no column"),
}


def decide(asked: Asked, contract: ContractRef, used: Used, at: datetime) -> Verdict:
    """The lens through which ``asked`` may be read, or the reasons why not."""
    reasons = [
        *standing(contract, at),
        *_who(asked, contract),
        *_what(asked, contract),
        *_how_much(contract, used),
    ]
    if reasons:
        return Verdict(None, tuple(reasons))
    names = asked.columns or tuple(contract.terms.columns)
    quota = contract.terms.quota.rows_per_day
    left = quota - used.rows if quota else MOST_ROWS
    return Verdict(lens_of(contract, names, _pushed(asked, contract)), (), min(left, MOST_ROWS))


def lens_of(contract: ContractRef, names: tuple[str, ...], narrower: tuple[Condition, ...] = ()) -> Lens:
    """The contract's lens on some of its columns; ``narrower`` conditions only ever take rows away."""
    seen = tuple(Seen(name, contract.terms.columns[name]) for name in names)
    return Lens(seen, (*contract.terms.where, *narrower))


def standing(contract: ContractRef, at: datetime) -> list[Reason]:
    """Why the contract is not in force, whoever asks; nothing when it is."""
    today, found = clock.local(at).date(), []
    if contract.standing is Standing.REVOKED:
        when = clock.local(contract.ended_at).date() if contract.ended_at else today
        found.append(_reason("revoked", when=when))
    elif contract.standing is Standing.SUPERSEDED:
        found.append(_reason("superseded"))
    elif contract.standing is Standing.PROPOSED or not contract.signed:
        found.append(_reason("not-signed"))
    if today < contract.terms.start:
        found.append(_reason("not-yet", when=contract.terms.start))
    if today > contract.terms.end:
        found.append(_reason("expired", when=contract.terms.end))
    return found


def _who(asked: Asked, contract: ContractRef) -> list[Reason]:
    found = []
    if not asked.organisation or asked.organisation != contract.consumer:
        found.append(_reason("other-organisation", consumer=contract.consumer))
    if asked.purpose not in contract.terms.purposes:
        found.append(_reason("other-purpose", purpose=asked.purpose[:80]))
    if asked.channel not in contract.terms.delivery:
        found.append(_reason("other-delivery", channel=asked.channel.value))
    return found


def _what(asked: Asked, contract: ContractRef) -> list[Reason]:
    granted = contract.terms.columns
    if not granted:
        return [_reason("nothing")]
    named = [*asked.columns, *(each.column for each in asked.where), *(name for name, _down in asked.order)]
    refused = sorted({name[:80] for name in named if name not in granted})
    return [_reason("column", columns=", ".join(refused[:10]))] if refused else []


def _how_much(contract: ContractRef, used: Used) -> list[Reason]:
    quota, found = contract.terms.quota, []
    if quota.calls_per_day and used.calls >= quota.calls_per_day:
        found.append(_reason("calls", most=quota.calls_per_day))
    if quota.rows_per_day and used.rows >= quota.rows_per_day:
        found.append(_reason("rows", most=quota.rows_per_day))
    return found


def _pushed(asked: Asked, contract: ContractRef) -> tuple[Condition, ...]:
    """Conditions on columns seen in clear: they may narrow the lens itself. Others compare what the mask shows."""
    return tuple(each for each in asked.where if contract.terms.columns[each.column].kind is MaskKind.KEEP)


def shown_conditions(asked: Asked, contract: ContractRef) -> tuple[Condition, ...]:
    """Conditions on masked columns: compared with what is shown, never with the true value."""
    return tuple(
        each for each in asked.where if contract.terms.columns[each.column].kind is not MaskKind.KEEP
    )


def same_grant(one: Terms, other: Terms) -> bool:
    """Whether both show the same columns in the same way, the same rows, for the same purposes, by the same ways."""
    return (one.columns, one.where, one.purposes, one.delivery) == (
        other.columns, other.where, other.purposes, other.delivery,
    )  # fmt: skip


def _reason(code: str, **facts: object) -> Reason:
    return Reason(f"exchange.gate.{code}", _REASONS[code].format(**facts))


SUPERSEDED: Final = _reason("superseded")
