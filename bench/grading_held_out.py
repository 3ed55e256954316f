"""Suggested grades of columns that the patterns were not tuned on: precision and recall of each kind.

Three sources. The synthetic district with other seeds; the shared real tables that ``bench.grading`` leaves out, with
labels by hand; and columns as offices keep them, drawn here by rules of their own: other column names (pinyin initials
among them), blanks, dashes and words for "unknown", two kinds in one column, numbers that look like what they are not.
Of the last, the first part was measured and the patterns mended after what it showed; the second, with other names and
words, was written with that mending and measured after it. Its figures by kind then led to a second mending, tuned on
``grading_tuning`` alone; the third part was written after that and measured once.
"""

import csv
import gzip
import os
import random
from collections import Counter
from collections.abc import Iterable, Iterator

from bench.grading import DEMO, SHARED, TYPES, Case, _text
from bench.grading_offices import FIRST, SECOND, THIRD, UNKNOWN_FIRST, UNKNOWN_SECOND, UNKNOWN_THIRD, Columns
from bench.result import Result

ROWS, SEEDS, DIRT = 400, (11, 12, 13), (0.0, 0.1, 0.3)
NAMES = {
    "idnumber": "公民身份号码", "mobile": "手机号码", "landline": "固定电话", "person": "姓名", "address": "详细地址",
    "bankcard": "银行卡号", "plate": "车牌号", "uscc": "统一社会信用代码",
}  # fmt: skip
LABELS = {
    "air/PRSA_Data_Dongsi_20130301-20170228.csv.gz": {},
    "bilingual/public_sign_pairs_extracted.csv": {},
    "bilingual/standard_signs.csv": {},
    "boundaries/sizhi_street_bbox_urban6.csv": {
        "minlon": "longitude", "maxlon": "longitude", "minlat": "latitude", "maxlat": "latitude",
    },
    "covid/beijing_district_daily_2020.csv": {},
    "divisions/areacity_beijing_level4_pinyin.csv": {},
    "divisions/beijing_districts.csv": {},
    "hotline/tipdm2020_att1_taxonomy.csv": {},
    "sr311/baltimore_311_sample.csv.gz": {"Address": "address", "Latitude": "latitude", "Longitude": "longitude"},
    "sr311/data237_311.csv.gz": {
        "Incident Address": "address", "Latitude": "latitude", "Longitude": "longitude",
    },
    "sr311/nyc311_jasonlin.csv.gz": {
        "incident_address": "address", "latitude": "latitude", "longitude": "longitude",
    },
    "sr311/nyc_council_constituent_services.csv.gz": {},
    "stats/beijing_district_gdp_2017_2022.csv": {},
    "subway/beijing_subway_stations_gcj02_2019.csv": {"lon_gcj02": "longitude", "lat_gcj02": "latitude"},
    "subway/osm_beijing_subway_station_wgs84_bilingual.csv": {"lat": "latitude", "lng": "longitude"},
}  # fmt: skip


def run() -> Iterable[Result]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hutong.project.settings")
    import django  # noqa: PLC0415 - the settings come first

    django.setup()
    sources = {
        "other seeds of the synthetic district": list(_seeds()),
        "real tables left out": list(_real()) if SHARED.is_dir() else [],
        "columns as offices keep them, first": list(_offices(FIRST, UNKNOWN_FIRST)),
        "columns as offices keep them, second": list(_offices(SECOND, UNKNOWN_SECOND)),
        "columns as offices keep them, third": list(_offices(THIRD, UNKNOWN_THIRD)),
    }
    for what, cases in sources.items():
        for named in (True, False):
            yield from _measured(what, cases, named=named)


def _measured(what: str, cases: list[Case], *, named: bool) -> Iterator[Result]:
    from hutong.catalog.logic.patterns import guess  # noqa: PLC0415 - after the settings

    right, said, wanted = Counter[str](), Counter[str](), Counter[str]()
    faults: dict[str, list[str]] = {}
    for file, names, label, counted in cases:
        found = guess(counted, *(names if named else ()))
        kind = found.kind.id if found else ""
        wanted[label] += 1
        said[kind] += 1
        right[label] += kind == label
        if kind != label:
            for each in filter(None, {kind, label}):
                faults.setdefault(each, []).append(f"{file} {names[0]}: {label or '—'} → {kind or '—'}")
    how = "names and values" if named else "values alone"
    for kind, title in NAMES.items():
        if not (wanted[kind] or said[kind]):
            continue
        precision = right[kind] / said[kind] if said[kind] else float("nan")
        recall = right[kind] / wanted[kind] if wanted[kind] else float("nan")
        told = f"recall {recall:.2f}; {wanted[kind]} columns, {said[kind]} claimed; " + "; ".join(
            sorted(set(faults.get(kind, ())))[:3]
        )
        yield Result(f"held out, {what}, {how}: {title} precision", precision, "", peer=told)
    none = sum(1 for _file, _names, label, _counted in cases if not label)
    yield Result(
        f"held out, {what}, {how}: columns of no kind left alone",
        right[""] / max(1, none),
        "",
        peer=f"{none} columns",
    )


def _seeds() -> Iterator[Case]:
    from hutong.catalog import sampling  # noqa: PLC0415 - after the settings
    from hutong.demo.logic.draw import Dice  # noqa: PLC0415
    from hutong.demo.logic.world import make  # noqa: PLC0415
    from hutong.packs.api import load  # noqa: PLC0415

    specs = [item.value for item in load("beijing-dongcheng").sections["datasets"]]
    for seed in SEEDS:
        world = make(Dice(seed, months=6, scale=0.3))
        for spec in specs:
            made = world.get(spec.id)
            if made is None:
                continue
            columns = [each for each in spec.contract.columns if each.name in made.columns]
            text = [[_text(value) for value in made.columns[each.name][:5000]] for each in columns]
            counted = sampling.of_rows([each.name for each in columns], list(zip(*text, strict=True)))
            for each in columns:
                label = DEMO.get((spec.id, each.name)) or TYPES.get(each.type.value, "")
                yield f"{spec.id} seed {seed}", [each.name, each.title.zh], label, counted[each.name]


def _real() -> Iterator[Case]:
    from hutong.catalog import sampling  # noqa: PLC0415 - after the settings

    for name, labels in LABELS.items():
        with _opened(name) as stream:
            reader = csv.reader(stream)
            head = next(reader)
            rows = [row for row, _ in zip(reader, range(5000), strict=False) if len(row) == len(head)]
        counted = sampling.of_rows(head, rows)
        for column in head:
            yield name, [column], labels.get(column, ""), counted[column]
    lines = _addresses()
    for title in ("地址", "jzdz", "居住地"):
        yield (
            "address/ncap_test.txt.gz",
            [title],
            "address",
            sampling.of_rows(["a"], [[each] for each in lines])["a"],
        )


def _opened(name: str) -> "gzip.GzipFile":
    file = SHARED / name
    if name.endswith(".gz"):
        return gzip.open(file, "rt", encoding="utf-8-sig", newline="")  # type: ignore[return-value]
    return file.open(encoding="utf-8-sig", newline="")  # type: ignore[return-value]


def _addresses() -> list[str]:
    """Addresses as people wrote them; they stand in the file one character a line."""
    with gzip.open(SHARED / "address/ncap_test.txt.gz", "rt", encoding="utf-8") as stream:
        found, parts = [], list[str]()
        for line in stream:
            if line.strip():
                parts.append(line.split()[0])
            elif parts:
                found.append("".join(parts))
                parts = []
    return found


def _offices(columns: Columns, unknown: tuple[str, ...]) -> Iterator[Case]:
    from hutong.catalog import sampling  # noqa: PLC0415 - after the settings

    for label, names, draw in columns:
        for seed in SEEDS:
            for dirt in DIRT:
                dice = random.Random(f"{names[0]} {label} {seed} {dirt}")
                rows = [[dice.choice(unknown) if dice.random() < dirt else draw(dice)] for _ in range(ROWS)]
                counted = sampling.of_rows(["c"], rows)["c"]
                for name in names:
                    yield f"office {dirt:.0%} blank", [name], label, counted
