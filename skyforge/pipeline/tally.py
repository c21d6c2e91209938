"""What the frames of a run add up to, target by target."""

from __future__ import annotations

from dataclasses import dataclass

from skyforge import frames, simulate


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
        self.log = simulate.FieldLog(plan.instrument.camera)
        self.stars = 0
        self._names = [body.name for body in plan.bodies]
        self._in_field = dict.fromkeys(self._names, 0)
        self._best: dict[str, dict[str, float | None]] = {}

    def add(self, exposure: simulate.Exposure) -> None:
        """Count one exposure."""
        self.log.add(exposure.plate, exposure.targets, exposure.in_the_way)
        stars = exposure.truth.num_rows - len(exposure.targets)
        self.stars += stars
        for row in exposure.truth.slice(stars).to_pylist():
            name = row["name"]
            if row["flags"] & frames.TruthFlag.OUTSIDE:
                continue
            self._in_field[name] += 1
            best = self._best.get(name)
            if best is None or (row["snr"] or 0.0) > (best["snr"] or 0.0):
                self._best[name] = {key: row[key] for key in ("mag", "snr", "rate_arcsec_s", "range_km")}

    def targets(self) -> tuple[TargetSummary, ...]:
        """Return what became of each target."""
        nothing: dict[str, float | None] = dict.fromkeys(("mag", "snr", "rate_arcsec_s", "range_km"))
        summaries = []
        for name in self._names:
            best = self._best.get(name, nothing)
            summaries.append(
                TargetSummary(
                    name,
                    self._in_field[name],
                    best["mag"],
                    best["snr"],
                    best["rate_arcsec_s"],
                    best["range_km"],
                )
            )
        return tuple(summaries)
