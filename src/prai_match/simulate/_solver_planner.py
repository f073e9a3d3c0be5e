"""The plan's solver in the loop: in each world, the best plan of the month, as `prai_match.plan` finds it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from prai_match._words import catalogue
from prai_match.calendar import EPOCH
from prai_match.model import Blackout, Text
from prai_match.plan import plan
from prai_match.simulate._folder import PACKAGE
from prai_match.simulate._state import Bookings

if TYPE_CHECKING:
    from prai_match.plan import Plan
    from prai_match.simulate._scenario import Scenario
    from prai_match.simulate._trace import DecisionMonth


def solver(case: DecisionMonth, scenario: Scenario) -> Bookings:
    """Decide on the sessions of a month as the best plan of each world does, each relay as far as it has time.

    Territories that are invited to the same session already, which the plan can't know, are taken out of it.
    """
    worlds = map(int, np.flatnonzero(case.slots.any(axis=1)))
    parts = [_bookings(case, world, _best(case, world, scenario)) for world in worlds]
    return Bookings.concat(Bookings.none(len(case.trace.region.size)), *parts)


def _best(case: DecisionMonth, world: int, scenario: Scenario) -> Plan:
    region = case.trace.region
    now = case.trace.programme(scenario.behaviour, world)
    most = case.trace.state.load(case.today)[world] + case.slots[world]
    rooms = dict(zip(region.frames.partners["partner"], map(int, most), strict=True))
    # As many more sessions over twelve months as each relay has time for now.
    partners = tuple(
        each.model_copy(update={"sessions_a_year": room if limit is None else min(limit, room)})
        for each in now.partners
        for room, limit in [(rooms[each.id], each.sessions_a_year)]
    )
    reason = Text(**catalogue(PACKAGE, "display")["closed"])
    shut = [dt.date.fromordinal(case.first + int(day)) for day in np.flatnonzero(~case.open)]
    blackouts = (*case.blackouts, *(Blackout(start=day, end=day, reason=reason) for day in shut))
    calendar = now.calendar.model_copy(update={"blackouts": blackouts})
    return plan(
        now.model_copy(update={"partners": partners, "calendar": calendar}),
        dt.date.fromordinal(case.first),
        dt.date.fromordinal(case.first + len(case.open) - 1),
        on=dt.date.fromordinal(case.today),
        policy=scenario.policy(now),
        time_limit=None,
        gap=scenario.gap,
    )


def _bookings(case: DecisionMonth, world: int, best: Plan) -> Bookings:
    """Return the new sessions of a plan as bookings."""
    region, frames = case.trace.region, case.trace.region.frames
    new = (
        best.sessions.filter(~pl.col("booked"))
        .join(frames.sessions.select("session", "s"), on="session")
        .join(frames.territories.select("t", host="territory"), on="host")
        .join(frames.partners.select("partner", "p"), on="partner")
        .join(frames.trainers.select("trainer", "r"), on="trainer")
        .sort("date", "id")
        .with_row_index("n")
    )
    seats = (
        best.seats.join(new.select("n", "s", session="id"), on="session")
        .join(frames.territories.select("t", "territory"), on="territory")
        .select("n", "t", "s", people=pl.col("elected") + pl.col("technicians"))
        .cast(pl.Int64)
        .to_numpy()
    )
    invited = np.zeros((new.height, len(region.size)), np.int64)
    free = ~case.trace.state.waiting()[world, seats[:, 1], seats[:, 2]]
    invited[seats[free, 0], seats[free, 1]] = seats[free, 3]
    cost = (new["cost"] * 100).round()
    s, t, p, r = (new[name].cast(pl.Int64).to_numpy() for name in ("s", "t", "p", "r"))
    bookings = Bookings(
        world=np.full(new.height, world),
        session=s,
        host=t,
        axis=case.offers.axis[world, t, s],
        relay=p,
        trainer=r,
        day=new["date"].to_physical().cast(pl.Int64).to_numpy() + EPOCH,
        known=np.full(new.height, case.today),
        cents=np.where(cost.is_null(), region.cents(t, r, s), cost.fill_null(0).cast(pl.Int64).to_numpy()),
        invited=invited,
    )
    return bookings.only(invited.sum(axis=1) >= region.least[s])
