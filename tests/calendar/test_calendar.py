"""What closes a day, and the days that are open."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, get_args

import holidays
import numpy as np
import polars as pl
import pytest
from hypothesis import given, strategies as st
from vacances_scolaires_france import SchoolHolidayDates  # type: ignore[import-untyped]

from prai_match import PraiError, Programme
from prai_match.calendar import (
    CLOSURES,
    NEVER,
    YEARS,
    OpenDays,
    SessionDays,
    day_number,
    day_numbers,
    months_later,
    public_holidays,
)
from prai_match.errors import ArgumentError, UnknownCodeError
from prai_match.model import Blackout, Calendar, Period, Text, Zone
from thorough import examples

PROG = Programme.example()
START, END = dt.date(2006, 9, 1), dt.date(2008, 12, 31)
DAYS = st.dates(dt.date(2006, 1, 1), dt.date(2009, 12, 31))
OFFSETS = st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda pair: (pair[0], sum(pair)))
ZONES: tuple[Zone, ...] = get_args(Zone)
SCHOOLS = SchoolHolidayDates()
SUBDIVISIONS = {"09": None, "57": "57", "67": "6AE", "974": "974", "976": "976"}


def freeze(start: dt.date, end: dt.date) -> Blackout:
    return Blackout(start=start, end=end, reason=Text(fr="Gel", en="Freeze"))


FREEZES = st.lists(st.tuples(DAYS, DAYS).map(sorted).map(lambda pair: freeze(*pair)), max_size=3)


def session_days(*freezes: Blackout, zone: Zone | None = None) -> SessionDays:
    return SessionDays(Period(start=START, end=END), Calendar(blackouts=freezes, school_holidays=zone))


def closed(days: SessionDays, day: dt.date, group: str | None = None, invited: dt.date | None = None) -> str | None:
    """Tell what closes one day."""
    number = day_number(day)
    place = days.closures(number, number, [group], None if invited is None else day_number(invited))[0]
    return None if place < 0 else CLOSURES[place]


@examples(30)
@given(FREEZES, DAYS, DAYS, st.sampled_from(sorted(SUBDIVISIONS)))
def test_a_day_is_closed_by_the_first_of_its_causes(
    freezes: list[Blackout], day: dt.date, invited: dt.date, departement: str
) -> None:
    causes = {
        "period": not START <= day <= END,
        "blackout": any(each.start <= day <= each.end for each in freezes),
        "notice": day < invited,
        "weekend": day.weekday() > 4,
        "holiday": day in holidays.country_holidays("FR", subdiv=SUBDIVISIONS[departement], years=day.year),
    }
    expected = next((cause for cause, closes in causes.items() if closes), None)
    assert closed(session_days(*freezes), day, departement, invited) == expected


@examples(30)
@given(DAYS, st.integers(0, 30), st.none() | OFFSETS, st.sampled_from([None, *ZONES]))
def test_days_are_open_where_a_plain_reading_finds_nothing_that_closes_them(
    on: dt.date, notice: int, frozen: tuple[int, int] | None, zone: Zone | None
) -> None:
    first, last = (on + dt.timedelta(days=days) for days in frozen or (1, 0))
    hosts = tuple(PROG.territories[0].model_copy(update={"id": code, "departement": code}) for code in SUBDIVISIONS)
    calendar = Calendar(blackouts=(freeze(first, last),) if frozen else (), school_holidays=zone)
    fields: dict[str, Any] = {"calendar": calendar, "territories": hosts, "notice_days": notice}
    days = OpenDays(Programme.model_construct(period=PROG.period, **fields), on)
    groups: list[tuple[str | None, str | None]] = [(None, None), *SUBDIVISIONS.items()]
    public = {code: holidays.country_holidays("FR", subdiv=group) for code, group in groups}
    for after in range(90):
        day = on + dt.timedelta(days=after)
        inside = START <= day <= END and after >= notice and day.weekday() <= 4 and not first <= day <= last
        here = inside and not (zone and SCHOOLS.is_holiday_for_zone(day, zone))
        for host, closed_days in public.items():
            assert days.open(day, host) == (here and day not in closed_days)
            assert days.open(day, host) == (days.why_closed(day, host) is None)


def test_public_holidays_are_those_of_the_package_that_they_come_from() -> None:
    table = public_holidays().filter(pl.col("departement").is_null())
    every = holidays.country_holidays("FR", years=range(YEARS[0], YEARS[1] + 1), language="fr")
    assert dict(table.select("date", "fr").rows()) == dict(every)
    assert table["en"].null_count() == 0


@given(DAYS, st.integers(0, 400))
def test_a_table_of_days_says_the_same(first: dt.date, length: int) -> None:
    days, last = session_days(freeze(dt.date(2008, 2, 1), dt.date(2008, 5, 31))), first + dt.timedelta(days=length)
    table = days.table(first, last, START)
    assert table["date"].to_list() == [first + dt.timedelta(days=after) for after in range(length + 1)]
    for day, label in table.rows()[:: max(1, length // 5)]:
        assert closed(days, day, None, START) == label
    number = days.first(day_number(first), day_number(last))
    opens = table.filter(pl.col("closed").is_null())["date"].to_list()
    assert number == (day_number(opens[0]) if opens else None)


def test_a_day_that_is_closed_anywhere_is_closed_for_all_who_take_part() -> None:
    good_friday = dt.date(2007, 4, 6)
    both = replace(session_days(), groups=(None, "57"))
    number = day_number(good_friday)
    assert [closed(both, good_friday), closed(both, good_friday, "57")] == [None, "holiday"]
    assert CLOSURES[both.closures(number, number)[0]] == "holiday"


def test_school_holidays_are_closed_where_the_calendar_names_a_zone() -> None:
    day = dt.date(2007, 10, 29)
    assert closed(session_days(), day) is None
    assert closed(session_days(zone="A"), day) == "school_holiday"
    with pytest.raises(PraiError, match="not all known"):
        closed(
            SessionDays(Period(start=dt.date(1950, 1, 1), end=END), Calendar(school_holidays="A")), dt.date(1950, 1, 2)
        )


def test_public_holidays_are_known_of_some_years() -> None:
    days = SessionDays(Period(start=dt.date.min, end=dt.date.max), Calendar())
    assert closed(days, dt.date(1900, 1, 1)) == closed(days, dt.date(2099, 12, 25)) == "holiday"
    for day in (dt.date(1899, 12, 31), dt.date(2101, 1, 1), dt.date.min, dt.date.max):
        with pytest.raises(PraiError, match="1900 to 2100"):
            closed(days, day)


def test_why_a_day_is_closed_is_said_in_both_languages() -> None:
    days = PROG.open_days(dt.date(2008, 1, 14))
    code = PROG.territories[0].id
    said = {
        dt.date(2005, 1, 3): "hors de la période du programme (du 1er septembre 2006 au 31 décembre 2008)",
        dt.date(2008, 4, 1): "période de gel : Élections municipales des 9 et 16 mars 2008",
        dt.date(2008, 1, 22): "avant la fin du délai de convocation (21 jours)",
        dt.date(2008, 6, 7): "samedi ou dimanche",
        dt.date(2008, 7, 14): "jour férié : Fête nationale",
        dt.date(2008, 6, 10): None,
    }
    assert {day: days.why_closed(day, code, "fr") for day in said} == said
    assert [days.open(day, code) for day in said] == [False] * 5 + [True]
    assert days.why_closed(dt.date(2008, 7, 14), lang="en") == "public holiday: National Day"
    zoned = PROG.model_copy(update={"calendar": PROG.calendar.model_copy(update={"school_holidays": "A"})})
    assert (
        zoned.open_days(dt.date(2007, 9, 3)).why_closed(dt.date(2007, 10, 29), lang="en") == "school holidays of zone A"
    )


def test_the_first_open_day_is_the_first_one_of_the_host() -> None:
    assert PROG.open_days(dt.date(2007, 9, 3)).first() == dt.date(2007, 9, 24)
    assert PROG.open_days(dt.date(2008, 1, 14)).first(PROG.territories[0].id) == dt.date(2008, 6, 2)
    assert PROG.open_days(dt.date(2009, 1, 1)).first() is None
    with pytest.raises(UnknownCodeError):
        PROG.open_days(dt.date(2007, 9, 3)).first("nowhere")
    with pytest.raises(ArgumentError):
        PROG.open_days("soon")  # type: ignore[arg-type]


@examples(10)
@given(DAYS)
def test_every_offer_has_an_open_day_within_the_horizon(on: dt.date) -> None:
    recs, days = PROG.recommend(on=on), OpenDays(PROG, on)
    for rec in recs:
        for offer in (rec.next, rec.later, *rec.alternatives):
            if offer is not None:
                assert offer.joins or days.open(offer.day, offer.host)  # what is joined keeps its day
                assert ((offer.day - on).days > PROG.offer_horizon_days) == (offer is rec.later)
    if days.first() is None:
        assert recs.without() == {"no_open_day": len(recs)}


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)), st.integers(0, 60))
def test_some_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: dt.date, months: int) -> None:
    later = months_later(np.array([day_number(day), NEVER]), months)
    expected = pl.Series([day]).dt.offset_by(f"{months}mo")
    assert later.tolist() == [day_number(expected[0]), NEVER]
    assert day_numbers(pl.Series([day, None])).tolist() == [day_number(day), NEVER]
