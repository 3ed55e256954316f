"""The supermarket in a browser: fit and accessible, and from the shelf to a key."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from hutong.accounts import people
from hutong.demo import market as seeded
from hutong.market import api as market
from tests.browser.conftest import overflow, visit
from tests.market.conftest import _ended, district  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opens = Callable[..., Page]
Examines = Callable[[Page], None]


@pytest.fixture
def somebody(district: None, page_at: Opens, site: str) -> Opens:  # noqa: F811 - the fixture imported above
    """Opens a page as one of the demo people."""
    seeded.seed()

    def open_page(login: str, size: str, path: str, **options: str) -> Page:
        page = page_at(size, "/market", **options)
        client = Client()
        client.force_login(people.find(login), backend="hutong.accounts.backend.PersonBackend")
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        visit(page, path)
        return page

    return open_page


@pytest.mark.parametrize(
    ("size", "language", "scheme"),
    [("phone", "zh-hans", "light"), ("laptop", "en", "dark"), ("wall", "zh-hans", "light")],
)
def test_the_pages_fit_and_are_accessible(
    size: str, language: str, scheme: str, somebody: Opens, axe: Examines
) -> None:
    page = somebody("gao.yang", size, "/market", language=language, scheme=scheme)
    mine = next(
        each for each in market.of_modules(["name-match"]) if each.organisation == "statistics-bureau"
    )
    for path in (
        "/market", "/market?q=地址", "/market/modules/geocode", "/market/modules/deidentify/try",
        "/market/modules/ocr/try", "/market/mine", f"/market/subscriptions/{mine.id}", "/market/desk",
    ):  # fmt: skip
        visit(page, path)
        axe(page)
        assert overflow(page) == 0, path


@pytest.mark.parametrize(("size", "language"), [("phone", "en"), ("laptop", "zh-hans")])
def test_the_training_page_fits_and_is_accessible(
    size: str, language: str, somebody: Opens, axe: Examines
) -> None:
    page = somebody("zhou.min", size, "/market/modules/petition-triage/models", language=language)
    axe(page)
    assert overflow(page) == 0


def test_from_the_shelf_to_a_key(somebody: Opens) -> None:
    page = somebody("wu.fan", "laptop", "/market?q=代码校验")
    page.get_by_role("link", name="统一社会信用代码校验").click()
    page.get_by_label("用途").fill("核对供应商名录中的代码")
    page.get_by_role("button", name="订阅").click()
    page.get_by_role("button", name="生成密钥").click()
    expect(page.locator(".market-key")).to_contain_text("hm_")
    page.reload()
    expect(page.locator(".market-key")).to_have_count(0)
    page.goto("/market/modules/uscc-check/try")
    page.get_by_role("button", name="运行").click()
    expect(page.get_by_role("heading", name="结果")).to_be_visible()
