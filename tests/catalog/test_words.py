"""Words: Chinese exactly, whatever their length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.catalog.errors import BadQuery
from hutong.catalog.logic import words


@pytest.mark.parametrize(("text", "expected"), [
    ("重点企业 monthly", ["重", "点", "企", "业", "monthly"]),
    ("PM2.5 浓度（μg）", ["pm2", "5", "浓", "度", "μg"]),
    ("ＡＢＣ１２", ["abc12"]),
    ("", []),
    ("，。！", []),
    ("12345热线", ["12345", "热", "线"]),
])  # fmt: skip
def test_words(text, expected):
    assert words.words(text) == expected


def test_a_query_is_phrases_that_must_all_be_found():
    assert words.fts5("企业 monthly") == '"企 业" AND "monthly" *'
    assert words.tsquery("企业 monthly") == "('企' <-> '业') & ('monthly':*)"
    assert words.fts5("，") == ""


def test_a_query_has_a_bound():
    with pytest.raises(BadQuery) as told:
        words.fts5("长" * 201)
    assert told.value.facts["limit"] == 200


@given(st.text(max_size=200))
def test_any_text_becomes_a_query(text):
    assert isinstance(words.fts5(text), str)
    assert isinstance(words.tsquery(text), str)
    assert words.fragment(text, text)


def test_fragment_shows_where_it_was_found():
    shown = words.fragment("区级重点企业的月度运行情况，包括收入与税收", "企业")
    assert ("企业", True) in shown
    assert "".join(part for part, _ in shown) == "区级重点企业的月度运行情况，包括收入与税收"
