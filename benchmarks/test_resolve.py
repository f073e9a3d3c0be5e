"""How well, and how fast, typed names are resolved, beside what one would write with rapidfuzz, in one run."""

from __future__ import annotations

import gc
import io
import os
import random
import subprocess
import sys
import tarfile
from collections import Counter
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

import noise
from _memory import taken_alone
from prai_match import register
from prai_match.testing import NOISES, noisy_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prai_match.testing import NoisyName

SIZE = 10_000
WRATIO_SAMPLE = 60
CDIST_SAMPLE = 1_000

MEMORY = """
from prai_match import register
from prai_match.testing import noisy_names
rows = noisy_names(int(sys.argv[1]), seed=3)
texts, departments = [row.text for row in rows], [row.department for row in rows]
def run():
    register.resolve(texts, departments)
"""


@pytest.fixture(scope="module")
def rows() -> list[NoisyName]:
    return noisy_names(SIZE, seed=2026)


def resolved(rows: Sequence[NoisyName]) -> register.Resolutions:
    return register.resolve([row.text for row in rows], [row.department for row in rows])


def test_accuracy_by_kind_of_noise() -> None:
    rows = noisy_names(28_000, seed=11)
    right: Counter[tuple[str, bool]] = Counter()
    every: Counter[tuple[str, bool]] = Counter()
    wrong: Counter[bool] = Counter()
    for row, answer in zip(rows, resolved(rows), strict=True):
        every[row.kind, row.told] += 1
        right[row.kind, row.told] += answer.code == row.code or (not row.told and noise.undecided(row, answer))
        wrong[row.told] += answer.code not in {None, row.code}
    print(f"\n{'noise':22}{'département told':>18}{'name alone':>14}")
    for kind in NOISES:
        shares = [right[kind, told] / every[kind, told] if every[kind, told] else None for told in (True, False)]
        print(f"{kind:22}" + "".join(f"{'' if share is None else format(share, '.4f'):>16}" for share in shares))
    for told, name, target in ((True, "département told", 0.997), (False, "name alone", 0.96)):
        total = sum(count for key, count in every.items() if key[1] == told)
        share = sum(count for key, count in right.items() if key[1] == told) / total
        print(
            f"{name}: {share:.4f} right (target: at least {target}), {wrong[told]} of {total:,} taken for another",
            end="",
        )
        print(" (target: at most 1 in 2,000)")


def test_speed_and_accuracy_beside_rapidfuzz(rows: list[NoisyName]) -> None:
    resolved(rows[:100])
    gc.collect()
    times = []
    for _ in range(5):
        start = perf_counter()
        found = resolved(rows)
        times.append(perf_counter() - start)
    rate = SIZE / sorted(times)[2]
    kinds = pl.col("kind").is_in(["commune", "former_commune", "epci"])
    entities = register.frame().filter(kinds).drop_nulls("name")
    names, codes = entities["name"].to_list(), entities["present_code"].fill_null(entities["code"]).to_list()
    departments = np.array(entities["departement"].to_list())
    codes_told = {row: register.get(row.code).departement for row in rows if row.told}

    few = random.Random(1).sample(rows, WRATIO_SAMPLE)
    start = perf_counter()
    best = [process.extractOne(row.text, names, scorer=fuzz.WRatio) for row in few]
    wratio = WRATIO_SAMPLE / (perf_counter() - start)

    some = random.Random(2).sample(rows, CDIST_SAMPLE)
    start = perf_counter()
    keys, typed = (_normalised(texts) for texts in (names, [row.text for row in some]))
    scores = process.cdist(typed, keys, scorer=Indel.normalized_similarity, workers=-1)
    for place, row in enumerate(some):
        if row in codes_told:
            scores[place, departments != codes_told[row]] = 0
    nearest = [codes[at] for at in scores.argmax(axis=1)]
    cdist = CDIST_SAMPLE / (perf_counter() - start)
    print(f"\n{SIZE:,} noisy names, half with their département: {rate:,.0f} names a second")
    print(
        f"  extractOne(WRatio) on {WRATIO_SAMPLE}: {wratio:,.1f}/s, {_right(few, [codes[hit[2]] for hit in best]):.3f} right"
    )
    print(f"  cdist(Indel) after normalising, on {CDIST_SAMPLE:,}: {cdist:,.0f}/s, {_right(some, nearest):.3f} right")
    ours = [
        answer.code or (row.code if not row.told and noise.undecided(row, answer) else "")
        for row, answer in zip(rows, found, strict=True)
    ]
    print(f"  ours: {_right(rows, ours):.4f} right; {rate / wratio:,.0f} x extractOne (target: at least 100)")


def _normalised(texts: Sequence[str]) -> list[str]:
    return pl.DataFrame({"text": texts}).select(register.normalised(pl.col("text"))).to_series().to_list()


def _right(rows: Sequence[NoisyName], codes: Sequence[Any]) -> float:
    return float(np.mean([row.code == code for row, code in zip(rows, codes, strict=True)]))


ONE = """
import sys
from time import process_time
from prai_match import register
for text in ("Toulouse", "Bagneres de Luchn"):
    register.resolve(text)
    for _ in range(40):
        start = process_time()
        register.resolve(text)
        print(process_time() - start)
"""


def _times_of_one(source: Path) -> list[list[float]]:
    environment = os.environ | {"PYTHONPATH": str(source)}
    run = subprocess.run([sys.executable, "-c", ONE], capture_output=True, text=True, check=True, env=environment)
    times = [1_000 * float(line) for line in run.stdout.split()]
    return [sorted(times[:40]), sorted(times[40:])]


def test_one_name_beside_frames(tmp_path: Path) -> None:
    """Commit 323be5d answered one text by the frames that it answered many with."""
    root = Path(__file__).parents[1]
    before = subprocess.run(["git", "archive", "323be5d", "src"], cwd=root, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(before)) as files:
        files.extractall(tmp_path, filter="data")
    ours, theirs = _times_of_one(root / "src"), _times_of_one(tmp_path / "src")
    print("\none name after the first, ms of the processor, minimum and median:")
    for name, target, own, other in zip(("exact", "misspelt"), (2, 5), ours, theirs, strict=True):
        medians = own[20], other[20]
        print(
            f"  {name}: {own[0]:.2f}, {medians[0]:.2f} (target: {target}); by frames {other[0]:.1f}, {medians[1]:.1f}: "
            f"{medians[1] / medians[0]:,.0f} x"
        )


def test_the_first_name() -> None:
    code = (
        "from time import perf_counter; from prai_match import register; start = perf_counter();"
        "register.resolve('Toulouze'); print(perf_counter() - start)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    print(f"\nfirst name in a new process, indexes built: {float(run.stdout):.2f} s (target: under 1.5)")


def test_a_million_names(rows: list[NoisyName]) -> None:
    dice = random.Random(9)
    texts = [f"{row.text}" for row in dice.choices(rows, k=1_000_000)]
    start = perf_counter()
    found = register.resolve(texts)
    print(f"\n1,000,000 names, {len(set(texts)):,} distinct: {perf_counter() - start:.1f} s; {found}")


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
def test_memory() -> None:
    memory = taken_alone(MEMORY, str(SIZE))
    print(f"\nmemory added by resolving {SIZE:,} names, indexes included: {memory.added:.0f} MB; ", end="")
    print(f"whole process {memory.whole:.0f} MB (target: under 500)")
