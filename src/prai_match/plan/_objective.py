"""The objective of any plan, in named parts: the same for a plan that was solved, edited or loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from prai_match.plan._numbers import Numbered
    from prai_match.plan._weights import Weights


def values(numbered: Numbered, weights: Weights) -> pl.Series:
    """Return the points of each seat: score, both sorts of people together, an old need served early, kilometres."""
    demands = numbered.inputs.demands.select("n", "score", "age")
    together = (pl.col("elected") > 0) & (pl.col("technicians") > 0)
    return (
        numbered.seats.join(demands, on="n", how="left", maintain_order="left")
        .select(
            value=weights.score * pl.col("score")
            + weights.together * together
            + weights.early * pl.col("age") * _earliness(numbered)
            - weights.km * pl.col("away")
        )
        .to_series()
        .fill_null(0.0)
        .round(6)
    )


def parts(numbered: Numbered, weights: Weights) -> dict[str, float]:
    """Return the parts of the objective, in points, by the name of their weight; ``score`` has what seats bring."""
    days = numbered.inputs.open_days["date"]
    demands = numbered.inputs.demands
    seats = numbered.seats.join(demands.select("n", "score", "age"), on="n", how="inner")
    both = seats.filter(pl.col("elected") > 0, pl.col("technicians") > 0)
    early = seats.select((pl.col("age") * _earliness(numbered)).sum()).item()
    served = seats.group_by("d").agg(served=pl.len()).join(demands.group_by("d").agg(half=pl.len() / 2), on="d")
    capacity = numbered.inputs.months.group_by("r").agg(capacity=pl.col("left").sum())
    led = numbered.new.drop_nulls("r").group_by("r").agg(led=pl.len()).join(capacity, on="r", how="left")
    over = led.select((pl.col("led") - pl.col("capacity").fill_null(0) / 2).clip(0).sum()).item()
    found = {
        "score": weights.score * float(seats["score"].sort().sum()),
        "together": weights.together * both.height,
        "equity": weights.equity * served.select(pl.min_horizontal("served", "half").sum()).item(),
        "early": weights.early * early if days.len() else 0.0,
        "km": -weights.km * float(seats["away"].sort().sum()),
        "spread": -weights.spread * _crowd(numbered),
        "load": -weights.load * over,
        "stay": weights.stay * _stays(numbered),
        "euros": -weights.euros * float(numbered.costs["counted"].fill_null(numbered.inputs.dearest).sort().sum()),
    }
    return {name: round(float(points), 6) + 0.0 for name, points in found.items()}


def _stays(numbered: Numbered) -> float:
    """What stays of the plan before, in sessions: a quarter each for the place, the trainer, the relay and the day."""
    at = numbered.inputs.places.select("g", "t", "s", "booked", "id")
    new = numbered.new.join(at.filter(~pl.col("booked")).select("g", "t", "s"), on=["t", "s"])
    same = new.join(numbered.inputs.before, on="g", suffix="_before").unique("g", keep="first", maintain_order=True)
    as_before = [pl.col(name).eq_missing(pl.col(f"{name}_before")) for name in ("r", "p", "date")]
    quarters = same.select(pl.sum_horizontal(pl.lit(1), *as_before).sum()).item()
    places = pl.concat([new.select("id", "g"), at.filter("booked").select("id", "g")]).unique(
        "id", keep="first", maintain_order=True
    )
    came = numbered.seats.join(places, left_on="session", right_on="id").join(
        numbered.inputs.came, on=["n", "g"], how="semi"
    )
    return float(quarters) / 4 + came.height / 10


def _crowd(numbered: Numbered) -> int:
    """How many new sessions come after the first of their relay in a week, or after the first of their day."""
    sessions = numbered.sessions.drop_nulls("date").with_columns(week=pl.col("date").dt.truncate("1w"))
    new = (~pl.col("booked")).sum().cast(pl.Int64)
    more = pl.when(new > 0).then(new - (new == pl.len()).cast(pl.Int64)).otherwise(0).alias("more")
    weeks = sessions.drop_nulls("p").group_by("p", "week").agg(more)
    days = sessions.group_by("date").agg(more)
    return sum(int(counts["more"].sum()) for counts in (weeks, days))


def _earliness(numbered: Numbered) -> pl.Expr:
    """From 1 on the first open day to 0 on the last."""
    days = numbered.inputs.open_days["date"]
    if not days.len():
        return pl.lit(1.0)
    span: int = max(1, (days[-1] - days[0]).days)
    since: pl.Expr = (pl.col("date") - pl.lit(days[0])).dt.total_days()
    earliness: pl.Expr = 1 - since / span
    return earliness.clip(0, 1)
