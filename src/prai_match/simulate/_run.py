"""Replications of a scenario, month by month, side by side as the worlds of one programme."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from prai_match.calendar import EPOCH
from prai_match.simulate import _people, _quick_planner, _requests, _solver_planner
from prai_match.simulate._beginnings import started
from prai_match.simulate._bookings import Bookings
from prai_match.simulate._case import Case
from prai_match.simulate._draws import LASTING, of_relays, poisson, uniform
from prai_match.simulate._measures import Measures
from prai_match.simulate._region import Region, region
from prai_match.simulate._texts import NOTHING, texts
from prai_match.simulate._trace import Trace
from prai_match.simulate._worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prai_match.model import Blackout, ProgrammeData
    from prai_match.policy import Policy
    from prai_match.simulate._draws import Flags, Floats, Ints
    from prai_match.simulate._people import Came
    from prai_match.simulate._region import Month
    from prai_match.simulate._scenario import Scenario

_BY_SESSION = ("comes", "elected", "both", "rated", "rates", "asks", "aim", "later", "text", "member", "people", "c")
_BY_TERRITORY = ("calls", "which", "when", "words", "who", "many", "how")


@dataclass(frozen=True, eq=False)
class _Run:
    """What a run keeps from month to month."""

    scenario: Scenario
    policy: Policy
    worlds: Worlds
    seeds: Sequence[int]
    slots: Floats
    interest: Floats
    axes: Ints


def run(programme: ProgrammeData, scenario: Scenario, start: dt.date, end: dt.date, seeds: Sequence[int]) -> Trace:
    """Run a scenario of a programme, once for each seed; nothing in one world depends on the others.

    Args:
        programme: The programme; its history until ``start`` is that of every world.
        scenario: What is changed.
        start: First day.
        end: Last day.
        seeds: Of each replication.
    """
    behaviour = scenario.behaviour
    changed = scenario.programme(programme)
    here = region(changed, start, end, behaviour.quiet_months)
    shape = (len(here.size), len(here.workshop))
    lasting = uniform(seeds, LASTING, 2 * shape[0] * shape[1] + 1)
    tastes, favourites = (part.reshape(-1, *shape) for part in np.split(lasting[:, :-1], 2, axis=1))
    relays = here.frames.partners["partner"].to_list()
    state = started(here, len(seeds), start)
    kept = _Run(
        scenario=scenario,
        policy=scenario.policy(changed).checked(changed.catalogue),
        worlds=Worlds.of(here, len(seeds)),
        seeds=seeds,
        slots=of_relays(seeds, relays, len(here.months)),
        interest=_requests.interests(here, behaviour, tastes),
        axes=_requests.favourite_axes(here, favourites),
    )
    overhead = 1 + behaviour.overhead_spread * np.sqrt(3) * (2 * lasting[:, -1] - 1)
    trace = Trace(here, texts(changed, here.frames), state, Measures(here, state, overhead, sorted(behaviour.channels)))
    for number, month in enumerate(here.months):
        _month(kept, trace, number, month)
    return trace


def _month(kept: _Run, trace: Trace, number: int, month: Month) -> None:
    here, state, behaviour = trace.region, trace.state, kept.scenario.behaviour
    if here.renewed(month.first) != state.renewed:
        state.renew(here.renewed(month.first))
    draws = _draws(kept.seeds, here, month)
    decided = _sessions(kept, trace, number, month)
    state.book(decided)
    due, came = _hold(kept, trace, month, draws)
    asks = [
        _requests.after_sessions(here, behaviour, due, came, kept.interest, draws),
        _requests.unasked(here, behaviour, month, _ever(trace), kept.interest, draws),
    ]
    for each in asks:
        needs = _requests.said(here, behaviour, trace.texts, each, kept.axes)
        state.said.append(needs)
        read = needs["s"] != NOTHING
        state.ask({name: values[read] for name, values in needs.items()})
        trace.measures.asked(needs, state)
    trace.measures.end(state, month, decided)


def _draws(seeds: Sequence[int], here: Region, month: Month) -> dict[str, Floats]:
    """Return the draws of a month, by name."""
    territories, sessions = len(here.size), len(here.workshop)
    wide = len(_BY_SESSION) * territories * sessions
    block = uniform(seeds, month.stream, wide + len(_BY_TERRITORY) * territories)
    by_session = block[:, :wide].reshape(len(seeds), len(_BY_SESSION), territories, sessions)
    by_territory = block[:, wide:].reshape(len(seeds), len(_BY_TERRITORY), territories)
    return {
        **{name: by_session[:, place] for place, name in enumerate(_BY_SESSION)},
        **{name: by_territory[:, place] for place, name in enumerate(_BY_TERRITORY)},
    }


def _sessions(kept: _Run, trace: Trace, number: int, month: Month) -> Bookings:
    """Decide on sessions, as far as relays have time and a day is open."""
    here, state, scenario = trace.region, trace.state, kept.scenario
    blackouts = _known(scenario, here, month.day)
    slots = _slots(kept, here, number, blackouts)
    first = month.first + here.frames.notice_days
    days = _open_days(here, first, blackouts)
    if not (slots.any() and days.any()):
        return Bookings.none(len(here.size))
    case = Case(
        trace=trace,
        offers=kept.worlds.offers(state, month.day, kept.policy, blackouts),
        expected=_people.expected(here, state.asked(), state.usual(scenario.behaviour.usual_people)),
        slots=slots,
        known=month.first,
        first=first,
        open=days,
        blackouts=blackouts,
        buffets=scenario.behaviour.buffets,
    )
    if scenario.planner == "solver":
        return _solver_planner.solver(case, scenario)
    return _quick_planner.quick(case) if scenario.planner == "quick" else _quick_planner.requests(case)


def _slots(kept: _Run, here: Region, number: int, blackouts: tuple[Blackout, ...]) -> Ints:
    """Return the sessions that each relay has time for in a month: (W, P).

    Those of the months to come that a known blackout closes are organised before it.
    """
    found = poisson(kept.slots[:, :, number], _pace(kept, here, here.months[number]))
    for later in range(number + 1, len(here.months)):
        first = here.months[later].first + here.frames.notice_days
        if not _open_days(here, first, ()).any() or _open_days(here, first, blackouts).any():
            break
        found += poisson(kept.slots[:, :, later], _pace(kept, here, here.months[later]))
    return found


def _pace(kept: _Run, here: Region, month: Month) -> Floats:
    """Return the sessions that each relay organises in the month, on average: (P,)."""
    behaviour, relays = kept.scenario.behaviour, here.frames.partners["partner"]
    weights = np.array([behaviour.relay_weights.get(relay, 1.0) for relay in relays])
    begun = here.programme.period.start
    prepared = (month.day.year - begun.year) * 12 + month.day.month - begun.month >= behaviour.preparation_months
    back = 1.0
    for election in here.elections:
        since = (month.first - election) / _MONTH_DAYS
        if 0 <= since < behaviour.restart_months:
            back = since / behaviour.restart_months
    return weights * (behaviour.sessions_a_month * prepared * back)


_MONTH_DAYS = 30.4


def _known(scenario: Scenario, here: Region, on: dt.date) -> tuple[Blackout, ...]:
    """Return the blackouts that are known on a day."""
    notice = scenario.behaviour.freeze_known_days
    every = here.programme.calendar.blackouts
    return every if notice is None else tuple(b for b in every if b.start - dt.timedelta(days=notice) <= on)


def _open_days(here: Region, first: int, blackouts: tuple[Blackout, ...]) -> Flags:
    """Return the days from ``first`` on which sessions decided on now can be held."""
    begin = first - here.start
    days = here.open[begin : begin + _quick_planner.AHEAD].copy()
    ordinals = first + np.arange(len(days))
    for blackout in blackouts:
        days &= ~((ordinals >= blackout.start.toordinal()) & (ordinals <= blackout.end.toordinal()))
    return days


def _hold(kept: _Run, trace: Trace, month: Month, draws: dict[str, Floats]) -> tuple[Bookings, Came]:
    """Hold the sessions that are due this month."""
    here, state, behaviour = trace.region, trace.state, kept.scenario.behaviour
    now = state.booked.day <= month.last
    # Who comes to what was booked before the simulation isn't known: it is held, and nothing is counted.
    before = now & (state.booked.known < here.start)
    due = state.booked.only(now & ~before)
    came = _people.who_comes(here, behaviour, due, draws)
    off = due.only(~came.held)
    np.add.at(state.lost, off.world, np.rint(off.spent * behaviour.cancellation).astype(np.int64))
    state.held = Bookings.joined(state.held, state.booked.only(before), due.only(came.held))
    state.booked = state.booked.only(~now)
    rows = _people.attendances(here, due, came, draws["c"])
    state.came.append(rows)
    state.attend(rows)
    trace.measures.held(due, came)
    return due, came


def _ever(trace: Trace) -> Flags:
    """Return whether each territory ever attended anything: (W, T)."""
    found: Flags = trace.measures.events.sum(axis=-1) > 0
    return found


def frame(trace: Trace, scenario: str, replications: Sequence[int]) -> pl.DataFrame:
    """Return what was counted, as rows of outcomes."""
    numbers = pl.DataFrame(
        {"w": range(len(replications)), "replication": replications}, schema={"w": pl.UInt32, "replication": pl.UInt32}
    )
    return (
        trace.measures.frame()
        .join(numbers, on="w", maintain_order="left")
        .select(
            scenario=pl.lit(scenario),
            replication="replication",
            month=(pl.col("day") - EPOCH).cast(pl.Int32).cast(pl.Date),
            measure="measure",
            of="of",
            value="value",
        )
        .sort("replication", "month", "measure", "of", nulls_last=False)
    )
