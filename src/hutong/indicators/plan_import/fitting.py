"""Fitting cells to columns when a row has more or fewer of them than the header."""

import re

from hutong.indicators.plan_import.characters import chinese_number, fold, has_han, join
from hutong.indicators.plan_import.header import Header, Role
from hutong.indicators.plan_import.reading.source import Cell
from hutong.indicators.plan_import.targets import read_target
from hutong.indicators.plan_import.types import Place
from hutong.indicators.plan_import.units import is_unit

NATURE = re.compile(r"[\[【(（]?(?:预期性|约束性|预期|约束)[\]】)）]?(?:指标)?|[○●√✓◯〇☑]")
GROUP = re.compile(
    r"[\u4e00-\u9fff]{0,6}(?:发展|经济|福祉|民生|驱动|创新|创业|生态|绿色|低碳|保障|安全|治理|建设|服务|文化|改革|开放|协调|共享|环境|城市|社会"
    r"|产业|投入|产出|能力|水平|效益|质量|结构|规模|主体|基础|设施|底座|智慧|人才|转型|动能|宜居|和谐|活力|资源|转化|引领|支撑|教育|健康|医疗|就业"
    r"|收入|科技|消费|商务|交通|旅游|体育|卫生|养老|应用|体系|布局|品质)|[\u4e00-\u9fff]{2,6}[类性化力]"
)
_VALUES: frozenset[Role] = frozenset({"target", "baseline", "year", "growth"})


def fit(cells: list[Cell], header: Header) -> list[Cell] | None:
    """The cells as one row of the header's width, or ``None`` when they cannot be such a row.

    Cells are given out from the left up to the name and from the right back to it; what is left over in the
    middle is the name. A column no cell suits stays empty.
    """
    columns = [column.role for column in header.columns]
    name = header.find("name", "task")
    if (
        name is None
        or len(cells) < 2
        or (len(cells) == 2 and chinese_number(cells[0].text.strip("、.（）()")))
    ):
        return None
    row: list[Cell | None] = [None] * len(columns)
    left, right = list(cells), len(columns) - 1
    while right > name and len(left) > 1:
        room = right - name
        if suits(left[-1].text, columns[right], spare=len(left) - 1 < room + 1):
            row[right] = left.pop()
        elif len(left) - 1 > room:
            left[-2:] = [_glued(left[-2], left[-1])]
            continue
        right -= 1
    _give_left(left, columns, name, row)
    if not left:
        return None
    row[name] = _joined(left)
    target = any(row[i] is not None for i, role in enumerate(columns) if role in _VALUES)
    if not target or not has_han(row[name].text if row[name] else ""):  # type: ignore[union-attr]
        return None
    blank = Cell("", cells[0].place)
    return [cell or blank for cell in row]


def _give_left(left: list[Cell], columns: list[Role], name: int, row: list[Cell | None]) -> None:
    """Number and group before the name; a missing group is the one carried down."""
    before = columns[:name]
    numbered = "seq" in before and any(_number(cell.text) for cell in left[:-1])
    for index, role in enumerate(before):
        if len(left) < 2:
            return
        if role == "seq":
            if _number(left[0].text):
                row[index] = left.pop(0)
        elif numbered and index < before.index("seq"):
            if not _number(left[0].text):
                row[index] = left.pop(0)
        elif len(left) >= 2:
            row[index] = left.pop(0)


def regrouped(row: list[Cell], header: Header) -> list[Cell]:
    """Group and name that stand one space apart: told apart by what groups are called, else marked doubtful."""
    name, group = header.find("name", "task"), header.find("group")
    if name is None or group is None or group > name or not row[group].text:
        return row
    first, rest = row[group], row[name]
    parts = re.match(r"(?:发展|福祉|驱动|保障|生态|创新|治理)(?=[\u4e00-\u9fff]{3})", rest.text)
    if parts and GROUP.fullmatch(first.text + parts[0]):
        place = Place(rest.place.line, rest.place.offset + parts.end(), rest.place.page, rest.place.length)
        row[group] = Cell(first.text + parts[0], first.place, doubtful=True)
        row[name] = Cell(rest.text[parts.end() :].strip(), place)
    elif not GROUP.fullmatch(first.text):
        row[group] = Cell(first.text, first.place, doubtful=True)
    return row


def _number(text: str) -> bool:
    return bool(re.fullmatch(r"[(（]?\d{1,3}[)）.、]?|[①-⑳]", fold(text.strip())))


def suits(text: str, role: Role, *, spare: bool = False) -> bool:
    """Whether a cell can stand in a column; ``spare`` when there are fewer cells than columns."""
    text = text.strip()
    if not text:
        return True
    if role in {"nature", "expected", "binding"}:
        return bool(NATURE.fullmatch(text))
    if role == "unit":
        return is_unit(text) or text in {"-", "—", "/"}
    if role in _VALUES:
        if NATURE.fullmatch(text) or (role != "target" and is_unit(text)):
            return False
        found = read_target(text)
        return (
            found is None or found.target.op != "text" or (role in {"target", "year"} and not is_unit(text))
        )
    return not spare


def _glued(first: Cell, second: Cell) -> Cell:
    return Cell(join(first.text, second.text), first.place)


def _joined(cells: list[Cell]) -> Cell:
    text = cells[0].text
    for cell in cells[1:]:
        text = join(text, cell.text)
    return Cell(text, cells[0].place)
