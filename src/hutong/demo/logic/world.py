"""Everything at once: every dataset of the district as it truly is, before anything is spoilt or written."""

from hutong.demo.logic import (
    areas,
    buildings,
    cases,
    economy,
    firms,
    innovation,
    letters,
    people,
    science,
    sensing,
)
from hutong.demo.logic.draw import Dice
from hutong.demo.logic.made import Made


def make(dice: Dice) -> dict[str, Made]:
    """By dataset id. The same dice give the same rows, in this process or another."""
    known = firms.found_firms(dice)
    sky = sensing.weather(dice)
    houses = buildings.key_buildings(dice)
    sensors = sensing.drain_sensors(dice)
    return {
        "district-boundary": areas.district(),
        "subdistricts": areas.subdistricts(),
        "communities": areas.communities(dice),
        "unit-grids": areas.unit_grids(dice),
        "components": cases.components(dice),
        "enterprises": firms.register(dice, known),
        "key-firm-monthly": firms.key_monthly(dice, known),
        "credit-records": people.credit_records(dice, known),
        "high-tech-firms": innovation.high_tech_certificates(dice, known),
        "sci-tech-smes": innovation.small_tech_firms(dice, known),
        "innovation-carriers": science.carriers(dice),
        "patents": innovation.patents(dice, known),
        "technology-contracts": innovation.technology_contracts(dice, known),
        "new-tech-scenes": science.scenes(dice, known),
        "science-bases": science.science_bases(dice),
        "science-literacy-survey": science.literacy_survey(dice),
        "gdp-quarterly": economy.product_by_quarter(dice),
        "service-industry-monthly": economy.services_by_month(dice),
        "digital-economy-yearly": economy.digital_by_year(),
        "tax-monthly": economy.tax_by_month(dice, known),
        "population-yearly": economy.residents_by_year(dice),
        "key-buildings": houses,
        "building-monthly": buildings.building_monthly(dice, known, houses),
        "building-tenants": buildings.tenants(dice, known, houses),
        "air-stations": sensing.air_stations(dice),
        "air-hourly": sensing.air_hourly(dice, sky),
        "drain-sensors": sensors,
        "drain-hourly": sensing.drain_hourly(dice, sky, sensors),
        "hotline-cases": cases.hotline(dice, sky),
        "handled-cases": letters.handled(dice),
        "grid-cases": cases.grid_cases(dice, sky),
        "safety-inspections": cases.inspections(dice, known),
        "clinic-visits-daily": people.clinic_visits(dice),
        "infectious-daily": people.infectious(dice),
        "elderly-stations": people.elderly_stations(dice),
        "elders": people.elders(dice),
        "schools": people.schools(dice),
        "culture-venues": people.culture_venues(dice),
    }
