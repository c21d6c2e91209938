"""Which sources of a frame a preview marks, and what it says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from skyforge.frames.truth import TruthFlag

if TYPE_CHECKING:
    from skyforge.frames.frame import Frame

_UNSEEN = int(TruthFlag.OCCULTED | TruthFlag.ECLIPSED)
_HIDDEN = {
    TruthFlag.OUTSIDE: "outside the field",
    TruthFlag.OCCULTED: "occulted",
    TruthFlag.ECLIPSED: "eclipsed",
}


@dataclass(frozen=True)
class Target:
    """A source as a preview shows it; positions are pixels of the frame, what is unknown is NaN."""

    name: str
    kind: str
    x: float
    y: float
    start: tuple[float, float]
    end: tuple[float, float]
    mag: float
    band: str
    snr: float
    range_km: float
    flags: int

    @property
    def seen(self) -> bool:
        """Whether light of it can reach the telescope."""
        return not self.flags & _UNSEEN

    @property
    def trail_length(self) -> float:
        """Pixels between the places where the exposure begins and ends; 0 where unknown."""
        length = float(np.hypot(self.end[0] - self.start[0], self.end[1] - self.start[1]))
        return length if np.isfinite(length) else 0.0

    @property
    def brightness(self) -> str:
        """Magnitude, signal-to-noise ratio and what hides it, as far as known."""
        parts = []
        if np.isfinite(self.mag):
            parts.append(f"{self.band} {self.mag:.1f}".strip())
        hidden = next((word for flag, word in _HIDDEN.items() if self.flags & flag), "")
        if hidden:
            parts.append(hidden)
        elif np.isfinite(self.snr):
            parts.append(f"SNR {self.snr:.0f}" if self.snr >= 10.0 else f"SNR {self.snr:.1f}")
        return " · ".join(parts)


def targets_of(frame: Frame) -> list[Target]:
    """List what is not a star, best seen first.

    Parameters
    ----------
    frame
        The frame.

    Returns
    -------
    list[Target]
        Those with a position in pixels, inside the field or not.
    """
    chosen = pc.and_kleene(pc.not_equal(frame.truth["kind"], "star"), pc.is_valid(frame.truth["x"]))
    targets = [_target(row) for row in frame.truth.filter(chosen).to_pylist()]
    return sorted(targets, key=_rank)


def main_target(frame: Frame, targets: list[Target]) -> Target | None:
    """Choose what the frame was taken for: the object of the pointing, else the target seen best."""
    name = str(frame.header.get("OBJECT", ""))
    named = [target for target in targets if name and target.name == name]
    visible = [target for target in targets if inside(target, frame.data.shape)]
    return next(iter(named + visible + targets), None)


def brightest_star(frame: Frame) -> Target | None:
    """Return the star with the most light among those inside the frame and not saturated, if there is one."""
    rows, columns = frame.data.shape
    truth = frame.truth.select(["kind", "x", "y", "electrons", "flags"])
    margin = 8.0
    x, y = (np.asarray(truth[name].to_numpy(), dtype=np.float64) for name in ("x", "y"))
    flags = np.asarray(truth["flags"].to_numpy())
    usable = (x > margin) & (x < columns - margin) & (y > margin) & (y < rows - margin)
    usable &= (flags & TruthFlag.SATURATED) == 0
    usable &= np.asarray(pc.equal(truth["kind"], "star"))
    if not usable.any():
        return None
    light = np.where(usable, truth["electrons"].to_numpy(), -1.0)
    row = int(np.argmax(light))
    return _target(frame.truth.slice(row, 1).to_pylist()[0])


def inside(target: Target, shape: tuple[int, ...]) -> bool:
    """Say whether any of a target's path lies on the detector."""
    rows, columns = shape
    points = path(target, 16)
    on_detector = (points[:, 0] > -0.5) & (points[:, 0] < columns - 0.5)
    on_detector &= (points[:, 1] > -0.5) & (points[:, 1] < rows - 0.5)
    return bool(on_detector.any())


def path(target: Target, steps: int) -> NDArray[np.float64]:
    """Return points along the way a target takes during the exposure, pixels, shape ``(n, 2)``."""
    nodes = np.array([target.start, (target.x, target.y), target.end])
    if not np.isfinite(nodes).all():
        return nodes[1:2]
    fraction = np.linspace(0.0, 2.0, max(steps, 3))
    return np.stack([np.interp(fraction, [0.0, 1.0, 2.0], nodes[:, axis]) for axis in range(2)], axis=1)


def _target(row: dict[str, object]) -> Target:
    def number(key: str) -> float:
        value = row[key]
        return float(value) if isinstance(value, int | float) else float("nan")

    return Target(
        name=str(row["name"] or row["source_id"]),
        kind=str(row["kind"]),
        x=number("x"),
        y=number("y"),
        start=(number("x_start"), number("y_start")),
        end=(number("x_end"), number("y_end")),
        mag=number("mag"),
        band=str(row["band"] or ""),
        snr=number("snr"),
        range_km=number("range_km"),
        flags=int(number("flags")),
    )


def _rank(target: Target) -> tuple[bool, float, float, str]:
    snr = target.snr if np.isfinite(target.snr) else 0.0
    mag = target.mag if np.isfinite(target.mag) else np.inf
    return (not target.seen, -snr, mag, target.name)
