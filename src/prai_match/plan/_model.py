"""The model without dates: which sessions are held, led and hosted by whom, and who comes.

Every dated plan is a solution of it (trainers' months are added up, and of the lags only those longer than the period
are kept), with at least the same objective: each territory is counted as served on its first possible day. So its
bound is a bound of the dated problem.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.calendar import ordinal
from prai_match.plan._matrix import Matrix
from prai_match.plan._tables import NOBODY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prai_match.plan._draft import Draft
    from prai_match.plan._matrix import Array
    from prai_match.plan._tables import Tables


@dataclass(frozen=True, slots=True)
class Choice:
    """A session chosen without its date: place, trainer and relay (NOBODY where booked), and the demands served."""

    g: int
    r: int
    p: int
    members: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Model:
    """The model and the numbers of its columns.

    Attributes:
        tables: What it is made from.
        matrix: Columns and rows.
        seats: ``n``, ``g`` and ``column`` of what can come where.
        leads: ``g``, ``r`` and ``column``.
        relays: ``g``, ``p`` and ``column``.
        equity: Column of each département, by ``d``.
        load: Column of each trainer, by ``r``.
    """

    tables: Tables
    matrix: Matrix
    seats: pl.DataFrame
    leads: pl.DataFrame
    relays: pl.DataFrame
    equity: dict[int, int]
    load: dict[int, int]

    def copy(self) -> Model:
        """Return the model with rows of its own, to which others can be added."""
        return replace(self, matrix=Matrix([*self.matrix.columns], [*self.matrix.rows]))

    def choices(self, values: Array) -> list[Choice]:
        """Read the sessions of a solution."""
        chosen = {
            name: frame.filter(pl.Series(values[frame["column"].to_numpy()] > 0.5)).drop("column")  # noqa: PLR2004
            for name, frame in (("seats", self.seats), ("leads", self.leads), ("relays", self.relays))
        }
        members: dict[int, list[int]] = {}
        for n, g in chosen["seats"].select("n", "g").iter_rows():
            members.setdefault(g, []).append(n)
        leads = dict(chosen["leads"].select("g", "r").iter_rows())
        relays = dict(chosen["relays"].select("g", "p").iter_rows())
        booked = {place.g for place in self.tables.places if place.booked}
        return [
            Choice(g, leads.get(g, NOBODY), relays.get(g, NOBODY), tuple(members.get(g, ())))
            for g in sorted(leads.keys() | (members.keys() & booked))
        ]

    def start(self, draft: Draft) -> Array:
        """Return a draft as values of the columns."""
        import numpy as np  # noqa: PLC0415 - comes with the solver

        values = np.zeros(self.matrix.width)
        columns = {
            name: {(a, b): column for a, b, column in frame.select(*keys, "column").iter_rows()}
            for name, frame, keys in (
                ("seats", self.seats, ("n", "g")),
                ("leads", self.leads, ("g", "r")),
                ("relays", self.relays, ("g", "p")),
            )
        }
        for n, g in draft.at.items():
            values[columns["seats"][n, g]] = 1
        for g, held in draft.sessions.items():
            values[g] = 1
            if not self.tables.places[g].booked:
                values[columns["leads"][g, held.r]] = 1
                values[columns["relays"][g, held.p]] = 1
        for d, column in self.equity.items():
            values[column] = min(self.tables.half[d], draft.served.get(d, 0))
        for r, column in self.load.items():
            values[column] = max(0.0, draft.led.get(r, 0) - self.tables.capacity.get(r, 0) / 2)
        return values

    def forbid(self, n: int, source: int, unless: Iterable[int] = ()) -> None:
        """Forbid a demand together with what leads to it, unless one of the others that lead to it is served too."""
        signs = {n: 1.0, source: 1.0, **dict.fromkeys(unless, -1.0)}
        columns = self.seats.filter(pl.col("n").is_in(list(signs)))
        signed = columns.with_columns(value=pl.col("n").replace_strict(signs, return_dtype=pl.Float64))
        self.matrix.add_rows("lag", _entries(signed, pl.lit(0), "value"), upper=1.0)

    def most(self) -> float:
        """Return a bound that needs no solving: every demand served where it brings most."""
        best = self.seats.group_by("n", maintain_order=True).agg(pl.col("points").max())["points"].clip(0).sum()
        stays = self.tables.weights.stay * len(self.tables.before)
        return float(best) + stays + self.tables.weights.equity * sum(self.tables.half.values())

    def exclude(self, seats: list[tuple[int, int]], leads: list[tuple[int, int]]) -> None:
        """Forbid demands (``n``, ``g``) and trainers (``g``, ``r``) at places."""
        for frame, keys, pairs in ((self.seats, ("n", "g"), seats), (self.leads, ("g", "r"), leads)):
            out = pl.DataFrame(pairs, schema=dict.fromkeys(keys, pl.UInt32), orient="row")
            columns = frame.join(out, on=keys, how="semi")
            self.matrix.add_rows("day", _entries(columns, "column", pl.lit(1.0)), upper=0.0)


def model(tables: Tables) -> Model:
    """Build the model; places are its first columns."""
    import numpy as np  # noqa: PLC0415 - comes with the solver

    inputs, weights, matrix = tables.inputs, tables.weights, Matrix()
    able = {*tables.leads} & {*tables.relays}
    upper = np.array([float(place.booked or place.g in able) for place in tables.places])
    # A session that stays may have its day again: which day it gets isn't known here.
    stay = weights.stay / 4
    matrix.add_columns(np.array([2 * stay * (place.g in tables.before) for place in tables.places]), upper)
    seats = _seats(tables)
    seats = _numbered(seats, matrix.add_columns(seats["points"].to_numpy()))
    leads = inputs.leads.filter(pl.col("r").is_in(list(tables.capacity)))
    costs = leads.select(stay * _as_before(tables, "r") - weights.euros * pl.col("weighed")).to_series()
    leads = _numbered(leads, matrix.add_columns(costs.to_numpy()))
    same = inputs.relays.select(stay * _as_before(tables, "p")).to_series()
    relays = _numbered(inputs.relays, matrix.add_columns(same.to_numpy()))
    halves = sorted(tables.half)
    first = matrix.add_columns(
        np.full(len(halves), weights.equity), np.array([tables.half[d] for d in halves]), whole=False
    )
    equity = {d: first + index for index, d in enumerate(halves)}
    trainers = sorted(tables.capacity)
    first = matrix.add_columns(np.full(len(trainers), -weights.load), np.inf, whole=False)
    load = {r: first + index for index, r in enumerate(trainers)}
    made = Model(tables, matrix, seats, leads, relays, equity, load)
    _seat_rows(made)
    _resource_rows(made)
    _lag_rows(made)
    return made


def _as_before(tables: Tables, number: str) -> pl.Expr:
    """Tell (1 or 0) the trainers or relays that a place had in the plan before."""
    before = tables.inputs.before.select("g", number)
    return pl.struct("g", number).is_in(before.to_struct().implode()).cast(pl.Float64)


def _numbered(frame: pl.DataFrame, first: int) -> pl.DataFrame:
    return frame.with_row_index("column", first).with_columns(pl.col("column").cast(pl.Int64))


def _entries(frame: pl.DataFrame, row: str | pl.Expr, value: str | pl.Expr) -> pl.DataFrame:
    return frame.select(
        row=pl.col(row).cast(pl.Int64) if isinstance(row, str) else row.cast(pl.Int64),
        column=pl.col("column").cast(pl.Int64),
        value=pl.col(value).cast(pl.Float64) if isinstance(value, str) else value.cast(pl.Float64),
    )


def _seats(tables: Tables) -> pl.DataFrame:
    """Return what can come where, with the points that it would bring on its first possible day."""
    begin = tables.begin
    demands = pl.DataFrame(
        {
            "n": [demand.n for demand in tables.demands],
            "people": [demand.people for demand in tables.demands],
            "counted": [demand.counted for demand in tables.demands],
            "worth": [demand.worth for demand in tables.demands],
            "old": [demand.old for demand in tables.demands],
            "since": [tables.since(demand, begin) for demand in tables.demands],
        },
        schema={
            "n": pl.UInt32,
            **dict.fromkeys(("people", "counted"), pl.Int64),
            **dict.fromkeys(("worth", "old"), pl.Float64),
            "since": pl.Int64,
        },
    )
    days = tables.inputs.places.select("g", "booked", day=ordinal("date"))
    day = pl.coalesce("day", "since")
    early = (1 - (day - tables.first) / max(1, tables.last - tables.first)).clip(0, 1)
    return (
        tables.inputs.seats.join(demands, on="n")
        .join(days, on="g")
        .filter(
            pl.col("since") <= pl.coalesce("day", pl.lit(tables.last)), pl.col("booked") | pl.lit(bool(tables.month))
        )
        .join(tables.inputs.came.select("n", "g", came=pl.lit(tables.weights.stay / 10)), on=["n", "g"], how="left")
        .with_columns(
            points=pl.col("worth")
            + pl.col("came").fill_null(0.0)
            - tables.weights.km * pl.col("km")
            + pl.col("old") * early
        )
        .sort("g", "n")
    )


def _seat_rows(made: Model) -> None:
    """Who comes: once each, in sessions that are held, full enough, with their host and a trainer for the axis."""
    tables, matrix, seats = made.tables, made.matrix, made.seats
    places = pl.DataFrame(
        [(place.g, place.n, place.least, place.most, place.booked) for place in tables.places],
        schema={"g": pl.UInt32, "host": pl.UInt32, "least": pl.Int64, "most": pl.Int64, "booked": pl.Boolean},
        orient="row",
    ).with_columns(column=pl.col("g").cast(pl.Int64))
    new = places.filter(~pl.col("booked"))
    matrix.add_rows("once", _entries(seats, "n", pl.lit(1.0)), upper=1.0)
    people = _entries(seats, "g", "people")
    matrix.add_rows("seats_max", pl.concat([people, _entries(places, "g", -pl.col("most"))]), upper=0.0)
    fewest = seats.join(new.select("g"), on="g", how="semi")
    entries = [_entries(fewest, "g", -pl.col("counted")), _entries(new, "g", "least")]
    matrix.add_rows("seats_min", pl.concat(entries), upper=0.0)
    held = new.select("g", "host", place="column")
    each = seats.join(held, on="g").with_row_index("row")
    hosts = pl.col("n") == pl.col("host")
    for group, lower in ((each.filter(~hosts), None), (each.filter(hosts), 0.0)):
        places_of = group.select("row", column="place")
        entries = [_entries(group, "row", pl.lit(1.0)), _entries(places_of, "row", pl.lit(-1.0))]
        matrix.add_rows("host", pl.concat(entries), upper=0.0, lower=lower)
    pace = seats.join(tables.inputs.demands.select("n", "t"), on="n")
    matrix.add_rows("pace", _entries(pace, "t", pl.lit(1.0)), upper=float(tables.inputs.each))
    for name, frame in (("trainer_reach", made.leads), ("relay_covers", made.relays)):
        entries = [_entries(frame, "g", pl.lit(1.0)), _entries(new, "g", pl.lit(-1.0))]
        matrix.add_rows(name, pl.concat(entries), upper=0.0, lower=0.0)
    chosen = each.join(tables.inputs.demands.filter("chosen").select("n", "x"), on="n")
    knows = tables.inputs.snapshot.frames.expertise
    able = chosen.select("row", "g", "x").join(made.leads.select("g", "r", "column"), on="g")
    able = able.join(knows, on=["r", "x"], how="semi")
    entries = [_entries(chosen, "row", pl.lit(1.0)), _entries(able, "row", pl.lit(-1.0))]
    matrix.add_rows("trainer_expertise", pl.concat(entries), upper=0.0)


def _resource_rows(made: Model) -> None:
    """Money, the rooms of relays, the months of trainers, the points of equity and load."""
    tables, matrix = made.tables, made.matrix
    if tables.cents is not None:
        cost = _entries(made.leads, pl.lit(0), (pl.col("weighed") * 100).round())
        matrix.add_rows("budget", cost, upper=float(tables.cents))
    limited = {p: float(left) for p, left in tables.room.items() if left is not None}
    relays = made.relays.filter(pl.col("p").is_in(list(limited)))
    matrix.add_rows("relay_room", _entries(relays, "p", pl.lit(1.0)), upper=limited)
    led = _entries(made.leads, "r", pl.lit(1.0))
    matrix.add_rows("trainer_month", led, upper={r: float(left) for r, left in tables.capacity.items()})
    over = _columns(made.load, -1.0).filter(pl.col("row").is_in(led["row"].unique().implode()))
    matrix.add_rows("load", pl.concat([led, over]), upper={r: left / 2 for r, left in tables.capacity.items()})
    served = made.seats.join(tables.inputs.demands.select("n", "d"), on="n")
    entries = pl.concat([_entries(served, "d", pl.lit(-1.0)), _columns(made.equity, 1.0)])
    matrix.add_rows("equity", entries, upper=0.0)


def _columns(numbers: dict[int, int], value: float) -> pl.DataFrame:
    rows: list[tuple[Any, ...]] = [(key, column, value) for key, column in numbers.items()]
    return pl.DataFrame(rows, schema={"row": pl.Int64, "column": pl.Int64, "value": pl.Float64}, orient="row")


def _lag_rows(made: Model) -> None:
    """Forbid what would follow something of the plan by less than its lag, however early that is."""
    tables = made.tables
    begin = tables.begin
    for n, sources in sorted(tables.sources.items()):
        late = [m for m, lag in sources if begin + lag > tables.last]
        if tables.demands[n].release is None:
            for m in late:
                made.forbid(n, m, [other for other, _ in sources if other not in late])
