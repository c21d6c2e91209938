"""The shipped detectors are possible devices and agree with themselves."""

from __future__ import annotations

import re

import numpy as np
import pytest

from skyforge.detector import QuantumEfficiency, quantum_efficiency
from skyforge.optics import collecting_area_m2
from skyforge.photometry import star_electron_rate, top_hat
from skyforge.scenario.detector import Detector
from skyforge.scenario.preset_library import preset, presets


@pytest.mark.parametrize("name", presets("detectors"))
def test_a_preset_says_where_its_numbers_are_from(name):
    text = preset("detectors", name)["source"]
    assert re.search(r"measured|et al|test report|data reduction", text)
    assert "assumed" in text.lower(), "no public source gives every number; say which are assumed"


@pytest.mark.parametrize("name", presets("detectors"))
def test_the_converter_and_the_well_fit_each_other(name):
    chip = Detector(preset=name)
    full_scale_e = (2**chip.bits - 1 - chip.bias.to_value("adu")) * chip.gain.to_value("electron/adu")
    # Between half a full well (a converter that clips first) and three.
    assert 0.5 < full_scale_e / chip.full_well.to_value("electron") < 3.0
    # Read noise is sampled: at least a third of a count, or it would be lost in rounding.
    assert chip.read_noise.to_value("electron") > 0.3 * chip.gain.to_value("electron/adu")


def test_the_neossat_preset_counts_as_neossat_did():
    # 224883.75 e/s from WASP-33 (G 8.07, A5) with 15 cm; the preset's source names the throughput of 0.67.
    # The record mixes electrons and counts, 10 %.
    chip = Detector(preset="neossat-ccd")
    response = top_hat(400.0, 900.0).times(0.67).times(chip.quantum_efficiency)
    rate = star_electron_rate(8.07, 0.3, collecting_area_m2(0.15), response)
    assert rate == pytest.approx(224883.75, rel=0.1)


def test_cis115_curve_follows_the_published_points():
    # Soman et al. 2014, figure at -40 deg C: 500, 700, 900 nm and the peak at 440 nm.
    curve = Detector(preset="cis115").quantum_efficiency
    model = QuantumEfficiency(np.array([w.to_value("nm") for w in curve.wavelengths]), np.array(curve.values))
    found = quantum_efficiency(model, [440.0, 500.0, 600.0, 700.0, 800.0, 900.0])
    assert found == pytest.approx([0.907, 0.883, 0.885, 0.819, 0.576, 0.264], abs=0.002)
