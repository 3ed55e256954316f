"""What crosses the border: problems, items, packs and the sections that capabilities register."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from hutong.kernel.text import Text

KeyPath = tuple[str | int, ...]
PackKind = Literal["district", "solution"]
NOTHING = Text(zh="", en="")


def show_path(path: Iterable[object]) -> str:
    """A key path as it is shown: ``indicators[3].target.text``."""
    shown = ""
    for step in path:
        shown += f"[{step}]" if isinstance(step, int) and not isinstance(step, bool) else f".{step}"
    return shown.removeprefix(".")


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file; both count from 1, the column in characters."""

    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a pack: where, what was found, what was expected, how to mend it.

    ``file`` is relative to the folder of the pack ``pack``; ``key`` is the path of keys in that file, empty
    when the whole file is meant. ``code`` is stable, as ``unknown-key``.
    """

    pack: str
    file: str
    line: int
    column: int
    key: str
    code: str
    found: str = field(compare=False, default="")
    expected: Text = field(compare=False, default=NOTHING)
    fix: Text = field(compare=False, default=NOTHING)

    @property
    def message(self) -> Text:
        """What was expected and what was found, in a sentence."""
        if not self.found:
            return Text(zh=f"应为{self.expected.zh}", en=f"expected {self.expected.in_('en')}")
        return Text(
            zh=f"应为{self.expected.zh}，现为 {self.found}",
            en=f"expected {self.expected.in_('en')}, found {self.found}",
        )

    def __str__(self) -> str:
        key = f" {self.key}" if self.key else ""
        return f"{self.file}:{self.line}:{self.column}{key}: {self.message}"

    def as_dict(self) -> dict[str, Any]:
        return {
            "pack": self.pack,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "key": self.key,
            "code": self.code,
            "found": self.found,
            "expected": self.expected.as_dict(),
            "fix": self.fix.as_dict(),
            "message": self.message.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a section as written: its checked value, where it stands, and its raw data.

    Keys are counted from the item: in a list file ``key("title.zh")`` is that of this entry.
    """

    pack: str
    section: str
    file: str
    value: Any
    raw: Any = field(repr=False)
    marks: Mapping[KeyPath, Mark] = field(repr=False)
    at: KeyPath = ()

    @property
    def id(self) -> str:
        """The item's id, empty where its model has none."""
        return str(getattr(self.value, "id", ""))

    @property
    def line(self) -> int:
        return self.mark(()).line

    @property
    def lines(self) -> dict[str, int]:
        """Line of every key path of this item."""
        deep = len(self.at)
        return {
            show_path(path[deep:]): mark.line
            for path, mark in self.marks.items()
            if path[:deep] == self.at and len(path) > deep
        }

    def mark(self, path: Sequence[str | int]) -> Mark:
        """Where a key is; the nearest key around it when it is not written."""
        full = (*self.at, *path)
        while full and full not in self.marks:
            full = full[:-1]
        return self.marks.get(full, Mark())

    def problem(
        self, path: Sequence[str | int] | str, *, code: str, expected: Text, fix: Text, found: object = ""
    ) -> Problem:
        """A problem at a key of this item, given as a path or as one key."""
        steps: Sequence[str | int] = (path,) if isinstance(path, str) and path else tuple(path)
        mark = self.mark(steps)
        return Problem(
            pack=self.pack,
            file=self.file,
            line=mark.line,
            column=mark.column,
            key=show_path((*self.at, *steps)),
            code=code,
            found=str(found),
            expected=expected,
            fix=fix,
        )


@dataclass(frozen=True, slots=True)
class Source:
    """A document that facts are taken from."""

    id: str
    title: Text
    published: date | None
    document_number: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack as read. ``sections`` holds its own items; ``items()`` adds those of its solution packs."""

    id: str
    kind: PackKind
    title: Text
    division: str
    folder: Path
    needs: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    sections: Mapping[str, tuple[Item, ...]] = field(default_factory=dict, repr=False)
    solutions: tuple["Pack", ...] = ()

    def items(self, section: str) -> tuple[Item, ...]:
        """Items of a section, the solution packs' after the pack's own."""
        own = self.sections.get(section, ())
        return own + tuple(item for each in self.solutions for item in each.sections.get(section, ()))

    def values(self, section: str) -> tuple[Any, ...]:
        return tuple(item.value for item in self.items(section))

    def find(self, section: str, wanted: str) -> Item | None:
        """The item of that id, or None."""
        return next((item for item in self.items(section) if item.id == wanted), None)

    def source(self, wanted: str) -> Source | None:
        """The declared source of that id, or None."""
        return next((each for each in self.sources if each.id == wanted), None)


Checker = Callable[[Pack, tuple[Item, ...]], Iterable[Problem]]
Applier = Callable[[Pack, tuple[Item, ...]], None]


def _own_id(value: Any) -> Iterable[str]:
    found = getattr(value, "id", None)
    return (found,) if isinstance(found, str) else ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a pack that a capability understands.

    ``path``    a file name or pattern inside the pack: ``organisations.yaml``, ``indicators/*.yaml``
    ``model``   a pydantic model that forbids unknown keys (derive it from ``Spec``)
    ``many``    each file holds a list of such things instead of one
    ``title``   what the section holds, for people
    ``ids``     the ids an item declares, for ``RefTo``; its ``id`` when not given
    ``check``   rules beyond the model; gets the pack and all items, its solution packs' included
    ``tests``   runs the tests written beside the rules; by ``hutong pack check`` only, not at load
    ``apply``   makes the installation follow the pack; idempotent, runs in one transaction with the others
    ``after``   names of sections that must be applied before this one
    """

    name: str
    path: str
    model: type[BaseModel]
    many: bool = False
    title: Text = NOTHING
    ids: Callable[[Any], Iterable[str]] = _own_id
    check: Checker | None = None
    tests: Checker | None = None
    apply: Applier | None = None
    after: tuple[str, ...] = ()
