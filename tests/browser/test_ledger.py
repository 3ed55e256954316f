"""The log's pages, and the check a reader's own browser makes."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hutong.ledger import api
from hutong.ledger.types import NewEntry
from hutong.ui import vendor
from tests.browser.conftest import Faults, overflow

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("noble-hashes" in vendor.missing(), reason="npm ci has not been run"),
]
Opens = Callable[..., Page]
Examines = Callable[[Page], None]
SUBJECT = "urn:hutong:beijing-dongcheng:dataset:air"


@pytest.fixture
def entry() -> int:
    """An entry in the middle of a log of 300."""
    new = [NewEntry("test.snapshot", SUBJECT, {"rows": n, "名称": "空气质量"}, "") for n in range(300)]
    return api.append_many(new)[200].id


@pytest.mark.parametrize(
    ("size", "language", "scheme"),
    [("phone", "zh-hans", "light"), ("laptop", "en", "dark"), ("wall", "zh-hans", "light")],
)
def test_the_pages_fit_and_are_accessible(
    size: str, language: str, scheme: str, entry: int, page_at: Opens, axe: Examines
) -> None:
    api.append("test.change", SUBJECT, {"n": 1}, organisation="statistics-bureau")
    for path in (
        "/ledger",
        f"/ledger/entries/{entry}",
        "/ledger/organisations",
        "/ledger/organisations/statistics-bureau",
        "/ledger/witnesses",
        f"/ledger/about?subject={SUBJECT}",
    ):
        page = page_at(size, path, language=language, scheme=scheme)
        axe(page)
        assert overflow(page) == 0


def test_the_browser_verifies_an_entry(entry: int, page_at: Opens, axe: Examines) -> None:
    page = page_at("laptop", f"/ledger/entries/{entry}", language="en")
    button = page.get_by_role("button", name="Verify in my browser")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("✓ Verified in this browser")
    rows = page.locator(".proof-path > li")
    assert rows.count() == len(api.inclusion(entry).hashes) + 3
    assert {row.get_attribute("data-state") for row in rows.all()} == {"good"}
    axe(page)


@pytest.mark.parametrize(
    ("change", "problem", "bad"),
    [
        ({"leaf": "空汽"}, "does not lead to the signed root", "steps"),
        ({"index": 7}, "does not lead to the signed root", "steps"),
        ({"size": 7}, "outside the tree", "root"),
        ({"checkpoint": "late line"}, "signature of the checkpoint does not hold", "signature"),
        ({"hashes": "first"}, "does not lead to the signed root", "steps"),
        ({"verifier": "x+00000000+AA=="}, "verifier key is malformed", "signature"),
    ],
)
def test_the_browser_refuses_what_was_tampered_with(
    change: dict[str, object], problem: str, bad: str, entry: int, page_at: Opens
) -> None:
    page = page_at("laptop", f"/ledger/entries/{entry}", language="en")
    evidence = json.loads(page.text_content("#evidence") or "")
    match change:
        case {"leaf": str(text)}:
            change = {"leaf": evidence["leaf"].replace("空气", text)}
        case {"checkpoint": str(line)}:
            change = {"checkpoint": evidence["checkpoint"].replace("\n\n", f"\n{line}\n\n")}
        case {"hashes": "first"}:
            change = {"hashes": [evidence["hashes"][1], *evidence["hashes"][1:]]}
    page.evaluate(
        "value => { document.getElementById('evidence').textContent = value }",
        json.dumps({**evidence, **change}),
    )
    page.get_by_role("button", name="Verify in my browser").click()
    expect(page.get_by_role("status")).to_contain_text("✗ Not verified:")
    expect(page.get_by_role("status")).to_contain_text(problem)
    row = {"steps": "[data-step]", "root": "[data-root]", "signature": "[data-signature]"}[bad]
    assert page.locator(f".proof-path > {row}[data-state=bad]").count() >= 1


def test_the_module_agrees_with_ours_on_every_leaf(page_at: Opens, faults: Faults) -> None:
    """verifyInclusion as the cockpit calls it, over logs of many shapes."""
    refs = api.append_many([NewEntry("k", SUBJECT, {"n": n}, "") for n in range(13)])
    page = page_at("laptop", "/ledger")
    check = """async evidence => {
        const { verifyInclusion } = await import("/static/ledger/verify.mjs");
        const found = verifyInclusion({
            payloadBytes: new TextEncoder().encode(evidence.leaf), index: evidence.index, size: evidence.size,
            hashes: evidence.hashes, checkpointText: evidence.checkpoint, verifierKey: evidence.verifier,
        });
        return [found.ok, found.problem];
    }"""
    for ref in refs:
        assert page.evaluate(check, api.evidence(ref.id)) == [True, ""]
        forged = {**api.evidence(ref.id), "leaf": "{}"}
        assert page.evaluate(check, forged) == [False, "root differs"]


def test_the_log_is_searched_by_kind(entry: int, page_at: Opens) -> None:
    api.append("test.change", "urn:hutong:beijing-dongcheng:dataset:firms", {})
    page = page_at("laptop", "/ledger?kind=test.change", language="en")
    assert page.locator("table tbody tr").filter(has_text="firms").count() >= 1
    page.locator("table a", has_text="#").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Entry")
