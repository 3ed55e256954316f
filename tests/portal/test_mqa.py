"""The 405 points."""

import pytest

from hutong.portal.logic import mqa


def test_the_points_are_those_of_the_methodology():
    by_dimension: dict[str, int] = {}
    for each in mqa.INDICATORS:
        by_dimension[each.dimension] = by_dimension.get(each.dimension, 0) + each.points
    assert by_dimension == {name: most for name, (most, _) in mqa.DIMENSIONS.items()}
    assert sum(by_dimension.values()) == mqa.MOST


FULL = {
    "title": "t", "notes": "n", "license_id": "CC-BY-4.0", "maintainer": "m", "organization": {"name": "o"},
    "tags": [{"name": "a"}], "groups": [{"name": "b"}],
    "extras": [{"key": key, "value": value} for key, value in {
        "spatial": "x", "temporal_start": "2020-01-01", "issued": "2020-01-01", "modified": "2020-01-01",
        "access_rights": "PUBLIC"}.items()],
    "resources": [{"url": "u", "download_url": "u", "reachable": True, "format": "CSV", "mimetype": "text/csv",
                   "rights": "r", "size": 1}],
}  # fmt: skip


def test_all_and_nothing():
    assert mqa.score(FULL).points == 405
    assert mqa.score(FULL).to_mend == ()
    empty = mqa.score({})
    assert (empty.points, empty.band) == (0, "bad")
    assert len(empty.to_mend) == len(mqa.INDICATORS)


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"tags": []}, 30), ({"groups": []}, 30), ({"license_id": ""}, 30), ({"maintainer": ""}, 20),
        ({"notes": ""}, 30), ({"resources": [{**FULL["resources"][0], "format": "PDF"}]}, 40),
        ({"resources": [FULL["resources"][0], {"url": "u"}]}, 96), ({"extras": []}, 65),
    ],
)  # fmt: skip
def test_what_is_missing_costs_its_points(change: dict, lost: int):
    assert 405 - mqa.score(FULL | change).points == lost


def test_bands():
    assert [mqa.band(each) for each in (405, 351, 350, 221, 220, 121, 120, 0)] == [
        "excellent", "excellent", "good", "good", "sufficient", "sufficient", "bad", "bad",
    ]  # fmt: skip
