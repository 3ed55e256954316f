"""From lines to paragraphs: page numbers and running heads taken out, broken lines joined, places kept."""

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from hutong.indicators.plan_import.characters import fold, join, width
from hutong.indicators.plan_import.markers import Kind, read_marker
from hutong.indicators.plan_import.reading.source import Line, Source
from hutong.indicators.plan_import.types import Place

_BOOKMARK = re.compile(
    r"\[bookmark:[^\]\n]{0,80}\]|\{\s*(?:PAGEREF|HYPERLINK|TOC)[^}]{0,120}\}|[\u200b\ufeff]"
)
_PAGE_NUMBER = re.compile(
    r"[-—–―·•－]+\s*\d{1,4}\s*[-—–―·•－]+|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}|[IVXivx]{1,6}"
)
_BARE_NUMBER = re.compile(r"\d{1,3}")
_ENDS = "。！？；：!?;:"
SPECIAL = re.compile(
    r"(?:前言|序言|引言|导言|绪论|目录|结语|结束语|后记|附则|编制说明|名词解释|附录|附表|附件)(?:\d{0,2}|[一二三四五六七八九十]?)(?:[:：].{0,40})?"
)


@dataclass(slots=True)
class Paragraph:
    """A paragraph and where each stretch of it stands in the document."""

    text: str
    segments: list[tuple[int, Line, int]] = field(default_factory=list)
    outline: int | None = None
    contents: bool = False
    edge: bool = False

    def place(self, position: int = 0, length: int = 0) -> Place:
        """The place of ``length`` characters at ``position``, cut at the end of the line they start on."""
        index = max(0, bisect_right(self.segments, position, key=lambda each: each[0]) - 1)
        start, line, column = self.segments[index]
        end = self.segments[index + 1][0] if index + 1 < len(self.segments) else len(self.text)
        return line.place(column + position - start, max(0, min(length, end - position)))

    @property
    def first(self) -> int:
        return self.segments[0][1].number


def furniture(source: Source, *, bare: bool = False) -> set[int]:
    """Line numbers of page numbers and running heads; ``bare`` digits alone count too once tables are out."""
    numbers = {
        line.number
        for line in source.lines
        if _PAGE_NUMBER.fullmatch(line.text.strip()) or (bare and _BARE_NUMBER.fullmatch(line.text.strip()))
    }
    return numbers | _running(source, numbers)


def _running(source: Source, numbers: set[int]) -> set[int]:
    """Short lines that come back at page edges: beside a page number, or first or last on a page."""
    edges: list[Line] = []
    solid = [line for line in source.lines if line.text.strip()]
    for before, line, after in zip([None, *solid], solid, [*solid[1:], None], strict=False):
        beside = (before and before.number in numbers) or (after and after.number in numbers)
        turned = line.page and (
            not before or before.page != line.page or not after or after.page != line.page
        )
        if line.number not in numbers and (beside or turned) and width(line.text.strip()) <= 80:
            edges.append(line)
    seen = Counter(_shape(line) for line in edges)
    return {
        line.number
        for line in edges
        if seen[_shape(line)] >= (2 if line.edge else 3) and not line.text.startswith("\t")
    }


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "#", fold(line.text.strip()))


def paragraphs(source: Source, taken: set[int]) -> list[Paragraph]:
    """The paragraphs of the lines not ``taken`` by tables or furniture."""
    lines = [line for line in source.lines if line.number not in taken]
    solid = [line for line in lines if clean(line.text)[0]]
    if not solid:
        return []
    blanks_part = _blanks_part(lines)
    margin = _Margin(_margin(solid), _run_in(solid))
    made: list[Paragraph] = []
    last: Line | None = None
    blank = False
    for line in lines:
        text, _ = clean(line.text)
        if not text:
            blank = True
            continue
        broken = last is not None and line.number - last.number > 1 and blank and blanks_part
        if last is not None and not broken and _continues(last, line, made[-1].text, margin):
            _extend(made[-1], line)
        else:
            made.append(_new(line))
        last, blank = line, False
    return made


def clean(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The line without bookmarks and outer spaces, and (position, column) of each kept stretch."""
    kept, segments, at = "", [], 0
    for match in [*_BOOKMARK.finditer(text), None]:
        end = match.start() if match else len(text)
        piece = text[at:end]
        if not kept:
            lead = len(piece) - len(piece.lstrip())
            piece, at = piece[lead:], at + lead
        if piece:
            segments.append((len(kept), at))
            kept += piece
        at = match.end() if match else end
    return kept.rstrip(), segments


def _new(line: Line) -> Paragraph:
    text, segments = clean(line.text)
    return Paragraph(
        text, [(p, line, column) for p, column in segments], line.outline, line.contents, line.edge
    )


def _extend(paragraph: Paragraph, line: Line) -> None:
    text, segments = clean(line.text)
    joined = join(paragraph.text, text)
    start = len(joined) - len(text)
    paragraph.text = joined
    paragraph.segments += [(start + position, line, column) for position, column in segments]


def _blanks_part(lines: list[Line]) -> bool:
    """Whether a blank line parts paragraphs, or stands after every line of the file."""
    solid = [index for index, line in enumerate(lines) if line.text.strip()]
    followed = sum(1 for index in solid[:-1] if not lines[index + 1].text.strip())
    return followed < 0.6 * max(1, len(solid) - 1)


def _margin(lines: list[Line]) -> int:
    """The width at which the file breaks its lines, 0 if it does not."""
    widths = sorted(width(clean(line.text)[0]) for line in lines)
    full = widths[int(0.93 * (len(widths) - 1))]
    if full > 110 or full < 30:
        return 0
    long = broken = 0
    for line, after in pairwise(lines):
        text = clean(line.text)[0]
        if width(text) >= 0.85 * full and not starts_anew(after):
            long += 1
            broken += text[-1] not in _ENDS
    return full if long >= 4 and broken > 0.4 * long else 0


def starts_anew(line: Line) -> bool:
    """Whether the line opens with a heading number, a heading word or a full indent."""
    text = clean(line.text)[0]
    return (
        bool(read_marker(text))
        or bool(SPECIAL.fullmatch(re.sub(r"\s+", "", text)))
        or (text.startswith(("——", "注：", "注:", "图", "表")) and len(text) < 40)
        or line.text.startswith(("\u3000\u3000", "    "))
    )


@dataclass(frozen=True, slots=True)
class _Margin:
    """Where the file breaks lines, and the kinds of heading that run on into their text."""

    width: int
    run_in: frozenset[Kind]

    def needed(self, text: str) -> float:
        """How wide a line must be to be continued by the next: a heading on its own line, almost full."""
        marker = read_marker(text)
        alone = marker is not None and marker.kind not in self.run_in
        unbroken = text[-1] not in _ENDS and not any(mark in text for mark in "。；")
        return (0.92 if alone and unbroken else 0.74) * self.width


def _run_in(lines: list[Line]) -> frozenset[Kind]:
    """Kinds of number whose lines mostly hold a full sentence and go on: 1.加强文化交流。聚焦…"""
    seen: Counter[Kind] = Counter()
    running: Counter[Kind] = Counter()
    for line in lines:
        text = clean(line.text)[0]
        marker = read_marker(text)
        if marker:
            seen[marker.kind] += 1
            running[marker.kind] += "。" in text[:-1]
    article: Kind = "article"
    return frozenset([article, *(kind for kind in seen if running[kind] >= 0.4 * seen[kind])])


def _continues(last: Line, line: Line, so_far: str, margin: _Margin) -> bool:
    if line.contents or last.contents or line.outline or last.outline or line.edge != last.edge:
        return False
    if starts_anew(line) and not _prose_number(line, so_far):
        return False
    if last.full is not None:
        return last.full and not line.starts
    return bool(margin.width) and width(clean(last.text)[0]) >= margin.needed(so_far)


def _prose_number(line: Line, so_far: str) -> bool:
    """A number that opens a line only because the sentence broke there: a law and the 第二条 that follows it."""
    marker = read_marker(clean(line.text)[0])
    return bool(
        marker and so_far[-1] in "，、（(第和与及至" and marker.kind not in {"part", "chapter", "section"}
    )
