"""How well, and how fast, needs are read."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

import _measured
import labelled
from huge_cells import UNITS, huge
from prai_match.needs import Lexicon, classify

ROOT = Path(__file__).parents[1]

SPEED = """
import json, sys
sys.path[:0] = {folders!r}
import _measured
from ahocorasick import Automaton
from prai_match.needs import Lexicon, classify
from test_needs import grants, phrases
texts, lexicon = {texts}({size}), Lexicon.bundled()
plain = Automaton()
for run, payload in lexicon.compiled.runs.items():
    if lexicon.compiled.payloads[payload] or run in lexicon.compiled.parts:
        plain.add_word(run, run)
plain.make_automaton()
scan = lambda: [list(plain.iter(text.lower())) for text in texts]
classify(texts[:100], lexicon)
print(json.dumps(_measured.in_turns({{"ours": lambda: classify(texts, lexicon), "plain": scan}}, 1)))
"""


def phrases(size: int) -> list[str]:
    """Mostly distinct texts: phrases that the bundled lexicon is for, joined by two and with a commune's number."""
    rng = random.Random(5)
    tables = [table for table in labelled.tables() if labelled.lexicon(table) is Lexicon.bundled()]
    known = [phrase.text for table in tables for phrase in labelled.phrases(table)]
    return [f"{rng.choice(known)} - {rng.choice(known)} (commune {number})" if number % 3 == 0 else
            f"{rng.choice(known)} {number}" for number in range(size)]  # fmt: skip


def grants(size: int) -> list[str]:
    """Return distinct texts: descriptions of real grants, each with a number."""
    known = [phrase.text for phrase in labelled.phrases("grants_unseen")]
    rng = random.Random(6)
    return [f"{rng.choice(known)} {number}" for number in range(size)]


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


@pytest.mark.parametrize(("texts", "size", "rate"), [("phrases", 60_000, 60_000), ("grants", 60_000, 100_000)])
def test_speed_on_one_core(texts: str, size: int, rate: int) -> None:
    """Both readers beside a plain scan for the lexicon's phrases in the same process."""
    code = SPEED.format(folders=[str(ROOT / "benchmarks"), str(ROOT / "tests")], texts=texts, size=size)
    command = [sys.executable, "-c", code]
    if sys.platform == "linux":
        command = ["taskset", "-c", "0", *command]
    environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
    output = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
    seconds: dict[str, list[float]] = json.loads(output)
    print(f"\n{texts} read on one core: {size / min(seconds['ours']):,.0f} a second (target: {rate:,})", end="")
    _measured.keep(f"needs_{texts}", seconds["ours"], seconds["plain"], ratio=16, size=size)
