"""YAML text to plain data in which every key path has its line and column.

The language is a small YAML: mappings, lists, texts, whole and decimal numbers, true/false, null and dates
(YYYY-MM-DD). Anchors, aliases and tags are refused: a reader should never have to look elsewhere, and a file
of a few lines should never unfold into gigabytes. ``yes`` and ``on`` are texts, as are numbers with a leading
zero or more than 15 digits (they are codes).
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from hutong.kernel.text import Text
from hutong.packs.types import KeyPath, Mark, Problem, show_path

MAX_BYTES = 2**20
MAX_DEPTH = 40
_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})\Z")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})\.[0-9]{1,15}\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
_PLAIN = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(slots=True)
class Tree:
    """A file as read: its data, where every key path is, and what is wrong with its form."""

    pack: str
    file: str
    data: Any = None
    marks: dict[KeyPath, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    read: bool = True

    def mark(self, path: KeyPath) -> Mark:
        """Where a key is; the nearest key around it when it is not written."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path, Mark())

    def blame(
        self,
        path: KeyPath,
        code: str,
        expected: Text,
        fix: Text,
        found: str = "",
        *,
        mark: Mark | None = None,
    ) -> None:
        where = mark or self.mark(path)
        self.problems.append(
            Problem(
                self.pack, self.file, where.line, where.column, show_path(path), code, found, expected, fix
            )
        )

    def refuse(
        self, code: str, expected: Text, fix: Text, found: str = "", *, mark: Mark | None = None
    ) -> None:
        """The file as a whole cannot be read."""
        self.read, self.data = False, None
        self.blame((), code, expected, fix, found, mark=mark or Mark())


def read(pack: str, file: str, content: bytes) -> Tree:
    """Read one file of a pack. Never raises on any content: what is wrong is in ``problems``."""
    tree = Tree(pack, file)
    text = _decode(tree, content)
    if text is None or not _clean(tree, text):
        return tree
    try:
        _Composer(tree, yaml.parse(text, Loader=_LOADER)).document()
    except yaml.MarkedYAMLError as error:
        _tell_syntax(tree, error)
    except _TooDeep as error:
        tree.refuse(
            "too-deep",
            Text(zh=f"不超过 {MAX_DEPTH} 层的内容", en=f"no more than {MAX_DEPTH} levels"),
            Text(zh="减少嵌套", en="nest less"),
            mark=error.mark,
        )
    return tree


def _decode(tree: Tree, content: bytes) -> str | None:
    if len(content) > MAX_BYTES:
        tree.refuse(
            "too-large",
            Text(zh="不超过 1 MB 的文件", en="a file of 1 MB at most"),
            Text(
                zh="拆成多个文件；数据放进数据湖，不放进包",
                en="split it; data belong in the lake, not in a pack",
            ),
            f"{len(content)} B",
        )
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        tree.refuse(
            "not-utf-8",
            Text(zh="UTF-8 编码的文本", en="text in UTF-8"),
            Text(zh="在编辑器中“另存为 UTF-8”", en="save it as UTF-8 in your editor"),
            _guess(content),
            mark=Mark(line, 1),
        )
        return None


def _guess(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "binary"
    return "GB18030"


def _clean(tree: Tree, text: str) -> bool:
    """Characters that YAML would trip over are named here, where the line is plain to see."""
    for number, line in enumerate(text.split("\n"), start=1):
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent:
            tree.refuse(
                "tab",
                Text(zh="用空格缩进", en="spaces for indentation"),
                Text(
                    zh="把行首的制表符换成两个空格",
                    en="replace each tab at the start of the line by two spaces",
                ),
                "TAB",
                mark=Mark(number, indent.index("\t") + 1),
            )
            return False
        odd = _CONTROL.search(line)
        if odd:
            tree.refuse(
                "control-character",
                Text(zh="可见字符", en="visible characters"),
                Text(zh="删去该字符", en="remove the character"),
                f"U+{ord(odd[0]):04X}",
                mark=Mark(number, odd.start() + 1),
            )
            return False
    return True


class _TooDeep(Exception):
    def __init__(self, mark: Mark) -> None:
        self.mark = mark


class _Composer:
    """Builds the tree from parser events."""

    def __init__(self, tree: Tree, events: Iterator[yaml.Event]) -> None:
        self.tree, self.events = tree, events

    def document(self) -> None:
        tree = self.tree
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if tree.marks:
                    tree.refuse(
                        "many-documents",
                        Text(zh="一个文件一份文档", en="one document a file"),
                        Text(zh="删去“---”，或拆成多个文件", en="remove the `---`, or split the file"),
                        "---",
                        mark=_mark(event),
                    )
                    return
                tree.data = self.node((), next(self.events))
        if not tree.marks or tree.data is None:
            tree.refuse(
                "empty-file",
                Text(zh="有内容的文件", en="a file with content"),
                Text(zh="写入内容或删去文件", en="write the content or remove the file"),
            )

    def node(self, path: KeyPath, event: yaml.Event) -> Any:
        self.tree.marks.setdefault(path, _mark(event))
        if len(path) > MAX_DEPTH:
            raise _TooDeep(_mark(event))
        self.plainly(path, event)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(path)
        return None

    def plainly(self, path: KeyPath, event: yaml.Event) -> None:
        """Refuse anchors, aliases and tags."""
        found = ""
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor:
            found = f"{'*' if isinstance(event, yaml.AliasEvent) else '&'}{anchor}"
        elif tag:
            found = str(tag)
        if found:
            self.tree.blame(
                path,
                "anchor-or-tag",
                Text(
                    zh="直接写出的值，不用锚点（&）、引用（*）和标签（!）",
                    en="the value itself: no anchor, alias or tag",
                ),
                Text(zh="在此处写出值本身", en="write the value out here"),
                found,
                mark=_mark(event),
            )

    def sequence(self, path: KeyPath) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node((*path, len(items)), event))
        return items

    def mapping(self, path: KeyPath) -> dict[Any, Any]:
        entries: dict[Any, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.key(path, event)
            value_event = next(self.events)
            if key is None or key in entries:
                self.tree.blame(
                    path if key is None else (*path, key),
                    *_WRONG_KEY["not-a-key" if key is None else "duplicate-key"],
                    "" if key is None else str(key),
                    mark=_mark(event),
                )
                self.skip(path, value_event)
                continue
            self.tree.marks[*path, key] = _mark(event)
            entries[key] = self.node((*path, key), value_event)
        return entries

    def key(self, path: KeyPath, event: yaml.Event) -> str | int | None:
        """The key, or None where it is no key; whatever it holds has then been read over."""
        if not isinstance(event, yaml.ScalarEvent):
            self.skip(path, event)
            return None
        self.plainly(path, event)
        value = _scalar(event)
        if isinstance(value, bool) or not isinstance(value, str | int):
            return event.value or None
        return value

    def skip(self, path: KeyPath, event: yaml.Event) -> None:
        """Read over a node without keeping it."""
        kept, self.tree.marks = self.tree.marks, {(): Mark()}
        try:
            self.node(path, event)
        finally:
            self.tree.marks = kept


_WRONG_KEY = {
    "duplicate-key": (
        "duplicate-key",
        Text(zh="每个键只写一次", en="each key once"),
        Text(zh="删去或改名其中一个", en="remove or rename one of them"),
    ),
    "not-a-key": (
        "not-a-key",
        Text(zh="一个词作为键", en="a word as the key"),
        Text(zh="写成“键: 值”", en="write `key: value`"),
    ),
}


def _mark(event: yaml.Event) -> Mark:
    start = event.start_mark
    return Mark(start.line + 1, start.column + 1) if start else Mark()


def _scalar(event: yaml.ScalarEvent) -> Any:
    text: str = event.value
    if event.style or event.tag:
        return text
    if text in _PLAIN:
        return _PLAIN[text]
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    if _DATE.match(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


_SYNTAX = {
    "mapping values are not allowed": Text(
        zh="值中含冒号时要加引号；并检查缩进",
        en="put a value that holds `: ` in quotes, and check the indentation",
    ),
    "could not find expected ':'": Text(
        zh="键后面要有冒号和空格", en="write a colon and a space after the key"
    ),
    "did not find expected key": Text(
        zh="检查缩进，同级的键要对齐", en="check the indentation: keys of one level stand in one column"
    ),
    "found character that cannot start any token": Text(
        zh="以 @ ` % 等开头的值要加引号", en="put a value that starts with @, ` or % in quotes"
    ),
    "found unexpected end of stream": Text(zh="补上缺失的引号或括号", en="close the quote or bracket"),
    "did not find expected ',' or": Text(
        zh="列表和花括号中各项用英文逗号隔开，末尾补上括号",
        en="separate entries by commas and close the bracket",
    ),
    "did not find expected '-' indicator": Text(
        zh="列表各项以“- ”开头并对齐", en="start each entry of the list with `- `, all in one column"
    ),
}


def _tell_syntax(tree: Tree, error: yaml.MarkedYAMLError) -> None:
    said = str(error.problem or error.context or "syntax")
    near = next((key for key in _SYNTAX if key in said), None)
    near = near or next(iter(difflib.get_close_matches(said, _SYNTAX, 1, 0.7)), None)
    mark = error.problem_mark or error.context_mark
    fix = Text(
        zh="检查该行及上一行的缩进、引号和冒号",
        en="check indentation, quotes and colons of this line and the one above",
    )
    tree.refuse(
        "syntax",
        Text(zh="合乎 YAML 语法的一行", en="a line of valid YAML"),
        _SYNTAX[near] if near else fix,
        said,
        mark=Mark(mark.line + 1, mark.column + 1) if mark else Mark(),
    )
