"""What is known on a day, and the days on which a session can be held."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from lively import ON, RENEWED, day, programme
from made import both
from prai_match.calendar import NEVER, dates, day_number

if TYPE_CHECKING:
    from prai_match.offers import Snapshot


def days(snapshot: Snapshot) -> list[dt.date]:
    return dates(snapshot.first + np.flatnonzero(snapshot.is_open)).to_list()


def closed(*periods: tuple[str, str], on: dt.date = ON, **changes: Any) -> Snapshot:
    """The programme with these blackouts alone."""
    return day(programme(calendar={"blackouts": frozen(*periods)}, **changes), on)


def frozen(*periods: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"start": start, "end": end, "reason": both("gel")} for start, end in periods]


def test_what_happens_on_the_day_is_known_and_what_comes_after_is_not() -> None:
    snapshot = day()
    assert snapshot.needs["date"].max() == snapshot.attendances["date"].max() == ON
    assert snapshot.needs.height == snapshot.frames.needs.height - 1
    assert snapshot.attendances.height == snapshot.frames.attendances.height - 1
    assert snapshot.held.sum() == snapshot.frames.held.height - 1
    assert snapshot.frames.held.filter(snapshot.held)["known"].max() == ON


def test_councils_that_were_renewed_forget_what_came_before_and_on_that_day() -> None:
    snapshot, at_once = day(), programme(notice_days=0)
    elected, before = day_number(dt.date.fromisoformat(RENEWED)), day_number(dt.date(2001, 3, 18))
    assert snapshot.renewed == elected
    assert snapshot.recent["date"].min() == dt.date(2007, 3, 19)
    assert day(at_once, dt.date(2007, 3, 18)).renewed == before, "on the day of the vote"
    assert day(at_once, dt.date(2007, 3, 19)).renewed == elected
    assert closed().renewed == -NEVER
    assert closed().recent.equals(closed().attendances)


@pytest.mark.parametrize(
    ("blackouts", "on", "first"),
    [
        ((), "2007-09-03", "2007-09-24"),  # a Monday, three weeks later
        ((), "2007-09-07", "2007-09-28"),  # a Friday
        ((), "2007-09-08", "2007-10-01"),  # a Saturday
        ((("2007-09-24", "2007-09-24"),), "2007-09-03", "2007-09-25"),
        ((("2007-09-25", "2007-09-30"),), "2007-09-03", "2007-09-24"),
        ((("2007-09-01", "2007-09-23"),), "2007-09-03", "2007-09-24"),
        ((("2007-09-01", "2007-09-28"),), "2007-09-03", "2007-10-01"),
        ((("2007-10-01", "2007-10-05"), ("2007-09-20", "2007-09-30")), "2007-09-03", "2007-10-08"),
        ((), "2007-10-11", "2007-11-02"),  # 1 November is a public holiday
    ],
)
def test_the_first_day_is_the_first_working_day_that_nothing_closes(
    blackouts: tuple[tuple[str, str], ...], on: str, first: str
) -> None:
    assert days(closed(*blackouts, on=dt.date.fromisoformat(on)))[0] == dt.date.fromisoformat(first)


def test_the_time_to_invite_people_is_that_of_the_programme() -> None:
    assert days(day(programme(notice_days=0)))[0] == ON
    assert days(day(programme(notice_days=2)))[0] == dt.date(2007, 9, 5)


def test_days_are_those_of_the_calendar_up_to_the_horizon() -> None:
    freezes = ("2007-10-01", "2007-10-03"), ("2007-12-15", "2008-01-20")
    found, last = days(closed(*freezes)), ON + dt.timedelta(days=120)
    every = [dt.date(2007, 9, 24) + dt.timedelta(days=after) for after in range(120)]
    expected = programme(calendar={"blackouts": frozen(*freezes)}).open_days(ON)
    assert found == [date for date in every if date <= last and expected.open(date)]
    assert (found[0], found[-1]) == (dt.date(2007, 9, 24), dt.date(2007, 12, 14))
    longer = days(closed(*freezes, offer_horizon_days=200))
    assert longer[: len(found)] == found
    assert longer[len(found)] == dt.date(2008, 1, 21)


def test_a_blackout_without_end_leaves_no_day() -> None:
    assert days(closed(("2007-09-01", "9999-12-31"))) == days(closed(on=dt.date.max)) == []


def test_what_a_day_has_read_it_keeps() -> None:
    snapshot = day()
    for name in ("whole", "people_around", "states", "needs", "recent", "held", "edges", "is_open"):
        assert getattr(snapshot, name) is getattr(snapshot, name), name
