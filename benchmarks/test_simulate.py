"""How fast a region is simulated: beside one process, beside half of everything; seconds are those of the clock."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from time import perf_counter
from typing import TYPE_CHECKING

import pytest

import _before
from _measured import keep
from _memory import taken_alone
from prai_match import Programme
from prai_match.simulate import Scenario, _entry

if TYPE_CHECKING:
    from concurrent.futures import Executor

START, END = dt.date(2007, 1, 1), dt.date(2008, 12, 31)
NOW = Scenario(name="now")


@pytest.fixture(scope="module")
def region() -> Programme:
    return Programme.example()


MONTHS = """
import datetime as dt
from prai_match import Programme
from prai_match.simulate import Scenario
region, days = Programme.example(), (dt.date(2007, 1, 1), dt.date(2008, 12, 31))
runs = {"simulate": lambda: region.simulate(Scenario(name="now"), *days, replications=50)}
"""


def test_a_month_of_fifty_worlds_beside_the_code_before() -> None:
    now, then = _before.beside(MONTHS, rounds=1)["simulate"]
    keep("month", *([seconds / 24 for seconds in each] for each in (now, then)), ratio=0.4)


def seconds(programme: Programme, replications: int, executor: Executor | None = None, end: dt.date = END) -> float:
    start = perf_counter()
    programme.simulate(NOW, START, end, replications=replications, executor=executor)
    return perf_counter() - start


def test_replications_a_second(region: Programme) -> None:
    seconds(region, 2)  # what is read once
    one = min(seconds(region, 100) for _ in range(2))
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as executor:
        seconds(region, 100, executor)  # both processes start
        two = min(seconds(region, 100, executor) for _ in range(2))
    print(f"\n24 months, {len(region.territories)} territories: {100 / one:.1f} replications a second in one process")
    print(f"  {100 / two:.1f} in two (guide: 20); {one / two:.2f} x one process (target: at least 1.7)")


def test_growth(region: Programme) -> None:
    seconds(region, 2)
    rows = [
        ("replications, 50 to 200", seconds(region, 50), seconds(region, 200), 4.0),
        ("months, 12 to 24", seconds(region, 50, end=dt.date(2007, 12, 31)), seconds(region, 50), 2.0),
    ]
    half = {each.id for each in sorted(region.territories, key=lambda each: each.id)[::2]}
    smaller = _part(region, half)
    seconds(smaller, 2)
    rows.append(("territories, 51 to 101", seconds(smaller, 50), seconds(region, 50), 2.0))
    print()
    for name, small, large, times in rows:
        print(f"{name}: {small:.2f} s to {large:.2f} s, {large / small:.2f} x the time for {times:.0f} x the size")


def _part(region: Programme, kept: set[str]) -> Programme:
    """The programme of some of its territories."""
    of = {member: territory.id for territory in region.territories for member in territory.members}
    fields = {name: getattr(region, name) for name in type(region).model_fields}
    fields["territories"] = tuple(each for each in region.territories if each.id in kept)
    for name in ("needs", "attendances"):
        fields[name] = [row for row in getattr(region, name) if of.get(row.collectivity) in kept]
    fields["sessions"] = [row for row in region.sessions if row.host in kept]
    held = {row.id for row in fields["sessions"]}
    fields["attendances"] = [
        row.model_copy(update={"held": row.held if row.held in held else None}) for row in fields["attendances"]
    ]
    fields["registrations"] = [
        row for row in region.registrations if row.session in held and of.get(row.collectivity) in kept
    ]
    fields["decisions"] = ()  # some are of the others
    return type(region).model_validate(fields)


MEMORY = """
import datetime as dt
from prai_match import Programme
from prai_match.simulate import Scenario
region = Programme.example()
region.simulate(Scenario(name="now"), dt.date(2007, 1, 1), dt.date(2007, 1, 31), replications=2)  # what is read once
def run():
    days = dt.date(2007, 1, 1), dt.date(2007, 6, 30)
    region.simulate(Scenario(name="now"), *days, replications=int(sys.argv[1]), folder=sys.argv[2])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
def test_memory_in_replications(tmp_path_factory: pytest.TempPathFactory) -> None:
    counts = (2 * _entry.PART, 12 * _entry.PART)
    few, many = (taken_alone(MEMORY, str(count), str(tmp_path_factory.mktemp("outcomes"))) for count in counts)
    print(
        f"\nmemory added: {few.added:.0f} MB for {counts[0]} replications, {many.added:.0f} MB for {counts[1]} ", end=""
    )
    print(f"({many.added / few.added:.2f} x); whole process {few.whole:.0f} and {many.whole:.0f} MB ", end="")
    print(f"({many.whole / few.whole:.2f} x)")
