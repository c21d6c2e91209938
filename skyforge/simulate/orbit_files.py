"""The objects of a file that a scenario names: element sets, ephemerides, catalogues of asteroids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from skyforge import orbits
from skyforge.errors import InputError
from skyforge.scenario.observer import Observer
from skyforge.scenario.target import Target

_USUAL_SLOPE = 0.15  # G where a catalogue says nothing: Bowell et al. 1989, Asteroids II, 524


@dataclass(frozen=True)
class NamedOrbit:
    """An orbit as a run calls it.

    Attributes
    ----------
    name
        Its name in pointing, truth and tables.
    trajectory
        Where it is.
    magnitude
        H and G, where its file gives them.
    """

    name: str
    trajectory: orbits.Trajectory
    magnitude: tuple[float, float] | None = None


def objects_of_file(
    source: Observer | Target,
    wanted: str | None,
    span_tdb_s: tuple[float, float],
    *,
    own_name: str | None = None,
    on_broken: Callable[[InputError], None] | None = None,
) -> list[NamedOrbit]:
    """Return the object of a tle, omm, oem or mpc file that is wanted, or all where none is.

    Parameters
    ----------
    source
        The observer or target that names the file.
    wanted
        Name, number or designation.
    span_tdb_s
        First and last instant at which states will be asked for.
    own_name
        What the user calls the target; the only object of a file need not be called so.
    on_broken
        Where all are wanted: told of each element set that is broken, which is left out; an error without it.

    Raises
    ------
    InputError
        If the file is wrong or does not hold what is wanted.
    """
    if source.mpc is not None:
        return _minor_bodies(source.mpc, wanted, span_tdb_s, own_name)
    if source.oem is not None:
        objects = orbits.load_oem(source.oem)
        if wanted is None or (len(objects) == 1 and wanted == own_name):
            return [NamedOrbit(one.name, one) for one in objects]
        found = orbits.find_ephemeris(objects, wanted, str(source.oem))
        return [NamedOrbit(found.name, found)]
    if source.omm is not None:
        path, satellites = source.omm, orbits.load_omm(source.omm, None if wanted else on_broken)
    else:
        assert source.tle is not None  # noqa: S101  (the model holds exactly one source)
        assert not isinstance(source.tle, tuple)  # noqa: S101  (lines are no file)
        path, satellites = source.tle, orbits.load_tle(source.tle, None if wanted else on_broken)
    if wanted is None or (len(satellites) == 1 and wanted == own_name):
        return [NamedOrbit(one.name, one) for one in satellites]
    chosen = orbits.find_satellite(satellites, wanted, str(path))
    return [NamedOrbit(chosen.name, chosen)]


def _minor_bodies(
    path: Path, wanted: str | None, span_tdb_s: tuple[float, float], own_name: str | None
) -> list[NamedOrbit]:
    elements = orbits.load_mpc_orbits(path)
    if wanted is not None and not (len(elements) == 1 and wanted == own_name):
        elements = elements.select([orbits.find_body(elements, wanted, str(path))])
    trajectories = orbits.asteroid_orbits(elements, span_tdb_s)
    slopes = np.where(np.isfinite(elements.slope), elements.slope, _USUAL_SLOPE)
    return [
        NamedOrbit(name, trajectory, (float(h), float(g)) if np.isfinite(h) else None)
        for name, trajectory, h, g in zip(
            elements.names, trajectories, elements.absolute_magnitude, slopes, strict=True
        )
    ]
