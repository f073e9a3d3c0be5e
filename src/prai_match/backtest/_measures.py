"""The measures: what each territory adds to their sums, and what they come to, with intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from prai_match._spread import gini_of, lorenz_curve
from prai_match.backtest._bootstrap import Resampled, parts
from prai_match.backtest._cases import RANKED
from prai_match.backtest._history import BASELINES, RANDOM, place
from prai_match.backtest._pairs import BINS, LEARNED, MODELS

# What each ranker puts first, one row a split and territory; ``session`` is null where there is nothing.
OFFERS = ("ranker", "split", "territory", "departement", "service", "session", "offered")

# Groups of territories by the number of sessions attended by the split, since the council was renewed.
SERVICE = ("0", "1", "2", "3+")


def of_cases(cases: pl.DataFrame, departements: pl.DataFrame) -> pl.DataFrame:
    """Return the parts of `RANKED`, and of hits by département."""
    here = cases.join(departements, on="territory")
    ranked = (parts(cases, measure, pl.col(measure)) for measure in RANKED)
    return pl.concat([*ranked, parts(here, "hits", pl.col("hit_1"), pl.col("departement"))])


def of_offers(offers: pl.DataFrame) -> pl.DataFrame:
    """Return the parts of coverage, and of offers by département."""
    offered = pl.col("offered")
    return pl.concat([parts(offers, "coverage", offered), parts(offers, "offers", offered, pl.col("departement"))])


def service(came: pl.DataFrame, territories: pl.DataFrame) -> pl.DataFrame:
    """Add to the territories their group, ``service``."""
    group = pl.col("service").fill_null(0).clip(upper_bound=len(SERVICE) - 1).cast(pl.Int64)
    return territories.join(came.group_by("territory").agg(service=pl.len()), on="territory", how="left").with_columns(
        service=group.replace_strict(dict(enumerate(SERVICE)), return_dtype=pl.String)
    )


def equity(offers: pl.DataFrame, cases: pl.DataFrame, rankers: Iterable[str]) -> pl.DataFrame:
    hits = cases.select("ranker", "split", "territory", "hit_1")
    rows = offers.join(hits, on=["ranker", "split", "territory"], how="left")
    tables = [
        rows.group_by("ranker", by=pl.lit(by), group=by).agg(
            asked=pl.len().cast(pl.Int64),
            offered=pl.col("offered").sum().cast(pl.Int64),
            cases=pl.col("hit_1").count().cast(pl.Int64),
            hit_1=pl.col("hit_1").sort().mean(),  # sorted: a sum of floats depends on the order of its rows
        )
        for by in ("departement", "service")
    ]
    columns = ("by", "ranker", "group", "asked", "offered", "cases", "hit_1")
    return pl.concat(tables).sort("by", place("ranker", rankers), "group").select(columns)


MEASURES = ("ranker", "kind", "measure", "value", "low", "high", "count")  # columns of `Backtest.measures`
GINI = {"equity_offers": "offers", "equity_hits": "hits"}  # measures of spread, and what is spread over départements


def values(draws: Resampled) -> pl.DataFrame:
    """Return every measure in every replicate: ``ranker``, ``measure``, ``replicate`` and ``value``."""
    return pl.concat(
        [
            draws.values(*RANKED, "coverage", "log_loss").drop("group"),
            *(_spread(draws, name, what) for name, what in GINI.items()),
            _expected_error(draws),
        ]
    )


def measures(draws: Resampled, every: pl.DataFrame, kinds: Mapping[str, str]) -> pl.DataFrame:
    """Return `Backtest.measures`, but for what has no interval."""
    counts = [
        draws.counts(*RANKED, "coverage", "log_loss").drop("group"),
        *(
            draws.counts(what).group_by("ranker", measure=pl.lit(name)).agg(pl.col("count").sum())
            for name, what in {**GINI, "calibration_error": "predicted"}.items()
        ),
    ]
    rows = draws.intervals(every, "ranker", "measure").join(
        pl.concat(frame.select("ranker", "measure", "count") for frame in counts), on=["ranker", "measure"]
    )
    return in_order(rows.with_columns(kind=pl.col("ranker").replace_strict(kinds)).select(*MEASURES), list(kinds))


def catalogue(offers: pl.DataFrame, kinds: Mapping[str, str], sessions: int) -> pl.DataFrame:
    """Return the share of the catalogue that each ranker puts first somewhere; ``random`` may put all of it first."""
    return (
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
        .select(*MEASURES)
    )


def in_order(frame: pl.DataFrame, rankers: Sequence[str]) -> pl.DataFrame:
    """Sort by ranker and measure, in the order in which they are told."""
    measures = (*RANKED, "coverage", "catalogue", *GINI, "log_loss", "calibration_error")
    return frame.sort(place("ranker", rankers), place("measure", measures))


def differences(draws: Resampled, every: pl.DataFrame, policies: Sequence[str]) -> pl.DataFrame:
    """Return `Backtest.differences`: each policy beside those after it and the baselines; the graph beside the others.

    Replicates are those of the measures, so that the intervals are of pairs.
    """
    pairs = [(name, other) for n, name in enumerate(policies) for other in (*policies[n + 1 :], *BASELINES)]
    rankings = _differences(draws, every.filter(pl.col("measure").is_in(RANKED)), pairs)
    graph = _differences(draws, every.filter(measure="log_loss"), [(LEARNED, other) for other in MODELS[1:]])
    baseline = pl.col("other").is_in([*BASELINES, *MODELS])
    # The smallest lead over a baseline is over the best; the smallest loss is the best.
    lead = pl.when(baseline).then(pl.when(measure="log_loss").then(-pl.col("difference")).otherwise("difference"))
    best = (lead.rank("ordinal") == 1).over("ranker", "measure").fill_null(value=False)
    return pl.concat([rankings, graph]).with_columns(best=best)


def _differences(draws: Resampled, every: pl.DataFrame, pairs: Sequence[tuple[str, str]]) -> pl.DataFrame:
    order = pl.DataFrame(pairs, schema={"ranker": pl.String, "other": pl.String}, orient="row").with_row_index("pair")
    apart = (
        order.join(every, on="ranker")
        .join(every, left_on=["other", "measure", "replicate"], right_on=["ranker", "measure", "replicate"])
        .with_columns(value=pl.col("value") - pl.col("value_right"))
        .sort("pair", place("measure", (*RANKED, "log_loss")))
    )
    return draws.intervals(apart, "ranker", "other", "measure").rename({"value": "difference"})


def calibration(draws: Resampled) -> pl.DataFrame:
    """Return `Backtest.calibration`: a row a bin that has pairs."""
    number = pl.col("group").cast(pl.Int64)
    shares = draws.intervals(draws.values("observed"), "group").select(
        "group", observed="value", observed_low="low", observed_high="high"
    )
    return (
        draws.intervals(draws.values("predicted"), "group")
        .select("group", predicted="value")
        .join(shares, on="group")
        .join(draws.counts("observed").select("group", pairs="count"), on="group")
        .sort(number)
        .with_columns(low=(number / BINS).round(9), high=((number + 1) / BINS).round(9))
        .select("low", "high", "pairs", "predicted", "observed", "observed_low", "observed_high")
    )


def by_rank(draws: Resampled, rankers: Sequence[str]) -> pl.DataFrame:
    return (
        draws.intervals(draws.values("by_rank"), "ranker", "group")
        .join(draws.counts("by_rank").select("ranker", "group", offers="count"), on=["ranker", "group"])
        .with_columns(rank=pl.col("group").cast(pl.Int64), attended="value")
        .sort(place("ranker", rankers), "rank")
        .select("ranker", "rank", "offers", "attended", "low", "high")
    )


def _spread(draws: Resampled, name: str, what: str) -> pl.DataFrame:
    """Return the Gini index over départements of what each received, against what there was to receive."""
    lists = draws.sums.filter(measure=what).group_by("ranker", "replicate", maintain_order=True).agg("bottom", "top")
    ginis = [
        gini_of(curve) if (curve := lorenz_curve(list(zip(bottom, top, strict=True)))[1]) else None
        for bottom, top in lists.select("bottom", "top").iter_rows()
    ]
    return lists.select("ranker", pl.lit(name).alias("measure"), "replicate", value=pl.Series(ginis, dtype=pl.Float64))


def _expected_error(draws: Resampled) -> pl.DataFrame:
    """Return the expected calibration error: the mean gap of a bin between what was said and seen, by its pairs."""
    keys = ["ranker", "group", "replicate"]
    gap, total = (pl.col("top") - pl.col("share")).abs().sort().sum(), pl.col("bottom").sum()
    return (
        draws.sums.filter(measure="predicted")
        .join(draws.sums.filter(measure="observed").select(*keys, share="top"), on=keys)
        .group_by("ranker", "replicate", measure=pl.lit("calibration_error"))
        .agg(value=pl.when(total > 0).then(gap / total))
        .select("ranker", "measure", "replicate", "value")
        .sort("ranker", "replicate")
    )
