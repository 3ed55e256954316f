"""Themes of datasets: their names, and their place in the European data theme vocabulary (for DCAT-AP)."""

from collections.abc import Mapping
from typing import Final

from hutong.catalog.api import THEMES
from hutong.catalog.api import theme_title as title

__all__ = ["authority", "names", "title"]
_AUTHORITIES: Final[Mapping[str, str]] = {
    "economy": "ECON",
    "enterprise": "ECON",
    "building": "ECON",
    "tax": "GOVE",
    "credit": "ECON",
    "culture": "EDUC",
    "education": "EDUC",
    "science": "TECH",
    "innovation": "TECH",
    "technology": "TECH",
    "health": "HEAL",
    "elderly": "SOCI",
    "population": "SOCI",
    "community": "SOCI",
    "environment": "ENVI",
    "space": "REGI",
    "city-operation": "GOVE",
    "sensing": "TECH",
    "safety": "JUST",
    "transport": "TRAN",
    "energy": "ENER",
}


def names() -> list[str]:
    return list(THEMES)


def authority(name: str) -> str:
    """Its code in the European vocabulary, or an empty string."""
    return _AUTHORITIES.get(name, "")
