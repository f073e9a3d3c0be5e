"""Planners, which decide on the sessions of a month: by priority, points, incoming requests, or a given plan."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from prai_match import packing
from prai_match.calendar import EPOCH
from prai_match.model import HeldSession, Rows
from prai_match.offers import EveryDay
from prai_match.simulate._region import Flags, Ints
from prai_match.simulate._scenario import SeasonPlan
from prai_match.simulate._state import Bookings
from prai_match.simulate._worlds import Trace


@dataclass(frozen=True, eq=False)
class DecisionMonth:
    """A month to decide on, in all worlds."""

    trace: Trace  # what happened so far
    day: EveryDay  # the engine's data on all worlds
    interest: Ints  # (W, T, S) people of each territory who are interested in each session
    silent: Flags  # (W, T, S) whether all needs are for an unknown number of people
    people: Ints  # (W, T, S) people who would attend
    slots: Ints  # (W, P) sessions that each relay has time for
    closed: Flags  # (L,) days of the season on which nothing is held, whatever the calendar says


Decisions = tuple[Bookings, Ints]  # new sessions; and the people who join sessions decided on before, (A, T)


def priority(case: DecisionMonth) -> Decisions:
    """Decide as `Recommendations.together` does: territories are served in the order of priority."""
    worlds = seasons(case, case.trace.region.near)
    return _booked(case, *packing.in_worlds(worlds, packing.ByPriority(worlds)))


def points(case: DecisionMonth) -> Decisions:
    """Decide like the first plan of `Programme.plan`: take the session with most points, then the next."""
    return _booked(case, *packing.in_worlds(seasons(case, case.trace.region.near), packing.ByPoints()))


def requests(case: DecisionMonth) -> Decisions:
    """Decide on the sessions of a month by requests: the workshop that most people asked for, or a buffet.

    Scores don't count. Only territories in the host's département are invited, and nobody once a session is booked.
    """
    region = case.trace.region
    asks = np.minimum(case.interest, case.people) * region.workshop
    value = asks * (1 + region.most.max(initial=0)) + np.where(region.workshop, 0, case.people)
    same = region.departement[:, None] == region.departement[None, :]
    return _booked(case, *packing.in_worlds(seasons(case, region.near & same), packing.ByPoints(value)))


PLANNERS: dict[str, Callable[[DecisionMonth], Decisions]] = {
    "points": points,
    "priority": priority,
    "requests": requests,
}
JOINING: Final = {"points", "priority"}  # planners that invite people to sessions decided on before


def planned(trace: Trace, plan: SeasonPlan, day: int) -> Bookings:
    """Book the sessions of a plan from a ``day`` (an ordinal) on, in every world."""
    region = trace.region
    coming = [each for each in plan.sessions if each.date.toordinal() >= day]
    homes = {code: territory for territory, code in enumerate(region.frames.territories["territory"])}
    invited = np.zeros((len(coming), len(region.size)), np.int64)
    for row, each in enumerate(coming):
        for territory, people in plan.people.get(each.id, {}).items():
            invited[row, homes[territory]] = people
    sessions = Rows(HeldSession, coming).to_polars().with_columns(known=pl.lit(dt.date.fromordinal(day)))
    return Bookings.each(region, trace.state.count, sessions, invited)


def seasons(case: DecisionMonth, near: Flags) -> packing.Seasons:
    """Return the sessions that can be held and who can attend in each world; those ``near`` can be invited."""
    region, state, waiting = case.trace.region, case.trace.state, case.trace.state.waiting()
    # Sessions that lead to one that somebody is invited to, or follow it, wait for the lag.
    links = np.matmul(waiting.astype(np.float64), region.links.astype(np.float64)) > 0
    sessions, ahead, policy = state.sessions, state.ahead, case.trace.policy
    asks = case.day.frames.sessions.select(packing.for_interested(policy)).to_series().to_numpy()
    row, territory = np.nonzero((ahead.invited > 0) | (np.arange(len(region.size)) == ahead.host[:, None]))
    when = ahead.day[row] - EPOCH - case.day.today
    there = np.zeros((state.count, len(region.size), case.day.frames.notice_days + case.day.length), bool)
    soon = (when >= 0) & (when < there.shape[2])
    there[ahead.world[row[soon]], territory[soon], when[soon]] = True
    return packing.Seasons(
        day=case.day,
        policy=policy,
        pace=region.programme.pace,
        people=case.people,
        sure=np.where(case.silent | (asks & (case.interest == 0)), 0, case.people),
        may=~waiting & ~links & (region.workshop | case.trace.scenario.behaviour.buffets),
        near=near,
        km=region.km,
        known=packing.KnownSessions(sessions.world, sessions.day - EPOCH, sessions.relay, sessions.trainer),
        there=there,
        slots=case.slots,
        closed=case.closed,
        cents=state.left(),
        ahead=replace(ahead, day=ahead.day - EPOCH),
        joins=case.trace.scenario.planner in JOINING,
    )


def _booked(case: DecisionMonth, opened: packing.Opened, joined: Ints) -> Decisions:
    known = np.full(len(opened), case.day.today + EPOCH)
    return Bookings(known=known, **vars(opened) | {"day": opened.day + EPOCH}), joined
