"""What a deciding person chooses, and the sample that shows what comes of it before anything is signed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from hutong.accounts.api import Actor
from hutong.exchange import places, requests, rules
from hutong.exchange.errors import BadRequest
from hutong.exchange.logic import choices
from hutong.exchange.types import Page, Quota, RequestRef, Terms
from hutong.kernel import audit
from hutong.kernel.suppression import suppress
from hutong.lake import api as lake
from hutong.lake.types import Lens, Mask, MaskKind, Seen

PREVIEW = 10


@dataclass(frozen=True, slots=True)
class Sample:
    """What the consumer would see. Small counts are not told (None), nor are the rows where so few meet the
    conditions: nobody has signed for them yet.
    """

    page: Page | None
    rows: int | None
    total: int | None
    least: int


def chosen(found: RequestRef, given: Mapping[str, str]) -> Terms:
    """The terms as the provider narrowed them: masks, columns left out, the last day, rows a day."""
    shape = lake.contract(found.dataset)
    usual = requests.usual_terms(requests.row_of(found.id))
    masks = {name: choices.chosen(shape.column(name), mask, given) for name, mask in usual.columns.items()}
    rows = given.get("rows_per_day", "").strip() or "0"
    if not rows.isascii() or not rows.isdigit() or len(rows) > 9:
        raise BadRequest(reason_zh="每日行数应为数字", reason_en="rows a day is a number")
    return replace(
        usual,
        columns={name: mask for name, mask in masks.items() if mask is not None},
        end=_day(given["end"]) if given.get("end") else usual.end,
        quota=Quota(int(rows), usual.quota.calls_per_day),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadRequest(
            reason_zh=f"日期 {text[:20]!r} 无法读取", reason_en=f"{text[:20]!r} is no day"
        ) from None


def sample(actor: Actor, found: RequestRef, columns: Mapping[str, Mask]) -> Sample:
    """The first rows exactly as the consumer would see them, with the digests of the contract to come."""
    shape = lake.contract(found.dataset)
    key = places.secret(f"mask:c-{found.id}")
    keyed = {
        name: replace(mask, key=key) if mask.kind is MaskKind.HASH else mask for name, mask in columns.items()
    }
    lens = Lens(tuple(Seen(name, mask) for name, mask in keyed.items()), found.where)
    lake.check_lens(lens, shape)
    least = rules.current().least_rows
    met, total = _counted(found, lens)
    told = suppress({"met": met, "rest": total - met}, least)
    page = _page(found, lens) if not 0 < met < least else None
    audit.record(
        "exchange.preview", found.urn, actor=actor.urn, organisation=actor.organisation,
        rows=len(page.rows) if page else 0,
    )  # fmt: skip
    return Sample(page, told["met"], total if total >= least else None, least)


def _counted(found: RequestRef, lens: Lens) -> tuple[int, int]:
    """How many rows meet the conditions, of how many."""
    shape = lake.contract(found.dataset)
    count = f"SELECT count(*) FROM {lake.ident(shape.sql_name)}"
    every = lake.query(count, [found.dataset], lenses={found.dataset: replace(lens, where=())})
    if not lens.where:
        return every.rows[0][0], every.rows[0][0]
    met = lake.query(count, [found.dataset], lenses={found.dataset: lens})
    return met.rows[0][0], every.rows[0][0]


def _page(found: RequestRef, lens: Lens) -> Page:
    shape = lake.contract(found.dataset)
    rows = lake.query(
        f"SELECT * FROM {lake.ident(shape.sql_name)} LIMIT {PREVIEW}", [found.dataset],
        lenses={found.dataset: lens}, limit=PREVIEW,
    )  # fmt: skip
    return Page(
        rows.columns,
        rows.rows,
        False,
        (),
        tuple(each.name for each in lens.columns if each.mask.kind is not MaskKind.KEEP),
        {each.name: each for each in shape.columns},
    )
