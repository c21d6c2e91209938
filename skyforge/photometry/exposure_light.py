"""A body's light inside an exposure: its mean in each of the equal pieces that a trail is drawn with."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError
from skyforge.photometry.reflection import Reflectors, flux_per_sun
from skyforge.photometry.scene import Scene

Floats = NDArray[np.float64]

_SAMPLES = 4  # Gauss-Legendre instants in a piece, for the slow change of phase and attitude
_MOST_NODES = 33


def flux_in_pieces(
    bodies: Reflectors,
    at_nodes: Scene,
    pieces: int,
    *,
    sunlight: ArrayLike = 1.0,
    samples: int = _SAMPLES,
) -> Floats:
    """Return the mean flux of bodies in equal pieces of an exposure, relative to the Sun's at 1 au.

    Directions and distances are polynomials through the nodes; attitudes and light curves are followed in between, the
    latter by their integrals. Times an electron rate of the Sun and the length of a piece it is the piece's electrons.

    Parameters
    ----------
    bodies
        What they are, n.
    at_nodes
        Their scene at nodes of the exposure, from its first to its last instant, 2 to 33 of them; evenly spaced ones
        only if they are few (up to 9), Chebyshev-Lobatto ones otherwise.
    pieces
        Number of pieces; `Reflectors.pieces` says how many a body needs.
    sunlight
        Share of the Sun's light that reaches the bodies at the nodes, broadcast against (n, nodes).
    samples
        Instants in a piece at which attitudes are followed.

    Returns
    -------
    NDArray
        Shape (n, pieces).

    Raises
    ------
    InputError
        If there are too few or too many nodes, or less than one piece.
    """
    nodes = at_nodes.range_km.shape[1]
    if not 2 <= nodes <= _MOST_NODES or pieces < 1:
        raise InputError(
            f"light inside an exposure needs 2 to {_MOST_NODES} nodes and one or more pieces, not {nodes} and {pieces}"
        )
    place, weight = np.polynomial.legendre.leggauss(samples)
    within = (np.arange(pieces)[:, None] + 0.5 * (place + 1.0)) / pieces
    times = at_nodes.instants
    fraction = np.mean((times - times[:, :1]) / (times[:, -1:] - times[:, :1]), axis=0)
    matrix = _lagrange_matrix(fraction, within.ravel())
    seen = _between(at_nodes, matrix)
    flux = flux_per_sun(bodies.scattering_area(seen), seen)
    light = np.broadcast_to(np.asarray(sunlight, dtype=np.float64), at_nodes.range_km.shape)
    if np.any(light != 1.0):
        # Through a penumbra a polynomial would swing: straight lines do not.
        flux = flux * np.clip(light @ _linear_matrix(fraction, within.ravel()), 0.0, 1.0)
    mean: Floats = flux.reshape(bodies.count, pieces, samples) @ (0.5 * weight)
    if bodies.curves:
        edges = times[:, :1] + (times[:, -1:] - times[:, :1]) * np.linspace(0.0, 1.0, pieces + 1)
        mean = mean * bodies.mean_flicker(edges[:, :-1], edges[:, 1:])
    return mean


def _between(at_nodes: Scene, matrix: Floats) -> Scene:
    """Return the scene at instants between its nodes."""

    def vectors(values: Floats | None) -> Floats | None:
        return None if values is None else np.einsum("nkc,ks->nsc", values, matrix)

    to_sun, to_observer = (
        _unit(np.einsum("nkc,ks->nsc", v, matrix)) for v in (at_nodes.to_sun, at_nodes.to_observer)
    )
    times = at_nodes.instants
    begin = times[:, :1]
    return Scene(
        begin + (times - begin) @ matrix,
        to_sun,
        to_observer,
        at_nodes.range_km @ matrix,
        at_nodes.sun_distance_km @ matrix,
        vectors(at_nodes.from_center_km),
        vectors(at_nodes.velocity_km_s),
    )


def _unit(vectors: Floats) -> Floats:
    unit: Floats = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return unit


def _lagrange_matrix(nodes: Floats, places: Floats) -> Floats:
    """Return the weights (nodes, places) of a polynomial through values at nodes."""
    difference = places - nodes[:, None]
    matrix = np.ones(difference.shape)
    for i in range(len(nodes)):
        for j in range(len(nodes)):
            if i != j:
                matrix[i] *= difference[j] / (nodes[i] - nodes[j])
    return matrix


def _linear_matrix(nodes: Floats, places: Floats) -> Floats:
    """Return the weights (nodes, places) of straight lines between values at nodes."""
    return np.stack([np.interp(places, nodes, row) for row in np.eye(len(nodes))])
