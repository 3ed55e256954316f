"""Names by their core: region, legal form and common words weigh little, rare characters much, order counts.

A short form takes its characters from the full name in their order; that is what is scored.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import Final

from hutong.market.modules.name_match.shapes import Candidate, Found, Given, Matched
from hutong.market.running import Context, module

Weigh = Callable[[str], float]
_FORMS: Final = re.compile(
    r"(?:股份)?有限(?:责任)?公司|股份公司|集团公司|总公司|分公司|控股|集团|股份|公司|\(?(?:筹|中国)\)?|"
    r"co\.?,?\s*ltd\.?|inc\.?|corp(?:oration)?\.?|limited|holdings?|group|company"
)
_REGION: Final = re.compile(
    r"^(?:中国|北京市?|上海市?|天津市?|重庆市?|[\u4e00-\u9fff]{2,3}(?:省|自治区)|[\u4e00-\u9fff]{2,3}市|河北|山西|辽宁|吉林|黑龙江|"
    r"江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆|深圳|广州|"
    r"杭州|南京|苏州|武汉|成都|西安|青岛|厦门|宁波|大连)"
)
_MARKS: Final = re.compile(r"^(?:\*?st|s\*st|xd|xr|dr|n)(?=[\u4e00-\u9fff])|[-－](?:u|w|uw|b)$|[ab]$")


class Names:
    """Candidates with an index of their characters."""

    def __init__(self, candidates: list[str]) -> None:
        self.names = list(dict.fromkeys(candidates))
        self.plain = [plain(each) for each in self.names]
        self.cores = [core(each) for each in self.plain]
        seen = Counter(each for name in self.plain for each in set(name))
        self.weight = {each: math.log((len(self.names) + 1) / count) + 0.1 for each, count in seen.items()}
        self.unknown = math.log(len(self.names) + 1) + 0.1
        self.holders: dict[str, list[int]] = {}
        for number, name in enumerate(self.plain):
            for each in set(name):
                self.holders.setdefault(each, []).append(number)

    def best(self, name: str, many: int) -> Matched:
        wanted = plain(name)
        tally: dict[int, float] = {}
        for each in set(wanted):
            holders = self.holders.get(each, ())
            for number in holders if len(holders) < 4000 or len(set(wanted)) < 3 else ():
                tally[number] = tally.get(number, 0.0) + self.weight[each]
        likely = sorted(tally, key=lambda number: -tally[number])[:80]
        scored = sorted(((self._score(wanted, number), number) for number in likely), reverse=True)[:many]
        found = [
            Candidate(name=self.names[number], score=round(score, 3), reasons=self._reasons(wanted, number))
            for score, number in scored
        ]
        second = found[1].score if len(found) > 1 else 0.0
        sure = bool(found) and found[0].score >= 0.75 and found[0].score - second >= 0.05
        return Matched(name=name, sure=sure, candidates=found)

    def _score(self, wanted: str, number: int) -> float:
        other, short = self.plain[number], core(wanted)
        if wanted == other or short == self.cores[number]:
            return 1.0
        forward = max(_in_order(short, other, self._weigh), _in_order(short, self.cores[number], self._weigh))
        shorter = min(len(short), len(self.cores[number])) / max(len(short), len(self.cores[number]), 1)
        starts = 1.0 if short[:2] and short[:2] in self.cores[number][: len(short) + 4] else 0.0
        joined = _longest(short, other) / max(1, len(short))
        return 0.62 * forward + 0.13 * starts + 0.17 * joined + 0.08 * shorter

    def _weigh(self, each: str) -> float:
        return self.weight.get(each, self.unknown)

    def _reasons(self, wanted: str, number: int) -> list[str]:
        other, short = self.plain[number], core(wanted)
        if wanted == other:
            return ["全名相同"]
        if short == self.cores[number]:
            return [f"字号相同：{short}"]
        shared = "".join(each for each in short if each in other)
        missing = "".join(each for each in short if each not in other)
        return [f"按序包含：{shared}"] + ([f"缺：{missing}"] if missing else [])


@module("name-match")
def run(given: Given, _context: Context) -> Found:
    names = Names(given.candidates)
    return Found(results=[names.best(each, given.best) for each in given.names])


def plain(name: str) -> str:
    """One width and case, without spaces and brackets, and without a stock's marks."""
    text = unicodedata.normalize("NFKC", name).casefold()
    text = _MARKS.sub("", re.sub(r"[\s·・'\"“”.,，。]+", "", text))
    return re.sub(r"[()（）]", "", text) or text


def core(name: str) -> str:
    """The name without legal form and region; what is left of it, or the name where nothing is."""
    left = _FORMS.sub("", name)
    return _REGION.sub("", left) or left or name


def _in_order(short: str, long: str, weigh: Weigh) -> float:
    """The weight of the characters of ``short`` that ``long`` has in their order, as a share."""
    total = sum(weigh(each) for each in short)
    row = [0.0] * (len(long) + 1)
    for one in short:
        before = 0.0
        for place, other in enumerate(long, 1):
            kept = row[place]
            row[place] = before + weigh(one) if one == other else max(row[place], row[place - 1])
            before = kept
    return row[-1] / total if total else 0.0


def _longest(short: str, long: str) -> int:
    """The longest run of characters that both have."""
    return max(
        (
            end - start
            for start in range(len(short))
            for end in range(start + 1, len(short) + 1)
            if short[start:end] in long
        ),
        default=0,
    )
