"""Time and memory of recommending from a dataset, beside the whole in memory: France with ten times its history."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl
import pytest

import _regions
from _memory import held, taken
from prai_match import Programme, recommend_dataset, register

ON = _regions.ON
TIMES = 10

RUN = """
import sys
sys.path.insert(0, {folder!r})
import test_datasets
if __name__ == "__main__":
    test_datasets.report(sys.argv[1], sys.argv[2])
"""


def communes() -> Programme:
    """The communes of France as territories, with relays and trainers as in the other benchmarks, and no history."""
    rng = np.random.default_rng(7)
    catalogue = Programme.example().catalogue
    places = register.frame("commune").drop_nulls(["latitude", "population"]).sort("code")
    rows = places.select("code", "name", "departement", "population", "latitude", "longitude").to_dicts()
    workshops = {workshop.id: [axis.id for axis in workshop.axes] for workshop in catalogue.workshops}
    homes = [rows[index] for index in rng.integers(0, len(rows), 300)]
    return Programme.model_validate(
        {
            "name": {"fr": "France", "en": "France"},
            "period": {"start": "2006-09-01", "end": "2008-12-31"},
            "catalogue": catalogue,
            "collectivities": [
                {"code": row["code"], "name": row["name"], "kind": "commune", "departement": row["departement"]}
                for row in rows
            ],
            "territories": [
                {**{name: value for name, value in row.items() if name != "code"}, "id": row["code"]}
                | {"members": [row["code"]]}
                for row in rows
            ],
            "partners": _regions._relays(sorted(set(places["departement"])), rng),  # noqa: SLF001 - made alike
            "trainers": [
                _regions._trainer(number, home, workshops, [one.id for one in catalogue.buffets], rng)  # noqa: SLF001
                for number, home in enumerate(homes)
            ],
            "budget": {"total": "10000000"},
        }
    )


def write_history(folder: Path, programme: Programme) -> int:
    """Write ten times the needs and attendances of the other benchmarks' France, a file a département."""
    rng = np.random.default_rng(7)
    homes = pl.DataFrame(
        [(one.code, one.departement) for one in programme.collectivities],
        schema=["collectivity", "departement"],
        orient="row",
    )

    def dated(rows: int, sessions: list[str], name: str) -> pl.DataFrame:
        days = np.datetime64(ON, "D") - rng.integers(1, 900, rows).astype("timedelta64[D]")
        return homes[rng.integers(0, homes.height, rows)].with_columns(
            pl.Series(name, sessions).gather(rng.integers(0, len(sessions), rows)), date=pl.Series(days).cast(pl.Date)
        )

    workshops = [one.id for one in programme.catalogue.workshops]
    needs, attendances = 5 * TIMES * homes.height, TIMES * homes.height // 2
    tables = {
        "needs": dated(needs, workshops, "workshop").with_columns(
            people=pl.Series(rng.integers(1, 4, needs)), text=pl.lit("un atelier, comme dit au téléphone à la mairie")
        ),
        "attendances": dated(attendances, [one.id for one in programme.catalogue.sessions], "session").with_columns(
            elected=pl.Series(rng.integers(1, 4, attendances)),
            technicians=pl.Series(rng.integers(0, 2, attendances)),
            rating=pl.Series(rng.integers(2, 5, attendances).astype(float)),
        ),
    }
    for name, frame in tables.items():
        for (code,), part in frame.partition_by("departement", as_dict=True, include_key=False).items():
            place = folder / name / f"departement={code}"
            place.mkdir(parents=True)
            part.write_parquet(place / "rows.parquet")
    return needs + attendances


def in_memory(programme: Programme, history: Path) -> pl.DataFrame:
    """Load all of the history, recommend, and have the answers as frames."""
    tables = {
        name: pl.read_parquet(history / name / "**" / "*.parquet", hive_partitioning=False)
        for name in ("needs", "attendances")
    }
    recs = Programme.model_validate({**dict(programme), **tables}).recommend(ON)
    recs.ranking()
    return recs.to_polars()


def from_dataset(programme: Programme, history: Path, out: Path, processes: int) -> tuple[pl.DataFrame, float]:
    """Recommend from the files, here or in so many processes; and the peak of the largest worker, in MB."""
    if not processes:
        return recommend_dataset(programme, history, out, on=ON).scan().collect(), 0
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as executor:
        answers = recommend_dataset(programme, history, out, on=ON, executor=executor).scan().collect()
        return answers, max(executor.map(held, ["VmHWM"] * 8 * processes))


def report(how: str, history: str) -> None:
    """Run one way in a process that did nothing else, and print its seconds, MB and a digest of the answers."""
    programme = communes()

    def run() -> tuple[pl.DataFrame, float, float]:
        with TemporaryDirectory() as out:
            start = perf_counter()
            if how == "memory":
                frame, worker = in_memory(programme, Path(history)), 0.0
            else:
                frame, worker = from_dataset(programme, Path(history), Path(out, "out"), int(how))
            return frame, worker, perf_counter() - start

    memory, (frame, worker, seconds) = taken(run)
    digest = frame.sort("territory").hash_rows(1).sum()
    print(json.dumps([seconds, memory.added, worker, digest]))


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
def test_a_dataset_beside_the_whole_in_memory(tmp_path: Path) -> None:
    rows = write_history(tmp_path / "history", communes())
    program = tmp_path / "run.py"
    program.write_text(RUN.format(folder=str(Path(__file__).parent)))
    found: dict[str, Any] = {}
    for how in ("memory", "0", "1", "2"):
        run = subprocess.run(
            [sys.executable, str(program), how, str(tmp_path / "history")],
            capture_output=True,
            text=True,
            check=True,
        )
        found[how] = json.loads(run.stdout)
    seconds, added, _, digest = found["memory"]
    print(f"\nFrance, {rows:,} rows of history: in memory {seconds:.1f} s, {added:.0f} MB added")
    for how in ("0", "1", "2"):
        took, mine, worker, same = found[how]
        assert same == digest, "the answers differ"
        name = "this process" if how == "0" else f"{how} process{'es' if how == '2' else ''}"
        print(
            f"  dataset, {name}: {took / seconds:.2f} x the time, {mine / added:.2f} x the memory added here "
            f"({took:.1f} s, {mine:.0f} MB" + (f"; largest worker {worker:.0f} MB in all)" if worker else ")")
        )
    print(f"  two processes beside one: {found['1'][0] / found['2'][0]:.2f} x as fast")
