"""How well, and how fast, needs are read."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import labelled
from huge_cells import UNITS, huge
from prai_match.needs import Lexicon, classify

ROOT = Path(__file__).parents[1]

SPEED = """
import sys, time
sys.path[:0] = {folders!r}
from test_needs import phrases
from prai_match.needs import Lexicon, classify
texts, lexicon = phrases({size}), Lexicon.bundled()
classify(texts[:100], lexicon)
start = time.perf_counter()
classify(texts, lexicon)
print(time.perf_counter() - start)
"""


def phrases(size: int) -> list[str]:
    """Mostly distinct texts: phrases that the bundled lexicon is for, joined by two and with a commune's number."""
    rng = random.Random(5)
    tables = [table for table in labelled.tables() if labelled.lexicon(table) is Lexicon.bundled()]
    known = [phrase.text for table in tables for phrase in labelled.phrases(table)]
    return [f"{rng.choice(known)} - {rng.choice(known)} (commune {number})" if number % 3 == 0 else
            f"{rng.choice(known)} {number}" for number in range(size)]  # fmt: skip


def test_accuracy() -> None:
    for table in labelled.tables():
        lexicon = labelled.lexicon(table)
        reading = labelled.read(labelled.phrases(table), lexicon)
        print(f"\n{table} with {lexicon.name}: {reading.cells.total()} phrases, ", end="")
        print(f"accuracy {reading.accuracy:.3f}, macro-F1 {reading.macro_f1:.3f} (rows: label)")
        print(" " * 22 + "".join(f"{name[:10]:>12}" for name in reading.classes) + f"{'F1':>8}")
        for label in reading.classes:
            row = "".join(f"{reading.cells[label, answer]:>12}" for answer in reading.classes)
            print(f"{label:22}{row}{reading.f1(label):>8.3f}")


def test_time_grows_with_the_length_of_a_cell() -> None:
    classify(["a"])
    for unit in UNITS:
        whole, quarter = (min(taken(huge(unit, length)) for _ in range(3)) for length in (100_000, 25_000))
        print(
            f"\na cell of {huge(unit, 14)!r}: four times as long takes {whole / quarter:.1f} x (target: at most 6)",
            end="",
        )


def taken(text: str) -> float:
    """Return the seconds that a text takes."""
    start = time.perf_counter()
    classify([text])
    return time.perf_counter() - start


def test_speed_on_one_core() -> None:
    size = 60_000
    code = SPEED.format(folders=[str(ROOT / "benchmarks"), str(ROOT / "tests")], size=size)
    command = [sys.executable, "-c", code]
    if sys.platform == "linux":
        command = ["taskset", "-c", "0", *command]
    environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
    seconds = [
        float(subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout)
        for _ in range(3)
    ]
    rates = sorted(size / taken for taken in seconds)
    print(f"\nneeds read on one core: {rates[1]:,.0f} phrases a second (target: at least 20,000); all: ", end="")
    print(", ".join(f"{rate:,.0f}" for rate in rates))
