"""The three district packs: complete against their sources, clean, and valid against the exported schemas."""

import csv
import json
import re
import time
from datetime import date

import pytest
from jsonschema import Draft202012Validator

from hutong.indicators.plan_import.targets import read_target
from hutong.packs import api
from hutong.packs import folder as files
from hutong.packs.logic.reading import read

DISTRICTS = ["beijing-dongcheng", "beijing-xicheng", "beijing-chaoyang"]
ROWS = [*(f"A{n}" for n in range(1, 14)), *(f"B{n}" for n in range(1, 5)), *(f"C{n}" for n in range(1, 10))]
ROWS += [*(f"D{n}" for n in range(1, 4)), *(f"E{n}" for n in range(1, 13)), *(f"F{n}" for n in range(1, 12))]
HAN = "一二三四五六七八九十"


@pytest.fixture(scope="module")
def packs():
    return {name: api.load(name) for name in DISTRICTS}


def plan(packs, district, name):
    return packs[district].find("plans", name).value


@pytest.mark.parametrize("name", DISTRICTS)
def test_the_pack_is_clean(name):
    assert api.check(name) == []


def test_all_three_are_read_and_checked_in_well_under_two_seconds():
    started = time.process_time()  # of this process, so that a busy machine does not decide
    for name in DISTRICTS:
        api.load(name, deep=False)  # what sections check of their own, such as queries, is their time
    assert time.process_time() - started < 1.5


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "expected"), list(zip(DISTRICTS, [(17, 0), (15, 0), (24, 19)], strict=True))
)
def test_subdistricts_have_the_names_and_codes_of_the_statistics_bureau(name, expected, packs, shared_data):
    with (shared_data / "divisions/beijing_streets.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["areaCode"] == packs[name].division]
    kinds = {"subdistrict": [], "area-office": []}
    for each in packs[name].values("organisations"):
        if each.kind in kinds:
            kinds[each.kind].append((each.division, each.title.zh))
    assert (len(kinds["subdistrict"]), len(kinds["area-office"])) == expected
    found = sorted(kinds["subdistrict"] + kinds["area-office"])
    assert found == sorted((f"{row['code']}000", row["name"]) for row in rows)


@pytest.mark.shared
def test_english_names_of_subdistricts_agree_with_their_pinyin(packs, shared_data):
    with (shared_data / "divisions/areacity_beijing_level4_pinyin.csv").open(encoding="utf-8-sig") as file:
        pinyin = {row["ext_name"]: row["pinyin"].replace(" ", "") for row in csv.DictReader(file)}
    translated = {"lu": "road", "jie": "street", "shoudujichang": "capitalairport"}
    known_better = {
        "什刹海街道",
        "大栅栏街道",
        "朝阳门街道",
        "劲松街道",
    }  # the register's pinyin is not how they are read
    compared = 0
    for pack in packs.values():
        for each in pack.values("organisations"):
            sound = pinyin.get(each.title.zh)
            if each.kind not in ("subdistrict", "area-office") or not sound or each.title.zh in known_better:
                continue
            name = re.sub(r" (Subdistrict|Area Office)$", "", each.title.en).lower()
            name = re.sub(r"[^a-z]", "", name)
            tails = [sound, sound.removesuffix("diqu"), translated.get(sound, sound)]
            tails += [sound.removesuffix(end) + en for end, en in translated.items() if sound.endswith(end)]
            assert name in tails, each.title
            compared += 1
    assert compared > 55


def test_indicators_are_all_there(packs):
    counts = {
        (pack.id, each.id): len(each.indicators) for pack in packs.values() for each in pack.values("plans")
    }
    assert counts == {
        ("beijing-dongcheng", "science-2021-2025"): 11,
        ("beijing-dongcheng", "exchange-2021-2025"): 0,
        ("beijing-dongcheng", "park-2021-2025"): 16,
        ("beijing-chaoyang", "science-2021-2025"): 17,
        ("beijing-xicheng", "science-2021-2025"): 5,
    }


@pytest.mark.shared
@pytest.mark.parametrize(
    ("district", "file", "start", "stop"),
    [
        ("beijing-dongcheng", "dongcheng-science-and-informatization-2021-2025.txt", "表1：", "四、主要任务"),
        ("beijing-chaoyang", "chaoyang-science-and-innovation-2021-2025.txt", "主要指标\n", "4、 ["),
    ],
)
def test_indicators_are_printed_so_in_the_plan(district, file, start, stop, packs, shared_data):
    text = (shared_data / "plans" / file).read_text("utf8")
    table = re.sub(r"\s", "", text[text.index(start) : text.index(stop, text.index(start))])
    kinds = {"expected": "预期性", "binding": "约束性"}
    for number, each in enumerate(plan(packs, district, "science-2021-2025").indicators, start=1):
        target = re.sub(r"\s", "", each.target.text)
        named = each.title.zh + (f"（{each.unit}）" if district == "beijing-chaoyang" else each.unit)
        assert f"{number}{named}{target}{kinds[each.nature]}" in table, each.id


def test_targets_say_what_their_words_say(packs):
    for pack in packs.values():
        for document in pack.values("plans"):
            for each in document.indicators:
                words = re.findall(r"\d+(?:\.\d+)?", each.target.text)
                bounds = {each.target.low, each.target.high} - {None}
                assert bounds == {float(word) for word in words}, (pack.id, each.id)


def test_targets_are_what_the_plan_import_reads(packs):
    """Two readings of the same words agree; only ``per`` may come from the name of the indicator."""
    for pack in packs.values():
        for document in pack.values("plans"):
            for each in document.indicators:
                ours, read = each.target, read_target(each.target.text, each.unit).target
                assert (ours.op, ours.low, ours.high, ours.relative_to) == (
                    read.op,
                    read.low,
                    read.high,
                    read.relative_to,
                ), each.id
                assert ours.per == read.per or read.per is None, each.id


def test_baselines_where_the_texts_give_them(packs):
    dongcheng = {each.id: each for each in plan(packs, "beijing-dongcheng", "science-2021-2025").indicators}
    assert dongcheng["scientific-literacy"].baseline.value == 25.2
    assert dongcheng["national-high-tech-firms"].baseline.value == 616
    chaoyang = {each.id: each for each in plan(packs, "beijing-chaoyang", "science-2021-2025").indicators}
    assert chaoyang["technology-contracts"].baseline.value == 1250.3
    park = {each.id: each for each in plan(packs, "beijing-dongcheng", "park-2021-2025").indicators}
    assert park["park-tax-per-m2"].baseline.value == 855


def sections_of(text):
    """Text under every heading by its reference: 四, 四（二）, 四（二）3."""
    chapter, section, leaf, found = "", "", "", {}
    for raw in text.splitlines():
        line = re.sub(r"^(\[bookmark: [^\]]*\])*\s*", "", raw.strip())
        if line.startswith(("名 词 解 释", "附件 1")):
            break
        if heading := re.match(rf"([{HAN}])、|([45])、\s", line):
            chapter, section, leaf = heading[1] or HAN[int(heading[2]) - 1], "", ""
        elif chapter and (heading := re.match(rf"（([{HAN}])）", line)):
            section, leaf = f"{chapter}（{heading[1]}）", ""
        elif section and (heading := re.match(r"(\d+)\.\s*\S", line)):
            leaf = f"{section}{heading[1]}"
        for reference in filter(None, (chapter, section, leaf)):
            found[reference] = found.get(reference, "") + re.sub(r"\s", "", line)
    return found


def leaves(text):
    """References of the leaf sections of the chapters of tasks and of safeguards."""
    found = [each for each in sections_of(text) if each[0] in "四五" and len(each) > 1]
    return [each for each in found if not any(other != each and other.startswith(each) for other in found)]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("district", "name", "file", "count"),
    [
        ("beijing-dongcheng", "science-2021-2025", "dongcheng-science-and-informatization-2021-2025.txt", 28),
        ("beijing-dongcheng", "exchange-2021-2025", "dongcheng-international-exchange-2021-2025.txt", 25),
        ("beijing-chaoyang", "science-2021-2025", "chaoyang-science-and-innovation-2021-2025.txt", 31),
    ],
)
def test_every_leaf_section_of_the_plan_has_its_task(district, name, file, count, packs, shared_data):
    wanted = leaves((shared_data / "plans" / file).read_text("utf8"))
    assert len(wanted) == count
    assert {each.reference for each in plan(packs, district, name).tasks} == set(wanted)


@pytest.mark.parametrize("name", DISTRICTS)
def test_every_system_of_the_list_is_in_the_register(name, packs):
    systems = packs[name].values("systems")
    assert list(dict.fromkeys(each.capability for each in systems)) == ROWS
    assert {each.cloud for each in systems} == {"unknown"}
    for each in systems:
        assert bool(each.named_as) != each.reference.startswith(("systems-list ", "technology-policy")), (
            each.id
        )


@pytest.mark.shared
@pytest.mark.parametrize("name", ["beijing-dongcheng", "beijing-chaoyang"])
def test_systems_are_named_as_the_texts_name_them(name, packs, shared_data):
    files_of = {
        ("beijing-dongcheng", "science-plan"): "dongcheng-science-and-informatization-2021-2025.txt",
        ("beijing-dongcheng", "exchange-plan"): "dongcheng-international-exchange-2021-2025.txt",
        (
            "beijing-dongcheng",
            "loan-subsidy-2021",
        ): "dongcheng-first-loan-interest-subsidy-amendment-2021.txt",
        ("beijing-chaoyang", "science-plan"): "chaoyang-science-and-innovation-2021-2025.txt",
    }
    texts = {key: (shared_data / "plans" / file).read_text("utf8") for key, file in files_of.items()}
    for each in packs[name].values("systems"):
        if each.named_as:
            source, _, place = each.reference.partition(" ")
            text = texts[name, source]
            assert each.named_as in (sections_of(text)[place] if place else re.sub(r"\s", "", text)), each.id


@pytest.mark.shared
@pytest.mark.parametrize(
    ("district", "file", "count"),
    [
        ("beijing-dongcheng", "dongcheng-science-and-informatization-2021-2025.txt", 25),
        ("beijing-chaoyang", "chaoyang-science-and-innovation-2021-2025.txt", 23),
    ],
)
def test_stated_figures_stand_where_they_are_said_to(district, file, count, packs, shared_data):
    sections = sections_of((shared_data / "plans" / file).read_text("utf8"))
    facts = packs[district].values("facts")
    assert len(facts) == count
    for each in facts:
        text = sections[each.reference.split(" ")[1]]
        assert re.search(rf"(?<![\d.]){each.value:g}(?![\d.]*\d)", text), each.id
        for number in re.findall(r"\d+(?:\.\d+)?", each.note.zh if each.note else ""):
            assert number in text, each.id


def test_every_fact_has_a_reference(packs):
    for pack in packs.values():
        for section in ("organisations", "areas", "systems", "facts"):
            assert all(each.reference for each in pack.values(section))


def test_spatial_structure(packs):
    kinds = [
        each.kind for each in packs["beijing-dongcheng"].values("areas") if each.part_of == "science-layout"
    ]
    assert [kinds.count(kind) for kind in ("belt", "wing", "zone")] == [1, 2, 5]
    kinds = [
        each.kind for each in packs["beijing-dongcheng"].values("areas") if each.part_of == "exchange-layout"
    ]
    assert [kinds.count(kind) for kind in ("core", "axis", "belt", "area")] == [1, 2, 2, 4]


def plain(value):
    return json.loads(
        json.dumps(value, default=lambda each: each.isoformat() if isinstance(each, date) else each)
    )


def test_the_packs_are_valid_against_the_exported_schemas():
    schemas = api.schemas()
    sections = {each.path: each.name for each in api.registered()}
    checked = set()
    for folder in api.known():
        for file in files.yaml_files(folder):
            name = (
                "pack" if file == "pack.yaml" else next(n for p, n in sections.items() if files.fits(file, p))
            )
            Draft202012Validator.check_schema(schemas[name])
            data = plain(read(folder.name, file, (folder / file).read_bytes()).data)
            errors = list(Draft202012Validator(schemas[name]).iter_errors(data))
            assert errors == [], (folder.name, file)
            checked.add(name)
    assert {"pack", "organisations", "areas", "systems", "plans"} <= checked


def test_editors_find_the_schema_from_the_first_line():
    for folder in api.known():
        for file in files.yaml_files(folder):
            first = (folder / file).read_text("utf8").splitlines()[0]
            if "yaml-language-server" in first:
                target = first.split("$schema=")[1]
                depth = "../" * (file.count("/") + 3)
                assert target.startswith(f"{depth}var/schemas/")
                assert (
                    target.removeprefix(f"{depth}var/schemas/").removesuffix(".schema.json") in api.schemas()
                )
