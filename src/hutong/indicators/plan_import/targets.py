"""Reading a target cell: ``≧400``, ``年均1-3``, ``28以上``, ``高于全区1.5个百分点``, ``在全市保持前列``.

Never raises and never drops words: what is not understood keeps its text with op ``text``.
"""

import re
from dataclasses import dataclass, replace

from hutong.indicators.plan_import.characters import chinese_number, fold, tidy
from hutong.indicators.plan_import.types import Op, Per, Target
from hutong.indicators.plan_import.units import is_unit, normal

EMPTY = frozenset(
    {"", "-", "--", "—", "——", "–", "―", "/", "\\", "…", "……", "无", "*", "暂无", "不设", "N/A", "n/a"}
)
_NUMBER = r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_MULTIPLIERS = {"万亿": 1e12, "千万": 1e7, "百万": 1e6, "亿": 1e8, "万": 1e4}
_PREFIXES: tuple[tuple[str, Op], ...] = (
    (r"≥|≧|⩾|≽|>=|=>|≮|不低于|不少于|不小于|不短于|至少|最低|大于等于|大于或等于", "ge"),
    (
        r"≤|≦|⩽|<=|=<|≯|不高于|不超过|不大于|不多于|(?:控制|稳定|保持)在(?=.*(?:以内|之内|以下))|控制在(?!.*左右)|至多|最高|最多|小于等于|小于或等于",
        "le",
    ),
    (r">|超过|大于|高于|多于|突破|超", "gt"),
    (r"<|低于|小于|少于|不到", "lt"),
    (r"≈|约为|约|大约|接近", "about"),
)
_SUFFIXES: tuple[tuple[str, Op], ...] = (
    (r"[(（]含[)）]?\s*以上|[(（]含[)）]以上|及以上|以上|\+", "ge"),
    (r"[(（]含[)）]以下|及以下|以下|以内|之内|(?<=[天日月年时钟秒米])内", "le"),
    (r"左右|上下|前后", "about"),
)
_LEAD = re.compile(
    r"^(?:到?20\d\d年(?:底|末)?[,，]?|力争|争取|确保|基本|总量|规模|总数|新增|每年)*"
    r"(?:达到|达|实现|控制在|保持在|稳定在|维持在|保持|完成|提高到|提升到|提高至|提升至|增加到|增加至|增长到|增至|增长至|降到|降至|降低到|下降到|下降至|为|至)?"
)
_PER: tuple[tuple[str, Per], ...] = (
    (r"年均|年平均|平均每年|每年|/年|逐年", "year"),
    (r"月均|每月|/月", "month"),
    (r"日均|每日|每天|/天|/日", "day"),
    (r"五年累计|累计|[5五]年共?新增", "period"),
)
_CHANGE = re.compile(r"(同比)?(增长|增速|增加|提高|提升|上升|递增|下降|降低|减少|压减|削减)(率|幅|了)?")
_FALL = re.compile(r"下降|降低|减少|压减|削减")
_RELATIVE = re.compile(
    rf"^(?P<op>不低于|不高于|高于|低于|快于|优于|好于|超过|超|大于|小于|高出|领先|慢于)"
    rf"(?!过|于|等于|或等于)(?P<ref>[^\d,，;；。]*[\u4e00-\u9fff][^\d,，;；。]*?)(?P<num>{_NUMBER})?(?P<rest>个?百分点|%|倍|位)?(?P<tail>以上|左右)?$"
)
_RELATIVE_OPS: dict[str, Op] = {"不低于": "ge", "不高于": "le", "低于": "lt", "小于": "lt", "慢于": "lt"}
_AGAINST = re.compile(
    r"^(?:较|比|相比|与)(?P<ref>20\d\d年(?:底|末)?|[“\"]?十[一二三四五]五[”\"]?(?:末|时期末?|期间)?|上年|上一年|基期|同期)(?:相比)?[,，]?"
)
_SYNC = re.compile(r"^(?:与|同|和)(?P<ref>[^\d,，;；。]{2,24}?)(?:基本|保持|实现)*同步(?:增长|提高)?$")
_DOUBLE = re.compile(r"(?:基本|力争|实现|比|较)*翻(?P<times>[一两二三]?)番(?:以上|左右)?$")
_RANK = re.compile(
    r"^(?:保持|位居|居|进入|稳居|排名|位列|在)*(?P<ref>全国|全市|全区|全省|全球|世界|北京市|城六区|[\u4e00-\u9fff]{0,8}?)"
    r"(?:排名|保持|位居|位列|居)*(?P<kind>前|第)(?P<num>\d{1,3}|[一二三四五六七八九十]{1,3})(?:位|名|强)?(?:以内|之内)?(?:水平)?$"
)
_SPAN = re.compile(
    rf"^(?P<low>{_NUMBER})(?P<lowunit>[^\d~\-—–]{{0,8}}?)\s*(?:-|—|–|~|−|‐|‑|至|到|——)+\s*(?P<high>{_NUMBER})(?P<rest>.*)$"
)
_TOLERANCE = re.compile(
    rf"^(?P<mid>{_NUMBER})(?P<unit>\D{{0,6}}?)[(（]?(?:±|正负)(?P<off>{_NUMBER})(?P<rest>\D{{0,6}}?)[)）]?$"
)
_LATE_PER = re.compile(r"[(（](年均|累计|每年|五年累计)[)）]$")
_ONE = re.compile(rf"^(?P<num>[-+−]?(?:{_NUMBER}))(?P<rest>.*)$")


@dataclass(frozen=True, slots=True)
class Reading:
    """A target and the unit printed inside the cell (empty if none)."""

    target: Target
    unit: str = ""


def read_target(printed: str, unit: str = "") -> Reading | None:
    """The target in a cell, or ``None`` for an empty cell or a dash.

    ``unit`` is the unit the table states; a cell in another power of ten (``1.2万`` under 人) is brought to it.
    """
    text = tidy(printed)
    if is_empty(text):
        return None
    words = re.sub(r"\s+", "", fold(text))
    late = _LATE_PER.search(words)
    words = late[1] + words[: late.start()] if late else words
    for reader in (_relative, _sync, _double, _rank, _tolerance, _numeric):
        found = reader(words, normal(unit))
        if found:
            return replace(found, target=replace(found.target, text=text))
    per, _ = _take_per(words)
    return Reading(Target(text, "text", per=per if re.search(r"\d", words) else None))


def is_empty(text: str) -> bool:
    """Whether a cell says nothing: empty, a dash of any width, 无."""
    return fold(text).strip() in EMPTY


def number_in(printed: str) -> float | None:
    """The number of a baseline cell; ``None`` if it has none or says more than one."""
    found = read_target(printed)
    if found is None or found.target.op in {"text", "between", "rank"} or found.target.relative_to:
        return None
    return found.target.low if found.target.low is not None else found.target.high


def _relative(words: str, unit: str) -> Reading | None:
    match = _RELATIVE.match(_LEAD.sub("", words))
    if not match or is_unit(match["ref"]):
        return None
    op = _RELATIVE_OPS.get(match["op"], "gt")
    value = _value(match["num"]) if match["num"] else None
    printed = match["rest"] or ""
    low, high = (value, None) if op in {"gt", "ge"} else (None, -value if value is not None else None)
    reference = re.sub(r"[的约]+$", "", match["ref"])
    return Reading(Target("", op, low, high, None, reference), "" if unit else normal(printed))


def _sync(words: str, _unit: str) -> Reading | None:
    match = _SYNC.match(_LEAD.sub("", words))
    return Reading(Target("", "eq", relative_to=match["ref"])) if match else None


def _double(words: str, _unit: str) -> Reading | None:
    reference, rest = _take_reference(_LEAD.sub("", words))
    match = _DOUBLE.fullmatch(rest)
    if not match:
        return None
    times = float(2 ** (chinese_number(match["times"] or "一") or 1))
    return Reading(Target("", "eq", times, times, None, reference or "基期"), "倍")


def _rank(words: str, _unit: str) -> Reading | None:
    match = _RANK.match(_LEAD.sub("", words))
    if not match:
        return None
    place = chinese_number(match["num"])
    if not place:
        return None
    low = 1.0 if match["kind"] == "前" else float(place)
    return Reading(Target("", "rank", low, float(place), None, match["ref"] or None))


def _tolerance(words: str, unit: str) -> Reading | None:
    """85±2 is 83 to 87."""
    match = _TOLERANCE.match(_LEAD.sub("", words))
    if not match or not _unit_like(match["unit"]) or not _unit_like(match["rest"]):
        return None
    middle, off = _value(match["mid"]), _value(match["off"])
    scale, shown = _scale(match["unit"] or match["rest"], unit)
    return Reading(Target("", "between", (middle - off) * scale, (middle + off) * scale), shown)


def _numeric(words: str, unit: str) -> Reading | None:
    bracketed = re.fullmatch(r"[\[〔【［](.+?)[\]〕】］](.*)", words)
    per: Per | None = "period" if bracketed else None
    words = bracketed[1] + bracketed[2] if bracketed else words
    reference, words = _take_reference(words)
    stated, words = _take_per(words)
    op, words = _take_prefix(words)
    words = _LEAD.sub("", words) if op is None else words
    if reference is None:
        reference, words = _take_reference(words)
    words, change = _take_change(words)
    if op is None:
        op, words = _take_prefix(words)
    late, words = _take_per(words)
    found = _span(words, unit) or _single(words, unit, op)
    if not found:
        return None
    target = found.target
    if change and _FALL.search(change):
        target = _negated(target)
    per = per or stated or late or ("year" if found.unit.endswith("/年") else None)
    return replace(found, target=replace(target, per=per, relative_to=reference))


def _take_reference(words: str) -> tuple[str | None, str]:
    match = _AGAINST.match(words)
    return (match["ref"], words[match.end() :]) if match else (None, words)


def _take_per(words: str) -> tuple[Per | None, str]:
    for pattern, per in _PER:
        match = re.search(pattern, words)
        if match and (match.start() == 0 or match[0].startswith("/") or match.start() <= 4):
            return per, words[: match.start()] + words[match.end() :]
    return None, words


def _take_change(words: str) -> tuple[str, str]:
    match = _CHANGE.match(words)
    if not match:
        return words, ""
    rest = re.sub(r"^(?:达到|达|到|至|在|保持在|为)", "", words[match.end() :])
    return rest, match[0]


def _take_prefix(words: str) -> tuple[Op | None, str]:
    for pattern, op in _PREFIXES:
        match = re.match(pattern, words)
        if match:
            return op, re.sub(r"^(?:为|在|达到|至)", "", words[match.end() :])
    return None, words


def _take_suffix(rest: str) -> tuple[Op | None, str]:
    for pattern, op in _SUFFIXES:
        match = re.search(rf"(?:{pattern})$", rest)
        if match:
            return op, rest[: match.start()]
        match = re.match(pattern, rest)
        if match:
            return op, rest[match.end() :]
    return None, rest


def _span(words: str, unit: str) -> Reading | None:
    match = _SPAN.match(words)
    if not match:
        return None
    suffix, rest = _take_suffix(match["rest"])
    first = match["lowunit"]
    if not _unit_like(rest) or not _unit_like(first) or suffix in {"ge", "le"}:
        return None
    low, high = _value(match["low"]), _value(match["high"])
    if low > high:
        return None
    scale_low, shown = _scale(first or rest, unit)
    scale_high, shown = _scale(rest or first, unit) if rest or first else (1.0, shown)
    if low * scale_low > high * scale_high:
        return None
    return Reading(Target("", "between", low * scale_low, high * scale_high), shown)


def _single(words: str, unit: str, op: Op | None) -> Reading | None:
    match = _ONE.match(words)
    if not match:
        return None
    suffix, rest = _take_suffix(re.sub(r"^[(（](\D+)[)）]$", r"\1", match["rest"]))
    if op == "le" and suffix == "le":
        suffix = None
    if not _unit_like(rest) or (op and suffix and op != suffix and {op, suffix} & {"le", "lt"}):
        return None
    op = op or suffix or "eq"
    scale, shown = _scale(rest, unit)
    value = round(_value(match["num"]) * scale, 9)
    low = None if op in {"le", "lt"} else value
    high = None if op in {"ge", "gt"} else value
    return Reading(Target("", op, low, high), shown)


def _negated(target: Target) -> Target:
    """A fall as a signed change: 下降≥18 is at most −18."""
    turned: dict[Op, Op] = {"ge": "le", "le": "ge", "gt": "lt", "lt": "gt"}
    low = -target.high if target.high is not None else None
    high = -target.low if target.low is not None else None
    return replace(target, op=turned.get(target.op, target.op), low=low, high=high)


def _unit_like(rest: str) -> bool:
    return rest == "" or rest in _MULTIPLIERS or is_unit(rest)


def _scale(rest: str, unit: str) -> tuple[float, str]:
    """The factor that brings the cell's numbers to ``unit``, and the unit to show."""
    rest = normal(rest)
    if not unit:
        return 1.0, rest
    for word, factor in _MULTIPLIERS.items():
        if rest.startswith(word):
            return (1.0 if unit.startswith(word) else factor / _own(unit)), unit
    return 1.0, unit


def _own(unit: str) -> float:
    return next((factor for word, factor in _MULTIPLIERS.items() if unit.startswith(word)), 1.0)


def _value(digits: str) -> float:
    return float(re.sub(r"[,，]", "", digits).replace("−", "-"))
