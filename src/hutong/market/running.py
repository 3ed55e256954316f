"""How a module's code says what runs it: ``@module("uscc-check")`` on ``run(given, context) -> found``."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hutong.market.logic.learned import Learned

Work = Callable[[Any, "Context"], Any]
MODEL = "model"  # where a call finds the file of the model to use
_works: dict[str, Work] = {}


@dataclass(frozen=True, slots=True)
class Context:
    """What a module is given beside its input: what its manifest ``needs``, by name, and the model it learnt."""

    data: dict[str, Any] = field(default_factory=dict)
    model: "Learned | None" = None


def module(name: str) -> Callable[[Work], Work]:
    """Declare what runs the module of that id."""

    def register(work: Work) -> Work:
        _works[name] = work
        return work

    return register


def work_of(name: str) -> Work:
    return _works[name]
