from __future__ import annotations

import numpy as np
import pytest
import speclite.filters
from hypothesis import given
from hypothesis import strategies as st

from skyforge.errors import InputError
from skyforge.photometry import SystemResponse, named_filter, tabulated, top_hat


def test_top_hat_is_as_wide_as_its_edges_say():
    assert top_hat(400.0, 900.0).effective_width_nm == pytest.approx(500.0, rel=1e-12)
    # Edges that fall between the steps of a grid count in full.
    assert top_hat(400.3, 412.75).effective_width_nm == pytest.approx(12.45, rel=1e-12)


@pytest.mark.parametrize("name", ["gaiadr3-G", "bessell-V", "lsst2016-r", "panstarrs-w", "wise2010-W1"])
def test_named_filters_are_the_ones_speclite_loads(name):
    # Their files come in three units of wavelength; speclite's own loader is the oracle.
    theirs = speclite.filters.load_filter(name)
    wavelength_nm = theirs.wavelength / 10.0
    ours = named_filter(name)
    assert np.interp(wavelength_nm, ours.wavelength_nm, ours.response) == pytest.approx(
        theirs.response,
        abs=0.05 * float(theirs.response.max()),  # lines finer than our 1 nm
    )
    assert ours.effective_width_nm == pytest.approx(np.trapezoid(theirs.response, wavelength_nm), rel=2e-3)


def test_stages_multiply():
    passband = top_hat(500.0, 600.0)
    ramp = np.linspace(0.2, 0.4, passband.wavelength_nm.size)
    assert passband.times(0.5).times(ramp).effective_width_nm == pytest.approx(100.0 * 0.5 * 0.3)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_no_stage_can_add_light(first, second):
    passband = top_hat(400.0, 900.0, step_nm=50.0)
    assert passband.times(first).times(second).effective_width_nm <= passband.times(first).effective_width_nm


def test_a_response_cannot_be_changed_from_outside():
    values = np.ones(3)
    response = SystemResponse(np.array([400.0, 500.0, 600.0]), values)
    values[:] = 0.0
    assert response.response[0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        response.response[0] = 0.5


@pytest.mark.parametrize(
    ("wavelength", "response", "message"),
    [
        ([400.0, 400.0], [1.0, 1.0], "must increase"),
        ([400.0, 500.0], [1.0, 1.2], r"between 0 and 1, but is 1.2 at 500 nm"),
        ([400.0, 500.0], [np.nan, 1.0], "between 0 and 1"),
        ([0.4, 0.9], [1.0, 1.0], "check their unit"),
        ([400.0], [1.0], "two or more"),
    ],
)
def test_what_is_no_response_is_refused(wavelength, response, message):
    with pytest.raises(InputError, match=message):
        tabulated(wavelength, response)


def test_a_misspelt_filter_is_answered_with_the_nearest_name():
    with pytest.raises(InputError, match="nearest name is 'bessell-V'"):
        named_filter("bessel-V")


def test_a_passband_must_not_run_backwards():
    with pytest.raises(InputError, match="900 to 400 nm"):
        top_hat(900.0, 400.0)
