"""A file as read: its data, where every key path is, and what is wrong with its form."""

from dataclasses import dataclass, field
from typing import Any

from hutong.kernel.text import Text
from hutong.packs.types import KeyPath, Mark, Problem, show_path


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
