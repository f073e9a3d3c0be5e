"""The past and the booked sessions of each world of a run, as columns."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
import polars as pl

from prai_match import offers, packing
from prai_match.calendar import EPOCH, NEVER, months_later, ordinal
from prai_match.needs import SPELL, STATES, state_codes
from prai_match.simulate._region import Arrays, Flags, Floats, Ints


@dataclass(frozen=True, eq=False)
class Bookings(packing.Opened):
    """Sessions decided on; their days are ordinals."""

    known: Ints  # ordinal of the day from which each is known

    @classmethod
    def each(cls, region: Arrays, count: int, sessions: pl.DataFrame, invited: Ints) -> Self:
        """Return sessions, by their codes and with the day from which they are ``known``, once for each world."""
        numbers = packing.with_core(region.frames, packing.with_numbers(region.frames, sessions))
        cents = (pl.col("cost").cast(pl.Float64) * 100).round()
        days = {"day": ordinal("date"), "known": ordinal("known"), "cents": cents}
        numbers = numbers.select(session="s", host="t", axis="x", relay="p", trainer="r", **days)
        columns = numbers.cast(pl.Int64).fill_null(-1).to_dict()
        return cls(
            world=np.repeat(np.arange(count), numbers.height),
            **{name: np.tile(column.to_numpy(), count) for name, column in columns.items()},
            invited=np.tile(invited, (count, 1)),
        )

    def bare(self) -> Self:
        """Return the sessions without those invited."""
        return replace(self, invited=self.invited[:, :0])

    @property
    def cost(self) -> Ints:
        """The known part of the cost, in cents: (N,)."""
        return np.maximum(self.cents, 0)


_LAST = dt.date.max.toordinal() + 1
_NUMBERS = ("c", "t", "z", "s", "x")
_SPELLS = (*_NUMBERS, "people", *SPELL)
_VISITS = (*_NUMBERS, "date", "elected", "technicians")


@dataclass(eq=False)
class State:
    """The current state of the worlds of a run; it changes from month to month."""

    region: Arrays
    count: int  # how many worlds there are
    past: Bookings
    ahead: Bookings  # sessions that are booked and not held yet
    last: Ints  # (W, T, S) ordinal of the last attendance since the councils were renewed; 0 if none
    event_count: Ints  # (W,) events so far: a territory at a session on a day
    crowd: Ints  # (W, 2, 2) people and events so far, of buffets and of workshops
    lost: Ints  # (W,) cents spent on sessions that were called off
    spells: dict[str, Any]  # of all needs that the lexicon reads (`offers.Spells`), with their ``score``
    visits: dict[str, Any]  # all attendances (`offers.Visits`), with their axis ``x`` and their ``rating``
    grades: dict[float, Ints] = field(default_factory=dict)  # (W, S) how often each rating was given to each session
    renewal: int = 0  # ordinal of the last renewal of the councils; 0 if none
    requests: list[dict[str, Any]] = field(default_factory=list)  # as the simulation `_people.express`es them
    came: list[dict[str, Any]] = field(default_factory=list)  # attendances, month by month, as given to `attend`

    @classmethod
    def empty(cls, region: Arrays, count: int) -> Self:
        territories, sessions = len(region.size), len(region.workshop)
        return cls(
            region=region,
            count=count,
            past=Bookings.none(0),
            ahead=Bookings.none(territories),
            last=np.zeros((count, territories, sessions), np.int64),
            event_count=np.zeros(count, np.int64),
            crowd=np.zeros((count, 2, 2), np.int64),
            lost=np.zeros(count, np.int64),
            spells={name: np.zeros(0, np.int64) for name in _SPELLS} | {"score": np.zeros(0)},
            visits={name: np.zeros(0, np.int64) for name in _VISITS} | {"rating": np.zeros(0)},
        )

    @property
    def sessions(self) -> Bookings:
        """Sessions held and booked, without those invited."""
        return Bookings.concat(self.past, self.ahead.bare())

    def expenses(self) -> Ints:
        """Return the cost of sessions held, booked or called off, in cents: (W,)."""
        cents = self.lost.copy()
        np.add.at(cents, self.sessions.world, self.sessions.cost)
        return cents

    def left(self) -> Ints | None:
        """Return the money left for sessions in each world, in cents; None if unlimited."""
        budget = self.region.programme.budget
        return None if budget is None else int((budget.total - budget.other_spending) * 100) - self.expenses()

    def usual(self, default: float) -> Floats:
        """Return the usual number of people per territory: (W, S)."""
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

    def events(self) -> Ints:
        """Return how often each territory attended each session so far: (W, T, S)."""
        sessions = self.last.shape[2]
        cells = np.unique((self.visits["t"] * sessions + self.visits["s"]) * _LAST + self.visits["date"]) // _LAST
        return np.bincount(cells, minlength=self.last.size).reshape(self.last.shape)

    def ratings(self) -> Floats:
        """Return the mean rating of each session in each world, NaN if none: (W, S)."""
        none = np.zeros((self.count, self.last.shape[2]))
        # In the order of the engine, since a sum of floats depends on its order.
        total = sum((grade * times for grade, times in sorted(self.grades.items())), none)
        times = sum(self.grades.values(), none)
        return np.asarray(np.divide(total, times, out=np.full(none.shape, np.nan), where=times > 0), np.float64)

    def facts(self) -> dict[str, Any]:
        """Return the input of `Frames`: needs, attendances, and the sessions held or booked, with their hosts."""
        region, sessions, w = self.region, self.sessions, self.sessions.world
        room, t = self.ahead.room(region.most), sessions.host + w * len(region.size)
        rows = {
            "s": sessions.session,
            "t": t,
            "date": sessions.day - EPOCH,
            "known": sessions.known - EPOCH,
            "p": np.where(sessions.relay >= 0, sessions.relay + w * region.frames.partners.height, offers.NONE),
            "r": np.where(sessions.trainer >= 0, sessions.trainer + w * region.frames.trainers.height, offers.NONE),
            "d": region.departement[sessions.host] + w * region.frames.departements.height,
            "w": w,
        }
        nothing, size = np.zeros(0, np.int64), self.count * len(region.size)
        return {
            "spells": offers.Spells.grouped(self.spells, self.spells["score"], size),
            "visits": offers.Visits.grouped(self.visits, self.visits["rating"], size, len(region.workshop)),
            "guests": {"t": t, "h": np.arange(len(w))},
            # Who attends sessions booked before the simulation is unknown: nobody joins them.
            "rooms": np.append(np.zeros(len(self.past)), np.where(self.ahead.known < region.start, 0, room)),
            "booked": offers.BookedSessions(rows, sessions.cost / 100, nothing, nothing, nothing.astype(bool)),
        }

    def ask(self, rows: Mapping[str, Any]) -> None:
        """Add needs that the lexicon reads: ``w``, ``c``, ``s``, ``x``, ``score``, ``day``, ``people``, ``chosen``.

        If ``people`` is -1, the number is unknown and counts as 0.
        """
        start = rows["day"] - EPOCH
        never = dict.fromkeys(SPELL, np.full(len(start), NEVER))
        lapse = months_later(start, self.region.frames.lapse_months)
        x = np.where(rows["chosen"], rows["x"], offers.NONE)
        self.recall({**rows, **never, "x": x, "start": start, "lapse": lapse, "met": never["met"].copy()})

    def recall(self, spells: Mapping[str, Any]) -> None:
        """Add spells of needs, of collectivities ``c`` of worlds ``w``."""
        new = self._numbered(spells, self.spells)
        self._meet(new, self.visits)
        self.spells = _more(self.spells, new)

    def is_open(self, day: int) -> Flags:
        """Return, for each spell, whether its need is open on a day."""
        codes = state_codes(self.spells, day - EPOCH, self.region.renewal(day) - EPOCH)
        return np.asarray(codes == STATES.index("open"), bool)

    def attend(self, rows: Mapping[str, Any]) -> None:
        """Add attendances: ``w``, ``c``, ``s``, ``day``, ``elected``, ``technicians`` and ``rating`` (NaN if none).

        Unknown numbers of people are -1: the usual number per territory is computed without these events.
        """
        new = self._numbered({**rows, "date": rows["day"] - EPOCH}, self.visits)
        self._meet(self.spells, new)
        self.visits = _more(self.visits, new)
        for grade in np.unique(rows["rating"][~np.isnan(rows["rating"])]).tolist():
            times = self.grades.setdefault(grade, np.zeros((self.count, self.last.shape[2]), np.int64))
            graded = rows["rating"] == grade
            np.add.at(times, (rows["w"][graded], rows["s"][graded]), 1)
        w, c, s, day = (rows[name] for name in ("w", "c", "s", "day"))
        t, kind = self.region.member[c], self.region.workshop.astype(np.int64)
        width, most = self.last.shape[1:]
        key = ((w * width + t) * most + s) * _LAST + day
        event = np.unique(key, return_index=True)[1]
        np.add.at(self.event_count, w[event], 1)
        certain = ~np.isin(key, key[np.minimum(rows["elected"], rows["technicians"]) < 0])
        np.add.at(self.crowd, (w[certain], kind[s[certain]], 0), (rows["elected"] + rows["technicians"])[certain])
        event = event[certain[event]]
        np.add.at(self.crowd, (w[event], kind[s[event]], 1), 1)
        self._remember(new)

    def renew(self, day: int) -> None:
        """Renew the councils: attendances up to ``day`` no longer count."""
        self.renewal = day
        self.last[:] = 0
        self._remember(self.visits)

    def _remember(self, visits: Mapping[str, Any]) -> None:
        day = visits["date"] + EPOCH
        recent = day > self.renewal
        np.maximum.at(self.last.reshape(-1), (visits["t"] * self.last.shape[2] + visits["s"])[recent], day[recent])

    def _numbered(self, rows: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
        """Return columns of rows as the engine uses them, with the numbers of their world."""
        region, w, c = self.region, rows["w"], rows["c"]
        t, frames = region.member[c], region.frames
        whole = {
            **rows,
            "c": c + w * len(region.member),
            "t": t + w * len(region.size),
            "z": frames.number_of("t", "z")[t] + w * frames.squares,
        }
        return {name: whole[name] for name in names}

    def _meet(self, spells: Mapping[str, Any], visits: Mapping[str, Any]) -> None:
        """Record in spells the first visit that meets each: a later one, at its axis if both have one."""
        cells, places = (each["t"] * self.last.shape[2] + each["s"] for each in (spells, visits))
        order = np.argsort(places, kind="stable")
        firsts, lasts = (np.searchsorted(places[order], cells, side=side) for side in ("left", "right"))
        row, offset = offers.ragged(lasts - firsts)
        visit = order[firsts[row] + offset]
        asked, came, date = spells["x"][row], visits["x"][visit], visits["date"][visit]
        meets = (date > spells["start"][row]) & ((asked == came) | (asked == offers.NONE) | (came == offers.NONE))
        np.minimum.at(spells["met"], row[meets], date[meets])


def _more(rows: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {name: np.concatenate([values, new[name]]) for name, values in rows.items()}
