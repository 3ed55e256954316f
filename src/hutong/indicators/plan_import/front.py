"""The front of a plan: its title and the years it covers."""

import re
from collections import Counter

from hutong.indicators.plan_import.characters import chinese_number, fold, join, tidy
from hutong.indicators.plan_import.lines import SPECIAL, Paragraph
from hutong.indicators.plan_import.markers import read_marker

_KIND = r"(?:规划纲要|规划|行动计划|工作计划|计划|实施方案|工作方案|行动方案|方案|若干意见|实施意见|意见|若干措施|措施|办法|纲要|通知|政策)"  # noqa: E501 - a list of words
_TITLE = re.compile(rf"^[《]?(.{{2,58}}?{_KIND})(?:[（(].{{1,20}}[)）])*[》]?$")
_ISSUED = re.compile(r".{0,30}(?:印发|发布|公布|批转|转发)《([^《》]{4,60})》的?(?:通知|公告)")
_NAMED = re.compile(
    rf"《([^《》]{{4,60}}{_KIND}(?:[（(][^（）()]{{1,20}}[)）])?)》\s*[（(]?[^。（(]{{0,6}}(?:以下|下)(?:统?称|简称)[“\"]?(?:本?规划|《?规划|本?计划|本?方案)"
)
_SPAN = re.compile(r"(20\d\d)\s*年?\s*(?:[-—–~―－至到]|——)+\s*(20\d\d)\s*年?")
_TERM = re.compile(r"(?:规划|执行|实施|计划|方案|本轮)?(?:期限|期间|期|年限|范围)[^。；]{0,16}$")
_FIVE = re.compile(r"[“\"]?十([一二三四五六七八九])五[”\"]?")
_FIRST_FIVE = 1951


def plan_title(paragraphs: list[Paragraph]) -> tuple[str, set[int]]:
    """The title and the indices of its paragraphs; an empty title when the document does not state it."""
    inner = _title_above(paragraphs, edges=False)
    return inner or _title_above(paragraphs, edges=True) or (_title_in_text(paragraphs), set())


def _title_above(paragraphs: list[Paragraph], *, edges: bool) -> tuple[str, set[int]] | None:
    """The title that stands before the first heading; lines at the edge of a page only where ``edges``."""
    for index, paragraph in enumerate(paragraphs[:12]):
        text = paragraph.text.strip()
        if paragraph.edge and not edges:
            continue
        if read_marker(text) or SPECIAL.fullmatch(re.sub(r"\s+", "", text)):
            break
        if len(text) > 60 or re.search(r"[。；]", text):
            continue
        joined, used = text, {index}
        for after in range(index, min(index + (1 if edges else 3), len(paragraphs))):
            if after > index:
                joined, used = join(joined, paragraphs[after].text.strip()), used | {after}
            if _TITLE.fullmatch(joined) and not read_marker(paragraphs[after].text):
                issued = _ISSUED.fullmatch(joined)
                return tidy(issued[1] if issued else joined).strip("《》"), used | _years_below(
                    paragraphs, after
                )
    return None


def _years_below(paragraphs: list[Paragraph], index: int) -> set[int]:
    after = paragraphs[index + 1].text.strip() if index + 1 < len(paragraphs) else ""
    lone = re.fullmatch(r"[（(]?[^。]{0,12}[)）]?", after) and re.search(
        r"20\d\d|征求意见稿|送审稿|公开", after
    )
    return {index + 1} if lone else set()


def _title_in_text(paragraphs: list[Paragraph]) -> str:
    found = (_NAMED.search(paragraph.text) for paragraph in paragraphs[:60])
    return next((tidy(match[1]) for match in found if match), "")


def title_of_caption(caption: str) -> str:
    """朝阳区“十四五”时期科技创新发展规划主要指标 without 主要指标."""
    match = re.match(
        rf"(?:表\s*\d+\s*[:：]?\s*|专栏\s*\d+\s*[:：]?\s*)?(.{{4,50}}{_KIND})(?:主要|核心|发展)?指标", caption
    )
    return match[1] if match else ""


def plan_period(title: str, texts: list[str]) -> tuple[int, int] | None:
    """The first and last year: as the text states its term, or by title, or by the five-year plan most named."""
    for text in texts:
        folded = fold(text)
        for match in _SPAN.finditer(folded):
            if _TERM.search(folded[: match.start()]) and int(match[1]) <= int(match[2]):
                return int(match[1]), int(match[2])
    for text in (title, *texts[:6]):
        short = _SPAN.search(fold(text)) if len(text) < 80 else None
        if short and int(short[1]) < int(short[2]):
            return int(short[1]), int(short[2])
    named = _five_years(title) or _five_years("".join(texts))
    if named:
        return named
    until = Counter(re.findall(r"到\s*(20\d\d)\s*年", fold("".join(texts))))
    return None if not until else _until(texts, int(until.most_common(1)[0][0]))


def _five_years(text: str) -> tuple[int, int] | None:
    """“十四五” is 2021–2025; the plan most often named, not the one under review."""
    seen = Counter(_FIVE.findall(text))
    if not seen:
        return None
    digit, _ = seen.most_common(1)[0]
    order = 10 + (chinese_number(digit) or 0)
    start = _FIRST_FIVE + 5 * order
    return start, start + 4


def _until(texts: list[str], last: int) -> tuple[int, int] | None:
    starts = [
        int(year) for text in texts[:8] for year in re.findall(r"(20\d\d)年", fold(text)) if int(year) < last
    ]
    return (max(starts), last) if starts and last - max(starts) <= 15 else None
