"""The cockpit over a small demo district: every figure of every page leads to a proof that the browser verified."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from hutong.accounts import people
from hutong.accounts.api import install_demo_people
from hutong.cockpit import board
from hutong.demo import api as demo
from hutong.indicators import api as indicators
from hutong.kernel.settings import home
from hutong.packs import api as packs
from hutong.ui import vendor
from tests.browser.conftest import overflow, visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(900),
    pytest.mark.skipif("noble-hashes" in vendor.missing(), reason="npm ci has not been run"),
]
Opens = Callable[..., Page]
Examines = Callable[[Page], None]
VERIFIED = "✓ 已由本浏览器核验"


@pytest.fixture
def district(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The demo district, thinned out, loaded and computed."""
    monkeypatch.setenv("HUTONG_DEMO", "1")
    monkeypatch.setenv("HUTONG_AS_OF", demo.DEMO_DAY.isoformat())
    for part in ("lake", "demo"):
        shutil.rmtree(home() / part, ignore_errors=True)
    packs.apply(packs.installed())
    demo.generate(scale=0.1, months=16)
    loaded = demo.load()
    assert loaded.failed == ()
    install_demo_people()
    yield
    for part in ("lake", "demo"):
        shutil.rmtree(home() / part, ignore_errors=True)


@pytest.fixture
def leader(district: None, page_at: Opens, site: str) -> Opens:
    """Opens a page as the demo's leader."""
    client = Client()
    client.force_login(people.find("lin.zhiyuan"), backend="hutong.accounts.backend.PersonBackend")

    def open_page(size: str, path: str, **options: str) -> Page:
        page = page_at(size, "/account/login", **options)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        visit(page, path)
        return page

    return open_page


def test_every_figure_of_every_page_reaches_a_verified_proof(leader: Opens, axe: Examines) -> None:
    addresses = ["/", *(f"/cockpit/{page.id}" for page in board.pages()[1:])]
    laptop = leader("laptop", "/")
    figures: dict[str, str] = {}
    for address in addresses:
        visit(laptop, address)
        assert laptop.locator(".figure-number").first.inner_text() != "—"
        links = laptop.locator("main a[href^='/figures/']")
        assert links.count() > 5
        figures |= {link.get_attribute("href") or "": address for link in links.all()}
        axe(laptop)
        assert overflow(laptop) == 0
    shown = {name for page in board.pages() for name in page.indicators}
    assert {each.split("/")[2] for each in figures} == shown
    for each in figures:
        laptop.goto(each)
        laptop.wait_for_selector("[data-proofs][data-done]", state="attached")
        outcomes = laptop.locator("[data-proofs] [data-outcome]").all_inner_texts()
        assert outcomes
        assert set(outcomes) == {VERIFIED}, each
    _walk_one(laptop, axe)
    _other_screens(leader, axe, addresses)
    _tampered(laptop)


def _walk_one(page: Page, axe: Examines) -> None:
    visit(page, "/cockpit/city")
    page.locator("a.figure", has_text="12345 诉求量").click()
    page.wait_for_selector("[data-proofs][data-done]", state="attached")
    value = page.locator(".figure-number").inner_text()
    expect(page.locator("#rows")).to_contain_text(f"{value} 行")
    expect(page.locator("#rows thead")).to_contain_text("已脱敏")
    axe(page)
    page.get_by_role("button", name="现在重新计算").click()
    page.wait_for_selector("[data-again='same']")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载为 CSV").click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) == int(value.replace(",", "")) + 1


def _other_screens(leader: Opens, axe: Examines, addresses: list[str]) -> None:
    for size, language, scheme, tail in (
        ("phone", "en", "dark", ""),
        ("wall", "zh-hans", "light", "?wall=1"),
        ("wall-4k", "zh-hans", "light", "?wall=1"),
    ):
        page = leader(size, "/", language=language, scheme=scheme)
        for address in addresses:
            visit(page, address + tail)
            assert overflow(page) == 0, (size, address)
            if size != "wall-4k":
                axe(page)
        if tail:
            assert page.get_by_role("button", name="继续轮播").is_visible()
            taller = page.evaluate("document.documentElement.scrollHeight - innerHeight")
            assert taller <= page.viewport_size["height"] * 0.06, (size, taller)


def _tampered(page: Page) -> None:
    """A value changed on the way is not taken for the one in the log."""
    page.route("**/api/indicators/*/values*", lambda route: route.fulfill(status=200, body="[]"))
    page.goto(indicators.address("gdp", demo.DEMO_DAY))
    page.wait_for_selector("[data-proofs][data-done]", state="attached")
    first = page.locator("[data-proofs] li").first
    assert first.get_attribute("data-state") == "bad"
    page.unroute("**/api/indicators/*/values*")
