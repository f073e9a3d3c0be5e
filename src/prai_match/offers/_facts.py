"""The tables of the frames as arrays, laid out once: nothing here depends on the day."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prai_match.calendar import day_numbers
from prai_match.needs import lives
from prai_match.policy import Values

if TYPE_CHECKING:
    from prai_match.followups import Estimates, FollowUps

T = TypeVar("T")
Array = NDArray[Any]
Ints = NDArray[np.int64]
_NEEDS = 100_000  # whose lives are followed at once
NONE = -1  # the number of nobody, and that of people of whom it isn't known how many they are


def ints(frame: pl.DataFrame, *names: str) -> dict[str, Ints]:
    """Return columns of whole numbers, `NONE` if there is none, and of dates as `calendar.day_numbers`."""
    return {name: _ints(frame[name]) for name in names}


def _ints(column: pl.Series) -> Ints:
    if column.dtype == pl.Date:
        return day_numbers(column)
    numbers = column.cast(pl.Int64)
    return (numbers.fill_null(NONE) if numbers.null_count() else numbers).to_numpy()


def narrow(frame: pl.DataFrame, *names: str) -> dict[str, Array]:
    """Return the same in 32 bits, for large tables: as they lie in memory, where no value lacks."""
    return {name: _narrow(frame[name]) for name in names}


def _narrow(column: pl.Series) -> Array:
    if column.null_count():
        return column.cast(pl.Int32).fill_null(NONE).to_numpy()
    return column.to_numpy().view(np.int32) if column.dtype == pl.UInt32 else column.cast(pl.Int32).to_numpy()


def floats(column: pl.Series) -> NDArray[np.float64]:
    """Return a column of numbers; not a number if there is none."""
    return column.cast(pl.Float64).to_numpy()


def _are_same(one: object, other: object) -> bool:
    if isinstance(one, Values) and isinstance(other, Values):
        return one is other or all(map(_are_same, one, other))
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one is other or np.array_equal(one, other)
    return one is other or (isinstance(one, int) and one == other)


class Memo(dict[str, tuple[tuple[object, ...] | None, Any]]):
    """Values computed from some sources, by name; without sources, a value always stays valid."""

    def once(self, name: str, make: Callable[[], T], *sources: object) -> T:
        """Return the result of ``make``, computed once as long as the ``sources`` are the same or equal columns."""
        kept = self.get(name)
        if kept is None or not (kept[0] is None or all(map(_are_same, kept[0], sources))):
            kept = self[name] = sources, make()
        made: T = kept[1]
        return made

    def given(self, **made: object) -> Memo:
        """Return a memo with only the values that were computed without sources."""
        return Memo(self | {name: (None, each) for name, each in made.items()})


class Groups(NamedTuple):
    """The rows of a table by the number in one of its columns: those of ``n`` stand from ``starts[n]`` in ``order``."""

    order: Ints | None
    starts: Ints

    @classmethod
    def of(cls, numbers: Ints, size: int) -> Groups:
        if (numbers[1:] >= numbers[:-1]).all():
            return cls(None, np.searchsorted(numbers, np.arange(size + 1, dtype=numbers.dtype)))
        starts = np.zeros(size + 1, np.int64)
        np.cumsum(np.bincount(numbers, minlength=size)[:size], out=starts[1:])
        return cls(np.argsort(numbers, kind="stable"), starts)

    def between(self, first: int, last: int) -> Ints | slice:
        """Return the rows of the numbers from ``first`` to below ``last``, in their order."""
        span = slice(int(self.starts[first]), int(self.starts[last]))
        return span if self.order is None else self.order[span]

    def rows(self, numbers: Ints) -> tuple[Ints, Ints]:
        """Return the rows of some numbers, one after the other, and the place of each among the numbers."""
        starts = self.starts[numbers]
        place, rows = ragged(self.starts[numbers + 1] - starts, starts)
        return rows if self.order is None else self.order[rows], place


class Asks(NamedTuple):
    rows: dict[str, Array]  # ``c``, ``t``, ``z``, ``s``, ``x`` (where an axis was chosen), ``people`` and ``date``
    score: NDArray[np.float64]
    of: Groups  # by territory

    @classmethod
    def laid_out(cls, needs: pl.DataFrame, size: int) -> Asks:
        rows = narrow(needs, "c", "t", "z", "s", "x", "people", "date")
        rows["x"] = np.where(needs["chosen"].to_numpy(), rows["x"], np.int32(NONE))
        return cls(rows, floats(needs["score"]), Groups.of(rows["t"], size))


class NeedDecisions(NamedTuple):
    rows: dict[str, Ints]  # ``c``, ``t``, ``s`` (`NONE`: all) and ``date``
    withdraws: Array  # or confirms
    of: Groups  # by territory

    @classmethod
    def laid_out(cls, decisions: pl.DataFrame, homes: Ints, size: int) -> NeedDecisions:
        """``homes`` are the territories of collectivities, by their numbers."""
        decisions = decisions.filter(pl.col("event").is_in(["withdrawn", "confirmed"]))
        rows = ints(decisions, "c", "s", "date")
        rows["t"] = homes[rows["c"]]
        return cls(rows, (decisions["event"] == "withdrawn").to_numpy(), Groups.of(rows["t"], size))


class Spells(NamedTuple):
    """The spells of needs (see `needs.spells`), those of a territory together."""

    rows: dict[str, Array]  # ``c``, ``t``, ``z``, ``s``, ``x``, ``people`` and the days of a spell
    score: NDArray[np.float64]
    of: Groups  # by territory

    @classmethod
    def laid_out(cls, asks: Asks, visits: Visits, words: NeedDecisions, months: int, size: int) -> Spells:
        parts = []
        for first in range(0, max(1, size), step := max(1, _NEEDS * size // max(1, len(asks.score)))):
            asked, came, said = (table.of.between(first, min(size, first + step)) for table in (asks, visits, words))
            life = lives(
                _wide(asks.rows, asked),
                _wide(visits.rows, came),
                _wide(words.rows, said),
                words.withdraws[said],
                months,
            )
            row = np.arange(len(asks.score))[asked][life.row]
            part = {name: asks.rows[name][row] for name in ("c", "t", "z", "s", "x", "people")} | life.days
            parts.append({**{name: values.astype(np.int32) for name, values in part.items()}, "score": asks.score[row]})
        rows = {name: np.concatenate([part.pop(name) for part in parts]) for name in [*parts[0]]}
        return cls(rows, rows.pop("score"), Groups.of(rows["t"], size))

    @classmethod
    def grouped(cls, rows: dict[str, Ints], score: NDArray[np.float64], size: int) -> Spells:
        order, starts = Groups.of(rows["t"], size)
        if order is not None:
            rows, score = {name: values[order] for name, values in rows.items()}, score[order]
        return cls(rows, score, Groups(None, starts))


class Visits(NamedTuple):
    """Attendances, and their events: each territory at a session on a day."""

    rows: dict[str, Ints]  # ``c``, ``t``, ``z``, ``s``, ``x``, ``date``, ``elected``, ``technicians`` and ``people``
    rating: NDArray[np.float64]
    of: Groups  # by territory
    events: dict[str, Ints]  # ``t``, ``date`` and ``together``: 1 where both sorts of people came, 0 not, -1 maybe
    events_of: Groups

    @classmethod
    def laid_out(cls, attendances: pl.DataFrame, size: int, sessions: int) -> Visits:
        rows = ints(attendances, "c", "t", "z", "s", "x", "elected", "technicians", "date")
        return cls.grouped(rows, floats(attendances["rating"]), size, sessions)

    @classmethod
    def grouped(cls, rows: dict[str, Ints], rating: Array, size: int, sessions: int) -> Visits:
        """``rows`` have ``c``, ``t``, ``z``, ``s``, ``date``, ``elected`` and ``technicians``."""
        elected, technicians = rows["elected"], rows["technicians"]
        most, unknown = np.maximum(elected, technicians), (elected < 0) | (technicians < 0)
        rows = {**rows, "people": np.where(unknown, most, elected + technicians)}
        order = np.lexsort((rows["date"], rows["t"] * sessions + rows["s"]))
        pair, date = (rows["t"] * sessions + rows["s"])[order], rows["date"][order]
        new = begins(pair, date)
        event, first = np.cumsum(new) - 1, order[new]
        came = [_some(event, people[order], len(first)) for people in (elected, technicians)]
        together = np.where((came[0] == 0) | (came[1] == 0), 0, np.minimum(came[0], came[1]))
        events = {"t": rows["t"][first], "s": rows["s"][first], "date": rows["date"][first], "together": together}
        return cls(rows, rating, Groups.of(rows["t"], size), events, Groups.of(events["t"], size))


def _some(event: Ints, people: Ints, size: int) -> Ints:
    """Return of each event whether somebody came: 1, 0, or -1 where some numbers aren't known and the others are 0."""
    unknown = np.bincount(event[people < 0], minlength=size)
    return np.where(np.bincount(event, np.maximum(people, 0), size) > 0, 1, np.where(unknown > 0, NONE, 0))


class BookedSessions(NamedTuple):
    """Sessions held and booked, and the words on their bookings, by the last of which they are cancelled or not."""

    rows: dict[str, Ints]  # ``s``, ``t`` and ``d`` (of the host), ``p``, ``r``, ``w``, ``date`` and ``known``
    cost: Array
    said: Ints  # the day of each word, in the order in which they count
    about: Ints  # its row
    cancels: Array

    @classmethod
    def laid_out(cls, held: pl.DataFrame, bookings: pl.DataFrame) -> BookedSessions:
        rows = ints(held, "s", "t", "d", "p", "r", "w", "date", "known")
        places = {code: row for row, code in enumerate(held["id"])} if bookings.height else {}
        words = sorted(
            (day, event == "cancelled", places[code])
            for code, day, event in zip(
                bookings["held"], day_numbers(bookings["date"]).tolist(), bookings["event"], strict=True
            )
            if code in places
        )
        said, cancels, about = np.array(words, np.int64).reshape(-1, 3).T
        return cls(rows, np.nan_to_num(floats(held["cost"])), said, about, cancels.astype(bool))

    def on(self, day: int) -> Array:
        """Return which of them are known on a day, and not cancelled."""
        gone, past = np.zeros(len(self.cost), bool), self.said <= day
        gone[self.about[past]] = self.cancels[past]
        return (self.rows["known"] <= day) & ~gone


class Refusals(NamedTuple):
    """Answers of territories to offers, in the order in which they count; an officer's choice isn't an answer."""

    rows: dict[str, Ints]  # ``t``, ``s``, ``p``, ``r`` and ``date``
    refuses: Array

    @classmethod
    def laid_out(cls, replies: pl.DataFrame) -> Refusals:
        rows = replies.filter(pl.col("event") != "replaced").drop_nulls(["t", "s"]).sort("date", "event", "p", "r")
        return cls(ints(rows, "t", "s", "p", "r", "date"), (rows["event"] == "declined").to_numpy())


class Lessons(NamedTuple):
    cores: Ints  # its common core, an axis
    kinds: Ints  # the number of its kind
    is_buffet: Array
    refresh_months: Ints  # after which it is time to attend it again; `NONE`: never

    @classmethod
    def laid_out(cls, sessions: pl.DataFrame, axes: pl.DataFrame) -> Lessons:
        cores = ints(axes.filter(pl.col("axis").is_null()).sort("s"), "x")["x"]
        kinds = np.unique(np.array(sessions["kind"].to_list(), str), return_inverse=True)[1]
        months = ints(sessions, "refresh_after")["refresh_after"]
        return cls(cores, kinds, (sessions["form"] == "buffet").fill_null(value=False).to_numpy(), months)


class Pairs(NamedTuple):
    """Départements × partners of the same world: those of ``d`` stand from ``starts[d]``, in the order of ``p``."""

    d: Ints
    p: Ints
    starts: Ints  # less the first partner of the world: adding ``p`` gives the row

    @classmethod
    def laid_out(cls, here: Ints, there: Ints) -> Pairs:
        """``here`` are the worlds of départements, ``there`` those of partners."""
        counts = np.bincount(there, minlength=int(max([*here, *there, 0])) + 1)
        firsts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
        d, place = ragged(counts[here])
        return cls(d, firsts[here[d]] + place, np.cumsum(counts[here]) - counts[here] - firsts[here])

    def row(self, numbers: dict[str, Ints]) -> Ints:
        """Return the rows of départements ``d`` and partners ``p``."""
        return self.starts[numbers["d"]] + numbers["p"]


class Edges(NamedTuple):
    """Follow-ups by number, in the order of what leads and of what follows."""

    s: Ints
    s_next: Ints
    estimates: Estimates  # of one world
    rows: Ints  # of the graph
    bind: bool  # whether what follows must wait for the lag: it was declared

    @classmethod
    def of(cls, follow_ups: FollowUps, sessions: pl.Series) -> Edges:
        numbers, edges = {session: number for number, session in enumerate(sessions)}, follow_ups.edges()
        places = ([numbers.get(each, -1) for each in edges[name]] for name in ("source", "target"))
        s, s_next = (np.array(each, np.int64) for each in places)
        here = np.flatnonzero((s >= 0) & (s_next >= 0))
        here = here[np.lexsort((s_next[here], s[here]))]
        return cls(s[here], s_next[here], follow_ups.estimates.take(here), here, follow_ups.is_declared)


def _wide(rows: dict[str, Array], which: Ints | slice) -> dict[str, Ints]:
    return {name: values[which].astype(np.int64) for name, values in rows.items()}


def ragged(counts: Ints, starts: Ints | int = 0) -> tuple[Ints, Ints]:
    """Return for groups of these sizes the group of each element, and its place there from the ``starts`` on."""
    group = np.repeat(np.arange(len(counts)), counts)
    return group, np.arange(len(group)) + np.repeat(starts + counts - np.cumsum(counts), counts)


def begins(*columns: Array) -> Array:
    """Return which rows differ from the one before."""
    new = np.zeros(len(columns[0]), bool)
    new[:1] = True
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return new


def latest(cells: Ints, values: Array, size: int, nothing: float) -> Array:
    """Return the greatest of the values of each cell; ``nothing`` if there is none."""
    grid = np.full(size, nothing, values.dtype)
    np.maximum.at(grid, cells, values)
    return grid


def head_count() -> pl.Expr:
    """Return the known number of people of an attendance; null if unknown."""
    return pl.coalesce(pl.col("elected") + pl.col("technicians"), "elected", "technicians")
