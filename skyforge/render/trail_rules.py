"""How far apart the nodes of a trail may lie, measured on the point spread function itself."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

RULES = (1, 2, 4, 8)
"""Nodes of the Gauss-Legendre rules that the kernel knows."""
QUADRATURE_ERROR = 6e-5
"""Largest error of one panel, in units of the trail's peak."""
FAINT_QUADRATURE_ERROR = 1e-2
"""The same for stamps that hold faint outer light, in units of their own peak."""
CUTS = 9
STARTS = 160
STEPS_PER_OCTAVE = 6
LENGTH_GRID = 256.0
"""Panel lengths are whole multiples of 1/256 px, so that a host's last bit cannot move a node."""


def panel_lengths(
    fine: Array, samples_per_pixel: int, tolerance: float = QUADRATURE_ERROR
) -> tuple[float, float, float, float]:
    """
    Find the longest panel on which each Gauss-Legendre rule integrates the function along a line.

    Lines along both axes and both diagonals are tried, at several distances from the centre.

    Parameters
    ----------
    fine
        Square, centred samples.
    samples_per_pixel
        Samples per pixel along an axis.
    tolerance
        Largest error of a panel, in units of the peak of a trail drawn with this function.

    Returns
    -------
    tuple of float
        Length for each of `RULES`, pixels.
    """
    families = [(lines, step) for lines, step in _cuts(fine, samples_per_pixel) if np.abs(lines).max() > 0.0]
    if not families:
        return (1.0, 1.0, 1.0, 1.0)
    longest = [
        min(_longest(lines, step, nodes, tolerance, float(np.abs(fine).max())) for lines, step in families)
        for nodes in RULES
    ]
    return longest[0], longest[1], longest[2], longest[3]


def _cuts(fine: Array, samples_per_pixel: int) -> list[tuple[Array, float]]:
    """Lines through the samples as columns, with the distance between samples in pixels."""
    centre = fine.shape[0] // 2
    offsets = np.unique(np.linspace(-0.6 * centre, 0.6 * centre, CUTS).astype(int))
    offsets = np.unique(np.concatenate([offsets, np.array([-1, 0, 1]) * max(1, samples_per_pixel // 2)]))
    offsets = offsets[np.abs(offsets) < centre]
    straight = np.concatenate([fine[centre + offsets].T, fine[:, centre + offsets]], axis=1)
    index = np.arange(-(centre // 2), centre // 2 + 1)
    across = offsets[np.abs(offsets) <= centre // 2]
    rows = centre + index[:, None]
    rising = fine[rows + across, rows - across]
    falling = fine[rows + across, 2 * centre - rows + across]
    step = 1.0 / samples_per_pixel
    return [(straight, step), (np.concatenate([rising, falling], axis=1), math.sqrt(2.0) * step)]


def _longest(lines: Array, step: float, nodes: int, tolerance: float, peak: float) -> float:
    """Bisect on a logarithmic scale of lengths; each failing length has all longer ones fail, near enough."""
    from scipy.interpolate import CubicSpline

    positions = step * np.arange(lines.shape[0])
    extent = float(positions[-1])
    spline = CubicSpline(positions, lines)
    integral = spline.antiderivative()
    line_peak = float(np.abs(integral(extent)).max())
    node, weight = np.polynomial.legendre.leggauss(nodes)

    def fits(length: float) -> bool:
        start = np.linspace(0.0, extent - length, STARTS)
        exact = integral(start + length) - integral(start)
        at = start[:, None] + length * (0.5 + 0.5 * node)
        estimate = np.tensordot(spline(at), 0.5 * weight * length, axes=(1, 0))
        allowed = tolerance * min(line_peak, length * peak)
        return bool(np.abs(estimate - exact).max() <= allowed)

    low, high = 0, STEPS_PER_OCTAVE * 12
    while high - low > 1:
        middle = (low + high) // 2
        if fits(0.9 * extent * math.exp2(-middle / STEPS_PER_OCTAVE)):
            high = middle
        else:
            low = middle
    length = 0.9 * extent * math.exp2(-high / STEPS_PER_OCTAVE)
    return max(1.0, math.floor(length * LENGTH_GRID)) / LENGTH_GRID
