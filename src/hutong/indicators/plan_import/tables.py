"""Indicator tables: rows become indicators, everything doubtful is listed with its reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hutong.indicators.plan_import.characters import CIRCLED, chinese_number, fold, has_han, tidy
from hutong.indicators.plan_import.header import Column, Header, Role, read_header
from hutong.indicators.plan_import.names import name_parts, odd_unit, without_number
from hutong.indicators.plan_import.reading.source import Cell, Grid
from hutong.indicators.plan_import.targets import is_empty, number_in, read_target
from hutong.indicators.plan_import.types import Baseline, Indicator, Per, Place, Target, Unread
from hutong.indicators.plan_import.units import normal

_MARK = re.compile(r"[○●√✓✔◯〇☑▲■★*]")
_NOTE = re.compile(r"^(?:注|备注|说明|资料来源|\*|※)\s*[0-9一二三]*\s*[:：．.、]?")


@dataclass(frozen=True, slots=True)
class TableContext:
    """What is known around a table: its caption and the years of the plan."""

    caption: str = ""
    period: tuple[int, int] | None = None


@dataclass(slots=True)
class TableReading:
    """What a table gave. ``header`` is kept for its continuation on the next page."""

    indicators: list[Indicator] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    header: Header | None = None
    tasks: bool = False
    group: str = ""


def read_table(grid: Grid, context: TableContext, before: TableReading | None = None) -> TableReading:
    """The indicators of one table; ``before`` is the table it may continue."""
    texts = [[cell.text for cell in row] for row in grid.rows]
    if grid.doubtful:
        zh, en = "表格的单元格对不齐，未读取", "the cells of the table could not be lined up; it was not read"
        return TableReading(unread=[_unread_table(grid, context, zh, en)])
    start, header = _find_header(texts)
    if header is None and before and before.header and len(before.header.columns) == len(texts[0]):
        return _Rows(grid, context, before.header, 0, before.group).read()
    result = TableReading(header=header)
    if header is None:
        if "指标" in context.caption:
            result.unread.append(
                _unread_table(grid, context, "表头无法识别", "the header of the table is not known")
            )
        return result
    if not _about_indicators(header, context):
        result.header = None
        result.tasks = header.find("task") is not None
        return result
    past = _past_target(header, context)
    if past:
        result.unread.append(
            _unread_table(grid, context, f"目标年 {past} 早于规划期，按上期完成情况处理，未取作本规划指标",
                          f"its target year {past} is before this plan: a review of the last one")
        )  # fmt: skip
        result.header = None
        return result
    continued = before.group if before and before.header == header else ""
    return _Rows(grid, context, header, start + header.rows, continued).read()


def _find_header(texts: list[list[str]]) -> tuple[int, Header | None]:
    for start in range(min(4, len(texts))):
        header = read_header(texts, start)
        if header:
            return start, header
    return 0, None


def _about_indicators(header: Header, context: TableContext) -> bool:
    """指标 in the name column or the caption, or a nature column, beside a column of values."""
    name = header.find("name")
    if name is None or not header.all("target", "year", "growth", "baseline"):
        return False
    told = "指标" in header.columns[name].text or "指标" in context.caption
    natured = header.find("nature", "expected", "binding") is not None
    return told or natured or (header.find("unit") is not None and header.find("target", "year") is not None)


def _past_target(header: Header, context: TableContext) -> int | None:
    """The newest year of the value columns when it lies before the plan begins."""
    if not context.period:
        return None
    years = [header.columns[i].year for i in header.all("target", "year", "baseline")]
    known = [year for year in years if year]
    return max(known) if known and max(known) < context.period[0] else None


def _unread_table(grid: Grid, context: TableContext, zh: str, en: str) -> Unread:
    place = grid.rows[0][0].place
    text = context.caption or " ".join(tidy(cell.text) for cell in grid.rows[0])
    return Unread("table", text[:80], zh, en, place)


class _Rows:
    """Reads the rows under a known header."""

    def __init__(self, grid: Grid, context: TableContext, header: Header, start: int, group: str) -> None:
        self._rows = grid.rows[start:]
        self._header = header
        self._context = context
        self._result = TableReading(header=header, group=group)
        self._nature = ""
        self._number = 0
        self._values = _value_columns(header, context.period)
        self._bracketed = header.find("unit") is None and _bracketed(self._rows, header)

    def read(self) -> TableReading:
        for row in self._rows:
            if not any(tidy(cell.text) for cell in row):
                continue
            if _repeats(row, self._header):
                continue
            spanning = _spanning(row) or self._numbered_group(row)
            if spanning is not None:
                self._span(spanning)
            else:
                self._row(row)
        return self._result

    def _span(self, cell: Cell) -> None:
        """A row of one text: a footnote, or a group of the rows below."""
        text = tidy(cell.text)
        if _NOTE.match(text) or len(text) > 40:
            return
        nature = re.search(r"预期性|约束性", text)
        if nature:
            self._nature = nature[0]
        else:
            self._result.group = re.sub(
                r"^(?:[一二三四五六七八九十]+[、.．\s]|[（(][一二三四五六七八九十]+[)）])\s*", "", text
            )

    def _numbered_group(self, row: tuple[Cell, ...]) -> Cell | None:
        """``一 | 设施供给 | | |``: a group with its own Chinese number."""
        at, name = self._header.find("seq"), self._header.find("name") or 0
        if (
            at is None
            or not chinese_number(tidy(row[at].text).strip("、.（）()"))
            or row[at].text.strip().isdigit()
        ):
            return None
        others = [
            cell for i, cell in enumerate(row) if i not in {at, name} and tidy(cell.text) and not cell.merged
        ]
        return row[name] if not others and tidy(row[name].text) else None

    def _row(self, row: tuple[Cell, ...]) -> None:
        name_at = self._header.find("name") or 0
        group_at = [i for i in self._header.all("group") if i < len(row)]
        groups = [tidy(row[i].text) for i in group_at]
        if groups and groups[0]:
            self._result.group = groups[0]
        cell = row[name_at]
        name, number, nature, bracket_unit = name_parts(cell.text)
        if self._bracketed and not bracket_unit:
            name, bracket_unit = odd_unit(name)
        nameless = not has_han(name) and not re.search(r"[A-Za-z]{2}", name)
        if nameless or chinese_number(name) or re.fullmatch(r"预期性|约束性", name):
            self._reject(row, "没有指标名称", "it has no name")
            return
        column_unit = self._text(row, "unit")
        unit = normal(column_unit) if not is_empty(column_unit) else ""
        if unit and bracket_unit and normal(bracket_unit) != unit:
            name = without_number(cell.text)  # the brackets belong to the name
        unit = unit or bracket_unit
        if any(row[i].doubtful for i in group_at):
            self._doubt_group(row, name)
        found = self._target(row, unit)
        if found is None:
            self._reject(row, "没有目标值", "it has no target")
            return
        target, printed_unit = found
        if re.search(r"预期性|约束性", target.text) or re.search(r"\d", unit.replace("1/10", "")):
            self._reject(row, "单元格与表头对不齐", "its cells do not line up with the header")
            return
        number = self._text(row, "seq") or number
        self._sequence(number, cell)
        self._result.indicators.append(
            Indicator(
                name, unit or printed_unit, target, self._nature_of(row, nature), self._result.group,
                cell.place, number, self._baseline(row, unit), self._text(row, "owner"),
            )
        )  # fmt: skip

    def _doubt_group(self, row: tuple[Cell, ...], name: str) -> None:
        text = f"{self._result.group} | {name}"
        self._result.unread.append(
            Unread("indicator", text, "类别与指标名称之间只有一个空格，按上述断开读取，请核对",
                   "only a space parts group and name; read as shown, please check", row[0].place)
        )  # fmt: skip

    def _text(self, row: tuple[Cell, ...], role: Role) -> str:
        at = self._header.find(role)
        return tidy(row[at].text) if at is not None and at < len(row) else ""

    def _target(self, row: tuple[Cell, ...], unit: str) -> tuple[Target, str] | None:
        for index in self._values:
            if index >= len(row):
                continue
            column = self._header.columns[index]
            found = read_target(row[index].text, unit or column.unit)
            if found is None or not tidy(row[index].text):
                continue
            target = found.target
            if column.role == "growth" and not target.per:
                target = replace(target, per=_growth_per(column, row[index].text, target))
            growth_unit = "%" if column.role == "growth" and re.search("增", column.text) else ""
            return target, column.unit or found.unit or growth_unit
        return None

    def _nature_of(self, row: tuple[Cell, ...], named: str) -> str:
        stated = re.search(r"预期|约束", self._text(row, "nature"))
        if stated:
            return f"{stated[0]}性"
        for role, word in (("expected", "预期性"), ("binding", "约束性")):
            text = self._text(row, role)  # type: ignore[arg-type]
            if text and _MARK.search(text):
                return word
        return named or self._nature

    def _baseline(self, row: tuple[Cell, ...], unit: str) -> Baseline | None:
        if not self._values:
            return None
        chosen = self._header.columns[self._values[0]].year
        for index in self._header.all("baseline", "year"):
            column = self._header.columns[index]
            early = column.role == "baseline" or (column.year and chosen and column.year < chosen)
            if index < len(row) and index not in self._values[:1] and early:
                text = tidy(row[index].text)
                if not is_empty(text):
                    found = read_target(text, unit)
                    value = number_in(text) if found else None
                    return Baseline(
                        column.year, text, found.target.low if found and value is not None else None
                    )
        return None

    def _sequence(self, number: str, cell: Cell) -> None:
        digits = re.sub(r"\D", "", fold(number)) or str(CIRCLED.get(number[:1], ""))
        if not digits:
            return
        value = int(digits)
        if self._number and value not in {self._number + 1, 1}:
            self._result.unread.append(
                Unread("indicator", f"{number} {tidy(cell.text)}", f"序号不连续：上一个是 {self._number}",
                       f"the running number jumps: the one before is {self._number}", cell.place)
            )  # fmt: skip
        self._number = value

    def _reject(self, row: tuple[Cell, ...], zh: str, en: str) -> None:
        text = " ".join(tidy(cell.text) for cell in row if tidy(cell.text))
        if _NOTE.match(text):
            return
        first = next((cell.place for cell in row if cell.text.strip()), row[0].place)
        place: Place = row[self._header.find("name") or 0].place if row else first
        self._result.unread.append(Unread("indicator", text[:120], zh, en, place))


def _value_columns(header: Header, period: tuple[int, int] | None) -> list[int]:
    """Where to look for the target, best first: the plan's last year, a target column, the latest year, growth."""
    columns = header.columns
    plain = header.all("target")
    if period:
        exact = [i for i in header.all("target", "year") if columns[i].year == period[1]]
        undated = [i for i in plain if columns[i].year is None]
        inside = [i for i in header.all("target", "year") if period[0] <= (columns[i].year or 0) < period[1]]
        order = exact + undated + sorted(inside, key=lambda i: -(columns[i].year or 0))
        order += [i for i in plain if i not in order]
    else:
        years = sorted(header.all("year"), key=lambda i: -(columns[i].year or 0))
        order = sorted(plain, key=lambda i: -(columns[i].year or 0)) + (years[:1] if not plain else [])
    return order + [i for i in header.all("growth") if i not in order]


def _growth_per(column: Column, text: str, target: Target) -> Per | None:
    if "累计" in column.text and ("年均" not in column.text or re.match(r"\s*[\[〔【]", text)):
        return "period"
    return "year" if "年均" in column.text else target.per


def _repeats(row: tuple[Cell, ...], header: Header) -> bool:
    """The header again, at the top of a page."""
    texts = [re.sub(r"\s+", "", tidy(cell.text)) for cell in row]
    same = sum(
        1
        for text, column in zip(texts, header.columns, strict=False)
        if text and column.text.startswith(text)
    )
    return same >= 2 and same >= len([text for text in texts if text]) - 1


def _spanning(row: tuple[Cell, ...]) -> Cell | None:
    texts = {tidy(cell.text) for cell in row if tidy(cell.text)}
    filled = [cell for cell in row if tidy(cell.text)]
    if len(texts) == 1 and len(row) > 2 and (len(filled) == 1 or all(cell.merged for cell in filled[1:])):
        return filled[0] if not re.fullmatch(r"[\d.]+", tidy(filled[0].text)) else None
    return None


def _bracketed(rows: Sequence[tuple[Cell, ...]], header: Header) -> bool:
    """Whether the names of this table end with their unit in brackets, as most of them plainly do."""
    at = header.find("name") or 0
    names = [tidy(row[at].text) for row in rows if tidy(row[at].text)]
    return sum(bool(name_parts(name)[3]) for name in names) >= max(2, 0.5 * len(names))
