"""Rows without a header: lines that end with their nature, or a name and its figure under a caption.

``地区生产总值年均增长 5%左右 预期性``, ``1.居民人均可支配收入年均增长5%左右（预期性）；``. Under one made header.
"""

import re

from hutong.indicators.plan_import.characters import fold, has_han
from hutong.indicators.plan_import.markers import read_marker
from hutong.indicators.plan_import.reading.source import Cell, Grid, Line
from hutong.indicators.plan_import.splitting import by_space
from hutong.indicators.plan_import.targets import is_empty, read_target
from hutong.indicators.plan_import.units import is_unit, normal

HEADER = ("序号", "指标名称", "单位", "目标值", "指标属性")
_NATURE = re.compile(
    r"[\s\u3000]*[【\[（(〔]?\s*(预期性|约束性|预期|约束)(?:指标)?\s*[】\]）)〕]?\s*[。；;，,、.]?\s*$"
)
_NUMBER = re.compile(
    r"^\s*(?:[（(]\s*\d{1,3}\s*[)）]|\d{1,3}\s*[、．)）]|\d{1,3}\.(?!\d)|\d{1,3}(?=[\s\u3000])|[①-⑳])[\s\u3000]*"
)
_CAPTION = re.compile(r"指标|目标")
_VERBS = (
    r"年均增长|年均增速|年均下降|年均|累计增长|累计下降|累计降低|累计|增长到|提高到|提升到|增加到|下降到|降低到|降至|增至|提高至|提升至|达到|达|控制在|保持在|稳定在|维持在"
    r"|不低于|不少于|不高于|不超过|超过|突破|高于|低于|优于|快于|增长|提高|提升|下降|降低|减少|实现|完成|新增|持续|力争|保持|≥|≧|≤|≦|>|<|约|为"
)
_WORDED = re.compile(
    r"(?:完成|达到|按照|执行|落实|符合)?(?:市级?|国家|北京市|上级|市里)?(?:级)?(?:下达|要求|分配|核定|确定)(?:的)?(?:任务|目标|指标|标准|要求)?.{0,8}"
    r"|(?:持续|稳步|逐年|进一步|明显|显著|不断|大幅|有所)(?:下降|提高|提升|增长|改善|降低|减少|优化|扩大|增强)"
    r"|完成.{0,8}(?:任务|目标)|达到.{1,12}(?:要求|标准|水平)|与.{2,16}(?:基本)?同步.{0,4}|(?:在全[市国区])?(?:保持|位居|居).{1,8}|基本.{2,8}|动态清零|全覆盖|不(?:增加|降低|减少)"
)
_LEAST = 2


def promised_rows(lines: list[Line], start: int) -> Grid | None:
    """A run of at least two such lines; every line that ends with its nature but cannot be cut is kept as it is."""
    told = bool(_NATURE.search(lines[start].text))
    if not told and not _captioned(lines, start):
        return None
    rows: list[list[Cell]] = []
    last, index, good = start, start, 0
    while index < len(lines):
        row, taken = _row(lines, index, natured=told)
        if row is None and lines[index].text.strip():
            break
        if row:
            rows.append(row)
            good += bool(row[3].text)
            last = index + taken - 1
        elif index - last > 2:
            break
        index += taken
    if good < (_LEAST if told else 3) or (not told and good < len(rows)):
        return None
    blank = lines[start].place(0, 0)
    head = tuple(Cell(word, blank) for word in HEADER)
    return Grid((head, *(tuple(row) for row in rows)), lines[start].number, lines[last].number)


def _captioned(lines: list[Line], start: int) -> bool:
    above = [line.text.strip() for line in lines[max(0, start - 2) : start] if line.text.strip()]
    return bool(above) and len(above[-1]) <= 40 and bool(re.search(r"指标(?:表|值|体系)?[:：]?$", above[-1]))


def _row(lines: list[Line], index: int, *, natured: bool) -> tuple[list[Cell] | None, int]:
    """The row at ``index`` and the lines it takes: up to three, where the nature stands on the last."""
    line = lines[index]
    if not line.text.strip():
        return None, 1
    if not natured:
        return _cut(line, line.text, ""), 1
    text = line.text
    for taken in (1, 2, 3):
        found = _NATURE.search(text)
        if found and len(text) <= 160:
            body = text[: found.start()]
            return _cut(line, body, found[1]) or _whole(line, body, found[1]), taken
        more = index + taken
        if more >= len(lines) or not lines[more].text.strip() or text.rstrip()[-1:] in "。；":
            break
        marker = read_marker(text.strip())
        if marker and marker.kind not in {"num", "num_paren", "circled"}:
            break
        if taken > 1 and _NUMBER.match(lines[more].text):
            break
        text = f"{text} {lines[more].text.strip()}"
    return None, 1


def _whole(line: Line, body: str, nature: str) -> list[Cell]:
    """A line that is plainly a row and cannot be cut: kept, so that it is listed as unread."""
    text = body.strip()
    place = line.place(len(line.text) - len(line.text.lstrip()), len(text))
    return [Cell("", place), Cell(text, place), Cell("", place), Cell("", place), Cell(nature, place)]


def _cut(line: Line, body: str, nature: str) -> list[Cell] | None:
    """Number, name, unit and target of a line without its nature."""
    number = _NUMBER.match(body)
    start = number.end() if number else len(body) - len(body.lstrip())
    found = _by_spaces(body, start) or _by_verb(body, start)
    if found is None:
        return None
    at, unit, target = found
    name = body[start:at].strip().rstrip("，,：:为是")
    if not has_han(name) or len(name) < 2 or len(name) > 48 or re.search(r"[。；]", name):
        return None
    place = line.place(min(start, len(line.text)), min(len(name), max(0, len(line.text) - start)))
    printed = re.sub(r"[^\d①-⑳]", "", number[0]) if number else ""
    return [
        Cell(printed, place),
        Cell(name, place),
        Cell(unit, place),
        Cell(target, place),
        Cell(nature, place),
    ]


def _by_spaces(body: str, start: int) -> tuple[int, str, str] | None:
    """Cut at a space: after the name an optional unit, then one value and nothing else."""
    pieces = by_space(Line(1, body, 0))
    pieces = [piece for piece in pieces if piece.column >= start]
    if len(pieces) < 2:
        return None
    values = [index for index, piece in enumerate(pieces) if index and is_value(piece.text)]
    if not values or values[0] != len(pieces) - len(values):
        return None
    if len(values) > 1 and not _one_value(" ".join(pieces[i].text for i in values)):
        return None
    first = values[0]
    target = body[pieces[first].column :].strip()
    unit = ""
    if first >= 2 and is_unit(pieces[first - 1].text):
        unit, first = normal(pieces[first - 1].text), first - 1
    elif len(values) == 1 and len(pieces) > 2 and is_unit(pieces[-1].text):
        return None
    return pieces[first].column, unit, target


def _one_value(text: str) -> bool:
    return len(re.findall(r"\d+(?:\.\d+)?", fold(text))) <= 1


def is_value(text: str) -> bool:
    """Whether a piece is a target by itself: a figure, or words that promise a course."""
    found = read_target(text)
    if found is None or is_empty(text):
        return False
    if found.target.op != "text":
        return not is_unit(text)
    return bool(_WORDED.fullmatch(fold(text)))


def _by_verb(body: str, start: int) -> tuple[int, str, str] | None:
    """Cut before the first verb or number after which all is one target: 收入|年均增长5%左右."""
    text = body[start:].rstrip().rstrip("。；;，,")
    for match in re.finditer(rf"(?:{_VERBS})|(?<![\dA-Za-z.])\d", fold(text)):
        if match.start() < 2:
            continue
        name, rest = text[: match.start()], text[match.start() :].strip()
        if match[0].isdigit() and name[-1:] in "第“前十":
            continue
        if is_value(rest) and not name.endswith(("（", "(")):
            return start + match.start(), "", rest
    return None
