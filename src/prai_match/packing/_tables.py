"""What a plan is made from, as lists and sets for building it session by session."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from prai_match.calendar import ordinal
from prai_match.packing import _candidates
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
    seats: dict[int, list[tuple[int, float]]]
    leads: dict[int, list[tuple[int, int]]]
    relays: dict[int, list[int]]
    sources: dict[int, list[tuple[int, int]]]
    targets: dict[int, list[tuple[int, int]]]
    able: frozenset[tuple[int, int, int]]
    free: dict[tuple[int, int], list[int]]
    taken: frozenset[tuple[int, int]]
    months: dict[tuple[int, int], int]
    room: dict[int, int | None]
    capacity: dict[int, int]
    before: dict[int, tuple[int, int, int]]
    came: dict[int, int]
    first: int
    last: int
    month: dict[int, int]
    held: list[tuple[int, int | None]]  # the day, by number, and the relay of each session that is known
    led: dict[int, list[int]]  # the days on which each trainer leads a session that is known
    hosted: dict[int, list[int]]  # the same of relays
    a_year: dict[int, int]  # how many sessions each of them carries a year, where that is known
    around: dict[int, float]  # how many sessions each of them can have in two months, that of the day aside

    def earliness(self, day: int) -> float:
        """From 1 on the first open day to 0 on the last."""
        return min(1.0, max(0.0, 1.0 - (day - self.first) / max(1, self.last - self.first)))

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
        """The budget in cents; None: no limit."""
        return None if self.inputs.budget is None else round(self.inputs.budget * 100)


CENTS = (pl.col("weighed") * 100).round().cast(pl.Int64)  # what it costs to have a trainer lead at a place
_OR_NOBODY = tuple(pl.col(name).cast(pl.Int64).fill_null(NOBODY) for name in ("r", "p"))


def tables(inputs: Inputs, weights: Weights) -> Tables:
    open_days = inputs.open_days["date"].to_list()
    days = open_days or [inputs.request.start]
    when = {z: [day.toordinal() for (day,) in rows] for z, rows in groups(inputs.free.select("z", "date")).items()}
    return Tables(
        inputs=inputs,
        weights=weights,
        demands=tuple(Demand(*row) for row in demand_rows(inputs, weights).iter_rows()),
        places=tuple(Place(*row) for row in place_rows(inputs).iter_rows()),
        seats=groups(inputs.seats.select("g", "n", "km")),
        leads=groups(inputs.leads.sort("g", "weighed", "r").select("g", "r", CENTS)),
        relays={g: [p for (p,) in rows] for g, rows in groups(inputs.relays.select("g", "p")).items()},
        sources=groups(inputs.after.select("n", "n_source", "lag_days")),
        targets=groups(inputs.after.select("n_source", "n", "lag_days").sort("n_source", "n")),
        able=frozenset(inputs.able.select("g", "r", "x").iter_rows()),
        free={(g, r): when.get(z, []) for g, r, z in inputs.leads.select("g", "r", "z").iter_rows()},
        taken=frozenset(inputs.taken.select("t", ordinal("date")).iter_rows()),
        months={(r, day.toordinal()): n for r, day, n in inputs.months.select("r", "month", "left").iter_rows()},
        room=dict(inputs.room.iter_rows()),
        capacity=dict(inputs.months.group_by("r").agg(pl.col("left").sum()).sort("r").iter_rows()),
        before={g: (r, p, day) for g, r, p, day in inputs.before.select("g", *_OR_NOBODY, ordinal("date")).iter_rows()},
        came=dict(inputs.came.select("n", "g").iter_rows()),
        first=days[0].toordinal(),
        last=days[-1].toordinal(),
        month={day.toordinal(): day.replace(day=1).toordinal() for day in open_days},
        held=inputs.record.select(pl.col("date").dt.epoch("d").cast(pl.Int64), "p").rows(),
        led=_days_of(inputs.record, "r"),
        hosted=_days_of(inputs.record, "p"),
        a_year=dict(inputs.snapshot.frames.partners.select("p", "per_year").drop_nulls().iter_rows()),
        around=dict(_candidates.around(inputs.snapshot).iter_rows()),
    )


def _days_of(record: pl.DataFrame, number: str) -> dict[int, list[int]]:
    """Return the days of the sessions of each trainer or relay."""
    rows = groups(record.drop_nulls(number).select(number, ordinal("date")))
    return {actor: [day for (day,) in days] for actor, days in rows.items()}


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


def groups(frame: pl.DataFrame) -> dict[int, list[Any]]:
    """Return the rows of each value of the first column, as tuples of the others, in their order."""
    groups: dict[int, list[Any]] = {}
    for key, *rest in frame.iter_rows():
        groups.setdefault(key, []).append(tuple(rest))
    return groups
