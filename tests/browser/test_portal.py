"""The open portal in a browser: three screens, both languages, the map, a letter from the public to its answer."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from hutong.portal import cards, engine, index, keys, opened, positions, reading, shelf, usage
from tests.browser.conftest import overflow
from tests.installed import once
from tests.portal import made

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opens = Callable[..., Page]
Examines = Callable[[Page], None]


@pytest.fixture(autouse=True)
def _town(tmp_path: Path) -> Iterator[None]:
    once("portal", lambda: made.settle(tmp_path), folders=("lake",))
    yield
    engine.close()
    for each in (cards, opened, positions, reading, index, keys, shelf, usage):
        each.forget()


@pytest.mark.parametrize(
    ("size", "language", "scheme"),
    [("phone", "zh-hans", "light"), ("laptop", "en", "dark"), ("wall", "zh-hans", "light")],
)
@pytest.mark.parametrize(
    "path",
    [
        "/open",
        "/open/venues/metadata",
        "/open/venues/api",
        "/open/venues/quality",
        "/open/plan",
        "/open/terms",
        "/open/letters",
    ],
)
def test_every_page_on_every_screen(
    path: str, size: str, language: str, scheme: str, page_at: Opens, axe: Examines
) -> None:
    page = page_at(size, path, language=language, scheme=scheme)
    axe(page)
    assert overflow(page) == 0


@pytest.mark.parametrize(("size", "language"), [("phone", "zh-hans"), ("laptop", "en")])
def test_the_preview_has_table_and_map(size: str, language: str, page_at: Opens, axe: Examines) -> None:
    page = page_at(size, "/open/venues", language=language)
    page.wait_for_selector("html[data-open-map=ready]")
    assert "首都“大”剧院" in page.inner_text("main")
    assert page.locator("#open-map canvas").count() == 1
    assert page.inner_text("#open-map-note") == ""
    axe(page)
    assert overflow(page) == 0


def test_search_by_two_characters_and_a_facet(page_at: Opens) -> None:
    page = page_at("laptop", "/open")
    page.fill("#filter-q", "文化")
    page.select_option("#filter-theme", "culture")
    page.click("form.filters button[type=submit]")
    page.wait_for_url("**/open?q=*")
    assert page.locator(".open-hit").count() == 1
    page.click(".open-hit a")
    page.wait_for_url("**/open/venues")


def test_a_letter_is_sent(page_at: Opens, axe: Examines) -> None:
    page = page_at("phone", "/open/letters?dataset=venues")
    page.fill("[name=title]", "坐标有误")
    page.fill("[name=text]", "第三行的坐标不在本区，请核对。")
    page.click("form.open-form button[type=submit]")
    page.wait_for_url("**/open/letters?sent=1")
    axe(page)
    assert "坐标有误" not in page.inner_text("main")
