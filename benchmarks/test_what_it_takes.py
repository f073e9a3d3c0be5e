"""The speed of saying what it would take, for one territory or all of the bundled region, beside the code before."""

from __future__ import annotations

import _before
from _measured import keep

CODE = """
import datetime as dt
from itertools import count
from prai_match import Programme
programme = Programme.example()
day = [programme.recommend(dt.date(2007, 9, 3))]
needed = {territory: each.session for territory, each in day[0].what_would_it_take().items()}
some, places = sorted(needed)[::11], count()
def recommend():
    day[0] = programme.recommend(dt.date(2007, 9, 3))
def one():
    territory = some[next(places) % len(some)]
    day[0][territory].what_would_it_take(session=needed[territory])
runs = {"recommend": recommend, "one": one, "recommend again": recommend, "all": lambda: day[0].what_would_it_take()}
"""


def test_what_it_takes() -> None:
    times = _before.beside(CODE, rounds=9)
    for name, ratio in (("one", 1 / 3), ("all", 0.4)):
        now, then = times[name]
        keep(f"takes_{name}", now, then, ratio=ratio)
