"""The targets of a run: what each is, and all of them as one batch that is asked together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits, photometry
from skyforge.scenario.light import LightModel


@dataclass(frozen=True)
class Body:
    """One target: what it is called, what it is, where it is and what reflects the light.

    Attributes
    ----------
    name, kind
        For truth and tables.
    trajectory
        Where it is.
    model
        Its light as the scenario has it.
    light
        The same for photometry.
    """

    name: str
    kind: str
    trajectory: orbits.Trajectory
    model: LightModel
    light: photometry.Model

    def lacks(self, reason: str) -> str:
        """Return why it has no place, with its name: its file may know it by another."""
        return reason if self.name in reason else f"{self.name}: {reason}"


@dataclass(frozen=True)
class Targets:
    """Targets ready to be asked all at once, n of them.

    Attributes
    ----------
    bodies
        What they are.
    group
        Where they are: those of one kind in one call.
    light
        How bright they are: those of one kind of model in one call.
    earthshine
        Whether the Earth and the Moon light them as well.
    """

    bodies: tuple[Body, ...]
    group: orbits.TrajectoryGroup
    light: photometry.Reflectors
    earthshine: bool = True

    def __len__(self) -> int:
        return len(self.bodies)

    @property
    def names(self) -> tuple[str, ...]:
        """What they are called."""
        return tuple(body.name for body in self.bodies)

    def select(self, chosen: NDArray[np.intp]) -> Targets:
        """Return some of the targets, by their places, ascending."""
        if len(chosen) == len(self):
            return self
        chosen_bodies = tuple(self.bodies[row] for row in chosen)
        return Targets(chosen_bodies, self.group.select(chosen), self.light.select(chosen), self.earthshine)


def together(bodies: Sequence[Body], *, earthshine: bool = True) -> Targets:
    """Return targets as one batch."""
    return Targets(
        tuple(bodies),
        orbits.TrajectoryGroup([body.trajectory for body in bodies]),
        photometry.reflectors([body.light for body in bodies]),
        earthshine,
    )
