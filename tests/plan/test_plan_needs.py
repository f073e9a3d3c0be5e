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
ASKED = RANKED.require("people >= min_seats OR joins_booked", id="enough", stage="place", kind="workshop")
DAYS = st.dates(dt.date(2006, 11, 1), dt.date(2008, 12, 31))


def demands(prog: Programme, on: dt.date, under: Policy = RANKED) -> pl.DataFrame:
    """The demands of a day, with their codes."""
    snapshot, policy = on_day(prog, on), under.checked(prog)
    frames = snapshot.frames
    cells = sift(snapshot, policy, frames.territories["t"], alone=True)
    found = _candidates.demands(snapshot, policy, cells)
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
@examples(10)
def test_where_nobody_asked_nobody_counts_under_a_rule_on_who_does(prog: Programme, on: dt.date) -> None:
    oracle, names = Oracle(prog, on), ("territory", "session", "elected", "technicians")
    free, asked = (demands(prog, on, policy) for policy in (RANKED, ASKED))
    assert asked.select(names).equals(free.select(names))
    for row, other in zip(asked.iter_rows(named=True), free["counted"], strict=True):
        members = oracle.territories[row["territory"]].members
        silent = not any(oracle.numbers(member, row["session"]) for member in members)
        assert row["counted"] == (0 if silent and oracle.sessions[row["session"]].form == "workshop" else other)


@given(programmes(case="busy"), DAYS)
@examples(20)
def test_needs_that_are_over_are_no_demands(prog: Programme, on: dt.date) -> None:
    over = {need.row for need in Oracle(prog, on).asked if need.state not in {"open", "to_confirm"}}
    kept = prog.model_copy(update={"needs": [need for row, need in enumerate(prog.needs) if row not in over]})
    assert demands(kept, on).equals(demands(prog, on))
