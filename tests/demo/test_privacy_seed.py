"""The demo's protected questions: asked once, answered, within their budgets."""

from typing import Any

from hutong.demo import privacy as seeding
from hutong.packs import api as packs
from hutong.privacy import api as privacy


def test_the_seed_asks_once(db: Any) -> None:
    packs.install("beijing-dongcheng")
    assert seeding.seed() == 6
    assert seeding.seed() == 0
    assert privacy.budget("elders", "statistics-bureau").ever > 1
    assert all(each.state == "answered" for each in privacy.listed())
