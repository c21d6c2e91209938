"""What the frames of a run miss, hide or leave in the dark, gathered and said once."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from skyforge import orbits
from skyforge.errors import SkyforgeWarning
from skyforge.simulate.camera import Camera
from skyforge.simulate.obstruction import Disc
from skyforge.simulate.plate import Plate
from skyforge.simulate.target_images import TargetImages

_MOST_NAMED = 10
_MEANINGFUL_TANGENT = 0.2


class FieldLog:
    """Gathers over the frames of a run what is missed or hidden, and says it once at the end.

    Parameters
    ----------
    camera
        What the telescope sees.
    names
        What the targets of the run are called, n.
    """

    def __init__(self, camera: Camera, names: Sequence[str]) -> None:
        self._camera = camera
        self._names = tuple(names)
        self._frames = 0
        count = len(self._names)
        self._met, self._hidden, self._dark, self._placeless = np.zeros((4, count), dtype=np.int64)
        self._nearest_px, self._nearest_rad = np.full(count, np.inf), np.full(count, np.inf)
        self._reasons: dict[int, str] = {}
        self._near: dict[str, float] = {}

    def add(self, plate: Plate, targets: TargetImages, in_the_way: Sequence[Disc]) -> None:
        """Note one frame."""
        self._frames += 1
        rows, centre = targets.rows, plate.centre_direction()
        distance_px = targets.trails.distance_from_frame_px(self._camera.shape)
        missed = distance_px != 0.0
        self._met[rows] += ~missed
        outside = rows[missed]
        self._nearest_px[outside] = np.fmin(self._nearest_px[outside], distance_px[missed])
        off_axis = orbits.angular_separation_rad(centre, targets.middle.astrometric[missed])
        self._nearest_rad[outside] = np.minimum(self._nearest_rad[outside], off_axis)
        self._hidden[rows] += targets.occulted
        self._dark[rows] += targets.middle.sunlit == 0.0
        for row, reason in targets.without_place.items():
            self._placeless[row] += 1
            self._reasons.setdefault(row, reason)
        for disc in in_the_way:
            distance_deg = float(np.degrees(disc.distance_from_limb_rad(centre)))
            if distance_deg < float(np.degrees(self._camera.half_diagonal_rad)):
                self._near[disc.name] = min(distance_deg, self._near.get(disc.name, np.inf))

    def warn(self) -> None:
        """Issue one warning for each thing noted."""
        for message in self.messages():
            warnings.warn(message, SkyforgeWarning, stacklevel=2)

    def messages(self) -> list[str]:
        """Return what there is to say, one line each."""
        lines = [
            f"the limb of the {name.capitalize()} comes within {distance_deg:.2f} deg of the field's centre; "
            "it hides what is behind it, and its light decides what can be seen beside it"
            if distance_deg > 0.0
            else f"the field's centre is up to {-distance_deg:.2f} deg inside the disc of the {name.capitalize()}; "
            "it hides the stars"
            for name, distance_deg in self._near.items()
        ]
        lines += self._placeless_lines()
        missed = np.flatnonzero(self._met + self._placeless < self._frames)
        if len(missed) > _MOST_NAMED:
            always = int(np.sum(self._met[missed] == 0))
            lines.append(
                f"{len(missed)} targets are outside the field in some frames, {always} of them in all "
                f"{self._frames}"
            )
        else:
            lines += [self._missed_line(row) for row in map(int, missed)]
        for counts, what in ((self._hidden, "behind the Earth or the Moon"), (self._dark, "in the umbra")):
            lines += self._count_lines(counts, what)
        return lines

    def _count_lines(self, counts: NDArray[np.int64], what: str) -> list[str]:
        some = np.flatnonzero(counts)
        if len(some) > _MOST_NAMED:
            return [f"{len(some)} targets are {what} in some frames"]
        return [f"{self._names[row]} is {what} in {self._of_frames(int(counts[row]))}" for row in some]

    def _placeless_lines(self) -> list[str]:
        lines = [
            f"left out of {self._of_frames(int(self._placeless[row]))}: {reason}"
            for row, reason in list(self._reasons.items())[:_MOST_NAMED]
        ]
        if len(self._reasons) > _MOST_NAMED:
            others = [self._names[row] for row in self._reasons][_MOST_NAMED:]
            lines.append(f"left out of some frames, as they have no place either: {', '.join(others)}")
        return lines

    def _of_frames(self, count: int) -> str:
        return f"{count} of {self._frames} frame{'s' if self._frames > 1 else ''}"

    def _missed_line(self, row: int) -> str:
        misses = self._frames - int(self._met[row]) - int(self._placeless[row])
        where = f"{self._names[row]} is outside the field in {self._of_frames(misses)}"
        nearest_px, nearest_rad = float(self._nearest_px[row]), float(self._nearest_rad[row])
        if not np.isfinite(nearest_rad):
            return where  # so far, among so many, that nobody looked
        # Far from the axis the tangent plane's pixels stretch without bound and say nothing.
        if not np.isfinite(nearest_px) or nearest_px * self._camera.pixel_scale_rad > _MEANINGFUL_TANGENT:
            return f"{where}: it stays {np.degrees(nearest_rad):.1f} deg from the field's centre"
        angle_deg = float(np.degrees(np.arctan(nearest_px * self._camera.pixel_scale_rad)))
        return f"{where}, at its nearest by {nearest_px:.0f} px ({angle_deg:.3f} deg)"
