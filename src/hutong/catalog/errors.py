"""What can go wrong in the catalog.

NoSuchEntry (404)  nothing is catalogued under that name
BadQuery    (422)  the search cannot be read
"""

from hutong.kernel.errors import Invalid, NotFound
from hutong.kernel.text import Text


class NoSuchEntry(NotFound):
    """Nothing is catalogued under that name."""

    code = "catalog.no-such-entry"
    message = Text(zh="目录中没有“{name}”", en="Nothing is catalogued as “{name}”")
    fix = Text(
        zh="在目录页搜索，或用 hutong catalog search",
        en="search the catalog page, or `hutong catalog search`",
    )


class BadQuery(Invalid):
    """The search cannot be read."""

    code = "catalog.bad-query"
    message = Text(zh="无法理解的检索：{reason}", en="The search cannot be read: {reason}")
    fix = Text(zh="最多 {limit} 个字", en="at most {limit} characters")
