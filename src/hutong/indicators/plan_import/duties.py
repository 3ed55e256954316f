"""Who is named to answer for a task, and by when: as printed, with the place."""

import calendar
import re
from collections.abc import Iterable, Iterator
from datetime import date

from hutong.indicators.plan_import.characters import fold, tidy
from hutong.indicators.plan_import.lines import Paragraph
from hutong.indicators.plan_import.types import Place, Stated

_OWNERS = (
    re.compile(
        r"(?:主要?|第一)?(?:责任|牵头|主责|实施|承担|主办|落实)(?:单位|部门|主体|委办局)(?:和配合单位)?\s*[:：]\s*(?P<who>[^）)\]】。；\n]{2,120})"
    ),
    re.compile(
        r"由(?P<who>[^，。；：由（）()“”]{2,24}?)(?:会同[^，。；]{2,40}?)?(?:牵头|负责|主责|统筹推进|组织实施|具体实施)"
    ),
    re.compile(
        r"[（(](?P<who>[^（）()。；：]{2,60}?)(?:牵头|按职责分工负责|分别负责|负责)[^（）()]{0,40}[)）]"
    ),
)
_UNTIL = (
    re.compile(r"(?:完成时限|完成时间|时限|时间节点)\s*[:：]\s*(?P<when>[^）)\]】。；，\n]{2,30})"),
    re.compile(r"(?P<when>20\d\d\s*年\s*(?:\d{1,2}\s*月|[上下]半年|[一二三四1-4]季度)?\s*(?:底|末)?\s*(?:之?前|以前))"),
    re.compile(r"(?:到|至|于|在)\s*(?P<when>20\d\d\s*年\s*(?:\d{1,2}\s*月)?\s*(?:底|末)?)(?![-—–~至])"),
)  # fmt: skip
_WHEN = re.compile(
    r"(20\d\d)\s*年\s*(?:(\d{1,2})\s*月\s*(?:(\d{1,2})\s*日)?|([上下])半年|([一二三四1-4])季度)?\s*(底|末)?\s*(之?前|以前)?"
)
_QUARTERS = {**{str(n): n for n in range(1, 5)}, "一": 1, "二": 2, "三": 3, "四": 4}


def owner_in(texts: Iterable[tuple[Paragraph, int]]) -> Stated | None:
    """The first who is named in the texts (each from a position on)."""
    return next((found for form in _OWNERS for found in _all(form, "who", texts)), None)


def deadline_in(texts: Iterable[tuple[Paragraph, int]]) -> Stated | None:
    """A stated deadline, else the first “before” or “by” a date."""
    return next((found for form in _UNTIL for found in _all(form, "when", texts)), None)


def _all(form: re.Pattern[str], group: str, texts: Iterable[tuple[Paragraph, int]]) -> Iterator[Stated]:
    for paragraph, start in texts:
        for match in form.finditer(fold(paragraph.text), start):
            at, end = match.span(group)
            text = tidy(paragraph.text[at:end]).strip("，,；;、")
            if text:
                yield Stated(
                    re.sub(r"\s+", "", text) if group == "when" else text, paragraph.place(at, end - at)
                )


def last_day(text: str) -> date | None:
    """The last day in time: 2024年底前 is 2024-12-31, 2024年前 the day before 2024 begins; ``None`` for no one day."""
    found = _WHEN.search(fold(text))
    if not found or len(re.findall(r"20\d\d", fold(text))) != 1:
        return None
    year, month, day, half, quarter, end, before = found.groups()
    try:
        if day:
            return date(int(year), int(month), int(day))
        if month:
            if before and not end:
                return date.fromordinal(date(int(year), int(month), 1).toordinal() - 1)
            return date(int(year), int(month), calendar.monthrange(int(year), int(month))[1])
    except ValueError:
        return None
    if half or quarter:
        last = 6 if half == "上" else 12 if half else 3 * _QUARTERS[quarter]
        return date(int(year), last, calendar.monthrange(int(year), last)[1])
    return date(int(year) - 1, 12, 31) if before and not end else date(int(year), 12, 31)


def stated(text: str, place: Place) -> Stated | None:
    """A cell of a task table; nothing when it is empty."""
    return Stated(text, place) if text else None
