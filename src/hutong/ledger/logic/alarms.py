"""What witnesses say when they refuse a log, in both languages."""

import re
from typing import Final

from hutong.kernel.text import Text

_KNOWN: Final = {
    r"not shown to grow out of size (?P<size>\d+): .*": Text(
        zh="日志未能证明由该见证方已会签的 {size} 条延续而来",
        en="the log is not shown to have grown out of the {size} entries that this witness cosigned",
    ),
    r"another root for size (?P<size>\d+) than the one cosigned": Text(
        zh="日志前 {size} 条的内容与该见证方已会签的不同",
        en="the log shows another content of its first {size} entries than the one this witness cosigned",
    ),
    r"it has cosigned size (?P<size>\d+), beyond our (?P<ours>\d+): the log was set back": Text(
        zh="该见证方已会签 {size} 条，日志仅有 {ours} 条，已被回退",
        en="this witness has cosigned {size} entries, the log has only {ours}: it was set back",
    ),
    r"the root of size 0 is not that of the empty tree": Text(
        zh="日志自称为空，但其根与空日志不符",
        en="the log claims to be empty with a root that is not that of an empty log",
    ),
}


def said(text: str) -> Text:
    """What a witness found; words of a program that is not ours stay as they are."""
    for pattern, known in _KNOWN.items():
        if found := re.fullmatch(pattern, text, re.DOTALL):
            return known.format(**{name: f"{int(number):,}" for name, number in found.groupdict().items()})
    return Text(zh=text, en=text)
