"""`hutong doctor`: capabilities register checks; each says what is wrong and how to mend it."""

from collections.abc import Callable
from dataclasses import dataclass

from hutong.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of a check; ``fix`` is what the administrator can do when it is not ok."""

    ok: bool
    what: Text
    fix: Text = Text(zh="", en="")


Check = Callable[[], Finding]
_checks: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Register a check called ``<capability>.<thing>``."""

    def register(function: Check) -> Check:
        _checks[name] = function
        return function

    return register


def examine(first: str = "") -> dict[str, Finding]:
    """Run every check. One that itself breaks is a finding, not the end.

    Where the check called ``first`` fails the others would only repeat it, so they are not run.
    """
    found: dict[str, Finding] = {}
    if first:
        found[first] = _run(_checks[first])
        if not found[first].ok:
            return found
    return found | {name: _run(function) for name, function in sorted(_checks.items()) if name != first}


def _run(function: Check) -> Finding:
    try:
        return function()
    except Exception as error:  # noqa: BLE001 - a broken check is what the doctor is there to tell
        said = f"{type(error).__name__}: {error}"
        return Finding(
            ok=False,
            what=Text(zh=f"检查本身失败：{said}", en=f"the check itself failed: {said}"),
            fix=Text(zh="把此信息交给开发者", en="show this to a developer"),
        )
