"""Real data with known defects: each that a contract can state is found, and counted exactly."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hutong.lake import api
from hutong.lake.types import LoadReport, Source
from tests.lake.conftest import named

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.shared, pytest.mark.timeout(300)]
Load = Callable[..., LoadReport]

PM25_ABOVE_PM10 = {
    "Aotizhongxin": 1183, "Changping": 1684, "Dingling": 2949, "Dongsi": 2156, "Guanyuan": 1369, "Gucheng": 1591,
    "Huairou": 1485, "Nongzhanguan": 1850, "Shunyi": 1884, "Tiantan": 1620, "Wanliu": 1902, "Wanshouxigong": 1639,
}  # fmt: skip
# Which district each place marked 顺义区 in the museums' list truly lies in: common knowledge, not from the data.
SITES = """name,district
新文化运动纪念馆,东城区
李大钊烈士陵园,海淀区
焦庄户地道战遗址纪念馆,顺义区
北京奥林匹克公园,朝阳区
冀热察挺进军,门头沟区
"""


@pytest.fixture
def real(shared_data: Path, load: Load) -> Load:
    def run(name: str, file: str, **options: object) -> LoadReport:
        return load(named(name), shared_data / file, **options)

    return run


def found(report: LoadReport) -> dict[tuple[str, str], int]:
    return {(each.code, each.column): each.count for each in report.findings}


def test_air_of_twelve_stations(real: Load, shared_data: Path) -> None:
    above, worst = {}, 0
    for file in sorted((shared_data / "air").glob("PRSA_Data_*.csv.gz")):
        report = real("air", f"air/{file.name}", mode="append")
        station = file.name.split("_")[2]
        defects = found(report)
        assert (report.rows_in, report.rows_loaded, report.duplicates) == (35_064, 35_064, 0)
        above[station] = defects["rule-check", "pm25-within-pm10"]
        if station == "Wanshouxigong":
            worst = defects["out-of-range", "pm25"]
        if station == "Dongsi":
            assert defects["missing-mark", "co"] == 3197
    assert above == PM25_ABOVE_PM10
    assert worst == 1  # the cap of 999
    assert api.snapshots("air")[0].rows == 12 * 35_064
    counted = api.query("SELECT station, count(*) n FROM air GROUP BY ALL", ["air"])
    assert {row[1] for row in counted.rows} == {35_064}


def test_air_stations_lie_in_their_districts(real: Load) -> None:
    real("boundaries", "boundaries/datav_110100_full.json")
    report = real("stations", "air/stations.csv")
    assert (report.rows_loaded, report.findings) == (12, ())


def test_divisions(real: Load) -> None:
    streets = real("streets", "divisions/beijing_streets.csv")
    assert (streets.rows_loaded, found(streets)) == (349, {("rule-check", "not-an-area-office"): 56})
    report = real("divisions", "divisions/beijing_communities.csv")
    assert report.rows_loaded == 7535
    assert found(report) == {("rule-unique", "name-once-in-district"): 63}
    twice = "SELECT name, count(*) n FROM divisions WHERE district = '110105' GROUP BY ALL HAVING n > 1 ORDER BY 1"
    assert api.query(twice, ["divisions"]).rows == (("楼梓庄村委会", 2), ("豆各庄村委会", 2))


def test_boundaries_are_moved_to_wgs84(real: Load) -> None:
    report = real("boundaries", "boundaries/datav_110100_full.json")
    assert report.rows_loaded == 16
    centre = api.query(
        "SELECT ST_X(c), ST_Y(c), geometry_crs FROM (SELECT ST_Centroid(ST_GeomFromWKB(geometry)) c, geometry_crs"
        " FROM boundaries WHERE adcode = '110101')",
        ["boundaries"],
    ).rows[0]
    assert 116.40 < centre[0] < 116.42
    assert 39.90 < centre[1] < 39.93
    assert centre[2] == "gcj-02"


def test_covid_counts_that_fall(real: Load) -> None:
    report = real("covid", "covid/beijing_district_daily_2020.csv")
    assert (report.rows_in, report.duplicates) == (6324, 0)
    assert report.reasons == {"required:place": 324}  # the rows of the whole city
    assert found(report)["rule-rises", "never-falls"] == 8
    falls = api.query(
        "SELECT place, count(*) FROM (SELECT place, confirmed < lag(confirmed) OVER (PARTITION BY place ORDER BY date)"
        " AS fell FROM covid) WHERE fell AND place IN ('东城区', '西城区', '朝阳区') GROUP BY ALL ORDER BY 1",
        ["covid"],
    )
    assert falls.rows == (("东城区", 1), ("朝阳区", 1))


def test_new_york_requests(real: Load) -> None:
    report = real("requests-nyc", "sr311/nyc_council_constituent_services.csv.gz")
    defects = found(report)
    assert (report.rows_in, report.rows_quarantined) == (341_299, 105)
    assert report.reasons == {"duplicate-key:unique_key": 105}
    assert defects["empty", "closed"] == 14_142
    assert defects["empty", "zip"] == 50_624
    assert ("rule-check", "closed-after-opened") not in defects


def test_baltimore_requests_in_whole_degrees(real: Load) -> None:
    report = real("requests-baltimore", "sr311/baltimore_311_sample.csv.gz")
    defects = found(report)
    assert report.rows_loaded == 10_000
    assert (defects["whole-degree", "lat"], defects["whole-degree", "lon"]) == (892, 892)
    assert (defects["empty", "lat"], defects["empty", "closed"]) == (590, 208)


def test_animal_requests_closed_in_1900(real: Load) -> None:
    report = real("requests-data237", "sr311/data237_311.csv.gz")
    defects = found(report)
    assert report.rows_loaded == 5895
    assert (defects["sentinel", "closed"], defects["empty", "closed"]) == (2, 3431)


def test_burst_of_requests(real: Load) -> None:
    report = real("requests-burst", "sr311/nyc311_jasonlin.csv.gz")
    assert (report.rows_loaded, found(report)["empty", "latitude"]) == (1000, 13)
    hours = "SELECT count(DISTINCT date_trunc('hour', timezone('America/New_York', created_date))) FROM requests_burst"
    assert api.query(hours, ["requests-burst"]).rows == ((6,),)  # five hours, begun before a full one


def test_hotline_with_two_ways_to_write_a_time(real: Load) -> None:
    report = real("hotline-hot", "hotline/tipdm2020_att3_hot.csv.gz")
    defects = found(report)
    assert report.rows_loaded == 4326
    assert defects["mixed-formats", "time"] == 129
    assert defects["line-breaks", "text"] == 4220
    replies = real("hotline-replies", "hotline/tipdm2020_att4_replies.csv.gz")
    assert (replies.rows_loaded, replies.rows_quarantined) == (2816, 0)
    assert ("rule-check", "answered-after-asked") not in found(replies)
    days = "SELECT round(median(epoch(answered) - epoch(asked)) / 86400, 1) FROM hotline_replies"
    assert api.query(days, ["hotline-replies"]).rows == ((11.2,),)


def test_hotline_test_file_and_taxonomy(real: Load) -> None:
    test = real("hotline-test", "hotline/tipdm2020_att2_test.csv.gz")
    assert (test.rows_loaded, found(test)["empty", "category"]) == (2801, 2801)
    assert real("taxonomy", "hotline/tipdm2020_att1_taxonomy.csv").rows_loaded == 517
    levels = "SELECT count(DISTINCT first), count(DISTINCT second) FROM taxonomy"
    assert api.query(levels, ["taxonomy"]).rows == ((15, 103),)


def test_enterprises_with_minus_one_for_unknown(real: Load) -> None:
    report = real("enterprise", "enterprise/finglm_beijing_2019_2021.csv")
    defects = found(report)
    assert report.rows_loaded == 993
    assert (defects["sentinel", "revenue"], defects["sentinel", "turnover"]) == (50, 52)
    assert defects["sentinel", "research"] + defects["rule-check", "research-positive"] == 128
    assert defects["out-of-range", "research_staff"] == 148
    assert defects["empty", "district"] == 70
    largest = "SELECT max(turnover) FROM enterprise"
    assert api.query(largest, ["enterprise"]).rows[0][0] == 44_898_030_608_165  # fen


def test_housing_with_units_in_the_text(real: Load) -> None:
    report = real("housing", "housing/lianjia_beijing_listings.csv.gz")
    defects = found(report)
    assert (report.rows_in, report.duplicates) == (34_019, 52)
    assert defects["repeated-header", ""] == 1
    assert defects["unit-in-text", "price"] == 34_019
    assert defects["unknown-code", "region"] == 946
    assert defects["unknown-code", "building"] == 34_019  # the column Elevator holds the type of building
    first = api.query("SELECT price, unit_price, size FROM housing WHERE id = '101113515819'", ["housing"])
    assert first.rows == ((650_000_000, 10_456_900, 62.0),)


def test_museums_in_the_wrong_district(real: Load, load: Load) -> None:
    load(named("sites"), SITES, name="sites.csv")
    report = real("culture", "culture/beijing_museums.csv")
    assert report.rows_loaded == 42
    wrong = next(each for each in report.findings if each.column == "in-its-district")
    assert (wrong.count, wrong.rows) == (4, (36, 37, 39, 40))  # row 38 truly lies in 顺义


def test_subway_stations_of_two_sources(real: Load) -> None:
    real("boundaries", "boundaries/datav_110100_full.json")
    osm = real("subway-osm", "subway/osm_beijing_subway_station_wgs84_bilingual.csv")
    assert (osm.rows_in, osm.reasons) == (328, {"rule-inside:in-beijing": 1})
    amap = real("subway-amap", "subway/beijing_subway_stations_gcj02_2019.csv")
    assert amap.rows_loaded == 391
    gaps = api.query(
        "SELECT median(moved), median(plain) FROM (SELECT"
        " 111195 * sqrt(power(a.lat - o.lat, 2) + power((a.lon - o.lon) * cos(radians(40)), 2)) AS moved,"
        " 111195 * sqrt(power(a.lat_source - o.lat, 2) + power((a.lon_source - o.lon) * cos(radians(40)), 2)) AS plain"
        " FROM subway_amap a JOIN subway_osm o ON o.name = a.station)",
        ["subway-amap", "subway-osm"],
    ).rows[0]
    assert 30 < gaps[0] < 40  # metres, once both are in WGS 84
    assert gaps[1] > 500
    lineage = api.lineage("subway-osm")
    assert lineage.reads == ("boundaries",)


def test_what_was_found_is_scored(real: Load) -> None:
    report = real("air", "air/PRSA_Data_Dingling_20130301-20170228.csv.gz")
    assert report.snapshot is not None
    quality = api.quality(report.snapshot.urn)
    scores = {each.dimension: each.score for each in quality.dimensions}
    assert scores["consistency"] == pytest.approx(100 * (1 - 2949 / 35_064), abs=0.01)
    assert scores["uniqueness"] == 100
    assert scores["timeliness"] is None
    assert 90 < quality.score < 100


def test_drift_between_years(real: Load, load: Load, shared_data: Path) -> None:
    real("air", "air/PRSA_Data_Dongsi_20130301-20170228.csv.gz")
    second = real("air", "air/PRSA_Data_Dingling_20130301-20170228.csv.gz")
    assert second.snapshot is not None
    drift = api.drift(second.snapshot.urn)
    columns = {each.column: each for each in drift.columns}
    assert drift.rows_before == drift.rows_now == 35_064
    assert columns["hour"].verdict == "steady"
    assert columns["no2"].verdict == "changed"  # a station in the hills
    assert columns["station"].new_values == ("Dingling",)
    assert columns["station"].gone_values == ("Dongsi",)


def test_a_source_can_be_a_query(real: Load, load: Load) -> None:
    real("air", "air/PRSA_Data_Dongsi_20130301-20170228.csv.gz")
    spec = "key: [year]\ncolumns:\n  year: {type: year}\n  pm25: {type: float}\n"
    source = Source.query("SELECT year, avg(pm25) AS pm25 FROM air GROUP BY year ORDER BY year", ("air",))
    report = load(spec, source)
    assert report.rows_loaded == 5
    assert api.lineage("things").reads == ("air",)
    assert api.lineage("air").read_by == ("things",)
    assert load(spec, source).unchanged
