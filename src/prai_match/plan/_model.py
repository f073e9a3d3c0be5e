"""The model without dates: which sessions are held, led and hosted by whom, and who comes.

Every dated plan is a solution of it (trainers' months are added up, and of the lags only those longer than the period
are kept), with at least the same objective: each territory is counted as served on its first possible day. So its
bound is a bound of the dated problem.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

import numpy as np
import polars as pl

from prai_match.calendar import EPOCH, ordinal
from prai_match.offers import Array
from prai_match.packing import NOBODY, Draft, PaceCount, Tables, demand_rows, place_rows
from prai_match.plan._solver import Matrix


@dataclass(frozen=True, slots=True)
class UndatedSession:
    """A session chosen without its date: place, trainer and relay (NOBODY where booked), and the demands served."""

    g: int
    r: int
    p: int
    members: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class UndatedModel:
    """The model and the numbers of its columns."""

    tables: Tables
    matrix: Matrix
    seats: pl.DataFrame  # ``n``, ``g`` and ``column`` of what can come where
    leads: pl.DataFrame  # ``g``, ``r`` and ``column``
    relays: pl.DataFrame  # ``g``, ``p`` and ``column``
    first: dict[int, int]  # column of each territory, by ``t``
    load: dict[int, int]  # column of each trainer, by ``r``

    def sessions(self, values: Array) -> list[UndatedSession]:
        seats, leads, relays = (
            frame.filter(pl.Series(values[frame["column"].to_numpy()] > 0.5))  # noqa: PLR2004
            for frame in (self.seats, self.leads, self.relays)
        )
        members: dict[int, list[int]] = {}
        for n, g in seats.select("n", "g").iter_rows():
            members.setdefault(g, []).append(n)
        trainer, relay = dict(leads.select("g", "r").iter_rows()), dict(relays.select("g", "p").iter_rows())
        booked = {place.g for place in self.tables.places if place.booked}
        return [
            UndatedSession(g, trainer.get(g, NOBODY), relay.get(g, NOBODY), tuple(members.get(g, ())))
            for g in sorted(trainer.keys() | (members.keys() & booked))
        ]

    def start(self, draft: Draft) -> Array:
        values = np.zeros(self.matrix.width)
        new = [session for g, session in draft.sessions.items() if not self.tables.places[g].booked]
        for frame, keys, pairs in (
            (self.seats, ("n", "g"), list(draft.at.items())),
            (self.leads, ("g", "r"), [(session.g, session.r) for session in new]),
            (self.relays, ("g", "p"), [(session.g, session.p) for session in new]),
        ):
            values[_among(frame, keys, pairs)["column"].to_numpy()] = 1
        values[list(draft.sessions)] = 1
        for t, column in self.first.items():
            values[column] = min(1, draft.count[t])
        for r, column in self.load.items():
            values[column] = max(0.0, draft.load[r] - self.tables.capacity.get(r, 0) / 2)
        return values

    def forbid(self, n: int, source: int, unless: Iterable[int] = ()) -> None:
        """Forbid a demand together with what leads to it, unless one of the others that lead to it is served too."""
        signs = {n: 1.0, source: 1.0, **dict.fromkeys(unless, -1.0)}
        columns = self.seats.filter(pl.col("n").is_in(list(signs)))
        sign = pl.col("n").replace_strict(signs, return_dtype=pl.Float64)
        self.matrix.add_rows("lag", _entries(columns, pl.lit(0), sign), upper=1.0)

    def most(self) -> float:
        """Return a bound that needs no solving: every demand served where it brings most."""
        best = self.seats.group_by("n", maintain_order=True).agg(pl.col("points").max())["points"].clip(0).sum()
        stays = self.tables.weights.stay * len(self.tables.before)
        return float(best) + stays + sum({each.t: each.first for each in self.tables.demands}.values())

    def exclude(self, seats: list[tuple[int, int]], leads: list[tuple[int, int]]) -> None:
        for frame, keys, pairs in ((self.seats, ("n", "g"), seats), (self.leads, ("g", "r"), leads)):
            self.matrix.add_rows("day", _entries(_among(frame, keys, pairs), "column", _ONE), upper=0.0)


_ONE, _ENTRY = pl.lit(1.0), pl.Schema({"row": pl.Int64, "column": pl.Int64, "value": pl.Float64})


def _among(frame: pl.DataFrame, keys: tuple[str, str], pairs: list[tuple[int, int]]) -> pl.DataFrame:
    return frame.join(pl.DataFrame(pairs, schema=dict.fromkeys(keys, pl.UInt32), orient="row"), on=keys, how="semi")


def model_of(tables: Tables) -> UndatedModel:
    """Build the model; places are its first columns."""
    inputs, weights, matrix = tables.inputs, tables.weights, Matrix()
    able = {*tables.leads} & {*tables.relays}
    upper = np.array([float(place.booked or place.g in able) for place in tables.places])
    # A session that stays may have its day again: which day it gets isn't known here.
    stay = weights.stay / 4
    matrix.add_columns(np.array([2 * stay * (place.g in tables.before) for place in tables.places]), upper)
    seats = _with_columns(matrix, _seats(tables), pl.col("points"))
    leads = inputs.leads.filter(pl.col("r").is_in(list(tables.capacity)))
    leads = _with_columns(matrix, leads, stay * _as_before(tables, "r") - weights.euros * pl.col("weighed"))
    relays = _with_columns(matrix, inputs.relays, stay * _as_before(tables, "p"))
    worth = dict(sorted({each.t: each.first for each in tables.demands}.items()))
    place = matrix.add_columns(np.array([*worth.values()]), 1.0, whole=False)
    first = dict(zip(worth, count(place), strict=False))
    place = matrix.add_columns(np.full(len(tables.capacity), -weights.load), np.inf, whole=False)
    load = dict(zip(sorted(tables.capacity), count(place), strict=False))
    model = UndatedModel(tables, matrix, seats, leads, relays, first, load)
    _seat_rows(model)
    _resource_rows(model)
    _lag_rows(model)
    return model


def _as_before(tables: Tables, number: str) -> pl.Expr:
    """Tell (1 or 0) the trainers or relays that a place had in the plan before."""
    return pl.struct("g", number).is_in(tables.inputs.before.select("g", number).to_struct().implode()).cast(pl.Float64)


def _with_columns(matrix: Matrix, frame: pl.DataFrame, points: pl.Expr) -> pl.DataFrame:
    return frame.with_row_index("column", matrix.add_columns(frame.select(points).to_series().to_numpy()))


def _entries(frame: pl.DataFrame, row: str | pl.Expr, value: str | pl.Expr) -> pl.DataFrame:
    return frame.select(row=row, column="column", value=value).cast(_ENTRY)


def _seats(tables: Tables) -> pl.DataFrame:
    """Return what can come where, with the points that it would bring on its first possible day."""
    begin, span = tables.begin, max(1, tables.last - tables.first)
    since = pl.Series("since", [tables.since(each, begin) for each in tables.demands], pl.Int64)
    demands = demand_rows(tables.inputs, tables.weights).select("n", "people", "sure", "worth", "old", "end", since)
    return (
        tables.inputs.seats.join(demands, on="n")
        .join(tables.inputs.places.select("g", "booked", day=ordinal("date")), on="g")
        .filter(pl.col("since") <= pl.min_horizontal(pl.col("day").fill_null(tables.last), "end"))
        .filter(pl.col("booked") | pl.lit(bool(tables.month)))
        .join(tables.inputs.came.select("n", "g", came=pl.lit(tables.weights.stay / 10)), on=["n", "g"], how="left")
        .with_columns(
            points=pl.col("worth")
            + pl.col("came").fill_null(0.0)
            - tables.weights.km * pl.col("km")
            + pl.col("old") * (1 - (pl.coalesce("day", "since") - tables.first) / span).clip(0, 1)
        )
        .sort("g", "n")
    )


def _seat_rows(model: UndatedModel) -> None:
    """Who comes: once each, in sessions that are held, full enough, with their host and a trainer for the axis."""
    tables, matrix, seats = model.tables, model.matrix, model.seats
    places = place_rows(tables.inputs).select("g", "least", "most", "booked", host="n", column="g")
    new = places.filter(~pl.col("booked"))
    pairs = tables.inputs.demands.select("n", "t", "pair")
    matrix.add_rows("once", _entries(seats.join(pairs, on="n"), "pair", _ONE), upper=1.0)
    people = _entries(seats, "g", "people")
    matrix.add_rows("seats_max", pl.concat([people, _entries(places, "g", -pl.col("most"))]), upper=0.0)
    sure = _entries(seats.join(new.select("g"), on="g", how="semi"), "g", -pl.col("sure"))
    matrix.add_rows("seats_min", pl.concat([sure, _entries(new, "g", "least")]), upper=0.0)
    each = seats.join(new.select("g", "host", place="column"), on="g").with_row_index("row")
    hosts = pl.col("n") == pl.col("host")
    for group, lower in ((each.filter(~hosts), None), (each.filter(hosts), 0.0)):
        entries = [_entries(group, "row", _ONE), _entries(group.select("row", column="place"), "row", -_ONE)]
        matrix.add_rows("host", pl.concat(entries), upper=0.0, lower=lower)
    of_territory = seats.join(pairs, on="n")
    matrix.add_rows("each", _entries(of_territory, "t", _ONE), upper=float(tables.inputs.request.each))
    for name, frame in (("trainer_reach", model.leads), ("relay_covers", model.relays)):
        both = pl.concat([_entries(frame, "g", _ONE), _entries(new, "g", -_ONE)])
        matrix.add_rows(name, both, upper=0.0, lower=0.0)
    axes = each.join(tables.inputs.demands.select("n", "x"), on="n")
    able = axes.select("row", "g", "x").join(model.leads.select("g", "r", "column"), on="g")
    able = able.join(tables.inputs.able, on=["g", "r", "x"], how="semi")
    both = pl.concat([_entries(axes, "row", _ONE), _entries(able, "row", -_ONE)])
    matrix.add_rows("trainer_expertise", both, upper=0.0)


def _resource_rows(model: UndatedModel) -> None:
    tables, matrix = model.tables, model.matrix
    if tables.cents is not None:
        cost = _entries(model.leads, pl.lit(0), (pl.col("weighed") * 100).round())
        matrix.add_rows("budget", cost, upper=float(tables.cents))
    room = {p: float(left) for p, left in tables.room.items() if left is not None}
    matrix.add_rows("relay_room", _entries(model.relays.filter(pl.col("p").is_in(list(room))), "p", _ONE), upper=room)
    pace, days = PaceCount(tables.inputs.programme.pace, tables.held), [day - EPOCH for day in tables.month]
    if (most := pace.most(days, None)) is not None:
        matrix.add_rows("pace_team", _entries(model.leads, pl.lit(0), _ONE), upper=float(most))
    hosted = {p: float(m) for p in model.relays["p"].unique() if (m := pace.most(days, p)) is not None}
    matrix.add_rows(
        "pace_relay", _entries(model.relays.filter(pl.col("p").is_in(list(hosted))), "p", _ONE), upper=hosted
    )
    leads = _entries(model.leads, "r", _ONE)
    matrix.add_rows("trainer_month", leads, upper={r: float(left) for r, left in tables.capacity.items()})
    over = _columns(model.load, -1.0).filter(pl.col("row").is_in(leads["row"].unique().implode()))
    matrix.add_rows("load", pl.concat([leads, over]), upper={r: left / 2 for r, left in tables.capacity.items()})
    served = model.seats.join(tables.inputs.demands.select("n", "t"), on="n")
    matrix.add_rows("priority", pl.concat([_entries(served, "t", -_ONE), _columns(model.first, 1.0)]), upper=0.0)


def _columns(numbers: dict[int, int], value: float) -> pl.DataFrame:
    return pl.DataFrame([(key, column, value) for key, column in numbers.items()], schema=_ENTRY, orient="row")


def _lag_rows(model: UndatedModel) -> None:
    """Forbid what would follow something of the plan by less than its lag, however early that is."""
    tables, latest = model.tables, model.tables.last - model.tables.begin
    for n, sources in sorted(tables.sources.items()):
        late = [m for m, lag in sources if lag > latest] if tables.demands[n].release is None else []
        for m in late:
            model.forbid(n, m, [other for other, _ in sources if other not in late])
