"""Every address that can be read × every role: who gets in is what the policy says, neither more nor less."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from hutong.accounts.api import ANONYMOUS, Actor, Role, Target
from hutong.accounts.logic import policy
from hutong.packs import api as packs

pytestmark = pytest.mark.timeout(240)
SignIn = Callable[[str], httpx.Client]
PEOPLE = {
    Role.PUBLIC: "",
    Role.STEWARD: "gao.yang",
    Role.DATA_OFFICE: "zhou.min",
    Role.LEADER: "lin.zhiyuan",
    Role.OPERATOR: "ma.qiang",
    Role.AUDITOR: "song.yu",
    Role.ADMINISTRATOR: "tang.wei",
    Role.SECURITY: "sun.jing",
    Role.DEVELOPER: "wu.fan",
}
BUREAU = "statistics-bureau"  # where the steward works
# What only takes forms, or is part of signing in.
NOT_READ = {
    "account/demo",
    "account/logout",
    "account/sessions/end",
    "language",
    "theme",
    "people/<str:login>/<slug:verb>",
    "plan/import/<int:document>/accept",
    "plan/import/<int:document>/publish",
    "plan/import/<int:document>/items/<int:item>",
    "ledger/tile/<path:rest>",
    "api/indicators/<indicator>/again",
    "api/",
    "plan/import/jobs/<str:job>",  # only while a large document is read
    "catalog/grading/decide",
    "catalog/new/hand",
    "api/catalog/entries/<path:urn>/retire",
    "catalog/drafts/<slug:name>/discard",
    "catalog/proposals/answer",
    "catalog/import/<slug:name>",
    "api/docking/<verb>",  # signed questions of a peer; tests/docking asks them
    "api/portal/datasets/<name>/rows",  # of published editions; tests/portal asks for them
}
# Not walked here, for whose request, contract or subscription it is decides, or a peer has to be set up.
APART = (
    "exchange/board", "exchange/requests/", "exchange/contracts/", "exchange/files/", "exchange/issues/",
    "exchange/private/", "exchange/links/", "api/exchange/links/",
    "api/exchange/board", "api/exchange/requests/", "api/exchange/contracts/",
    "api/exchange/files/", "api/exchange/issues/", "api/privacy/",
    "market/desk/", "market/subscriptions/", "market/modules/<slug:name>/subscribe", "api/market/subscriptions",
    "api/market/modules/<name>/", "market/modules/<slug:name>/models/",
    "posture/alerts/", "posture/findings/", "posture/audit/export",
    "api/posture/alerts/", "api/posture/findings/", "catalog/docking/", "datastore/", "open/<slug:name>/files/",
)  # fmt: skip
EVERYTHING = Target(public=True)  # a list that shows whoever asks what they may see of it
OPENED = Target(kind="opened", public=True, grade="general-1")
INSIDE = Target(kind="inside")
DAY = "2024-01-31"


@dataclass(frozen=True)
class Place:
    """An address, the action it asks for and the thing it shows; ``None``: nothing in particular."""

    path: str
    action: str
    target: Target | None = None


def table(name: str) -> Target:
    """A dataset as the district's pack grades it."""
    item = packs.load("beijing-dongcheng").find("datasets", name)
    assert item is not None
    return Target(item.value.provider, item.value.grade, "dataset", public=item.value.opening.kind == "open")


def places(found: dict[str, str]) -> list[Place]:
    """One address of every kind, more where grade, owner or openness decide."""
    closed, own, opened = table("elders"), table("key-firm-monthly"), table("air-stations")
    assert own.organisation == BUREAU != closed.organisation
    assert opened.public
    assert not own.public
    datasets = {"elders": closed, "key-firm-monthly": own, "air-stations": opened}
    sides = [("", "catalog.view"), ("/history", "catalog.view"), ("/sample", "lake.sample")]
    sides += [(f"/{each}", "lake.view") for each in ("columns", "quality", "snapshots", "lineage")]
    rows = [Place(f"/catalog/datasets/key-firm-monthly{side}", action, own) for side, action in sides]
    for name, about in datasets.items():
        report = found[f"load of {name}"]
        rows += [
            Place(f"/catalog/datasets/{name}", "catalog.view", about),
            Place(f"/catalog/datasets/{name}/sample", "lake.sample", about),
            Place(f"/catalog/datasets/{name}/columns", "lake.view", about),
            Place(f"/lake/{name}", "lake.view", about),
            Place(f"/lake/{name}/1", "lake.view", about),
            Place(f"/lake/load?table={name}", "lake.load", about),
            Place(f"/lake/loads/{report}", "lake.view", about),
            Place(f"/lake/loads/{report}/quarantine.csv", "lake.quarantine", about),
            Place(f"/api/lake/tables/{name}/snapshots", "lake.view", about),
            Place(f"/api/lake/loads/{report}", "lake.view", about),
            Place(f"/api/lake/loads/{report}/quarantine", "lake.quarantine", about),
            Place(f"/api/lake/snapshots/urn:hutong:beijing-dongcheng:snapshot:{name}.1/quality", "lake.view", about),
            Place(f"/catalog/versions/urn:hutong:beijing-dongcheng:dataset:{name}", "catalog.view", about),
            Place(f"/catalog/versions/urn:hutong:beijing-dongcheng:table:{name}", "catalog.view", about),
            Place(f"/catalog/edit/urn:hutong:beijing-dongcheng:dataset:{name}", "catalog.edit", about),
            Place(f"/catalog/retire/urn:hutong:beijing-dongcheng:dataset:{name}", "catalog.edit", about),
            Place(f"/api/catalog/entries/urn:hutong:beijing-dongcheng:dataset:{name}", "catalog.view", about),
            Place(f"/api/catalog/entries/urn:hutong:beijing-dongcheng:dataset:{name}/versions", "catalog.view", about),
        ]  # fmt: skip
    for name, about in {"gdp": EVERYTHING, "hotline-orders": INSIDE}.items():
        rows += [
            Place(f"/figures/{name}", "figure.view", about),
            Place(f"/figures/{name}/{DAY}", "figure.view", about),
            *(
                Place(f"/api/indicators/{name}{tail}", "figure.view", about)
                for tail in ("", "/figure", "/walk", "/values", "/parts/subdistrict")
            ),
        ]
    rows += [  # all values of what counts people hold small counts, so they are for whoever may see the rows
        Place("/api/indicators/infectious-cases/values", "lake.sample_clear", table("infectious-daily")),
    ]
    plan = "/plan/science-2021-2025"
    return [
        *rows,
        Place("/healthz", "site.open"),
        Place("/readyz", "site.open"),
        Place("/metrics", "site.open"),  # to this machine only; a scraper has no account
        Place("/id/urn:hutong:beijing-dongcheng:dataset:elders", "site.open"),
        Place("/account/login", "site.open"),
        Place("/", "account.own"),  # people from outside are led to their first place
        Place("/cockpit/city", "cockpit.view", INSIDE),
        Place(f"/figures/gdp/{DAY}/rows.csv", "figure.view", EVERYTHING),
        Place("/plan", "plan.view", EVERYTHING),
        Place(plan, "plan.view", EVERYTHING),
        Place(f"{plan}/report.docx", "plan.view", INSIDE),
        Place(f"{plan}/report.xlsx", "plan.view", INSIDE),
        Place(found["task"], "plan.view", INSIDE),
        Place("/plan/import", "plan.review", INSIDE),
        Place(found["document"], "plan.review", INSIDE),
        Place("/map", "map.view", OPENED),
        Place("/map?measure=gdp", "map.view", OPENED),
        Place("/map/search?q=东", "map.view", OPENED),
        Place("/map/layers/subdistricts.geojson", "map.view", table("subdistricts")),
        Place(found["feature"], "map.view", table("subdistricts")),
        Place("/map/measures/building-occupancy", "figure.view", INSIDE),
        Place("/catalog", "catalog.view", EVERYTHING),
        Place("/catalog?q=企业", "catalog.view", EVERYTHING),
        Place("/catalog/systems", "catalog.view", EVERYTHING),
        Place(found["duty"], "catalog.view", EVERYTHING),
        Place("/catalog/closure", "catalog.view", INSIDE),
        Place("/catalog/news", "catalog.view", INSIDE),
        Place("/catalog/new", "catalog.edit"),
        Place("/catalog/new/duty", "catalog.edit"),
        Place("/catalog/new/dataset", "catalog.edit"),
        Place("/catalog/new/system", "catalog.edit"),
        Place("/catalog/grading", "catalog.grade"),
        Place("/catalog/proposals", "catalog.cosign"),
        Place("/catalog/import", "catalog.edit"),
        Place("/catalog/export.xlsx", "catalog.edit"),
        Place("/catalog/docking", "catalog.dock", INSIDE),
        Place("/api/catalog/closure", "catalog.view", INSIDE),
        Place("/api/catalog/news", "catalog.view", INSIDE),
        Place("/api/catalog/unclaimed", "catalog.edit"),
        Place("/api/catalog/unclaimed/household-spending", "catalog.edit"),  # handed to the steward's bureau
        Place("/api/catalog/unclaimed/car-parks", "catalog.hand"),  # to nobody
        Place("/api/catalog/entries", "catalog.view", EVERYTHING),
        Place("/lake", "lake.view", EVERYTHING),
        Place("/api/lake/tables", "lake.view", EVERYTHING),
        Place("/lake/load", "lake.load"),
        Place(found["job"], "lake.load", own),
        Place("/api/indicators/", "figure.view", EVERYTHING),
        Place("/ledger", "ledger.view"),
        Place("/ledger/entries/5", "ledger.view"),
        Place("/ledger/checkpoint", "ledger.view"),
        Place("/ledger/verifier", "ledger.view"),
        Place("/ledger/checkpoint/pending", "ledger.view"),
        Place("/ledger/policy", "ledger.view"),
        Place("/api/3/action/status_show", "portal.view"),
        Place("/api/action/status_show", "portal.view"),
        Place("/ledger/organisations", "ledger.view"),
        Place(f"/ledger/organisations/{BUREAU}", "ledger.view"),
        Place("/ledger/witnesses", "ledger.view"),
        Place("/ledger/about", "ledger.view"),
        Place(
            "/ledger/about/evidence.json?subject=urn:hutong:beijing-dongcheng:dataset:elders", "ledger.view"
        ),
        Place("/api/ledger/about?subject=urn:hutong:beijing-dongcheng:dataset:elders", "ledger.view"),
        Place("/api/ledger/witnesses", "ledger.view"),
        Place("/posture", "posture.view"),
        Place("/posture/datasets", "posture.view"),
        Place("/posture/datasets/elders", "posture.view"),
        Place("/posture/systems/big-data-platform", "posture.view"),
        Place("/posture/alerts", "posture.view"),
        Place("/posture/findings", "posture.view"),
        Place("/posture/audit", "audit.view"),
        Place("/api/posture", "posture.view"),
        Place("/api/posture/datasets", "posture.view"),
        Place("/api/posture/datasets/elders", "posture.view"),
        Place("/api/posture/systems", "posture.view"),
        Place("/api/posture/alerts", "posture.view"),
        Place("/api/posture/findings", "posture.view"),
        Place("/operations", "jobs.view"),
        Place("/open", "portal.view"),
        Place("/open/plan", "portal.view"),
        Place("/open/terms", "portal.view"),
        Place("/open/letters", "portal.ask"),
        Place("/open/desk", "portal.answer"),
        *(
            Place(f"/open/air-stations{side}", "portal.view")
            for side in ("", "/metadata", "/api", "/quality")
        ),
        Place("/sitemap.xml", "portal.view"),
        Place("/robots.txt", "site.open"),
        *(Place(f"/dcat/{each}", "portal.view") for each in ("catalog.ttl", "catalog.jsonld")),
        *(Place(f"/dcat/air-stations.{kind}", "portal.view") for kind in ("ttl", "jsonld")),
        Place("/market", "market.view"),
        Place("/market/modules/uscc-check", "market.view"),
        Place("/market/modules/uscc-check/try", "market.try"),
        Place("/market/modules/petition-triage/models", "market.train"),
        Place("/market/mine", "market.subscribe"),
        Place("/market/desk", "market.keep"),
        Place("/api/market/modules", "market.view"),
        Place("/api/market/modules/uscc-check", "market.view"),
        Place("/api/market/modules/petition-triage/models", "market.train"),
        Place("/exchange", "exchange.view"),
        Place("/exchange/new?dataset=safety-inspections", "exchange.request"),
        Place("/exchange/private", "privacy.view"),
        Place("/api/exchange/requests", "exchange.view"),
        Place("/api/exchange/contracts", "exchange.view"),
        Place("/api/exchange/issues", "exchange.view"),
        Place("/api/exchange/links", "exchange.view"),
        Place("/exchange/links/new", "exchange.request"),
        Place("/api/ledger/checkpoint", "ledger.view"),
        Place("/api/ledger/entries", "ledger.view"),
        Place("/api/ledger/entries/5", "ledger.view"),
        Place("/api/ledger/entries/5/proof", "ledger.view"),
        Place("/api/ledger/consistency?size1=3&size2=9", "ledger.view"),
        Place("/account", "account.own"),
        Place("/account/password", "account.own"),
        Place("/account/sessions", "account.own"),
        Place("/permissions", "account.own"),
        Place("/people", "people.manage"),
        Place("/people/new", "people.manage"),
        Place("/people/gao.yang", "people.manage"),
        Place("/organisations", "organisation.view"),
        Place(f"/organisations/{BUREAU}", "organisation.view"),
        Place("/audit", "audit.view"),
        Place("/audit.csv", "audit.view"),
        Place("/audit.ndjson", "audit.view"),
        Place("/ui", "site.open"),  # the demonstration shows it to all
        Place("/ui/table", "site.open"),
        Place("/api/docs", "api.docs"),
        Place("/api/openapi.json", "api.docs"),
    ]


@pytest.fixture(scope="session")
def found(address: str) -> dict[str, str]:
    """Addresses that only a running district can tell."""
    with httpx.Client(base_url=address, headers={"Accept": "text/html"}, timeout=30) as office:
        page = office.get("/account/login")
        office.post(
            "/account/demo", data={**_token(page), "person": "zhou.min"}, headers={"Referer": str(page.url)}
        )
        form = office.get("/plan/import")
        text = "示例区规划（2021—2025年）\n一、总体\n（一）目标\n到2025年，研发人员达到100人。\n"
        answer = office.post(
            "/plan/import", data=_token(form), files={"file": ("plan.txt", text.encode())},
            headers={"Referer": str(form.url)},
        )  # fmt: skip
        reading = document = answer.headers["location"]
        until = time.monotonic() + 60
        while "/jobs/" in document and time.monotonic() < until:
            time.sleep(0.2)
            document = office.get(reading).headers.get("location", reading)
        form = office.get("/lake/load")
        job = office.post(
            "/lake/load", data={**_token(form), "table": "key-firm-monthly", "mode": "upsert"},
            files={"file": ("none.csv", b"nothing\n1\n")}, headers={"Referer": str(form.url)},
        )  # fmt: skip
        tables = {
            name: re.findall(r"/lake/loads/(\w+)", office.get(f"/lake/{name}").text)[-1]
            for name in ("elders", "key-firm-monthly", "air-stations")
        }
        plan = office.get("/plan/science-2021-2025").text
        catalog = office.get("/catalog").text
        feature = office.get("/map/layers/subdistricts.geojson").json()["features"][0]
    task = re.search(r'"(/plan/[^"]+/tasks/[^"]+)"', plan)
    duty = re.search(r'"(/catalog/duties/[^"]+)"', catalog)
    assert task
    assert duty
    return {
        "document": document,
        "job": job.headers["location"],
        "task": task[1],
        "duty": duty[1],
        "feature": f"/map/layers/subdistricts/features/{feature['id']}",
        **{f"load of {name}": each for name, each in tables.items()},
    }


def _token(page: httpx.Response) -> dict[str, str]:
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token
    return {"csrfmiddlewaretoken": token[1]}


def _actor(role: Role) -> Actor:
    if role is Role.PUBLIC:
        return ANONYMOUS
    reach = frozenset({(role.value, BUREAU)})
    return Actor(role.value, roles=frozenset({"public", role.value}), is_authenticated=True, reach=reach)


@pytest.mark.parametrize("role", list(PEOPLE), ids=lambda role: role.value)
def test_whoever_the_policy_lets_in_gets_in_and_no_one_else(
    role: Role, found: dict[str, str], address: str, as_person: SignIn
):
    anyone = httpx.Client(base_url=address, headers={"Accept": "text/html"}, timeout=30)
    client = as_person(PEOPLE[role]) if PEOPLE[role] else anyone
    wrong = []
    for place in places(found):
        expected = bool(policy.decide(_actor(role), place.action, place.target))
        answer = client.get(place.path, follow_redirects=False)
        led_away = "/account/login" in answer.headers.get("location", "")
        if answer.status_code not in {200, 302, 303, 403} or expected != (
            answer.status_code != 403 and not led_away
        ):
            wrong.append(
                (place.path, answer.status_code, "expected to get in" if expected else "to be refused")
            )
        elif not expected and role is Role.PUBLIC and not place.path.startswith("/api/"):
            assert led_away, f"{place.path}: the public is told to sign in"
    anyone.close()
    assert wrong == []


def test_no_address_is_left_out(found: dict[str, str]):
    seen = {place.path.partition("?")[0].lstrip("/") for place in places(found)}
    patterns = {
        route: pattern
        for route, pattern in _routes(get_resolver().url_patterns)
        if route not in NOT_READ and not route.startswith(APART)
    }
    unseen = [
        route for route, pattern in patterns.items()
        if not any(re.fullmatch(_as_expression(route), path) for path in seen)
    ]  # fmt: skip
    assert unseen == []


def _routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route, each
        elif route != "admin/":  # Django's own, for administrators; tests/accounts looks at it
            yield from _routes(each.url_patterns, route)


def _as_expression(route: str) -> str:
    parts = re.split(r"<(?:\w+:)?\w+>", route)
    return ".+".join(re.escape(each) for each in parts)
