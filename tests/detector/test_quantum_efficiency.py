from __future__ import annotations

import numpy as np
import pytest

from skyforge.detector import QuantumEfficiency, quantum_efficiency
from skyforge.errors import InputError


def test_a_curve_is_linear_between_its_points_and_zero_outside():
    curve = QuantumEfficiency(np.array([400.0, 500.0, 900.0]), np.array([0.5, 0.9, 0.1]))
    assert quantum_efficiency(curve, [399.0, 400.0, 450.0, 700.0, 900.0, 901.0]) == pytest.approx(
        [0.0, 0.5, 0.7, 0.5, 0.1, 0.0]
    )


def test_a_constant_holds_everywhere():
    assert quantum_efficiency(0.8, [200.0, 2000.0]).tolist() == [0.8, 0.8]


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), 80.0])
def test_more_than_all_photons_cannot_be_detected(value):
    with pytest.raises(InputError, match="between 0 and 1"):
        quantum_efficiency(value, [500.0])
    with pytest.raises(InputError, match="between 0 and 1"):
        QuantumEfficiency(np.array([400.0, 500.0]), np.array([0.5, value]))


@pytest.mark.parametrize("wavelength", [[400.0], [500.0, 400.0], [400.0, 400.0]])
def test_a_curve_needs_rising_wavelengths(wavelength):
    with pytest.raises(InputError, match="wavelengths"):
        QuantumEfficiency(np.array(wavelength), np.full(len(wavelength), 0.5))
