"""Which organisation a plan means."""

import pytest

from hutong.accounts.api import OrganisationRef
from hutong.indicators.plans.bureaus import bureau
from hutong.kernel.text import Text


def _of(code: str, title: str, short: str) -> OrganisationRef:
    return OrganisationRef(code, "", Text(title, code), "bureau", "", "", Text(short, ""))


KNOWN = [
    _of("reform", "东城区发展和改革委员会", "发改委"),
    _of("science", "东城区科学技术和信息化局", "科信局"),
    _of("health", "东城区卫生健康委员会", "卫健委"),
    _of("sanitation", "东城区卫生监督委员会", ""),
    _of("city", "东城区城市管理委员会", "城管委"),
    _of("guard", "东城区城市管理综合行政执法局", "城管执法局"),
    _of("park", "中关村科技园区东城园管理委员会", "园区管委会"),
]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("区发展改革委", "reform"),
        ("发改委", "reform"),
        ("东城区发展和改革委员会", "reform"),
        ("区科学技术和信息化局、区文化和旅游局", "science"),
        ("区科信局会同区财政局", "science"),
        ("区卫生健康委", "health"),
        ("区城市管理委", "city"),
        ("中关村东城园管委会", "park"),
        ("区卫委", None),  # two could be meant
        ("各街道办事处", None),
        ("区文化和旅游局", None),
        ("", None),
    ],
)
def test_bureau(text, code):
    found = bureau(text, KNOWN)
    assert (found.id if found else None) == code
