"""Names of the themes that datasets are found by; a theme that is not listed is called by its word."""

from collections.abc import Mapping
from typing import Final

from hutong.kernel.text import Text

THEMES: Final[Mapping[str, Text]] = {
    "economy": Text(zh="经济", en="Economy"),
    "enterprise": Text(zh="企业", en="Enterprises"),
    "building": Text(zh="楼宇", en="Buildings"),
    "tax": Text(zh="税收", en="Tax"),
    "credit": Text(zh="信用", en="Credit"),
    "culture": Text(zh="文化", en="Culture"),
    "education": Text(zh="教育", en="Education"),
    "science": Text(zh="科技", en="Science"),
    "innovation": Text(zh="创新", en="Innovation"),
    "technology": Text(zh="技术", en="Technology"),
    "health": Text(zh="健康", en="Health"),
    "elderly": Text(zh="养老", en="Elderly care"),
    "population": Text(zh="人口", en="Population"),
    "community": Text(zh="社区", en="Community"),
    "environment": Text(zh="环境", en="Environment"),
    "space": Text(zh="空间", en="Space"),
    "city-operation": Text(zh="城市运行", en="City operation"),
    "sensing": Text(zh="感知", en="Sensing"),
    "safety": Text(zh="安全", en="Safety"),
    "transport": Text(zh="交通", en="Transport"),
    "energy": Text(zh="能源", en="Energy"),
}


def title(name: str) -> Text:
    """The name of a theme for people; the word itself where the list does not have it."""
    return THEMES.get(name) or Text(zh=name, en=name)
