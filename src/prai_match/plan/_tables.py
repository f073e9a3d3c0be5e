"""The inputs as plain lists and sets by number, for building plans session by session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.calendar import ordinal

if TYPE_CHECKING:
    from prai_match.plan._inputs import Inputs
    from prai_match.plan._options import Weights


@dataclass(frozen=True, slots=True)
class Demand:
    """A session that may be offered to a territory; days are ordinals."""

    n: int
    t: int
    d: int
    x: int
    has_axis: bool
    people: int
    sure: int  # how many of them count towards the fewest of a session
    worth: float  # points of serving it anywhere, any day
    old: float  # points of serving it on the first day rather than on the last
    release: int | None  # first day after the lag of what it follows; None: it follows nothing attended


NOBODY = -1
"""The number of a trainer or a relay that isn't known, or is left aside."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where and what session can be held: ``n`` is its host's demand, ``day``, ``r`` and ``p`` are of a booked one."""

    g: int
    t: int
    s: int
    least: int
    most: int
    n: int | None
    booked: bool
    day: int | None
    r: int
    p: int


@dataclass(frozen=True, eq=False)
class Tables:
    """The inputs by number; see `prai_match.plan._inputs.Inputs` for what each holds."""

    inputs: Inputs
    weights: Weights
    demands: tuple[Demand, ...]
    places: tuple[Place, ...]
    seats: dict[int, list[tuple[int, float]]]
    leads: dict[int, list[tuple[int, int]]]
    relays: dict[int, list[int]]
    sources: dict[int, list[tuple[int, int]]]
    targets: dict[int, list[tuple[int, int]]]
    knows: frozenset[tuple[int, int]]
    free: dict[int, list[int]]
    months: dict[tuple[int, int], int]
    room: dict[int, int | None]
    capacity: dict[int, int]
    before: dict[int, tuple[int, int, int]]
    came: dict[int, int]
    half: dict[int, float]
    first: int
    last: int
    month: dict[int, int]

    def earliness(self, day: int) -> float:
        """From 1 on the first open day to 0 on the last."""
        return min(1.0, max(0.0, 1.0 - (day - self.first) / max(1, self.last - self.first)))

    @property
    def begin(self) -> int:
        """The first day on which anything can be held: the first open day, or that of a booked session before."""
        return min([self.first, *(place.day for place in self.places if place.day is not None)])

    def since(self, demand: Demand, begin: int) -> int:
        """Return the first day on which a demand can be served, whatever else is held from ``begin``."""
        if demand.release is None:
            return begin
        return min([demand.release, *(begin + lag for _, lag in self.sources.get(demand.n, ()))])

    def stays(self, g: int, r: int, p: int, day: int) -> float:
        """Points for what stays of a session of the plan before."""
        if g not in self.before:
            return 0.0
        old_r, old_p, old_day = self.before[g]
        same = 1 + (r == old_r) + (p == old_p) + (day == old_day)
        return self.weights.stay / 4 * same

    def returns(self, n: int, g: int) -> float:
        """Points for a demand that is served where it was in the plan before."""
        return self.weights.stay / 10 if self.came.get(n) == g else 0.0

    @property
    def cents(self) -> int | None:
        """The budget in cents; None: no limit."""
        budget = self.inputs.budget
        return None if budget is None else round(budget * 100)


_OR_NOBODY = tuple(pl.col(name).cast(pl.Int64).fill_null(NOBODY) for name in ("r", "p"))


def tables(inputs: Inputs, weights: Weights) -> Tables:
    """Put the inputs in lists and sets."""
    open_days = inputs.open_days["date"].to_list()
    days = open_days or [inputs.request.start]
    cents = (pl.col("weighed") * 100).round().cast(pl.Int64)
    months = {(r, day.toordinal()): left for r, day, left in inputs.months.select("r", "month", "left").iter_rows()}
    capacity = inputs.months.group_by("r").agg(pl.col("left").sum()).sort("r")
    return Tables(
        inputs=inputs,
        weights=weights,
        demands=tuple(_demands(inputs, weights)),
        places=tuple(_places(inputs)),
        seats=_groups(inputs.seats.select("g", "n", "km")),
        leads=_groups(inputs.leads.sort("g", "weighed", "r").select("g", "r", cents)),
        relays={g: [p for (p,) in rows] for g, rows in _groups(inputs.relays).items()},
        sources=_groups(inputs.after.select("n", "n_source", "lag_days")),
        targets=_groups(inputs.after.select("n_source", "n", "lag_days").sort("n_source", "n")),
        knows=frozenset(inputs.snapshot.frames.expertise.select("r", "x").iter_rows()),
        free={r: [day.toordinal() for (day,) in rows] for r, rows in _groups(inputs.free.select("r", "date")).items()},
        months=months,
        room=dict(inputs.room.iter_rows()),
        capacity=dict(capacity.iter_rows()),
        before={g: (r, p, day) for g, r, p, day in inputs.before.select("g", *_OR_NOBODY, ordinal("date")).iter_rows()},
        came=dict(inputs.came.select("n", "g").iter_rows()),
        half=dict(inputs.demands.group_by("d").agg(pl.len() / 2).iter_rows()),
        first=days[0].toordinal(),
        last=days[-1].toordinal(),
        month={day.toordinal(): day.replace(day=1).toordinal() for day in open_days},
    )


def _demands(inputs: Inputs, weights: Weights) -> list[Demand]:
    together = (pl.col("elected") > 0) & (pl.col("technicians") > 0)
    rows = inputs.demands.select(
        *("n", "t", "d", "x", "chosen"),
        people=pl.col("elected") + pl.col("technicians"),
        sure="counted",
        worth=weights.score * pl.col("score") + weights.together * together,
        old=weights.early * pl.col("age"),
        release=ordinal("release"),
    )
    return [Demand(*row) for row in rows.iter_rows()]


def _places(inputs: Inputs) -> list[Place]:
    bounds = inputs.snapshot.frames.sessions.select("s", pl.col("min_seats", "max_seats").cast(pl.Int64))
    rows = inputs.places.join(bounds, on="s", how="left", maintain_order="left").select(
        "g", "t", "s", "min_seats", "max_seats", "n", "booked", ordinal("date"), *_OR_NOBODY
    )
    return [Place(*row) for row in rows.iter_rows()]


def _groups(frame: pl.DataFrame) -> dict[int, list[Any]]:
    """Return the rows of each value of the first column, as tuples of the others, in their order."""
    groups: dict[int, list[Any]] = {}
    for key, *rest in frame.iter_rows():
        groups.setdefault(key, []).append(tuple(rest))
    return groups
