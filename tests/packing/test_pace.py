"""Sessions are counted as by hand: of the team and of each relay, a day, a week from Monday, a calendar month."""

from __future__ import annotations

import datetime as dt
from itertools import product

import numpy as np
import pytest
from hypothesis import given, strategies as st

from prai_match.calendar import day_number
from prai_match.model import Pace
from prai_match.packing import Counts, of_pace
from prai_match.testing import days, paces
from thorough import examples

Session = tuple[dt.date, int | None]

SPAN = (dt.date(2007, 12, 20), dt.date(2008, 1, 10))  # a week and a month of two years
SESSIONS = st.tuples(days(*SPAN), st.sampled_from([None, 0, 1]))
WEDNESDAY, SUNDAY, MONDAY = dt.date(2008, 1, 2), dt.date(2008, 1, 6), dt.date(2008, 1, 7)


SEASON = range(day_number(SPAN[0]), day_number(dt.date(2008, 1, 31)) + 1)


def counted(pace: Pace, sessions: list[Session]) -> tuple[Counts, Counts]:
    """Count sessions of the team, and of two relays."""
    days = np.array([day_number(day) for day, _ in sessions], np.int64)
    relays = np.array([-1 if relay is None else relay for _, relay in sessions], np.int64)
    team, relay = (
        Counts((1, 1), np.array(SEASON), of_pace(pace.team, 1)),
        Counts((1, 2), np.array(SEASON), of_pace(pace.relay, 2)),
    )
    team.know(np.zeros_like(days), np.zeros_like(days), days)
    relay.know(np.zeros_like(days), relays, days)
    return team, relay


def fits(counts: tuple[Counts, Counts], session: Session) -> bool:
    day, relay = session
    place = day_number(day) - SEASON[0]
    return bool(counts[0].free[0, 0, place] and (relay is None or counts[1].free[0, relay, place]))


def add(counts: Counts, actor: int, day: int) -> None:
    counts.add(*np.array([[0], [actor], [day]]))


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
@given(paces(), st.lists(SESSIONS, max_size=6), st.lists(SESSIONS, max_size=12))
def test_a_session_fits_where_counting_anew_finds_room(pace: Pace, known: list[Session], new: list[Session]) -> None:
    counts, held = counted(pace, known), list(known)
    for day, relay in new:
        add(counts[0], 0, day_number(day))
        if relay is not None:
            add(counts[1], relay, day_number(day))
        held.append((day, relay))
        assert fits(counts, (day, relay)) == (not by_hand(pace, held, (day, relay)))
    asked = list(product((SPAN[0], SPAN[1], WEDNESDAY), (None, 0, 1)))
    assert [fits(counts, one) for one in asked] == [not by_hand(pace, held, one) for one in asked]


@examples(40)
@given(paces(), st.lists(SESSIONS, max_size=12), st.data())
def test_the_order_of_sessions_changes_nothing(pace: Pace, sessions: list[Session], data: st.DataObject) -> None:
    one, two = (counted(pace, each) for each in (sessions, data.draw(st.permutations(sessions))))
    for first, second in zip(one, two, strict=True):
        assert (first.free == second.free).all()


@examples(60)
@given(paces(), st.lists(SESSIONS, max_size=6), st.lists(st.sampled_from(SEASON), unique=True, max_size=12))
def test_no_more_sessions_can_be_added_than_is_said(pace: Pace, known: list[Session], days: list[int]) -> None:
    for counts in counted(pace, known):
        most, added = counts.most(0, np.array(days, np.int64)), 0
        for day in days:
            while added <= most and most < np.inf and counts.free[0, 0, day - SEASON[0]]:
                add(counts, 0, day)
                added += 1
        assert added <= most
        limits = [
            each for each in (pace.team if counts.free.shape[1] == 1 else pace.relay).model_dump().values() if each
        ]
        if len(limits) == 1:
            assert added == most


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
    made = Pace.model_validate(pace)
    assert by_hand(made, booked, asked)[:1] == ([] if limit is None else [limit])
    assert fits(counted(made, booked), asked) == (limit is None)
