"""Lists kept elsewhere in this installation that people look for here: what they hold is shown below the results.

It never mixes with the entries: those have a duty, an owner who answers for them and a place in the chain of three
levels. Whoever keeps such a list registers here how it is searched.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hutong.kernel.text import Text

MOST = 5


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of the list; ``organisation`` is the id of who keeps it."""

    title: Text
    url: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Beside:
    """How many of a list fit, the first ``MOST`` of them, and where all are shown."""

    title: Text
    url: str
    total: int
    items: tuple[Item, ...]


Finder = Callable[[str, Mapping[str, str]], Beside]
_finders: list[Finder] = []
_ASKED = {"organisation", "theme"}
_DATASETS = {"kind": {"", "dataset"}, "opening": {"", "open"}}


def provide(finder: Finder) -> None:
    """Register a list: ``finder`` takes the words and, where they are chosen, ``organisation`` and ``theme``."""
    if finder not in _finders:
        _finders.append(finder)


def found(query: str, chosen: Mapping[str, str]) -> tuple[Beside, ...]:
    """The lists of which something fits; none when something is chosen that only entries of the catalog have."""
    others = {name: value for name, value in chosen.items() if value and name not in _ASKED}
    if any(value not in _DATASETS.get(name, ()) for name, value in others.items()):
        return ()
    asked = {name: chosen.get(name, "") for name in _ASKED}
    return tuple(each for finder in _finders if (each := finder(query, asked)).total)
