"""What the door refuses, and how it says so."""

from __future__ import annotations

import numpy as np
import pytest
from render_oracle import Gaussian

from skyforge import render
from skyforge.errors import InputError, SkyforgeError
from skyforge.render.gpu import presence

ONE = render.Sources.points([5.0], [5.0], [100.0])


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (([1.0], [np.nan], [1.0], [1.0], [1.0]), "y_start must be finite"),
        (([1.0], [1.0], [np.inf], [1.0], [1.0]), "x_end must be finite"),
        (([1.0], [1.0], [1.0], [1.0], [-1.0]), "electrons"),
        (([1.0, 2.0], [1.0], [1.0], [1.0], [1.0]), "differ in length"),
        (([[1.0]], [1.0], [1.0], [1.0], [1.0]), "one axis"),
        ((["a"], [1.0], [1.0], [1.0], [1.0]), "must be numbers"),
        (([1.0], [1.0], [1.0], [1.0], [1.0], [-1]), "psf_index"),
        (([1.0], [1.0], [1.0], [1.0], [1.0], [0.5]), "psf_index"),
    ],
)
def test_bad_sources(columns, message):
    with pytest.raises(InputError, match=message):
        render.Sources(*columns)


def test_an_index_beyond_the_bank(bank):
    sources = render.Sources.points([1.0], [1.0], [1.0], [3])
    with pytest.raises(InputError, match="psf_index 3 is not in the bank, which holds 1"):
        render.expected_image(sources, bank("gaussian 1"), (10, 10))


@pytest.mark.parametrize("shape", [(0, 5), (5,), (5, 5, 5), (5.5, 5), (100_000, 5), (65536, 65536)])
def test_bad_shapes(shape, bank):
    with pytest.raises(InputError, match="shape"):
        render.expected_image(ONE, bank("gaussian 1"), shape)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dark_e": -1.0}, "dark_e"),
        ({"dark_e": np.nan}, "dark_e"),
        ({"prnu": np.full(3, 1.0)}, "prnu"),
        ({"full_well_e": 0.0}, "full_well_e"),
        ({"read_noise_e": -2.0}, "read_noise_e"),
        ({"gain_e_per_adu": 0.0}, "gain_e_per_adu"),
        ({"bias_adu": np.inf}, "bias_adu"),
        ({"bits": 17}, "bits"),
        ({"bits": 12.0}, "bits"),
    ],
)
def test_bad_detectors(change, message):
    with pytest.raises(InputError, match=message):
        render.Detector(**change)


def test_a_map_of_another_frame():
    with pytest.raises(InputError, match="dark_e has shape"):
        render.expose(np.ones((5, 6), np.float32), render.Detector(dark_e=np.ones((6, 5), np.float32)), 1)


@pytest.mark.parametrize("value", [np.nan, -0.5, np.inf])
def test_expected_electrons_must_be_numbers(value):
    light = np.ones((70, 70), np.float32)
    light[66, 3] = value
    with pytest.raises(InputError, match="finite and not negative"):
        render.expose(light, render.Detector(), 1)


@pytest.mark.parametrize(("seed", "frame"), [(-1, 0), (2**64, 0), (0, -1), (0, 2**32), (0, 1.5), ("a", 0)])
def test_seeds_and_frames_out_of_range(seed, frame):
    with pytest.raises(InputError, match=r"must lie from 0|must be a whole number"):
        render.expose(np.ones((4, 4), np.float32), render.Detector(), seed, frame)


def test_devices(bank, monkeypatch):
    def find_gpu():
        raise presence.GpuMissingError("the NVIDIA driver is not installed")

    monkeypatch.setattr(presence, "find_gpu", find_gpu)
    with pytest.raises(SkyforgeError, match="driver is not installed; or use device 'auto' or 'cpu'"):
        render.expected_image(ONE, bank("gaussian 1"), (9, 9), device="gpu")
    assert render.expected_image(ONE, bank("gaussian 1"), (9, 9), device="auto").shape == (9, 9)
    with pytest.raises(InputError, match="auto, cpu, gpu"):
        render.expected_image(ONE, bank("gaussian 1"), (9, 9), device="tpu")


def test_threads(bank):
    with pytest.raises(InputError, match="threads"):
        render.expected_image(ONE, bank("gaussian 1"), (9, 9), threads=0)


class _Broken(Gaussian):
    def __init__(self, change):
        super().__init__(1.0)
        self.change = change

    def prf(self, radius_px, samples_per_pixel):
        return self.change(super().prf(radius_px, samples_per_pixel))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda a: a[1:], "shape"),
        (lambda a: a * np.nan, "finite"),
        (lambda a: a * 0.0, "brighter than zero"),
        (lambda a: a * 3.0, "sum to 1"),
        (lambda a: a * 0.5, "sum to 1"),
    ],
)
def test_bad_point_spread_functions(change, message):
    with pytest.raises(InputError, match=message):
        render.psf_bank(_Broken(change))
    with pytest.raises(InputError, match="at least one"):
        render.psf_bank([])
