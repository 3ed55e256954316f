"""The pages of plans in a browser: fit, accessible, and the review by keyboard."""

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from hutong.accounts import people
from hutong.accounts.api import Actor
from hutong.indicators.models import PlanDocument
from hutong.indicators.plans import review
from tests.browser.conftest import overflow, visit
from tests.indicators.plan_import.documents import ROWS, as_text
from tests.indicators.plans.conftest import district  # noqa: F401 - a fixture
from tests.indicators.plans.people import somebody

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("district"),
]
Opens = Callable[..., Page]
Examines = Callable[[Page], None]


@pytest.fixture
def document() -> PlanDocument:
    return review.bring_in(Actor("urn:hutong:x:person:li", "李"), as_text(ROWS), "规划.txt")


@pytest.fixture
def office(page_at: Opens, site: str) -> Opens:
    """Opens a page as somebody of the data office."""
    client = somebody("data_office")
    assert people.find("data-office-science").pk

    def open_page(size: str, path: str, **options: str) -> Page:
        page = page_at(size, "/account/login", **options)
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
    size: str, language: str, scheme: str, document: PlanDocument, office: Opens, axe: Examines
) -> None:
    page = office(size, "/plan", language=language, scheme=scheme)
    for path in (
        "/plan",
        "/plan/science",
        "/plan/science/tasks/platform",
        "/plan/import",
        f"/plan/import/{document.pk}",
    ):
        visit(page, path)
        axe(page)
        assert overflow(page) == 0, path


def test_the_review_by_keyboard(document: PlanDocument, office: Opens) -> None:
    page = office("laptop", f"/plan/import/{document.pk}")
    page.get_by_role("link", name="政务数据共享率").first.focus()
    expect(page.locator("mark")).to_have_text("政务数据共享率（%）")
    page.keyboard.press("ArrowDown")
    expect(page.locator("mark")).to_have_text("数据目录条目数（条）")
    with page.expect_navigation():
        page.keyboard.press("a")
    second = document.items.filter(kind="indicator").order_by("order")[1]
    assert second.state == "accepted"
    expect(page.locator("mark")).to_have_text("5G基站（个）")
    expect(page.locator("[data-chosen] [data-show]")).to_be_focused()
    page.keyboard.press("m")
    expect(page.locator("[data-chosen] input[name=name]")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("五代基站")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    third = document.items.filter(kind="indicator").order_by("order")[2]
    assert (third.state, third.data["name"], third.data["target"]["low"]) == ("mended", "五代基站", 3000)


def test_a_plan_is_uploaded_and_made(office: Opens) -> None:
    page = office("laptop", "/plan/import", language="en")
    page.set_input_files(
        "input[type=file]", {"name": "plan.txt", "mimeType": "text/plain", "buffer": as_text(ROWS)}
    )
    page.get_by_role("button", name="Read it").click()
    expect(page.locator(".review-item").first).to_be_visible()
    for kind in ("indicator", "task"):
        page.locator(f"#{kind} button", has_text="Accept the").click()
    page.get_by_role("button", name="Make it a plan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("青河区“十四五”时期智慧城市发展规划")
    expect(page.locator("#indicators tbody tr")).to_have_count(len(ROWS))


def test_progress_is_reported(office: Opens) -> None:
    page = office("laptop", "/plan/science/tasks/platform", language="en")
    page.get_by_label("State").select_option("done")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("nothing proves it")).to_be_visible()
    page.get_by_label("Evidence").fill("https://example.org/acceptance")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="https://example.org/acceptance")).to_be_visible()
