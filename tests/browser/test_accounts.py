"""The pages of accounts on every screen, in both languages, and the way through them by hand."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from hutong.accounts import calls, demo_people, people
from hutong.accounts.models import Person
from hutong.kernel.text import Text
from hutong.packs.api import install
from tests.browser.conftest import Faults, overflow, photograph, visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("district"),
]
Opens = Callable[..., Page]
Examines = Callable[[Page], None]


@pytest.fixture
def district(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo district's organisations and people, and a few days on the audit trail."""
    monkeypatch.setenv("HUTONG_DEMO", "1")
    calls.forget()
    install("beijing-dongcheng")
    demo_people.install()
    people.add("li.si", Text("李四", "Li Si"), "steward", "statistics-bureau")


def session_of(login: str) -> str:
    client = Client()
    client.force_login(Person.objects.get(login=login), backend="hutong.accounts.backend.PersonBackend")
    return client.cookies["hutong"].value


def go(page: Page, site: str, login: str, path: str) -> None:
    page.context.add_cookies([{"name": "hutong", "value": session_of(login), "url": site}])
    visit(page, path)


PAGES = [
    ("zhou.min", "/account"),
    ("zhou.min", "/account/sessions"),
    ("zhou.min", "/permissions"),
    ("zhou.min", "/organisations"),
    ("zhou.min", "/organisations/statistics-bureau"),
    ("tang.wei", "/operations"),
    ("tang.wei", "/people"),
    ("tang.wei", "/people/new"),
    ("tang.wei", "/people/li.si"),
    ("song.yu", "/audit"),
]


@pytest.mark.parametrize(
    ("size", "language", "scheme"),
    [
        ("phone", "zh-hans", "light"),
        ("laptop", "zh-hans", "light"),
        ("laptop", "en", "dark"),
        ("phone", "en", "light"),
    ],
)
def test_each_page_is_accessible_and_fits(
    size: str, language: str, scheme: str, page_at: Opens, axe: Examines, site: str
) -> None:
    page = page_at(size, "/account/login", language=language, scheme=scheme)
    axe(page)
    assert overflow(page) == 0
    for login, path in PAGES:
        go(page, site, login, path)
        assert page.locator("h1").inner_text().strip(), path
        photograph(page, f"{path.strip('/').replace('/', '-')}-{size}-{language}-{scheme}")
        axe(page)
        assert overflow(page) == 0, path


def test_one_click_in_and_one_click_out(page_at: Opens) -> None:
    page = page_at("laptop", "/account/login?next=/organisations")
    page.get_by_role("button", name="数据主管部门").click()
    expect(page).to_have_url(re.compile("/organisations$"))
    page.locator("header summary", has_text="周敏").click()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="登录", exact=True)).to_be_visible()


def test_by_keyboard_alone(page_at: Opens) -> None:
    page = page_at("laptop", "/account/login?next=/organisations")
    page.get_by_label("登录名").focus()
    page.keyboard.type("gao.yang")
    page.keyboard.press("Tab")
    page.keyboard.type("hutong-demo")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto("/account")
    expect(page.locator("h1")).to_have_text("高扬")


def test_a_new_person_changes_the_password_before_anything_else(
    page_at: Opens, site: str, faults: Faults, axe: Examines
) -> None:
    faults.allowed = ("422",)
    office = page_at("laptop", "/account/login")
    go(office, site, "tang.wei", "/people/new")
    office.get_by_label("登录名").fill("wang.wu")
    office.get_by_label("姓名", exact=False).first.fill("王五")
    office.get_by_label("角色").select_option("leader")
    office.get_by_role("button", name="添加").click()
    password = office.locator(".notice-title").inner_text()
    axe(office)
    photograph(office, "people-new-password")

    desk = page_at("phone", "/account/login?next=/organisations")
    desk.get_by_label("登录名").fill("wang.wu")
    desk.locator("#field-password").fill(password)
    with desk.expect_navigation():
        desk.get_by_role("button", name="登录", exact=True).click()
    desk.goto("/organisations")
    expect(desk.get_by_text("请先改为自己的密码")).to_be_visible()
    desk.locator("#field-old_password").fill(password)
    desk.locator("#field-new_password1").fill("short")
    desk.locator("#field-new_password2").fill("short")
    desk.get_by_role("button", name="修改密码").click()
    axe(desk)
    photograph(desk, "password-refused")
    desk.locator("#field-old_password").fill(password)
    desk.locator("#field-new_password1").fill("很长的新口令 a long one")
    desk.locator("#field-new_password2").fill("很长的新口令 a long one")
    desk.get_by_role("button", name="修改密码").click()
    expect(desk.locator("h1")).to_have_text("王五")


def test_a_refusal_says_what_to_do(page_at: Opens, site: str, faults: Faults, axe: Examines) -> None:
    faults.allowed = ("403",)
    page = page_at("laptop", "/account/login")
    go(page, site, "gao.yang", "/audit")
    expect(page.get_by_text("您的角色不包含")).to_be_visible()
    axe(page)
    photograph(page, "refused")


@pytest.mark.parametrize("path", ["/admin/", "/admin/accounts/person/", "/api/docs"])
def test_pages_of_packages_work_under_our_content_policy(
    path: str, page_at: Opens, site: str, faults: Faults
) -> None:
    faults.allowed = ("favicon.ico",)
    page = page_at("laptop", "/account/login")
    go(page, site, "tang.wei", path)
    expect(page.locator("body")).to_contain_text("/api/openapi.json" if path == "/api/docs" else "后台数据表")
    photograph(page, f"package-{path.strip('/').replace('/', '-')}")
