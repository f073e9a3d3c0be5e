"""The time that importing the library takes, beside importing what it is built on."""

from __future__ import annotations

import subprocess
import sys
from time import perf_counter

import numpy as np


def _seconds(code: str) -> float:
    start = perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return perf_counter() - start


def test_import() -> None:
    nothing, dependencies, library = "pass", "import polars, pydantic, networkx, rapidfuzz", "from prai_match import *"
    times = np.array([[_seconds(code) for code in (nothing, dependencies, library)] for _ in range(7)])
    bare, needed, ours = np.median(times, axis=0)
    print(
        f"\nfrom prai_match import *: {ours - bare:.2f} s (target: under 0.5), of which its dependencies {needed - bare:.2f} s"
    )
