"""WGS 84 to GCJ-02, for the one source that is written in it. The published approximation; good to a metre or so."""

import numpy as np

from hutong.demo.logic.draw import Floats

_A, _EE = 6378245.0, 0.00669342162296594323


def to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Degrees in, degrees out, six decimals."""
    x, y = lon - 105.0, lat - 35.0
    wave = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    north += (wave + 20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    east += (wave + 20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    angle = np.radians(lat)
    magic = 1 - _EE * np.sin(angle) ** 2
    north = north * 180.0 / ((_A * (1 - _EE)) / (magic * np.sqrt(magic)) * np.pi)
    east = east * 180.0 / (_A / np.sqrt(magic) * np.cos(angle) * np.pi)
    return np.round(lon + east, 6), np.round(lat + north, 6)
