"""How good plans of a large région, and of France région by région, are; seconds are those of the clock."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from resource import RUSAGE_CHILDREN, getrusage
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import pytest

import _regions
from prai_match.plan import plan, plan_by_region

if TYPE_CHECKING:
    from prai_match.plan import Plan

START = _regions.ON
END = START + dt.timedelta(weeks=26, days=-1)


def told(name: str, made: Plan, seconds: float, processor: float, most: float) -> None:
    print(f"\n{name}: {made!r}")
    print(
        f"  gap {100 * made.gap:.2f}% in {seconds:.1f} s ({processor:.1f} s of processor, load {os.getloadavg()[0]:.1f})"
    )
    print(f"  target: at most {100 * most:.0f}%")


@pytest.mark.parametrize("budget", [None, 25_000])
def test_occitanie(budget: float | None) -> None:
    region = _regions.made((_regions.OCCITANIE,))
    at_once = plan(region, START, END, time_limit=0, budget=budget)
    start, processor = perf_counter(), process_time()
    made = plan(region, START, END, time_limit=120, budget=budget)
    told(f"Occitanie, {budget or 'all that is left'} €", made, perf_counter() - start, process_time() - processor, 0.03)
    print(f"  {100 * (made.objective / at_once.objective - 1):.1f}% above the plan at once")
    assert made.check().is_empty()
    assert made.objective >= at_once.objective


def test_france() -> None:
    country = _regions.made()
    start, processor = perf_counter(), process_time() + _of_workers()
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as executor:
        made = plan_by_region(country, START, END, executor=executor, time_limit=10)
    told(
        f"France, {len(country.territories)} territories, 10 s a région on 2 processes",
        made,
        perf_counter() - start,
        process_time() + _of_workers() - processor,
        0.05,
    )
    apart = float(made.regions["objective"].sum())
    print(f"  sharing out cost {100 * made.shared_loss:.2f}% at most")
    print(f"  joining brought {100 * (made.objective / apart - 1):.2f}%")
    assert made.check().is_empty()
    assert made.objective >= apart


def _of_workers() -> float:
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
