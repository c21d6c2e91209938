"""What a source lies on: the sky of its own place, and the disc that it passes before."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge import simulate
from skyforge.scenario import Scenario
from skyforge.simulate.background import spread_over_frame
from skyforge.simulate.pixel_noise import PixelNoise


def test_the_level_is_that_of_the_frame_s_map() -> None:
    random = np.random.default_rng(1)
    grid, discs = random.uniform(1.0, 9.0, (17, 17)), random.uniform(0.0, 5.0, (60, 90)).astype(np.float32)
    noise = PixelNoise((60, 90), grid, discs, 0.5, 2.0, 1e5)
    y, x = np.mgrid[0:60, 0:90].reshape(2, -1).astype(float)
    expected = spread_over_frame(grid, (60, 90)) + discs + 0.5
    np.testing.assert_allclose(noise.level_e(x, y), expected.ravel(), rtol=1e-12)
    np.testing.assert_array_equal(
        noise.level_e(np.array([-40.0]), np.array([1e4])), noise.level_e(np.array([0.0]), np.array([59.0]))
    )


def test_beside_the_earth_a_satellite_is_lost_that_is_found_at_the_far_edge_of_the_field() -> None:
    """Of two alike in the geostationary ring, the one nearer to the Earth's limb lies in more stray light."""
    exposure = simulate.exposure(
        simulate.plan(
            Scenario(
                telescope={"preset": "lunar-15cm-f2"},
                observer={"orbit": "lunar-elfo-24h"},
                stars={"catalogs": [], "synthetic": False, "limit": 10.0},
                targets=[
                    {
                        "name": name,
                        "kepler": {"center": "earth", "semi_major_axis": "42164 km", "true_anomaly": angle},
                        "model": {"kind": "specular_sphere", "diameter": "5 m"},
                    }
                    for name, angle in (("NEAR", "25 deg"), ("FAR", "28 deg"), ("ASIDE", "40 deg"))
                ],
                pointing={"target": "FAR"},
            )
        ),
        0,
    )
    rows = {row["name"]: row for row in exposure.truth.to_pylist()}
    columns, lines = exposure.background_e.shape
    assert exposure.background_e.max() > 1.2 * exposure.background_e.min()
    order = sorted(rows.values(), key=lambda row: -_sky(exposure, row))
    signal = [row["snr"] / row["electrons"] for row in order]
    assert (columns, lines) == (17, 17)
    assert signal == sorted(signal)


def _sky(exposure: simulate.Exposure, row: dict) -> float:
    noise = PixelNoise((2048, 2048), exposure.background_e, exposure.discs_e, 0.0, 0.0, 1e9)
    return float(noise.level_e(np.array([row["x"]]), np.array([row["y"]]))[0])


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (2, 2)])
def test_the_smallest_frames_have_a_level(shape: tuple[int, int]) -> None:
    noise = PixelNoise(shape, np.full((17, 17), 3.0), None, 1.0, 2.0, 1e5)
    assert noise.level_e(np.zeros(1), np.zeros(1))[0] == pytest.approx(4.0)
