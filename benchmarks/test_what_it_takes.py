"""The speed of saying what it would take, one territory or all of the bundled region, beside recommending for it."""

from __future__ import annotations

import datetime as dt
from functools import partial
from statistics import median
from time import process_time
from typing import TYPE_CHECKING

from prai_match import Programme

if TYPE_CHECKING:
    from collections.abc import Callable

ON = dt.date(2007, 9, 3)
MOST_ONE, MOST_ALL = 0.2, 2.5
"""Seconds, on a quiet machine."""


def seconds(run: Callable[[], object]) -> float:
    """Return the processor time of a run, of all threads."""
    start = process_time()
    run()
    return process_time() - start


def test_what_it_takes_for_the_region() -> None:
    programme = Programme.example()
    programme.recommend(ON).what_would_it_take()
    recommends = [seconds(lambda: programme.recommend(ON)) for _ in range(9)]
    all_together = [seconds(programme.recommend(ON).what_would_it_take) for _ in range(5)]
    recs = programme.recommend(ON)
    asked = {territory: needed.session for territory, needed in recs.what_would_it_take().items()}
    each = [
        seconds(partial(recs[territory].what_would_it_take, session=session)) for territory, session in asked.items()
    ]
    less, whole, one = median(recommends), median(all_together), median(each)
    print(f"\nwhat it would take for {len(asked)} territories together: {whole:.2f} s (target: at most {MOST_ALL} s)")
    print(f"  {whole / less:.0f} x the time of recommend ({less * 1000:.0f} ms), {whole / sum(each):.2f} x one by one")
    print(f"what it would take for one: {one * 1000:.0f} ms, {max(each) * 1000:.0f} ms at most (target: {MOST_ONE} s)")
    print(f"  {one / less:.1f} x the time of recommend")
