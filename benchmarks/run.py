"""All benchmarks: ``make bench`` runs this."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from panels import SHARED

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Run each benchmark; those that need the shared data are left out where it is absent."""
    scripts = ["speed.py", "releases_speed.py"]
    if SHARED.is_dir():
        scripts += ["audiences.py", "coverage.py", "demand.py", "bench_demand.py"]
        scripts += ["capacity.py", "releases.py"]
    else:
        print(f"The shared data is not at {SHARED}: what needs it is left out.")
    for script in scripts:
        print(f"\n## {script}\n", flush=True)
        subprocess.run([sys.executable, str(HERE / script)], check=True)


if __name__ == "__main__":
    main()
