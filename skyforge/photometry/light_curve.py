"""Light curves: brightness that changes with time by a table or a law, and its mean over short intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skyforge.errors import InputError

Floats = NDArray[np.float64]

_FINEST, _COARSEST = 65_536, 512
_PER_POINT = 8
_PER_PEAK = 128


@dataclass(frozen=True)
class LightCurve:
    """Relative flux over time as evenly spaced samples between which it is linear.

    Attributes
    ----------
    flux
        Relative flux, (k,); of a periodic curve the last sample equals the first.
    start_tdb_s
        When the first sample holds, TDB seconds since J2000.0.
    length_s
        Time from the first to the last sample; of a periodic curve its period.
    periodic
        Whether it repeats; otherwise its ends go on.
    """

    flux: Floats
    start_tdb_s: float
    length_s: float
    periodic: bool

    def __post_init__(self) -> None:
        if not self.length_s > 0:
            raise InputError(f"a light curve must last longer than zero, not {self.length_s:g} s")
        if (
            self.flux.ndim != 1
            or self.flux.size < 2
            or not np.all(np.isfinite(self.flux))
            or np.any(self.flux < 0)
        ):
            raise InputError("a light curve needs two or more fluxes, each finite and not negative")


def flicker(period_s: float, amplitude_mag: float, *, peaks: int = 2, start_tdb_s: float = 0.0) -> LightCurve:
    """Return a light curve that is sinusoidal in magnitude, its flux 1 on average.

    Parameters
    ----------
    period_s
        Period of the rotation in s.
    amplitude_mag
        From the brightest to the faintest, in magnitudes.
    peaks
        Maxima in a period; an elongated body shows two.
    start_tdb_s
        When it is brightest.

    Raises
    ------
    InputError
        If the period or the number of peaks is not positive, or the amplitude negative.
    """
    if not period_s > 0 or peaks < 1 or amplitude_mag < 0:
        raise InputError(
            f"a flicker needs a period above zero, one or more peaks and an amplitude of at least 0 mag, "
            f"not {period_s:g} s, {peaks} and {amplitude_mag:g} mag"
        )
    turn = np.linspace(0.0, 1.0, _PER_PEAK * peaks + 1)
    flux = 10.0 ** (0.4 * 0.5 * amplitude_mag * np.cos(2.0 * np.pi * peaks * turn))
    return LightCurve(flux / np.mean(flux[1:]), start_tdb_s, period_s, periodic=True)


def tabulated_light_curve(
    time_s: ArrayLike, flux: ArrayLike, *, start_tdb_s: float = 0.0, period_s: float | None = None
) -> LightCurve:
    """Return a light curve from a table.

    Parameters
    ----------
    time_s
        Strictly increasing times after `start_tdb_s` in s, (k,).
    flux
        Relative fluxes, (k,).
    start_tdb_s
        Where times are counted from, TDB seconds since J2000.0.
    period_s
        Period with which the curve repeats; the last row then joins the first. None for one that does not.

    Raises
    ------
    InputError
        If times do not increase, fluxes are impossible, or the table is longer than the period.
    """
    times, values = np.asarray(time_s, dtype=np.float64), np.asarray(flux, dtype=np.float64)
    if times.ndim != 1 or times.shape != values.shape or times.size < 2 or not np.all(np.diff(times) > 0):
        raise InputError("a light curve needs two or more rows whose times increase from each to the next")
    count = int(np.clip(_PER_POINT * times.size, _COARSEST, _FINEST)) + 1
    if period_s is None:
        length = float(times[-1] - times[0])
        sampled = np.interp(np.linspace(times[0], times[-1], count), times, values)
        return LightCurve(sampled, start_tdb_s + float(times[0]), length, periodic=False)
    if times[-1] - times[0] > period_s * (1.0 + 1e-9):
        raise InputError(
            f"the light curve's table covers {times[-1] - times[0]:g} s, more than its period of {period_s:g} s"
        )
    sampled = np.interp(np.linspace(0.0, period_s, count), times, values, period=period_s)
    return LightCurve(sampled, start_tdb_s, period_s, periodic=True)


def read_light_curve(path: Path, *, period_s: float | None = None, start_tdb_s: float = 0.0) -> LightCurve:
    """Read a light curve from a comma-separated file.

    Its first line names two columns: `time` (s) or `phase` (0…1, with a period), and `magnitude` or `flux`; lines that
    begin with # are comments. Magnitudes become fluxes relative to magnitude 0.

    Parameters
    ----------
    path
        The file.
    period_s
        Period of the curve in s; needed for a column `phase`, and makes a column `time` repeat.
    start_tdb_s
        Where time or phase 0 lies, TDB seconds since J2000.0.

    Raises
    ------
    InputError
        Naming the file, where a column is missing or a value is not a number.
    """
    try:
        lines = [
            line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and line[0] != "#"
        ]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the light curve {path}: {error}") from error
    names = [name.strip().lower() for name in lines[0].split(",")] if lines else []
    axis = next((name for name in ("time", "phase") if name in names), None)
    value = next((name for name in ("magnitude", "flux") if name in names), None)
    if axis is None or value is None:
        raise InputError(
            f"{path}: the first line names the columns {', '.join(names) or 'none'}; "
            "it must name time or phase, and magnitude or flux"
        )
    if axis == "phase" and period_s is None:
        raise InputError(f"{path}: a light curve over phase needs a period")
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        try:
            cells = [float(cell) for cell in line.split(",")]
            rows.append((cells[names.index(axis)], cells[names.index(value)]))
        except (ValueError, IndexError):
            raise InputError(
                f"{path}: row {number}, {line.strip()!r}, does not hold {len(names)} numbers"
            ) from None
    if len(rows) < 2:
        raise InputError(f"{path}: found {len(rows)} rows; a light curve needs two or more")
    x, y = np.array(rows).T
    if axis == "phase":
        x = x * (period_s or 1.0)
    if value == "magnitude":
        y = 10.0 ** (-0.4 * y)
    try:
        return tabulated_light_curve(x, y, start_tdb_s=start_tdb_s, period_s=period_s)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


@dataclass(frozen=True)
class LightCurves:
    """The light curves of n bodies, ready for all at once.

    Attributes
    ----------
    cumulative
        Integral of the flux from the first sample, in units of the curve's length, (n, k + 1).
    start_tdb_s, length_s
        As of `LightCurve`, (n,).
    periodic
        As of `LightCurve`, (n,).
    flux
        The samples, (n, k + 1); a curve that does not repeat goes on with the first and the last.
    """

    cumulative: Floats
    start_tdb_s: Floats
    length_s: Floats
    periodic: NDArray[np.bool_]
    flux: Floats

    def mean_flux(self, begin_tdb_s: ArrayLike, end_tdb_s: ArrayLike) -> Floats:
        """Return the mean relative flux of every body over intervals of time.

        Exact for the sampled curves, however many periods an interval holds.

        Parameters
        ----------
        begin_tdb_s, end_tdb_s
            Intervals, (m,) or (n, m), each longer than zero.

        Returns
        -------
        NDArray
            Shape (n, m).
        """
        begin, end = (np.asarray(t, dtype=np.float64) for t in (begin_tdb_s, end_tdb_s))
        length = self.length_s[:, None]
        start = (begin - self.start_tdb_s[:, None]) / length
        # Whole periods are taken off first: what is left keeps the digits of short intervals.
        start = np.where(self.periodic[:, None], start - np.floor(start), start)
        stop = start + (end - begin) / length
        mean: Floats = (self._integral(stop) - self._integral(start)) / (stop - start)
        return np.maximum(mean, 0.0)

    def _integral(self, place: Floats) -> Floats:
        """Integral of the flux from the first sample to a place in units of the length, (n, m)."""
        periodic = self.periodic[:, None]
        turns = np.where(periodic, np.floor(place), 0.0)
        within = np.clip(place - turns, 0.0, 1.0)
        outside = np.where(periodic, 0.0, place - within)
        steps = self.cumulative.shape[1] - 1
        step = np.minimum((within * steps).astype(np.intp), steps - 1)
        row = np.arange(len(self.cumulative))[:, None]
        below, above = self.flux[row, step], self.flux[row, step + 1]
        part = within * steps - step
        inside = self.cumulative[row, step] + part * (below + 0.5 * part * (above - below)) / steps
        beyond = outside * np.where(outside < 0.0, self.flux[:, :1], self.flux[:, -1:])
        total: Floats = turns * self.cumulative[:, -1:] + inside + beyond
        return total


def stack_light_curves(curves: Sequence[LightCurve]) -> LightCurves:
    """Return light curves in one table, sampled as finely as the finest of them."""
    count = max(curve.flux.size for curve in curves)
    grid = np.linspace(0.0, 1.0, count)
    flux = np.stack([np.interp(grid, np.linspace(0.0, 1.0, curve.flux.size), curve.flux) for curve in curves])
    steps = 0.5 * (flux[:, 1:] + flux[:, :-1]) / (count - 1)
    cumulative = np.concatenate([np.zeros((len(flux), 1)), np.cumsum(steps, axis=1)], axis=1)
    return LightCurves(
        cumulative,
        np.array([curve.start_tdb_s for curve in curves]),
        np.array([curve.length_s for curve in curves]),
        np.array([curve.periodic for curve in curves]),
        flux,
    )
