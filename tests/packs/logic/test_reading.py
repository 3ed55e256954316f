"""YAML as the pack language reads it: values, places, and everything it refuses."""

from datetime import date

import pytest

from hutong.packs.logic.reading import read
from hutong.packs.types import Mark


def tree(text: str | bytes):
    return read("p", "f.yaml", text if isinstance(text, bytes) else text.encode())


def test_values_are_texts_numbers_dates_and_nothing_else():
    found = tree(
        "a: 1\nb: -1.5\nc: true\nd: null\ne: 2021-11-07\nf: yes\ng: 010\nh: 1234567890123456\n"
        "i: '5'\nj: 2021-13-01\nk: 1:30\n2025: x\nl:\n"
    )
    assert found.problems == []
    assert found.data == {
        "a": 1,
        "b": -1.5,
        "c": True,
        "d": None,
        "e": date(2021, 11, 7),
        "f": "yes",
        "g": "010",
        "h": "1234567890123456",
        "i": "5",
        "j": "2021-13-01",
        "k": "1:30",
        2025: "x",
        "l": None,
    }


def test_every_key_path_has_its_line_and_column():
    found = tree("题: {甲: 一, 乙: 二}\nlist:\n  - a: 1\n  - b:\n      c: 2\n")
    assert found.marks["题",] == Mark(1, 1)
    assert found.marks["题", "乙"] == Mark(1, 11)
    assert found.marks["list", 1, "b", "c"] == Mark(5, 7)
    assert found.mark(("list", 1, "b", "x", "y")) == Mark(4, 5)


REFUSED = [
    ("tab", "a: 1\n\tb: 2\n", 2, 1, "TAB"),
    ("tab", "a:\n  \tb: 2\n", 2, 3, "TAB"),
    ("control-character", "a: x\x07\n", 1, 5, "U+0007"),
    ("not-utf-8", "a: 1\n标题: 东城区\n".encode("gb18030"), 2, 1, "GB18030"),
    ("not-utf-8", "\ufeffa: 1\n标题: 一\n".encode("utf-16-le"), 1, 1, "UTF-16"),
    ("not-utf-8", b"a: \xff\xff\xff\n", 1, 1, "binary"),
    ("too-large", b"a: " + b"x" * 2**20, 1, 1, "1048579 B"),
    ("too-deep", "[" * 100_000, 1, 42, ""),
    ("too-deep", "a: " + "{a: " * 60 + "1" + "}" * 60, 1, 164, ""),
    ("empty-file", "", 1, 1, ""),
    ("empty-file", "# nothing\n", 1, 1, ""),
    ("many-documents", "a: 1\n---\nb: 2\n", 2, 1, "---"),
    ("syntax", "a: b: c\n", 1, 5, "mapping values are not allowed in this context"),
    ("syntax", "a: 'x\n", 2, 1, "found unexpected end of stream"),
    ("syntax", "a: [1, 2\nb: 3\n", 2, 2, "did not find expected ',' or ']'"),
    ("syntax", "a: @x\n", 1, 4, "found character that cannot start any token"),
]


@pytest.mark.parametrize(("code", "text", "line", "column", "found"), REFUSED)
def test_a_file_that_cannot_be_read_is_refused_at_its_place(code, text, line, column, found):
    result = tree(text)
    assert not result.read
    assert result.data is None
    (problem,) = result.problems
    assert (problem.code, problem.line, problem.column, problem.found) == (code, line, column, found)
    assert problem.expected.zh
    assert problem.expected.en
    assert problem.fix.zh
    assert problem.fix.en


BLAMED = [
    ("duplicate-key", "a: 1\nb: 2\na: 3\n", 3, 1, "a", "a"),
    ("duplicate-key", "a: {b: 1, b: 2}\n", 1, 11, "a.b", "b"),
    ("anchor-or-tag", "a: &x 1\n", 1, 4, "a", "&x"),
    (
        "anchor-or-tag",
        "a: !!python/object:os.system x\n",
        1,
        4,
        "a",
        "tag:yaml.org,2002:python/object:os.system",
    ),
    ("anchor-or-tag", "a: !secret x\n", 1, 4, "a", "!secret"),
    ("not-a-key", "? [a, b]\n: 1\n", 1, 3, "", ""),
]


@pytest.mark.parametrize(("code", "text", "line", "column", "key", "found"), BLAMED)
def test_form_that_the_language_does_not_have(code, text, line, column, key, found):
    (problem,) = tree(text).problems
    assert (problem.code, problem.line, problem.column, problem.key, problem.found) == (
        code,
        line,
        column,
        key,
        found,
    )


def test_a_bomb_of_aliases_does_not_unfold():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    found = tree("\n".join(lines))
    assert found.data["a11"] == [None] * 9
    assert {each.code for each in found.problems} == {"anchor-or-tag"}


def test_a_byte_order_mark_is_no_fault():
    assert tree("\ufeffa: 1\n").data == {"a": 1}
