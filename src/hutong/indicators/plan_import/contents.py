"""The table of contents at the start of a document: found, so that its headings are not read twice."""

import re

from hutong.indicators.plan_import.characters import fold
from hutong.indicators.plan_import.lines import SPECIAL, Paragraph
from hutong.indicators.plan_import.markers import read_marker

_LEADERS = re.compile(r"(?:[.．…·‧・•]\s*){3,}\s*[-—]?\s*(?:\d{1,3}|[IVXivx]+)?\s*[-—]?\s*$|\t\s*\d{1,3}\s*$")
_PAGE = re.compile(r"[\s\t]+[-—]?\s*\d{1,3}\s*[-—]?$")
_MOST = 400


def contents_of(paragraphs: list[Paragraph]) -> set[int]:
    """Indices of the paragraphs that make up the table of contents."""
    found = {index for index, each in enumerate(paragraphs) if each.contents or _LEADERS.search(each.text)}
    start = next(
        (i for i, each in enumerate(paragraphs) if re.sub(r"\s+", "", each.text) in {"目录", "目次"}), None
    )
    if start is None:
        return found
    found.add(start)
    first: str | None = None
    for index in range(start + 1, min(len(paragraphs), start + _MOST)):
        text = paragraphs[index].text
        if not _entry(text):
            break
        title = heading_key(text)
        if index not in found and title == first:
            break
        first = first or title
        found.add(index)
    return _without_overrun(paragraphs, found, start)


def _entry(text: str) -> bool:
    if _LEADERS.search(text) or _PAGE.search(text):
        return True
    short = len(text) <= 60 and not re.search(r"[。；]", text)
    return short and bool(read_marker(text) or SPECIAL.fullmatch(re.sub(r"\s+", "", text)))


def heading_key(text: str) -> str:
    """A heading without leaders, page number and spaces, to compare it with its entry."""
    return re.sub(r"\s+", "", _PAGE.sub("", _LEADERS.sub("", fold(text))))


def _without_overrun(paragraphs: list[Paragraph], found: set[int], start: int) -> set[int]:
    """Entries without page numbers may run into the body: only what comes back later is contents."""
    later = {heading_key(each.text.split("。")[0]) for i, each in enumerate(paragraphs) if i not in found}
    body = [heading_key(each.text) for each in paragraphs]
    kept = set()
    for index in found:
        text = paragraphs[index].text
        sure = index == start or index < start or _LEADERS.search(text) or paragraphs[index].contents
        if sure or body[index] in later or body[index] in body[index + 1 :]:
            kept.add(index)
    return kept
