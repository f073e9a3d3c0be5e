"""Rankers to compare with, each learned from what was attended by the day: popularity, Markov, sequential rules.

Each returns ``territory``, ``session`` and ``points`` for some candidates; where two have the same points, or none, the
more popular comes first, then the first code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

LEAST_SUPPORT = 2
"""Territories that must have followed a rule for it to count."""


def popularity(came: pl.DataFrame) -> pl.DataFrame:
    """Return how many territories attended each session: ``session`` and ``popularity``."""
    return came.group_by("session").agg(popularity=pl.col("territory").n_unique().cast(pl.Float64))


def markov(came: pl.DataFrame, buffets: Collection[str]) -> pl.DataFrame:
    """Score by what came after the last buffet that the territory attended.

    A first-order Markov chain whose state is the last buffet attended before the day of a session: its points are how
    often it was attended from the territory's state. With popularity breaking ties it backs off to popularity where
    nothing was seen, as a Dirichlet prior worth one observation would.
    """
    states = (
        came.filter(pl.col("session").is_in(list(buffets)))
        .sort("territory", "date", "session")
        .unique(["territory", "date"], keep="last", maintain_order=True)
        .select("territory", "date", state="session")
        .sort("date", "territory")
    )
    moves = (
        came.sort("date", "territory", "session")
        .join_asof(states, on="date", by="territory", allow_exact_matches=False, check_sortedness=False)
        .drop_nulls("state")
        .group_by("state", "session")
        .agg(points=pl.len().cast(pl.Float64))
    )
    now = states.group_by("territory").agg(pl.col("state").last())
    return now.join(moves, on="state").select("territory", "session", "points")


def rules(came: pl.DataFrame) -> pl.DataFrame:
    """Score by the surest rule "who attended A later attends B" of which the territory attended A.

    Support of a rule: the territories that attended A and, on a later day, B. Confidence: its share of the territories
    that attended A. Rules of less than `LEAST_SUPPORT` territories don't count. The points are the highest confidence
    of the rules that lead to the session, as Sarwar, Karypis, Konstan and Riedl (Analysis of recommendation algorithms
    for e-commerce, EC 2000) rank by association rules; ordered pairs as in Kamehkhosh, Jannach and Ludewig (A
    comparison of frequent pattern techniques and a deep learning method for session-based recommendation, 2017).
    """
    first = came.group_by("territory", source="session").agg(since=pl.col("date").min())
    supports = first.group_by("source").agg(base=pl.len())
    surest = (
        first.join(came, on="territory")
        .filter(pl.col("date") > pl.col("since"), pl.col("session") != pl.col("source"))
        .group_by("source", "session")
        .agg(support=pl.col("territory").n_unique())
        .filter(pl.col("support") >= LEAST_SUPPORT)
        .join(supports, on="source")
        .select("source", "session", confidence=pl.col("support") / pl.col("base"))
    )
    return first.join(surest, on="source").group_by("territory", "session").agg(points=pl.col("confidence").max())


def rank(came: pl.DataFrame, candidates: pl.DataFrame, buffets: Collection[str]) -> dict[str, pl.DataFrame]:
    """Rank the candidates by each: ``territory``, ``session`` and ``rank`` (from 1), by the baseline's name."""
    counts = popularity(came)
    nothing = candidates.clear().with_columns(points=pl.lit(0.0))
    scores: dict[str, Callable[[], pl.DataFrame]] = {
        "popularity": lambda: nothing,
        "markov": lambda: markov(came, buffets),
        "rules": lambda: rules(came),
    }
    return {name: _in_order(candidates, score(), counts) for name, score in scores.items()}


def _in_order(candidates: pl.DataFrame, points: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    return (
        candidates.join(points, on=["territory", "session"], how="left")
        .join(counts, on="session", how="left")
        .with_columns(pl.col("points", "popularity").fill_null(0.0))
        .sort("territory", "points", "popularity", "session", descending=[False, True, True, False])
        .select("territory", "session", rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("territory"))
    )
