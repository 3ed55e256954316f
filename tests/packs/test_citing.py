"""References as readers see them."""

import pytest

from hutong.packs import api


@pytest.mark.parametrize(
    ("reference", "zh", "en"),
    [
        ("to-confirm", "待确认", "To be confirmed"),
        ("to-confirm 统计部门口径", "待确认：统计部门口径", "To be confirmed: 统计部门口径"),
        ("nothing known", "nothing known", "nothing known"),
        ("", "", ""),
    ],
)
def test_what_has_no_source(reference: str, zh: str, en: str) -> None:
    told = api.cite(api.load("beijing-dongcheng"), reference)
    assert (told.in_("zh"), told.in_("en")) == (zh, en)


def test_a_source_is_named_by_its_title() -> None:
    pack = api.load("beijing-dongcheng")
    told = str(api.cite(pack, "science-plan 四（四）2"))
    assert told.startswith("《")
    assert told.endswith("四（四）2")
    assert "science-plan" not in told
    assert "GB 3095-2012" in str(api.cite(pack, "GB 3095-2012 表1"))
