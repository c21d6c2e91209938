"""Run every benchmark and keep the figures with date and machine.

    python -m benchmarks [--keep]

With --keep the figures are written to benchmarks/results/DATE-PROCESSOR.json.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PARTS = ("accuracy", "codec", "memory", "orbits", "render_core", "scenes", "targets")


def processor() -> str:
    """Return the processor's name as the system gives it."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = re.findall(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return names[0].strip() if names else platform.machine()


def main() -> int:
    """Run the parts one after the other, each in a process of its own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--keep", action="store_true", help="write the figures to benchmarks/results")
    options = parser.parse_args()
    today = dt.datetime.now(dt.UTC).date().isoformat()
    figures: dict[str, object] = {"date": today, "processor": processor()}
    print(f"{today}  {figures['processor']}")
    with tempfile.TemporaryDirectory() as folder:
        for part in PARTS:
            print(f"\n{part}")
            sys.stdout.flush()
            result = Path(folder) / f"{part}.json"
            done = subprocess.run(  # noqa: S603
                [sys.executable, str(HERE / f"{part}.py"), "--json", str(result)], check=False
            )
            if done.returncode:
                return done.returncode
            figures[part] = json.loads(result.read_text(encoding="utf-8"))
    if options.keep:
        name = re.sub(r"[^a-z0-9]+", "-", str(figures["processor"]).lower()).strip("-")
        path = HERE / "results" / f"{today}-{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        print(f"\nkept in {path.relative_to(HERE.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
