"""Every module: its manifest, its samples, its published figures, and what it does with hostile input."""

import base64
import importlib.util
import io
import json
import zlib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hutong.market import calling, runner
from hutong.market.errors import Unfit
from hutong.market.logic import forms, named, shown
from hutong.market.manifests import manifests, schemas, shapes
from hutong.market.modules.deidentify import finding
from hutong.market.modules.geocode.run import Gazetteer
from hutong.market.modules.ocr import pictures
from hutong.market.modules.sign_check.run import check
from hutong.market.modules.sign_check.shapes import Sign

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(manifests())
HEAVY = {"ocr"}
PARTS = {
    "name-match": (0.1, 0.05),
    "petition-triage": (0.5, 0.05),
}  # share measured, slack
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[116.4, 39.9], [116.42, 39.9], [116.42, 39.92], [116.4, 39.92]]],
}
AREAS = {
    "subdistricts": [{"code": "110101010", "name": "和平里街道", "shape": json.dumps(SQUARE)}],
    "communities": [{"code": "110101010001", "name": "兴化社区", "shape": json.dumps(SQUARE)}],
    "unit-grids": [{"code": "110101010001001", "shape": json.dumps(SQUARE)}],
    "district": {"name": "北京市东城区", "code": "110101"},
}


def _has(extra):
    return not extra or importlib.util.find_spec("rapidocr") is not None


@pytest.mark.parametrize("name", NAMES)
def test_a_module_says_how_well_it_was_measured(name):
    manifest = manifests()[name]
    assert manifest.accuracy
    for each in manifest.accuracy:
        assert (ROOT / each.script).is_file()
        assert each.script == f"bench/modules/{manifest.folder}.py"
    assert manifest.never.zh
    assert manifest.never.en
    assert manifest.counted in {"", *schemas(name)[0]["properties"]}


def test_the_table_of_the_docs_is_the_published_one():
    from bench.modules.__main__ import published

    text = (ROOT / "docs" / "market.md").read_text("utf8")
    assert published(text) == text


@pytest.mark.parametrize("name", NAMES)
def test_samples_run_in_the_workshop(name):
    manifest = manifests()[name]
    if not _has(manifest.extra):
        pytest.skip("make setup-modules has not been run")
    for sample in manifest.samples:
        checked = calling.check(manifest, sample.input, 0)
        needs = {"areas": ("1", AREAS)} if manifest.needs else {}
        said = runner.call(manifest, checked, needs)
        shapes(manifest)[1].model_validate(said["output"])
        assert shown.parts(said["output"])


@pytest.mark.shared
@pytest.mark.parametrize("name", [each for each in NAMES if each not in HEAVY | {"forecast"}])
def test_published_figures_hold_on_a_part_of_the_data(name, shared_data):
    manifest = manifests()[name]
    from bench.modules.__main__ import measure

    part, slack = PARTS.get(name, (1.0, 0.002))
    again = {each["id"]: each["value"] for each in measure(manifest.folder, part, shared_data)}
    for each in manifest.accuracy:
        assert abs(again[each.id] - each.value) <= slack, each.id


@pytest.mark.parametrize("name", NAMES)
def test_every_name_in_an_answer_has_words_for_people(name):
    answer = schemas(name)[1]
    shapes_in = [answer, *answer.get("$defs", {}).values()]
    said = {field for shape in shapes_in for field in shape.get("properties", {})}
    assert said <= set(named.TITLES)


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("与GB/T 30240.2-2017一致", "as GB/T 30240.2-2017 has it"),
        ("“安定门内”的拼音与 antingmennei 不符", "“安定门内” is not spelt antingmennei in Pinyin"),
        ("物业 · 1.3 · 首句\n电梯 · 0.1 · 片段", "物业 · 1.3 · first sentence\n电梯 · 0.1 · learnt piece"),
        ("逐词与GB/T 30240.3–.10-2017一致；专名按意译，未核对",
         "word by word as GB/T 30240.3–.10-2017 has it; the name is translated by its meaning, which was not checked"),
        ("校验位不符 / the check character does not fit", "the check character does not fit"),
        ("无此说法", "无此说法"),
    ],
)  # fmt: skip
def test_reasons_are_told_in_english_too(said, english):
    assert named.value("reasons", said, english=True) == english
    assert named.value("reasons", said) == said


def test_what_is_inside_a_cell_is_in_words():
    parts = [{"level": "city", "text": "北京市", "start": 0}, {"level": "zone", "text": "科技园", "start": 3}]
    (found,) = shown.parts({"results": [{"address": "北京市科技园", "parts": parts}]})
    assert found["rows"] == [["北京市科技园", "市 · 北京市 · 起点 0\n园区 · 科技园 · 起点 3"]]


@pytest.mark.parametrize("name", NAMES)
def test_the_test_page_sends_what_the_sample_says(name):
    schema, sample = schemas(name)[0], manifests()[name].samples[0].input
    fields = forms.fields(schema, sample, "zh")
    sent = {each["name"]: str(each["value"]) for each in fields if each["kind"] not in {"checkbox", "file"}}
    files = {
        each["name"]: base64.b64decode(sample[each["name"]]) for each in fields if each["kind"] == "file"
    }
    whole = shapes(manifests()[name])[0]
    assert whole.model_validate(forms.read(schema, sent, files)) == whole.model_validate(sample)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_parsing_never_fails_and_keeps_the_text(text):
    from hutong.market.modules.address_parse.run import parsed

    found = parsed(text)
    at = 0
    for each in found.parts:
        assert text[each.start : each.start + len(each.text)] == each.text
        assert each.start >= at
        at = each.start + len(each.text)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="王伟先生电话138001234567身份证京A.@x东城区路1号院", max_size=60))
def test_what_is_found_does_not_overlap(text):
    spots = finding.spots(text)
    assert all(one.end <= other.start for one, other in pairwise(spots))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("昨天黄军建和李秀英在楼下争吵", ["黄军建", "李秀英"]),
        ("王女士与欧阳志远先生来访", ["王", "欧阳志远"]),
        ("主管中心称，公司开发普通道路方面于是安全文明", []),
        ("黄兴镇、阳光城、万国路与东方红小学", []),
        ("孙先生、胡书记", ["孙"]),
        ("", []),
    ],
)
def test_names_are_found_and_words_are_none(text, names):
    found = [text[each.start : each.end] for each in finding.spots(text) if each.kind == "name"]
    assert found == names


def test_a_number_without_its_check_digit_is_no_identity_number():
    assert [each.kind for each in finding.spots("证11010519491231002X")] == ["id_number"]
    assert "id_number" not in [each.kind for each in finding.spots("证110105194912310021")]


def test_geocoding_says_why():
    gazetteer = Gazetteer(AREAS)
    inside = gazetteer.point("", 116.41, 39.91)
    assert (inside.level, inside.grid, inside.confidence) == ("grid", "110101010001001", 0.95)
    edge = gazetteer.point("", 116.40001, 39.91)
    assert edge.confidence < 0.7
    assert "距边界" in edge.reasons[-1]
    assert gazetteer.point("", 121.0, 31.0).level == "outside"
    assert gazetteer.address("东城区和平里街道兴化社区3号楼").community_code == "110101010001"
    assert gazetteer.address("北京市朝阳区兴化社区").level == "outside"
    with pytest.raises(Unfit):
        Gazetteer({})


def test_a_verdict_on_a_sign_names_its_standard():
    verdict = check(Sign(zh="省道", en="Provincial Rd"))
    assert verdict.verdict == "conflict"
    assert {each.standard for each in verdict.basis} == {"GB/T 30240.2", "DB11/T 334"}
    assert all(each.edition and each.context for each in verdict.basis)
    assert check(Sign(zh="时光隧道体验舱", en="Time Cabin")).verdict == "unknown"
    assert check(Sign(zh="小心地滑", en="Slip Carefully")).verdict == "differs"


@pytest.mark.parametrize(
    ("zh", "en", "verdict"),
    [
        ("安定门内大街", "Andingmennei St", "conforms"),
        ("安定门内大街", "Antingmennei Street", "differs"),
        ("安定门内大街", "ANDINGMENNEI DAJIE", "conflict"),
        ("西单北大街", "XIDAN North St", "conforms"),
        ("牛街", "NIUJIE St", "conforms"),
        ("和平里医院", "Hospital Hepingli", "differs"),
        ("和平里医院", "Hepingli Hospital", "conforms"),
        ("太和殿", "Hall of Supreme Harmony", "conforms"),
        ("太和殿", "Taihu Hall", "differs"),
        ("中关村一桥", "Zhongguancun Bridge 1", "conforms"),
        ("四环路", "Fourth Ring Road", "conforms"),
        ("四环路", "5th Ring Rd", "differs"),
        ("请勿乱扔废弃物", "Do Not Litter", "conforms"),
        ("芳园北里", "FANGYUAN BEILI", "conforms"),
        ("重庆饭店", "Chongqing Hotel", "conforms"),
        ("无障碍电梯", "Accessible Elevator", "conforms"),
        ("龘靐齉", "Something", "unknown"),
    ],
)
def test_a_sign_is_read_word_by_word(zh, en, verdict):
    assert check(Sign(zh=zh, en=en)).verdict == verdict


def _png(width, height):
    """A file that says it is huge and holds next to nothing."""

    def chunk(kind, body):
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "body",
    [
        _png(60_000, 60_000),
        _png(3, 3),
        _png(400, 400),
        b"GIF89a" + b"\0" * 100,
        b"\xff\xd8\xff" + b"\0" * 100,
        b"%PDF-1.7\n" + b"\0" * 100,
        b"PK\x03\x04" + b"\0" * 100,
        b"tiny",
    ],
)
def test_an_image_is_checked_before_it_is_opened(body):
    with pytest.raises(Unfit):
        pictures.picture(base64.b64encode(body).decode(), 1)


def test_an_image_is_brought_to_size():
    body = io.BytesIO()
    Image.new("L", (4000, 1000)).save(body, "PNG")
    assert pictures.picture(base64.b64encode(body.getvalue()).decode(), 1).size == (2600, 650)
    with pytest.raises(Unfit):
        pictures.picture("not base64 at all!", 1)
