"""What the frames of a run add up to, target by target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skyforge import frames, simulate

_OF_THE_BEST = ("mag", "rate_arcsec_s", "range_km")


@dataclass(frozen=True)
class TargetSummary:
    """What became of one target over a run; magnitudes and signal are those of its brightest frame in the field."""

    name: str
    in_field_frames: int
    v_mag: float | None
    snr: float | None
    rate_arcsec_s: float | None
    range_km: float | None


class Tally:
    """Counts over the frames of a run what its summary says."""

    def __init__(self, plan: simulate.Plan) -> None:
        names = plan.targets.names
        self.log = simulate.FieldLog(plan.instrument.camera, names)
        self.stars = 0
        self._names = names
        self._in_field = np.zeros(len(names), dtype=np.int64)
        self._best = {name: np.full(len(names), np.nan) for name in ("snr", *_OF_THE_BEST)}

    def add(self, exposure: simulate.Exposure) -> None:
        """Count one exposure."""
        self.log.add(exposure.plate, exposure.targets, exposure.in_the_way)
        stars = exposure.truth.num_rows - len(exposure.targets)
        self.stars += stars
        truth = exposure.truth.slice(stars)
        inside = (truth["flags"].to_numpy() & frames.TruthFlag.OUTSIDE) == 0
        rows = exposure.targets.rows[inside]
        self._in_field[rows] += 1
        snr = truth["snr"].to_numpy()[inside]
        better = ~(snr <= self._best["snr"][rows])
        for name, best in self._best.items():
            best[rows[better]] = truth[name].to_numpy()[inside][better]

    def targets(self) -> tuple[TargetSummary, ...]:
        """Return what became of each target."""
        return tuple(
            TargetSummary(
                name,
                int(self._in_field[row]),
                *(_known(self._best[column][row]) for column in ("mag", "snr", "rate_arcsec_s", "range_km")),
            )
            for row, name in enumerate(self._names)
        )


def _known(value: np.float64) -> float | None:
    return float(value) if np.isfinite(value) else None
