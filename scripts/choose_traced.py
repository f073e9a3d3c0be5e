"""Choose the tests for which coverage is measured, from a file of which test reaches which line: ``make traced``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

import tiers
import traced


def main(file: str) -> None:
    """Write `tests/traced.txt`."""
    seconds = tiers.read(tiers.FILE)
    reached = traced.reach(Path(file))
    chosen = traced.choose(reached, seconds)
    traced.FILE.write_text("".join(f"{test}\n" for test in chosen), "utf-8")
    slow = [test for test in reached if test in seconds]
    took, takes = (sum(seconds[test] for test in tests) for tests in (slow, chosen))
    print(f"{len(chosen)} of {len(slow)} tests that take time reach all: {takes:.0f} of {took:.0f} seconds")


if __name__ == "__main__":
    main(*sys.argv[1:])
