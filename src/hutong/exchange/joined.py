"""The rows of a link group: every contract's gate is asked, all have to open, and each contract keeps its record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hutong.exchange import contracts, gate, links, places, watching
from hutong.exchange.errors import GateShut
from hutong.exchange.logic import gate as decision
from hutong.exchange.logic import links as logic
from hutong.exchange.types import Asked, LinkRef, Page, Standing
from hutong.kernel import audit
from hutong.kernel.errors import HutongError
from hutong.lake import api as lake
from hutong.lake.types import Body, BodyFormat, Condition, Lens, MaskKind


@dataclass(frozen=True, slots=True)
class Opened:
    """Let through by every gate: the query, the lens of each table, and the records it ends in."""

    sql: str
    lenses: dict[str, Lens]
    records: tuple[int, ...]
    chosen: tuple[logic.Out, ...]
    parts: tuple[logic.Part, ...]

    @property
    def tables(self) -> list[str]:
        return list(self.lenses)


def outline(link: LinkRef) -> tuple[list[logic.Part], list[logic.Out]]:
    """The group's contracts as they stand now, and the columns of its rows."""
    parts = [links.part(contracts.contract_of(link.base))]
    parts += [links.part(contracts.contract_of(each.contract), each) for each in link.joins]
    return parts, logic.columns(parts[0], parts[1:])


def purpose(link: LinkRef) -> str:
    """The first purpose that all its contracts have."""
    named = [contracts.contract_of(each).terms.purposes for each in link.contracts]
    return next((each for each in named[0] if all(each in others for others in named)), "")


def read(asked: Asked, link: LinkRef) -> Page:
    """Some joined rows; columns and conditions of ``asked`` are names of the joined rows. Raises ``GateShut``."""
    size = min(max(asked.limit, 1), gate.MOST_PAGE)
    opened = _enter(asked, link, most=size + 1)
    shown: tuple[tuple[Any, ...], ...] | None = None
    try:
        found = lake.query(opened.sql, opened.tables, lenses=opened.lenses, limit=size + 1, keep=True)
        shown = found.rows[:size]
    finally:
        _leave(opened, len(shown or ()), whole=shown is not None)
    return Page(
        found.columns, shown, len(found.rows) > len(shown), tuple(each.urn for each in found.snapshots),
        tuple(each.name for each in opened.chosen if _masked(opened, each)),
        {each.name: opened.parts[each.part].shape.column(each.column) for each in opened.chosen},
    )  # fmt: skip


def _masked(opened: Opened, out: logic.Out) -> bool:
    mask = opened.parts[out.part].mask(out.column)
    return mask is not None and mask.kind is not MaskKind.KEEP


def stream(asked: Asked, link: LinkRef, form: BodyFormat, *, mark: bool = False) -> Body:
    """All the joined rows as a body of any size; raises ``GateShut``."""
    opened = _enter(asked, link, most=asked.limit if asked.limit > 0 else None)
    ended: list[bool] = []

    def told(rows: int, whole: bool) -> None:
        ended.append(True)
        _leave(opened, rows, whole=whole)

    try:
        body = lake.stream(opened.sql, opened.tables, form=form, lenses=opened.lenses, mark=mark, told=told)
    except HutongError:
        if not ended:
            _leave(opened, 0, whole=False)
        raise
    return replace(body, parts=watching.Watched(body.parts, _still(asked, link, opened.parts)))


def _still(asked: Asked, link: LinkRef, parts: Sequence[logic.Part]) -> Callable[[], None]:
    """Raises ``GateShut`` once the group or one of its contracts has ended."""
    looks = [watching.still(asked, each.contract) for each in parts]

    def look() -> None:
        _check_standing(asked, links.link_of(link.id), parts)
        for each in looks:
            each()

    return look


def _enter(asked: Asked, link: LinkRef, *, most: int | None) -> Opened:
    parts, known = outline(link)
    names = {each.name: each for each in known}
    _check_standing(asked, link, parts)
    chosen = [_named(names, each) for each in asked.columns] or known
    where = [(_named(names, each.column), each) for each in asked.where]
    for name, _down in asked.order:
        _named({each.name: each for each in chosen}, name)
    passed: list[gate.Passed] = []
    try:
        for at, each in enumerate(parts):
            passed.append(gate.enter(_of(at, asked, parts, chosen, where), each.contract, most=most))
    except HutongError:
        _close(tuple(each.record for each in passed))
        raise
    records = tuple(each.record for each in passed)
    try:
        key = places.secret(f"mask:{link.id}")
        lenses = {each.contract.table: logic.rekeyed(each.lens, key) for each in passed}
        said = logic.sql(
            parts, chosen, _tests(parts, where, lenses), asked.order,
            only_matches=link.only_matches, limit=min(each.limit for each in passed), offset=asked.offset,
        )  # fmt: skip
        for each in parts:
            lake.check_lens(lenses[each.contract.table], each.shape)
    except HutongError:
        _close(records)
        raise
    return Opened(said, lenses, records, tuple(chosen), tuple(parts))


def _check_standing(asked: Asked, link: LinkRef, parts: Sequence[logic.Part]) -> None:
    """The group itself: consented to by all, not ended, and about what its contracts still grant."""
    why = ""
    if link.standing is Standing.REVOKED:
        why = "link-ended"
    elif link.standing is not Standing.ACTIVE:
        why = "link-not-signed"
    elif any(links.granted(each.contract) != link.granted.get(each.contract.id) for each in parts):
        why = "link-changed"
    if why:
        zh, en = _SAID[why]
        audit.record(
            "exchange.access-refused", link.urn, actor=asked.actor, organisation=asked.organisation,
            channel=asked.channel.value, purpose=asked.purpose[:60], reasons=[f"exchange.gate.{why}"],
        )  # fmt: skip
        raise GateShut(why_zh=zh, why_en=en, reasons=[f"exchange.gate.{why}"])
    logic.check(parts[0], parts[1:])


_SAID = {
    "link-ended": ("关联组已终止", "the link group was ended"),
    "link-not-signed": ("关联组尚未经各提供方同意", "not every provider has consented to the link group"),
    "link-changed": (
        "其中一份合同的授权内容已变更，关联组须重新同意",
        "what one of its contracts grants has changed; the group has to be agreed anew",
    ),
}


def _named(known: dict[str, logic.Out], name: str) -> logic.Out:
    if name not in known:
        told = name[:80]
        raise GateShut(
            why_zh=f"关联组没有列 {told}", why_en=f"the link group has no column {told}",
            reasons=["exchange.gate.column"],
        )  # fmt: skip
    return known[name]


def _of(
    at: int,
    asked: Asked,
    parts: Sequence[logic.Part],
    chosen: Sequence[logic.Out],
    where: Sequence[tuple[logic.Out, Condition]],
) -> Asked:
    """What is asked of one contract: the columns chosen of it, its keys, and the conditions on it."""
    keys = [right for _left, right in parts[at].on]
    if at == 0:
        keys = [left for each in parts for left, _right in each.on]
    columns = dict.fromkeys([*(each.column for each in chosen if each.part == at), *keys])
    tests = tuple(replace(each, column=out.column) for out, each in where if out.part == at)
    return replace(asked, columns=tuple(columns), where=tests, order=())


def _tests(
    parts: Sequence[logic.Part], where: Sequence[tuple[logic.Out, Condition]], lenses: dict[str, Lens]
) -> dict[int, str]:
    """By part: its conditions on what masks show (those on clear columns are in its lens already)."""
    found: dict[int, str] = {}
    for at, part in enumerate(parts):
        mine = tuple(replace(each, column=out.column) for out, each in where if out.part == at)
        if mine:
            hidden = decision.shown_conditions(Asked("", "", "", where=mine), part.contract)
            found[at] = lake.shown_conditions(hidden, lenses[part.contract.table], part.shape)
    return found


def _close(records: Sequence[int]) -> None:
    """Nothing was read after all."""
    for record in records:
        gate.leave(record, 0, whole=False)


def _leave(opened: Opened, rows: int, *, whole: bool) -> None:
    for record in opened.records:
        gate.leave(record, rows, whole=whole)
