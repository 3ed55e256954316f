"""The map in a browser, over a small town."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import overflow
from tests.onemap.made import settle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opens = Callable[..., Page]
Examines = Callable[[Page], None]


@pytest.fixture(autouse=True)
def _town(monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch)


def ready(page: Page) -> Page:
    page.wait_for_selector("html[data-map=ready]")
    return page


def drawn(page: Page, layer: str) -> int:
    """How many features of a layer are on the screen."""
    script = """async (layer) => {
      const { map } = await import(document.querySelector('script[src*="onemap/map"]').src);
      await new Promise((done) => { map.once("idle", done); map.triggerRepaint(); });
      return map.queryRenderedFeatures({ layers: [layer] }).length;
    }"""
    return int(page.evaluate(script, layer))


@pytest.mark.parametrize(
    ("size", "language", "scheme"),
    [
        ("phone", "zh-hans", "light"),
        ("laptop", "zh-hans", "light"),
        ("laptop", "en", "dark"),
        ("wall", "en", "light"),
    ],
)
def test_the_map_on_every_screen(
    size: str, language: str, scheme: str, page_at: Opens, axe: Examines
) -> None:
    page = ready(page_at(size, "/map", language=language, scheme=scheme))
    axe(page)
    assert overflow(page) == 0
    assert drawn(page, "areas") >= 2
    assert drawn(page, "sensors") >= 1


def test_the_wall(page_at: Opens, axe: Examines) -> None:
    page = ready(page_at("wall-4k", "/map?wall=1"))
    axe(page)
    assert page.get_attribute("html", "data-theme") == "wall"


def test_layers_are_switched_by_keyboard_and_the_address_follows(page_at: Opens) -> None:
    page = ready(page_at("laptop", "/map"))
    page.focus("#layer-sensors")
    page.keyboard.press("Space")
    assert drawn(page, "sensors") == 0
    assert "layers=areas&" in page.url
    page.reload()
    ready(page)
    assert not page.is_checked("#layer-sensors")


def test_the_slider_moves_through_the_months(page_at: Opens) -> None:
    page = ready(page_at("laptop", "/map"))
    assert "1,237" in page.inner_text(".map-table")
    page.focus("#map-slider")
    page.keyboard.press("ArrowLeft")
    page.locator(".map-table", has_text="1,236").wait_for()
    assert page.input_value("#map-month") == "2025-02"
    assert "as_of=2025-02" in page.url


def test_the_table_beside_the_map_leads_to_the_panel(page_at: Opens, axe: Examines) -> None:
    page = ready(page_at("laptop", "/map"))
    page.focus(".map-table a[href*='feature=']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#map-panel h2")
    assert page.inner_text("#map-panel h2") == "东门街道"
    assert page.evaluate("document.activeElement.tagName") == "H2"
    axe(page)
    page.keyboard.press("Escape")
    assert page.is_hidden("#map-panel")


def test_a_press_on_the_map_tells_what_is_there(page_at: Opens) -> None:
    page = ready(page_at("laptop", "/map?layers=areas"))
    place = page.evaluate(
        """async () => {
      const { map } = await import(document.querySelector('script[src*="onemap/map"]').src);
      const at = map.project([116.3, 39.3]), box = map.getCanvas().getBoundingClientRect();
      return [at.x + box.left, at.y + box.top];
    }"""
    )
    page.mouse.click(*place)
    page.wait_for_selector("#map-panel h2")
    assert page.inner_text("#map-panel h2") == "东门街道"
    assert "feature=areas%2Fa" in page.url


def test_search_moves_the_map(page_at: Opens) -> None:
    page = ready(page_at("laptop", "/map"))
    page.fill("#map-q", "东门")
    page.keyboard.press("Enter")
    page.click("#map-found a")
    page.wait_for_selector("#map-panel h2")
    assert page.inner_text("#map-panel h2") == "东门街道"


def test_no_colour_takes_legend_and_table_away(page_at: Opens) -> None:
    page = ready(page_at("laptop", "/map"))
    page.select_option("#map-measure", "")
    page.locator(".map-measure").wait_for(state="detached")
    page.select_option("#map-measure", "firms")
    page.wait_for_selector(".map-measure .legend")


def test_on_a_phone_the_sheet_opens_over_the_map(page_at: Opens, axe: Examines) -> None:
    page = ready(page_at("phone", "/map"))
    assert page.is_hidden("#map-q")
    page.tap("#map-grip")
    assert page.is_visible("#map-q")
    assert page.get_attribute("#map-grip", "aria-expanded") == "true"
    axe(page)
    page.tap("#map-grip")
    assert page.is_hidden("#map-q")


def test_without_scripts_the_table_tells_the_same(chromium: object, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=site)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto("/map?feature=areas/a")
    assert "1,237" in page.inner_text(".map-table")
    assert page.inner_text("#map-panel h2") == "东门街道"
    assert page.is_visible(".map-submit button")
    context.close()
