"""The section tree of a plan, from mixed numbering."""

import re
from dataclasses import dataclass, field

from hutong.indicators.plan_import.characters import chinese_text, tidy
from hutong.indicators.plan_import.lines import SPECIAL, Paragraph
from hutong.indicators.plan_import.markers import RANK, Kind, Marker, read_marker
from hutong.indicators.plan_import.types import Place, Section, Unread

LONGEST_TITLE = 60
_SENTENCE = re.compile(r"[。！？!?](?!$)|[。！？；!?;]$|；")


@dataclass(slots=True)
class Node:
    """A section and the paragraphs under it: the rest of its own line, then whole paragraphs."""

    section: Section
    kind: Kind | None
    rank: int
    index: int
    rest: int = 0
    body: list[int] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    parent: "Node | None" = None

    @property
    def top(self) -> "Node":
        return self.parent.top if self.parent else self


@dataclass(frozen=True, slots=True)
class _Found:
    """A heading as it was found, before its place in the tree is known."""

    number: str
    title: str
    place: Place
    index: int
    rest: int
    kind: Kind | None = None
    value: int = 0
    rank: int | None = None
    deeper: int = 0


@dataclass(slots=True)
class Outline:
    """All sections in reading order, the opening paragraphs before the first, and what stayed doubtful."""

    nodes: list[Node] = field(default_factory=list)
    opening: list[int] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


def read_outline(paragraphs: list[Paragraph], skipped: set[int]) -> Outline:
    """The section tree of the paragraphs that are not ``skipped`` (contents, titles)."""
    return _Builder(paragraphs, skipped).build()


class _Builder:
    def __init__(self, paragraphs: list[Paragraph], skipped: set[int]) -> None:
        self._paragraphs = paragraphs
        self._skipped = skipped
        self._outline = Outline()
        self._stack: list[Node] = []
        self._last: dict[Kind, int] = {}
        self._ranks: dict[Kind, int] = dict(RANK)
        self._boxed = False

    def build(self) -> Outline:
        self._order_kinds()
        pending: tuple[int, Marker] | None = None
        for index, paragraph in enumerate(self._paragraphs):
            if index in self._skipped:
                continue
            if pending:
                self._add_split(pending, index)
                pending = None
                continue
            marker = read_marker(paragraph.text)
            if marker and not paragraph.text[marker.end :].strip() and self._may_split(index, marker):
                pending = (index, marker)
            elif not self._heading(index, paragraph, marker):
                self._body(index)
        return self._outline

    def _order_kinds(self) -> None:
        """Where 1. is seen before any 一、 or chapter and holds （一）, it is the upper of the two."""
        seen = [
            m.kind
            for i, p in enumerate(self._paragraphs)
            if i not in self._skipped and (m := read_marker(p.text))
        ]
        upper = {"part", "chapter", "section", "cn"} & set(seen)
        if not upper and "num" in seen and "cn_paren" in seen and seen.index("num") < seen.index("cn_paren"):
            self._ranks["num"], self._ranks["cn_paren"] = RANK["cn_paren"], RANK["num"]

    def _may_split(self, index: int, marker: Marker) -> bool:
        """A number alone on its line whose title is the next paragraph."""
        if index + 1 >= len(self._paragraphs) or marker.kind == "box":
            return False
        after = self._paragraphs[index + 1].text
        return len(after) <= LONGEST_TITLE and not read_marker(after) and "。" not in after

    def _add_split(self, pending: tuple[int, Marker], index: int) -> None:
        start, marker = pending
        first, second = self._paragraphs[start], self._paragraphs[index]
        title = tidy(second.text)
        kind, printed = self._promoted(marker, title="", place=first.place(0, len(first.text)))
        place = first.place(0, len(first.text))
        self._push(_Found(printed, title, place, index, len(second.text), kind, marker.value))

    def _heading(self, index: int, paragraph: Paragraph, marker: Marker | None) -> bool:
        squeezed = re.sub(r"\s+", "", paragraph.text)
        if SPECIAL.fullmatch(squeezed) and not marker:
            self._special(index, paragraph, squeezed)
            return True
        if marker is None:
            return bool(paragraph.outline) and self._unnumbered(index, paragraph)
        title, end = _title(paragraph.text, marker)
        if not self._is_heading(index, paragraph, marker, title, end):
            return False
        place = paragraph.place(0, end)
        kind, printed = self._promoted(marker, title, place)
        self._check_sequence(kind, marker, printed, title, place)
        deeper = max(0, len(marker.parts) - 2)
        self._push(_Found(printed, title, place, index, end, kind, marker.value, deeper=deeper))
        return True

    def _is_heading(self, index: int, paragraph: Paragraph, marker: Marker, title: str, end: int) -> bool:
        if marker.kind in {"part", "chapter", "section", "box", "article"}:
            return bool(title) or marker.kind != "box"
        if not title or len(title) > LONGEST_TITLE or paragraph.text[end - 1 : end] in {"；", ";"}:
            return False
        if marker.kind == "dec":
            return self._decimal_fits(marker)
        expected = {1, self._last.get(marker.kind, 0) + 1, self._last.get("cn", 0) + 1}
        before = self._paragraphs[index - 1].text if index else "。"
        return marker.value in expected or before[-1:] not in "，、（(第和与及"

    def _decimal_fits(self, marker: Marker) -> bool:
        """1.1 counts only under heading 1 (or the first chapter)."""
        owners = {self._last.get(kind) for kind in ("num", "cn", "chapter")} | {None}
        known = {value for value in owners if value is not None}
        return not known or marker.parts[0] in known

    def _promoted(self, marker: Marker, title: str, place: Place) -> tuple[Kind, str]:
        """Word writes a lost automatic 四、 as 4、: where 四 is due and no 4. is, the number is the chapter's."""
        due = self._last.get("cn", 0) + 1
        if marker.kind != "num" or marker.value != due or due == 1 or not marker.comma:
            return marker.kind, marker.printed
        listed = self._stack and any(node.kind == "num" for node in self._stack)
        if title and listed and self._last.get("num", 0) + 1 == marker.value:
            return marker.kind, marker.printed
        printed = chinese_text(marker.value)
        self._outline.unread.append(
            Unread("section", marker.printed, f"编号“{marker.printed}”按上下文读作“{printed}”",
                   f"number {marker.printed} read as {printed} from its context", place)
        )  # fmt: skip
        return "cn", printed

    def _check_sequence(self, kind: Kind, marker: Marker, printed: str, title: str, place: Place) -> None:
        last = self._last.get(kind)
        if kind in {"dec", "box", "circled"} or last is None or marker.value in {1, last + 1}:
            return
        self._outline.unread.append(
            Unread("section", f"{printed} {title}".strip(), f"编号不连续：上一个是 {last}",
                   f"the numbering jumps: the one before is {last}", place)
        )  # fmt: skip

    def _special(self, index: int, paragraph: Paragraph, title: str) -> None:
        self._stack.clear()
        self._last.clear()
        holds = title.startswith(("附", "名词"))  # an annex has headings of its own, a preface has none
        size = len(paragraph.text)
        self._push(_Found("", title, paragraph.place(0, size), index, size, rank=-1 if holds else 99))

    def _unnumbered(self, index: int, paragraph: Paragraph) -> bool:
        title = tidy(paragraph.text)
        if not title or len(title) > LONGEST_TITLE:
            return False
        depth = (paragraph.outline or 1) - 1
        del self._stack[depth:]
        rank = self._stack[-1].rank if self._stack else -1
        size = len(paragraph.text)
        self._push(_Found("", title, paragraph.place(0, size), index, size, rank=rank))
        return True

    def _push(self, found: _Found) -> None:
        kind = found.kind
        rank = found.rank if found.rank is not None else self._ranks[kind] if kind else -1
        rank += found.deeper
        if kind:
            while self._stack and self._stack[-1].rank >= rank:
                self._stack.pop()
            for deeper in [each for each in self._last if self._ranks[each] > rank and rank <= RANK["cn"]]:
                self._last.pop(deeper)
            self._last[kind] = found.value
        parent = self._stack[-1] if self._stack else None
        path = (
            (*parent.section.path, f"{parent.section.number} {parent.section.title}".strip())
            if parent
            else ()
        )
        section = Section(found.number, found.title, len(self._stack) + 1, found.place, path)
        node = Node(section, kind, rank, found.index, found.rest, parent=parent)
        if parent:
            parent.children.append(node)
        self._outline.nodes.append(node)
        self._stack.append(node)

    def _body(self, index: int) -> None:
        if self._stack:
            self._stack[-1].body.append(index)
        else:
            self._outline.opening.append(index)


def _title(text: str, marker: Marker) -> tuple[str, int]:
    """The title after the number and where it ends: the first sentence if more follows on the line."""
    rest = text[marker.end :]
    match = _SENTENCE.search(rest)
    if marker.kind == "article":
        match = re.search(r"[，。；：]", rest)
    end = match.end() if match else len(rest)
    return tidy(rest[:end]).rstrip("。；：:;!！?？，"), marker.end + end
