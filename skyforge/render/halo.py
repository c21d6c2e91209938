"""The halo: light that falls beyond the stamps, as small kernels on grids that grow coarser with distance."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge.render.stamps import whole_quanta
from skyforge.render.windows import beyond, outside, radius_grid

Array = NDArray[np.float64]

REACH = 512
"""Pixels. Light that a point spread function sends farther is put back into its outermost ring."""
OUTERMOST = 128
"""Pixels. Where that ring begins, gently."""
MOST_FOLDED = 8.0
"""Times its own light that the outermost ring takes up at most."""
RIM = 320
"""Pixels. Between here and `REACH` the halo fades, so that it does not end in an edge."""
CELLS_PER_RADIUS = 4
"""Grid cells in the radius at which a level begins."""
KERNEL_NODES = 9
"""Nodes from the centre of a kernel to its edge: twice `CELLS_PER_RADIUS`, doubled, and one for the spline."""


@dataclass(frozen=True)
class HaloKernels:
    """
    The common halo of a bank.

    Attributes
    ----------
    begin
        Half-width of the stamps that the halo goes on from, pixels; level ``l`` begins at ``begin * 2**l``.
    kernels
        One float64 array ``(2 KERNEL_NODES + 1,) * 2`` per level: fraction of the flux per pixel, at the nodes.
    energies
        Sum of each level over the pixels, as a fraction of the source.
    """

    begin: int
    kernels: tuple[Array, ...]
    energies: tuple[float, ...]

    @property
    def levels(self) -> int:
        """How many levels there are."""
        return len(self.kernels)

    def spacing(self, level: int) -> int:
        """Pixels between the nodes of a level."""
        return (self.begin << level) // CELLS_PER_RADIUS

    def energy_from(self, level: int) -> float:
        """Sum of a level and all coarser ones."""
        return sum(self.energies[level:])


def levels_from(begin: int) -> int:
    """Return how many levels lead from a half-width of `begin` pixels to `REACH`."""
    return round(math.log2(REACH / begin))


def within_reach(wide: Array) -> Array:
    """
    Let a point spread function fade out before `REACH` and put the light from beyond into its outermost ring.

    Only where the function has next to no outermost ring is it scaled as a whole.

    Parameters
    ----------
    wide
        ``(2 REACH + 1,) * 2`` samples, one per pixel.

    Returns
    -------
    ndarray
        The same shape; sums to 1.
    """
    radius = radius_grid(REACH, 1)
    kept: Array = wide * (1.0 - outside(radius, RIM, REACH))
    outermost = outside(radius, OUTERMOST, REACH)
    missing, ring_energy = 1.0 - float(kept.sum()), float((kept * outermost).sum())
    if abs(missing) <= MOST_FOLDED * ring_energy:
        kept = kept * (1.0 + (missing / ring_energy) * outermost)
    whole: Array = kept / kept.sum()
    return whole


def ring(wide: Array, begin: int, level: int) -> Array:
    """
    Take the light of one level out of a point spread function.

    Parameters
    ----------
    wide
        One sample per pixel to `REACH`, as `within_reach` returns it.
    begin
        Half-width at which level 0 begins, pixels.
    level
        Which level.

    Returns
    -------
    ndarray
        The middle of `wide`, as far as the level's kernel reaches.
    """
    start = begin * 2**level
    half_width = min(REACH, start * KERNEL_NODES // CELLS_PER_RADIUS)
    middle = wide[REACH - half_width : REACH + half_width + 1, REACH - half_width : REACH + half_width + 1]
    radius = radius_grid(half_width, 1)
    share = beyond(radius, start)
    if level + 1 < levels_from(begin):
        share = share - beyond(radius, 2 * start)
    return middle * share


def _hat(t: Array) -> Array:
    return np.maximum(0.0, 1.0 - np.abs(t))


def _cubic_b_spline(t: Array) -> Array:
    a = np.abs(t)
    return np.where(a < 1.0, 2.0 / 3.0 - a * a + 0.5 * a**3, np.maximum(0.0, 2.0 - a) ** 3 / 6.0)


def _axes(half_width: int, spacing: int) -> tuple[Array, Array]:
    return np.arange(-half_width, half_width + 1) / spacing, np.arange(-KERNEL_NODES, KERNEL_NODES + 1.0)


def fit_kernel(light: Array, spacing: int) -> Array:
    """
    Fit the kernel of one level.

    Depositing a source on the grid and reading a pixel off it are both linear interpolations; over all places of source
    and pixel their mean is a cubic B-spline. So the kernel is the least-squares spline through the light, with what is
    negative left out.

    Parameters
    ----------
    light
        As `ring` returns it.
    spacing
        Pixels between nodes.

    Returns
    -------
    ndarray, ``(2 KERNEL_NODES + 1,) * 2``
        The kernel; summed over pixels it holds the energy of `light`.
    """
    pixel, node = _axes(light.shape[0] // 2, spacing)
    project = np.linalg.pinv(_cubic_b_spline(pixel[:, None] - node[None, :]))
    kernel: Array = np.maximum(project @ light @ project.T, 0.0)
    held = float(kernel.sum()) * spacing**2
    return kernel * (float(light.sum()) / held) if held > 0.0 else np.zeros_like(kernel)


def coarse_error(light: Array, kernel: Array, spacing: int) -> float:
    """
    Return the largest difference between some light and what its kernel makes of it.

    Parameters
    ----------
    light
        As `ring` returns it.
    kernel
        As `fit_kernel` returns it.
    spacing
        Pixels between nodes.

    Returns
    -------
    float
        Fraction of the flux per pixel; the worse of a source on a node and one amid four.
    """
    pixel, node = _axes(light.shape[0] // 2, spacing)
    at = pixel[:, None] - node[None, :]
    on_node = _hat(at)
    between = 0.5 * (_hat(at - 0.5) + _hat(at + 0.5))
    return max(float(np.abs(read @ kernel @ read.T - light).max()) for read in (on_node, between))


def fit_halo(wides: list[Array], begin: int) -> HaloKernels:
    """
    Fit the common halo of several point spread functions.

    Parameters
    ----------
    wides
        One sample per pixel to `REACH`, as `within_reach` returns them.
    begin
        Half-width of the stamps that the halo goes on from, pixels.

    Returns
    -------
    HaloKernels
        The halo of their mean.
    """
    mean = np.mean(wides, axis=0) if len(wides) > 1 else wides[0]
    kernels = []
    energies = []
    for level in range(levels_from(begin)):
        spacing = begin * 2**level // CELLS_PER_RADIUS
        kernel = whole_quanta(fit_kernel(ring(mean, begin, level), spacing))
        kernels.append(kernel)
        energies.append(float(kernel.sum()) * spacing**2)
    return HaloKernels(begin, tuple(kernels), tuple(energies))
