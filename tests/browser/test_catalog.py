"""Pages of the catalog and of the docking for those who work with them."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from hutong.accounts.types import Role
from hutong.catalog import editing, locking, store, workbook
from hutong.catalog.models import ColumnGrade
from hutong.catalog.types import Kind
from hutong.docking.models import Batch, Conflict, Progress
from hutong.kernel.settings import home
from hutong.lake import api as lake
from hutong.lake.types import Column, ColumnType, Contract
from hutong.ledger.types import Rule
from tests.browser.conftest import Faults, overflow, photograph, visit
from tests.catalog.entries import BODIES, DATASET, DUTY, SYSTEM, client, fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opens = Callable[..., Page]
Examines = Callable[[Page], None]
PEERS = """
name = "district"
organisation = "eco"
[peers.city]
url = "https://catalog.example"
level = "city"
organisation = "urn:hutong:city:organisation:data"
key = "x"
log = "x"
"""


@pytest.fixture
def filled() -> None:
    """A catalog with a lock, a proposal, a suggestion, and a peer with a conflict."""
    fill("staff", "money")
    lake.define(Contract("air-hourly", (Column("pm25", ColumnType.FLOAT),)))
    rule = Rule(("eco", "staff", "money"), 2, ("catalog.",), "三定规定")
    locking.cosign(locking.lock(DUTY, rule), "staff")
    editing.write(
        Kind.DUTY, DUTY, {**BODIES[DUTY], "title": {"zh": "监测大气", "en": "Air"}}, expected=1, reason="更名"
    )
    counts = {"rows": 60, "values": 60, "distinct": 60, "matched": 58, "by_name": True}
    ColumnGrade.objects.create(
        table="air-hourly", column="pm25", found="mobile", grade="general-3", confidence=0.97, evidence=counts
    )
    (home() / "peers.toml").write_text(PEERS)
    counted = {"only_here": 2, "only_there": 0, "differ": 1}
    report = {
        "counts": counted,
        "only_here": [DUTY],
        "differ": [DATASET],
        "here": 3,
        "there": 1,
        "requests": 2,
    }
    Progress.objects.create(peer="city", report=report)
    Batch.objects.create(
        peer="city", direction="sent", sha256="ab" * 32, items=[[DUTY, 1, "added", "cd" * 32]], start=0, end=1,
        entry=store.entry(DUTY).log_entry, proof={"format": "x"},
    )  # fmt: skip
    Conflict.objects.create(
        peer="city",
        urn=DATASET,
        ours="a",
        theirs="b",
        body=BODIES[DATASET],
        rule="manual",
        why="双方均有修改",
    )


def _as(page: Page, role: Role) -> Page:
    """Sign the page's reader in."""
    key = settings.SESSION_COOKIE_NAME
    value = client("li", role).cookies[key].value
    address = page.evaluate("location.origin")
    page.context.add_cookies([{"name": key, "value": value, "url": address}])
    return page


@pytest.mark.parametrize(
    ("size", "language", "scheme"),
    [("phone", "zh-hans", "light"), ("laptop", "en", "dark"), ("wall", "zh-hans", "light")],
)
@pytest.mark.usefixtures("filled")
def test_the_pages_fit_and_are_accessible(
    size: str, language: str, scheme: str, page_at: Opens, axe: Examines
) -> None:
    page = _as(page_at(size, "/catalog/systems", language=language, scheme=scheme), Role.DATA_OFFICE)
    for path in (
        "/catalog",
        "/catalog/closure",
        "/catalog/grading",
        "/catalog/grading?table=air-hourly",
        "/catalog/proposals",
        "/catalog/import",
        f"/catalog/edit/{DUTY}",
        f"/catalog/edit/{DATASET}",
        f"/catalog/retire/{DATASET}",
        f"/catalog/versions/{DATASET.replace(':dataset:', ':table:')}",
        f"/catalog/versions/{DATASET}",
        "/catalog/duties/eco/air",
        "/catalog/docking",
        "/catalog/docking/city",
    ):
        answer = visit(page, path)
        assert answer is not None
        assert answer.status == 200, path
        photograph(page, f"{path.strip('/').replace('/', '-')}-{size}-{language}-{scheme}")
        axe(page)
        assert overflow(page) == 0, path


@pytest.mark.usefixtures("filled")
def test_every_other_section_is_accessible(page_at: Opens, axe: Examines) -> None:
    lake.define(Contract("callers", (Column("phone", ColumnType.TEXT),)))
    page = _as(page_at("phone", "/catalog/systems", language="en"), Role.DATA_OFFICE)
    for path in (
        "/catalog?q=air",
        "/catalog/systems",
        "/catalog/news",
        "/catalog/new",
        "/catalog/new/duty",
        "/catalog/new/dataset?table=callers",
        "/catalog/new/system",
        f"/catalog/edit/{SYSTEM}",
        "/catalog/datasets/air-hourly",
        "/catalog/datasets/air-hourly/columns",
        "/catalog/datasets/air-hourly/quality",
        "/catalog/datasets/air-hourly/snapshots",
        "/catalog/datasets/air-hourly/lineage",
        "/catalog/datasets/air-hourly/history",
    ):
        answer = page.goto(path, wait_until="domcontentloaded")
        assert answer is not None
        assert answer.status == 200, path
        axe(page)
        assert overflow(page) == 0, path


@pytest.mark.usefixtures("filled")
def test_a_dataset_is_written_mended_and_stands_in_the_catalog(
    page_at: Opens, axe: Examines, faults: Faults
) -> None:
    faults.allowed = ("422",)
    page = _as(page_at("laptop", "/catalog/systems", language="en"), Role.STEWARD)
    page.goto("/catalog/new/dataset")
    page.get_by_label("Title in English", exact=False).first.fill("Noise by night")
    page.get_by_label("new row 1: Name").fill("db")
    page.get_by_role("button", name="Write it into the catalog").click()
    expect(page.get_by_role("alert")).to_contain_text("have to be mended")
    photograph(page, "catalog-new-dataset-faults")
    axe(page)
    page.locator("[name='title.zh']").fill("夜间噪声")
    page.locator("[name='summary.zh']").fill("三十个点位")
    page.locator("[name='column-0-title.zh']").fill("分贝")
    for name, value in {
        "duty": "eco/air", "grade": "general-1", "update": "daily",
        "sharing.kind": "unconditional", "opening.kind": "open",
    }.items():  # fmt: skip
        page.locator(f"select[name='{name}']").select_option(value)
    page.get_by_role("button", name="Write it into the catalog").click()
    expect(page.get_by_role("heading", name="Noise by night")).to_be_visible()
    assert store.find(Kind.DATASET, "noise-by-night").grade == "general-1"
    page.goto("/catalog/new")
    expect(page.get_by_text("What cannot be written yet is kept here by itself")).to_be_visible()


@pytest.mark.usefixtures("filled")
def test_a_workbook_is_handed_in_looked_at_and_written(page_at: Opens, axe: Examines) -> None:
    page = _as(page_at("laptop", "/catalog/systems", language="en"), Role.STEWARD)
    book = openpyxl.load_workbook(io.BytesIO(workbook.write(store.entries(Kind.DATASET))))
    sheet = book["数据 datasets"]
    column = [cell.value for cell in sheet[1]].index("update") + 1
    sheet.cell(3, column).value = "daily"
    target = io.BytesIO()
    book.save(target)
    page.goto("/catalog/import")
    file = {"name": "catalog.xlsx", "mimeType": "application/octet-stream", "buffer": target.getvalue()}
    page.get_by_label("Workbook").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Show the differences").click()
    expect(page.get_by_role("cell", name="daily")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Write what is ticked").click()
    expect(page.get_by_role("heading", name="The workbook is written")).to_be_visible()
    axe(page)
    assert store.entry(DATASET).update == "daily"
