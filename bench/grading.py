"""Suggested grades of columns against labels by hand: precision and recall, with and without the columns' names.

The demo district's columns are generated and loaded into a home of its own; the real data is the shared test data,
left out where it is absent. A label is the kind a person gives the column after reading its description.
"""

import csv
import gzip
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bench.result import Result

ROWS = 5000
SHARED = Path(os.environ.get("HUTONG_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
LABELS = {
    "culture/beijing_museums.csv": {},
    "poi/beijing_emergency_shelters_1181.csv": {"lon": "longitude", "lat": "latitude"},
    "poi/beijing_fast_charging_stations_711.csv": {"lon": "longitude", "lat": "latitude"},
    "housing/lianjia_beijing_listings.csv.gz": {},
    "enterprise/finglm_all_A_share_2019_2021.csv.gz": {
        "注册地址": "address", "办公地址": "address", "法定代表人": "person", "公司邮箱": "email",
    },
    "enterprise/matchina_aliases.csv": {},
    "enterprise/matchina_entities.csv.gz": {"credit_code": "uscc"},
    "hotline/tipdm2020_att2_test.csv.gz": {},
    "hotline/tipdm2020_att3_hot.csv.gz": {},
    "hotline/tipdm2020_att4_replies.csv.gz": {},
    "air/stations.csv": {"lon": "longitude", "lat": "latitude"},
    "hsar/beijing_land_parcels_2003_2009.csv": {"lon": "longitude", "lat": "latitude"},
    "divisions/beijing_communities.csv": {},
    "divisions/beijing_streets.csv": {},
}  # fmt: skip
# Columns of the demo district whose kind its contract's type does not say.
DEMO = {
    ("elders", "name"): "person", ("elders", "born"): "born", ("enterprises", "legal_person"): "person",
    ("hotline-cases", "caller"): "person", ("culture-venues", "address"): "address",
    ("enterprises", "address"): "address",
}  # fmt: skip
TYPES = {
    "idnumber": "idnumber",
    "uscc": "uscc",
    "phone": "mobile",
    "longitude": "longitude",
    "latitude": "latitude",
}
Case = tuple[str, list[str], str, Any]  # file, names, label, what was counted


def run() -> Iterable[Result]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hutong.project.settings")
    import django  # noqa: PLC0415 - the settings come first

    django.setup()
    from bench import grading_tuning  # noqa: PLC0415 - it takes its types from here

    demo, seconds = list(_demo()), 0.0
    real = []
    if SHARED.is_dir():
        begun = time.perf_counter()
        real = list(_real())
        seconds = time.perf_counter() - begun
    sources = {
        "demo district": demo,
        "shared real data": real,
        "columns as offices write them": [*grading_tuning.columns()],
    }
    for what, cases in sources.items():
        if cases:
            yield from _measured(what, cases, named=True)
            yield from _measured(what, cases, named=False)
    if real:
        yield Result("grading: a column of 5,000 rows, all kinds", seconds / len(real) * 1000, "ms")


def _measured(what: str, cases: list[Case], *, named: bool) -> Iterator[Result]:
    from hutong.catalog.logic.patterns import guess  # noqa: PLC0415 - after the settings

    right = wrong = missed = 0
    faults = []
    for file, names, label, counted in cases:
        found = guess(counted, *(names if named else ()))
        said = found.kind.id if found else ""
        if said == label:
            right += bool(label)
            continue
        wrong += bool(said)
        missed += bool(label)
        faults.append(f"{file} {names[0]}: {label or '—'} → {said or '—'}")
    how = "names and values" if named else "values alone"
    precision = right / (right + wrong) if right + wrong else 1.0
    recall = right / (right + missed) if right + missed else 1.0
    told = f"{len(cases)} columns, {right + missed} with a kind; " + (
        "; ".join(sorted(set(faults))[:8]) or "no fault"
    )
    yield Result(f"grading, {what}, {how}: precision", precision, "", peer=told)
    yield Result(f"grading, {what}, {how}: recall", recall, "")


def _demo() -> Iterator[Case]:
    from hutong.catalog import sampling  # noqa: PLC0415 - after the settings
    from hutong.demo.logic.draw import Dice  # noqa: PLC0415
    from hutong.demo.logic.world import make  # noqa: PLC0415
    from hutong.packs.api import load  # noqa: PLC0415

    world = make(Dice())
    for item in load("beijing-dongcheng").sections["datasets"]:
        made = world.get(item.value.id)
        if made is None:
            continue
        contract = item.value.contract
        columns = [each for each in contract.columns if each.name in made.columns]
        text = [[_text(value) for value in made.columns[each.name][:ROWS]] for each in columns]
        counted = sampling.of_rows([each.name for each in columns], list(zip(*text, strict=True)))
        for each in columns:
            label = DEMO.get((contract.table, each.name)) or TYPES.get(each.type.value, "")
            yield contract.table, [each.name, each.title.zh], label, counted[each.name]


def _text(value: Any) -> str | None:
    return None if value is None or value != value else str(value)


def _real() -> Iterator[Case]:
    from hutong.catalog import sampling  # noqa: PLC0415 - after the settings

    for name, labels in LABELS.items():
        file = SHARED / name
        with (
            gzip.open(file, "rt", encoding="utf-8-sig", newline="")
            if name.endswith(".gz")
            else file.open(encoding="utf-8-sig", newline="") as stream
        ):
            reader = csv.reader(stream)
            head = next(reader)
            rows = [row for row, _ in zip(reader, range(ROWS), strict=False) if len(row) == len(head)]
        counted = sampling.of_rows(head, rows)
        for column in head:
            yield name, [column], labels.get(column, ""), counted[column]
