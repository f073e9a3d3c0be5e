"""A programme as columns, prepared once: nothing here depends on the day, the policy or the follow-up graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Generic, Literal, TypeVar

import numpy as np
import polars as pl

from prai_match.calendar import SessionDays, group_of
from prai_match.model import Budget, Calendar
from prai_match.needs import spells
from prai_match.offers._facts import (
    NONE,
    Array,
    Asks,
    BookedSessions,
    Groups,
    Ints,
    Lessons,
    Memo,
    NeedDecisions,
    Pairs,
    Refusals,
    Spells,
    Visits,
    begins,
    floats,
    ints,
    narrow,
)

T = TypeVar("T")
# What stands for the rows of each table.
TABLES: Final = {
    "t": "territories", "d": "departements", "e": "departements", "s": "sessions", "x": "axes", "p": "partners",
    "r": "trainers",
}  # fmt: skip
Numbered = Literal["t", "d", "e", "p", "r", "x"]
_FEW: Final = 256  # squares of a world, among which a sum over those near each is a product of matrices
_PRODUCT = 2**19  # multiplications of a product: for more, BLAS has threads, which wait for free processors


@dataclass(frozen=True)
class _LaidOut(Generic[T]):
    """A property of frames, computed once as long as some fields are the same, also for frames made of them."""

    make: Callable[[Frames], T]
    fields: tuple[str, ...]

    def __get__(self, frames: Frames, _: type[Frames] | None = None) -> T:
        name, sources = self.make.__name__, (getattr(frames, field) for field in self.fields)
        made: T = frames.__dict__.setdefault(name, frames.memo.once(name, partial(self.make, frames), *sources))
        return made


def laid_out(*fields: str) -> Callable[[Callable[[Frames], T]], _LaidOut[T]]:
    return lambda make: _LaidOut(make, fields)


@dataclass(frozen=True, eq=False)
class Frames:
    """The prepared tables.

    Entities are numbered in the order of their codes: ``t`` territory, ``d`` département, ``s`` session, ``x`` axis
    (each session's own, the first being "none chosen"), ``p`` partner, ``r`` trainer, ``c`` collectivity, ``z`` square.
    Facts only have numbers. Territories, départements, partners and trainers belong to a world ``w``: a programme has
    one, 0. Several worlds share sessions and axes, and nothing in one world is near anything in another.
    """

    territories: pl.DataFrame
    departements: pl.DataFrame
    sessions: pl.DataFrame
    axes: pl.DataFrame
    partners: pl.DataFrame
    covers: pl.DataFrame
    carries: pl.DataFrame
    hosted_before: pl.DataFrame
    trainers: pl.DataFrame
    expertise: pl.DataFrame
    free: pl.DataFrame
    taken: pl.DataFrame
    needs: pl.DataFrame
    attendances: pl.DataFrame
    decisions: pl.DataFrame
    replies: pl.DataFrame
    answers: pl.DataFrame
    bookings: pl.DataFrame
    held: pl.DataFrame
    expected: pl.DataFrame  # who hosts a session, or is registered for it: ``t`` and the row ``h`` in ``held``
    near: pl.DataFrame
    reach: pl.DataFrame
    members: pl.DataFrame
    collectivities: int
    days: SessionDays
    budget: Budget | None
    notice_days: int
    join_notice_days: int
    horizon_days: int
    limits: Mapping[str, float]  # settings that rules read, by column
    lapse_months: int
    euros_per_km: float
    assume_fee: float | None = None
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # columns of the programme's own, by table
    memo: Memo = field(default_factory=Memo, repr=False)  # what was laid out of the tables as arrays

    @property
    def calendar(self) -> Calendar:
        """Blackouts and elections."""
        return self.days.calendar

    def numbers(self, table: str, *names: str) -> dict[str, Ints]:
        """Return columns of a table as whole numbers (see `ints`)."""
        name = f"{table} {' '.join(names)}"
        if name not in self.__dict__:
            frame: pl.DataFrame = getattr(self, table)
            self.__dict__[name] = self.memo.once(name, partial(ints, frame, *names), frame)
        made: dict[str, Ints] = self.__dict__[name]
        return made

    def number_of(self, key: Numbered, name: str) -> Ints:
        """Return the number, of a world or else, that each territory, département, relay, trainer or axis has."""
        return self.numbers(TABLES[key], name)[name]

    def actors(self, table: Literal["partners", "trainers"]) -> dict[str, Array]:
        """Return from and until when relays or trainers take part, and the most sessions that they take."""
        frame: pl.DataFrame = getattr(self, table)
        most = "per_year" if table == "partners" else "per_month"
        return self.memo.once(
            f"{table} actors", lambda: {**ints(frame, "since", "until"), "most": floats(frame[most])}, frame
        )

    @laid_out("needs", "attendances", "decisions", "lapse_months")
    def lives(self) -> pl.DataFrame:
        chosen = self.needs.with_columns(x=pl.when("chosen").then("x"))
        return spells(chosen, self.attendances, self.decisions, self.lapse_months)

    @laid_out("needs")
    def asks(self) -> Asks:
        return Asks.laid_out(self.needs, self.territories.height)

    @laid_out("decisions", "members")
    def words(self) -> NeedDecisions:
        members, homes = narrow(self.members, "c", "t"), np.full(self.collectivities, NONE)
        homes[members["c"]] = members["t"]
        return NeedDecisions.laid_out(self.decisions, homes, self.territories.height)

    @laid_out("needs", "attendances", "decisions", "lapse_months")
    def spells(self) -> Spells:
        asks = Asks.laid_out(self.needs, self.territories.height)  # large, and seldom asked for again
        return Spells.laid_out(asks, self.visits, self.words, self.lapse_months, self.territories.height)

    @laid_out("attendances")
    def visits(self) -> Visits:
        return Visits.laid_out(self.attendances, self.territories.height, self.sessions.height)

    @laid_out("held", "bookings")
    def booked(self) -> BookedSessions:
        return BookedSessions.laid_out(self.held, self.bookings)

    @laid_out("held")
    def rooms(self) -> Array:
        """The seats left at each of ``booked``; not a number: it isn't known how many."""
        return floats(self.held["room"])

    @laid_out("expected")
    def guests(self) -> dict[str, Ints]:
        """The territories and sessions of ``expected``: ``t`` and ``h``."""
        return ints(self.expected, "t", "h")

    @laid_out("replies")
    def refusals(self) -> Refusals:
        return Refusals.laid_out(self.replies)

    @laid_out("answers")
    def outcomes(self) -> dict[str, Any]:
        """The answers to offers: numbers, ``date`` and ``event``."""
        events = np.array(self.answers["event"].to_list(), object)
        return {**ints(self.answers, "w", "offer", "s", "p", "r", "date"), "event": events}

    @laid_out("departements", "days")
    def zones(self) -> Ints:
        """The number of the group of each département in `SessionDays.groups`."""
        numbers = {group: number for number, group in enumerate(self.days.groups)}
        return np.array([numbers.get(group_of(code), 0) for code in self.departements["departement"]], np.int64)

    @laid_out("departements", "partners")
    def pairs(self) -> Pairs:
        return Pairs.laid_out(self.number_of("d", "w"), self.number_of("p", "w"))

    @laid_out("departements", "partners", "covers")
    def joined(self) -> Array:
        """Which départements one relay covers both of: départements × départements."""
        covered, covers = np.zeros((self.departements.height, self.partners.height), bool), ints(self.covers, "d", "p")
        covered[covers["d"], covers["p"]] = True
        return covered @ covered.T

    @laid_out("territories")
    def points(self) -> Array:
        """The latitude and the longitude of each territory, in degrees."""
        return self.territories.select("latitude", "longitude").to_numpy()

    @laid_out("partners", "carries", "sessions")
    def carried(self) -> Array:
        """Which sessions each relay can host: partners × sessions."""
        carried, pairs = np.zeros((self.partners.height, self.sessions.height), bool), ints(self.carries, "p", "s")
        carried[pairs["p"], pairs["s"]] = True
        return carried

    @laid_out("trainers", "axes", "sessions", "expertise")
    def sessions_known(self) -> Array:
        """Which sessions each trainer knows: trainers × sessions."""
        knows, sessions = ints(self.expertise, "r", "x"), np.zeros((self.trainers.height, self.sessions.height), bool)
        sessions[knows["r"], self.number_of("x", "s")[knows["x"]]] = True
        return sessions

    @laid_out("trainers", "axes", "expertise")
    def axes_known(self) -> Array:
        """Which trainers know each axis, and all where none is chosen: axes × trainers."""
        knows, axes = ints(self.expertise, "r", "x"), np.zeros((self.axes.height, self.trainers.height), bool)
        axes[self.lessons.cores] = True
        axes[knows["x"], knows["r"]] = True
        return axes

    def knows_axis(self, x: Array, r: Array) -> Array:
        """Return whether trainers know axes, by number; true without a trainer."""
        return np.asarray((r == NONE) | (self.axes_known[x, r] if self.trainers.height else False))

    @laid_out("trainers", "axes", "sessions", "expertise")
    def axes_fitted(self) -> Array:
        """Which trainers know each axis and, where none is chosen, every axis of the session: axes × trainers."""
        knows, shape = ints(self.expertise, "r", "x"), (self.sessions.height, self.trainers.height)
        sessions = self.number_of("x", "s")
        counts, fits = np.zeros(shape, np.int64), self.axes_known.copy()
        np.add.at(counts, (sessions[knows["x"]], knows["r"]), 1)
        fits[self.lessons.cores] = counts == np.bincount(sessions, minlength=shape[0])[:, None]
        return fits

    @laid_out("reach")
    def reached(self) -> dict[str, Array]:
        """The territories ``t`` and trainers ``r`` of ``reach``."""
        return narrow(self.reach, "t", "r")

    @laid_out("reach")
    def around(self) -> Groups:
        """The trainers around each territory, as rows of ``reach``."""
        return Groups.of(self.reached["t"], self.territories.height)

    @laid_out("reach")
    def distances(self) -> Array:
        """The kilometres between a territory and a trainer around, as rows of ``reach``."""
        return floats(self.reach["distance_km"])

    @laid_out("near")
    def neighbours(self) -> tuple[Ints, Ints, Ints]:
        """Runs of squares near each square: the first and after the last of each run, and where those of each begin."""
        z, other = ints(self.near, "z", "z_near").values()
        new = begins(z, other - np.arange(len(z)))
        return other[new], other[np.append(new[1:], new[:1])] + 1, np.flatnonzero(begins(z[new]))

    def on_squares(self, rows: Mapping[str, Ints], by: Literal["s", "x"] = "s") -> Array:
        """Return how many of the ``people`` of some rows (``z``, ``by``) are on each square, by session or axis."""
        shape = self.squares, getattr(self, TABLES[by]).height
        people = np.bincount(rows["z"] * shape[1] + rows[by], rows["people"], shape[0] * shape[1])
        return people.astype(np.float64).reshape(shape)

    def within_travel(self, people: Array) -> Array:
        """Return the sums of the people of the squares within travel distance of each square."""
        if (near := self.near_each) is not None:
            return product(near, people.reshape(-1, len(near), people.shape[1])).reshape(people.shape)
        first, end, starts = self.neighbours
        until = np.concatenate([np.zeros((1, people.shape[1])), np.cumsum(people, axis=0)])
        return np.asarray(np.add.reduceat(until[end] - until[first], starts, axis=0))

    @laid_out("near", "territories")
    def near_each(self) -> Array | None:
        """Which squares of a world are near each, 1 or 0; None if there are many, or worlds differ."""
        worlds = int(self.number_of("t", "w").max(initial=0)) + 1
        size, rest = divmod(self.squares, worlds)
        if rest or not 0 < size <= _FEW:
            return None
        z, other = ints(self.near, "z", "z_near").values()
        near = np.zeros((worlds, size, size), bool)
        near[z // size, z % size, other % size] = True
        return near[0].astype(np.float64) if (near == near[0]).all() else None

    @laid_out("near")
    def near_by(self) -> Groups:
        """The squares near each square, as rows of ``near``."""
        return Groups.of(self.numbers("near", "z", "z_near")["z_near"], self.squares)

    def are_near(self, z: Ints, other: Ints) -> Array:
        """Return whether squares are near others."""
        first, end, starts = self.neighbours
        here = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(first)))
        run = np.searchsorted(here * self.squares + first, z * self.squares + other, side="right") - 1
        return np.asarray((here[run] == z) & (other < end[run]))

    @property
    def squares(self) -> int:
        """How many squares there are; each is near itself."""
        return int(self.neighbours[1].max(initial=0))

    @laid_out("sessions", "axes")
    def lessons(self) -> Lessons:
        return Lessons.laid_out(self.sessions, self.axes)

    def codes(self, numbers: pl.DataFrame) -> list[pl.Series]:
        """Return the codes of what ``t``, ``s``, ``x``, ``h``, ``b``, ``p`` and ``r`` number, one column each."""
        territories = self.territories.with_columns(host="territory")
        held, booked = self.held.select(joins="id"), numbers["b"].replace(NONE, None)
        tables = (territories, self.sessions, self.axes, territories, held, self.partners, self.trainers)
        names = ("territory", "session", "axis", "host", "joins", "partner", "trainer")
        places = (*(numbers[n] for n in "tsxh"), booked, numbers["p"], numbers["r"])
        return [table[name].gather(rows) for table, name, rows in zip(tables, names, places, strict=True)]


def product(left: Array, right: Array) -> Array:
    """Return the products of a matrix and one or more others, by as many of its rows as one thread takes."""
    each = np.empty((*right.shape[:-2], len(left), right.shape[-1]), right.dtype)
    rows = max(1, _PRODUCT // max(1, right.shape[-2] * right.shape[-1]))
    for row in range(0, len(left), rows):
        np.matmul(left[row : row + rows], right, out=each[..., row : row + rows, :])
    return each
