"""One behaviour of search on every database: this suite also runs on PostgreSQL."""

import pytest

from hutong.catalog import search

pytestmark = [pytest.mark.store, pytest.mark.django_db]

ENTRIES = {
    "urn:a": ("重点企业月度运行", "规模以上企业的营业收入、税收与从业人员"),
    "urn:b": ("企业登记信息", "统一社会信用代码 USCC、住所、注册资本"),
    "urn:c": ("空气质量小时值", "PM2.5 与 PM10 浓度，东四、天坛两站"),
    "urn:d": ("业企倒置", "只有颠倒的字"),
    "urn:e": ("Key firms, monthly", "Revenue of enterprises in Dongcheng"),
}


@pytest.fixture(autouse=True)
def _filled():
    for word in (*"abcdefghijklmnopqrstuvwxyz", "数", "业"):  # what tests that commit have left in the index
        for left in search.matching(word):
            search.drop(left)
    for urn, (title, body) in ENTRIES.items():
        search.put(urn, title, body)


@pytest.mark.parametrize(("query", "expected"), [
    ("企业", {"urn:a", "urn:b"}),  # two characters, exactly; not 业企
    ("业企", {"urn:d"}),
    ("税", {"urn:a"}),  # one character
    ("空气质量", {"urn:c"}),
    ("质量空气", set()),  # the order counts
    ("企业 收入", {"urn:a"}),  # both phrases
    ("uscc", {"urn:b"}),
    ("USCC", {"urn:b"}),
    ("ＵＳＣＣ", {"urn:b"}),  # full-width
    ("rev", {"urn:e"}),  # the beginning of a Latin word
    ("venue", set()),  # not its middle
    ("pm2.5", {"urn:c"}),
    ("天坛", {"urn:c"}),
    ("四天", {"urn:c"}),  # 东四、天坛: a mark between them does not part a phrase
    ("没有", set()),
    ("", set()),
    ('" OR 1=1 --', set()),
    ("' | 企", {"urn:a", "urn:b", "urn:d"}),  # marks are not operators
    ("NEAR(企 业)", set()),
])  # fmt: skip
def test_finds_exactly(query, expected):
    found = set(search.matching(query))
    assert found == expected


def test_a_word_of_the_title_weighs_more():
    assert search.matching("企业")[0] in {"urn:a", "urn:b"}
    search.put("urn:f", "别的", "企业 " * 3)
    assert list(search.matching("企业"))[-1] == "urn:f"


def test_what_is_put_again_replaces_and_what_is_dropped_is_gone():
    search.put("urn:a", "改名", "无")
    assert list(search.matching("月度")) == []
    assert list(search.matching("改名")) == ["urn:a"]
    search.drop("urn:a")
    assert list(search.matching("改名")) == []


def test_long_words_and_many_of_them_are_kept_and_found_by_their_beginning():
    """PostgreSQL takes no word of 2 KB and no million bytes of them."""
    search.put("urn:a", "长", "q" * 100_000)
    search.put("urn:b", "多", " ".join(f"{number:05}{'w' * 95}" for number in range(16_000)))
    assert list(search.matching("q" * search.words.MAX_QUERY)) == ["urn:a"]
    assert list(search.matching("q" * 50)) == ["urn:a"]
    assert list(search.matching("00007")) == ["urn:b"]
    assert list(search.matching("多")) == ["urn:b"]
