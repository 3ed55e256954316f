"""A page of the cockpit filled with figures: what each tile shows, ready for its template."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext, pgettext

from hutong.accounts.api import Actor
from hutong.cockpit.pack import PageSpec, RowSpec, TileSpec
from hutong.indicators import api as indicators
from hutong.indicators.types import Cause, Figure, Part, Target
from hutong.kernel import clock
from hutong.kernel.text import Text
from hutong.onemap import api as onemap
from hutong.packs import api as packs
from hutong.ui.api import number, short

Options = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """Tiles side by side; ``kind`` is figures where all are, else columns. ``across``: so many on a wall."""

    title: str
    kind: str
    tiles: tuple[tuple[str, Options], ...]
    wall: bool
    across: int


@dataclass(frozen=True, slots=True)
class Board:
    """One page, filled. ``data_at`` is when the newest of its data came in, ``missing`` what has no value."""

    page: PageSpec
    rows: tuple[Row, ...]
    data_at: datetime | None
    oldest_at: datetime | None
    missing: tuple[Text, ...]


class _Seat(NamedTuple):
    """Where a tile is, which names its parts, and who looks at it."""

    key: str
    reader: Actor


def pages() -> list[PageSpec]:
    """Pages of the installed pack, in order."""
    return sorted(packs.installed().values("cockpit"), key=lambda page: (page.order, page.id))


def fill(page: PageSpec, as_of: date, reader: Actor) -> Board:
    """Read the figures of a page as ``reader`` is shown them and lay them out; what a day lacks is computed first."""
    sheet = read(page, as_of, reader)
    rows = tuple(_row(sheet, row, f"{page.id}-{index}", reader) for index, row in enumerate(page.rows))
    known = [name for name in page.indicators if name in sheet.known]
    ages = [at for name in known if (at := sheet.figure(name).data_at)]
    figures = [sheet.figure(name) for name in known]
    missing = tuple(each.title for each in figures if each.value is None and not each.withheld)
    return Board(page, rows, max(ages, default=None), min(ages, default=None), missing)


def read(page: PageSpec, as_of: date, reader: Actor) -> indicators.Sheet:
    """The sheet of a page; a day that nobody asked for yet is computed once and kept."""
    sheet = indicators.sheet(as_of, page.indicators, reader=reader)
    absent = [name for name in page.indicators if name in sheet.known and name not in sheet.computations]
    if not absent or as_of > max(clock.today(), indicators.default_day()):
        return sheet
    if not indicators.compute_all(as_of, wanted=absent).computed:
        return sheet
    return indicators.sheet(as_of, page.indicators, reader=reader)


def _row(sheet: indicators.Sheet, row: RowSpec, key: str, reader: Actor) -> Row:
    tiles = tuple(
        (tile.name, _TILES[tile.name](sheet, tile, _Seat(f"{key}-{index}", reader)))
        for index, tile in enumerate(row.tiles)
        if all(each in sheet.known for each in tile.indicators)
    )
    kind = "figures" if all(name == "figure" for name, _options in tiles) else "columns"
    cells = sum(2 if options.get("large") else 1 for _name, options in tiles)
    across = min(max(3, -(-cells // 2)), 7)
    return Row(str(row.title.text) if row.title else "", kind, tiles, row.wall, across)


def figure_options(found: Figure, *, large: bool = False) -> Options:
    """A figure as the ``figure`` component shows it."""
    standing = found.standing
    options: Options = {
        "title": str(found.title),
        "value": found.value,
        "unit": str(found.unit),
        "url": found.url,
        "points": [point.value for point in found.series[-24:]],
        "note": str(found.period_text),
        "large": large,
    }
    if found.value is not None:
        options["value"] = written(found.value, found.decimals)
        options["format"] = "text"
    elif found.withheld:
        options["note"] = gettext("withheld: about too few people")
    if found.change is not None:
        kind = "points" if found.unit.zh == "%" else "percent"
        options |= {"change": found.change, "change_kind": kind, "change_label": str(found.change_text)}
    if standing.text.zh:
        options |= {"state": standing.state.value, "state_text": str(standing.text)}
    return options


def written(value: float, decimals: int) -> str:
    """A value with the decimals of its indicator."""
    return number(value, decimals) if abs(value) < 1e8 else short(value, decimals)


def _figure(sheet: indicators.Sheet, tile: TileSpec, _seat: _Seat) -> Options:
    return figure_options(sheet.figure(tile.indicators[0]), large=tile.large)


def _chart(sheet: indicators.Sheet, tile: TileSpec, seat: _Seat) -> Options:
    found = [sheet.figure(name) for name in tile.chart]
    first = found[0]
    period = sheet.known[first.indicator].period
    starts = sorted({point.period for each in found for point in each.series if point.period})[-tile.points :]
    values = [{point.period: point.value for point in each.series} for each in found]
    title = str(first.title) if len(found) == 1 else " / ".join(str(each.title) for each in found)
    chart: Options = {
        "id": f"chart-{seat.key}",
        "title": title,
        "kind": tile.kind,
        "unit": str(first.unit),
        "labels": [_axis(period, day) for day in starts],
        "series": [
            {"name": str(each.title), "values": [by_period.get(day) for day in starts]}
            for each, by_period in zip(found, values, strict=True)
        ],
    }
    return {"chart": chart, "links": [{"title": str(each.title), "url": each.url} for each in found]}


def _axis(period: indicators.Period, day: date) -> str:
    if period is indicators.Period.MONTH:
        return f"{day:%Y-%m}"
    return (
        str(indicators.period_label(period, day)) if period is not indicators.Period.DAY else day.isoformat()
    )


def _rank(sheet: indicators.Sheet, tile: TileSpec, _seat: _Seat) -> Options:
    name = tile.indicators[0]
    total = sheet.figure(name)
    every = sheet.breakdown(name, tile.by)
    parts = [each for each in every if each.value is not None]
    most = max((abs(each.value or 0) for each in parts), default=0) or 1
    dimension = str(sheet.known[name].dimension(tile.by).title)
    return {
        "title": str(total.title),
        "by": dimension,
        "unit": str(total.unit),
        "url": total.url,
        "more": max(0, len(parts) - tile.limit),
        "withheld": sum(each.withheld for each in every),
        "period": str(total.period_text),
        "rows": [_bar(total, tile.by, each, most) for each in parts[: tile.limit]],
    }


def _map(sheet: indicators.Sheet, tile: TileSpec, seat: _Seat) -> Options:
    name = tile.indicators[0]
    total = sheet.figure(name)
    found = onemap.picture(name, tile.by, total.as_of, seat.reader)
    return {
        "id": f"map-{seat.key}",
        "title": str(total.title),
        "by": str(sheet.known[name].dimension(tile.by).title),
        "unit": str(total.unit),
        "url": total.url,
        "period": found.period if found else str(total.period_text),
        "picture": found,
    }


def _bar(total: Figure, by: str, part: Part, most: float) -> Options:
    value = part.value or 0
    change = value - part.before if part.before is not None else None
    return {
        "name": str(part.name),
        "written": written(value, total.decimals),
        "width": round(100 * abs(value) / most, 1),
        "url": indicators.address(total.indicator, total.as_of, {by: part.member}, total.period),
        "change": signed(change, total.decimals) if change is not None else "",
    }


def _causes(sheet: indicators.Sheet, tile: TileSpec, _seat: _Seat) -> Options:
    name = tile.indicators[0]
    total = sheet.figure(name)
    found = sheet.causes(name, tile.by, tile.limit)
    change = total.change_absolute
    return {
        "title": str(total.title),
        "by": str(sheet.known[name].dimension(tile.by).title),
        "unit": str(total.unit),
        "url": total.url,
        "change": signed(change, total.decimals) if change is not None else "",
        "change_text": str(total.change_text),
        "direction": "up" if (change or 0) > 0 else "down" if (change or 0) < 0 else "flat",
        "rows": [_cause(total, each, change or 1) for each in found],
    }


def _cause(total: Figure, each: Cause, change: float) -> Options:
    return {
        "name": str(each.name),
        "written": signed(each.contribution, total.decimals + bool(total.decimals)),
        "share": round(100 * each.contribution / change),
        "gap": each.before is None or each.value is None,
        "url": indicators.address(total.indicator, total.as_of, {each.dimension: each.member}, total.period),
    }


def signed(value: float, decimals: int) -> str:
    return ("+" if value > 0 else "") + written(value, decimals)


def _targets(sheet: indicators.Sheet, tile: TileSpec, _seat: _Seat) -> Options:
    rows = [_target_row(sheet.figure(name)) for name in tile.targets]
    columns = [
        {"key": "title", "title": gettext("Indicator")},
        {"key": "value", "title": gettext("Now"), "kind": "text"},
        {"key": "target", "title": gettext("Target")},
        {"key": "expected", "title": pgettext("cockpit", "Expected by now")},
        {"key": "state", "title": gettext("State"), "kind": "badge"},
        {"key": "period", "title": gettext("As of")},
    ]
    return {"caption": gettext("Targets"), "columns": columns, "rows": rows}


def _target_row(found: Figure) -> Mapping[str, Any]:
    standing = found.standing
    expected = standing.expected
    state = {"text": str(standing.text), "state": standing.state.value} if standing.text.zh else ""
    return {
        "title": {"text": str(found.title), "url": found.url},
        "value": f"{written(found.value, found.decimals)} {found.unit}" if found.value is not None else None,
        "target": target_text(standing.target, found) if standing.target else None,
        "expected": f"{written(float(expected), found.decimals)} {found.unit}"
        if expected is not None
        else None,
        "state": state,
        "period": str(found.period_text) or found.as_of.isoformat(),
    }


def target_text(target: Target, found: Figure) -> str:
    """A target in signs: ≥ 400 家, ≈ 82 件, 1–3 项."""
    low = (
        written(float(target.low), 0 if target.low == int(target.low) else 1)
        if target.low is not None
        else ""
    )
    high = (
        written(float(target.high), 0 if target.high == int(target.high) else 1)
        if target.high is not None
        else ""
    )
    if target.about:
        text = f"≈ {low}"
    elif low and high:
        text = f"{low}–{high}"
    else:
        text = f"≥ {low}" if low else f"≤ {high}"
    return f"{text} {found.unit} ({target.year})"


def _link(_sheet: indicators.Sheet, tile: TileSpec, _seat: _Seat) -> Options:
    assert tile.link is not None  # noqa: S101 - its name says so
    text = str(tile.link.text.text) if tile.link.text else ""
    return {"items": [{"title": str(tile.link.title.text), "url": tile.link.url, "text": text}]}


def _notice(_sheet: indicators.Sheet, tile: TileSpec, _seat: _Seat) -> Options:
    return {"text": str(tile.notice.text) if tile.notice else ""}


_TILES = {
    "figure": _figure,
    "chart": _chart,
    "rank": _rank,
    "map": _map,
    "causes": _causes,
    "targets": _targets,
    "link": _link,
    "notice": _notice,
}
