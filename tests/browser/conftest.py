"""Pages in a real browser: three screens, both languages, accessibility, and nothing refused or thrown.

``page_at("phone")`` opens a page at a size; when the test ends, anything the page threw, logged as an error or
had refused by the content policy fails it. ``axe(page)`` fails on a serious or critical violation. With
``HUTONG_SCREENSHOTS`` set to a folder every page is photographed there.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

import pytest
from django.test.testcases import LiveServerThread
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from hutong.ui import vendor

SIZES: Final = {"phone": (390, 844), "laptop": (1366, 768), "wall": (1920, 1080), "wall-4k": (3840, 2160)}
# Debian's shell is the same Chromium without windows: a new context costs it a quarter of the work.
CHROMIUM: Final = (
    os.environ.get("HUTONG_CHROMIUM")
    or shutil.which("chromium-headless-shell")
    or shutil.which("chromium")
    or ""
)
ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
]
SCREENSHOTS: Final = os.environ.get("HUTONG_SCREENSHOTS", "")

# How long a page may take on a busy machine. What is expected of it is expected all the same.
PATIENCE: Final = 30_000
expect.set_options(timeout=PATIENCE)

# Playwright's loop lives in this thread; Django's guard against asynchronous use would take it for ours.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine (set HUTONG_CHROMIUM to its path)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def site(live_server: LiveServerThread) -> str:
    """The address of a server of this project, on loopback, over an empty database."""
    return str(live_server.url)


class Underway:
    """The requests of a page that have no answer yet, and how many it has made."""

    def __init__(self, page: Page) -> None:
        self.made = 0
        self.open: set[Request] = set()
        page.on("request", self._begin)
        page.on("requestfinished", self._end)
        page.on("requestfailed", self._end)

    def _begin(self, request: Request) -> None:
        self.made += 1
        self.open.add(request)

    def _end(self, request: Request) -> None:
        self.open.discard(request)


underway: WeakKeyDictionary[Page, Underway] = WeakKeyDictionary()
# The bound is there for the headless shell, which now and then never calls back a page that paints nothing more.
IDLE: Final = """() => new Promise(done => requestIdleCallback(() => setTimeout(() => requestIdleCallback(
    () => requestAnimationFrame(() => done()), {timeout: 400}), 30), {timeout: 400}))"""


def settle(page: Page) -> None:
    """Wait until the page has nothing left to do: no request open, none made while it was idle twice in a row.

    The page's own idleness is asked for instead of half a second without requests, which is waiting on a fast
    machine and not enough on a slow one.
    """
    page.wait_for_load_state("load")
    requests = underway[page]
    for _each in range(200):
        made = requests.made
        page.evaluate(IDLE)
        if not requests.open and requests.made == made:
            return
    raise AssertionError(f"the page goes on asking: {[each.url for each in requests.open]}")


def visit(page: Page, path: str) -> Response | None:
    """Open an address and wait until the page has settled."""
    answer = page.goto(path, wait_until="load")
    settle(page)
    return answer


class Faults:
    """What a page did that it should not."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.allowed: tuple[str, ...] = ()

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"thrown: {error}"))
        page.on(
            "requestfailed", lambda request: self.found.append(f"failed: {request.url} {request.failure}")
        )
        underway[page] = Underway(page)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.found.append(f"console: {message.text} ({message.location.get('url', '')})")

    def unexpected(self) -> list[str]:
        aborted = "net::ERR_ABORTED"  # the reader moved on
        return [
            each
            for each in self.found
            if aborted not in each and not any(word in each for word in self.allowed)
        ]


@pytest.fixture
def faults() -> Iterator[Faults]:
    """Errors of the test's pages; ``faults.allowed`` names those the test provokes on purpose."""
    collected = Faults()
    yield collected
    assert collected.unexpected() == []


@pytest.fixture
def page_at(chromium: Browser, site: str, faults: Faults) -> Iterator[Callable[..., Page]]:
    """``page_at(size, path, language="zh-hans", scheme="light", base="")`` gives the opened page."""
    contexts: list[BrowserContext] = []

    def open_page(
        size: str, path: str = "/", *, language: str = "zh-hans", scheme: str = "light", base: str = ""
    ) -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            base_url=base or site,
            has_touch=size == "phone",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(2 * PATIENCE)
        context.add_cookies([{"name": "hutong_language", "value": language, "url": base or site}])
        page = context.new_page()
        faults.watch(page)
        visit(page, path)
        photograph(page, f"{path.strip('/').replace('/', '-') or 'first'}-{size}-{language}-{scheme}")
        return page

    yield open_page
    for context in contexts:
        context.close()


def photograph(page: Page, name: str) -> None:
    """Keep a picture of the page where pictures are asked for."""
    if SCREENSHOTS:
        Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
        safe = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in name)
        page.screenshot(path=str(Path(SCREENSHOTS) / f"{safe[:120]}.png"), full_page=True)


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """``axe(page)`` fails when axe-core finds anything serious or critical."""
    source = vendor.file_of("axe-core/axe.min.js")
    if source is None:
        pytest.skip("axe-core is not installed (npm ci)")
    script = source.read_text("utf8")
    # A rule's impact is that of all it finds: those that can find nothing grave are not asked, a third of the work.
    ask = """() => axe.run(document, {
        resultTypes: ['violations'],
        rules: Object.fromEntries(axe._audit.rules.filter(each => ['minor', 'moderate'].includes(each.impact))
            .map(each => [each.id, {enabled: false}])),
    })"""

    def examine(page: Page) -> None:
        page.evaluate(script)
        result: dict[str, Any] = page.evaluate(ask)
        grave = [
            {"rule": each["id"], "where": [node["html"][:160] for node in each["nodes"][:5]]}
            for each in result["violations"]
            if each["impact"] in {"serious", "critical"}
        ]
        assert grave == [], json.dumps(grave, ensure_ascii=False, indent=1)

    return examine


def overflow(page: Page) -> int:
    """How many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
