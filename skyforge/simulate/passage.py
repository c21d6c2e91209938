"""The way of targets through an exposure, from few nodes of time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits
from skyforge.orbits.lobatto import MOST_NODES, NODE_TOLERANCE_RAD
from skyforge.simulate.attitude import Attitude
from skyforge.simulate.camera import Camera
from skyforge.simulate.target import Targets

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

_GLANCES = 9
_SLACK = 1.2  # the boresight may swing out a little between two glances
_SHARE_OF_PIXEL = 1e-3  # largest error of an interpolated place: a fifth of what registration may be off


@dataclass(frozen=True)
class Passage:
    """Where m targets are, and where they appear, at any instants of an exposure.

    Attributes
    ----------
    targets
        Which they are.
    observer
        The telescope.
    interval_tdb_s
        Shutter opening and closing.
    nodes
        The targets at Chebyshev-Lobatto nodes from opening to closing.
    """

    targets: Targets
    observer: orbits.Trajectory
    interval_tdb_s: tuple[float, float]
    nodes: orbits.Sightings

    def apparent(self, rows: Rows, fractions: Floats) -> Floats:
        """Return apparent unit vectors (g, k, 3) of some of the targets, at fractions (k,) of the exposure."""
        if self._is_coarse:
            return self._asked(rows, fractions).apparent
        found: Floats = self._weights(fractions) @ self.nodes.apparent[rows]
        return found

    def emission(self, rows: Rows, fractions: Floats) -> orbits.RetardedStates:
        """Return where some of the targets were when the light left that arrives at fractions (k,) of the exposure."""
        if self._is_coarse:
            return self._asked(rows, fractions).states
        weights, known = self._weights(fractions), self.nodes.states
        return orbits.RetardedStates(
            weights @ known.position_km[rows],
            weights @ known.velocity_km_s[rows],
            {},
            known.light_time_s[rows] @ weights.T,
        )

    def times(self, fractions: Floats) -> Floats:
        """Return the instants (k,) of fractions of the exposure."""
        begin, end = self.interval_tdb_s
        return begin + (end - begin) * fractions

    def rates_rad_s(self) -> Floats:
        """Return how fast the targets move among the stars, on average over the exposure, (m,)."""
        begin, end = self.interval_tdb_s
        astrometric = self.nodes.astrometric
        turned = orbits.angular_separation_rad(astrometric[:, 0], astrometric[:, -1])
        return turned / (end - begin)

    @property
    def _is_coarse(self) -> bool:
        # All nodes that there are do not suffice for a long exposure of something close by: ask for every instant.
        return len(self.nodes.t_tdb_s) >= MOST_NODES

    def _weights(self, fractions: Floats) -> Floats:
        return orbits.lobatto_weights(len(self.nodes.t_tdb_s), fractions)

    def _asked(self, rows: Rows, fractions: Floats) -> orbits.Sightings:
        return orbits.sightings(self.targets.group.select(rows), self.observer, self.times(fractions))


def passage(
    targets: Targets,
    at_middle: orbits.Sightings,
    observer: orbits.Trajectory,
    interval_tdb_s: tuple[float, float],
    camera: Camera,
) -> Passage:
    """Follow targets through an exposure.

    Parameters
    ----------
    targets
        Those near the field.
    at_middle
        The same at mid-exposure.
    observer, camera
        The telescope, and what a pixel of it is.
    interval_tdb_s
        Shutter opening and closing.
    """
    begin, end = interval_tdb_s
    tolerance = min(NODE_TOLERANCE_RAD, _SHARE_OF_PIXEL * camera.pixel_scale_rad)
    count = orbits.nodes_for(at_middle, end - begin, tolerance)
    nodes = orbits.sightings(targets.group, observer, orbits.lobatto_times(begin, end, count))
    return Passage(targets, observer, interval_tdb_s, nodes)


def reach_rad(
    attitude: Attitude, camera: Camera, interval_tdb_s: tuple[float, float], margin_px: float
) -> float:
    """Return how far from the boresight of mid-exposure something still comes near the frame, without its own motion.

    Parameters
    ----------
    attitude, camera
        Where the telescope points, and how wide it sees.
    interval_tdb_s
        Shutter opening and closing.
    margin_px
        How near, in pixels.
    """
    times = np.linspace(*interval_tdb_s, _GLANCES)
    boresights = attitude.boresight(times)
    turned = _SLACK * float(orbits.angular_separation_rad(boresights, boresights[_GLANCES // 2]).max())
    return camera.half_diagonal_rad + margin_px * camera.pixel_scale_rad + turned
