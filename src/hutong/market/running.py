"""How a module's code says what runs it: ``@module("uscc-check")`` on ``run(given, context) -> found``."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Work = Callable[[Any, "Context"], Any]
_works: dict[str, Work] = {}


@dataclass(frozen=True, slots=True)
class Context:
    """What a module is given beside its input: what its manifest ``needs``, by name."""

    data: dict[str, Any] = field(default_factory=dict)


def module(name: str) -> Callable[[Work], Work]:
    """Declare what runs the module of that id."""

    def register(work: Work) -> Work:
        _works[name] = work
        return work

    return register


def work_of(name: str) -> Work:
    return _works[name]
