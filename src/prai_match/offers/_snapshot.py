"""The snapshot of a day: every column at its level, each computed once; and the days of programmes."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from prai_match.calendar import day_numbers
from prai_match.followups import follow_ups_of
from prai_match.model import ProgrammeData, ProgrammeT, Rows, actors_as_of, once, substitute
from prai_match.offers import _outcomes
from prai_match.offers._blocks import MADE, TERRITORY, Block
from prai_match.offers._columns import FIXED, SOURCES, STORED, days_since, loads_joined, year_days, years
from prai_match.offers._day import Day
from prai_match.offers._facts import Array, Ints, Memo
from prai_match.offers._frames import Frames
from prai_match.offers._geography import km_apart
from prai_match.offers._levels import PLACE
from prai_match.offers._preparation import follow, prepare
from prai_match.offers._tables import needs_read, spelled
from prai_match.policy import Values
from prai_match.register import haversine_km

# Territories × sessions up to which the columns of all territories are kept: they are read again and again.
_SMALL = 20_000
_LEVELS: Final[dict[str, str]] = {
    **{name: level for level, names, _ in SOURCES for name in names},
    **{name: level for level, names in STORED.values() for name in names},
    **{name: level for name, (level, _) in FIXED.items()},
    **{name: "territory" if name in TERRITORY else "territory session" for name in MADE},
    **dict.fromkeys(("cost", "counted_cost", "trainer_people"), "row"),
    **dict.fromkeys(PLACE, "place"),
}
_MADE: Final = {name: make for _, names, make in SOURCES for name in names}
_OWN: Final = {table: STORED[table][0] for table in ("territories", "sessions", "partners", "trainers")}


class Snapshot(Day):
    """The frames on the day ``on``; nothing later is used."""

    replacements: cached_property[pl.DataFrame] = cached_property(_outcomes.replacements)
    loads_joined: cached_property[Array] = cached_property(loads_joined)
    year_days: cached_property[Ints] = cached_property(year_days)
    years: cached_property[Ints] = cached_property(years)

    @cached_property
    def levels(self) -> dict[str, str]:
        """The level of each column: the vocabulary's, the programme's own attributes and the user's columns."""
        own = {name: _OWN[table] for table, names in self.frames.attributes.items() for name in names}
        extra = [] if self.extra is None else self.extra.columns
        return _LEVELS | own | {name: "territory" for name in extra if name != "t"}

    @cached_property
    def memo(self) -> Memo:
        """What was made of the day and of something else."""
        return Memo()

    @cached_property
    def _columns(self) -> dict[str, Values]:
        return {}

    @cached_property
    def _by_first_day(self) -> dict[str, Values]:
        """Those that depend on the first days of sessions, and so on needs and councils."""
        return {}

    def column(self, name: str) -> Values:
        """Return a column that blocks of territories don't work out, at its level."""
        kept = self._by_first_day if _LEVELS.get(name) == "start trainer" else self._columns
        if name not in kept:
            make = _MADE.get(name)
            kept.update({name: self._stored(name)} if make is None else make(self))
        return kept[name]

    @property
    def fixed(self) -> frozenset[str]:
        """The columns that are the same on every day."""
        own = {} if self.extra is None else self.extra.schema
        types = {name: getattr(self.frames, table).schema[name] for name, table in self._tables.items()}
        return frozenset([*(name for name, each in types.items() if each != pl.Date and name not in own), *FIXED])

    def _stored(self, name: str) -> Values:
        if self.extra is not None and name in self.extra.columns:
            places = pl.Series(np.arange(self.frames.territories.height), dtype=pl.UInt32).to_frame("t")
            return Values.of(places.join(self.extra, on="t", how="left", maintain_order="left")[name])
        if name in FIXED:
            return Values(getattr(self.frames, FIXED[name][1]).reshape(-1))
        frame: pl.DataFrame = getattr(self.frames, self._tables[name])

        def make() -> Values | Ints:
            return day_numbers(frame[name]) if frame.schema[name] == pl.Date else Values.of(frame[name])

        stored = self.frames.memo.once(f"column {name}", make, frame)
        return stored if isinstance(stored, Values) else days_since(self.today, stored)

    @cached_property
    def _tables(self) -> dict[str, str]:
        """The table that contains each column unchanged."""
        own = self.frames.attributes
        return {name: table for table, (_, names) in STORED.items() for name in (*names, *own.get(table, ()))}

    def block(self, first: int, last: int) -> Block:
        """Return the territories from ``first`` to below ``last``, maybe among others; the last block is kept."""
        height = self.frames.territories.height
        if height * self.width <= _SMALL:
            first, last = 0, height
        return self.memo.once("block", lambda: Block(self, first, last, self.column), first, last)

    def block_of(self, territories: Ints) -> Block:
        """Return the block that has some territories."""
        return self.block(int(territories.min()), int(territories.max()) + 1) if len(territories) else self.block(0, 0)

    @cached_property
    def first_days(self) -> Ints:
        """The places of the first days of sessions; of many territories, all that there can be."""
        height, groups = self.frames.territories.height, self.frames.days.groups
        if height * self.width > _SMALL or len(groups) > 1:
            return super().first_days
        block = self.block(0, height)
        places = self.starts_of(np.arange(height)[:, None], block.number("d")[:, None], block.lags)
        return np.flatnonzero(np.bincount(places.ravel(), minlength=1))

    @property
    def hosting(self) -> Snapshot:
        return self

    @property
    def alike(self) -> Ints:
        """The number of each unchanged territory, for trials of facts."""
        return self.homes

    @property
    def reach_keys(self) -> Ints:
        """One number for each territory where sessions are held and trainer around, in order."""
        frames = self.hosting.frames
        t, r = frames.reached["t"], frames.reached["r"]
        return frames.memo.once("reach keys", lambda: t * np.int64(frames.trainers.height) + r, frames.reach)

    def distance(self, h: Array, r: Array) -> Array:
        """Return the kilometres between where sessions are held and trainers, near one another or not."""
        frames = self.hosting.frames
        keys, wanted = self.reach_keys, h * frames.trainers.height + r
        place = np.minimum(np.searchsorted(keys, wanted), max(0, len(keys) - 1))
        near = keys[place] == wanted if len(keys) else np.zeros(len(h), bool)
        distances = np.zeros(len(h))
        distances[near] = frames.distances[place[near]]
        away = ~near & (r >= 0)
        if away.any():
            here, there = (table.select("latitude", "longitude") for table in (frames.territories, frames.trainers))
            far = here[h[away]].hstack(there[r[away]].rename(lambda name: f"{name}2"))
            distances[away] = far.select(km=haversine_km("latitude", "longitude", "latitude2", "longitude2"))["km"]
        return distances

    def km_between(self, t: Array, h: Array) -> Array:
        """Return the kilometres between territories and those where sessions are held."""
        points = self.hosting.frames.points
        return km_apart(points[self.homes[t]], points[h])


def frames_of(programme: ProgrammeData) -> Frames:
    """Return the frames of a programme, prepared once; its own lexicon reads its needs."""
    return once(programme, "frames", lambda: prepare(programme))


def seen_on(programme: ProgrammeData, on: dt.date) -> ProgrammeData:
    """Return the programme with the relays and trainers that are known on a day; the last one is kept."""
    seen = actors_as_of(programme, on)
    if seen is programme:
        return programme
    last: dict[str, ProgrammeData] = once(programme, "seen", dict)
    kept = last.get("seen", programme)
    if (kept.partners, kept.trainers) == (seen.partners, seen.trainers):
        return kept
    here, every = ([*(p.id for p in each.partners), *(t.id for t in each.trainers)] for each in (seen, programme))
    if here == every:  # who leaves later is there on the day
        once(seen, "frames", lambda: frames_of(programme))
    else:
        hand_on(programme, seen)
    last["seen"] = seen
    return seen


def hand_on(before: ProgrammeData, after: ProgrammeT) -> ProgrammeT:
    """Give a programme the frames of the one that it was made from, and its day, as far as they are the same."""
    if "frames" in before.computed:
        frames: Frames = before.computed["frames"][1]
        now = once(after, "frames", lambda: follow(frames, before, after))
        others = (each.name for each in fields(now) if each.name not in {"needs", "decisions"})
        if all(getattr(now, name) is getattr(frames, name) for name in others):
            days: dict[dt.date, Snapshot] = before.computed.get("day", ((), {}))[1]
            once(after, "day", lambda: {on: day.but(frames=now) for on, day in list(days.items())})
    return after


def without_words(programme: ProgrammeT, before: dt.date) -> ProgrammeT:
    """Return the programme without the words of needs expressed before a day, with what was read in them."""
    needs, read = programme.needs.to_polars(), needs_read(programme)
    old, stated = pl.col("date") < before, pl.col("workshop").is_not_null() & pl.col("score").is_null()
    kept = spelled(needs, read, needs.select(old & ~stated).to_series())
    kept = kept.with_columns(text=pl.when(old).then(pl.lit("")).otherwise("text")).drop("cell")
    after = substitute(programme, needs=Rows.over(programme.needs.row, kept))
    if "frames" in programme.computed:
        once(after, "frames", lambda: frames_of(programme))
    return after


def on_day(programme: ProgrammeData, on: dt.date) -> Snapshot:
    """Return what is known on a day; the day that was asked about last is kept: it is asked about again and again."""
    last: dict[dt.date, Snapshot] = once(programme, "day", dict)
    if on not in last:
        last.clear()
        last[on] = Snapshot(frames_of(programme), on, follow_ups_of(programme, on), None)
    return last[on]
