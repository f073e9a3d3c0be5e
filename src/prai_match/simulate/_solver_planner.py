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
from prai_match.simulate._bookings import Bookings
from prai_match.simulate._parts import PACKAGE

if TYPE_CHECKING:
    from prai_match.plan import Plan
    from prai_match.simulate._case import Case
    from prai_match.simulate._scenario import Scenario


def solver(case: Case, scenario: Scenario) -> Bookings:
    """Decide on the sessions of a month as the best plan of each world does, each relay as far as it has time.

    Territories that are invited to the same session already, which the plan can't know, are taken out of it.
    """
    worlds = map(int, np.flatnonzero(case.slots.any(axis=1)))
    found = [_booked(case, world, _best(case, world, scenario)) for world in worlds]
    return Bookings.joined(Bookings.none(len(case.trace.region.size)), *found)


def _best(case: Case, world: int, scenario: Scenario) -> Plan:
    region = case.trace.region
    now = case.trace.programme(scenario.behaviour, world)
    most = case.trace.state.carried(case.known)[world] + case.slots[world]
    relays = {relay: p for p, relay in enumerate(region.frames.partners["partner"])}
    # As many more sessions over twelve months as each relay has time for now.
    partners = tuple(
        each.model_copy(update={"sessions_a_year": _room(each.sessions_a_year, int(most[relays[each.id]]))})
        for each in now.partners
    )
    closed = tuple(_closed(case.first + int(day)) for day in np.flatnonzero(~case.open))
    calendar = now.calendar.model_copy(update={"blackouts": case.blackouts + closed})
    return plan(
        now.model_copy(update={"partners": partners, "calendar": calendar}),
        dt.date.fromordinal(case.first),
        dt.date.fromordinal(case.first + len(case.open) - 1),
        on=dt.date.fromordinal(case.known),
        policy=scenario.policy(now),
        time_limit=None,
        gap=scenario.gap,
    )


def _room(limit: int | None, most: int) -> int:
    return most if limit is None else min(limit, most)


def _closed(ordinal: int) -> Blackout:
    day = dt.date.fromordinal(ordinal)
    return Blackout(start=day, end=day, reason=Text(**catalogue(PACKAGE, "display")["closed"]))


def _booked(case: Case, world: int, made: Plan) -> Bookings:
    """Return the new sessions of a plan as bookings."""
    region, frames = case.trace.region, case.trace.region.frames
    new = (
        made.sessions.filter(~pl.col("booked"))
        .join(frames.sessions.select("session", "s"), on="session")
        .join(frames.territories.select("t", host="territory"), on="host")
        .join(frames.partners.select("partner", "p"), on="partner")
        .join(frames.trainers.select("trainer", "r"), on="trainer")
        .sort("date", "id")
        .with_row_index("n")
    )
    seats = (
        made.seats.join(new.select("n", "s", session="id"), on="session")
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
    found = Bookings(
        world=np.full(new.height, world),
        session=s,
        host=t,
        axis=case.offers.axis[world, t, s],
        relay=p,
        trainer=r,
        day=new["date"].to_physical().cast(pl.Int64).to_numpy() + EPOCH,
        known=np.full(new.height, case.known),
        cents=np.where(cost.is_null(), region.cents(t, r, s), cost.fill_null(0).cast(pl.Int64).to_numpy()),
        invited=invited,
    )
    return found.only(invited.sum(axis=1) >= region.least[s])
