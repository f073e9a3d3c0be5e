"""How well, and how fast, needs are read."""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from huge_cells import UNITS, huge
from prai_match.needs import Lexicon, classify

ROOT = Path(__file__).parents[1]
TABLES = ROOT / "tests" / "needs" / "data"
CLASSES = ("site_internet", "dematerialisation", "sig", "teleservices", "organisation_interne", "none")

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


def labelled(name: str) -> list[tuple[str, str]]:
    """The phrases of a table with their labels."""
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["label"]) for row in csv.DictReader(file, delimiter=";")]


def phrases(size: int) -> list[str]:
    """Mostly distinct texts: the phrases of the tables, joined by two and with a commune's number."""
    rng = random.Random(5)
    known = [text for path in sorted(TABLES.glob("*.csv")) for text, _ in labelled(path.name)]
    return [f"{rng.choice(known)} - {rng.choice(known)} (commune {number})" if number % 3 == 0 else
            f"{rng.choice(known)} {number}" for number in range(size)]  # fmt: skip


def test_accuracy() -> None:
    for path in sorted(TABLES.glob("*.csv")):
        rows = labelled(path.name)
        answers = classify([text for text, _ in rows], Lexicon.bundled())["workshop"].fill_null("none")
        cells = Counter(zip((label for _, label in rows), answers, strict=True))
        right = sum(cells[name, name] for name in CLASSES) / len(rows)
        print(
            f"\n{path.stem}: {len(rows)} phrases, accuracy {right:.3f}, macro-F1 {_macro_f1(cells):.3f} (rows: label)"
        )
        print(" " * 22 + "".join(f"{name[:10]:>12}" for name in CLASSES))
        for label in CLASSES:
            print(f"{label:22}" + "".join(f"{cells[label, found]:>12}" for found in CLASSES))


def _macro_f1(cells: Counter[tuple[str, str]]) -> float:
    scores = []
    for name in CLASSES:
        given = sum(cells[other, name] for other in CLASSES)
        true = sum(cells[name, other] for other in CLASSES)
        scores.append(2 * cells[name, name] / (given + true) if given + true else 1.0)
    return sum(scores) / len(scores)


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
