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
from hutong.exchange.types import ContractRef
from hutong.kernel import jobs
from hutong.kernel.models import JobRun
from hutong.kernel.text import Text
from hutong.privacy import api as privacy
from hutong.privacy import inputs, joint, party
from hutong.privacy.errors import OtherAbsent
from hutong.privacy.models import MatchRow, StartRow
from tests.browser.conftest import Faults, overflow, photograph, visit
from tests.installed import install
from tests.privacy.conftest import CONSUMER, PROVIDER, fill, make_contract, person, question
from tests.privacy.test_joint import SUMMED, asked, files

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opens = Callable[..., Page]
Examines = Callable[[Page], None]


def answered(job: dict[str, Any]) -> party.Ended:
    told = {"count": 250 + job["noise"][0], "sum": 9000 + job["noise"][1]} if job["value"] else {}
    return party.Ended(mine=1000, common=500 if told else 9, match_ms=5, sum_ms=7, **told)


def gone(_job: dict[str, Any], _seconds: int, _watch: party.Watch) -> party.Ended:
    raise OtherAbsent(address="127.0.0.1:1", seconds=3)


def both_sides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, contract: ContractRef) -> None:
    """A sum that both sides ran, one that broke off, and one with nothing told, without the engine."""

    monkeypatch.setattr(party, "python", lambda: "python")
    monkeypatch.setattr(party, "run", lambda job, _seconds, _watch: answered(job))
    sides = tuple(zip((PROVIDER, CONSUMER), files(tmp_path), strict=True))
    for who, file in sides:
        joint.match(person(who), who, asked(contract, file, "services-2026-q1", **SUMMED))
    joint.match(person(CONSUMER), CONSUMER, asked(contract, sides[1][1], "overlap"))
    monkeypatch.setattr(party, "run", gone)
    with pytest.raises(OtherAbsent):
        joint.match(person(PROVIDER), PROVIDER, asked(contract, sides[0][1], "services-2026-q2", **SUMMED))


def sign_in(page: Page, site: str, role: Role, organisation: str) -> None:
    people.add("someone", Text("高扬", "Gao Yang"), role, organisation)
    client = Client()
    client.force_login(people.find("someone"), backend="hutong.accounts.backend.PersonBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])


@pytest.mark.parametrize(
    ("size", "language", "scheme", "who"),
    [
        ("phone", "en", "light", CONSUMER),
        ("laptop", "zh-hans", "light", PROVIDER),
        ("wall", "en", "dark", CONSUMER),
    ],
)
def test_joint_runs_are_shown_to_each_side(
    db: Any, page_at: Opens, site: str, axe: Examines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    size: str, language: str, scheme: str, who: str,
) -> None:  # fmt: skip
    install()
    fill(tmp_path)
    contract = make_contract()
    both_sides(monkeypatch, tmp_path, contract)
    page = page_at(size, "/account/login", language=language, scheme=scheme)
    sign_in(page, site, Role.STEWARD, who)
    for place in ("/exchange/private", f"/exchange/private/{contract.id}"):
        visit(page, place)
        assert overflow(page) <= 0
        axe(page)
        photograph(page, f"joint{place.replace('/', '-')}-{size}-{language}")
        runs = page.locator("#matches tbody tr")
        assert runs.count() == 4
        said = page.locator("#matches").inner_text()
        assert said.count("±") == 2, "count and sum of its own side alone"
        assert ("the other side did not come" if language == "en" else "对方未到") in said


@pytest.mark.parametrize(
    ("size", "language", "scheme"),
    [("phone", "zh-hans", "light"), ("laptop", "en", "dark"), ("laptop", "zh-hans", "light")],
)
def test_the_pages_fit_and_are_accessible(
    db: Any, page_at: Opens, site: str, axe: Examines, faults: Faults, tmp_path: Path, size: str, language: str,
    scheme: str,
) -> None:  # fmt: skip
    install()
    fill(tmp_path)
    contract = make_contract().id
    privacy.ask(person(CONSUMER), contract, question())
    page = page_at(size, "/account/login", language=language, scheme=scheme)
    sign_in(page, site, Role.STEWARD, CONSUMER)
    for place in ("/exchange/private", f"/exchange/private/{contract}"):
        visit(page, place)
        assert overflow(page) <= 0
        axe(page)
        photograph(page, f"privacy{place.replace('/', '-')}-{size}-{language}")
    page.fill("[name=epsilon]", "0.25")
    page.click("button[value=estimate]")
    expect(page.locator(".notice")).to_contain_text("±")
    axe(page)
    photograph(page, f"privacy-told-{size}-{language}")
    faults.allowed = ("422",)
    page.fill("[name=where]", "gender")
    page.click("button[value=ask]")
    expect(page.locator("#field-where-error")).to_be_visible()
    axe(page)
    photograph(page, f"privacy-refused-{size}-{language}")


@pytest.mark.parametrize(
    ("size", "language", "scheme", "who"),
    [
        ("phone", "zh-hans", "light", CONSUMER),
        ("laptop", "en", "dark", PROVIDER),
        ("wall", "zh-hans", "light", CONSUMER),
    ],
)
def test_a_side_is_written_down_started_and_comes_to_its_end(
    db: Any, page_at: Opens, site: str, axe: Examines, faults: Faults, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, size: str, language: str, scheme: str, who: str,
) -> None:  # fmt: skip
    install()
    fill(tmp_path)
    contract = make_contract()
    both_sides(monkeypatch, tmp_path, contract)
    monkeypatch.undo()
    page = page_at(size, "/account/login", language=language, scheme=scheme)
    sign_in(page, site, Role.STEWARD, who)
    form = f"/exchange/private/{contract.id}/run"

    def look(name: str) -> None:
        assert overflow(page) <= 0
        axe(page)
        photograph(page, f"side-{name}-{size}-{language}")

    monkeypatch.setenv("HUTONG_SPU_PYTHON", "")
    visit(page, form)
    assert "make setup-spu" in page.inner_text("main")
    look("no-engine")
    monkeypatch.setattr(party, "python", lambda: "python")
    visit(page, form)
    page.select_option("[name=source]", "file")
    expect(page.locator("[name=file]")).to_be_visible()
    expect(page.locator("[name=where]")).to_be_hidden()
    page.fill("[name=run]", "2026-q3")
    page.set_input_files("[name=file]", files(tmp_path)[0])
    page.fill("[name=value]", "v")
    page.fill("[name=epsilon]", "0.4")
    page.fill("[name=key]", "none")
    faults.allowed = ("422",)
    page.click("button[value=start]")
    expect(page.locator("#field-key-error")).to_be_visible()
    look("refused")
    page.set_input_files("[name=file]", files(tmp_path)[0])
    page.fill("[name=key]", "k")
    page.click("button[value=start]")
    expect(page.locator("#progress")).to_be_visible()
    look("waiting")
    run = JobRun.objects.get()
    monkeypatch.setattr(party, "run", lambda job, _seconds, _watch: answered(job))
    jobs.perform(run.id, run.name, run.arguments)
    expect(page.locator("main")).to_contain_text("±")  # it looks again by itself
    look("done")
    monkeypatch.setattr(party, "run", gone)
    StartRow.objects.update(state="asked")
    MatchRow.objects.filter(run="2026-q3").update(state="failed")
    inputs.place(StartRow.objects.get().pk).write_bytes(files(tmp_path)[0].read_bytes())
    jobs.perform(run.id, run.name, run.arguments)
    visit(page, page.url)
    expect(page.locator("button[value=start]")).to_be_visible()
    look("absent")
