"""Every rule of the checker: a failing example, and where and what it says."""

# ruff: noqa: E501 - a rule a line reads as a table

import pytest

from hutong.packs import api
from hutong.packs.errors import BadPack, NoSuchPack

P, ORGS, A, S, L = "pack.yaml", "organisations.yaml", "areas.yaml", "systems.yaml", "plans/plan-2021.yaml"

# file, what is there, what is written instead, line, column, key, code, found, part of expected, fix
RULES = [
    # the manifest
    (P, "id: lane", "id: line", 1, 1, "id", "wrong-id", "line", "the name of the folder, lane", "write lane"),
    (P, "id: lane", "id: Lane_One", 1, 1, "id", "bad-id", "Lane_One", "kebab-case", "write lane-one"),
    (P, "id: lane", "id: 胡同", 1, 1, "id", "bad-id", "胡同", "kebab-case", "lower-case letters"),
    (P, "kind: district", "kind: distict", 2, 1, "kind", "wrong-choice", "distict", "one of district, solution", "write district"),
    (P, 'division: "110101"\n', "", 1, 1, "division", "missing-key", "", "six-digit division code", 'division: "110101"'),
    (P, '"110101"', "110101", 4, 1, "division", "wrong-value", "110101", "a text", 'put it in quotes: "110101"'),
    (P, '"110101"', '"1101"', 4, 1, "division", "wrong-value", "1101", "matches ^([0-9]{6})?$", "change it"),
    (P, "needs: [air]", "needs: air", 5, 1, "needs", "wrong-value", "air", "a list", "[a, b]"),
    (P, "needs: [air]", "needs: [aire]", 5, 9, "needs[0]", "unknown-pack", "aire", "packs/solutions", "did you mean air?"),
    (P, "needs: [air]", "needs: [elderly-care]", 5, 9, "needs[0]", "unknown-pack", "elderly-care", "packs/solutions", "make packs/solutions/elderly-care/pack.yaml"),
    (P, "2021-11-07", "last autumn", 9, 5, "sources[0].published", "wrong-value", "last autumn", "a date such as 2021-11-07", "change it"),
    (P, "sources:", "sources:\n  - {id: plan, title: {zh: 又, en: Again}}", 8, 5, "sources[1].id", "duplicate-id", "plan", "an id not used yet", "merge the two"),
    (P, "title: {zh: 胡同区, en: Lane District}\n", "", 1, 1, "title", "missing-key", "", "the key title", "add the key"),
    # texts and titles
    (ORGS, ", en: District Government", "", 2, 3, "[0].title.en", "missing-key", "", "the key en", "add the key"),
    (ORGS, "en: District Government", "en: 区政府", 2, 20, "[0].title.en", "not-english", "区政府", "English without Chinese", "translate it"),
    (ORGS, "zh: 区政府", "zh: ''", 2, 11, "[0].title.zh", "empty-text", "", "a text", "write the text"),
    (ORGS, "{zh: 区政府, en: District Government}", "区政府", 2, 3, "[0].title", "wrong-value", "区政府", "keys with values: zh, en", "one key a line"),
    # keys
    (ORGS, "kind: bureau", "kinds: bureau", 8, 3, "[1].kinds", "unknown-key", "kinds", "a known key: id, title, kind", "did you mean kind?"),
    (ORGS, "kind: bureau", "zzz: bureau", 8, 3, "[1].zzz", "unknown-key", "zzz", "a known key: id, title, kind", "remove the key"),
    (ORGS, "  kind: bureau\n", "", 6, 3, "[1].kind", "missing-key", "", "the key kind", "add the key"),
    (ORGS, "  kind: bureau\n", "  kind: bureau\n  kind: bureau\n", 9, 3, "[1].kind", "duplicate-key", "kind", "each key once", "remove or rename"),
    (L, "low: 400", "lov: 400", 9, 34, "indicators[0].target.lov", "unknown-key", "lov", "text, op, low, high", "did you mean low?"),
    (L, "nature: binding", "nature: bidning", 10, 5, "indicators[0].nature", "wrong-choice", "bidning", "one of expected, binding", "write binding"),
    (L, "from: 2021", "from: soon", 3, 10, "period.from", "wrong-value", "soon", "a whole number", "change it"),
    (L, "from: 2021", "from: 1821", 3, 10, "period.from", "wrong-value", "1821", "a number not below 1950", "change it"),
    (L, "to: 2025", "to: 2020", 3, 1, "period", "wrong-value", "{from, to}", "does not end before", "mend from and to"),
    (L, "low: 400", "low: 400, high: 3", 9, 5, "indicators[0].target", "wrong-value", "{text, op, low, high}", "low not above high", "mend low and high"),
    # form of files
    (ORGS, "- id: government", "id: government", 2, 8, "", "syntax", "mapping values are not allowed in this context", "a line of valid YAML", "in quotes"),
    (A, "- id: belt\n ", "id: belt\n", 2, 7, "", "syntax", "mapping values are not allowed in this context", "a line of valid YAML", "in quotes"),
    (S, "  named_as", "\tnamed_as", 3, 1, "", "tab", "TAB", "spaces for indentation", "replace each tab"),
    (S, "大数据平台", "&p 大数据平台", 3, 13, "[0].named_as", "anchor-or-tag", "&p", "no anchor", "write the value out"),
    # ids and references
    (ORGS, "id: statistics-bureau", "id: government", 6, 3, "[1].id", "duplicate-id", "government", "government is in organisations.yaml, line 1", "choose another id"),
    (ORGS, "parent: government", "parent: goverment", 9, 3, "[1].parent", "unknown-id", "goverment", "an id declared in organisations", "did you mean government?"),
    (S, "owner: statistics-bureau", "owner: police", 5, 3, "[0].owner", "unknown-id", "police", "an id declared in organisations", "declare police in organisations first"),
    (L, "systems: [platform]", "systems: [platform, plattform]", 17, 25, "tasks[0].systems[1]", "unknown-id", "plattform", "an id declared in systems", "did you mean platform?"),
    (L, "source: plan", "source: plam", 4, 1, "source", "unknown-source", "plam", "the id of a source in pack.yaml (plan)", "did you mean plan?"),
    (A, "reference: plan 四", "reference: plans 四", 4, 3, "[0].reference", "unknown-source", "plans 四", "the id of a source in pack.yaml (plan)", "did you mean plan?"),
    (A, "reference: plan 四", "reference: 京政发〔2020〕1号", 4, 3, "[0].reference", "unknown-source", "京政发〔2020〕1号", "the id of a source in pack.yaml (plan)", "declare the document"),
    (A, "  reference: plan 四\n", "", 1, 3, "[0].reference", "missing-key", "", "the key reference", "add the key"),
    (S, "capability: A1", "capability: G1", 4, 3, "[0].capability", "wrong-value", "G1", "matches", "change it"),
    # organisations
    (ORGS, "parent: government", "parent: statistics-bureau", 9, 3, "[1].parent", "circle", "statistics-bureau", "does not lead back here", "name the real parent"),
    (ORGS, "110101000000", "110102000000", 4, 3, "[0].division", "wrong-division", "110102000000", "begins with 110101", "look it up"),
    (ORGS, "kind: bureau", 'kind: subdistrict\n  division: "110101001001"', 9, 3, "[1].division", "wrong-division", "110101001001", "ending in 000", "look it up"),
]  # fmt: skip


def test_the_pack_to_be_spoiled_is_clean(lane):
    assert api.check(lane.folder) == []
    assert api.load("lane").find("plans", "plan-2021").value.tasks[0].owner == "statistics-bureau"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule[6]}-{rule[5]}-{rule[2][:20]!r}")
def test_a_broken_rule_is_told_at_its_place(rule, lane):
    file, old, new, line, column, key, code, found, expected, fix = rule
    lane.change(file, old, new)
    problems = [each for each in api.check(lane.folder) if (each.file, each.code) == (file, code)]
    assert [(each.line, each.column, each.key) for each in problems] == [(line, column, key)]
    (problem,) = problems
    assert problem.found == found
    assert expected in problem.expected.in_("en")
    assert fix in problem.fix.in_("en")
    assert problem.expected.zh
    assert problem.fix.zh
    assert problem.pack == "lane"


def test_one_mistake_is_told_once(lane):
    """What refers to a broken item is not blamed as well."""
    lane.change(ORGS, "kind: bureau", "kind: buro")
    assert [each.key for each in api.check(lane.folder)] == ["[1].kind"]


def test_all_problems_are_told_at_once_in_the_order_of_files_and_lines(lane):
    lane.change(ORGS, "kind: bureau", "kinds: bureau")
    lane.change(A, "kind: belt", "kind: bell")
    lane.change(P, "2021-11-07", "'?'")
    found = [(each.file, each.line, each.code) for each in api.check(lane.folder)]
    assert found == [
        (A, 3, "wrong-choice"),
        (ORGS, 6, "missing-key"),
        (ORGS, 8, "unknown-key"),
        (P, 9, "wrong-value"),
    ]


def test_a_file_that_no_section_knows_is_named_with_the_nearest(lane):
    lane.write("organisation.yaml", "- id: x\n")
    lane.write("areas.yml", "- id: x\n")
    lane.write("notes/readme.txt", "not of the language, left alone")
    problems = {each.file: each for each in api.check(lane.folder)}
    assert set(problems) == {"organisation.yaml", "areas.yml"}
    assert problems["organisation.yaml"].code == "unknown-file"
    assert problems["organisation.yaml"].fix.en == "should it be organisations.yaml?"
    assert problems["areas.yml"].fix.en == "should it be areas.yaml?"


def test_a_link_out_of_the_pack_is_refused(lane):
    outside = lane.root / "secret.yaml"
    outside.write_text("- id: x\n")
    (lane.folder / "areas.yaml").unlink()
    (lane.folder / "areas.yaml").symlink_to(outside)
    (problem,) = api.check(lane.folder)
    assert (problem.file, problem.code, problem.line) == ("areas.yaml", "outside", 1)


def test_a_list_file_that_holds_no_list(lane):
    lane.write(A, "id: belt\n")
    (problem,) = api.check(lane.folder)
    assert (problem.code, problem.key, problem.found) == ("wrong-value", "", "dict")
    assert problem.expected.en == "a list"


def test_a_solution_pack_needs_no_other(lane):
    lane.write(
        "../../solutions/air/pack.yaml", "id: air\nkind: solution\ntitle: {zh: 气, en: Air}\nneeds: [air]\n"
    )
    (problem,) = api.check("air")
    assert (problem.file, problem.line, problem.key) == ("pack.yaml", 4, "needs")


def test_problems_of_a_needed_solution_carry_its_name(lane):
    lane.write("../../solutions/air/areas.yaml", "- {id: park, title: {zh: 园, en: Park}, kind: park}\n")
    (problem,) = api.check("lane")
    assert (problem.pack, problem.file, problem.key) == ("air", "areas.yaml", "[0].reference")


def test_a_solution_may_name_organisations_of_the_district_that_needs_it(lane):
    lane.write(
        "../../solutions/air/systems.yaml",
        "- {id: air, title: {zh: 气, en: Air}, capability: B4, owner: statistics-bureau, state: planned, reference: law}\n",
    )
    lane.change(
        "../../solutions/air/pack.yaml",
        "kind: solution",
        "kind: solution\nsources: [{id: law, title: {zh: 法, en: Law}}]",
    )
    assert api.check("air") == []
    assert api.check("lane") == []
    assert [item.pack for item in api.load("lane").items("systems")] == ["lane", "air"]
    lane.change("../../solutions/air/systems.yaml", "statistics-bureau", "police")
    assert [each.code for each in api.check("lane")] == ["unknown-id"]


def test_load_refuses_a_pack_with_problems_and_lists_them(lane):
    lane.change(ORGS, "kind: bureau", "kinds: bureau")
    with pytest.raises(BadPack) as caught:
        api.load("lane")
    assert [each.code for each in caught.value.facts["problems"]] == ["missing-key", "unknown-key"]
    assert "organisations.yaml:6" in str(caught.value)
    assert caught.value.status == 422


def test_a_pack_that_is_not_there(lane):
    with pytest.raises(NoSuchPack, match="nowhere"):
        api.load("nowhere")
    with pytest.raises(NoSuchPack):
        api.load("../districts/lane")


def test_the_installed_pack_is_read_again_when_a_file_changes(lane, monkeypatch):
    monkeypatch.setenv("HUTONG_PACK", "lane")
    first = api.installed()
    assert api.installed() is first
    lane.change(A, "带", "长长的带")
    assert api.installed() is first, "files are looked at once a second"
    monkeypatch.setattr(api, "_LOOK_AGAIN", 0.0)
    assert api.installed().values("areas")[0].title.zh == "长长的带"


def test_a_pack_that_passed_is_not_read_again_before_a_file_changes(lane):
    first = api.load("lane")
    assert api.load("lane") is first
    lane.change(A, "带", "长带")
    assert api.load("lane").values("areas")[0].title.zh == "长带"
    lane.write("../../solutions/air/pack.yaml", b"id: air")
    with pytest.raises(BadPack):
        api.load("lane")
    with pytest.raises(BadPack):
        api.load("lane")


def test_an_item_knows_its_lines(lane):
    item = api.load("lane").find("organisations", "statistics-bureau")
    assert item.line == 6
    assert item.lines["title.en"] == 7
    assert item.lines["parent"] == 9
    assert "[0].id" not in item.lines
