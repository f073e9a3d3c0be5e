"""The content of a plan: its sessions and seats, also as numbers of the programme, its objective and its gap."""

import datetime as dt
import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Self

import polars as pl

from prai_match.packing import SEATS, SESSIONS, Inputs, Weights, with_costs, with_numbers
from prai_match.register import haversine_km


@dataclass(frozen=True, eq=False)
class Numbers:
    """The frames of a plan with its inputs; nothing here comes from the solver.

    Sessions also have ``t`` (of the host), ``d``, ``s``, ``p``, ``r``, ``least`` and ``most``, null if a code is
    unknown; seats have ``t``, ``d``, ``n`` (the demand; null if none), ``x`` and ``chosen`` (the axis asked for) and,
    of their session, ``s``, ``date``, ``host``, ``trainer``, ``r``, ``booked`` and ``away`` (km to the host).
    """

    inputs: Inputs
    sessions: pl.DataFrame
    seats: pl.DataFrame

    @classmethod
    def read(cls, inputs: Inputs, sessions: pl.DataFrame, seats: pl.DataFrame) -> Self:
        frames = inputs.snapshot.frames
        bounds = frames.sessions.select(
            "s", least=pl.col("min_seats").cast(pl.Int64), most=pl.col("max_seats").cast(pl.Int64)
        )
        sessions = with_numbers(frames, sessions.with_columns(pl.col("cost").cast(pl.Float64))).join(
            bounds, on="s", how="left", maintain_order="left"
        )
        sessions = sessions.with_columns(inputs.council(sessions["date"]))
        places = frames.territories.select("t", "d", "latitude", "longitude", "territory")
        hosts = places.select(pl.col("latitude", "longitude").name.suffix("_host"), host="territory")
        of_session = sessions.unique("id", keep="first", maintain_order=True).select(
            "s", "date", "council", "host", "trainer", "r", "booked", session="id"
        )
        seats = seats.select("session", "territory", "elected", "technicians")
        demands, keys = inputs.demands.select("n", "t", "s", "council", "x", "chosen"), ["t", "s", "council"]
        for on, columns in (("session", of_session), ("territory", places), ("host", hosts), (keys, demands)):
            seats = seats.join(columns, on=on, how="left", maintain_order="left")
        away = haversine_km("latitude", "longitude", "latitude_host", "longitude_host")
        return cls(inputs, sessions, seats.with_columns(away=away).drop("^(latitude|longitude).*$"))

    @cached_property
    def new(self) -> pl.DataFrame:
        """The sessions that aren't booked."""
        return self.sessions.filter(~pl.col("booked"))

    @cached_property
    def costs(self) -> pl.DataFrame:
        """The new sessions with the cost ``due``, and the one ``counted`` (see `_candidates.with_costs`)."""
        rows = self.new.with_row_index("row")
        costs = with_costs(self.inputs.snapshot, rows.drop_nulls(["t", "s", "r"])).select("row", "due", "counted")
        rows = rows.join(costs, on="row", how="left", maintain_order="left")
        return rows.drop("row").with_columns(counted=pl.coalesce("cost", "counted"))

    @cached_property
    def people(self) -> pl.DataFrame:
        """Number of ``people`` of each session, by ``id``, and how many are ``counted`` towards its minimum."""
        people = pl.col("elected") + pl.col("technicians")
        # Participants whose number is unknown don't count.
        came = (
            self.seats.join(self.inputs.demands.select("n", sure=pl.col("counted") > 0), on="n", how="left")
            .group_by(id="session")
            .agg(people=people.sum(), counted=people.filter(pl.col("sure").fill_null(value=True)).sum())
        )
        return self.sessions.join(came, on="id", how="left", maintain_order="left").with_columns(
            pl.col("people", "counted").fill_null(0)
        )


# How a plan was made. ``optimal``: proven within the gap asked for. ``bounded``: proven within its own `gap`, which
# dates widen. ``limit``: ended by a limit. ``at_once``, ``by_priority``: made without a search. ``interrupted``: ended
# by Ctrl-C. ``empty``: nothing can be held. ``edited``: changed by people.
Status = Literal["optimal", "bounded", "limit", "at_once", "by_priority", "interrupted", "empty", "edited"]


@dataclass(frozen=True, eq=False)
class Schedule:
    """Dated sessions with their participants, as read by texts, tables, calendars and differences (see `Plan`)."""

    inputs: Inputs
    weights: Weights
    sessions: pl.DataFrame
    seats: pl.DataFrame
    bound: float
    status: Status

    @classmethod
    def made(
        cls, inputs: Inputs, weights: Weights, frames: tuple[pl.DataFrame, pl.DataFrame], bound: float, status: Status
    ) -> Self:
        """Return the plan of these sessions and seats, with the computed columns: axes, kilometres, values."""
        sessions, seats = frames
        numbers = Numbers.read(inputs, sessions, seats)
        came = (
            numbers.seats.with_columns(value=values(numbers, weights), km=pl.col("away").round(1))
            .join(inputs.snapshot.frames.axes.select("x", "axis"), on="x", how="left", maintain_order="left")
            .select(pl.col(name).cast(kind) for name, kind in SEATS.items())
            .sort("session", "territory")
        )
        most = (
            came.drop_nulls("axis")
            .group_by("session", "axis")
            .agg(people=(pl.col("elected") + pl.col("technicians")).sum())
            .sort("people", "axis", descending=[True, False])
            .unique("session", keep="first", maintain_order=True)
            .select(id="session", most="axis")
        )
        rows = (
            sessions.join(most, on="id", how="left", maintain_order="left")
            .with_columns(axis=pl.when("booked").then("axis").otherwise("most"))
            .select(pl.col(name).cast(kind) for name, kind in SESSIONS.items())
            .sort("date", "id", nulls_last=True)
        )
        return cls(inputs, weights, rows, came, bound, status)

    @cached_property
    def numbers(self) -> Numbers:
        """Its frames with numbers in place of the programme's codes."""
        return Numbers.read(self.inputs, self.sessions, self.seats)

    @cached_property
    def parts(self) -> dict[str, float]:
        """The parts of the objective, in points, by the name of their weight."""
        return parts(self.numbers, self.weights)

    @property
    def objective(self) -> float:
        """The objective, in points; also defined for plans that aren't valid."""
        return round(sum(self.parts.values()), 6)

    @property
    def gap(self) -> float:
        """The share of the bound that may be missing: 0 if the plan is proven to be best, 1 if nothing is proven."""
        missing = self.bound - self.objective
        return 1.0 if math.isinf(missing) else missing / abs(self.bound) if missing > 0 and self.bound else 0.0

    @property
    def start(self) -> dt.date:
        """First day of the period."""
        return self.inputs.request.start

    @property
    def end(self) -> dt.date:
        """Last day of the period."""
        return self.inputs.request.end


def values(numbers: Numbers, weights: Weights) -> pl.Series:
    """Return the points of each seat: score, old needs served early, kilometres."""
    demands = numbers.inputs.demands.select("n", "score", "age")
    return (
        numbers.seats.join(demands, on="n", how="left", maintain_order="left")
        .select(
            value=weights.score * pl.col("score")
            + weights.early * pl.col("age") * _earliness(numbers)
            - weights.km * pl.col("away")
        )
        .to_series()
        .fill_null(0.0)
        .round(6)
    )


def parts(numbers: Numbers, weights: Weights) -> dict[str, float]:
    """Return the parts of the objective, in points, by the name of their weight; ``score`` is that of seats."""
    demands = numbers.inputs.demands
    seats = numbers.seats.join(demands.select("n", "score", "age"), on="n", how="inner")
    early = seats.select((pl.col("age") * _earliness(numbers)).sum()).item()
    served = seats.select("n").join(demands.select("n", "t", "priority"), on="n").unique("t")
    capacity = numbers.inputs.months.group_by("r").agg(capacity=pl.col("left").sum())
    loads = numbers.new.drop_nulls("r").group_by("r").agg(load=pl.len()).join(capacity, on="r", how="left")
    over = loads.select((pl.col("load") - pl.col("capacity").fill_null(0) / 2).clip(0).sum()).item()
    points = {
        "score": weights.score * float(seats["score"].sort().sum()),
        "priority": weights.priority * float(served["priority"].sort().sum()),
        "early": weights.early * early if numbers.inputs.open_days.height else 0.0,
        "km": -weights.km * float(seats["away"].sort().sum()),
        "spread": -weights.spread * _crowd(numbers),
        "load": -weights.load * over,
        "stay": weights.stay * _stays(numbers),
        "euros": -weights.euros * float(numbers.costs["counted"].fill_null(numbers.inputs.dearest).sort().sum()),
    }
    return {name: round(float(part), 6) + 0.0 for name, part in points.items()}


def _stays(numbers: Numbers) -> float:
    """How much of the plan before stays, in sessions: place, trainer, relay and day count a quarter each."""
    at = numbers.inputs.places.select("g", "t", "s", "booked", "id")
    new = numbers.new.join(at.filter(~pl.col("booked")).select("g", "t", "s"), on=["t", "s"])
    same = new.join(numbers.inputs.before, on="g", suffix="_before").unique("g", keep="first", maintain_order=True)
    as_before = [pl.col(name).eq_missing(pl.col(f"{name}_before")) for name in ("r", "p", "date")]
    quarters = same.select(pl.sum_horizontal(pl.lit(1), *as_before).sum()).item()
    places = pl.concat([frame.select("g", session="id") for frame in (new, at.filter("booked"))])
    held = numbers.seats.join(places.unique("session", keep="first", maintain_order=True), on="session")
    return float(quarters) / 4 + held.join(numbers.inputs.came, on=["n", "g"], how="semi").height / 10


def _crowd(numbers: Numbers) -> int:
    """Number of new sessions that aren't the first of their relay in a week, or not the first of their day."""
    sessions = numbers.sessions.drop_nulls("date").with_columns(week=pl.col("date").dt.truncate("1w"))
    new = (~pl.col("booked")).sum().cast(pl.Int64)
    more = pl.when(new > 0).then(new - (new == pl.len()).cast(pl.Int64)).otherwise(0).alias("more")
    weeks = sessions.drop_nulls("p").group_by("p", "week").agg(more)
    return sum(int(counts["more"].sum()) for counts in (weeks, sessions.group_by("date").agg(more)))


def _earliness(numbers: Numbers) -> pl.Expr:
    """Earliness of days: from 1 on the first open day to 0 on the last."""
    days = numbers.inputs.open_days["date"]
    if not days.len():
        return pl.lit(1.0)
    since: pl.Expr = (pl.col("date") - pl.lit(days[0])).dt.total_days() / max(1, (days[-1] - days[0]).days)
    return (1 - since).clip(0, 1)
