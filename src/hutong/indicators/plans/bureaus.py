"""The organisation a plan means by a name: 区发展改革委, 发改委, 区科信局. Nobody, where it could be two."""

import re
from collections.abc import Sequence

from hutong.accounts.api import OrganisationRef, organisations

_SPLIT = re.compile(r"[、，,；;/]|会同|牵头|按职责|等(?:部门|单位)?$|负责|\s+")
_FRONT = re.compile(
    r"^(?:中共)?(?:北京市)?(?:[\u4e00-\u9fff]{2,3}区|区)?(?:委员会|委)?(?=[\u4e00-\u9fff]{2})"
)
_KINDS = (
    "委",
    "局",
    "办",
    "院",
    "部",
    "会",
    "中心",
    "馆",
    "大队",
    "公司",
    "街道",
    "协",
    "所",
    "处",
    "室",
    "府",
)


def bureau(text: str, known: Sequence[OrganisationRef] | None = None) -> OrganisationRef | None:
    """The organisation that the first name in ``text`` means."""
    every = organisations() if known is None else known
    for name in [text, *_SPLIT.split(text)]:
        if name.strip():
            found = _named(re.sub(r"\s+", "", name), every)
            if found or name != text:
                return found
    return None


def _named(name: str, known: Sequence[OrganisationRef]) -> OrganisationRef | None:
    short = {name, name.removeprefix("区"), _bare(name)}
    exact = [
        each
        for each in known
        if short & {each.id, each.title.zh, each.abbreviation.zh, _bare(each.title.zh)} - {""}
    ]
    if exact:
        return exact[0] if len(exact) == 1 else None
    bare = _bare(name)
    if len(bare) < 2 or not bare.endswith(_KINDS):
        return None
    like = [each for each in known if _shortens(bare, _bare(each.title.zh))]
    return like[0] if len(like) == 1 else None


def _bare(title: str) -> str:
    """Without the names of the city and the district: 东城区科学技术和信息化局 as 科学技术和信息化局."""
    return _FRONT.sub("", re.sub(r"^(?:北京市)?[\u4e00-\u9fff]{2}区(?!委)", "", title)) or title


def _shortens(short: str, full: str) -> bool:
    """Whether the characters of ``short`` stand in ``full`` in their order, the first first and the kind the same."""
    kind = {"委": "委员会", "办": "办公室", "协": "协会"}.get(short[-1], short[-1])
    if not full or short[0] != full[0] or not full.endswith((kind, short[-1])):
        return False
    at = 0
    for character in short:
        at = full.find(character, at) + 1
        if not at:
            return False
    return True
