"""Everything about a GPU in one go: first that its frames are the CPU's, bit for bit, then how fast they are.

    python benchmarks/gpu.py [--out FILE] [--quick]

It needs NumPy, SciPy, CuPy and skyforge, no more; docs/gpu.md says how to bring them to a bare host. It takes a few
minutes and prints as it goes. Figures go to FILE, by default benchmarks/results/DATE-DEVICE.json, after every part, so
that what was found is kept whatever comes next. A part that breaks leaves its traceback there, and the next one begins.

Exit status: 0; 1 if a frame differs (then nothing is timed) or a part broke. A target that is missed is said, and is no
failure.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import importlib.metadata
import json
import platform
import re
import shutil
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from gpu_identity import DifferentError, identity

from skyforge import __version__
from skyforge.bench import scenes
from skyforge.bench.device_limits import device_limits
from skyforge.bench.device_scene import device_scene, landing_seconds, launch_seconds
from skyforge.bench.device_stages import DRAWING, kernel_seconds, stage_seconds
from skyforge.bench.effort import FULL, QUICK, Effort
from skyforge.bench.floors import Moved, stages
from skyforge.bench.kernel_resources import kernel_resources
from skyforge.bench.limits import Limits
from skyforge.errors import SkyforgeError
from skyforge.render.gpu.cupy_runtime import cupy_runtime
from skyforge.render.gpu.presence import GpuMissingError, find_gpu
from skyforge.render.gpu.ring import Form
from skyforge.render.options import checked_threads

HERE = Path(__file__).resolve().parent
SCHEMA = "skyforge-gpu/1"
GIGA = 1e9
THOROUGH = dataclasses.replace(FULL, launches=40)


class Book:
    """What was found so far, on the screen and in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.began = time.perf_counter()
        self.found: dict[str, Any] = {"schema": SCHEMA, "failed": {}}

    def say(self, text: str) -> None:
        """Print with the time since the beginning."""
        print(f"[{time.perf_counter() - self.began:6.1f} s] {text}", flush=True)

    def keep(self, name: str, what: Any) -> None:
        """Put something into the file."""
        self.found[name] = what
        self.path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.found, indent=1, allow_nan=False, default=_plain)
        self.path.write_text(text + "\n", encoding="utf-8")

    def part(self, name: str, work: Callable[[], Any]) -> Any:
        """Do a part; a failure is noted, and None is returned."""
        self.say(f"== {name}")
        try:
            result = work()
        except DifferentError:
            raise
        except Exception:  # noqa: BLE001  (whatever it is, the other parts are still worth their time)
            self.found["failed"][name] = traceback.format_exc()
            self.say(f"{name} BROKE:\n{self.found['failed'][name]}")
            self.keep("failed", self.found["failed"])
            return None
        self.keep(name, result)
        return result


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else str(value)


# How fast they are ------------------------------------------------------------------------------------------------


def limits_of(runtime: Any, book: Book, effort: Effort) -> dict[str, Any]:
    limits = device_limits(runtime, None, effort)
    for name, value in limits.as_json().items():
        if value is not None:
            book.say(f"{name:<20} {value / GIGA:12.2f} 10^9")
    return limits.as_json()


def on_the_device(
    runtime: Any, book: Book, scene: scenes.Scene, effort: Effort, target: float | None, **options: bool
) -> dict[str, Any]:
    """Measure frames that stay on the device."""
    compress = options.pop("compress", False)
    ready = device_scene(runtime, scene, effort, **options)
    device_s, wall_s = launch_seconds(ready, effort, compress=compress)
    return verdict(
        book,
        1.0 / device_s,
        "frames/s",
        target,
        {"frames_a_launch": ready.frames, "wall_frames_s": 1.0 / wall_s},
    )


def to_the_host(
    runtime: Any, book: Book, scene: scenes.Scene, form: Form, effort: Effort, limits: dict[str, Any] | None
) -> dict[str, Any]:
    """Measure frames on their way to pinned memory: raw against the bus, compressed as such."""
    ready = device_scene(runtime, scene, effort)
    seconds, size = landing_seconds(ready, form, effort)
    about = {
        "frames_a_launch": ready.frames,
        "frames_s": 1.0 / seconds,
        "bytes_a_frame": size,
        "gb_s": size / seconds / GIGA,
    }
    if form is Form.RICE:
        return verdict(book, 1.0 / seconds, "frames/s", 2000.0, about)
    if limits is None:
        raise RuntimeError("the bus was not measured")
    return verdict(book, 100.0 * size / seconds / limits["to_host_bytes_s"], "% of the bus", 80.0, about)


def verdict(
    book: Book, value: float, unit: str, target: float | None, about: dict[str, Any]
) -> dict[str, Any]:
    met = None if target is None else value >= target
    goal = "" if target is None else f"   target {target:g}: {'met' if met else 'MISSED'}"
    more = ", ".join(f"{name} {number:.5g}" for name, number in about.items())
    book.say(f"    {value:12.1f} {unit}{goal}   ({more})")
    return {"value": value, "unit": unit, "target": target, "met": met, **about}


def profile(
    runtime: Any, book: Book, scene: scenes.Scene, effort: Effort, limits: dict[str, Any] | None, used: Any
) -> dict[str, Any]:
    """Time each kernel alone, and say what it reaches."""
    kernels = kernel_seconds(runtime, scene, effort)
    rows = []
    for name, seconds in sorted(kernels.items(), key=lambda each: -each[1]):
        moved = _bytes_at_least(scene).get(name)
        resources = (used or {}).get(name)
        rows.append(
            {
                "kernel": name,
                "us": 1e6 * seconds,
                "gb_s": None if moved is None or seconds <= 0 else moved / seconds / GIGA,
                **(resources or {}),
            }
        )
        rate = "" if rows[-1]["gb_s"] is None else f"{rows[-1]['gb_s']:8.0f} GB/s"
        taken = (
            ""
            if resources is None
            else (
                f"{resources['registers']:4d} registers {resources['shared_bytes']:6d} B shared "
                f"{100 * resources['occupancy']:4.0f} % occupied"
            )
        )
        book.say(f"    {name:<24} {1e6 * seconds:10.2f} us a frame {rate:<14} {taken}")
    found: dict[str, Any] = {"kernels": rows}
    if limits is not None:
        moved_bytes = Moved(to_host=2 * scene.pixels, to_disk=0)
        each = stages(scene, stage_seconds(kernels), Limits(**limits), moved_bytes)
        found["stages"] = [stage.as_json() for stage in each]
    return found


def _bytes_at_least(scene: scenes.Scene) -> dict[str, int]:
    """Return what kernels must read and write of a frame, where that is plain."""
    source, track = 40, 32
    return {
        "project_stars": scene.stars * (24 + track),
        "plan_count": scene.stars * source,
        "plan_fill": scene.stars * (source + 8),
        DRAWING: 2 * scene.pixels,
        "rice_rows": 2 * scene.pixels,
        "copy to host": 2 * scene.pixels,
    }


# The host ---------------------------------------------------------------------------------------------------------


def machine(runtime: Any) -> dict[str, Any]:
    about: dict[str, Any] = {
        "device": runtime.name,
        "skyforge": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "kernel": platform.release(),
        "processor": _processor(),
        "cores": checked_threads(None),
        "cupy": _version("cupy-cuda13x") or _version("cupy-cuda12x") or _version("cupy"),
        "nvidia_smi": _nvidia_smi(),
    }
    try:
        gpu = find_gpu()
    except GpuMissingError as error:
        return {**about, "gpu": str(error)}
    return {**about, "gpu": dataclasses.asdict(gpu)}


def _nvidia_smi() -> str | None:
    """Read the driver's version and the clocks; nothing is changed."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    what = "driver_version,clocks.sm,clocks.max.sm,clocks.mem,power.limit,pcie.link.gen.current,pcie.link.width.current"
    command = [program, f"--query-gpu={what}", "--format=csv"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603
    return done.stdout.strip()


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine()
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1].strip() if found else platform.machine()


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _resources() -> Any:
    from skyforge.render.gpu.nvrtc import find_nvrtc

    gpu = find_gpu()
    used = kernel_resources(find_nvrtc(gpu.nvrtc[0]), gpu.compute_capability)
    return {name: dataclasses.asdict(each) for name, each in used.items()}


def measure(runtime: Any, book: Book, effort: Effort, standard: dict[str, scenes.Scene]) -> None:
    """Do all parts; `standard` holds the scenes by name."""
    book.part("machine", lambda: machine(runtime))
    book.part("identity", lambda: identity(runtime, book.say, tuple(standard.values())))
    limits = book.part("limits", lambda: limits_of(runtime, book, effort))
    field = standard["field"]
    rates: list[tuple[str, Callable[[], Any]]] = [
        ("field, on the device", lambda: on_the_device(runtime, book, field, effort, 3000.0)),
        (
            "wide-images, on the device",
            lambda: on_the_device(runtime, book, standard["wide-images"], effort, 1500.0),
        ),
        (
            "galactic-plane, projected anew, on the device",
            lambda: on_the_device(runtime, book, standard["galactic-plane"], effort, 200.0),
        ),
        ("field, words to the host", lambda: to_the_host(runtime, book, field, Form.WORDS, effort, limits)),
        (
            "field, compressed to the host",
            lambda: to_the_host(runtime, book, field, Form.RICE, effort, limits),
        ),
        ("wings, on the device", lambda: on_the_device(runtime, book, standard["wings"], effort, None)),
        ("small, on the device", lambda: on_the_device(runtime, book, standard["small"], effort, None)),
        (
            "field, sources from the host",
            lambda: on_the_device(runtime, book, field, effort, None, new_sources=True),
        ),
        (
            "field, compressed on the device",
            lambda: on_the_device(runtime, book, field, effort, None, compress=True),
        ),
    ]
    for name, work in rates:
        book.part(name, work)
        runtime.release_memory()
    used = book.part("resources", _resources)
    for name, scene in standard.items():
        book.part(
            f"profile of {name}",
            lambda scene=scene: profile(
                runtime, book, scene, dataclasses.replace(effort, frames_a_launch=8), limits, used
            ),
        )
        runtime.release_memory()


def summary(book: Book) -> None:
    """Print what has a target once more."""
    book.say("== targets")
    for name, what in book.found.items():
        if isinstance(what, dict) and what.get("target") is not None:
            mark = "met   " if what["met"] else "MISSED"
            book.say(f"    {mark} {name:<48} {what['value']:10.1f} {what['unit']} (>= {what['target']:g})")
    for name in book.found["failed"]:
        book.say(f"    BROKE  {name}")
    book.say(f"kept in {book.path}")


def main(
    arguments: list[str] | None = None,
    *,
    runtime: Any = None,
    effort: Effort | None = None,
    standard: dict[str, scenes.Scene] | None = None,
) -> int:
    """Run the benchmark; the last three are for who tries it without a GPU."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, help="where the figures go")
    parser.add_argument("--quick", action="store_true", help="fewer launches")
    options = parser.parse_args(arguments)
    if runtime is None:
        try:
            runtime = cupy_runtime()
        except SkyforgeError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
    today = dt.datetime.now(dt.UTC)
    name = re.sub(r"[^a-z0-9]+", "-", runtime.name.lower()).strip("-")
    book = Book(options.out or HERE / "results" / f"{today.date().isoformat()}-{name}.json")
    book.keep("date", today.replace(microsecond=0).isoformat())
    book.say(f"{runtime.name}, skyforge {__version__}")
    try:
        measure(
            runtime,
            book,
            effort or (QUICK if options.quick else THOROUGH),
            standard or {scene.name: scene for scene in scenes.STANDARD},
        )
    except DifferentError as error:
        book.keep("different", str(error))
        book.say(f"DIFFERENT FROM THE CPU: {error}")
        return 1
    summary(book)
    return 1 if book.found["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
