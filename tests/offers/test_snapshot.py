"""What is known on a day, and the days on which a session can be held."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from lively import ON, RENEWED, day, programme
from made import both
from prai_match.offers import dates

if TYPE_CHECKING:
    from prai_match.offers import Snapshot


def days(snapshot: Snapshot) -> list[dt.date]:
    return dates(snapshot.open_days).to_list()


def closed(*periods: tuple[str, str], on: dt.date = ON, **changes: Any) -> Snapshot:
    """The programme with these blackouts alone."""
    blackouts = [{"start": start, "end": end, "reason": both("gel")} for start, end in periods]
    return day(programme(calendar={"blackouts": blackouts}, **changes), on)


def test_what_happens_on_the_day_is_known_and_what_comes_after_is_not() -> None:
    snapshot = day()
    assert snapshot.needs["date"].max() == snapshot.attendances["date"].max() == ON
    assert snapshot.needs.height == snapshot.frames.needs.height - 1
    assert snapshot.attendances.height == snapshot.frames.attendances.height - 1
    assert snapshot.held.sum() == snapshot.frames.held.height - 1
    assert snapshot.frames.held.filter(snapshot.held)["known"].max() == ON


def test_councils_that_were_renewed_forget_what_came_before_and_on_that_day() -> None:
    snapshot = day()
    assert snapshot.renewal == dt.date.fromisoformat(RENEWED)
    assert snapshot.recent["date"].min() == dt.date(2007, 3, 19)
    assert day(on=dt.date(2007, 3, 18)).renewal == dt.date(2001, 3, 18), "on the day of the vote"
    assert day(on=dt.date(2007, 3, 19)).renewal == dt.date.fromisoformat(RENEWED)
    assert closed().renewal == dt.date(1, 1, 1)
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
        ((("2007-09-20", "2010-12-31"),), "2007-09-03", "2011-01-03"),
    ],
)
def test_the_first_day_is_the_first_working_day_outside_blackouts(
    blackouts: tuple[tuple[str, str], ...], on: str, first: str
) -> None:
    assert days(closed(*blackouts, on=dt.date.fromisoformat(on)))[0] == dt.date.fromisoformat(first)


def test_the_time_to_invite_people_is_that_of_the_programme() -> None:
    assert days(day(programme(notice_days=0)))[0] == ON
    assert days(day(programme(notice_days=2)))[0] == dt.date(2007, 9, 5)


def test_days_are_working_days_over_a_year_outside_blackouts() -> None:
    year = days(closed(("2007-10-01", "2007-10-03"), ("2008-02-01", "2008-05-31")))
    assert year == sorted(set(year))
    assert {date.weekday() for date in year} == {0, 1, 2, 3, 4}
    assert (year[0], year[-1]) == (dt.date(2007, 9, 24), dt.date(2008, 9, 24))
    open_ = {date for date in year if date.month in {10, 2, 5, 1, 6}}
    assert dt.date(2007, 10, 3) not in open_
    assert {dt.date(2007, 10, 4), dt.date(2008, 1, 31), dt.date(2008, 6, 2)} <= open_
    assert not any(dt.date(2008, 2, 1) <= date <= dt.date(2008, 5, 31) for date in year)


def test_a_blackout_without_end_leaves_no_day() -> None:
    snapshot = closed(("2007-09-01", "9999-12-31"))
    assert days(snapshot) == []
    assert days(closed(on=dt.date.max)), "the last day of the calendar has days before it"


def test_what_a_day_has_read_it_keeps() -> None:
    snapshot = day()
    for name in ("whole", "people_around", "states", "needs", "recent", "held", "edges", "open_days"):
        assert getattr(snapshot, name) is getattr(snapshot, name), name
