"""The undated model: which sessions are held, with which trainer and relay, and who attends.

Every dated plan is a solution of this model: it adds up the months of trainers, and keeps only lags longer than the
period. Its objective is at least as high, as each territory is counted as served on its first possible day. So a bound
of this model is a bound of the dated problem.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Literal

import numpy as np
import polars as pl

from prai_match.calendar import EPOCH, ordinal
from prai_match.offers import Array
from prai_match.packing import NOBODY, Draft, Tables, demand_rows, groups, place_rows
from prai_match.plan._solver import Matrix


@dataclass(frozen=True, slots=True)
class UndatedSession:
    """A session chosen without a date: place, trainer and relay (NOBODY if booked), and the demands served."""

    g: int
    r: int
    p: int
    members: tuple[int, ...]


Add = Callable[..., None]  # `Matrix.add_rows` of a condition


@dataclass(frozen=True, eq=False)
class UndatedModel:
    """The model and the numbers of its columns."""

    tables: Tables
    matrix: Matrix
    seats: pl.DataFrame  # ``n``, ``g`` and ``column`` of the demands at each place
    leads: pl.DataFrame  # ``g``, ``r`` and ``column``
    relays: pl.DataFrame  # ``g``, ``p`` and ``column``
    first: dict[int, int]  # column of each territory, by ``t``
    load: dict[int, int]  # column of each trainer, by ``r``

    def sessions(self, values: Array) -> list[UndatedSession]:
        seats, leads, relays = (
            frame.filter(pl.Series(values[frame["column"].to_numpy()] > 0.5))  # noqa: PLR2004
            for frame in (self.seats, self.leads, self.relays)
        )
        members = groups(seats.select("g", "n").iter_rows())
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

    @cached_property
    def new(self) -> pl.DataFrame:
        """The places that aren't booked; ``host`` is the demand of the host territory."""
        return place_rows(self.tables.inputs).filter(~pl.col("booked")).select("g", "least", host="n", column="g")

    @cached_property
    def served(self) -> pl.DataFrame:
        """The seats, with ``t``, ``pair`` and ``x`` of their demands."""
        return self.seats.join(self.tables.inputs.demands.select("n", "t", "pair", "x"), on="n")

    @cached_property
    def at_new(self) -> pl.DataFrame:
        """The seats of new sessions, numbered by ``row``, with ``host`` and the column of their ``place``."""
        return self.served.join(self.new.select("g", "host", place="column"), on="g").with_row_index("row")

    def forbid(self, n: int, source: int, unless: Iterable[int] = ()) -> None:
        """Forbid a demand together with its source, unless another source of the demand is served too."""
        signs = {n: 1.0, source: 1.0, **dict.fromkeys(unless, -1.0)}
        columns = self.seats.filter(pl.col("n").is_in(list(signs)))
        sign = pl.col("n").replace_strict(signs, return_dtype=pl.Float64)
        self.matrix.add_rows("lag", _entries(columns, pl.lit(0), sign), upper=1.0)

    def most(self) -> float:
        """Return a bound without solving: every demand is served where it brings most points."""
        best = self.seats.group_by("n", maintain_order=True).agg(pl.col("points").max())["points"].clip(0).sum()
        stays = self.tables.weights.stay * len(self.tables.before)
        return float(best) + stays + sum({each.t: each.first for each in self.tables.demands}.values())

    def exclude(self, seats: list[tuple[int, int]], leads: list[tuple[int, int]]) -> None:
        for frame, keys, pairs in ((self.seats, ("n", "g"), seats), (self.leads, ("g", "r"), leads)):
            self.matrix.add_rows("day", _entries(_among(frame, keys, pairs), "column", _ONE), upper=0.0)


_ONE, _ENTRY = pl.lit(1.0), pl.Schema({"row": pl.Int64, "column": pl.Int64, "value": pl.Float64})


def _among(frame: pl.DataFrame, keys: tuple[str, str], pairs: list[tuple[int, int]]) -> pl.DataFrame:
    return frame.join(pl.DataFrame(pairs, schema=dict.fromkeys(keys, pl.UInt32), orient="row"), on=keys, how="semi")


def without_conditions(tables: Tables) -> UndatedModel:
    """Build the model with its objective only; places are its first columns."""
    inputs, weights, matrix = tables.inputs, tables.weights, Matrix()
    able = {*tables.leads} & {*tables.relays}
    upper = np.array([float(place.booked or place.g in able) for place in tables.places])
    # A session that stays may keep its day, which isn't known here.
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
    led = _entries(leads, "r", _ONE)
    over = _columns(load, -1.0).filter(pl.col("row").is_in(led["row"].unique().implode()))
    matrix.add_rows("load", pl.concat([led, over]), upper={r: left / 2 for r, left in tables.capacity.items()})
    matrix.add_rows("priority", pl.concat([_entries(model.served, "t", -_ONE), _columns(first, 1.0)]), upper=0.0)
    return model


def _as_before(tables: Tables, number: str) -> pl.Expr:
    """Mark with 1 the trainers or relays that a place had in the plan before, with 0 the others."""
    return pl.struct("g", number).is_in(tables.inputs.before.select("g", number).to_struct().implode()).cast(pl.Float64)


def _with_columns(matrix: Matrix, frame: pl.DataFrame, points: pl.Expr) -> pl.DataFrame:
    return frame.with_row_index("column", matrix.add_columns(frame.select(points).to_series().to_numpy()))


def _entries(frame: pl.DataFrame, row: str | pl.Expr, value: str | pl.Expr) -> pl.DataFrame:
    return frame.select(row=row, column="column", value=value).cast(_ENTRY)


def _seats(tables: Tables) -> pl.DataFrame:
    """Return the demands that can be served at each place, with their points on the first possible day."""
    begin, span = tables.begin, max(1, tables.last - tables.first)
    since = pl.Series("since", [tables.since(each, begin) for each in tables.demands], pl.Int64)
    demands = demand_rows(tables.inputs, tables.weights).select("n", "people", "sure", "worth", "old", "end", since)
    return (
        tables.inputs.seats.join(demands, on="n")
        .join(tables.inputs.places.select("g", "booked", day=ordinal("date")), on="g")
        .filter(pl.col("since") <= pl.min_horizontal(pl.col("day").fill_null(tables.last), "end"))
        .filter(pl.col("booked") | pl.lit(bool(tables.days)))
        .join(tables.inputs.came.select("n", "g", came=pl.lit(tables.weights.stay / 10)), on=["n", "g"], how="left")
        .with_columns(
            points=pl.col("worth")
            + pl.col("came").fill_null(0.0)
            - tables.weights.km * pl.col("km")
            + pl.col("old") * (1 - (pl.coalesce("day", "since") - tables.first) / span).clip(0, 1)
        )
        .sort("g", "n")
    )


def _columns(numbers: dict[int, int], value: float) -> pl.DataFrame:
    return pl.DataFrame([(key, column, value) for key, column in numbers.items()], schema=_ENTRY, orient="row")


# The rows of each condition (see `_conditions.CONDITIONS`).


def once(model: UndatedModel, add: Add) -> None:
    add(_entries(model.served, "pair", _ONE), upper=1.0)


def each(model: UndatedModel, add: Add) -> None:
    add(_entries(model.served, "t", _ONE), upper=float(model.tables.inputs.request.each))


def seats_max(model: UndatedModel, add: Add) -> None:
    places = place_rows(model.tables.inputs).select("g", "most", column="g")
    add(pl.concat([_entries(model.seats, "g", "people"), _entries(places, "g", -pl.col("most"))]))


def seats_min(model: UndatedModel, add: Add) -> None:
    sure = _entries(model.seats.join(model.new.select("g"), on="g", how="semi"), "g", -pl.col("sure"))
    add(pl.concat([sure, _entries(model.new, "g", "least")]))


def host(model: UndatedModel, add: Add) -> None:
    """Territories only attend sessions that are held, and hosts attend their session."""
    hosts = pl.col("n") == pl.col("host")
    for group, lower in ((model.at_new.filter(~hosts), None), (model.at_new.filter(hosts), 0.0)):
        held = _entries(group.select("row", column="place"), "row", -_ONE)
        add(pl.concat([_entries(group, "row", _ONE), held]), lower=lower)


def one(actors: Literal["leads", "relays"], model: UndatedModel, add: Add) -> None:
    """Each new session has a trainer, or a relay, among those available there."""
    add(pl.concat([_entries(getattr(model, actors), "g", _ONE), _entries(model.new, "g", -_ONE)]), lower=0.0)


def trainer_expertise(model: UndatedModel, add: Add) -> None:
    able = model.at_new.select("row", "g", "x").join(model.leads.select("g", "r", "column"), on="g")
    able = able.join(model.tables.inputs.able, on=["g", "r", "x"], how="semi")
    add(pl.concat([_entries(model.at_new, "row", _ONE), _entries(able, "row", -_ONE)]))


def trainer_month(model: UndatedModel, add: Add) -> None:
    add(_entries(model.leads, "r", _ONE), upper={r: float(left) for r, left in model.tables.capacity.items()})


def relay_room(model: UndatedModel, add: Add) -> None:
    _hosted(model, model.tables.room, add)


def pace(who: Literal["team", "relay"], model: UndatedModel, add: Add) -> None:
    left, days = model.tables.left, np.array(model.tables.days, np.int64) - EPOCH
    if who == "relay":
        _hosted(model, {p: left.paced.most(p, days) for p in model.relays["p"].unique()}, add)
    elif (most := left.team.most(0, days)) < np.inf:
        add(_entries(model.leads, pl.lit(0), _ONE), upper=most)


def _hosted(model: UndatedModel, most: Mapping[int, float | None], add: Add) -> None:
    limits = {p: float(left) for p, left in most.items() if left is not None and left < np.inf}
    add(_entries(model.relays.filter(pl.col("p").is_in(list(limits))), "p", _ONE), upper=limits)


def budget(model: UndatedModel, add: Add) -> None:
    if model.tables.cents is not None:
        add(_entries(model.leads, pl.lit(0), (pl.col("weighed") * 100).round()), upper=float(model.tables.cents))


def lag(model: UndatedModel, _: Add) -> None:
    """No demand is served with a source in the plan if the lag between them exceeds the period."""
    tables, latest = model.tables, model.tables.last - model.tables.begin
    for n, sources in sorted(tables.sources.items()):
        late = [m for m, lag in sources if lag > latest] if tables.demands[n].release is None else []
        for m in late:
            model.forbid(n, m, [other for other, _ in sources if other not in late])
