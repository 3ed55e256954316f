"""Counts are hidden so that they follow from nothing that stays."""

from hypothesis import given
from hypothesis import strategies as st

from hutong.kernel.suppression import suppress


def test_a_small_count_takes_the_next_smallest_with_it() -> None:
    assert suppress({"a": 2, "b": 40, "c": 7, "d": 0}, 5) == {"a": None, "b": 40, "c": None, "d": 0}
    assert suppress({"a": 2, "b": 40}, 5, total=False) == {"a": None, "b": 40}
    assert suppress({"a": 5, "b": 0}, 5) == {"a": 5, "b": 0}
    assert suppress({"a": 1, "b": 1, "c": 9}, 5) == {"a": None, "b": None, "c": None}
    assert suppress({"a": 3, "b": 0}, 5) == {"a": None, "b": None}


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 30), max_size=12), st.integers(1, 12))
def test_no_hidden_count_follows_from_the_total(counts: dict[str, int], minimum: int) -> None:
    found = suppress(counts, minimum)
    hidden = [counts[key] for key, value in found.items() if value is None]
    assert all(value is None or value == 0 or value >= minimum for value in found.values())
    assert all(value is None or value == counts[key] for key, value in found.items())
    if hidden and len(counts) > 1:
        assert len(hidden) >= 2
        assert sum(hidden) >= minimum or all(value is None or value == 0 for value in found.values())
    if not any(0 < value < minimum for value in counts.values()):
        assert not hidden
