"""The objective of any plan, in named parts: the same for a plan that was solved, edited or loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from prai_match.plan._book import Book
    from prai_match.plan._weights import Weights


def values(book: Book, weights: Weights) -> pl.Series:
    """Return the points of each seat: score, both sorts of people together, an old need served early, kilometres."""
    demands = book.inputs.demands.select("n", "score", "age")
    together = (pl.col("elected") > 0) & (pl.col("technicians") > 0)
    return (
        book.seats.join(demands, on="n", how="left", maintain_order="left")
        .select(
            value=weights.score * pl.col("score")
            + weights.together * together
            + weights.early * pl.col("age") * _earliness(book)
            - weights.km * pl.col("away")
        )
        .to_series()
        .fill_null(0.0)
        .round(6)
    )


def parts(book: Book, weights: Weights) -> dict[str, float]:
    """Return the parts of the objective, in points, by the name of their weight; ``score`` has what seats bring."""
    days = book.inputs.open_days["date"]
    demands = book.inputs.demands
    seats = book.seats.join(demands.select("n", "score", "age"), on="n", how="inner")
    both = seats.filter(pl.col("elected") > 0, pl.col("technicians") > 0)
    early = seats.select((pl.col("age") * _earliness(book)).sum()).item()
    served = seats.group_by("d").agg(served=pl.len()).join(demands.group_by("d").agg(half=pl.len() / 2), on="d")
    capacity = book.inputs.months.group_by("r").agg(capacity=pl.col("left").sum())
    led = book.new.drop_nulls("r").group_by("r").agg(led=pl.len()).join(capacity, on="r", how="left")
    over = led.select((pl.col("led") - pl.col("capacity").fill_null(0) / 2).clip(0).sum()).item()
    found = {
        "score": weights.score * float(seats["score"].sort().sum()),
        "together": weights.together * both.height,
        "equity": weights.equity * served.select(pl.min_horizontal("served", "half").sum()).item(),
        "early": weights.early * early if days.len() else 0.0,
        "km": -weights.km * float(seats["away"].sort().sum()),
        "spread": -weights.spread * _crowd(book),
        "load": -weights.load * over,
        "stay": weights.stay * _stays(book),
        "euros": -weights.euros * float(book.costs["counted"].fill_null(book.inputs.dearest).sort().sum()),
    }
    return {name: round(float(points), 6) + 0.0 for name, points in found.items()}


def _stays(book: Book) -> float:
    """What stays of the plan before, in sessions: a quarter each for the place, the trainer, the relay and the day."""
    at = book.inputs.places.select("g", "t", "s", "booked", "id")
    new = book.new.join(at.filter(~pl.col("booked")).select("g", "t", "s"), on=["t", "s"])
    same = new.join(book.inputs.before, on="g", suffix="_before").unique("g", keep="first", maintain_order=True)
    as_before = [pl.col(name).eq_missing(pl.col(f"{name}_before")) for name in ("r", "p", "date")]
    quarters = same.select(pl.sum_horizontal(pl.lit(1), *as_before).sum()).item()
    places = pl.concat([new.select("id", "g"), at.filter("booked").select("id", "g")]).unique(
        "id", keep="first", maintain_order=True
    )
    came = book.seats.join(places, left_on="session", right_on="id").join(book.inputs.came, on=["n", "g"], how="semi")
    return float(quarters) / 4 + came.height / 10


def _crowd(book: Book) -> int:
    """How many new sessions come after the first of their relay in a week, or after the first of their day."""
    sessions = book.sessions.drop_nulls("date").with_columns(week=pl.col("date").dt.truncate("1w"))
    new = (~pl.col("booked")).sum().cast(pl.Int64)
    more = pl.when(new > 0).then(new - (new == pl.len()).cast(pl.Int64)).otherwise(0).alias("more")
    weeks = sessions.drop_nulls("p").group_by("p", "week").agg(more)
    days = sessions.group_by("date").agg(more)
    return sum(int(counts["more"].sum()) for counts in (weeks, days))


def _earliness(book: Book) -> pl.Expr:
    """From 1 on the first open day to 0 on the last."""
    days = book.inputs.open_days["date"]
    if not days.len():
        return pl.lit(1.0)
    span: int = max(1, (days[-1] - days[0]).days)
    since: pl.Expr = (pl.col("date") - pl.lit(days[0])).dt.total_days()
    earliness: pl.Expr = 1 - since / span
    return earliness.clip(0, 1)
