"""The exchange's district, with people who watch over it."""

from tests.exchange.conftest import _clean, agreed, district, person

__all__ = ["SECURITY", "_clean", "agreed", "district"]
SECURITY = person("science-informatization-bureau", "security", "auditor")
