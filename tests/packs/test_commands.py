"""The command as a person or a program meets it."""

import json

import pytest
from click.testing import CliRunner

from hutong.kernel import doctor
from hutong.packs.commands import pack
from hutong.packs.report import width


def run(*arguments):
    return CliRunner().invoke(pack, arguments)


def test_check_shows_the_line_a_caret_and_the_fix_in_both_languages(lane):
    lane.change("organisations.yaml", "kind: bureau", "kinds: bureau")
    lane.change("systems.yaml", "title: {zh: 平台, en: Platform}", "title: {zh: 平台, en: 平台}")
    result = run("check", str(lane.folder))
    assert result.exit_code == 1
    lines = result.output.splitlines()
    at = next(number for number, line in enumerate(lines) if "organisations.yaml:8:3" in line)
    assert lines[at].endswith("[1].kinds  [unknown-key]")
    assert lines[at + 1] == "    8 │   kinds: bureau"
    assert lines[at + 2] == " " * 10 + "^"
    assert "是否想写 kind？" in lines[at + 3]
    assert "did you mean kind?" in lines[at + 4]
    wide = next(number for number, line in enumerate(lines) if "zh: 平台, en: 平台" in line)
    assert width(lines[wide][: lines[wide].index("en:")]) == lines[wide + 1].index("^")
    assert lines[-1] == "✗ lane: 3 个问题 · 3 problem(s)"


def test_a_long_line_is_shown_around_the_place(lane):
    long = "，".join(f"第{number}项" for number in range(80))
    lane.change(
        "systems.yaml", "title: {zh: 平台, en: Platform}", f"title: {{zh: {long}, on: x, en: {long}}}"
    )
    lines = run("check", "lane").output.splitlines()
    at = next(number for number, line in enumerate(lines) if "title.on" in line)
    assert lines[at + 1].startswith("    2 │ …")
    assert lines[at + 1].endswith("…")
    assert width(lines[at + 1][: lines[at + 1].index("on: x")]) == lines[at + 2].index("^")


def test_the_doctor_says_whether_the_pack_is_sound(lane, monkeypatch):
    monkeypatch.setenv("HUTONG_PACK", "lane")
    assert doctor.examine()["packs.installed"].ok
    lane.change("areas.yaml", "kind: belt", "kind: bell")
    finding = doctor.examine()["packs.installed"]
    assert not finding.ok
    assert "areas.yaml:3" in finding.what.en
    assert "hutong pack check lane" in finding.fix.en


def test_check_for_a_program(lane):
    lane.change("areas.yaml", "kind: belt", "kind: bell")
    result = run("check", "lane", "--json")
    assert result.exit_code == 1
    (row,) = json.loads(result.output)
    assert (row["pack"], row["ok"]) == ("lane", False)
    (problem,) = row["problems"]
    assert (problem["file"], problem["line"], problem["column"], problem["key"]) == (
        "areas.yaml",
        3,
        3,
        "[0].kind",
    )
    assert problem["code"] == "wrong-choice"
    assert set(problem["fix"]) == {"zh", "en"}


def test_without_a_name_every_pack_is_checked(lane):
    result = run("check")
    assert result.exit_code == 0
    assert result.output.splitlines() == ["✓ lane: 没有问题 · no problems", "✓ air: 没有问题 · no problems"]


def test_list_and_show(lane):
    assert run("list").output.splitlines() == [
        "district  lane  胡同区 · Lane District",
        "solution  air  空气质量 · Air quality",
    ]
    found = json.loads(run("show", "lane", "--json").output)
    assert found["sections"]["plans"]["items"] == 1
    assert found["sources"][0]["published"] == "2021-11-07"
    assert "organisations" in run("show", "lane").output


def test_schemas_are_written_for_editors(lane, tmp_path):
    result = run("schema", str(tmp_path / "schemas"))
    assert result.exit_code == 0
    schema = json.loads((tmp_path / "schemas/organisations.schema.json").read_text("utf8"))
    assert schema["type"] == "array"
    assert schema["items"]["additionalProperties"] is False
    assert json.loads((tmp_path / "schemas/pack.schema.json").read_text("utf8"))["type"] == "object"


@pytest.mark.django_db
def test_apply_makes_the_organisations(lane):
    from hutong.accounts.organisations import organisations

    assert run("apply", "lane").exit_code == 0
    assert [each.id for each in organisations()] == ["government", "statistics-bureau"]
    assert run("apply", "lane").exit_code == 0
    assert len(organisations()) == 2
