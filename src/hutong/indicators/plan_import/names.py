"""Name cells: ``3.在孵企业总数（家）【预期性】`` holds a running number, a name, a unit and a nature."""

import re

from hutong.indicators.plan_import.characters import tidy
from hutong.indicators.plan_import.units import is_unit, normal, split_name

_NUMBERED = re.compile(r"^(?:[(（]\s*\d{1,3}\s*[)）]|\d{1,3}\s*[、．]|\d{1,3}\.(?!\d)|[①-⑳])\s*(?=\S)")
_NATURE_TAIL = re.compile(r"\s*[【\[（(〔]\s*(预期性|约束性)(?:指标)?\s*[】\]）)〕]\s*$")
_FOOTNOTE = re.compile(r"(?:[*※＊†]+|[¹²³⁴⁵⁶⁷⁸⁹]+|\[注?\d*\]|注\d+)$")


def name_parts(text: str) -> tuple[str, str, str, str]:
    """(name, running number, nature, unit) of a name cell such as ``3.在孵企业总数（家）【预期性】``."""
    number, name = _unnumbered(tidy(text))
    name = _FOOTNOTE.sub("", name).rstrip()
    found = _NATURE_TAIL.search(name)
    nature = found[1] if found else ""
    name = _NATURE_TAIL.sub("", name)
    name, unit = split_name(name)
    if not nature:
        found = _NATURE_TAIL.search(name)
        nature = found[1] if found else ""
        name = _NATURE_TAIL.sub("", name)
    tail = re.search(r"^(.{3,}?)[,，]\s*([^,，]{1,8})$", name)
    if not unit and tail and is_unit(tail[2]):
        name, unit = tail[1], normal(tail[2])
    return _FOOTNOTE.sub("", name).rstrip(" ：:"), number, nature, unit


def odd_unit(name: str) -> tuple[str, str]:
    """A unit the list of units does not know, taken as one because its table puts units there."""
    match = re.search(r"^(.{2,}?)[（(]([^（）()\d]{1,8})[)）]$", name)
    if not match or re.search(r"含|占|不|按|以|率|口径|指|等|[A-Z]{2}", match[2]):
        return name, ""
    return match[1], match[2]


def _unnumbered(name: str) -> tuple[str, str]:
    match = _NUMBERED.match(name)
    if not match:
        return "", name
    return match[0].strip().strip("、．.()（） "), name[match.end() :]


def without_number(text: str) -> str:
    """The name of a cell whose brackets belong to it."""
    return tidy(_NATURE_TAIL.sub("", _unnumbered(tidy(text))[1]))
