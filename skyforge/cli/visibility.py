"""skyforge visibility: when targets can be seen, how bright they are then, and why not otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from skyforge.cli.options import AsJson, Assignments, Debug, Jobs, Quiet, Strict
from skyforge.cli.progress import progress_bar
from skyforge.cli.reporting import reported
from skyforge.cli.tables import aligned, number, to_json
from skyforge.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from skyforge.scenario import Scenario
    from skyforge.visibility.summary import TargetVisibility
    from skyforge.visibility.survey import Visibility

_PICTURES = (".png", ".pdf", ".svg")
_USUAL_STEPS = 1000
_MOST_TARGETS, _MOST_WINDOWS = 40, 60
_DIGITS = 4
_HEADS = ("target", "seen", "windows", "brightest", "V", "SNR", "rate", "range", "phase", "Sun", "otherwise")
_UNITS = ("", "", "", "UTC", "mag", "", "arcsec/s", "km", "deg", "deg", "")
_WINDOW_HEADS = ("target", "from", "to", "V", "to", "SNR", "rate", "range", "phase", "Sun")
_WINDOW_UNITS = ("", "UTC", "UTC", "mag", "mag", "", "arcsec/s", "km", "deg", "deg")
_WINDOW_NUMBERS = (
    "v_mag", "v_mag_faintest", "snr", "rate_arcsec_s", "range_km", "phase_angle_deg", "sun_angle_deg",
)  # fmt: skip
_BEST_NUMBERS = ("v_mag", "snr", "rate_arcsec_s", "range_km", "phase_angle_deg", "sun_angle_deg")


def visibility(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A YAML file, a run folder, or a preset's name.")
    ],
    *,
    assignments: Assignments = None,
    begin: Annotated[
        str | None,
        typer.Option("--from", metavar="UTC", help="First instant; by default the run's first frame."),
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="UTC", help="Last instant; by default the run's last frame.")
    ] = None,
    step: Annotated[
        str | None,
        typer.Option("--step", metavar="TIME", help="From one instant to the next, such as '5 min'."),
    ] = None,
    limit: Annotated[
        float | None,
        typer.Option("--limit", metavar="V", help="Faintest magnitude, instead of a signal-to-noise ratio."),
    ] = None,
    snr: Annotated[
        float, typer.Option("--snr", min=0.0, help="Least signal-to-noise ratio of one exposure.")
    ] = 5.0,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw it (.png, .pdf, .svg).")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write all windows (.csv, .parquet).")
    ] = None,
    jobs: Jobs = None,
    strict: Strict = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """List when each target can be seen, how bright it is then, and why not otherwise.

    It is about the observer and its telescope, wherever that points. Without --from, --to and --step the instants are
    the frames of the scenario.
    """
    with reported(debug):
        from skyforge.scenario import load  # imports astropy
        from skyforge.visibility.files import FORMATS, check_format, write_windows
        from skyforge.visibility.survey import visibility as surveyed  # imports the whole simulator

        for path, formats, option in ((plot, _PICTURES, "--plot"), (out, FORMATS, "--out")):
            if path is not None:
                check_format(path, formats, option)
        loaded = load(scenario, assignments or [])
        times = _instants(loaded, begin, end, step)
        with progress_bar("looking", not (quiet or as_json)) as update:
            found = surveyed(
                loaded,
                times,
                limit_v_mag=limit,
                least_snr=snr,
                strict=strict,
                jobs=jobs,
                progress=update,
            )
        if out is not None:
            write_windows(found.windows, out)
        if plot is not None:
            _draw(found, plot)
        if as_json:
            typer.echo(to_json(_facts(found)))
        elif not quiet:
            typer.echo(visibility_text(found))


def _draw(found: Visibility, path: Path) -> None:
    from skyforge.frames import atomic_file  # imports astropy
    from skyforge.visibility.plot import plot_visibility

    with atomic_file(path) as file:
        plot_visibility(found, file, path.suffix.lower().lstrip("."))


def _instants(
    scenario: Scenario, begin: str | None, end: str | None, step: str | None
) -> NDArray[np.float64] | None:
    """Return the instants asked for; None for those of the frames."""
    import numpy as np

    from skyforge.visibility.survey import frame_instants

    if begin is None and end is None and step is None:
        return None
    frames = frame_instants(scenario)
    first = float(frames[0]) if begin is None else _tdb_seconds("--from", begin)
    last = float(frames[-1]) if end is None else _tdb_seconds("--to", end)
    if last < first:
        raise InputError(f"--to: found an instant {first - last:.0f} s before the first; it must come after")
    step_s = _step_s(step) if step is not None else max((last - first) / (_USUAL_STEPS - 1), 1.0)
    # What is left at the end, shorter than a step, is left out; rounding shall not lose a step.
    count = int((last - first) / step_s * (1.0 + 1e-12)) + 1
    return np.asarray(first + step_s * np.arange(count), dtype=np.float64)


def _tdb_seconds(option: str, text: str) -> float:
    from skyforge.orbits.timescales import quiet_future, tdb_seconds
    from skyforge.scenario.utc import parse_utc

    try:
        with quiet_future():
            return float(tdb_seconds(parse_utc(text)))
    except ValueError:
        raise InputError(
            f"{option}: found {text!r}; must be an instant such as 2030-03-01T00:00:00Z"
        ) from None


def _step_s(text: str) -> float:
    from astropy.units import UnitConversionError

    from skyforge.scenario.quantities import parse_quantity

    try:
        step_s = float(parse_quantity(text).to_value("s"))
    except (ValueError, UnitConversionError):
        raise InputError(f"--step: found {text!r}; must be a time such as '5 min'") from None
    if not step_s > 0.0:
        raise InputError(f"--step: found {text!r}; must be longer than 0 s")
    return step_s


def _facts(found: Visibility) -> dict[str, Any]:
    import numpy as np

    from skyforge.visibility.summary import summaries

    return {
        "scenario": found.scenario.name,
        "from": f"{np.datetime_as_string(found.utc[0])}Z",
        "to": f"{np.datetime_as_string(found.utc[-1])}Z",
        "instants": len(found.utc),
        "limit": {"v_mag": found.limit.v_mag, "snr": found.limit.least_snr},
        "targets": [
            {
                "name": one.name,
                "visible_share": one.share,
                "otherwise": one.otherwise,
                "windows": [_plain(window) for window in one.windows],
            }
            for one in summaries(found)
        ],
    }


def _plain(window: dict[str, Any]) -> dict[str, Any]:
    """Return a window with its instants as texts, without what holds for all of them."""
    kept = {key: value for key, value in window.items() if key not in ("target", "kind", "visible", "reason")}
    return {key: _iso(value) if hasattr(value, "isoformat") else value for key, value in kept.items()}


def _iso(instant: Any) -> str:
    return f"{instant.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def visibility_text(found: Visibility) -> str:
    """Return what a person wants to know: a line for each target, and their windows if they are few."""
    from skyforge.visibility.summary import best_seen_first, summaries

    order = best_seen_first(found)
    shown = summaries(found, order[:_MOST_TARGETS])
    ever = int((found.shares()[:, 0] > 0.0).sum())
    blocks = [aligned(_head(found, ever)), _target_table(shown)]
    if len(order) > len(shown):
        blocks[-1] += f"\n… and {len(order) - len(shown)} more; --out writes them all"
    windows = [window for one in shown for window in one.windows]
    if len(order) == len(shown) and 0 < len(windows) <= _MOST_WINDOWS:
        blocks.append(_window_table(windows))
    return "\n\n".join(blocks)


def _head(found: Visibility, ever: int) -> list[list[str]]:
    import numpy as np

    first, last = (f"{np.datetime_as_string(found.utc[end], unit='s')}Z" for end in (0, -1))
    return [
        ["scenario", found.scenario.name],
        ["span", f"{first} to {last}, {len(found.utc)} instants"],
        ["down to", found.limit.words()],
        ["can be seen", f"{ever} of {len(found.names)} targets at some instant"],
    ]


def _target_table(shown: Sequence[TargetVisibility]) -> str:
    rows = [list(_HEADS), list(_UNITS)]
    for one in shown:
        best = one.best
        numbers = ["-"] * (len(_BEST_NUMBERS) + 1)
        if best is not None:
            numbers = [_minute(best["brightest"]), *(number(best[key], _DIGITS) for key in _BEST_NUMBERS)]
        others = ", ".join(f"{words} {_percent(share)}" for words, share in one.otherwise.items())
        rows.append([one.name, _percent(one.share), str(len(one.windows)), *numbers, others])
    return aligned(rows, right=(1, 2, *range(4, len(_HEADS) - 1)))


def _window_table(windows: Sequence[dict[str, Any]]) -> str:
    rows = [list(_WINDOW_HEADS), list(_WINDOW_UNITS)]
    for window in windows:
        numbers = [number(window[key], _DIGITS) for key in _WINDOW_NUMBERS]
        rows.append([window["target"], _minute(window["begin"]), _minute(window["end"]), *numbers])
    return aligned(rows, right=range(3, len(_WINDOW_HEADS)))


def _minute(instant: Any) -> str:
    return str(instant.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _percent(share: float) -> str:
    if 0.0 < share < 0.001:
        return "<0.1 %"
    return f"{100.0 * share:.3g} %"
