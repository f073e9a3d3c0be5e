"""How good the follow-up graph's probabilities are: pairs of a territory and a follow-up whose end is known."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from prai_match.backtest._bootstrap import parts
from prai_match.followups import FollowUps
from prai_match.model import Catalogue, ProgrammeData

if TYPE_CHECKING:
    from prai_match.backtest._settings import BacktestRequest

LEARNED, DECLARED, POOLED = MODELS = ("follow_ups", "declared", "pooled")
"""The graph learned until the split; the one declared; one share for all follow-ups, learned until the split."""

BINS = 10  # bins of the reliability table, of the same width
_PAIRS = ("split", "source", "target", "territory", "followed", "censored")


def pairs(programme: ProgrammeData, came: pl.DataFrame, request: BacktestRequest) -> pl.DataFrame:
    """Return the follow-ups that began after each split: `_PAIRS`, sorted.

    A pair is a territory that first attends the source of a follow-up within the horizon after the split, and has not
    attended its target by then. It is followed where the territory attends the target within the horizon after that
    day. Where this second horizon goes beyond the history, or meets a blackout, in which nothing could follow, the pair
    is censored. It doesn't count, whether or not it was seen to follow: the day on which it began alone decides, so
    that those left are no better or worse than the others.
    """
    first = came.group_by("territory", "session").agg(pl.col("date").min())
    began = first.rename({"session": "source", "date": "began"})
    window = pl.duration(days=request.horizon_days)
    every = (
        began.join(FollowUps.declared(programme.catalogue).edges().select("source", "target"), on="source")
        .join(first.rename({"session": "target", "date": "then"}), on=["territory", "target"], how="left")
        .filter(pl.col("then").is_null() | (pl.col("then") > pl.col("began")))
        .with_columns(
            followed=(pl.col("then") <= pl.col("began") + window).fill_null(value=False),
            censored=request.censored(pl.col("began"), programme.calendar),
        )
    )
    return (
        pl.DataFrame({"split": request.splits}, schema={"split": pl.Date})
        .join(every, how="cross")
        .filter(pl.col("began") > pl.col("split"), pl.col("began") <= pl.col("split") + window)
        .select(*_PAIRS)
        .sort("split", "source", "target", "territory")
    )


def predict(
    pairs: pl.DataFrame, catalogue: Catalogue, came: pl.DataFrame, request: BacktestRequest, strength: float
) -> pl.DataFrame:
    """Add what each of `MODELS` says of the pairs whose end is known, as of their split: a column each."""
    chances = pl.concat(_chances(catalogue, came, split, strength) for split in request.splits)
    keys = ["split", "source", "target"]
    return pairs.filter(~pl.col("censored")).join(chances, on=keys, how="left", maintain_order="left")


def _chances(catalogue: Catalogue, came: pl.DataFrame, split: dt.date, strength: float) -> pl.DataFrame:
    edges = FollowUps.learned(catalogue, came, split, strength=strength).edges()
    # Laplace's rule of succession: never 0 or 1, however little was seen.
    pooled = (pl.col("count").sum() + 1) / (pl.col("support").sum() + 2)
    models = {LEARNED: pl.col("probability"), DECLARED: pl.col("prior"), POOLED: pooled}
    return edges.select(pl.lit(split).alias("split"), "source", "target", **models)


def losses(predictions: pl.DataFrame) -> pl.DataFrame:
    """Return the log-loss of each of `MODELS`, as parts: -log of the probability given to what happened, in nats."""
    rows = predictions.unpivot(MODELS, index=["territory", "followed"], variable_name="ranker", value_name="chance")
    return parts(rows, "log_loss", -pl.when("followed").then("chance").otherwise(1 - pl.col("chance")).log())


def reliability(predictions: pl.DataFrame) -> pl.DataFrame:
    """Return what the learned graph said and what happened, by bin of probability, as parts."""
    number = (pl.col(LEARNED) * BINS).floor().clip(0, BINS - 1).cast(pl.Int64).cast(pl.String)
    rows = predictions.with_columns(ranker=pl.lit(LEARNED))
    sides = {"predicted": pl.col(LEARNED), "observed": pl.col("followed")}
    return pl.concat(parts(rows, measure, top, number) for measure, top in sides.items())
