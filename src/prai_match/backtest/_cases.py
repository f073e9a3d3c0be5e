"""How right each ranker was for each territory on a split: one row a case."""

from __future__ import annotations

import math
from collections.abc import Iterable

import polars as pl

from prai_match.backtest._history import RANDOM

RANKED = ("hit_1", "hit_3", "mrr", "ndcg")  # measures of a ranking
# Columns of `Backtest.cases`.
CASES = ("ranker", "split", "territory", "candidates", "truths", "booked", "offered", "first", *RANKED)

_DEEP = 3


def judge(
    rankings: pl.DataFrame, candidates: pl.DataFrame, truths: pl.DataFrame, rankers: Iterable[str]
) -> pl.DataFrame:
    r"""Judge rankings by what was attended: `CASES` but for the split, sorted by ranker in their order and territory.

    With the truths T of a case and rank(s) the place of a session, infinite where it isn't ranked:

    - ``hit_1``, ``hit_3``: 1 if a truth is among the first one or three, else 0.
    - ``mrr``: 1 / the best rank of a truth; their mean is the mean reciprocal rank.
    - ``ndcg``: the sum over T of 1 / log2(1 + rank(s)), divided by the sum for k from 1 to \\|T\\| of 1 / log2(1 + k):
      the normalised discounted cumulative gain with relevance 0 or 1 over the whole ranking (Järvelin and Kekäläinen,
      ACM TOIS 20(4), 2002).

    For ``random`` they are expectations over every order of the candidates.

    Truths are the candidates attended. The ranker ``random`` is the last.
    """
    cases = (
        truths.group_by("territory")
        .agg(truths=pl.len().cast(pl.Int64), booked=pl.col("booked").sum().cast(pl.Int64))
        .join(candidates.group_by("territory").agg(candidates=pl.len().cast(pl.Int64)), on="territory")
    )
    names = [name for name in rankers if name != RANDOM]
    hits = (
        rankings.join(truths.select("territory", "session"), on=["territory", "session"])
        .group_by("ranker", "territory")
        .agg(first=pl.col("rank").min(), gain=(1 / (pl.col("rank") + 1).log(2)).sum())
    )
    offers = rankings.select("ranker", "territory", offered=pl.lit(value=True)).unique()
    ideals = {count: ideal(count) for count in range(1, candidates["session"].n_unique() + 1)}
    ranked = (
        pl.DataFrame({"ranker": names}, schema={"ranker": pl.String})
        .with_row_index("order")
        .join(cases, how="cross")
        .join(offers, on=["ranker", "territory"], how="left")
        .join(hits, on=["ranker", "territory"], how="left")
        .with_columns(
            pl.col("offered").fill_null(value=False),
            hit_1=(pl.col("first") <= 1).fill_null(value=False).cast(pl.Float64),
            hit_3=(pl.col("first") <= _DEEP).fill_null(value=False).cast(pl.Float64),
            mrr=(1 / pl.col("first")).fill_null(0.0),
            ndcg=pl.col("gain").fill_null(0.0) / pl.col("truths").replace_strict(ideals, return_dtype=pl.Float64),
        )
    )
    random = cases.join(_expectations(cases), on=["candidates", "truths"]).with_columns(
        order=pl.lit(len(names), pl.UInt32),
        ranker=pl.lit(RANDOM),
        offered=pl.lit(value=True),
        first=pl.lit(None, pl.Int64),
    )
    columns = [name for name in CASES if name != "split"]
    return pl.concat(frame.select("order", *columns) for frame in (ranked, random)).sort("order", "territory")


def ideal(truths: int) -> float:
    """Return the gain of a ranking that begins with its truths."""
    return math.fsum(1 / math.log2(1 + rank) for rank in range(1, truths + 1))


def _expectations(cases: pl.DataFrame) -> pl.DataFrame:
    pairs = cases.select("candidates", "truths").unique().sort("candidates", "truths")
    schema = {"candidates": pl.Int64, "truths": pl.Int64, **dict.fromkeys(RANKED, pl.Float64)}
    return pl.DataFrame([(*pair, *expectation(*pair)) for pair in pairs.iter_rows()], schema=schema, orient="row")


def expectation(candidates: int, truths: int) -> tuple[float, float, float, float]:
    """Return the expectations of hit@1, hit@3, the reciprocal rank and nDCG over every order of the candidates.

    The best rank of m truths among n is r with probability C(n - r, m - 1) / C(n, m); each rank holds a truth with
    probability m / n.
    """
    orders, places = math.comb(candidates, truths), range(1, candidates - truths + 2)
    first = [math.comb(candidates - rank, truths - 1) / orders for rank in places]
    reciprocal = math.fsum(chance / rank for rank, chance in zip(places, first, strict=True))
    return first[0], math.fsum(first[:_DEEP]), reciprocal, (truths / candidates * ideal(candidates)) / ideal(truths)
