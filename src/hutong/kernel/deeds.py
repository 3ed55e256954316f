"""What was done, in words: a title for every action of the audit trail and every kind of entry of the log.

The app that writes an action or kind declares its title, in its module ``deeds``.
"""

from collections.abc import Mapping

from hutong.kernel.text import Text

_titles: dict[str, Text] = {"system.tidy": Text(zh="清理到期数据", en="Data past their time tidied away")}


def declare(titles: Mapping[str, Text]) -> None:
    """Give codes their titles."""
    _titles.update(titles)


def title(code: str) -> str:
    """The title in the reader's language; the code itself where nobody declared one."""
    return str(_titles.get(code) or code)


def declared() -> Mapping[str, Text]:
    return _titles
