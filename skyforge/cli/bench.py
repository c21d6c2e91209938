"""skyforge bench: frames per second on this machine, by stage."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from skyforge.cli.options import AsJson, Assignments, Debug, Device, DeviceOption, Jobs
from skyforge.cli.progress import progress_bar
from skyforge.cli.reporting import reported
from skyforge.cli.tables import aligned, number, to_json

_DIGITS = 4
_LIMITS = (
    ("memory_bytes_s", "memory", 1e-9, "GB/s, read and written"),
    ("multiply_adds_s", "multiply-adds", 1e-9, "10⁹/s"),
    ("random_blocks_s", "random words", 4e-9, "10⁹/s"),
    ("to_device_bytes_s", "bus, to the device", 1e-9, "GB/s"),
    ("to_host_bytes_s", "bus, to the host", 1e-9, "GB/s"),
    ("disk_bytes_s", "disk", 1e-9, "GB/s"),
)
_RATES = (
    ("device_only_frames_s", "frames/s on the device"),
    ("to_host_frames_s", "frames/s compressed in the host's memory"),
    ("end_to_end_frames_s", "frames/s compressed on the disk, with their truth"),
)


def bench(
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="[SCENARIO]", help="Measure this one instead of the standard scenes: a file, a preset."
        ),
    ] = None,
    *,
    assignments: Assignments = None,
    device: DeviceOption = Device.AUTO,
    jobs: Jobs = None,
    scenes: Annotated[
        list[str] | None,
        typer.Option("--scene", metavar="NAME", help="A standard scene; all by default. Repeatable."),
    ] = None,
    against: Annotated[
        str,
        typer.Option(
            "--against",
            metavar="NAMES",
            help="Other libraries, side by side: photutils, numpy, astropy; with commas between.",
        ),
    ] = "",
    quick: Annotated[bool, typer.Option("--quick", help="Fewer repeats and fewer scenes.")] = False,
    compress: Annotated[
        bool, typer.Option("--compress/--no-compress", help="Whether frames of SCENARIO are compressed.")
    ] = True,
    folder: Annotated[
        Path, typer.Option("--folder", help="Where frames are written, and removed again.")
    ] = Path(),
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Say how fast this machine makes frames, stage by stage, and how much faster it could be."""
    with reported(debug):
        from skyforge.bench.bench import bench as measure  # imports the whole simulator
        from skyforge.bench.bench import wanted

        what = wanted(
            device=device.value,
            jobs=jobs,
            quick=quick,
            scenes=scenes or [],
            rivals=[name.strip() for name in against.split(",") if name.strip()],
            scenario=scenario,
            assignments=assignments or [],
            compress=compress,
            folder=folder,
        )
        with progress_bar("measuring", not as_json) as update:
            report = measure(what, update).as_json()
        typer.echo(to_json(report) if as_json else text_of(report))


def text_of(report: Mapping[str, Any]) -> str:
    """Return what a person wants to know of a benchmark."""
    blocks = [_machine(report), _limits(report["limits"])]
    blocks += [_scene(scene) for scene in report["scenes"]]
    blocks += [_rivals(report["rivals"])] if report["rivals"] else []
    blocks += [_scenario(report["scenario"])] if report["scenario"] else []
    return "\n\n".join(blocks)


def _machine(report: Mapping[str, Any]) -> str:
    machine = report["machine"]
    rows = [
        ["processor", f"{machine['processor']}, {machine['cores']} cores, {machine['instruction_set']}"],
        ["device", machine["gpu"] or f"the processor, {report['threads']} threads"],
    ]
    return aligned(rows)


def _limits(limits: Mapping[str, float | None]) -> str:
    rows = [["at best", "", ""]]
    for key, name, factor, unit in _LIMITS:
        rate = limits[key]
        if rate is not None:
            rows.append([f"  {name}", number(factor * rate, _DIGITS), unit])
    return aligned(rows, right=(1,))


def _scene(scene: Mapping[str, Any]) -> str:
    heads = [["  stage", "ms", "frames/s", "limit", "reached"]]
    rows = [
        [
            f"  {stage['stage']}",
            f"{stage['ms']:.3f}",
            f"{1e3 / stage['ms']:.1f}" if stage["ms"] > 0.0 else "-",
            stage["limit"] or "-",
            _share(stage["percent_of_limit"]),
        ]
        for stage in scene["stages"]
    ]
    rates = [["  " + number(scene[key], _DIGITS), what] for key, what in _RATES if scene[key] is not None]
    title = f"{scene['scene']}: {scene['title']}"
    if scene["frames_a_launch"] > 1:
        title += f", {scene['frames_a_launch']} frames a launch"
    return f"{title}\n{aligned([*heads, *rows], right=(1, 2, 4))}\n{aligned(rates)}"


def _share(percent: float | None) -> str:
    if percent is None:
        return "-"
    return f"{percent:.0f} %" if percent >= 1.0 else "< 1 %"


def _rivals(rivals: list[Mapping[str, Any]]) -> str:
    rows = [["side by side, one thread", "", "theirs, ms", "ours, ms", "times as fast"]]
    rows += [
        [
            f"  {rival['rival']} {rival['version']}",
            rival["work"],
            number(rival["theirs_ms"], _DIGITS),
            number(rival["ours_ms"], _DIGITS),
            number(rival["times_as_fast"], 3),
        ]
        for rival in rivals
    ]
    return aligned(rows, right=(2, 3, 4))


def _scenario(run: Mapping[str, Any]) -> str:
    rows = [
        [
            f"  {stage.replace('_', ' ')}",
            number(seconds, _DIGITS),
            number(1e3 * seconds / run["frames"], _DIGITS),
        ]
        for stage, seconds in run["stages_s"].items()
    ]
    heads = [["  stage", "s", "ms a frame"]]
    return (
        f"{run['scenario']}: {run['frames']} frames on {run['device']} in {number(run['seconds'], _DIGITS)} s\n"
        f"{aligned([*heads, *rows], right=(1, 2))}\n"
        f"  {number(run['frames_s'], _DIGITS)} frames/s once it is ready; "
        f"the renderer waited for the writers {run['stalled_percent']:.1f} % of the time"
    )
