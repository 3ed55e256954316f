"""The exchange's pages in a browser: they fit and are accessible, at every size and in both languages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from hutong.accounts import people
from hutong.accounts.api import Role
from hutong.demo import exchange
from hutong.exchange.api import links, requests
from hutong.exchange.types import State
from hutong.kernel.text import Text
from tests.browser.conftest import overflow, photograph, visit
from tests.installed import install

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opens = Callable[..., Page]
Examines = Callable[[Page], None]
WHO = {
    "consumer": (Role.STEWARD, "culture-tourism-bureau"),
    "provider": (Role.STEWARD, "command-centre"),
    "office": (Role.DATA_OFFICE, "science-informatization-bureau"),
}


@pytest.fixture
def opened(db: Any, page_at: Opens, site: str) -> Opens:
    """Opens a page of the demo's exchange as somebody."""
    install()
    exchange.seed()

    def open_page(size: str, path: str, who: str, **options: str) -> Page:
        role, organisation = WHO[who]
        people.add(who, Text("高扬", "Gao Yang"), role, organisation)
        client = Client()
        client.force_login(people.find(who), backend="hutong.accounts.backend.PersonBackend")
        page = page_at(size, "/account/login", **options)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        visit(page, path)
        return page

    return open_page


def of(state: State, dataset: str) -> str:
    return next(each.id for each in requests.listed() if each.state is state and each.dataset == dataset)


@pytest.mark.parametrize(
    ("size", "language", "scheme"),
    [("phone", "zh-hans", "light"), ("laptop", "en", "dark"), ("laptop", "zh-hans", "light")],
)
@pytest.mark.parametrize("who", list(WHO))
def test_the_pages_fit_and_are_accessible(
    opened: Opens, axe: Examines, size: str, language: str, scheme: str, who: str
) -> None:
    page = opened(size, "/exchange", who, language=language, scheme=scheme)
    used = next(
        each.contract
        for each in requests.listed()
        if each.dataset == "key-firm-monthly" and each.state is State.FULFILLED
    )
    places = {
        "consumer": (
            "/exchange", "/exchange/new?dataset=enterprises", f"/exchange/contracts/{_culture()}",
            f"/exchange/contracts/{_culture()}/rows", "/exchange/issues/new", "/exchange/issues/demo-correction",
            "/exchange/links/new", f"/exchange/links/{links.listed()[0].id}", _keys(),
        ),
        "provider": ("/exchange", f"/exchange/requests/{_deciding()}"),
        "office": (
            "/exchange", "/exchange/board", f"/exchange/links/{links.listed()[0].id}",
            f"/exchange/contracts/{used}", "/exchange/issues/demo-dispute",
            f"/exchange/requests/{of(State.CHECKING, 'enterprises')}",
        ),
    }  # fmt: skip
    for place in places[who]:
        visit(page, place)
        photograph(page, f"{place.strip('/').replace('/', '-')}-{who}-{size}-{language}")
        axe(page)
        assert overflow(page) == 0, place


def _culture() -> str:
    """The contract that the demo's consumer reads under."""
    mine = (each for each in requests.listed() if each.consumer == WHO["consumer"][1])
    return next(each.contract for each in mine if each.dataset == "key-firm-monthly")


def _keys() -> str:
    """Choosing the keys between two contracts of the demo's consumer."""
    chosen = links.listed()[0].contracts
    return f"/exchange/links/new?{'&'.join(f'contract-{each}=1' for each in chosen)}"


def _deciding() -> str:
    return of(State.DECIDING, "hotline-cases")


def test_a_request_is_made_from_the_form(opened: Opens) -> None:
    page = opened("laptop", "/catalog/datasets/safety-inspections", "consumer")
    page.get_by_role("link", name="申请共享数据").click()
    page.locator("input[type=checkbox]").first.check()
    page.get_by_label("具体用于什么").fill("核查文化场所安全")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("合规审核").first).to_be_visible()
    assert requests.listed()[0].dataset == "safety-inspections"


def test_the_sample_follows_the_masks(opened: Opens) -> None:
    page = opened("laptop", "/exchange", "provider")
    visit(page, f"/exchange/requests/{_deciding()}")
    field = page.locator("select[name^='mask-']").first
    name = field.get_attribute("name") or ""
    first = page.locator(f"input[name='{name}-first']")
    expect(first).to_be_hidden()
    with page.expect_response("**/preview") as answer:
        field.select_option("partial")
    assert answer.value.ok
    expect(first).to_be_visible()
    with page.expect_response("**/preview") as answer:
        first.fill("1")
    assert answer.value.ok
