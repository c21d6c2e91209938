"""Drawings of few targets and of many."""

from __future__ import annotations

import io
import warnings

import numpy as np
import pytest

from skyforge import orbits
from skyforge.scenario import Scenario
from skyforge.visibility.plot import plot_visibility, visibility_figure
from skyforge.visibility.survey import Visibility, visibility


def surveyed(count: int, instants: int) -> Visibility:
    what = Scenario(
        telescope={"psf": {"kind": "gaussian"}},
        observer={"orbit": "lunar-llo-100km"},
        targets=[
            {
                "name": f"T{n}",
                "kepler": {"center": "earth", "semi_major_axis": "42164 km", "true_anomaly": f"{n} deg"},
            }
            for n in range(count)
        ],
        pointing={"ra": "10 deg", "dec": "80 deg"},
        background={"stray_light": False},
    )
    start = float(orbits.tdb_seconds(what.time.start))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return visibility(what, start + 1.0 + 120.0 * np.arange(instants))


@pytest.mark.parametrize(("count", "instants"), [(1, 1), (3, 50), (12, 30), (45, 20)])
def test_any_number_can_be_drawn(count: int, instants: int) -> None:
    found = surveyed(count, instants)
    file = io.BytesIO()
    plot_visibility(found, file, "png")
    assert file.getvalue().startswith(b"\x89PNG")


def test_few_targets_are_named_and_reasons_have_a_key() -> None:
    figure = visibility_figure(surveyed(3, 120))
    assert {text.get_text() for text in figure.axes[0].get_yticklabels()} == {"T0", "T1", "T2"}
    (legend,) = figure.legends
    assert {text.get_text() for text in legend.get_texts()} == {"visible", "behind the Moon"}
