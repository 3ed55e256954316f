"""The area datasets: district, subdistricts, communities and unit grids, with their outlines."""

import numpy as np

from hutong.demo.logic import places
from hutong.demo.logic.draw import Dice
from hutong.demo.logic.made import Columns, Made
from hutong.demo.logic.places import Areas


def _common(areas: Areas) -> Columns:
    middles = np.array([places.middle_of(ring) for ring in areas.rings])
    return {"area_km2": areas.km2, "lon": middles[:, 0], "lat": middles[:, 1]}


def _made(areas: Areas, columns: Columns) -> Made:
    outlines = np.empty(len(areas.rings), dtype=object)
    outlines[:] = areas.rings
    return Made({**columns, **_common(areas), "geometry": outlines})


def district() -> Made:
    area = places.district()
    return _made(area, {"code": area.codes, "name": area.names})


def subdistricts() -> Made:
    areas = places.subdistricts()
    english = np.array([en for _, en in places.SUBDISTRICTS])
    return _made(areas, {"code": areas.codes, "name": areas.names, "name_en": english})


def communities(dice: Dice) -> Made:
    areas = places.communities()
    households = dice.of("communities").integers(900, 3200, len(areas.codes))
    parents = places.subdistricts()
    return _made(
        areas,
        {
            "code": areas.codes,
            "name": areas.names,
            "subdistrict": parents.codes[areas.parents],
            "subdistrict_name": parents.names[areas.parents],
            "committee_staff": households // 220,
        },
    )


def unit_grids(dice: Dice) -> Made:
    areas = places.grids()
    communities_ = places.communities()
    return _made(
        areas,
        {
            "code": areas.codes,
            "community": communities_.codes[areas.parents],
            "subdistrict": places.subdistricts().codes[communities_.parents[areas.parents]],
            "workers": dice.of("unit-grids").integers(1, 4, len(areas.codes)),
        },
    )
