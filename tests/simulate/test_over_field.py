"""Functions known from a few places of a field."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge import orbits
from skyforge.simulate.over_field import ORDER, smooth_over_field


def _field(width_deg, centre=(0.3, -0.5, 0.81)):
    middle = np.array(centre) / np.linalg.norm(centre)
    right = np.cross(middle, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    x, y = np.meshgrid(*2 * [np.tan(np.radians(0.5 * width_deg)) * np.linspace(-1.0, 1.0, 17)])
    sight = middle + x.reshape(-1, 1) * right + y.reshape(-1, 1) * np.cross(right, middle)
    return sight / np.linalg.norm(sight, axis=1)[:, None]


@pytest.mark.parametrize("power", [-1.0, -2.5, -4.0])
def test_a_power_of_the_distance_from_a_point_four_widths_away(power):
    field = _field(3.0)
    source = _field(1e-9)[0] @ _rotation(13.5)
    exact = orbits.angular_separation_rad(field, source) ** power
    few = smooth_over_field(field, lambda sight: orbits.angular_separation_rad(sight, source) ** power)
    assert np.abs(few / exact - 1.0).max() < 1e-3


def _rotation(angle_deg):
    cosine, sine = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    return np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]])


def test_it_asks_no_more_often_than_it_must():
    asked = []

    def count(sight):
        asked.append(len(sight))
        return np.ones(len(sight))

    assert np.allclose(smooth_over_field(_field(2.0), count), 1.0)
    assert smooth_over_field(_field(2.0)[:7], count).shape == (7,)
    assert asked == [ORDER**2, 7]
