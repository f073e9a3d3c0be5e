"""A plan asks for people as the needs of its day say, each in its state."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from prai_match import Policy
from prai_match.offers import on_day, sift
from prai_match.packing import _candidates
from prai_match.testing import Oracle, programmes
from thorough import examples

if TYPE_CHECKING:
    import polars as pl

    from prai_match import Programme

_PREFERENCES = {rule.id for rule in Policy.default().preferences}
RANKED = Policy.default().with_rules(row for row in Policy.default().rows.rule if row.id in _PREFERENCES)
"""Under it every session of every territory is a demand."""
DAYS = st.dates(dt.date(2006, 11, 1), dt.date(2008, 12, 31))


def demands(prog: Programme, on: dt.date) -> pl.DataFrame:
    """The demands of a day, with their codes."""
    snapshot = on_day(prog, on)
    frames = snapshot.frames
    cells = sift(snapshot, RANKED.checked(prog), frames.territories["t"], alone=True)
    found = _candidates.demands(snapshot, cells)
    territory, session = frames.territories["territory"], frames.sessions["session"]
    return found.with_columns(territory=territory.gather(found["t"]), session=session.gather(found["s"]))


@given(programmes(case="busy"), DAYS)
@examples(20)
def test_who_would_come_is_who_asks_and_who_is_on_the_way(prog: Programme, on: dt.date) -> None:
    oracle = Oracle(prog, on)
    for row in demands(prog, on).iter_rows(named=True):
        territory, code = oracle.territories[row["territory"]], row["session"]
        numbers = [oracle.numbers(member, code) for member in territory.members]
        known = [[people for people in each if people is not None] for each in numbers]
        if any(known):
            people = max(1, min(sum(max(each, default=0) for each in known), oracle.sessions[code].max_seats))
            assert (row["elected"] + row["technicians"], row["counted"]) == (people, people)
        elif any(numbers):
            assert row["counted"] == 0, "of how many people isn't known"
        starts = [need.start for need in oracle.needs_of(territory.id) if need.session == code]
        assert row["age"] == pytest.approx(min(1, (on - min(starts)).days / 365 if starts else 0))


@given(programmes(case="busy"), DAYS)
@examples(20)
def test_needs_that_are_over_are_no_demands(prog: Programme, on: dt.date) -> None:
    over = Oracle(prog, on).over
    kept = prog.model_copy(update={"needs": [need for row, need in enumerate(prog.needs) if row not in over]})
    assert demands(kept, on).equals(demands(prog, on))
