"""Candidates examined one by one: rows of offers with all columns, gathered when read, and the reasons behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from prai_match.calendar import NEVER, dates, day_numbers
from prai_match.offers._audience import Audience
from prai_match.offers._facts import NONE, ints
from prai_match.offers._levels import LevelRows
from prai_match.offers._openings import chances_on, seen
from prai_match.policy import GRID, Values

if TYPE_CHECKING:
    from prai_match.offers._facts import Array, Ints
    from prai_match.offers._snapshot import Snapshot
    from prai_match.policy import Policy, Preference, Requirement


def candidates(snapshot: Snapshot, offers: pl.DataFrame, policy: Policy | None = None) -> LevelRows:
    """Return the columns of ``offers`` (``t``, ``s``, ``x``, ``h``, ``p``, ``r``); of a null ``p`` or ``r`` unknown.

    Without ``h``, sessions are held at the territories' own places; ``b`` is the booked session that each joins, ``k``
    the first day looked at (see `on_days`). How many people could come is known under a ``policy``.
    """
    numbers = ints(offers, *(name for name in "tsxhprbk" if name in offers.columns))
    nobody = {name: np.full(offers.height, NONE) for name in "pr" if name not in numbers}
    people = None if policy is None else Audience.of(snapshot, policy).people
    return LevelRows(snapshot, numbers | nobody, snapshot.block_of(numbers["t"]), some_lack=True, people=people)


def on_days(snapshot: Snapshot, offers: pl.DataFrame) -> pl.DataFrame:
    """Add ``k`` to offers (``h``, ``date``): their dates, or the next open days, count as the first looked at."""
    e = snapshot.hosting.frames.number_of("t", "d")[offers["h"].to_numpy()]
    days = day_numbers(offers["date"])
    row, place = snapshot.rows_open(snapshot.council_on(days), e), np.clip(days - snapshot.first, 0, snapshot.length)
    start = row * (snapshot.length + 1) + snapshot.next_open[row, place]
    return offers.with_columns(k=pl.Series(np.searchsorted(snapshot.first_days, start)))


def sessions_of(snapshot: Snapshot, territories: pl.Series) -> pl.DataFrame:
    """Return every session of territories, in their order: ``t``, ``s`` and ``x``, the axis asked for."""
    t = territories.to_numpy().astype(np.int64)
    block = snapshot.block_of(t)
    numbers = {"t": np.repeat(t, block.width), "s": np.tile(np.arange(block.width), len(t)), "x": block.axes_of(t)}
    return pl.DataFrame({name: values.astype(np.uint32) for name, values in numbers.items()})


def with_columns(
    snapshot: Snapshot, offers: pl.DataFrame, names: Iterable[str] | None = None, policy: Policy | None = None
) -> pl.DataFrame:
    """Add columns (None means all, with names and days) to ``offers``, in its order; see `candidates`."""
    rows = candidates(snapshot, offers, policy)
    wanted = [*snapshot.levels, "axis"] if names is None else sorted(names)
    return offers.with_columns(column(rows, name) for name in wanted if name not in offers.columns)


def column(rows: LevelRows, name: str) -> pl.Series:
    """Return a column of candidates as polars has it."""
    if name == "axis":
        return rows.day.frames.axes["axis"].gather(rows.number("x"), null_on_oob=True).alias(name)
    if name == "day":
        value, known = rows[name]
        return dates(value if known is None else np.where(known, value, NEVER)).alias(name)
    return rows[name].series(name, rows.size)


@dataclass(frozen=True, eq=False)
class Assessment:
    """The judgement of candidates by a policy, each rule evaluated once; candidates are numbered by position."""

    policy: Policy
    rows: LevelRows

    @property
    def preferences(self) -> tuple[Preference, ...]:
        """The preferences whose points are told."""
        return self.policy.preferences

    @cached_property
    def states(self) -> Mapping[str, Values]:
        """Whether each requirement is met."""
        return {rule.id: self._asked(rule, rule.state(self.rows)) for rule in self.policy.requirements}

    @cached_property
    def holds(self) -> Mapping[str, Array]:
        """Whether the candidates pass each requirement."""
        every = {rule.id: Values(rule.holds(self.rows)) for rule in self.policy.requirements}
        asked = {rule.id: self._asked(rule, every[rule.id]).value for rule in self.policy.requirements}
        return {rule: np.broadcast_to(values, self.rows.size) for rule, values in asked.items()}

    def _asked(self, rule: Requirement, values: Values) -> Values:
        """Return the values of a requirement; relay and trainer of a joined session, already booked, meet it."""
        joins = self.rows["joins_booked"].value
        if rule.stage not in {"partner", "trainer"} or not joins.any():
            return values
        return Values(joins | values.value, None if values.known is None else joins | values.known)

    @cached_property
    def units(self) -> Mapping[str, Ints]:
        """The points of each preference, in whole multiples of 1/GRID."""
        return {rule.id: np.broadcast_to(rule.units(self.rows), self.rows.size) for rule in self.preferences}

    @cached_property
    def is_known(self) -> Mapping[str, Array]:
        """Whether the value of each preference is known, rather than another one counted in its place."""
        return {rule.id: np.broadcast_to(rule.is_known(self.rows), self.rows.size) for rule in self.preferences}

    @cached_property
    def near(self) -> Array:
        """Whether the trainer is one around the place."""
        h, r = self.rows.number("h"), self.rows.number("r")
        return np.isin(h * self.rows.day.frames.trainers.height + r, self.rows.day.reach_keys) & (r >= 0)

    def __getitem__(self, place: int) -> AssessedOffer:
        return AssessedOffer(self, place)

    def __iter__(self) -> Iterator[AssessedOffer]:
        return (AssessedOffer(self, place) for place in range(self.rows.size))


@dataclass(frozen=True, eq=False)
class Priorities(Assessment):
    """The points of these preferences for territories, one row each; rules on offers don't affect them."""

    @property
    def preferences(self) -> tuple[Preference, ...]:
        return self.policy.priorities

    @cached_property
    def totals(self) -> Array:
        """The priorities, 0 to 100."""
        return np.asarray(sum(self.units.values(), np.zeros(self.rows.size, np.int64)) / GRID)


def priorities(snapshot: Snapshot, policy: Policy, territories: pl.Series) -> Priorities:
    """Return the priorities of territories, by number and in their order, judged by the councils that sit first."""
    day = snapshot if snapshot.council is None else snapshot.views[0]
    numbers = territories.to_numpy().astype(np.int64)
    return Priorities(policy, LevelRows(day, {"t": numbers}, day.block_of(numbers)))


@dataclass(frozen=True, eq=False)
class AssessedOffer(Mapping[str, object]):
    """One candidate: its columns by name (None if unknown), and its judgement by the rules."""

    judgement: Assessment
    place: int

    def __getitem__(self, name: str) -> object:
        if name == "axis":
            return self.judgement.rows.day.frames.axes["axis"][int(self.judgement.rows.number("x")[self.place])]
        return item(self.judgement.rows[name], self.place)

    def __iter__(self) -> Iterator[str]:
        return iter(self.judgement.rows)

    def __len__(self) -> int:
        return len(self.judgement.rows)

    def number(self, key: str) -> int:
        return int(self.judgement.rows.number(key)[self.place])

    def state(self, rule: str) -> bool | None:
        state = item(self.judgement.states[rule], self.place)
        return None if state is None else bool(state)

    def holds(self, rule: str) -> bool:
        return bool(self.judgement.holds[rule][self.place])

    def points(self, rule: str) -> float:
        return int(self.judgement.units[rule][self.place]) / GRID


def item(values: Values, place: int) -> object:
    value, known = (part if part is None or not part.ndim else part[place] for part in values)
    if known is not None and not known:
        return None
    return value.item() if isinstance(value, np.generic | np.ndarray) else value


def workshops_behind(day: Snapshot, t: Ints, s: Ints) -> Array:
    """Return which sessions count as needed for each offer: its own or, of a buffet, what it leads to and is new."""
    block, edges, is_buffet = day.block_of(t), day.edges, day.frames.lessons.is_buffet[s]
    behind = (np.arange(block.width) == s[:, None]) & ~is_buffet[:, None]
    offer, edge = np.nonzero((edges.s == s[:, None]) & is_buffet[:, None])
    behind[offer, edges.s_next[edge]] = True
    attended = np.broadcast_to(block.column("attended").value, block.height * block.width).reshape(block.shape)
    again = is_buffet[:, None] & attended[t - block.first]
    return np.asarray(behind & ~again)


def follow_ups_behind(day: Snapshot, t: Ints, s: Ints) -> Ints:
    """Return the follow-up behind each offer's ``follow_count``, as rows: source, first day, count, support.

    That are the session that leads there, the first day on which the territory attended it since the renewal, how many
    territories gave the follow-up and how many could; `NONE` where the offer follows nothing.
    """
    block = day.block_of(t)
    ways, first = block.ways[t - block.first], block.first_recent[t - block.first]
    if not len(day.edges.s):
        return np.full((4, len(t)), NONE)
    chances = np.where(day.edges.s_next == s[:, None], chances_on(day, first, ways), 0.0)
    best = (chances > 0) & (chances == chances.max(axis=1, keepdims=True))
    edge = np.where(best, seen(day)[ways], NONE).argmax(axis=1)
    source, estimates = day.edges.s[edge], day.whole.estimates
    columns = source, first[np.arange(len(t)), source], estimates.counts[ways, edge], estimates.supports[ways, edge]
    return np.where(best.any(axis=1), np.stack(columns), NONE)
