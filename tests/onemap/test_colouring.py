"""The legend of a coloured map."""

import pytest

from hutong.onemap.colouring import _told


@pytest.mark.parametrize(
    ("bounds", "told"),
    [
        ((6777.0, 7000.0, 9000.0, 10000.0, 12000.0, 12574.0),
         ["6,777", "7,000", "9,000", "10,000", "12,000", "12,574"]),
        ((120_000.0, 350_000.0, 1_250_000.0), ["12 万", "35 万", "125 万"]),
        ((1_000_000.0, 1_000_010.0, 1_000_020.0), ["1,000,000", "1,000,010", "1,000,020"]),
        ((3.0, 3.0), ["3", "3"]),
        ((), []),
    ],
)  # fmt: skip
def test_two_bounds_never_look_the_same(bounds: tuple[float, ...], told: list[str]) -> None:
    assert _told(bounds, 0) == told
