"""The lake's pages in a browser: fit and accessible, and a steward's file from the form to what stayed out."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from hutong.accounts import organisations, people
from hutong.accounts.api import Target
from hutong.accounts.organisations import Facts
from hutong.kernel import jobs
from hutong.kernel.models import JobRun
from hutong.kernel.text import Text
from hutong.lake import access
from hutong.lake.types import LoadReport
from tests.browser.conftest import Faults, overflow, visit
from tests.lake.conftest import clean_lake, contract, load  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opens = Callable[..., Page]
Examines = Callable[[Page], None]
Load = Callable[..., LoadReport]
SPEC = """
key: [id]
columns:
  id: {type: int, title: {zh: 编号, en: Number}}
  name: {required: true, title: {zh: 名称, en: Name}}
  revenue: {type: money, unit: 万元, title: {zh: 营业收入, en: Revenue}}
"""
TEXT = "编号,名称,营业收入\n1,东城,30.5\n2,,12\n三,景山,1\n"


@pytest.fixture
def report(load: Load) -> LoadReport:  # noqa: F811 - the fixture imported above
    title = Text("重点企业及其分支机构月度经营情况统计调查表（含非法人单位）", "Firms and branches by month")
    made = replace(contract(SPEC), title=title)
    return load(made, TEXT, name="重点企业及其分支机构月度经营情况统计调查表-2025年12月-第三次报送.csv")


@pytest.fixture
def office(report: LoadReport, page_at: Opens, site: str, monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Opens a page as the steward of the bureau that the table belongs to."""
    monkeypatch.setattr(access, "_target_of", lambda _: Target("bureau", "general-1", "table"))
    organisations.apply("beijing-dongcheng", [Facts("bureau", "统计局", "Bureau", "bureau")])
    people.add("steward", Text("高扬", "Gao Yang"), "steward", "bureau")
    client = Client()
    client.force_login(people.find("steward"), backend="hutong.accounts.backend.PersonBackend")

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
    size: str, language: str, scheme: str, report: LoadReport, office: Opens, axe: Examines
) -> None:
    page = office(size, "/lake", language=language, scheme=scheme)
    for path in ("/lake", "/lake/things", "/lake/things/1", "/lake/load", f"/lake/loads/{report.load_id}"):
        visit(page, path)
        axe(page)
        assert overflow(page) == 0, path


def test_a_file_is_brought_in_by_hand(office: Opens, tmp_path: Path, axe: Examines) -> None:
    page = office("laptop", "/lake/things")
    page.get_by_role("link", name="装载文件").click()
    assert page.locator("#field-table").input_value() == "things"
    _send(page, tmp_path / "mended.csv", TEXT.replace("2,,12", "2,前门,12"))
    _work(page)
    page.wait_for_url("**/lake/loads/*", timeout=30_000)
    expect(page.locator("main")).to_contain_text("编号 不是整数")
    axe(page)
    page.get_by_role("link", name="装载改正后的文件").click()
    _send(page, tmp_path / "again.csv", TEXT.replace("2,,12", "2,前门,12").replace("三,", "3,"))
    _work(page)
    page.wait_for_url("**/lake/loads/*", timeout=30_000)
    expect(page.locator("main")).to_contain_text("未发现问题")
    assert page.locator("#quarantine").count() == 0


def test_a_file_that_cannot_be_read_is_refused_in_words(
    office: Opens, tmp_path: Path, faults: Faults, axe: Examines
) -> None:
    faults.allowed = ("status of 422",)
    page = office("phone", "/lake/load?table=things")
    _send(page, tmp_path / "program.exe", "MZ")
    expect(page.get_by_text("不是可读的文件类型")).to_be_visible()
    axe(page)
    page.goto("/lake/load?table=things")
    _send(page, tmp_path / "other.csv", "a,b\n1,2\n")
    _work(page)
    expect(page.get_by_role("heading", level=1, name="未装载")).to_be_visible(timeout=30_000)
    expect(page.locator("main")).to_contain_text("没有找到表头")
    axe(page)
    assert overflow(page) == 0


def _send(page: Page, file: Path, text: str) -> None:
    file.write_text(text, "utf8")
    page.get_by_label("文件").set_input_files(file)
    page.get_by_role("button", name="装载").click()


def _work(page: Page) -> None:
    """Do what waits, as the worker beside the server does; the page looks again by itself."""
    page.wait_for_url("**/lake/jobs/*", timeout=30_000)
    run = JobRun.objects.get(id=unquote(page.url.rpartition("/")[2]))
    jobs.perform(run.id, run.name, run.arguments)


def test_the_long_name_of_a_file_is_shown_whole(report: LoadReport, office: Opens) -> None:
    page: Any = office("phone", f"/lake/loads/{report.load_id}")
    assert "第三次报送" in page.get_by_role("heading", level=1).inner_text()
