"""Whatever is done to a valid pack, the checker answers, and says it in both languages at a real place."""

import copy
import shutil
from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.packs import api
from hutong.packs import folder as files
from hutong.packs.logic.reading import read

FILES = ["pack.yaml", "organisations.yaml", "areas.yaml", "systems.yaml", "plans/science-2021-2025.yaml"]
KEYS = st.sampled_from(["zh", "en", "id", "x", "reference", "source"])
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1, 1, 1), date(9999, 12, 31)),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12),
    st.lists(st.integers(0, 9), max_size=3),
    st.dictionaries(KEYS, st.text("ab中 {}", max_size=4), max_size=3),
)


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """A copy of a real district's core files, and what they hold."""
    folder = tmp_path_factory.mktemp("packs") / "beijing-xicheng"
    original = files.root() / "districts/beijing-xicheng"
    for file in FILES:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(original / file, folder / file)
    assert api.check(folder) == []
    return folder, {file: yaml.safe_load((folder / file).read_text("utf8")) for file in FILES}


def paths(data, at=()):
    yield at
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inner:
        yield from paths(value, (*at, key))


def holder(data, path):
    for step in path[:-1]:
        data = data[step]
    return data


def check(folder, file, data):
    """Check the pack with one file replaced; the file is put back."""
    kept = (folder / file).read_bytes()
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    try:
        (folder / file).write_text(text, "utf8")
        problems = api.check(folder)
    finally:
        (folder / file).write_bytes(kept)
    for each in problems:
        assert each.expected.zh
        assert each.expected.en
        assert each.fix.zh
        assert each.fix.en
        assert "{" not in each.fix.en.replace("{key: value}", "")
        if each.file == file:
            assert 1 <= each.line <= len(text.splitlines()) + 1
        assert str(each)
        assert each.as_dict()["message"]["zh"]
    return problems


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_key_renamed_is_told(data, pack):
    folder, content = pack
    file = data.draw(st.sampled_from(FILES))
    changed = copy.deepcopy(content[file])
    named = [path for path in paths(changed) if path and isinstance(path[-1], str)]
    path = data.draw(st.sampled_from(named))
    inside = holder(changed, path)
    new = data.draw(st.text("abcxyz_", min_size=1, max_size=8)) + "q"
    entries = [(new if key == path[-1] else key, value) for key, value in inside.items()]
    inside.clear()
    inside.update(entries)
    found = check(folder, file, changed)
    assert any(each.code == "unknown-key" and each.key.endswith(new) for each in found)


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_value_replaced_or_dropped_is_survived(data, pack):
    folder, content = pack
    file = data.draw(st.sampled_from(FILES))
    changed = copy.deepcopy(content[file])
    path = data.draw(st.sampled_from([each for each in paths(changed) if each]))
    inside = holder(changed, path)
    if data.draw(st.booleans()):
        inside[path[-1]] = data.draw(VALUES)
    else:
        del inside[path[-1]]
    check(folder, file, changed)


@settings(max_examples=40, deadline=None)
@given(value=VALUES, file=st.sampled_from(FILES))
def test_a_file_of_anything_is_survived(value, file, pack):
    assert check(pack[0], file, value) or value == []


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200), st.text("ab:-[]{}\"'#&*!|>%@` \n\t,?中é\ufeff", max_size=60).map(str.encode)
    )
)
def test_any_bytes_are_read_or_refused(content):
    tree = read("p", "f.yaml", content)
    assert tree.read or tree.problems
    for each in tree.problems:
        assert each.line >= 1
        assert each.column >= 1
