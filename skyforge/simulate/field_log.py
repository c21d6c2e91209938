"""What the frames of a run miss, hide or leave in the dark, gathered and said once."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from skyforge import orbits
from skyforge.errors import SkyforgeWarning
from skyforge.simulate.camera import Camera
from skyforge.simulate.obstruction import Disc
from skyforge.simulate.plate import Plate
from skyforge.simulate.target import TargetImage, distance_from_frame_px

_MOST_NAMED = 10
_MEANINGFUL_TANGENT = 0.2


class FieldLog:
    """Gathers over the frames of a run what is missed or hidden, and says it once at the end."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self._frames = 0
        self._missed: dict[str, list[tuple[float, float]]] = {}
        self._hidden: dict[str, int] = {}
        self._dark: dict[str, int] = {}
        self._near: dict[str, float] = {}

    def add(self, plate: Plate, targets: Sequence[TargetImage], in_the_way: Sequence[Disc]) -> None:
        """Note one frame."""
        self._frames += 1
        for target in targets:
            distance = distance_from_frame_px(self._camera, target.tracks)
            if distance != 0.0:
                off_axis_rad = orbits.angular_separation_rad(
                    plate.centre_direction(), target.middle.astrometric[0]
                )
                self._missed.setdefault(target.body.name, []).append(
                    (distance, float(np.degrees(off_axis_rad)))
                )
            if target.occulted:
                self._hidden[target.body.name] = self._hidden.get(target.body.name, 0) + 1
            if target.middle.sunlit[0] == 0.0:
                self._dark[target.body.name] = self._dark.get(target.body.name, 0) + 1
        centre = plate.centre_direction()
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
        if len(self._missed) > _MOST_NAMED:
            always = sum(len(misses) == self._frames for misses in self._missed.values())
            lines.append(
                f"{len(self._missed)} targets are outside the field in some frames, {always} of them in all "
                f"{self._frames}"
            )
        else:
            lines += [self._missed_line(name, distances) for name, distances in self._missed.items()]
        for counts, what in ((self._hidden, "behind the Earth or the Moon"), (self._dark, "in the umbra")):
            if len(counts) > _MOST_NAMED:
                lines.append(f"{len(counts)} targets are {what} in some frames")
            else:
                lines += [f"{name} is {what} in {self._of_frames(count)}" for name, count in counts.items()]
        return lines

    def _of_frames(self, count: int) -> str:
        return f"{count} of {self._frames} frame{'s' if self._frames > 1 else ''}"

    def _missed_line(self, name: str, misses: list[tuple[float, float]]) -> str:
        where = f"{name} is outside the field in {self._of_frames(len(misses))}"
        nearest_px = min((px for px, _ in misses if np.isfinite(px)), default=np.inf)
        nearest_deg = min(off_axis_deg for _, off_axis_deg in misses)
        # Far from the axis the tangent plane's pixels stretch without bound and say nothing.
        if nearest_px * self._camera.pixel_scale_rad > _MEANINGFUL_TANGENT:
            return f"{where}: it stays {nearest_deg:.1f} deg from the field's centre"
        angle_deg = float(np.degrees(np.arctan(nearest_px * self._camera.pixel_scale_rad)))
        return f"{where}, at its nearest by {nearest_px:.0f} px ({angle_deg:.3f} deg)"
