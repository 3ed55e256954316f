"""What the public and a steward see of the catalog."""

import pytest
from django.test import Client

from hutong.catalog import following
from hutong.catalog.store import Draft
from hutong.catalog.types import Kind
from hutong.kernel.text import Text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _filled():
    following.put_all(
        Kind.DUTY,
        [Draft("urn:hutong:t:duty:eco/air", Kind.DUTY, "eco/air", Text(zh="监测空气", en="Monitor air"),
               {"id": "air", "basis": [{"title": {"zh": "大气污染防治法"}, "article": "第二十三条"}]}, "eco")],
    )  # fmt: skip
    following.put_all(
        Kind.DATASET,
        [
            Draft(f"urn:hutong:t:dataset:{name}", Kind.DATASET, name, Text(zh=title, en=""), {"id": name},
                  "eco", parent="eco/air", grade="general-1", opening=opening)
            for name, title, opening in (("open-air", "空气开放数据", "open"), ("inner-air", "空气内部数据", "none"))
        ],
    )  # fmt: skip
    following.put_all(
        Kind.SYSTEM,
        [
            Draft(
                "urn:hutong:t:system:net",
                Kind.SYSTEM,
                "net",
                Text(zh="大气监测网络", en="Air network"),
                {"id": "net"},
            )
        ],
    )


def _page(path: str) -> str:
    answer = Client(HTTP_ACCEPT="text/html").get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_public_finds_what_is_open_and_nothing_else():
    page = _page("/catalog?q=空气")
    assert "空气开放数据" in page
    assert "空气内部数据" not in page
    page = _page("/catalog/duties/eco/air")
    assert "大气污染防治法" in page
    assert "空气开放数据" in page
    assert "空气内部数据" not in page


def test_the_register_of_systems_is_open():
    assert "大气监测网络" in _page("/catalog/systems")
    assert "大气监测网络" not in _page("/catalog/systems?q=不存在")


def test_the_public_may_not_open_what_is_not_open():
    answer = Client(HTTP_ACCEPT="application/json").get("/catalog/datasets/inner-air")
    assert answer.status_code == 403
    answer = Client(HTTP_ACCEPT="application/json").get("/api/catalog/entries/urn:hutong:t:dataset:inner-air")
    assert answer.status_code == 403


def test_the_interface_searches_and_shows_versions():
    found = Client().get("/api/catalog/entries", {"q": "空气", "kind": "dataset"}).json()
    assert [each["id"] for each in found["entries"]] == ["open-air"]
    versions = Client().get("/api/catalog/entries/urn:hutong:t:dataset:open-air/versions").json()
    assert [each["change"] for each in versions] == ["added"]


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=99999999999"])
def test_a_page_that_is_none_is_told(query):
    answer = Client(HTTP_ACCEPT="application/json").get(f"/catalog?{query}")
    assert answer.status_code == 422


def test_identifiers_lead_to_their_pages():
    answer = Client().get("/id/urn:hutong:t:dataset:open-air")
    assert (answer.status_code, answer["Location"]) == (303, "/catalog/datasets/open-air")
    assert Client(HTTP_ACCEPT="application/json").get("/id/urn:hutong:t:dataset:none").status_code == 404
