"""When a test is run: the times in `tests/times.tsv` decide, which ``make times`` records.

A test that the file doesn't name is new or takes next to nothing: it is always run.
"""

from __future__ import annotations

import math
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TIERS: Final = {"quick": 0.1, "test": 0.8, "all": math.inf}
"""The seconds that a test of a tier takes at the most, on the machine that recorded first."""
LEAST: Final = 0.02
"""The seconds from which a test's time is kept."""
ALWAYS: Final = frozenset(
    {
        "tests/test_api.py",
        "tests/test_measure_house.py",
        "tests/example/test_data.py::test_the_script_gives_the_same_bytes_again",
        "tests/example/test_occitanie.py::test_the_script_gives_the_same_bytes_again",
    }
)
"""Tests and modules of tests that are run whatever they take: any change may break the shape of the code, and any of
the model what makes the bundled regions."""
FILE: Final = Path(__file__).with_name("times.tsv")

_ALIKE: Final = 1.5
"""By how much a time may change before it is written anew: no run takes as long as the one before."""


def limit(tier: str | None, arguments: Iterable[str]) -> float:
    """Return the seconds that a test may take: those of ``make test`` where no tier is asked for.

    A test that is asked for by its name may take as long as it likes.
    """
    named = any("::" in argument for argument in arguments)
    return TIERS[tier or ("all" if named else "test")]


def is_left_out(test: str, times: Mapping[str, float], most: float) -> bool:
    """Return whether a test takes longer than a run allows, and isn't one that is always run."""
    return times.get(test, 0) > most and ALWAYS.isdisjoint({test, test.partition("::")[0]})


def read(file: Path) -> dict[str, float]:
    """Return the seconds of each test, by its name in pytest."""
    if not file.exists():
        return {}
    rows = (line.split("\t", 1) for line in file.read_text("utf-8").splitlines())
    return {test: float(seconds) for seconds, test in rows}


def write(times: Mapping[str, float], file: Path) -> None:
    """Write the seconds of the tests that take long enough to be told."""
    rows = sorted((test, seconds) for test, seconds in times.items() if seconds >= LEAST)
    file.write_text("".join(f"{seconds:.2f}\t{test}\n" for test, seconds in rows), "utf-8")


def merge(old: Mapping[str, float], new: Mapping[str, float]) -> dict[str, float]:
    """Return new times in the seconds of the machine that recorded the old ones, which stay where little has changed.

    Args:
        old: Times as they were recorded before.
        new: Times of the tests that there are now, by whatever machine.

    >>> merge({"slow": 4.0, "other": 2.0, "gone": 1.0}, {"slow": 8.0, "other": 4.0, "new": 1.0})
    {'slow': 4.0, 'other': 2.0, 'new': 0.5}
    """
    both = [test for test in new if min(new[test], old.get(test, 0)) >= LEAST]
    scale = median(old[test] / new[test] for test in both) if both else 1.0
    scaled = {test: seconds * scale for test, seconds in new.items()}
    return {
        test: old.get(test, 0.0) if _alike(old.get(test, 0.0), seconds) else seconds for test, seconds in scaled.items()
    }


def _alike(one: float, other: float) -> bool:
    return max(one, other) < LEAST or one / _ALIKE < other < one * _ALIKE
