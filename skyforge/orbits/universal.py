"""Two-body motion on any conic, many bodies at once: ellipse, parabola and hyperbola by one formula."""

from __future__ import annotations

from typing import Final

import numpy as np

from skyforge.orbits.trajectory import FloatArray

# Below this the quotients of the closed forms lose digits and ten terms of the series are exact to rounding.
_SERIES_LIMIT: Final = 1.0
_SERIES_TERMS: Final = 11
_ITERATIONS: Final = 50
_LAST_STEP: Final = 1e-8  # convergence is cubic: what follows a step of this share is rounding
_LAGUERRE_ORDER: Final = 5.0  # Conway 1986 (Celest. Mech. 39, 199): converges from any start


def stumpff(z: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return Stumpff's functions c0, c1, c2 and c3 of z, each of its shape.

    Stiefel & Scheifele 1971, Linear and Regular Celestial Mechanics, section 11: c0(x²) = cos x, c1(x²) = sin x / x.
    """
    c2, c3 = np.full_like(z, 1.0 / 2.0), np.full_like(z, 1.0 / 6.0)
    near = np.abs(z) < _SERIES_LIMIT
    if near.any():
        small = z[near]
        second, third = np.ones_like(small), np.ones_like(small)
        for k in range(_SERIES_TERMS, 0, -1):
            second = 1.0 - small / ((2 * k + 1) * (2 * k + 2)) * second
            third = 1.0 - small / ((2 * k + 2) * (2 * k + 3)) * third
        c2[near], c3[near] = second / 2.0, third / 6.0
    for chosen, cosine, sine, sign in (
        (z >= _SERIES_LIMIT, np.cos, np.sin, 1.0),
        (z <= -_SERIES_LIMIT, np.cosh, np.sinh, -1.0),
    ):
        if chosen.any():
            far = z[chosen]
            root = np.sqrt(sign * far)
            c2[chosen] = (1.0 - cosine(root)) / far
            c3[chosen] = (1.0 - sine(root) / root) / far
    return 1.0 - z * c2, 1.0 - z * c3, c2, c3


def perifocal_states(
    periapsis_km: FloatArray,
    eccentricity: FloatArray,
    since_periapsis_s: FloatArray,
    gravitational_parameter_km3_s2: float,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return where bodies are in the planes of their orbits.

    Parameters
    ----------
    periapsis_km, eccentricity, since_periapsis_s : (n,)
        Distance at periapsis, shape, and time since its passage.
    gravitational_parameter_km3_s2
        GM of the centre.

    Returns
    -------
    x_km, y_km, x_rate_km_s, y_rate_km_s : (n,)
        x towards the periapsis, y ahead of it (Stiefel & Scheifele 1971, section 11: the universal anomaly).
    """
    q, e = np.broadcast_arrays(
        np.asarray(periapsis_km, dtype=np.float64), np.asarray(eccentricity, dtype=np.float64)
    )
    # With GM = 1 and lengths in periapsis distances every orbit is of the size of one.
    unit_s = np.sqrt(q**3 / gravitational_parameter_km3_s2)
    anomaly = universal_anomaly(e, since_periapsis_s / unit_s)
    c0, c1, c2, _ = stumpff((1.0 - e) * anomaly**2)
    radius = 1.0 + e * anomaly**2 * c2
    side = np.sqrt(1.0 + e)
    speed = q / unit_s
    x, y = 1.0 - anomaly**2 * c2, side * anomaly * c1
    return q * x, q * y, -speed * anomaly * c1 / radius, speed * side * c0 / radius


def universal_anomaly(eccentricity: FloatArray, since_periapsis: FloatArray) -> FloatArray:
    """Solve Kepler's equation in its universal form, s + e s³ c3((1 - e) s²) = t.

    Parameters
    ----------
    eccentricity, since_periapsis : (n,)
        Shape, and time since periapsis in units of sqrt(q³/GM).

    Returns
    -------
    (n,)
        The universal anomaly; NaN where an input is.
    """
    e = np.asarray(eccentricity, dtype=np.float64)
    energy = 1.0 - e
    elapsed = np.asarray(since_periapsis, dtype=np.float64).copy()
    bound = energy > 0.0
    with np.errstate(over="ignore", invalid="ignore"):
        period = 2.0 * np.pi / energy[bound] ** 1.5
        elapsed[bound] -= period * np.round(elapsed[bound] / period)
    sign, elapsed = np.copysign(1.0, elapsed), np.abs(elapsed)
    anomaly = _start(e, elapsed)
    active = np.flatnonzero(np.isfinite(anomaly) & (anomaly > 0.0))
    for _ in range(_ITERATIONS):
        if not active.size:
            break
        guess, shape = anomaly[active], e[active]
        _, c1, c2, c3 = stumpff(energy[active] * guess**2)
        excess = guess + shape * guess**3 * c3 - elapsed[active]
        slope = 1.0 + shape * guess**2 * c2  # the distance in periapsis distances: never below 1
        bend = shape * guess * c1
        order = _LAGUERRE_ORDER
        root = np.sqrt(np.abs((order - 1.0) ** 2 * slope**2 - order * (order - 1.0) * excess * bend))
        step = order * excess / (slope + root)
        anomaly[active] = guess - step
        active = active[np.abs(step) > _LAST_STEP * guess]
    return np.asarray(sign * anomaly, dtype=np.float64)


def _start(eccentricity: FloatArray, elapsed: FloatArray) -> FloatArray:
    """Return a first guess of the universal anomaly."""
    e, energy = eccentricity, 1.0 - eccentricity
    # The parabola through the same periapsis: Barker's equation s + e s³/6 = t, in the form without cancellation.
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        strength = np.maximum(e, 1e-12)
        cubic = (
            2.0 * np.sqrt(2.0 / strength) * np.sinh(np.arcsinh(1.5 * elapsed * np.sqrt(strength / 2.0)) / 3.0)
        )
        rate = np.sqrt(np.abs(energy))
        # What is unbound stays below the parabola's value and below this; e sinh F = M + F.
        mean = elapsed * rate**3
        unbound = np.arcsinh((mean + cubic * rate) / strength) / np.where(rate > 0.0, rate, 1.0)
        # What is bound has turned by at most half a revolution: E <= min(M + e, pi).
        bound = np.minimum(mean + e, np.pi) / np.where(rate > 0.0, rate, 1.0)
    start = np.where(energy > 0.0, np.minimum(cubic, bound), cubic)
    start = np.where((energy < 0.0) & (rate > 0.0), np.minimum(cubic, unbound), start)
    return np.where(elapsed > 0.0, start, np.where(np.isnan(elapsed), np.nan, 0.0))
