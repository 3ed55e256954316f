import pytest
from pydantic import ValidationError

from hutong.onemap.pack_layers import LayerSpec

GIVEN = {
    "id": "stations",
    "title": {"zh": "监测站", "en": "Stations"},
    "group": {"zh": "设施", "en": "Facilities"},
    "table": "air-stations",
    "key": "code",
    "label": "name",
    "point": {"lon": "lon", "lat": "lat"},
    "style": "point",
}


def test_a_layer_becomes_what_the_map_uses() -> None:
    where = [{"column": "kind", "among": ["air", "it's"]}, {"column": "live", "among": [True]}]
    layer = LayerSpec.model_validate({**GIVEN, "where": where, "joins": {"subdistrict": "street"}}).layer(
        "town"
    )
    assert layer.urn == "urn:hutong:town:layer:stations"
    assert layer.sql_name == "air_stations"
    assert layer.where == "\"kind\" IN ('air', 'it''s') AND \"live\" IN (TRUE)"
    assert layer.joins == {"subdistrict": "street"}
    assert hash(layer)


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "red"},
        {"point": None},
        {"geometry": "geometry"},
        {"style": "fill"},
        {"key": 'code"; DROP TABLE x'},
        {"min_zoom": 40},
        {"where": [{"column": "kind", "among": []}]},
        {"time": {"column": "day", "shows": "always"}},
    ],
)
def test_what_is_not_a_layer_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        LayerSpec.model_validate({**GIVEN, **change})
