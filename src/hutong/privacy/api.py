"""The door of privacy: ``ask`` under a contract, ``estimate`` the error before, see what is left of a ``budget``;
``prepare`` one side of a joint run and ``begin`` it.

``rules`` says which datasets may be asked. No row leaves by this door.
"""

from hutong.privacy import rules
from hutong.privacy.asking import ask, budget, estimate, listed
from hutong.privacy.starts import begin, prepare
from hutong.privacy.types import Asking, Budget, Measure, Question, Side

__all__ = [
    "Asking",
    "Budget",
    "Measure",
    "Question",
    "Side",
    "ask",
    "begin",
    "budget",
    "estimate",
    "listed",
    "prepare",
    "rules",
]
