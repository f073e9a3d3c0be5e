"""Replications of a scenario, from their beginning month by month, in parallel as worlds of one programme."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from prai_match import calendar, offers
from prai_match.model import Blackout, ProgrammeData, cancelled_on
from prai_match.simulate import _calibration, _people, _planners, _state, _summary, _worlds
from prai_match.simulate._region import LASTING, Arrays, Flags, Floats, Ints, Month, of_relays, poisson, region, uniform
from prai_match.simulate._scenario import Scenario, SeasonPlan


def begin(region: Arrays, count: int, start: dt.date) -> _state.State:
    """Return ``count`` worlds with the data known before ``start``: needs, attendances, sessions held or booked."""
    state = _state.State.empty(region, count)
    state.renewal = region.renewal(start.toordinal())
    frames = region.frames
    before = pl.col("date") < start
    past = {name: getattr(frames, name).filter(before) for name in ("needs", "attendances", "decisions")}
    frames = replace(frames, **past, memo=offers.Memo())
    rows = frames.numbers("attendances", "c", "s", "x", "elected", "technicians", "date")
    state.attend(_each(rows | {"day": rows["date"] + calendar.EPOCH, "rating": frames.visits.rating}, count))
    state.recall(_each(frames.spells.rows | {"score": frames.spells.score}, count))
    sessions = _sessions_before(region, count, start)
    over = sessions.day < start.toordinal()
    state.past = sessions.only(over).bare()
    state.book(sessions.only(~over))
    return state


def _each(rows: dict[str, Any], count: int) -> dict[str, Any]:
    """Return the rows once for each world."""
    w = np.repeat(np.arange(count), len(rows["c"]))
    return {name: np.tile(values, count) for name, values in rows.items()} | {"w": w}


def _sessions_before(region: Arrays, count: int, start: dt.date) -> _state.Bookings:
    """Return the sessions known before the first day; the number of registered people isn't known."""
    frames = region.frames
    sessions = region.programme.sessions.to_polars().with_columns(known=pl.coalesce("booked_on", "date"))
    gone = cancelled_on(region.programme.decisions.to_polars(), start - dt.timedelta(days=1))
    sessions = sessions.filter(pl.col("known") < start).join(gone, on="id", how="anti").sort("date", "id")
    rows = dict(zip(sessions["id"], range(sessions.height), strict=True))
    ids = frames.held["id"].gather(frames.expected["h"])
    held = frames.expected.select("t", ids).filter(pl.col("id").is_in([*rows]))
    invited = np.zeros((sessions.height, len(region.size)), np.int64)
    invited[[rows[code] for code in held["id"]], held["t"].to_numpy()] = 1
    return _state.Bookings.each(region, count, sessions, invited)


_BY_SESSION = ("comes", "elected", "both", "rated", "rates", "asks", "aim", "later", "text", "member", "people", "c")
_BY_TERRITORY = ("calls", "which", "when", "words", "who", "many", "how")


def run(  # noqa: PLR0913, PLR0917 - as `compute`
    programme: ProgrammeData,
    scenario: Scenario,
    start: dt.date,
    end: dt.date,
    seeds: Sequence[int],
    extra: pl.DataFrame | None = None,
) -> _worlds.Trace:
    """Run a scenario of a programme, once for each seed; worlds don't depend on each other.

    All worlds share the programme's history until ``start``; other numbers of the scenario are estimated from it.
    """
    scenario = _calibration.calibrated(scenario, programme, start)
    behaviour = scenario.behaviour
    programme = scenario.programme(programme)
    here = region(programme, start, end, behaviour.quiet_months)
    shape = (len(here.size), len(here.workshop))
    lasting = uniform(seeds, LASTING, 2 * shape[0] * shape[1] + 1)
    tastes, favourites = (part.reshape(-1, *shape) for part in np.split(lasting[:, :-1], 2, axis=1))
    state = begin(here, len(seeds), start)
    overhead = 1 + behaviour.overhead_spread * np.sqrt(3) * (2 * lasting[:, -1] - 1)
    policy = scenario.policy(programme).checked(programme)
    trace = _Run(
        region=here,
        scenario=scenario,
        texts=_people.texts(programme, here.frames),
        state=state,
        measures=_summary.Measures(here, state, overhead, sorted(behaviour.channels)),
        policy=policy,
        worlds=_worlds.Worlds.of(here, len(seeds), policy, offers.extra_columns(extra, policy, here.frames)),
        seeds=seeds,
        slots=of_relays(seeds, here.frames.partners["partner"].to_list(), len(here.months)),
        interest=_people.interests(here, behaviour, tastes),
        axes=_people.favourite_axes(here, favourites),
    )
    for number, month in enumerate(here.months):
        trace.month(number, month)
    return trace


@dataclass(eq=False)
class _Run(_worlds.Trace):
    """A running simulation: what happened so far, and the data kept from month to month."""

    worlds: _worlds.Worlds
    seeds: Sequence[int]
    slots: Floats
    interest: Floats
    axes: Ints

    def month(self, number: int, month: Month) -> None:
        here, state, behaviour = self.region, self.state, self.scenario.behaviour
        if here.renewal(month.first) != state.renewal:
            state.renew(here.renewal(month.first))
        draws = self._draws(month)
        bookings = self._decide(number, month)
        state.book(bookings)
        due, came = self._hold(month, draws)
        for each in (
            _people.after_sessions(here, behaviour, due, came, self.interest, draws),
            _people.by_themselves(here, behaviour, month, self.measures.events.sum(axis=-1) > 0, self.interest, draws),
        ):
            needs = _people.express(here, behaviour, self.texts, each, self.axes)
            state.requests.append(needs)
            read = needs["s"] != _people.NOTHING
            state.ask({name: values[read] for name, values in needs.items()})
            self.measures.ask(needs)
        self.measures.end(state, month, bookings)

    def _draws(self, month: Month) -> dict[str, Floats]:
        territories, sessions = len(self.region.size), len(self.region.workshop)
        wide = len(_BY_SESSION) * territories * sessions
        block = uniform(self.seeds, month.stream, wide + len(_BY_TERRITORY) * territories)
        by_session = block[:, :wide].reshape(-1, len(_BY_SESSION), territories, sessions).swapaxes(0, 1)
        by_territory = block[:, wide:].reshape(-1, len(_BY_TERRITORY), territories).swapaxes(0, 1)
        return dict(zip((*_BY_SESSION, *_BY_TERRITORY), (*by_session, *by_territory), strict=True))

    def _decide(self, number: int, month: Month) -> _state.Bookings:
        here, state, behaviour = self.region, self.state, self.scenario.behaviour
        planner, blackouts = self.scenario.planner, self._freezes(month.day)
        nothing = _state.Bookings.none(len(here.size))
        if isinstance(planner, SeasonPlan):
            return _planners.planned(self, planner, month.first) if number == 0 else nothing
        slots = self._slots(number, blackouts)
        if not slots.any() and not (len(state.ahead) and planner in _planners.JOINING):
            return nothing
        day = self.worlds.day(state, month.day, blackouts)
        closed, opens = np.ones(day.length, bool), here.open[month.first + here.frames.notice_days - here.start :]
        closed[: len(opens)] = ~opens[: day.length]
        if not (day.is_open & ~closed).any():
            return nothing
        interest, silent = _worlds.interest(day, state.last.shape)
        people = _people.delegations(here, interest, state.usual(behaviour.usual_people))
        case = _planners.DecisionMonth(self, day, interest, silent, people, slots, closed)
        new, joined = _planners.PLANNERS[planner](case)
        self.measures.invite(state.ahead.world, joined)
        state.ahead = replace(state.ahead, invited=state.ahead.invited + joined)
        return new

    def _slots(self, number: int, blackouts: tuple[Blackout, ...]) -> Ints:
        """Return the sessions that each relay has time for, also for later months that a blackout closes: (W, P)."""
        here = self.region
        slots = poisson(self.slots[:, :, number], self._pace(here.months[number]))
        for later in range(number + 1, len(here.months)):
            first = here.months[later].first + here.frames.notice_days
            if not _open_days(here, first, ()).any() or _open_days(here, first, blackouts).any():
                break
            slots += poisson(self.slots[:, :, later], self._pace(here.months[later]))
        return slots

    def _pace(self, month: Month) -> Floats:
        """Return the mean number of sessions that each relay organises in the month: (P,)."""
        here, behaviour = self.region, self.scenario.behaviour
        weights = np.array([behaviour.relay_weights.get(relay, 1.0) for relay in here.frames.partners["partner"]])
        return weights * (behaviour.sessions_a_month * _people.at_work(here, behaviour, month))

    def _freezes(self, on: dt.date) -> tuple[Blackout, ...]:
        notice, every = self.scenario.behaviour.freeze_known_days, self.region.programme.calendar.blackouts
        return every if notice is None else tuple(b for b in every if b.start - dt.timedelta(days=notice) <= on)

    def _hold(self, month: Month, draws: dict[str, Floats]) -> tuple[_state.Bookings, _people.Came]:
        here, state, behaviour = self.region, self.state, self.scenario.behaviour
        now = state.ahead.day <= month.last
        # Who attends sessions booked before the simulation is unknown: they are held, but nothing is counted.
        before = now & (state.ahead.known < here.start)
        due = state.ahead.only(now & ~before)
        came = _people.who_comes(here, behaviour, due, draws)
        off = due.only(~came.is_held)
        np.add.at(state.lost, off.world, np.rint(off.cost * behaviour.cancellation).astype(np.int64))
        state.past = _state.Bookings.concat(state.past, state.ahead.only(before).bare(), due.only(came.is_held).bare())
        state.ahead = state.ahead.only(~now)
        state.came.append(_people.attendances(here, due, came, draws["c"]))
        state.attend(state.came[-1])
        self.measures.hold(due, came)
        return due, came


def _open_days(here: Arrays, first: int, blackouts: tuple[Blackout, ...]) -> Flags:
    """Return the days from ``first`` on which sessions decided on now can be held."""
    begin = first - here.start
    days = here.open[begin : begin + here.frames.horizon_days]
    spans = ((each.start.toordinal(), each.end.toordinal()) for each in blackouts)
    return days & ~_people.within(first + np.arange(len(days)), spans)
