"""The measures with their intervals, out of the sums as observed and as drawn again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match._spread import gini_of, lorenz_curve
from prai_match.backtest._cases import RANKED
from prai_match.backtest._pairs import BINS, LEARNED, MODELS
from prai_match.backtest._rankings import BASELINES, RANDOM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prai_match.backtest._bootstrap import Resampled

MEASURES = {
    "ranker": pl.String,
    "kind": pl.String,
    "measure": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "count": pl.Int64,
}
"""Columns of `Backtest.measures`."""

DIFFERENCES = {
    "ranker": pl.String,
    "other": pl.String,
    "measure": pl.String,
    "difference": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "best": pl.Boolean,
}
"""Columns of `Backtest.differences`."""

CALIBRATION = {
    "low": pl.Float64,
    "high": pl.Float64,
    "pairs": pl.Int64,
    "predicted": pl.Float64,
    "observed": pl.Float64,
    "observed_low": pl.Float64,
    "observed_high": pl.Float64,
}
"""Columns of `Backtest.calibration`."""

BY_RANK = {
    "ranker": pl.String,
    "rank": pl.Int64,
    "offers": pl.Int64,
    "attended": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}
"""Columns of `Backtest.by_rank`."""

GINI = {"equity_offers": "offers", "equity_hits": "hits"}
"""Measures of spread, and what is spread over départements."""


def values(drawn: Resampled) -> pl.DataFrame:
    """Return every measure in every replicate: ``ranker``, ``measure``, ``replicate`` and ``value``."""
    return pl.concat(
        [
            drawn.values(*RANKED, "coverage", "log_loss").drop("group"),
            *(_spread(drawn, name, what) for name, what in GINI.items()),
            _expected_error(drawn),
        ]
    )


def measures(drawn: Resampled, every: pl.DataFrame, kinds: Mapping[str, str]) -> pl.DataFrame:
    """Return `Backtest.measures`, but for what has no interval."""
    counts = [
        drawn.counts(*RANKED, "coverage", "log_loss").drop("group"),
        *(
            drawn.counts(what).group_by("ranker", measure=pl.lit(name)).agg(pl.col("count").sum())
            for name, what in GINI.items()
        ),
        drawn.counts("predicted").group_by("ranker", measure=pl.lit("calibration_error")).agg(pl.col("count").sum()),
    ]
    found = drawn.intervals(every, "ranker", "measure").join(
        pl.concat(frame.select("ranker", "measure", "count") for frame in counts), on=["ranker", "measure"]
    )
    return in_order(found.with_columns(kind=pl.col("ranker").replace_strict(kinds)).select(*MEASURES), list(kinds))


def catalogue(offers: pl.DataFrame, kinds: Mapping[str, str], sessions: int) -> pl.DataFrame:
    """Return the share of the catalogue that each ranker puts first somewhere; ``random`` may put all of it first."""
    found = (
        offers.filter(pl.col("ranker") != RANDOM)
        .group_by("ranker")
        .agg(value=pl.col("session").drop_nulls().n_unique() / sessions)
        .with_columns(
            measure=pl.lit("catalogue"),
            kind=pl.col("ranker").replace_strict(kinds, return_dtype=pl.String),
            low=pl.lit(None, pl.Float64),
            high=pl.lit(None, pl.Float64),
            count=pl.lit(sessions, pl.Int64),
        )
    )
    return found.select(*MEASURES)


def in_order(frame: pl.DataFrame, rankers: Sequence[str]) -> pl.DataFrame:
    """Sort by ranker and measure, in the order in which they are told."""
    told = [*RANKED, "coverage", "catalogue", *GINI, "log_loss", "calibration_error"]
    return frame.sort(
        pl.col("ranker").replace_strict({name: place for place, name in enumerate(rankers)}, return_dtype=pl.Int64),
        pl.col("measure").replace_strict({name: place for place, name in enumerate(told)}, return_dtype=pl.Int64),
    )


def differences(drawn: Resampled, every: pl.DataFrame, policies: Sequence[str]) -> pl.DataFrame:
    """Return `Backtest.differences`: each policy beside those after it and the baselines; the graph beside the others.

    Replicates are those of the measures, so that the intervals are of pairs.
    """
    pairs = [(name, other) for place, name in enumerate(policies) for other in (*policies[place + 1 :], *BASELINES)]
    ranked = _differences(drawn, every.filter(pl.col("measure").is_in(RANKED)), pairs)
    graph = _differences(drawn, every.filter(measure="log_loss"), [(LEARNED, other) for other in MODELS[1:]])
    baseline = pl.col("other").is_in([*BASELINES, *MODELS])
    # The smallest lead over a baseline is over the best; the smallest loss is the best.
    lead = pl.when(baseline).then(pl.when(measure="log_loss").then(-pl.col("difference")).otherwise("difference"))
    best = (lead.rank("ordinal") == 1).over("ranker", "measure").fill_null(value=False)
    return pl.concat([ranked, graph]).with_columns(best=best).select(*DIFFERENCES)


def _differences(drawn: Resampled, every: pl.DataFrame, pairs: Sequence[tuple[str, str]]) -> pl.DataFrame:
    wanted = pl.DataFrame(pairs, schema={"ranker": pl.String, "other": pl.String}, orient="row").with_row_index("pair")
    apart = (
        wanted.join(every, on="ranker")
        .join(every, left_on=["other", "measure", "replicate"], right_on=["ranker", "measure", "replicate"])
        .with_columns(value=pl.col("value") - pl.col("value_right"))
        .sort("pair", pl.col("measure").replace_strict({name: n for n, name in enumerate((*RANKED, "log_loss"))}))
    )
    return drawn.intervals(apart, "ranker", "other", "measure").rename({"value": "difference"})


def calibration(drawn: Resampled) -> pl.DataFrame:
    """Return `Backtest.calibration`: a row a bin that has pairs."""
    said = drawn.intervals(drawn.values("predicted"), "group").select("group", predicted="value")
    seen = drawn.intervals(drawn.values("observed"), "group").select(
        "group", observed="value", observed_low="low", observed_high="high"
    )
    number = pl.col("group").cast(pl.Int64)
    return (
        said.join(seen, on="group")
        .join(drawn.counts("observed").select("group", pairs="count"), on="group")
        .sort(number)
        .with_columns(low=(number / BINS).round(9), high=((number + 1) / BINS).round(9))
        .select(*CALIBRATION)
    )


def by_rank(drawn: Resampled, rankers: Sequence[str]) -> pl.DataFrame:
    """Return `Backtest.by_rank`."""
    order = {name: place for place, name in enumerate(rankers)}
    return (
        drawn.intervals(drawn.values("by_rank"), "ranker", "group")
        .join(drawn.counts("by_rank").select("ranker", "group", offers="count"), on=["ranker", "group"])
        .select("ranker", "offers", "low", "high", rank=pl.col("group").cast(pl.Int64), attended="value")
        .sort(pl.col("ranker").replace_strict(order, return_dtype=pl.Int64), "rank")
        .select(*BY_RANK)
    )


def _spread(drawn: Resampled, name: str, what: str) -> pl.DataFrame:
    """Return the Gini index over départements of what each received, against what there was to receive."""
    lists = drawn.sums.filter(measure=what).group_by("ranker", "replicate", maintain_order=True).agg("bottom", "top")
    ginis = [
        gini_of(curve) if (curve := lorenz_curve(list(zip(bottom, top, strict=True)))[1]) else None
        for bottom, top in lists.select("bottom", "top").iter_rows()
    ]
    return lists.select("ranker", "replicate", measure=pl.lit(name), value=pl.Series(ginis, dtype=pl.Float64)).select(
        "ranker", "measure", "replicate", "value"
    )


def _expected_error(drawn: Resampled) -> pl.DataFrame:
    """Return the expected calibration error: the mean gap of a bin between what was said and seen, by its pairs."""
    keys = ["ranker", "group", "replicate"]
    said = drawn.sums.filter(measure="predicted").select(*keys, "bottom", said="top")
    seen = drawn.sums.filter(measure="observed").select(*keys, seen="top")
    gap = (pl.col("said") - pl.col("seen")).abs().sort().sum()
    total = pl.col("bottom").sum()
    return (
        said.join(seen, on=keys)
        .group_by("ranker", "replicate", measure=pl.lit("calibration_error"))
        .agg(value=pl.when(total > 0).then(gap / total))
        .select("ranker", "measure", "replicate", "value")
        .sort("ranker", "replicate")
    )
