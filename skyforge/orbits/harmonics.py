"""The uneven part of a gravity field for many bodies at once, each as finely as its distance asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from skyforge.orbits.gravity import GravityField
from skyforge.orbits.trajectory import FloatArray

# What this acceleration does in a day is 4 mm.
_NEGLIGIBLE_KM_S2: Final = 1e-15
# Fields are cut to one of these degrees: the fewer calls, the better.
_DEGREES: Final = (2, 4, 8, 12, 20, 35, 50, 80, 120)


@dataclass(frozen=True)
class HarmonicTerms:
    """A field without its central pull, cut to several degrees.

    Attributes
    ----------
    body
        Whose field it is.
    fields
        From the coarsest to the whole.
    reach_km
        Distance from which each is enough, (fields,), descending; beyond the first nothing is added.
    """

    body: str
    fields: tuple[GravityField, ...]
    reach_km: FloatArray

    @classmethod
    def of(cls, whole: GravityField) -> HarmonicTerms:
        """Return the terms of a field."""
        cosine = whole.cosine.copy()
        cosine[0, 0] = 0.0
        uneven = GravityField(
            whole.name,
            whole.body,
            whole.gravitational_parameter_km3_s2,
            whole.reference_radius_km,
            cosine,
            whole.sine,
        )
        degrees = [degree for degree in _DEGREES if degree < whole.degree] + [whole.degree]
        felt = felt_within_km(uneven)
        # A field of some degree is enough where no higher degree is felt.
        reach = [felt[degree + 1 :].max(initial=0.0) for degree in (0, *degrees[:-1])]
        return cls(whole.body, tuple(uneven.truncated(degree) for degree in degrees), np.array(reach))

    def add(self, total_km_s2: FloatArray, relative_km: FloatArray, rotation: FloatArray) -> None:
        """Add the accelerations of bodies at (3, n) from the centre to (3, n), by rotations (3, 3, n) from ICRF."""
        distance = np.sqrt(np.einsum("in,in->n", relative_km, relative_km))
        level = np.searchsorted(-self.reach_km, -distance, side="left") - 1
        lowest, highest = int(level.min()), int(level.max())
        for number in range(max(lowest, 0), highest + 1):
            chosen = slice(None) if lowest == highest else np.flatnonzero(level == number)
            if not isinstance(chosen, slice) and not chosen.size:
                continue
            turn = rotation[:, :, chosen]
            fixed = np.einsum("ijn,jn->ni", turn, relative_km[:, chosen])
            pull = self.fields[number].acceleration(fixed)
            total_km_s2[:, chosen] += np.einsum("ijn,ni->jn", turn, pull)


def felt_within_km(field: GravityField) -> FloatArray:
    """Return the distance within which each degree of a field is felt, (degree + 1,)."""
    n = np.arange(field.degree + 1, dtype=np.float64)
    # Of a degree's terms the largest acceleration anywhere is some times this, root mean square over the sphere.
    amplitude = (n + 1.0) * np.sqrt((field.cosine**2 + field.sine**2).sum(axis=1))
    strength = (
        field.gravitational_parameter_km3_s2
        / field.reference_radius_km**2
        * amplitude
        * np.sqrt(2.0 * n + 1.0)
    )
    with np.errstate(divide="ignore"):
        return np.asarray(
            field.reference_radius_km * (strength / _NEGLIGIBLE_KM_S2) ** (1.0 / (n + 2.0)), dtype=np.float64
        )
