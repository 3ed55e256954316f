"""The gallery of components, which stands for every page made of them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from hutong.ui.components import components
from tests.browser.conftest import Faults, overflow, settle

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("demo_mode"),
]
Opens = Callable[..., Page]
Examines = Callable[[Page], None]


@pytest.fixture
def demo_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUTONG_DEMO", "1")


@pytest.mark.parametrize("name", components())
def test_each_component_is_accessible_and_fits_a_phone(name: str, page_at: Opens, axe: Examines) -> None:
    page = page_at("phone", f"/ui/{name}")
    axe(page)
    assert overflow(page) == 0


@pytest.mark.parametrize(
    ("size", "language", "scheme"),
    [
        ("laptop", "zh-hans", "light"),
        ("laptop", "en", "dark"),
        ("phone", "en", "light"),
        ("wall", "zh-hans", "dark"),
    ],
)
def test_the_gallery_on_every_screen(
    size: str, language: str, scheme: str, page_at: Opens, axe: Examines
) -> None:
    page = page_at(size, "/ui", language=language, scheme=scheme)
    axe(page)
    assert overflow(page) == 0
    assert page.get_attribute("html", "lang") == ("zh-Hans" if language == "zh-hans" else "en")


@pytest.mark.parametrize("name", ["figure", "table", "chart", "notice"])
def test_components_in_the_dark(name: str, page_at: Opens, axe: Examines) -> None:
    axe(page_at("laptop", f"/ui/{name}", language="en", scheme="dark"))


def test_what_is_grave_is_found(page_at: Opens, axe: Examines) -> None:
    """The examination leaves rules out that can find nothing grave; these it must not."""
    page = page_at("phone", "/ui/notice")
    page.evaluate(
        """() => {
            document.querySelector("main").append(document.createElement("button"), document.createElement("img"));
            document.querySelector("main p").style.color = "#eee";
        }"""
    )
    with pytest.raises(AssertionError) as found:
        axe(page)
    assert {"button-name", "image-alt", "color-contrast"} <= set(
        re.findall(r'"rule": "([a-z-]+)"', str(found.value))
    )


def test_the_wall_shows_larger_type(page_at: Opens, axe: Examines) -> None:
    near = page_at("wall-4k", "/ui/figure")
    far = page_at("wall-4k", "/ui/figure?wall=1")
    size = "parseFloat(getComputedStyle(document.querySelector('.figure-number')).fontSize)"
    assert far.evaluate(size) > 1.5 * near.evaluate(size)
    axe(far)


def test_the_first_tab_stop_skips_to_the_content(page_at: Opens) -> None:
    page = page_at("laptop", "/ui")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_the_language_switch_stays_on_the_page(page_at: Opens) -> None:
    page = page_at("laptop", "/ui/table?sort=-rows")
    assert page.inner_text("h1").startswith("表格")
    page.click(".language button")
    settle(page)
    assert page.url.endswith("/ui/table?sort=-rows")
    assert page.inner_text("h1").startswith("Table")
    page.click(".language button")
    settle(page)
    assert page.inner_text("h1").startswith("表格")


def test_the_appearance_can_be_chosen(page_at: Opens) -> None:
    page = page_at("laptop", "/ui")
    page.click(".tools .menu > summary")
    page.click("button[name=theme][value=dark]")
    settle(page)
    assert page.get_attribute("html", "data-theme") == "dark"


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(page_at: Opens) -> None:
    page = page_at("phone", "/ui")
    assert not page.is_visible(".nav")
    page.focus(".menu-nav > summary")
    page.keyboard.press("Enter")
    assert page.is_visible(".nav")
    page.keyboard.press("Escape")
    assert not page.is_visible(".nav")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_chart_is_drawn_and_its_table_stays_at_hand(page_at: Opens) -> None:
    page = page_at("laptop", "/ui/chart")
    page.wait_for_selector("#example-line canvas")
    page.click("#example-line summary")
    assert "82.1" in page.inner_text("#example-line table")


def test_no_two_of_many_series_look_alike_without_colour(page_at: Opens) -> None:
    """A sixth line takes the first one's colour; dash and mark, or hatching, still tell them apart on grey paper."""
    page = page_at("laptop", "/ui/chart")
    page.wait_for_selector("#example-many canvas")
    page.wait_for_selector("#example-stack canvas")
    looks = page.evaluate(
        """async () => {
            const { lookOf } = await import("/static/ui/chart.mjs");
            return Array.from({ length: 35 }, (_none, index) => lookOf(index));
        }"""
    )
    assert len({(str(each["dash"]), each["mark"]) for each in looks}) == 35
    first, sixth = looks[0], looks[5]
    assert first["dash"] != sixth["dash"]
    assert len({str(each["hatch"]) for each in looks[:7]}) == 7


def test_an_error_says_what_happened_and_what_to_do(page_at: Opens, axe: Examines, faults: Faults) -> None:
    faults.allowed = ("404",)
    page = page_at("laptop", "/ui/no-such-component")
    assert "no-such-component" in page.inner_text("main")
    assert "/ui" in page.inner_text("main")
    axe(page)
