"""Numbers as people write them: ``650万``, ``104,569元/平``, ``3.5 亿元``, ``62㎡``, ``5%``."""

from dataclasses import dataclass
from decimal import Decimal

MULTIPLIERS = {
    "": Decimal(1),
    "百": Decimal(100),
    "千": Decimal(1000),
    "万": Decimal(10_000),
    "十万": Decimal(100_000),
    "百万": Decimal(1_000_000),
    "千万": Decimal(10_000_000),
    "亿": Decimal(100_000_000),
    "百亿": Decimal(10_000_000_000),
    "千亿": Decimal(100_000_000_000),
    "万亿": Decimal(1_000_000_000_000),
}
_SAME = (
    ("㎡", "m2", "m²", "平方米", "平米", "平"),
    ("元", "圆", "人民币", "rmb", "cny", "块"),
    ("人", "名", "位"),
    ("家", "户"),
    ("km2", "km²", "平方公里", "平方千米"),
    ("km", "公里", "千米"),
    ("℃", "°c", "摄氏度"),
    ("μg/m3", "µg/m3", "ug/m3", "μg/m³", "ug/m³", "微克/立方米"),
    ("%", "％", "个百分点", "百分点"),
)


def split(unit: str) -> tuple[Decimal, str]:
    """``万元`` is (10000, 元); a unit without a multiplier is (1, itself)."""
    for sign in sorted(MULTIPLIERS, key=len, reverse=True):
        if sign and unit.startswith(sign) and unit not in {"千克", "千米", "千瓦", "千瓦时", "百分点"}:
            return MULTIPLIERS[sign], unit[len(sign) :]
    return Decimal(1), unit


def spellings(base: str) -> list[str]:
    """Other ways to write a unit, also of both sides of ``元/平``."""
    if "/" in base and not any(base.lower() in group for group in _SAME):
        above, below = base.split("/", 1)
        return [f"{a}/{b}" for a in spellings(above) for b in spellings(below)]
    for group in _SAME:
        if base.lower() in group:
            return [base, *[each for each in group if each != base.lower()]]
    return [base]


@dataclass(frozen=True, slots=True)
class Factors:
    """By what a number is multiplied: ``whole`` by all that follows it, else ``signs`` by what precedes a unit."""

    whole: dict[str, Decimal]
    signs: dict[str, Decimal]
    units: tuple[str, ...]


def factors(unit: str) -> Factors:
    """For a column in ``unit``: ``万`` alone multiplies the base unit, no text at all means the column's unit."""
    own, base = split(unit)
    known = ("", *(each.lower() for each in spellings(base))) if base else ("",)
    whole = {each: 1 / own for each in known if each} | {"": Decimal(1)}
    signs = {sign: value / own for sign, value in MULTIPLIERS.items() if sign}
    return Factors(whole, signs, known)


def money_factors(unit: str) -> Factors:
    """The same to fen; a column without a unit is in 元."""
    own, base = split(unit or "元")
    fen = own * {"分": Decimal(1), "角": Decimal(10)}.get(base, Decimal(100))
    found = factors(unit or "元")
    whole = {text: value * fen for text, value in found.whole.items()}
    if base == "元":
        whole |= {"分": Decimal(1), "角": Decimal(10)}
    return Factors(whole, {sign: value * fen for sign, value in found.signs.items()}, found.units)


def percent_factors(unit: str) -> Factors:
    """The same to percent; a column in unit ``1`` holds fractions."""
    plain = Decimal(100) if unit == "1" else Decimal(1)
    return Factors({"": plain, "‰": Decimal("0.1")} | dict.fromkeys(spellings("%"), Decimal(1)), {}, ())
