"""Greedy clustering over character pairs weighed by rarity; a place named in both pulls together, another apart.

Heat is the sum of the messages, each halved every half-life before the newest, and a little for support.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from hutong.market.modules.hot_topics.shapes import Found, Given, Message, Topic
from hutong.market.running import Context, module

_ALIKE: Final = 0.27
_PLACE: Final = re.compile(
    r"[A-Z]\d{0,2}[市区县]|[\u4e00-\u9fffA-Z0-9]{2,6}(?:小区|花园|家园|广场|大道|大街|胡同|街道|社区|学校|中学|小学|医院|地铁站|公园|城|苑|府|湾|村|镇|路|街|里)"
)
_DULL: Final = re.compile(
    r"请问|咨询|投诉|举报|关于|反映|建议|希望|严重|问题|什么时候|有没有|能不能|是否|为什么|如何|领导|您好|尊敬的"
)
_HAN: Final = re.compile(r"[\u4e00-\u9fff]+|[A-Za-z0-9]+")
Vector = dict[str, float]


@module("hot-topics")
def run(given: Given, _context: Context) -> Found:
    groups = cluster(given.messages)
    newest = max((_time(each) for each in given.messages if each.time), default=None)
    topics = [_topic(group, given.half_life_days, newest) for group in groups if len(group) >= given.least]
    topics.sort(key=lambda each: -each.heat)
    return Found(
        topics=topics[: given.most], alone=sum(len(each) for each in groups if len(each) < given.least)
    )


def cluster(messages: list[Message]) -> list[list[Message]]:
    """Groups of messages about one matter, the largest first."""
    bags = [_bag(each.text) for each in messages]
    seen = Counter(term for bag in bags for term in bag)
    vectors = [_vector(bag, seen, len(bags)) for bag in bags]
    places = [set(_PLACE.findall(each.text[:400])) for each in messages]
    groups: list[list[int]] = []
    holders: dict[str, set[int]] = defaultdict(set)
    for number, vector in enumerate(vectors):
        strong = sorted(vector, key=lambda term: -vector[term])[:12]
        near: Counter[int] = Counter(group for term in strong for group in holders[term])
        best, score = -1, _ALIKE
        for group, _count in near.most_common(25):
            likeness = _likeness(number, groups[group], vectors, places)
            if likeness > score:
                best, score = group, likeness
        if best < 0:
            best = len(groups)
            groups.append([])
        groups[best].append(number)
        for term in strong:
            holders[term].add(best)
    return [[messages[each] for each in group] for group in sorted(groups, key=len, reverse=True)]


def _likeness(number: int, group: list[int], vectors: list[Vector], places: list[set[str]]) -> float:
    """The mean of the three nearest members, moved by the places."""
    compared = [_compare(number, each, vectors, places) for each in group[-12:]]
    nearest = sorted(compared, reverse=True)[:3]
    return sum(nearest) / len(nearest)


def _compare(one: int, other: int, vectors: list[Vector], places: list[set[str]]) -> float:
    a, b = vectors[one], vectors[other]
    if len(b) < len(a):
        a, b = b, a
    words = sum(weight * b.get(term, 0.0) for term, weight in a.items())
    if places[one] & places[other]:
        return words * 1.25
    return words * (0.75 if places[one] and places[other] else 1.0)


def _bag(text: str) -> Counter[str]:
    """Character pairs; those of the first sentence count three times."""
    head = re.split(r"[。！？!?\n]", text.strip(), maxsplit=1)[0][:50]
    found: Counter[str] = Counter()
    for part, times in ((head, 3), (text[len(head) : 300], 1)):
        for run_ in _HAN.findall(_DULL.sub(" ", part)):
            pairs = [run_] if run_.isascii() else [run_[i : i + 2] for i in range(len(run_) - 1)]
            for each in pairs:
                found[each] += times
    return found


def _vector(bag: Counter[str], seen: Counter[str], total: int) -> Vector:
    weighed = {
        term: (1 + math.log(count)) * math.log(1 + total / seen[term])
        for term, count in bag.items()
        if total < 20 or seen[term] < total * 0.2
    }
    length = math.sqrt(sum(each * each for each in weighed.values())) or 1.0
    return {term: each / length for term, each in weighed.items()}


def _topic(group: list[Message], half_life: float, newest: datetime | None) -> Topic:
    times = [_time(each) for each in group if each.time]
    heat = sum(_heat(each, half_life, newest) for each in group)
    places = Counter(place for each in group for place in set(_PLACE.findall(each.text[:400])))
    terms = Counter(term for each in group for term in _bag(each.text) if not term.isascii())
    middle = max(
        group, key=lambda each: sum(terms[term] for term in _bag(each.text[:60])) / (len(each.text[:60]) + 20)
    )
    return Topic(
        title=re.split(r"[。！？!?\n]", middle.text.strip(), maxsplit=1)[0][:60], heat=round(heat, 2),
        messages=len(group), support=sum(each.weight for each in group),
        places=[place for place, count in places.most_common(3) if count > len(group) / 4],
        words=_shown(terms, len(group)), first=min(times, default=None), last=max(times, default=None),
        ids=[each.id for each in group],
    )  # fmt: skip


def _heat(each: Message, half_life: float, newest: datetime | None) -> float:
    age = (newest - _time(each)).total_seconds() / 86_400 if newest and each.time else 0.0
    return float((1 + 0.1 * math.log1p(each.weight)) * 0.5 ** (age / half_life))


def _shown(terms: Counter[str], size: int) -> list[str]:
    return [term for term, count in terms.most_common(6) if count > size / 2]


def _time(each: Message) -> datetime:
    """With a zone; a time without one is taken as Shanghai's by difference only, so any zone does."""
    found = each.time or datetime.fromtimestamp(0, UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def pairs_of(groups: Iterable[list[Message]]) -> set[tuple[str, str]]:
    """Every two messages that lie together; for measuring."""
    return {
        (min(one.id, other.id), max(one.id, other.id))
        for group in groups
        for place, one in enumerate(group)
        for other in group[place + 1 :]
    }
