"""No small count follows from what is shown: neither by subtraction along a line nor from all sums together."""

from itertools import combinations, product

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.portal.logic.small_counts import withheld


def table(*sizes: int) -> st.SearchStrategy[dict[tuple[int, ...], int]]:
    places = list(product(*(range(each) for each in sizes)))
    counts = st.lists(
        st.one_of(st.integers(0, 4), st.integers(0, 40)), min_size=len(places), max_size=len(places)
    )
    return counts.map(lambda found: {place: n for place, n in zip(places, found, strict=True) if n})


tables = st.one_of(table(7), table(3, 4), table(4, 5), table(3, 3, 3), table(2, 2, 2, 2))


def margin(cells, columns):
    found = {}
    for cell, count in cells.items():
        key = tuple(cell[each] for each in columns)
        found[key] = found.get(key, 0) + count
    return found


def attack(cells, minimum):
    """What somebody learns who asks for every table by every choice of columns and solves all equations together.

    A combination that nobody has is not told apart from one that is withheld, so every combination is unknown.
    """
    width = len(next(iter(cells)))
    every = list(product(*(sorted({cell[place] for cell in cells}) for place in range(width))))
    equations, secrets = [], []
    for size in range(width + 1):
        for columns in combinations(range(width), size):
            part = margin(cells, columns)
            gone = withheld(part, minimum)
            for key, count in part.items():
                line = np.array([tuple(c[e] for e in columns) == key for c in every], float)
                if key not in gone:
                    assert count >= minimum
                    equations.append(line)
                elif count < minimum:
                    secrets.append((columns, key, line))
    told = []
    if equations:
        known = np.array(equations)
        rank = np.linalg.matrix_rank(known)
        told = [(c, k) for c, k, line in secrets if np.linalg.matrix_rank(np.vstack([known, line])) == rank]
    return told


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables.filter(bool), st.integers(2, 8))
def test_nothing_small_is_told_by_all_tables_together(cells, minimum):
    assert attack(cells, minimum) == []


def test_a_lone_small_cell_takes_another_with_it():
    assert withheld({("a",): 2, ("b",): 40, ("c",): 7}, 5) == {("a",), ("c",)}
    assert withheld({("a",): 20, ("b",): 40}, 5) == frozenset()
    assert withheld({(): 3}, 5) == {()}
    assert withheld({}, 5) == frozenset()


def test_what_a_margin_withholds_is_withheld_by_the_finer_table():
    cells = {("a", 1): 2, ("c", 1): 20, ("b", 2): 6, ("d", 2): 50}
    assert withheld(margin(cells, (0,)), 5) == {("a",), ("b",)}
    assert ("b", 2) in withheld(cells, 5), "shown here it would be all there is of b"


def test_a_cell_that_only_all_equations_together_tell():
    """Two rings of withheld cells joined by a bridge: each line has two, and the bridge follows all the same."""
    big = 30
    cells = {(r, c): big for r in range(4) for c in range(4)}
    for place in ((0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3)):
        cells[place] = 3
    cells[1, 2] = 2
    assert attack(cells, 5) == []


def test_many_small_ones_withhold_the_whole_table():
    cells = {(a, b): 1 for a in range(40) for b in range(40)}
    assert withheld(cells, 5) == frozenset(cells)
