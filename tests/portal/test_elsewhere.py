"""What is registered through the interface is found from the catalog, and says that it is kept elsewhere."""

import pytest
from django.test import Client

from hutong.portal import index, shelf
from hutong.portal.ckan import writing
from tests.portal.test_ckan import OFFICE, office, outside  # noqa: F401 - the data office's people

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def seven(office):  # noqa: F811 - the fixture of that name
    index.register_many([writing.draft(outside(f"metro-{number}"), None) for number in range(7)])
    index.register_many([writing.draft(outside("hidden", private=True, title="秘密地铁"), None)])
    shelf.forget()


def page(path: str) -> str:
    answer = Client(headers={"accept": "text/html"}).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def beside(query: str) -> list[dict]:
    return Client().get(f"/api/catalog/entries?{query}").json()["beside"]


def test_the_catalog_finds_what_is_registered(seven):
    text = page("/catalog?q=地铁")
    assert "外部数据 metro-" in text
    assert "查看全部 7 个" in text
    assert "秘密" not in text
    assert "/open?origin=registered&amp;q=%E5%9C%B0%E9%93%81" in text
    assert "外部数据 metro-" in page("/open?origin=registered&q=地铁")
    assert "文化场所" not in page("/open?origin=registered")
    assert "外部数据 metro-" in page("/catalog")


def test_programs_find_it_too(seven):
    (found,) = beside("q=地铁")
    assert (found["total"], len(found["items"])) == (7, 5)
    assert found["items"][0]["organisation"] == OFFICE
    assert beside("q=铁地") == []
    assert beside(f"organisation={OFFICE}&kind=dataset")[0]["total"] == 7
    assert beside("theme=transport&opening=open")[0]["total"] == 7
    for other in (
        "kind=duty",
        "grade=core",
        "opening=none",
        "theme=culture",
        "organisation=culture-bureau",
        "retired=true",
    ):
        assert beside(other) == [], other
