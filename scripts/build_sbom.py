"""Write the bill of materials of the wheel, ``dist/sbom.cdx.json``: ``python scripts/build_sbom.py``.

It is in CycloneDX JSON, and lists what is installed with the wheel in ``dist`` and all extras for users, in the
versions of ``constraints.txt``: name, version, licence and dependencies.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from build_licences import ROOT, extras
from build_wheel import DATE, DIST, built

TARGET = DIST / "sbom.cdx.json"


def install(folder: Path) -> Path:
    """Install the wheel, with what its extras need, in a new environment without pip, and return its interpreter."""
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wheels = [path for path in built() if path.suffix == ".whl"]
    if len(wheels) != 1:
        sys.exit(f"one wheel is needed in {DIST}, and there are {len(wheels)}: run scripts/build_wheel.py")
    version = wheels[0].name.split("-")[1]
    needed = sorted({each for group in extras().values() for each in group if not each.startswith("prai-match[")})
    _pip(python, "-c", str(ROOT / "constraints.txt"), *needed)
    # By version, only from the folder: then pip records no path of this machine, and queries no index.
    _pip(python, "--no-index", "--no-deps", "--find-links", str(DIST), f"prai-match=={version}")
    return python


def _pip(python: Path, *arguments: str) -> None:
    command = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "--quiet",
        "--disable-pip-version-check",
        "install",
    ]
    subprocess.run([*command, *arguments], check=True)  # noqa: S603 (our own requirements)


def main() -> None:
    """Install the wheel elsewhere, list what is installed, check the list against CycloneDX's schema and write it."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--validate"]
    environment = os.environ | {"SOURCE_DATE_EPOCH": DATE}
    with tempfile.TemporaryDirectory() as folder:
        python = install(Path(folder))
        run = subprocess.run(  # noqa: S603 (our own)
            [*command, "--of", "JSON", "-o", str(TARGET), str(python)], env=environment, check=False
        )
    if run.returncode:
        sys.exit("the bill of materials was not written, or is not valid")
    print(TARGET.relative_to(ROOT))


if __name__ == "__main__":
    main()
