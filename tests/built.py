"""The documentation's site, built from a copy of the project as `make docs` does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from shutil import copy, copytree

ROOT = Path(__file__).parents[1]


def site(folder: Path) -> Path:
    """Build the site in ``folder``, strictly, and return where it is."""
    for file in ("zensical.toml", "CHANGELOG.md", "CONTRIBUTING.md"):
        copy(ROOT / file, folder)
    for name in ("docs", "scripts"):
        copytree(ROOT / name, folder / name)
    copytree(
        ROOT / "src", folder / "src", ignore=lambda _, names: [name for name in names if name.endswith(".parquet")]
    )
    run = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder / "scripts")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return folder / "site"
