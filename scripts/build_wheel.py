"""Build the wheel and the source distribution, the same bytes each time: ``python scripts/build_wheel.py``.

They go into ``dist``, the wheel built from the source distribution with the locked hatchling (extra ``release``). The
bytes depend on the files of the project and on that alone: neither on where or when it is built, nor on the user's
umask, timezone and language.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
DIST = ROOT / "dist"
DATE = "1580601600"
"""Time of every file in the archives, in seconds since 1970: 2 February 2020, hatchling's default."""


def built() -> list[Path]:
    """Return the distributions in ``dist``."""
    return sorted([*DIST.glob("*.tar.gz"), *DIST.glob("*.whl")])


def main() -> None:
    """Remove older distributions, build new ones, and print the digest of each."""
    for old in built():
        old.unlink()
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(DIST), str(ROOT)]
    environment = os.environ | {"SOURCE_DATE_EPOCH": DATE, "PYTHONHASHSEED": "0"}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 (our own)
    if run.returncode:
        sys.exit(f"nothing was built:\n{run.stdout}{run.stderr}")
    for path in built():
        print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}")


if __name__ == "__main__":
    main()
