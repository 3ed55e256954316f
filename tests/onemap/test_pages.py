import json
import re
from dataclasses import replace
from html import unescape

import pytest
from django.test import Client

from hutong.accounts.types import Target
from hutong.onemap import access, reading
from tests.onemap.made import AREAS, SENSORS, Firms, settle

pytestmark = pytest.mark.django_db
ENGLISH = {"HTTP_COOKIE": "hutong_language=en"}


@pytest.fixture(autouse=True)
def _town(monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch)


def test_the_page_tells_its_layers_measure_and_table(client: Client) -> None:
    page = unescape(client.get("/map", HTTP_ACCEPT="text/html").content.decode())
    assert re.search(r'value="areas" checked', page)
    assert "企业数" in page
    assert "东门街道" in page
    assert "1,237" in page
    assert "/figures/firms?a" in page


def test_the_page_in_english(client: Client) -> None:
    page = client.get("/map", **ENGLISH).content.decode()
    assert "Colour areas by" in page
    assert "Subdistricts" in page


def test_a_layer_is_bounded_geojson_with_its_snapshot(client: Client) -> None:
    answer = client.get("/map/layers/areas.geojson?limit=1")
    body = json.loads(answer.content)
    assert answer["Content-Type"] == "application/geo+json"
    assert answer["Hutong-Snapshot"] == body["snapshot"] == "urn:hutong:town:snapshot:areas/1"
    assert body["numberReturned"] == 1
    assert body["truncated"] is True
    assert body["type"] == "FeatureCollection"


def test_an_unchanged_layer_is_not_sent_again(client: Client) -> None:
    tag = client.get("/map/layers/areas.geojson")["ETag"]
    again = client.get("/map/layers/areas.geojson", HTTP_IF_NONE_MATCH=tag)
    assert again.status_code == 304
    other = client.get("/map/layers/areas.geojson?bbox=116,39,116.5,39.5", HTTP_IF_NONE_MATCH=tag)
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/map/layers/none.geojson", 404, "onemap.no-layer"),
        ("/map/layers/areas.geojson?bbox=1,2", 422, "onemap.bad-box"),
        ("/map/layers/sensors.geojson?as_of=2025-99", 422, "onemap.bad-month"),
        ("/map/layers/areas/features/zz", 404, "onemap.no-feature"),
        ("/map/measures/none?as_of=2025-06", 404, "onemap.no-measure"),
        ("/map/measures/firms?as_of=2019-06", 404, "onemap.no-measure"),
    ],
)
def test_what_is_wrong_is_said(client: Client, address: str, status: int, code: str) -> None:
    answer = client.get(address, HTTP_ACCEPT="application/json")
    assert answer.status_code == status
    assert answer.json()["code"] == code


def test_time_chooses_the_rows(client: Client) -> None:
    january = json.loads(client.get("/map/layers/sensors.geojson?as_of=2025-01").content)
    assert [each["properties"]["label"] for each in january["features"]] == ["Gate 1"]


def test_the_panel_tells_a_feature_and_leads_to_its_proof(client: Client) -> None:
    panel = unescape(client.get("/map/layers/areas/features/a").content.decode())
    assert "2024年1月1日" in panel
    assert "/id/urn:hutong:town:snapshot:areas/1" in panel
    assert "/id/urn:hutong:town:entry:17" in panel
    assert "/id/urn:hutong:town:layer:areas/a" in panel
    assert "WHERE code = 'a'" in panel


def test_the_panel_hides_sensitive_columns_and_marks_converted_coordinates(client: Client) -> None:
    panel = client.get("/map/layers/sensors/features/s1", **ENGLISH).content.decode()
    assert "<dt>Name</dt>" not in panel
    assert "Air" in panel
    assert "GCJ-02" in panel


def test_the_address_opens_a_feature_without_scripts(client: Client) -> None:
    page = client.get("/map?feature=areas/a").content.decode()
    assert re.search(r'id="map-panel"[^>]*aria-label="[^"]*">\s*<div class="map-feature"', page)


def test_search_finds_places_by_parts_of_their_names(client: Client) -> None:
    found = client.get("/map/search", {"q": "门"}).content.decode()
    assert "东门街道" in found
    assert "/map?feature=areas/a" in found
    nothing = client.get("/map/search", {"q": "南极"}).content.decode()
    assert "南极" in nothing
    assert "<li>" not in nothing


def test_measures_come_with_classes_and_a_table(client: Client) -> None:
    part = client.get("/map/measures/firms", {"as_of": "2025-03", "measure": "firms"}).content.decode()
    data = json.loads(part.split('id="map-colouring" type="application/json">')[1].split("</script>")[0])
    assert data["classes"] == {"a": 1, "b": 0}
    assert data["values"]["a"] == "1,237"


def test_a_layer_above_ones_grade_is_neither_listed_nor_served(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        access,
        "target",
        lambda layer: Target(grade="core" if layer is SENSORS else "general-1", public=layer is AREAS),
    )
    page = client.get("/map").content.decode()
    assert 'id="layer-areas"' in page
    assert 'id="layer-sensors"' not in page
    for address in ("/map/layers/sensors.geojson", "/map/layers/sensors/features/s1"):
        assert client.get(address, HTTP_ACCEPT="application/json").status_code == 403
    assert "Gate" not in client.get("/map/search", {"q": "gate"}).content.decode()


def test_without_data_the_page_still_opens(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "snapshot_of", lambda _layer: None)
    assert client.get("/map").status_code == 200
    answer = client.get("/map/layers/areas.geojson", HTTP_ACCEPT="application/json")
    assert answer.status_code == 503
    assert answer.json()["code"] == "onemap.no-rows"


def test_identifiers_of_layers_and_features_resolve(client: Client) -> None:
    answer = client.get("/id/urn:hutong:town:layer:areas/a")
    assert answer["Location"] == "/map?layers=areas&feature=areas/a"


def test_a_layer_with_english_names_shows_them_in_english(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "layers", lambda: (replace(AREAS, label_en="code"),))
    english = json.loads(client.get("/map/layers/areas.geojson", **ENGLISH).content)
    assert english["features"][0]["properties"]["label"] == "a"


def test_figures_that_are_not_open_do_not_colour_the_map_of_the_public(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Firms, "ref", replace(Firms.ref, public=False))
    page = client.get("/map?measure=firms", HTTP_ACCEPT="text/html").content.decode()
    assert 'value="areas" checked' in page
    assert "1,237" not in page
    assert "企业数" not in page
    assert client.get("/map/measures/firms").status_code == 403
