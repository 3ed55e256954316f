import pytest

from hutong.packs.frame import district


def test_the_frame_knows_the_district() -> None:
    assert district().zh == "北京市东城区"


def test_a_broken_pack_leaves_the_name_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUTONG_PACK", "no-such-pack")
    assert district().zh == ""
