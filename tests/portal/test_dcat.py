"""DCAT-AP 3.0.1 as its own shapes judge it."""

from pathlib import Path

import pytest
from django.test import Client
from pyshacl import validate
from rdflib import DCAT, RDF, Graph

from hutong.portal import dcat, dcat_graph, index, shelf
from tests.portal.test_ckan import office, outside  # noqa: F401 - the data office's people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
SHAPES = "vectors/dcat-ap-shacl/releases/3.0.1/html/shacl"


def fetched(path: str, form: str = "turtle") -> Graph:
    answer = Client().get(path)
    assert answer.status_code == 200
    return Graph().parse(data=answer.content, format=form)


@pytest.fixture
def registered(office):  # noqa: F811 - the fixture of that name
    from hutong.portal.ckan import writing

    body, owner = writing.draft(
        outside("subway", notes="", maintainer_email="a@example.org",
                resources=[{"url": "https://example.org/a|b<c>.csv", "name": '引号"x'}]), None,
    )  # fmt: skip
    index.register_many([(body, owner)])
    shelf.forget()


@pytest.mark.shared
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", ["shapes", "range", "mdr-vocabularies.shape", "deprecateduris"])
def test_the_catalog_keeps_the_shapes(shared_data: Path, registered, name: str):
    """No violation; the vocabularies warn of publishers that are no bodies of the European Union, as ours are not."""
    shapes = Graph().parse(shared_data / SHAPES / f"{name}.ttl")
    for path in ("/dcat/catalog.ttl", "/dcat/subway.ttl"):
        good, _, text = validate(fetched(path), shacl_graph=shapes, advanced=True, allow_warnings=True)
        assert good, text


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_both_forms_say_the_same(registered):
    turtle, linked = fetched("/dcat/catalog.ttl"), fetched("/dcat/catalog.jsonld", "json-ld")
    assert len(turtle) == len(linked)
    names = {str(each).rpartition("/")[2] for each in turtle.subjects(RDF.type, DCAT.Dataset)}
    assert names == {"venues#dataset", "subway#dataset"}


def test_a_long_catalog_comes_in_pages(registered, monkeypatch):
    monkeypatch.setattr(dcat, "PAGE", 1)
    first, second = fetched("/dcat/catalog.ttl"), fetched("/dcat/catalog.ttl?page=2")
    assert (
        len(set(first.subjects(RDF.type, DCAT.Dataset)) | set(second.subjects(RDF.type, DCAT.Dataset))) == 2
    )
    assert "page=2" in str(list(first.objects(None, dcat_graph._HYDRA.next)))
    assert Client().get("/dcat/catalog.ttl?page=3").status_code == 404
