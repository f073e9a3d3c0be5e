"""What importing the library and a first answer take in a new process, beside importing what the library is built on."""

from __future__ import annotations

import os
import resource
import subprocess
import sys

import numpy as np

IMPORT = "from prai_match import Programme"
FIRST_ANSWER = f"{IMPORT}; print(Programme.example().recommend(on='2007-09-03')['200066231'])"
"""A programme imported, loaded, asked and one of its answers printed."""
_DEPENDENCIES = "import polars; from pydantic import BaseModel"  # pydantic alone loads nothing before it is asked
_PASSES = 9


def seconds(*codes: str, path: str = "") -> list[list[float]]:
    """Return the processor's seconds of each code in new processes of the compiled modules, in turns.

    Modules are compiled where an installer would have compiled them: elsewhere, the compiling would be measured too.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"POLARS_MAX_THREADS": "1"} | ({"PYTHONPATH": path} if path else {})
    rows = [[_seconds(code, environment) for code in codes] for _ in range(_PASSES + 1)]
    return rows[1:]  # the first compiles


def _seconds(code: str, environment: dict[str, str]) -> float:
    start = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, stdout=subprocess.DEVNULL)
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    return end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime


def test_import() -> None:
    needed, ours, everything, first = np.transpose(
        seconds(_DEPENDENCIES, IMPORT, "from prai_match import *", FIRST_ANSWER)
    )
    print(f"\npolars and pydantic: {_told(needed)}")
    print(f"{IMPORT}: {_told(ours)}, {np.min(ours) / np.min(needed):.2f} × polars and pydantic (target: 1.4)")
    print(f"from prai_match import *: {_told(everything)}, {np.min(everything) / np.min(needed):.2f} ×")
    print(f"a first answer: {_told(first)}")


def _told(times: np.typing.NDArray[np.float64]) -> str:
    return f"{np.min(times):.2f} s at least, median {np.median(times):.2f} s"
