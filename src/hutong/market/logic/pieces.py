"""A text as the runs of characters in it: what a model learns from and tells its reasons in."""

import re
from collections import Counter
from typing import Final

HEAD: Final = 40  # the title counts twice more
BODY: Final = 600
LENGTHS: Final = (1, 2, 3)
_RUN: Final = re.compile(r"[\u4e00-\u9fff]+|[a-z]+|[0-9]+")
_DIGITS: Final = re.compile(r"[0-9]+")


def pieces(text: str) -> Counter[str]:
    """Runs of one to three characters with their counts; none reaches over a mark, and numbers are all one."""
    said = _DIGITS.sub("0", "".join(text.split()).lower())
    found: Counter[str] = Counter()
    for part, times in ((said[:HEAD], 2), (said[:BODY], 1)):
        for run in _RUN.findall(part):
            for length in LENGTHS:
                for at in range(len(run) - length + 1):
                    found[run[at : at + length]] += times
    return found
