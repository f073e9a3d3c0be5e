"""The code before one engine of columns, commit 323be5d, in a folder and an environment of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import venv
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path

import pytest

from _measured import PASSES

COMMIT = "323be5df39c12cbb9891a80ecdce816f07ef6fc1"
ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / f"before-{COMMIT[:7]}"

_TIMED = """
import json, sys
from statistics import median
from time import process_time
{code}
times = {{name: [] for name in runs}}
for run in runs.values():
    run()  # what is read once
for _ in range({rounds}):
    for name, run in runs.items():
        start = process_time()
        run()
        times[name].append(process_time() - start)
print(json.dumps({{name: median(each) for name, each in times.items()}}))
"""


def interpreter() -> str:
    """Return the Python of the environment that has the code of that commit; it is made the first time."""
    python = FOLDER / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (FOLDER / ".made").exists():
        archive = subprocess.run(["git", "archive", COMMIT], cwd=ROOT, capture_output=True, check=False)
        if archive.returncode:
            pytest.skip(f"commit {COMMIT[:7]} is not in this repository")
        with tarfile.open(fileobj=BytesIO(archive.stdout)) as files:
            files.extractall(FOLDER / "code", filter="data")
        constraints = FOLDER / "code" / "constraints.txt"
        shared = _has_the_same(constraints)
        venv.create(FOLDER, with_pip=not shared)
        packages = [path for path in sys.path if Path(path).name == "site-packages"] if shared else []
        (site,) = FOLDER.glob("[Ll]ib/**/site-packages")
        (site / "code.pth").write_text("\n".join([str(FOLDER / "code" / "src"), *packages]), "utf-8")
        if not shared:
            wanted = f"{FOLDER / 'code'}[simulate]"
            subprocess.run([python, "-m", "pip", "install", "-q", "-c", constraints, wanted], check=True)
        (FOLDER / ".made").touch()
    return str(python)


def _has_the_same(constraints: Path) -> bool:
    """Tell whether what is installed here of that commit's dependencies has the versions that it names."""
    for name, wanted in re.findall(r"^([\w.-]+)==(\S+)", constraints.read_text("utf-8"), re.MULTILINE):
        try:
            if version(name) != wanted:
                return False
        except PackageNotFoundError:
            continue
    return True


def beside(code: str, rounds: int) -> dict[str, tuple[list[float], list[float]]]:
    """Return what each of the ``runs`` that some code defines takes now and took then, in new processes, in turns.

    Each process gives the median of its rounds, in processor seconds; there are so many of each as there are passes.
    """
    timed = _TIMED.format(code=code, rounds=rounds)
    passes = [[_timings(python, timed) for python in (sys.executable, interpreter())] for _ in range(PASSES)]
    return {name: ([now[name] for now, _ in passes], [then[name] for _, then in passes]) for name in passes[0][0]}


def _timings(python: str, code: str) -> dict[str, float]:
    environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
    child = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True, env=environment)
    timings: dict[str, float] = json.loads(child.stdout)
    return timings
