"""What a draft accepts is what the check of a plan finds nothing against: conditions are read twice, and alike."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import assume, given, strategies as st

from made import crowded
from prai_match import Programme
from prai_match.packing import Option
from prai_match.plan import plan
from prai_match.plan._unserved_demands import Blocks
from thorough import examples

if TYPE_CHECKING:
    from prai_match.packing import Draft
    from prai_match.plan import Plan

DAYS = st.dates(dt.date(2007, 1, 1), dt.date(2008, 9, 1))


@given(rows=crowded(), on=DAYS, data=st.data())
@examples(30)
def test_a_draft_accepts_what_the_check_finds_nothing_against(
    rows: dict[str, Any], on: dt.date, data: st.DataObject
) -> None:
    made = plan(Programme.model_validate(rows), on, on + dt.timedelta(weeks=12), time_limit=0)
    if new := made.sessions.filter(~pl.col("booked"))["id"].to_list():
        gone = data.draw(st.none() | st.sampled_from(new))
        seats = made.seats.filter(pl.col("session").ne_missing(pl.lit(gone, pl.String)))
        made = made.with_sessions(made.sessions.filter(pl.col("id").ne_missing(pl.lit(gone, pl.String))), seats)
    draft = Blocks(made).draft
    places = [g for g in sorted({*draft.tables.leads} & {*draft.tables.relays}) if g not in draft.sessions]
    assume(places and made.check().is_empty())
    for _ in range(6):
        option = data.draw(options(draft, data.draw(st.sampled_from(places))))
        found = with_session(made, draft, option).check("en")
        assert accepts(draft, option) == found.is_empty(), (option, found["sentence"].to_list())


@st.composite
def options(draw: st.DrawFn, draft: Draft, g: int) -> Option:
    """A session at a place, of those whom the rules allow there, on any day, with its host and often enough others."""
    every = draft.tables
    r, cents = draw(st.sampled_from([*every.leads[g].items()]))
    free = st.sampled_from(every.free[g, r]) if every.free[g, r] else st.nothing()
    day = draw(free | st.sampled_from(every.days) | st.integers(every.first, every.last))
    host = every.places[g].n
    assert host is not None
    members = [host]
    for n in draw(st.permutations(sorted({*every.seats[g]} - {host}))):
        if sum(every.demands[one].sure for one in members) >= every.places[g].least and draw(st.booleans()):
            break
        members.append(n)
    return Option(0.0, g, r, draw(st.sampled_from(every.relays[g])), day, cents, tuple(members))


def accepts(draft: Draft, option: Option) -> bool:
    """Whether a draft has room for a session with all that it has."""
    every, place = draft.tables, draft.tables.places[option.g]
    demands = [every.demands[n] for n in option.members]
    return (
        option.day in draft.days_of(option.g, option.r, option.p)
        and draft.affords(option.cents)
        and len({demand.t for demand in demands}) == len(demands)
        and all(draft.can_come(demand, place, option.r, option.day) for demand in demands)
        and sum(demand.people for demand in demands) <= place.most
        and sum(demand.sure for demand in demands) >= place.least
    )


def with_session(made: Plan, draft: Draft, option: Option) -> Plan:
    """The plan with a session more."""
    inputs, frames = made.inputs, made.inputs.snapshot.frames
    place = draft.tables.places[option.g]
    session = {
        "id": "more",
        "session": frames.sessions["session"][place.s],
        "date": dt.date.fromordinal(option.day),
        "host": frames.territories["territory"][place.t],
        "partner": frames.partners["partner"][option.p],
        "trainer": frames.trainers["trainer"][option.r],
    }
    people = inputs.demands.filter(pl.col("n").is_in(option.members)).join(frames.territories, on="t")
    seats = people.select(pl.lit("more").alias("session"), "territory", "elected", "technicians")
    sessions = pl.concat([made.sessions, pl.DataFrame([session])], how="diagonal_relaxed")
    return made.with_sessions(sessions, pl.concat([made.seats.select(seats.columns), seats]))
