"""What a user should know about where the telescope looks before trusting the frames."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from skyforge import orbits
from skyforge.errors import InputError, SkyforgeWarning
from skyforge.simulate.camera import Camera
from skyforge.simulate.obstruction import Disc
from skyforge.simulate.plate import Plate
from skyforge.simulate.target import TargetImage, distance_from_frame_px

_MOST_NAMED = 10
_END_OF_TWILIGHT_DEG = -18.0  # astronomical twilight
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
            "it hides what is behind it, but its disc and its stray light are not drawn"
            if distance_deg > 0.0
            else f"the field's centre is up to {-distance_deg:.2f} deg inside the disc of the {name.capitalize()}; "
            "it hides the stars, but is not drawn itself"
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


def warn_of_daylight(in_the_way: Sequence[Sequence[Disc]]) -> None:
    """Warn if the Sun lights the sky over a site on the ground, for the sky's own light is not drawn.

    Parameters
    ----------
    in_the_way
        Discs in the sky of the site at some instants of the run.
    """
    highest_deg = -90.0
    for discs in in_the_way:
        earth, sun = (next(disc for disc in discs if disc.name == name) for name in ("earth", "sun"))
        highest_deg = max(highest_deg, float(np.degrees(earth.distance_from_limb_rad(sun.direction))))
    if highest_deg > _END_OF_TWILIGHT_DEG:
        warnings.warn(
            f"the Sun stands at an altitude of up to {highest_deg:.0f} deg at the site: the light of day and of "
            "twilight is not drawn",
            SkyforgeWarning,
            stacklevel=2,
        )


def require_open_sky(
    plates: Sequence[Plate], in_the_way: Sequence[Sequence[Disc]], *, on_the_ground: bool
) -> None:
    """Refuse a pointing whose field's centre is hidden by the Earth or the Moon throughout.

    Parameters
    ----------
    plates, in_the_way
        Where the telescope looks at some instants of the run, and the discs in its sky then.
    on_the_ground
        Whether the observer stands on the Earth, whose disc is then everything below the horizon.

    Raises
    ------
    InputError
        Saying how deep behind the body the field's centre is at best.
    """
    for number, disc in enumerate(in_the_way[0]):
        if disc.name == "sun":
            continue
        depth_deg = [
            -float(np.degrees(discs[number].distance_from_limb_rad(plate.centre_direction())))
            for plate, discs in zip(plates, in_the_way, strict=True)
        ]
        if min(depth_deg) <= 0.0:
            continue
        if disc.name == "earth" and on_the_ground:
            raise InputError(
                f"pointing: the field's centre is {min(depth_deg):.2f} deg below the horizon of the site throughout "
                "the run; choose another time, site or direction"
            )
        raise InputError(
            f"pointing: the {disc.name.capitalize()} hides the field's centre throughout the run, by at least "
            f"{min(depth_deg):.2f} deg; choose another time, orbit or direction"
        )
