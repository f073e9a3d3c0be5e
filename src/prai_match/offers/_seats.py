"""The possible seats in a period, independent of choices: who can attend which host, with which actors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np
import polars as pl

from prai_match.calendar import day_number
from prai_match.offers._facts import Array, Ints
from prai_match.offers._geography import pairs_within
from prai_match.offers._hosts import able_to_join
from prai_match.offers._levels import LevelRows
from prai_match.offers._rulebook import NO_RULES, PASSES, Rulings
from prai_match.offers._snapshot import Snapshot
from prai_match.offers._stages import SessionCells, Sifting
from prai_match.policy import GRID, Policy, Stage, Values

# The levels of rules that may read the day; the years of relays are counted session by session.
_ON_DAYS = frozenset({"start trainer", "row", "year partner", "year departement session partner"})
_ROWS = 500_000  # of trainers and days that are judged at once


class EveryDay(Snapshot):
    """A day on which any open day may be the first of an offer, not only those that territories start from."""

    @cached_property
    def first_days(self) -> Ints:
        return np.flatnonzero(np.pad(self.is_open, ((0, 0), (0, 1)), constant_values=True))

    def on_no_day(self, names: Iterable[str]) -> bool:
        """Whether none of some columns depends on the day on which a session is held."""
        return all(self.levels[name] != "start trainer" and name != "trainer_people" for name in names)

    @classmethod
    def of(cls, day: Snapshot) -> Self:
        return cls(**{field.name: getattr(day, field.name) for field in fields(Snapshot)})


class OneDay(EveryDay):
    """A day on which the first alone, open or not, can be that of an offer and of a booked session that is joined."""

    @cached_property
    def _opens(self) -> tuple[Array, Ints]:
        return np.ones((1, self.length), bool), np.zeros_like(super()._opens[1])

    @cached_property
    def joinable(self) -> Ints:
        b = super().joinable
        return np.asarray(b[self.frames.booked.rows["date"][b] == self.first])


def on_date(day: Snapshot, date: dt.date) -> tuple[EveryDay, OneDay]:
    """Return a day as what is held on ``date`` is judged, which ends its horizon, and the same for this date alone."""
    frames, wait, once = day.frames, (date - day.on).days, day.memo.once
    horizon = max(frames.horizon_days, min(wait, (frames.days.period.end - day.on).days))
    far, alone = replace(frames, horizon_days=horizon), replace(frames, notice_days=wait, horizon_days=wait)
    every = once("every day", lambda: EveryDay.of(replace(day, frames=far)), horizon)
    one = once("one day", lambda: OneDay.of(replace(day, frames=alone, council=None)), wait)
    return every.views[int(every.council_on(np.array([day_number(date)]))[0])], one


def seats(day: Snapshot, policy: Policy, cells: SessionCells) -> pl.DataFrame:
    """Return who can attend which session at which participating host: ``t``, ``s``, ``x``, ``h`` and ``km``.

    ``cells`` are those of territories at their own places, which can host if they are possible. Relays and trainers are
    checked for hosts only (see `relays` and `trainers`).
    """
    guests, hosts = np.flatnonzero(cells.stage > 0), np.flatnonzero(cells.possible)
    points, groups = day.frames.points, (cells.s[guests].astype(np.int64), cells.s[hosts].astype(np.int64))
    homes = points[cells.t[guests]], points[cells.t[hosts]]
    guest, host, km = pairs_within(*homes, day.frames.limits["travel_km"], groups)
    t, h = cells.t[guests[guest]].astype(np.int64), cells.t[hosts[host]].astype(np.int64)
    same = np.ones(len(t), bool) if day.council is None else day.council[t] == day.council[h]
    numbers = {"t": t, "s": groups[0][guest], "x": cells.x[guests[guest]].astype(np.int64), "h": h}
    keep = same & can_come(day, policy, numbers, cells.lag[guests[guest]])
    return pl.DataFrame({**{name: values[keep].astype(np.uint32) for name, values in numbers.items()}, "km": km[keep]})


def can_come(day: Snapshot, policy: Policy, numbers: Mapping[str, Ints], lags: Array) -> Array:
    """Return which of ``t`` can attend ``s`` at hosts ``h``, by the rules of the place, once their lag is over."""
    return _passes(day, policy, "place", numbers, lags)


def can_teach(day: Snapshot, policy: Policy, numbers: Mapping[str, Ints], places: Array) -> Array:
    """Return which trainers ``r`` can lead ``s`` for ``x`` at hosts ``h``, by their rules, on open days, by place."""
    return _passes(day, policy, "trainer", {**numbers, "t": numbers["h"]}, places)


def _passes(day: Snapshot, policy: Policy, stage: Stage, numbers: Mapping[str, Ints], places: Array) -> Array:
    """Return what passes a stage, judged as of the first open days from ``places`` on."""
    e = day.hosting.frames.number_of("t", "d")[numbers["h"]]
    numbers = {**numbers, "e": e, "k": day.first_of(numbers["t"], e, places)}
    sifting = Sifting.of(day, policy)
    block = sifting.block_for_places(numbers["t"]) if stage == "place" else None
    rows = LevelRows(day, numbers, block, people=sifting.audience.people)
    return np.asarray(sifting.rulings.places(stage, rows) == PASSES)


def joins(day: Snapshot, policy: Policy, cells: SessionCells) -> pl.DataFrame:
    """Return who can join which booked session (``b``, a row): ``t``, ``s``, ``b`` and ``km``."""
    cell, b, rows = able_to_join(Sifting.of(day, policy), cells)
    km = day.km_between(rows.number("t"), rows.number("h")) if len(b) else np.zeros(0)
    return pl.DataFrame({"t": cells.t[cell].astype(np.uint32), "s": cells.s[cell].astype(np.uint32), "b": b, "km": km})


def relays(day: Snapshot, policy: Policy) -> pl.DataFrame:
    """Return the relays that can carry each session in each département, and their ``points``; their years aside."""
    pairs, width = day.frames.pairs, day.width
    numbers = {"e": np.repeat(pairs.d, width), "p": np.repeat(pairs.p, width)}
    numbers["s"] = np.tile(np.arange(width), len(pairs.p))
    rulings, rows = Sifting.of(day, policy).rulings, LevelRows(day, numbers)
    keep = np.flatnonzero(rulings.places("partner", rows, but=_ON_DAYS) == PASSES)
    levels = rulings.book.rules["partner"].items()
    units = sum((each.units(rows) for level, each in levels if level not in _ON_DAYS), np.zeros(rows.size, np.int64))
    table = {name: numbers[name][keep].astype(np.uint32) for name in "esp"}
    return pl.DataFrame({**table, "points": units[keep] / GRID})


class AbleTrainers(NamedTuple):
    """Trainers who can be at places, a row each."""

    place: Ints  # which of the places
    r: Ints
    cost: Array  # euros; not a number: unknown
    counted: Array  # the same, with the fee that the programme assumes where it is unknown
    points: Array  # of the rules on trainers, but for those on days
    free: Array  # on which days of the horizon, from the first on, each can be there


def trainers(day: EveryDay, policy: Policy, numbers: Mapping[str, Ints]) -> AbleTrainers:
    """Return the trainers around some places, of which ``numbers`` has ``h``, ``s`` and ``x``."""
    frames = day.hosting.frames
    j, place = frames.around.rows(numbers["h"])
    every = {**{name: values[place] for name, values in numbers.items()}, "r": frames.reached["r"][j].astype(np.int64)}
    sifting = Sifting.of(day, policy)
    rulings, rows = sifting.rulings, LevelRows(day, every | {"j": j})
    keep = np.flatnonzero(rulings.places("trainer", rows, but=_ON_DAYS) == PASSES)
    rows = rows.take(keep)
    council = np.zeros(len(keep), np.int64) if day.council is None else day.council[rows.number("h")]
    open_row = day.rows_open(council, rows.number("e"))
    free = day.memo.once("free", lambda: _free(day, rulings), policy)[open_row, rows.number("r")]
    _leave_out(sifting, rows, open_row, free)
    able = np.flatnonzero(free.any(axis=1))
    rows = rows.take(able)
    levels = rulings.book.rules["trainer"].values()
    units = sum((each.units(rows) for each in levels if day.on_no_day(each.names)), np.int64(0))
    cost, counted = (_floats(rows[name], rows.size) for name in ("cost", "counted_cost"))
    points = np.broadcast_to(units, rows.size) / GRID
    return AbleTrainers(place[keep[able]], rows.number("r"), cost, counted, points, free[able])


def _leave_out(sifting: Sifting, rows: LevelRows, open_row: Ints, free: Array) -> None:
    """Leave out the days on which rules that read all of a row stop trainers, of whom ``free`` has the days."""
    day, rules = sifting.day, sifting.rulings.book.rules["trainer"].get("row", NO_RULES)

    def on_days(row: Ints, when: Ints) -> LevelRows:
        those = {name: rows.number(name)[row] for name in ("h", "s", "x", "r", "j")}
        k = np.searchsorted(day.first_days, open_row[row] * (day.length + 1) + when)
        return LevelRows(day, those | {"t": those["h"], "k": k}, people=sifting.audience.people)

    left = np.flatnonzero(free.any(axis=1)) if rules.names else np.zeros(0, np.int64)
    if len(left) and all(day.levels[name] != "start trainer" for name in rules.names):
        # Those who may come are only more from day to day: where they are as many in the end, one day tells of all.
        first, last = free[left].argmax(axis=1), day.length - 1 - free[left, ::-1].argmax(axis=1)
        begin, people = on_days(left, first), "trainer_people"
        same = np.broadcast_to(begin[people].value == on_days(left, last)[people].value, len(left))
        free[left[same & (rules.stops(begin) != PASSES)]] = False
        left = left[~same]
    for start in range(0, len(left), step := max(1, _ROWS // max(1, day.length))):
        part = left[start : start + step]
        row, when = np.nonzero(free[part])
        free[part[row], when] = rules.stops(on_days(part[row], when)) == PASSES


def _floats(values: Values, size: int) -> Array:
    return np.broadcast_to(values.value if values.known is None else np.where(values.known, values.value, np.nan), size)


def _free(day: EveryDay, rulings: Rulings) -> Array:
    """Return the open days on which trainers are present and pass the rules: rows of `is_open` × trainers × days."""
    size, (row, place) = day.frames.trainers.height, np.divmod(day.first_days, day.length + 1)
    passes = rulings.at("trainer", "start trainer").of(len(place) * size).place == PASSES
    able = (passes & (day.column("day").value == np.repeat(day.first + place, size))).reshape(len(place), size)
    free, here = np.zeros((len(day.is_open), size, day.length), bool), place < day.length
    free[row[here], :, place[here]] = able[here]
    return free
