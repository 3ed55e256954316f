"""The pages of usable, not visible, in a browser: they fit and are accessible, at every size and in both languages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from hutong.accounts import people
from hutong.accounts.api import Role
from hutong.kernel.text import Text
from hutong.packs import api as packs
from hutong.privacy import api as privacy
from tests.browser.conftest import overflow, photograph, visit
from tests.privacy.conftest import CONSUMER, fill, make_contract, person, question

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opens = Callable[..., Page]
Examines = Callable[[Page], None]


@pytest.mark.parametrize(
    ("size", "language", "scheme"),
    [("phone", "zh-hans", "light"), ("laptop", "en", "dark"), ("laptop", "zh-hans", "light")],
)
def test_the_pages_fit_and_are_accessible(
    db: Any, page_at: Opens, site: str, axe: Examines, tmp_path: Path, size: str, language: str, scheme: str
) -> None:
    packs.install("beijing-dongcheng")
    fill(tmp_path)
    contract = make_contract().id
    privacy.ask(person(CONSUMER), contract, question())
    people.add("steward", Text("高扬", "Gao Yang"), Role.STEWARD, CONSUMER)
    client = Client()
    client.force_login(people.find("steward"), backend="hutong.accounts.backend.PersonBackend")
    page = page_at(size, "/account/login", language=language, scheme=scheme)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    for place in ("/exchange/private", f"/exchange/private/{contract}"):
        visit(page, place)
        assert overflow(page) <= 0
        axe(page)
        photograph(page, f"privacy{place.replace('/', '-')}-{size}-{language}")
    page.fill("[name=epsilon]", "0.25")
    page.click("button[value=estimate]")
    expect(page.locator(".notice")).to_contain_text("±")
    axe(page)
