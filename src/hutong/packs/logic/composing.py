"""From parser events to a tree in which every key path has its line and column.

Anchors, aliases and tags are refused: a reader should never have to look elsewhere, and a file of a few lines
should never unfold into gigabytes. ``yes`` and ``on`` are texts, as are numbers with a leading zero or more than
15 digits (they are codes).
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml

from hutong.kernel.text import Text
from hutong.packs.logic.tree import Tree
from hutong.packs.types import KeyPath, Mark

MAX_DEPTH = 40
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})\Z")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})\.[0-9]{1,15}\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_PLAIN = {"true": True, "false": False, "null": None, "~": None, "": None}


class TooDeep(Exception):
    def __init__(self, mark: Mark) -> None:
        self.mark = mark


class Composer:
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
            raise TooDeep(_mark(event))
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
