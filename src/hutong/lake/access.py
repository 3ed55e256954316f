"""Whose a table is and how it is graded: the catalog above knows, and says so when it starts."""

from collections.abc import Callable

from hutong.accounts.api import Target

_target_of: Callable[[str], Target | None] | None = None


def provide(target_of: Callable[[str], Target | None]) -> None:
    """Let ``target_of`` answer for a table's organisation, grade and openness (None: not known to it)."""
    global _target_of  # noqa: PLW0603 - one catalog a process
    _target_of = target_of


def target(table: str) -> Target:
    """The table as the policy sees it; one that nobody knows counts as core."""
    found = _target_of(table) if _target_of else None
    return found or Target(kind="table")
