"""The posture in a browser: fit and accessible, and a security officer's morning."""

import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from hutong.accounts import api as accounts
from hutong.accounts import people
from hutong.exchange.types import ContractRef
from hutong.kernel import clock
from hutong.posture import checking
from hutong.posture.api import alerts, findings, scoring, seals
from tests.browser.conftest import Faults, overflow, visit
from tests.posture.conftest import _clean, agreed, district
from tests.posture.test_alerts import LATER, at_night

__all__ = ["_clean", "agreed", "at_night", "district"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opens = Callable[..., Page]
Examines = Callable[[Page], None]
MORNING = LATER + timedelta(days=1)


@pytest.fixture
def somebody(at_night: ContractRef, page_at: Opens, site: str, monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Opens a page as one of the demo people, an alert being open and every rule run."""
    monkeypatch.setenv("HUTONG_DEMO", "1")
    accounts.install_demo_people()
    with clock.freeze(LATER):
        alerts.watch()
        scoring.renew()
        seals.seal()
    with clock.freeze(MORNING):
        scoring.renew()
    frozen = clock._frozen
    monkeypatch.setattr(clock, "now", lambda: frozen.get() or MORNING)

    def open_page(login: str, size: str, path: str, **options: str) -> Page:
        page = page_at(size, "/open", **options)
        client = Client()
        with clock.freeze(MORNING):
            client.force_login(people.find(login), backend="hutong.accounts.backend.PersonBackend")
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        visit(page, path)
        assert page.url.endswith(path), "signed in"
        return page

    return open_page


@pytest.mark.parametrize(
    ("login", "size", "language", "scheme"),
    [
        ("sun.jing", "phone", "zh-hans", "light"),
        ("song.yu", "laptop", "en", "dark"),
        ("zhou.min", "wall", "zh-hans", "light"),
    ],
)
def test_the_pages_fit_and_are_accessible(
    login: str, size: str, language: str, scheme: str, somebody: Opens, axe: Examines
) -> None:
    page = somebody(login, size, "/posture", language=language, scheme=scheme)
    alert, finding = alerts.listed()[0][0].id, findings.listed()[0].id
    paths = [
        "/posture", "/posture/datasets", "/posture/datasets/key-firm-monthly", "/posture/alerts",
        "/posture/alerts?state=closed", f"/posture/alerts/{alert}", "/posture/findings",
        f"/posture/findings/{finding}",
    ]  # fmt: skip
    for path in paths if login == "zhou.min" else [*paths, "/posture/audit"]:
        answer = visit(page, path)
        assert answer is not None
        assert answer.ok, path
        axe(page)
        assert overflow(page) == 0, path


def test_from_the_risks_to_a_closed_alert_and_an_accepted_finding(somebody: Opens, faults: Faults) -> None:
    faults.allowed = ("422",)
    page = somebody("sun.jing", "laptop", "/posture")
    page.get_by_role("link", name="全部数据集与系统").click()
    page.get_by_role("link", name="重点企业月度运行", exact=True).click()
    parts = page.get_by_role("table", name="评分构成")
    expect(parts).to_contain_text("访问异常")
    expect(parts).to_contain_text("1 个告警未关闭")
    page.get_by_role("link", name="时段异常").click()
    page.get_by_role("button", name="开始核实").click()
    expect(page.get_by_text("核实中")).to_be_visible()
    page.get_by_role("button", name="关闭", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("理由")
    page.get_by_label("理由").fill("夜间应急统计，已与使用单位核实")
    page.get_by_role("button", name="关闭", exact=True).click()
    expect(page.get_by_text("已关闭")).to_be_visible()
    page.goto("/posture/datasets/key-firm-monthly")
    expect(page.get_by_role("table", name="评分构成")).to_contain_text("0 个告警未关闭")
    page.goto("/posture/findings")
    page.get_by_role("link", name="日志没有见证方").click()
    page.get_by_label("理由").fill("试点期，见证方在建")
    page.get_by_label("截止日期").fill((clock.today() + timedelta(days=30)).isoformat())
    page.get_by_role("button", name="接受至该日").click()
    expect(page.get_by_role("heading", name="已接受的风险")).to_be_visible()


def test_the_sealed_trail_of_a_period_is_exported_and_holds(somebody: Opens, tmp_path: Path) -> None:
    page = somebody("song.yu", "laptop", "/posture")
    page.get_by_role("link", name="导出审计记录").click()
    day = clock.today()
    page.get_by_label("起始日期").fill((day - timedelta(days=1)).isoformat())
    page.get_by_label("截止日期").fill((day + timedelta(days=60)).isoformat())
    with page.expect_download() as waiting:
        page.get_by_role("button", name="导出", exact=True).click()
    file = tmp_path / "trail.zip"
    waiting.value.save_as(file)
    assert waiting.value.suggested_filename.startswith("audit-")
    with zipfile.ZipFile(file) as pack:
        assert {"audit.ndjson", "manifest.json", "seals.json"} <= set(pack.namelist())
    assert checking.check(file).within > 0
