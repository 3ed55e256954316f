"""Themes of datasets: their names, and their place in the European data theme vocabulary (for DCAT-AP)."""

from collections.abc import Mapping
from typing import Final

from hutong.kernel.text import Text

_THEMES: Final[Mapping[str, tuple[Text, str]]] = {
    "economy": (Text(zh="经济", en="Economy"), "ECON"),
    "enterprise": (Text(zh="企业", en="Enterprises"), "ECON"),
    "building": (Text(zh="楼宇", en="Buildings"), "ECON"),
    "tax": (Text(zh="税收", en="Tax"), "GOVE"),
    "credit": (Text(zh="信用", en="Credit"), "ECON"),
    "culture": (Text(zh="文化", en="Culture"), "EDUC"),
    "education": (Text(zh="教育", en="Education"), "EDUC"),
    "science": (Text(zh="科技", en="Science"), "TECH"),
    "innovation": (Text(zh="创新", en="Innovation"), "TECH"),
    "technology": (Text(zh="技术", en="Technology"), "TECH"),
    "health": (Text(zh="健康", en="Health"), "HEAL"),
    "elderly": (Text(zh="养老", en="Elderly care"), "SOCI"),
    "population": (Text(zh="人口", en="Population"), "SOCI"),
    "community": (Text(zh="社区", en="Community"), "SOCI"),
    "environment": (Text(zh="环境", en="Environment"), "ENVI"),
    "space": (Text(zh="空间", en="Space"), "REGI"),
    "city-operation": (Text(zh="城市运行", en="City operation"), "GOVE"),
    "sensing": (Text(zh="感知", en="Sensing"), "TECH"),
    "safety": (Text(zh="安全", en="Safety"), "JUST"),
    "transport": (Text(zh="交通", en="Transport"), "TRAN"),
    "energy": (Text(zh="能源", en="Energy"), "ENER"),
}


def names() -> list[str]:
    return list(_THEMES)


def title(name: str) -> Text:
    """The name of a theme for people; the id itself where the list does not have it."""
    found = _THEMES.get(name)
    return found[0] if found else Text(zh=name, en=name)


def authority(name: str) -> str:
    """Its code in the European vocabulary, or an empty string."""
    found = _THEMES.get(name)
    return found[1] if found else ""
