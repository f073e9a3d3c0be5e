"""How well, and how fast, typed names are resolved, beside what one would write with rapidfuzz, in one run."""

from __future__ import annotations

import gc
import random
import subprocess
import sys
from collections import Counter
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

import _before
import noise
from _measured import keep
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
from prai_match import register
names = [name for name in register.frame("commune")["name"][::97] if len(name) > 9]
exact, misspelt = iter(names), (name[:4] + name[5:] for name in names)
runs = {"exact": lambda: register.resolve(next(exact)), "misspelt": lambda: register.resolve(next(misspelt))}
"""
"""Each time another text: what was resolved once is kept."""


def test_one_name_beside_the_code_before() -> None:
    """It answered one text by the frames that it answered many with."""
    times = _before.beside(ONE, rounds=40)
    for name, most in (("exact", 0.002), ("misspelt", 0.005)):
        keep(f"resolve_{name}", *times[name], most=most)


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
