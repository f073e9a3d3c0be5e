"""What happened so far in each world of a run, and what is booked, as columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from prai_match.calendar import EPOCH

if TYPE_CHECKING:
    from prai_match.simulate._draws import Flags, Floats, Ints
    from prai_match.simulate._region import Arrays


@dataclass(frozen=True, eq=False)
class Bookings:
    """Sessions decided on; one row each, and who is invited."""

    world: Ints
    session: Ints  # session ``s``
    host: Ints  # territory ``t``; -1: unknown
    axis: Ints  # axis ``x`` that the host asks for
    relay: Ints  # relay ``p``; -1: none
    trainer: Ints  # trainer ``r``; -1: none
    day: Ints  # ordinal
    known: Ints  # ordinal of the day from which it is known
    cents: Ints  # cost; -1: unknown
    invited: Ints  # (N, T) people that each territory would send; 0: it isn't invited

    @classmethod
    def none(cls, territories: int) -> Bookings:
        columns = {each.name: np.zeros(0, np.int64) for each in fields(cls)}
        return cls(**{**columns, "invited": np.zeros((0, territories), np.int64)})

    @classmethod
    def concat(cls, *parts: Bookings) -> Bookings:
        return cls(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(cls)))

    def only(self, which: Flags | Ints) -> Bookings:
        return Bookings(*(getattr(self, each.name)[which] for each in fields(self)))

    @property
    def cost(self) -> Ints:
        """The cost as far as it is known, in cents: (N,)."""
        return np.maximum(self.cents, 0)

    def __len__(self) -> int:
        return len(self.world)


_NUMBERS = dict.fromkeys(("w", "c", "t", "z", "s"), pl.UInt32)
NEEDS = pl.Schema(
    {**_NUMBERS, "x": pl.UInt32, "score": pl.Float64, "date": pl.Date, "people": pl.Int64, "chosen": pl.Boolean}
)
ATTENDANCES = pl.Schema(
    {**_NUMBERS, "x": pl.UInt32, "date": pl.Date, "elected": pl.Int64, "technicians": pl.Int64, "rating": pl.Float64}
)
SESSIONS = pl.Schema(
    {"s": pl.UInt32, "date": pl.Date, "known": pl.Date, "cost": pl.Float64, **dict.fromkeys("prdw", pl.UInt32)}
)
_LAST = dt.date.max.toordinal() + 1
MAYBE = ("people", "elected", "technicians", "x")
"""What isn't always known of needs and attendances: -1 stands for it in arrays."""
_YEAR = 365


@dataclass(eq=False)
class State:
    """The worlds of a run as they stand; it changes from month to month."""

    region: Arrays
    count: int  # how many worlds there are
    past: Bookings
    ahead: Bookings  # sessions that are booked and not held yet
    last: Ints  # (W, T, S) ordinal of the last attendance since the councils were renewed; 0: none
    demand: Ints  # (W, C, S) most people of a collectivity's open needs; collectivities by territory
    turnout: Ints  # (W, C, S) most people that it sent to what leads there, since the renewal
    familiar: Flags  # (W, C, S) whether it attended, since the renewal
    unsure: Flags  # (W, C, S) whether an open need of it doesn't say for how many people
    busy: Flags  # (W, R, D) whether each trainer is booked on each day
    full: Flags  # (W, D) whether a session is booked on each day
    event_count: Ints  # (W,) events so far: a territory at a session on a day
    crowd: Ints  # (W, 2, 2) people and events so far, of buffets and of workshops
    lost: Ints  # (W,) cents spent on sessions that were called off
    renewal: int = 0  # ordinal of the last renewal of the councils; 0: none
    requests: list[dict[str, Any]] = field(default_factory=list)  # as the simulation `_people.express`es them
    came: list[dict[str, Any]] = field(default_factory=list)  # attendances, month by month, as given to `attend`
    _needs: list[pl.DataFrame] = field(default_factory=list)
    _attendances: list[pl.DataFrame] = field(default_factory=list)

    @classmethod
    def empty(cls, region: Arrays, count: int) -> State:
        territories, sessions = len(region.size), len(region.workshop)
        trainers, days = region.free.shape
        by_collectivity = (count, len(region.member), sessions)
        return cls(
            region=region,
            count=count,
            past=Bookings.none(territories),
            ahead=Bookings.none(territories),
            last=np.zeros((count, territories, sessions), np.int64),
            demand=np.zeros(by_collectivity, np.int64),
            turnout=np.zeros(by_collectivity, np.int64),
            familiar=np.zeros(by_collectivity, bool),
            unsure=np.zeros(by_collectivity, bool),
            busy=np.zeros((count, trainers, days), bool),
            full=np.zeros((count, days), bool),
            event_count=np.zeros(count, np.int64),
            crowd=np.zeros((count, 2, 2), np.int64),
            lost=np.zeros(count, np.int64),
            _needs=[pl.DataFrame(schema=NEEDS)],
            _attendances=[pl.DataFrame(schema=ATTENDANCES)],
        )

    @property
    def sessions(self) -> Bookings:
        """What was held, and what is booked."""
        return Bookings.concat(self.past, self.ahead)

    def expenses(self) -> Ints:
        """Return the cost of what was held, is booked or was called off, in cents: (W,)."""
        cents = self.lost.copy()
        np.add.at(cents, self.sessions.world, self.sessions.cost)
        return cents

    def left(self) -> Ints | None:
        """Return the money left for sessions in each world, in cents; None: no limit."""
        budget = self.region.programme.budget
        if budget is None:
            return None
        return int((budget.total - budget.other_spending) * 100) - self.expenses()

    def load(self, on: int) -> Ints:
        """Return how many sessions each relay has in the twelve months around a day: (W, P)."""
        counts = np.zeros((self.count, len(self.region.per_year)), np.int64)
        sessions = self.sessions
        near = (np.abs(sessions.day - on) < _YEAR) & (sessions.relay >= 0)
        np.add.at(counts, (sessions.world[near], sessions.relay[near]), 1)
        return counts

    def interest(self) -> Ints:
        """Return how many people of each territory are interested in each session: (W, T, S)."""
        people = np.maximum(self.demand, self.turnout * ~self.familiar)
        return np.asarray(np.add.reduceat(people, self.region.first_member[:-1], axis=1), np.int64)

    def silent(self) -> Flags:
        """Return whether it isn't known of any of them how many people are interested: (W, T, S)."""
        if not self.unsure.any():
            return np.zeros(self.last.shape, bool)
        unsure = np.logical_or.reduceat(self.unsure, self.region.first_member[:-1], axis=1)
        return np.asarray(unsure & (self.interest() == 0), bool)

    def usual(self, default: float) -> Floats:
        """Return how many people a territory usually sends: (W, S)."""
        people, events = self.crowd[..., 0].astype(np.float64), self.crowd[..., 1]
        mean = np.where(events > 0, people / np.maximum(events, 1), default)
        return np.asarray(mean[:, self.region.workshop.astype(np.int64)], np.float64)

    def waiting(self) -> Flags:
        """Return whether each territory is invited to a session that is booked: (W, T, S)."""
        flags = np.zeros(self.last.shape, bool)
        row, territory = np.nonzero(self.ahead.invited)
        flags[self.ahead.world[row], territory, self.ahead.session[row]] = True
        return flags

    def book(self, sessions: Bookings) -> None:
        self.ahead = Bookings.concat(self.ahead, sessions)
        day = sessions.day - self.region.start
        inside = (day >= 0) & (day < self.full.shape[1])
        self.full[sessions.world[inside], day[inside]] = True
        with_trainer = inside & (sessions.trainer >= 0)
        self.busy[sessions.world[with_trainer], sessions.trainer[with_trainer], day[with_trainer]] = True

    @property
    def needs(self) -> pl.DataFrame:
        """Needs of all worlds as the lexicon read them, with their world ``w``."""
        self._needs = [pl.concat(self._needs)]
        return self._needs[0]

    @property
    def attendances(self) -> pl.DataFrame:
        """Attendances of all worlds, with their world ``w``."""
        self._attendances = [pl.concat(self._attendances)]
        return self._attendances[0]

    def events(self) -> Ints:
        """Return how often each territory attended each session so far: (W, T, S)."""
        counts = np.zeros(self.last.shape, np.int64)
        rows = self.attendances.select("w", "t", "s", "date").unique()
        w, t, s = (rows[name].cast(pl.Int64).to_numpy() for name in ("w", "t", "s"))
        np.add.at(counts, (w, t - w * len(self.region.size), s), 1)
        return counts

    def frame(self) -> pl.DataFrame:
        """Return the sessions held or booked in all worlds, as the recommender's frames have them."""
        region, sessions, w = self.region, self.sessions, self.sessions.world
        rows = {
            "s": sessions.session,
            "date": (sessions.day - EPOCH).astype(np.int32),
            "known": (sessions.known - EPOCH).astype(np.int32),
            "cost": np.where(sessions.cents < 0, np.nan, sessions.cents / 100),
            "p": np.where(sessions.relay >= 0, sessions.relay + w * len(region.per_year), -1),
            "r": np.where(sessions.trainer >= 0, sessions.trainer + w * len(region.fee), -1),
            "d": region.departement[sessions.host] + w * region.frames.departements.height,
            "w": w,
        }
        some = pl.when(pl.col("p", "r") >= 0)
        return pl.DataFrame(rows, nan_to_null=True).with_columns(some.then(pl.col("p", "r"))).cast(SESSIONS)

    def ask(self, rows: Mapping[str, Any]) -> None:
        """Add needs that the lexicon reads: ``w``, ``c``, ``s``, ``x``, ``score``, ``day``, ``people``, ``chosen``.

        Where ``people`` is -1, it isn't known how many they are: nobody counts.
        """
        self._needs.append(self._frame(rows, NEEDS))

    def hear(self, needs: pl.DataFrame) -> None:
        """Count the people of the open needs of a day (`Snapshot.open_needs`)."""
        self.demand[:], self.unsure[:] = 0, False
        c, s = (needs[name].cast(pl.Int64).to_numpy() for name in "cs")
        people = needs["people"].fill_null(-1).to_numpy()
        at = c // len(self.region.member), self.region.place[c % len(self.region.member)], s
        np.maximum.at(self.demand, at, people)
        self.unsure[tuple(each[people < 0] for each in at)] = True

    def attend(self, rows: Mapping[str, Any]) -> None:
        """Add attendances: ``w``, ``c``, ``s``, ``day``, ``elected``, ``technicians`` and ``rating`` (NaN: none).

        Numbers of people that aren't known are -1: how many a territory usually sends is learned without these events.
        """
        self._attendances.append(self._frame(rows, ATTENDANCES))
        w, c, s, day = (rows[name] for name in ("w", "c", "s", "day"))
        t, kind = self.region.member[c], self.region.workshop.astype(np.int64)
        width, most = self.last.shape[1:]
        key = ((w * width + t) * most + s) * _LAST + day
        event = np.unique(key, return_index=True)[1]
        np.add.at(self.event_count, w[event], 1)
        certain = ~np.isin(key, key[np.minimum(rows["elected"], rows["technicians"]) < 0])
        people = rows["elected"] + rows["technicians"]
        np.add.at(self.crowd, (w[certain], kind[s[certain]], 0), people[certain])
        event = event[certain[event]]
        np.add.at(self.crowd, (w[event], kind[s[event]], 1), 1)
        self._remember(rows)

    def renew(self, day: int) -> None:
        """Renew the councils: what was attended by ``day`` no longer counts."""
        self.renewal = day
        self.last[:], self.turnout[:], self.familiar[:] = 0, 0, False
        rows = self.attendances.with_columns(day=pl.col("date").dt.epoch("d").cast(pl.Int64) + EPOCH)
        width = len(self.region.member)
        names = ("w", "s", "day", "elected", "technicians")
        values = {name: rows[name].cast(pl.Int64).fill_null(-1).to_numpy() for name in names}
        c = rows["c"].cast(pl.Int64).to_numpy() - values["w"] * width
        self._remember({**values, "c": c})

    def _remember(self, rows: Mapping[str, Any]) -> None:
        recent = rows["day"] > self.renewal
        w, c, s, day = (rows[name][recent] for name in ("w", "c", "s", "day"))
        people = (np.maximum(rows["elected"], 0) + np.maximum(rows["technicians"], 0))[recent]
        place = self.region.place[c]
        np.maximum.at(self.last, (w, self.region.member[c], s), day)
        self.familiar[w, place, s] = True
        for target in range(self.turnout.shape[2]):
            leads = self.region.leads[s, target] >= 0
            np.maximum.at(self.turnout, (w[leads], place[leads], target), people[leads])

    def _frame(self, rows: Mapping[str, Any], schema: pl.Schema) -> pl.DataFrame:
        """Return rows as the recommender's frames have them: numbers of their world, dates."""
        region, w, c = self.region, rows["w"], rows["c"]
        t = region.member[c]
        z = region.frames.territories["z"].cast(pl.Int64).to_numpy()
        whole = {
            **rows,
            "c": c + w * len(region.member),
            "t": t + w * len(region.size),
            "z": z[t] + w * (int(z.max(initial=-1)) + 1),
            "date": (rows["day"] - EPOCH).astype(np.int32),
        }
        frame = pl.DataFrame({name: whole[name] for name in schema}, nan_to_null=True)
        counts = pl.col([name for name in MAYBE if name in schema])
        return frame.with_columns(pl.when(counts >= 0).then(counts)).cast(schema)
