"""A simulation begins with the needs of its first day, each in its state, and goes on with them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, strategies as st

from prai_match.offers import on_day
from prai_match.simulate._region import region
from prai_match.simulate._run import begin
from prai_match.simulate._worlds import Worlds, interest as interest_of
from prai_match.testing import Oracle, programmes
from thorough import examples

if TYPE_CHECKING:
    from prai_match import Programme

DAYS = st.dates(dt.date(2006, 11, 1), dt.date(2008, 12, 1))
DAY = dt.timedelta(days=1)


def interest(prog: Programme, start: dt.date) -> np.ndarray:
    """Who is interested on the first day of a simulation of two worlds, by world, territory and session."""
    here = region(prog, start, start + 30 * DAY, ())
    state, worlds = begin(here, 2, start), Worlds.of(here, 2, prog.policy)
    return interest_of(worlds.day(state, start, prog.calendar.blackouts), state.last.shape)[0]


@given(programmes(case="busy"), DAYS)
@examples(30)
def test_who_is_interested_on_the_first_day_is_who_asked_and_is_on_the_way(prog: Programme, start: dt.date) -> None:
    oracle = Oracle(prog.as_of(start - DAY), start)
    wanted = [
        [oracle.interest(territory, session) for session in sorted(oracle.sessions)]
        for territory in sorted(oracle.territories)
    ]
    assert interest(prog, start).tolist() == [wanted, wanted]


def test_they_are_the_people_of_the_engine_in_the_bundled_region(example: Programme) -> None:
    start = dt.date(2008, 10, 1)
    snapshot = on_day(example.as_of(start - DAY), start)
    frames = snapshot.frames
    squares = snapshot.interest
    for world in interest(example, start):
        found = np.zeros_like(squares)
        np.add.at(found, frames.number_of("t", "z"), world)
        assert (found == squares).all()
    assert squares.any()
