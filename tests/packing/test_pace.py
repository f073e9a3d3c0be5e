"""Sessions are counted as by hand: of the team and of each relay, a day, a week from Monday, a calendar month."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest
from hypothesis import given, strategies as st

from prai_match.calendar import day_number
from prai_match.model import Pace
from prai_match.packing import PaceCount
from prai_match.testing import days, paces
from thorough import examples

Session = tuple[dt.date, int | None]

SPAN = (dt.date(2007, 12, 20), dt.date(2008, 1, 10))  # a week and a month of two years
SESSIONS = st.tuples(days(*SPAN), st.sampled_from([None, 0, 1]))
WEDNESDAY, SUNDAY, MONDAY = dt.date(2008, 1, 2), dt.date(2008, 1, 6), dt.date(2008, 1, 7)


def full(count: PaceCount, session: Session) -> str | None:
    day, relay = session
    return count.full(day_number(day), relay)


def by_hand(pace: Pace, booked: list[Session], session: Session) -> list[str]:
    """Return all limits that one more session would exceed, each counted anew."""
    day, relay = session
    alike = {
        "per_day": [one for one in booked if one[0] == day],
        "per_week": [one for one in booked if one[0].isocalendar()[:2] == day.isocalendar()[:2]],
        "per_month": [one for one in booked if (one[0].year, one[0].month) == (day.year, day.month)],
    }
    of_team = {f"team_{name}": (sessions, getattr(pace.team, name)) for name, sessions in alike.items()}
    of_relay = {
        f"relay_{name}": ([one for one in sessions if one[1] == relay], getattr(pace.relay, name))
        for name, sessions in alike.items()
        if relay is not None
    }
    return [
        name for name, (sessions, most) in (of_team | of_relay).items() if most is not None and len(sessions) >= most
    ]


@examples(100)
@given(
    paces(), st.lists(SESSIONS, max_size=6), st.lists(st.tuples(st.booleans(), SESSIONS), max_size=12), st.data()
)  # fmt: skip
def test_what_is_full_is_what_counting_anew_says(
    pace: Pace, booked: list[Session], moves: list[tuple[bool, Session]], data: st.DataObject
) -> None:
    count = PaceCount(pace, [(day_number(day), relay) for day, relay in booked])
    held = list(booked)
    for comes, session in moves:
        day, relay = session
        if comes:
            count.add(day_number(day), relay)
            held.append(session)
        elif held:
            day, relay = held.pop(data.draw(st.integers(0, len(held) - 1)))
            count.remove(day_number(day), relay)
        wrong = by_hand(pace, held, session)
        assert full(count, session) == (wrong[0] if wrong else None)
        assert count.allows(day_number(session[0]), session[1]) == (not wrong)


@examples(40)
@given(paces(), st.lists(SESSIONS, max_size=12), st.data())
def test_the_order_of_sessions_changes_nothing(pace: Pace, sessions: list[Session], data: st.DataObject) -> None:
    other = data.draw(st.permutations(sessions))
    one, two = (PaceCount(pace, [(day_number(day), relay) for day, relay in each]) for each in (sessions, other))
    asked = list(product({day for day, _ in sessions} | {SPAN[0]}, (None, 0, 1)))
    assert [full(one, session) for session in asked] == [full(two, session) for session in asked]


@pytest.mark.parametrize(
    ("pace", "booked", "asked", "limit"),
    [
        ({}, [(WEDNESDAY, 0)], (WEDNESDAY, 0), "relay_per_day"),
        ({}, [(WEDNESDAY, 0)], (WEDNESDAY, 1), None),
        ({}, [(WEDNESDAY, None)], (WEDNESDAY, 0), None),
        ({"team": {"per_day": 1}}, [(WEDNESDAY, None)], (WEDNESDAY, 0), "team_per_day"),
        ({"team": {"per_week": 1}}, [(WEDNESDAY, 0)], (SUNDAY, 1), "team_per_week"),
        ({"team": {"per_week": 1}}, [(SUNDAY, 0)], (MONDAY, 1), None),
        ({"team": {"per_week": 1}}, [(dt.date(2007, 12, 31), 0)], (SUNDAY, 1), "team_per_week"),
        ({"team": {"per_month": 1}}, [(dt.date(2007, 12, 31), 0)], (WEDNESDAY, 1), None),
        ({"team": {"per_month": 1}}, [(dt.date(2007, 1, 31), 0)], (dt.date(2008, 1, 31), 1), None),
        ({"relay": {"per_week": 1}}, [(WEDNESDAY, 0)], (SUNDAY, 0), "relay_per_week"),
        ({"relay": {"per_month": 2}}, [(SUNDAY, 0), (MONDAY, 0)], (WEDNESDAY, 0), "relay_per_month"),
        ({"relay": {"per_month": 2}}, [(SUNDAY, 0), (MONDAY, 0)], (WEDNESDAY, None), None),
        ({"team": {"per_month": 1}, "relay": {"per_day": 1}}, [(WEDNESDAY, 0)] * 2, (WEDNESDAY, 0), "team_per_month"),
    ],
)
def test_a_limit_is_full_where_its_time_and_its_relay_are(
    pace: dict[str, dict[str, int]], booked: list[Session], asked: Session, limit: str | None
) -> None:
    count = PaceCount(Pace.model_validate(pace), [(day_number(day), relay) for day, relay in booked])
    assert full(count, asked) == limit
