"""Runs taken in turns, three times over, and the rows of the page of measured performance.

Seconds are those of the processor, of all threads: other programs on the machine change them little. Rows lie in
``build/bench`` until `scripts/build_performance.py` puts them together.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PASSES = 3
FOLDER = Path(__file__).parents[1] / "build" / "bench"


def in_turns(
    runs: Mapping[str, Callable[[], object]], rounds: int, clock: Callable[[], float] = process_time
) -> dict[str, list[float]]:
    """Return the seconds of each run: of each pass, the median of its rounds, in which all have their turn."""
    for run in runs.values():
        run()  # what is read once
    passes = (_pass(runs, rounds, clock) for _ in range(PASSES))
    return {name: list(medians) for name, *medians in zip(runs, *passes, strict=True)}


def _pass(runs: Mapping[str, Callable[[], object]], rounds: int, clock: Callable[[], float]) -> list[float]:
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            start = clock()
            run()
            times[name].append(clock() - start)
    return [median(each) for each in times.values()]


def clock_of(run: Callable[[], object], rounds: int) -> float:
    """Return the quickest of some runs by the clock on the wall, which several threads shorten."""
    return min(in_turns({"run": run}, rounds, perf_counter)["run"])


def keep(
    name: str,
    ours: Sequence[float],
    baseline: Sequence[float] | None = None,
    *,
    ratio: float | None = None,
    most: float | None = None,
    **facts: float,
) -> None:
    """Print and keep a row: what ours takes in each pass, and what it is measured against.

    What is wanted at most is a ``ratio`` of the two, or as much of its own (``most``); ``facts`` are told beside it.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = {
        "ours": list(ours),
        "baseline": None if baseline is None else list(baseline),
        "ratio": ratio,
        "most": most,
        "facts": facts,
    }
    (FOLDER / f"{name}.json").write_text(json.dumps(kept), "utf-8")
    print(f"\n{name}: {_told(ours)}" + ("" if most is None else f", wanted: {most:g}"), end="")
    if baseline is not None:
        print(f", beside {_told(baseline)}: ", end="")
        print(_told([mine / other for mine, other in zip(ours, baseline, strict=True)]), end=" x")
        print("" if ratio is None else f", wanted: {ratio:g} x", end="")
    print("".join(f"; {key} {value:.4g}" for key, value in facts.items()))


def _told(passes: Sequence[float]) -> str:
    return f"{min(passes):.3g} ({median(passes):.3g})"
