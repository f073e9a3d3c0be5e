"""What closes a day, and the days that are open."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, strategies as st

from prai_match import PraiError
from prai_match.calendar import EPOCH, NEVER, day_number, day_numbers, days, first_open, months_later, open_days
from prai_match.model import Blackout, Text

ON = dt.date(2007, 9, 3)
DAYS = st.dates(dt.date(2007, 8, 1), dt.date(2008, 12, 31))


def freeze(start: dt.date, end: dt.date) -> Blackout:
    return Blackout(start=start, end=end, reason=Text(fr="Gel", en="Freeze"))


FREEZES = st.lists(st.tuples(DAYS, DAYS).map(sorted).map(lambda pair: freeze(*pair)), max_size=3)


def test_days_are_open_on_weekdays_outside_holidays() -> None:
    found = days(dt.date(2007, 10, 27), dt.date(2007, 11, 12), dt.date(2007, 10, 29), (), "A")
    closed = dict(found.drop_nulls().iter_rows())
    assert closed[dt.date(2007, 10, 27)] == "notice"
    assert closed[dt.date(2007, 11, 1)] == "holiday"
    assert closed[dt.date(2007, 11, 2)] == "school_holiday"
    assert closed[dt.date(2007, 11, 10)] == "weekend"
    assert dt.date(2007, 11, 12) not in closed


def test_school_holidays_that_are_not_known_are_refused() -> None:
    with pytest.raises(PraiError, match="not all known"):
        days(dt.date(1950, 1, 1), dt.date(1950, 2, 1), dt.date(1950, 1, 1), (), "A")


@given(FREEZES, st.integers(0, 40))
def test_days_open_to_an_invitation_are_those_that_only_a_holiday_closes(freezes: list[Blackout], notice: int) -> None:
    found = [EPOCH + day for day in open_days(freezes, ON, notice).tolist()]
    first = ON + dt.timedelta(days=notice)
    every = days(ON, dt.date(2008, 8, 31), first, freezes, None)
    closed = every.filter(pl.col("closed").is_null() | pl.col("closed").eq("holiday"))["date"]
    last = dt.date(2008, 8, 31).toordinal()
    assert [day for day in found if day <= last] == [day.toordinal() for day in closed]


@given(FREEZES, DAYS)
def test_the_first_open_day_is_the_first_that_no_blackout_has(freezes: list[Blackout], wanted: dt.date) -> None:
    found = first_open(freezes, wanted)
    assert found is not None
    assert not any(freeze.start <= found <= freeze.end for freeze in freezes)
    between = (wanted + dt.timedelta(days=after) for after in range((found - wanted).days))
    assert all(any(freeze.start <= day <= freeze.end for freeze in freezes) for day in between)


def test_a_blackout_without_end_leaves_no_day() -> None:
    last = [freeze(ON, dt.date.max)]
    assert first_open(last, ON) is None
    assert len(open_days(last, ON, 21)) == 0
    assert len(open_days((), dt.date.max, 21)) > 200


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)), st.integers(0, 60))
def test_some_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: dt.date, months: int) -> None:
    later = months_later(np.array([day_number(day), NEVER]), months)
    expected = pl.Series([day]).dt.offset_by(f"{months}mo")
    assert later.tolist() == [day_number(expected[0]), NEVER]
    assert day_numbers(pl.Series([day, None])).tolist() == [day_number(day), NEVER]
