"""The frames on a day, and the totals of the whole programme then; nothing later is used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import numpy as np
import polars as pl

from prai_match.calendar import EPOCH, NEVER, day_number
from prai_match.needs import STATES, state_codes, states
from prai_match.offers._facts import NONE, Array, Edges, Ints, latest, ragged

if TYPE_CHECKING:
    from prai_match.followups import Estimates, FollowUps
    from prai_match.offers._frames import Frames


_DENSE = 64
# What is worked out of a day that doesn't depend on needs, nor on councils.
_RESTS: Final = (
    "_opens", "whole", "came", "held", "ahead", "joinable", "arrivals", "replacements", "levels", "_columns",
)  # fmt: skip


class Whole(NamedTuple):
    """Totals, ratings and follow-ups of each world; a programme is one world."""

    people: Array  # (W,) inhabitants
    served: Array  # (W,) events: a territory at a session on a day
    budget_left: Array  # (W,) euros; not a number: no limit
    ratings: Array  # (W, S) the mean of each session; not a number: none
    estimates: Estimates  # of the follow-ups, (W, E)
    by_next: Estimates | tuple[FollowUps, ...]  # the same by the reading ``next``, or the graphs that have them
    began: Ints | None = None  # (W, S + 1) territories that began with each session of late, and in all; None: not told

    @classmethod
    def of(cls, day: Day) -> Whole:
        return cls.from_counts(day, events_by(day), *rating_counts(day))

    @classmethod
    def from_counts(cls, day: Day, served: int, s: Ints, rating: Array, times: Ints) -> Whole:
        """Make them from the number of events and `rating_counts`, maybe of part by part: attendances aren't read."""
        order = np.lexsort((rating, s))  # a sum of floats depends on its order
        sums, counts = (
            np.bincount(s[order], values[order], day.width)[None, : day.width] for values in (rating * times, times)
        )
        with np.errstate(invalid="ignore"):
            means = np.where(counts > 0, sums / counts, np.nan)
        budget = day.frames.budget
        left = np.nan if budget is None else round(float(budget.total - budget.other_spending) - day.spent, 2)
        people = float(day.frames.territories["population"].sum())
        totals = np.array([people]), np.array([float(served)]), np.array([left])
        return cls(*totals, means, day.edges.estimates, (day.follow_ups,))


def events_by(day: Day) -> int:
    """Return how often a territory attended a session on a day, by the day."""
    return int((day.frames.visits.events["date"] <= day.today).sum())


def rating_counts(day: Day) -> tuple[Ints, Array, Ints]:
    """Return how often each rating was given to each session: sessions, ratings and times."""
    visits = day.frames.visits
    here = day.came & ~np.isnan(visits.rating)
    ratings, rating = day.frames.memo.once("ratings", lambda: np.unique(visits.rating, return_inverse=True), visits)
    times = np.bincount(visits.rows["s"][here] * len(ratings) + rating[here], minlength=day.width * len(ratings))
    given = np.flatnonzero(times)
    return given // max(1, len(ratings)), ratings[given % max(1, len(ratings))], times[given]


@dataclass(frozen=True, eq=False)
class Day:
    """The history of the frames until the day ``on``, its calendar and the graph held for the computation.

    ``extra`` has the user's columns by territory (``t``). Where the frames hold a part of a programme or several
    worlds, ``wider`` is what is known of the whole; of the squares around, ``around`` has, by council, who is
    interested in what, and ``crowd`` those of them who may come (see `Audience.crowd`).
    """

    frames: Frames
    on: dt.date
    follow_ups: FollowUps
    extra: pl.DataFrame | None
    wider: Whole | None = None
    around: Array | None = None
    crowd: Mapping[str, Ints] | None = None
    council: Ints | None = None  # by which of `councils` each territory is judged; None: the first

    @property
    def hosting(self) -> Day:
        """The day whose territories the sessions are held in, by number."""
        return self

    @cached_property
    def homes(self) -> Ints:
        """The number, among these, of each territory."""
        return np.arange(self.frames.territories.height)

    @cached_property
    def today(self) -> int:
        return day_number(self.on)

    @property
    def width(self) -> int:
        """How many sessions there are."""
        return self.frames.sessions.height

    @cached_property
    def councils(self) -> tuple[Ints, Array]:
        """The elections of the councils that sit on the days of offers, and which of these days each has.

        A council that no election of the calendar renewed has a day before all others.
        """
        elected = self.elected_before(self.first + np.arange(max(1, self.length)))
        each = np.unique(elected)
        return each, (elected == each[:, None])[:, : self.length]

    def elected_before(self, days: Ints) -> Ints:
        """Return when the councils that sit on some days were elected; before all days: by no election here."""
        elections = np.sort(np.array([day_number(each.date) for each in self.frames.calendar.elections], np.int64))
        return np.append(-NEVER, elections)[np.searchsorted(elections, days)]

    def council_on(self, days: Ints) -> Ints:
        """Return which of `councils` sits on some days; on later ones, the last."""
        return np.minimum(np.searchsorted(self.councils[0], self.elected_before(days)), len(self.councils[0]) - 1)

    @property
    def renewed(self) -> int:
        """The number of the day on which the first of the judging councils was elected."""
        return int(self.renewals.min(initial=self.councils[0][-1]))

    @cached_property
    def renewals(self) -> Ints:
        """The same of the council by which each territory is judged."""
        first = np.zeros(self.frames.territories.height, np.int64)
        return self.councils[0][first if self.council is None else self.council]

    @property
    def number(self) -> int:
        """The number of the council under which all territories are judged."""
        return 0 if self.council is None else int(self.council[:1].sum())

    @cached_property
    def views(self) -> tuple[Self, ...]:
        """The same day with all territories judged by each of `councils`."""
        every = tuple(self._under(np.full(len(self.homes), number)) for number in range(len(self.councils[0])))
        for each in every:
            each.__dict__["views"] = every
        return every

    def under(self, council: Ints) -> Self:
        """Return the same day with each territory judged by one of `councils`."""
        after = self._under(council)
        after.__dict__["views"] = self.views
        return after

    def _under(self, council: Ints) -> Self:
        return self.but(council=council)

    def but(self, **fields: Any) -> Self:  # noqa: ANN401 - its own
        """Return the day with other councils, needs or decisions on them, and what was worked out of the rest."""
        after = replace(self, **fields)
        after.__dict__.update({name: self.__dict__[name] for name in _RESTS if name in self.__dict__})
        return after

    @cached_property
    def whole(self) -> Whole:
        return self.wider or Whole.of(self)

    @cached_property
    def edges(self) -> Edges:
        graph, sessions = self.follow_ups, self.frames.sessions
        return self.frames.memo.once("edges", lambda: Edges.of(graph, sessions["session"]), graph, sessions)

    @cached_property
    def states(self) -> Array:
        """The place in `needs.STATES` of each spell; -1: it isn't one of the day."""
        spells = self.frames.spells.rows
        return state_codes(spells, self.today, self.renewals[spells["t"]])

    @cached_property
    def came(self) -> Array:
        """Whether each attendance was by the day."""
        return self.frames.visits.rows["date"] <= self.today

    @cached_property
    def held(self) -> Array:
        """Whether each session held or booked is known, and not cancelled."""
        return self.frames.booked.on(self.today)

    @cached_property
    def ahead(self) -> tuple[Ints, Ints]:
        """Territories that host or are registered for later sessions: ``t``, and the rows ``h`` in ``held``."""
        t, h = self.frames.guests["t"], self.frames.guests["h"]
        those = (self.held & (self.frames.booked.rows["date"] > self.today))[h]
        return t[those], h[those]

    @cached_property
    def joinable(self) -> Ints:
        """The sessions booked, as rows, that have room, or may have, on a day for which people can still be invited."""
        booked, frames = self.frames.booked.rows, self.frames
        wait = booked["date"] - self.today
        able = self.held & (wait >= max(1, frames.join_notice_days)) & (wait <= frames.horizon_days)
        return np.flatnonzero(able & (booked["t"] >= 0) & ~(frames.rooms < 1))

    @cached_property
    def arrivals(self) -> tuple[Array, Array]:
        """The last day on which a relay, and a trainer, arrived who can take a session and is still present.

        Relays by département and session, trainers by session; before all days: none came.
        """
        frames, width, today = self.frames, self.width, self.today
        relays, trainers = (
            np.where((each["since"] <= today) & (each["until"] >= today), each["since"], -NEVER)
            for each in (frames.actors("partners"), frames.actors("trainers"))
        )
        covers, knows = frames.numbers("covers", "d", "p"), frames.numbers("expertise", "r", "x")
        came = np.where(frames.carried, relays[:, None], -NEVER)
        by_departement = np.full((frames.departements.height, width), -NEVER)
        np.maximum.at(by_departement, covers["d"], came[covers["p"]])
        return by_departement, latest(frames.number_of("x", "s")[knows["x"]], trainers[knows["r"]], width, -NEVER)

    @property
    def spent(self) -> float:
        return float(self.frames.booked.cost[self.held].sum())

    @property
    def first(self) -> int:
        """The first day for which people can be invited."""
        return self.today + self.frames.notice_days

    @property
    def length(self) -> int:
        """How many days there are from the first to the last within the horizon of offers."""
        return max(0, self.frames.horizon_days - self.frames.notice_days + 1)

    @property
    def is_open(self) -> Array:
        """Which of these days are open, a row for each case that there is."""
        return self._opens[0]

    @cached_property
    def _opens(self) -> tuple[Array, Ints]:
        """The rows of `is_open`, and the row of each of `councils` and each group of départements."""
        days, last = self.frames.days, self.first + self.length - 1
        opens = np.stack([days.closures(self.first, last, [group]) < 0 for group in days.groups])
        cases = len(self.councils[1]) * len(opens)
        every, which = (self.councils[1][:, None] & opens).reshape(cases, self.length), np.zeros(cases, np.int64)
        if cases > 1 and self.length:
            every, which = np.unique(every, axis=0, return_inverse=True)
        return every, which.reshape(-1, len(opens))

    def rows_open(self, council: Ints | int, departement: Ints) -> Ints:
        """Return the rows of `is_open` for councils and départements, by number."""
        return np.asarray(self._opens[1][council, self.frames.zones[departement]])

    @cached_property
    def next_open(self) -> Ints:
        """The place of the first of them that is open from each on; after the last of them: its own."""
        places = np.append(np.arange(self.length), self.length)
        opens = np.where(np.pad(self.is_open, ((0, 0), (0, 1)), constant_values=True), places, self.length)
        return np.minimum.accumulate(opens[:, ::-1], axis=1)[:, ::-1]

    def starts_of(self, territories: Ints, departements: Ints, places: Ints) -> Ints:
        """Return the places (see `starts`) of the first open days from places on, in départements, by number."""
        row = self.rows_open(0 if self.council is None else self.council[territories], departements)
        return np.asarray(row * (self.length + 1) + self.next_open[row, np.minimum(np.maximum(places, 0), self.length)])

    def first_of(self, territories: Ints, departements: Ints, places: Ints) -> Ints:
        """Return the positions of these first days among `first_days`."""
        return np.searchsorted(self.first_days, self.starts_of(territories, departements, places))

    @property
    def starts(self) -> int:
        """How many places a first day can have: for each row of these, those of its days and one after the last."""
        return len(self.is_open) * (self.length + 1)

    @cached_property
    def first_days(self) -> Ints:
        """The first days that occur, in order."""
        return np.arange(self.starts)

    @cached_property
    def interested(self) -> dict[str, Ints]:
        """Who asks for a session, or attended what leads to it and not the session: ``t``, ``z``, ``s``, ``people``.

        A collectivity counts once per session: the largest number that it announced in an open need, or sent to a
        session that leads there. Unknown numbers don't count.
        """
        width, edges = self.width, self.edges
        spells, visits = self.frames.spells.rows, self.frames.visits.rows
        names = ("c", "t", "z", "s", "people")
        asks = np.flatnonzero((self.states == STATES.index("open")) & (spells["people"] != NONE))
        rows = {name: spells[name][asks] for name in names}
        recent = np.flatnonzero(self.came & (visits["date"] > self.renewals[visits["t"]]))
        if len(edges.s) and len(recent):
            attended = visits["c"][recent] * width + visits["s"][recent]
            firsts, lasts = (np.searchsorted(edges.s, visits["s"][recent], side=side) for side in ("left", "right"))
            row, place = ragged(lasts - firsts)
            then, row = edges.s_next[firsts[row] + place], recent[row]
            counts = (visits["people"][row] != NONE) & ~np.isin(visits["c"][row] * width + then, attended, kind="table")
            more = {**{name: visits[name][row[counts]] for name in names}, "s": then[counts]}
            rows = {name: np.concatenate([values, more[name]]) for name, values in rows.items()}
        cells = rows["c"] * np.int64(width) + rows["s"]
        if int(cells.max(initial=0)) < _DENSE * (len(cells) + _DENSE):  # collectivities are many, and most of them ask
            first = np.full(int(cells.max(initial=-1)) + 1, NONE)
            first[cells[::-1]] = np.arange(len(cells))[::-1]
            one = np.flatnonzero(first != NONE)
            most, first = latest(cells, rows["people"], len(first), 0)[one], first[one]
        else:
            one, first = np.unique(cells, return_index=True)
            most = latest(np.searchsorted(one, cells), rows["people"], len(one), 0)
        return {**{name: values[first] for name, values in rows.items()}, "people": most}

    @property
    def interest(self) -> Array:
        """How many people of each square are interested in each session (see `interested`): (Z, S)."""
        return self.frames.on_squares(self.interested)

    @cached_property
    def people_around(self) -> Array:
        """How many people within travel distance of each square are interested, under one council: (Z, S)."""
        return self.frames.within_travel(self.interest if self.around is None else self.around[self.number])

    @cached_property
    def needs(self) -> pl.DataFrame:
        """Needs expressed by the day, each with its ``state``; ``x`` is null where no axis was asked for."""
        renewed = None if self.renewed == -NEVER else dt.date.fromordinal(self.renewed + EPOCH)
        return states(self.frames.lives, self.on, renewed)

    @cached_property
    def attendances(self) -> pl.DataFrame:
        return self.frames.attendances.filter(pl.Series(self.came))

    @cached_property
    def recent(self) -> pl.DataFrame:
        """Attendances since the councils were renewed: the others' elected officials have left."""
        return self.frames.attendances.filter(pl.Series(self.came & (self.frames.visits.rows["date"] > self.renewed)))

    @cached_property
    def follow_up_frame(self) -> pl.DataFrame:
        """Follow-ups by number: ``s`` leads to ``s_next``, usually after ``lag_days``."""
        schema = {"s": pl.UInt32, "s_next": pl.UInt32, "lag_days": pl.Int64}
        return pl.DataFrame(dict(zip(schema, (*self.edges[:2], self.edges.estimates.lags[0]), strict=True)), schema)

    @property
    def own_columns(self) -> pl.DataFrame | None:
        """The user's columns by ``territory``, its identifier."""
        codes = self.frames.territories["t", "territory"]
        return None if self.extra is None else self.extra.join(codes, on="t").drop("t")
