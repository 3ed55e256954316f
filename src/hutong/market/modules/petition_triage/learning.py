"""What the table of words says of a petition, for a model that learns beside it."""

import math
from collections.abc import Mapping

from hutong.market.modules.petition_triage.run import ranked as ranked_by_words
from hutong.market.modules.petition_triage.run import weighed

MARK = "="  # a piece of text never begins with it


def evidence(text: str) -> Mapping[str, float]:
    """First levels and leaves by the root of their share of the weight: two vectors of length one."""
    by_leaf, by_top = weighed(text)
    leaves, tops = sum(by_leaf.values()), sum(by_top.values())
    found = {f"{MARK}{top}": math.sqrt(score / tops) for top, score in by_top.items()}
    found |= {f"{MARK}{'/'.join(leaf)}": math.sqrt(score / leaves) for leaf, score in by_leaf.items()}
    return found


def ranked(text: str) -> list[str]:
    """The module's own labels, the likeliest first, as it ships."""
    return ranked_by_words(text)
