"""Measures: the quality of each ranker, case by case; the parts that territories add to sums; the totals."""

import math
from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from prai_match._spread import gini_of, lorenz_curve
from prai_match.backtest import _exposure, _history
from prai_match.backtest._settings import Resampled, parts

RANKED = ("hit_1", "hit_3", "mrr", "ndcg")  # measures of a ranking
# Columns of `Backtest.cases`.
CASES = ("ranker", "split", "territory", "candidates", "truths", "booked", "offered", "first", *RANKED)

_DEEP = 3


def judge(
    rankings: pl.DataFrame, candidates: pl.DataFrame, truths: pl.DataFrame, rankers: Iterable[str]
) -> pl.DataFrame:
    r"""Judge rankings by what was attended: `CASES` without the split, sorted by ranker in their order and territory.

    T are the truths of a case, rank(s) the rank of a session, infinite if it isn't ranked:

    - ``hit_1``, ``hit_3``: 1 if a truth is among the first one or three, else 0.
    - ``mrr``: 1 / the best rank of a truth; its mean over cases is the mean reciprocal rank.
    - ``ndcg``: the sum over T of 1 / log2(1 + rank(s)), divided by the sum for k from 1 to \\|T\\| of 1 / log2(1 + k):
      the normalised discounted cumulative gain with relevance 0 or 1 over the whole ranking (Järvelin and Kekäläinen,
      ACM TOIS 20(4), 2002).

    For ``random`` they are expectations over all orders of the candidates.

    Truths are the candidates that were attended. The ranker ``random`` comes last.
    """
    cases = (
        truths.group_by("territory")
        .agg(truths=pl.len().cast(pl.Int64), booked=pl.col("booked").sum().cast(pl.Int64))
        .join(candidates.group_by("territory").agg(candidates=pl.len().cast(pl.Int64)), on="territory")
    )
    names = [name for name in rankers if name != _history.RANDOM]
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
        ranker=pl.lit(_history.RANDOM),
        offered=pl.lit(value=True),
        first=pl.lit(None, pl.Int64),
    )
    columns = [name for name in CASES if name != "split"]
    return pl.concat(frame.select("order", *columns) for frame in (ranked, random)).sort("order", "territory")


def ideal(truths: int) -> float:
    """Return the gain of an ideal ranking, which begins with the truths."""
    return math.fsum(1 / math.log2(1 + rank) for rank in range(1, truths + 1))


def _expectations(cases: pl.DataFrame) -> pl.DataFrame:
    pairs = cases.select("candidates", "truths").unique().sort("candidates", "truths")
    schema = {"candidates": pl.Int64, "truths": pl.Int64, **dict.fromkeys(RANKED, pl.Float64)}
    return pl.DataFrame([(*pair, *expectation(*pair)) for pair in pairs.iter_rows()], schema=schema, orient="row")


def expectation(candidates: int, truths: int) -> tuple[float, float, float, float]:
    """Return the expectations of hit@1, hit@3, the reciprocal rank and nDCG over all orders of the candidates.

    The best rank of m truths among n is r with probability C(n - r, m - 1) / C(n, m); each rank holds a truth with
    probability m / n.
    """
    orders, places = math.comb(candidates, truths), range(1, candidates - truths + 2)
    first = [math.comb(candidates - rank, truths - 1) / orders for rank in places]
    reciprocal = math.fsum(chance / rank for rank, chance in zip(places, first, strict=True))
    return first[0], math.fsum(first[:_DEEP]), reciprocal, (truths / candidates * ideal(candidates)) / ideal(truths)


# What each ranker ranks first, one row per split and territory; ``session`` is null if nothing is ranked.
OFFERS = ("ranker", "split", "territory", "departement", "service", "session", "offered")

# Groups of territories by the number of sessions attended by the split, since the council was renewed.
SERVICE = ("0", "1", "2", "3+")


def of_rankings(
    cases: pl.DataFrame, offers: pl.DataFrame, departements: pl.DataFrame, events: pl.DataFrame
) -> pl.DataFrame:
    """Return the parts of `RANKED`, also by kind of events, and coverage, and of hits and offers by département."""
    here = cases.join(departements, on="territory")
    return pl.concat(
        [
            *(parts(cases, measure, pl.col(measure)) for measure in RANKED),
            *(parts(events, f"events_{measure}", pl.col(measure), pl.col("events")) for measure in RANKED),
            parts(here, "hits", pl.col("hit_1"), pl.col("departement")),
            parts(offers, "coverage", pl.col("offered")),
            parts(offers, "offers", pl.col("offered"), pl.col("departement")),
        ]
    )


def events(draws: Resampled, cases: pl.DataFrame, rankers: Sequence[str], needed: int) -> pl.DataFrame:
    """Return `Backtest.events`; with too few territories there are no intervals."""
    told = cases.group_by("events").agg(territories=pl.col("territory").n_unique().cast(pl.Int64))
    names, order = [f"events_{name}" for name in RANKED], ["events", "ranker", "measure"]
    return (
        draws.intervals(draws.values(*names), "ranker", "measure", "group")
        .join(draws.counts(*names), on=["ranker", "measure", "group"])
        .with_columns(pl.col("measure").str.strip_prefix("events_"), events="group")
        .join(told, on="events")
        .with_columns(pl.when(pl.col("territories") >= needed).then(pl.col("low", "high")))
        .sort(
            *(
                _history.place(name, every)
                for name, every in zip(order, (_history.EVENTS, rankers, RANKED), strict=True)
            )
        )
        .select(*order, "value", "low", "high", "territories", cases="count")
    )


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
            hit_1=pl.col("hit_1").sort().mean(),  # sorted, since a sum of floats depends on the order of its rows
        )
        for by in ("departement", "service")
    ]
    columns = ("by", "ranker", "group", "asked", "offered", "cases", "hit_1")
    return pl.concat(tables).sort("by", _history.place("ranker", rankers), "group").select(columns)


MEASURES = ("ranker", "kind", "measure", "value", "low", "high", "count")  # columns of `Backtest.measures`
GINI = {"equity_offers": "offers", "equity_hits": "hits"}  # inequality of what over départements


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
    """Return `Backtest.measures`, without those that have no interval."""
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
    """Return the share of the catalogue that each ranker ranks first at least once; for ``random`` it is 1."""
    return (
        offers.filter(pl.col("ranker") != _history.RANDOM)
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
    """Sort by ranker and measure, in the order in which they are shown."""
    measures = (*RANKED, "coverage", "catalogue", *GINI, "log_loss", "calibration_error")
    return frame.sort(_history.place("ranker", rankers), _history.place("measure", measures))


def differences(draws: Resampled, every: pl.DataFrame, policies: Sequence[str]) -> pl.DataFrame:
    """Return `Backtest.differences`: each policy against later ones and baselines; the graph against other models.

    Replicates are those of the measures, so that intervals are those of paired differences.
    """
    pairs = [(name, other) for n, name in enumerate(policies) for other in (*policies[n + 1 :], *_history.BASELINES)]
    rankings = _differences(draws, every.filter(pl.col("measure").is_in(RANKED)), pairs)
    graph = _differences(
        draws, every.filter(measure="log_loss"), [(_exposure.LEARNED, other) for other in _exposure.MODELS[1:]]
    )
    baseline = pl.col("other").is_in([*_history.BASELINES, *_exposure.MODELS])
    # The best baseline is the one with the smallest lead over it, or with the smallest loss.
    lead = pl.when(baseline).then(pl.when(measure="log_loss").then(-pl.col("difference")).otherwise("difference"))
    best = (lead.rank("ordinal") == 1).over("ranker", "measure").fill_null(value=False)
    return pl.concat([rankings, graph]).with_columns(best=best)


def _differences(draws: Resampled, every: pl.DataFrame, pairs: Sequence[tuple[str, str]]) -> pl.DataFrame:
    order = pl.DataFrame(pairs, schema={"ranker": pl.String, "other": pl.String}, orient="row").with_row_index("pair")
    apart = (
        order.join(every, on="ranker")
        .join(every, left_on=["other", "measure", "replicate"], right_on=["ranker", "measure", "replicate"])
        .with_columns(value=pl.col("value") - pl.col("value_right"))
        .sort("pair", _history.place("measure", (*RANKED, "log_loss")))
    )
    return draws.intervals(apart, "ranker", "other", "measure").rename({"value": "difference"})


def calibration(draws: Resampled) -> pl.DataFrame:
    """Return `Backtest.calibration`: one row per bin with pairs."""
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
        .with_columns(low=(number / _exposure.BINS).round(9), high=((number + 1) / _exposure.BINS).round(9))
        .select("low", "high", "pairs", "predicted", "observed", "observed_low", "observed_high")
    )


def by_rank(draws: Resampled, rankers: Sequence[str]) -> pl.DataFrame:
    return (
        draws.intervals(draws.values("by_rank"), "ranker", "group")
        .join(draws.counts("by_rank").select("ranker", "group", offers="count"), on=["ranker", "group"])
        .with_columns(rank=pl.col("group").cast(pl.Int64), attended="value")
        .sort(_history.place("ranker", rankers), "rank")
        .select("ranker", "rank", "offers", "attended", "low", "high")
    )


def _spread(draws: Resampled, name: str, what: str) -> pl.DataFrame:
    """Return the Gini index over départements of what each received, relative to what it could receive."""
    lists = draws.sums.filter(measure=what).group_by("ranker", "replicate", maintain_order=True).agg("bottom", "top")
    ginis = [
        gini_of(curve) if (curve := lorenz_curve(list(zip(bottom, top, strict=True)))[1]) else None
        for bottom, top in lists.select("bottom", "top").iter_rows()
    ]
    return lists.select("ranker", pl.lit(name).alias("measure"), "replicate", value=pl.Series(ginis, dtype=pl.Float64))


def _expected_error(draws: Resampled) -> pl.DataFrame:
    """Return the expected calibration error: the mean gap between prediction and share over bins, by pairs."""
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
