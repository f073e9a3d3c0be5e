"""Load programmes one of whose tables is broken, many times over: ``python tests/fuzz.py 100000``.

No exception outside `PraiError` may escape, and of every table the rows read are the rows accepted and rejected.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
import tomllib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import polars as pl

from folder_by_hand import FILES
from malformed import malformed
from prai_match import io
from prai_match.errors import PraiError
from prai_match.model import ProgrammeData

SETTINGS = tomllib.loads(FILES["programme.toml"])
WHOLE = {
    name.removesuffix(".csv"): pl.read_csv(text.encode(), separator=";", infer_schema=False)
    for name, text in FILES.items()
    if name.endswith(".csv")
}
TABLES = sorted(WHOLE)
NEEDED = ("collectivities", "territories")
BESIDE = {
    "trainers": (*NEEDED, "expertise"),
    **dict.fromkeys(("expertise", "trainer_days"), (*NEEDED, "trainers", "expertise")),
}
CASES_A_TASK = 250


def broken(seed: int) -> tuple[str, bytes, str]:
    """A table's name, what stands in its file, and the file's suffix."""
    rng = random.Random(seed)  # noqa: S311 - a seed is all that is wanted
    table = rng.choice(TABLES)
    if rng.random() < 0.5:
        data, suffix = malformed(rng)
        return table, data, suffix
    content = bytearray(FILES[f"{table}.csv"].encode())
    for _ in range(rng.randint(1, 5)):
        place = rng.randrange(len(content) + 1)
        piece = rng.choice((b";", b'"', b"\n", b"\xff", b"\x00", b"=", b"999999999999", b"31555", b"\xc3\xa9", b""))
        content[place : place + rng.randint(0, 6)] = piece
    return table, bytes(content), ".csv"


def case(seed: int, folder: Path) -> str:
    """Load one broken programme and say what came of it."""
    table, data, suffix = broken(seed)
    file = folder / f"{table}{suffix}"
    file.write_bytes(data)
    try:
        report = io.load_tables(
            SETTINGS, {**{name: WHOLE[name] for name in BESIDE.get(table, NEEDED)}, table: file}, ProgrammeData
        ).report
    except PraiError:
        return "refused"
    files = report.tables()
    assert (files["read"] == files["accepted"] + files["rejected"]).all(), seed
    grids = [read.grid for read in report.reads]
    assert report.read == sum(grid.cells.height + grid.faults.height for grid in grids), seed
    assert report.rejections()["reason"].str.len_chars().min() != 0, seed
    return "rows rejected" if report.rejected else "loaded"


def task(first: int) -> Counter[str]:
    """A run of cases; an exception that is none of ours is told with its seed."""
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        for seed in range(first, first + CASES_A_TASK):
            try:
                found[case(seed, Path(name))] += 1
            except BaseException as error:  # noqa: BLE001 - what escapes is the finding
                found[f"ESCAPED {type(error).__name__}"] += 1
                print(f"seed {seed}: {type(error).__name__}: {error}"[:300], file=sys.stderr)
    return found


def main(cases: int) -> int:
    """Run the cases on every core and print what came of them."""
    start, total = time.perf_counter(), Counter[str]()
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for found in pool.map(task, range(0, cases, CASES_A_TASK)):
            total += found
            print(
                f"\r{total.total():>8} of {cases} cases, {time.perf_counter() - start:.0f} s", end="", file=sys.stderr
            )
    print(file=sys.stderr)
    for outcome, count in total.most_common():
        print(f"{count:>8} {outcome}")
    print(f"{total.total():>8} cases in {time.perf_counter() - start:.0f} s")
    return int(any(outcome.startswith("ESCAPED") for outcome in total))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
