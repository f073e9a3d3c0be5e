"""The inputs of a plan as lists and sets, for building it session by session."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from prai_match.calendar import EPOCH, day_numbers, ordinal
from prai_match.packing._counts import Capacities, Flags, KnownSessions
from prai_match.packing._inputs import Inputs
from prai_match.packing._options import Weights


@dataclass(frozen=True, slots=True)
class Demand:
    """A session that may be offered to a territory; days are ordinals."""

    n: int
    t: int
    pair: int  # of the territory and the session: it is served once, whichever council decides
    x: int
    begin: int  # the first and the last day on which its council sits
    end: int
    people: int
    sure: int  # how many of them count towards the fewest of a session
    worth: float  # points of serving it anywhere, any day
    first: float  # points of serving its territory at all
    old: float  # points of serving it on the first day rather than on the last
    release: int | None  # first day after the lag of what it follows; None: it follows nothing attended


NOBODY = -1  # the number of a trainer or a relay that isn't known, or is left aside


@dataclass(frozen=True, slots=True)
class Place:
    """Where and what session can be held: ``n`` is its host's demand, ``day``, ``r`` and ``p`` are of a booked one."""

    g: int
    t: int
    s: int
    n: int | None
    booked: bool
    day: int | None
    r: int
    p: int
    least: int
    most: int


@dataclass(frozen=True, eq=False)
class Tables:
    """The inputs by number; see `Inputs` for what each holds."""

    inputs: Inputs
    weights: Weights
    demands: tuple[Demand, ...]
    places: tuple[Place, ...]
    seats: dict[int, dict[int, float]]
    leads: dict[int, dict[int, int]]
    relays: dict[int, list[int]]
    sources: dict[int, list[tuple[int, int]]]
    targets: dict[int, list[tuple[int, int]]]
    able: frozenset[tuple[int, int, int]]
    free: dict[tuple[int, int], list[int]]
    taken: frozenset[tuple[int, int]]
    room: dict[int, int | None]
    capacity: dict[int, int]
    before: dict[int, tuple[int, int, int]]
    came: dict[int, int]
    first: int
    last: int
    days: list[int]  # those that are open somewhere
    left: Capacities  # as the sessions that are known leave them, from the first day to the last

    def earliness(self, day: int) -> float:
        """Return the earliness of a day: from 1 on the first open day to 0 on the last."""
        return min(1.0, max(0.0, 1.0 - (day - self.first) / max(1, self.last - self.first)))

    @cached_property
    def is_open(self) -> Flags:
        """Which days from the first to the last are open somewhere."""
        return np.isin(np.arange(self.first, self.last + 1), self.days)

    @property
    def begin(self) -> int:
        """The first day on which anything can be held: the first open day, or that of a booked session before."""
        return min([self.first, *(place.day for place in self.places if place.day is not None)])

    def since(self, demand: Demand, begin: int) -> int:
        """Return the first day on which a demand can be served, whatever else is held from ``begin``."""
        return max(begin, demand.begin, demand.release or begin)

    def stays(self, g: int, r: int, p: int, day: int) -> float:
        if g not in self.before:
            return 0.0
        same = sum(now == before for now, before in zip((r, p, day), self.before[g], strict=True))
        return self.weights.stay / 4 * (1 + same)

    def returns(self, n: int, g: int) -> float:
        """Points for a demand that is served where it was in the plan before."""
        return self.weights.stay / 10 if self.came.get(n) == g else 0.0

    @property
    def cents(self) -> int | None:
        """The budget in cents; None if unlimited."""
        return None if self.inputs.budget is None else round(self.inputs.budget * 100)


CENTS = (pl.col("weighed") * 100).round().cast(pl.Int64)  # what it costs to have a trainer lead at a place
_OR_NOBODY = tuple(pl.col(name).cast(pl.Int64).fill_null(NOBODY) for name in ("r", "p"))


def tables(inputs: Inputs, weights: Weights) -> Tables:
    open_days, snapshot = inputs.open_days, inputs.snapshot
    days = open_days.select(ordinal("date")).to_series().to_list()
    first, last = (days[0], days[-1]) if days else [inputs.request.start.toordinal()] * 2
    months = inputs.months.select("r", "month")
    when = inputs.leads.select("r", "z").unique().join(inputs.free.join(open_days, on="date", how="semi"), on="z")
    when = when.with_columns(month=pl.col("date").dt.truncate("1mo")).join(months, on=["r", "month"], how="semi")
    free = groups(((r, z), day) for r, z, day in when.select("r", "z", ordinal("date")).sort("date").iter_rows())
    known = KnownSessions(
        np.zeros(inputs.record.height, np.int64),
        day_numbers(inputs.record["date"]),
        *inputs.record.select(*_OR_NOBODY).select("p", "r").to_numpy().T,
    )
    leads = inputs.leads.sort("g", "weighed", "r").select("g", "r", CENTS)
    return Tables(
        inputs=inputs,
        weights=weights,
        demands=tuple(Demand(*row) for row in demand_rows(inputs, weights).iter_rows()),
        places=tuple(Place(*row) for row in place_rows(inputs).iter_rows()),
        seats={g: dict(rows) for g, rows in groups(inputs.seats.select("g", "n", "km").iter_rows()).items()},
        leads={g: dict(rows) for g, rows in groups(leads.iter_rows()).items()},
        relays=groups(inputs.relays.select("g", "p").iter_rows()),
        sources=groups(inputs.after.select("n", "n_source", "lag_days").iter_rows()),
        targets=groups(inputs.after.select("n_source", "n", "lag_days").sort("n_source", "n").iter_rows()),
        able=frozenset(inputs.able.select("g", "r", "x").iter_rows()),
        free={(g, r): free.get((r, z), []) for g, r, z in inputs.leads.select("g", "r", "z").iter_rows()},
        taken=frozenset(inputs.taken.select("t", ordinal("date")).iter_rows()),
        room=dict(inputs.room.iter_rows()),
        capacity=dict(inputs.months.group_by("r").agg(pl.col("left").sum()).sort("r").iter_rows()),
        before={g: (r, p, day) for g, r, p, day in inputs.before.select("g", *_OR_NOBODY, ordinal("date")).iter_rows()},
        came=dict(inputs.came.select("n", "g").iter_rows()),
        first=first,
        last=last,
        days=days,
        left=Capacities.of(snapshot, inputs.programme.pace, 1, np.arange(first, last + 1) - EPOCH, known),
    )


def demand_rows(inputs: Inputs, weights: Weights) -> pl.DataFrame:
    """Return the fields of each `Demand`."""
    return inputs.demands.select(
        *("n", "t", "pair", "x"),
        *(ordinal(name) for name in ("begin", "end")),
        people=pl.col("elected") + pl.col("technicians"),
        sure="counted",
        worth=weights.score * pl.col("score"),
        first=weights.priority * pl.col("priority"),
        old=weights.early * pl.col("age"),
        release=ordinal("release"),
    )


def place_rows(inputs: Inputs) -> pl.DataFrame:
    """Return the fields of each `Place`."""
    bounds = inputs.snapshot.frames.sessions.select("s", pl.col("min_seats", "max_seats").cast(pl.Int64))
    return inputs.places.join(bounds, on="s", how="left", maintain_order="left").select(
        *("g", "t", "s", "n", "booked"),
        ordinal("date"),
        *_OR_NOBODY,
        least="min_seats",
        most=pl.coalesce("room", "max_seats"),
    )


def groups(rows: Iterable[tuple[Any, ...]]) -> dict[Any, list[Any]]:
    """Return the rows by their first value, in their order: of each what follows, more than one value as a tuple."""
    found: dict[Any, list[Any]] = {}
    for key, *rest in rows:
        found.setdefault(key, []).append(tuple(rest) if len(rest) > 1 else rest[0])
    return found
