"""Outcomes of offers, the interest of all territories that could be offered a session, and outcomes of follow-ups.

Pairs of a territory and a follow-up with a known end show how good the graph's probabilities are.
"""

import datetime as dt
from typing import Any

import polars as pl

from prai_match.backtest._settings import BacktestRequest, Resampled, parts
from prai_match.followups import FollowUps, graph_of
from prai_match.model import ProgrammeData

# Conditions on a candidate of a split, counted in `Backtest.exposure`.
OUTCOMES = ("standing", "offers", "taken", "untaken", "censored", "attended", "followed", "without")

INTEREST = (  # columns of `Backtest.interest`
    *("session", "candidates", "territories", "taken", "untaken", "plain", "plain_low", "plain_high"),
    *("corrected", "corrected_low", "corrected_high", "clipped", "lack"),
)

LEAST = 5  # minimum number of offers taken, and of offers not taken, for a comparison
MOST = 10.0  # maximum weight of an offer, relative to the mean
_PAIR = ["territory", "session"]
_BY: dict[str, Any] = {"by": _PAIR, "check_sortedness": False}
_KNOWN = ("split", "session", "departement", "size", "service", "asked")
_SWEEPS = 20
_CANDIDATES = pl.len().cast(pl.Int64).alias("candidates")


def offers_of(programme: ProgrammeData, request: BacktestRequest) -> pl.DataFrame:
    """Return the offers that territories received, so none that was replaced, with the day of the first answer."""
    every = programme.decisions.to_polars().filter(pl.col("territory").is_not_null(), pl.col("date") <= request.until)
    instead = every.select("territory", session="replaced_by", made="date").drop_nulls()
    answers = every.filter(pl.col("event") != "made").select(*_PAIR, "event", answered="date")
    return (
        pl.concat([every.filter(event="made").select(*_PAIR, made="date"), instead])
        .unique()
        .sort("made", *_PAIR)
        .join_asof(answers.sort("answered", "event"), left_on="made", right_on="answered", strategy="forward", **_BY)
        .filter(pl.col("event").ne_missing("replaced"))
        .select(*_PAIR, "made", "answered", censored=request.censored(pl.col("made"), programme.calendar))
    )


def after_offers(came: pl.DataFrame, offers: pl.DataFrame) -> pl.DataFrame:
    """Add to the attendances ``came`` the day of the last offer before, as ``after``."""
    came, before = came.sort("date", *_PAIR), offers.select(*_PAIR, after="made")
    return came.join_asof(before, left_on="date", right_on="after", allow_exact_matches=False, **_BY)


def outcomes(
    candidates: pl.DataFrame, came: pl.DataFrame, offers: pl.DataFrame, on: dt.date, horizon_days: int
) -> pl.DataFrame:
    """Add to candidates of a split which of `OUTCOMES` hold, sorted; offers after the attendance don't count."""
    made, date, window = pl.col("made"), pl.col("date"), pl.duration(days=horizon_days)
    first = came.filter(date > on).group_by(_PAIR).agg(pl.col("date", "after").sort_by("date").first())
    waits = (made <= on) & (made > on - window) & (pl.col("answered") > on).fill_null(value=True)
    own = (
        offers.filter(made <= on + window)
        .group_by(_PAIR)
        .agg(pl.col("made", "censored").filter(made > on).sort_by(made.filter(made > on)).first(), standing=waits.any())
    )
    offered, ends = (made < date).fill_null(made.is_not_null()), ~pl.col("censored")
    in_time, attended = (date <= made + window).fill_null(value=False), date <= on + window
    followed = (pl.col("after") >= date - window).fill_null(value=False)
    holds = {
        "standing": pl.col("standing"),
        "offers": offered,
        "taken": offered & ends & in_time,
        "untaken": offered & ends & ~in_time,
        "censored": offered & ~ends,
        "attended": attended,
        "followed": attended & followed,
        "without": attended & ~followed,
    }
    return (
        candidates.join(first, on=_PAIR, how="left")
        .join(own, on=_PAIR, how="left")
        .sort(_PAIR)
        .select(*candidates.columns, split=pl.lit(on), **holds)
        .with_columns(pl.col(OUTCOMES).fill_null(value=False))
    )


def exposure(outcomes: pl.DataFrame) -> pl.DataFrame:
    keys = ("split", "session")
    return outcomes.group_by(keys).agg(_CANDIDATES, pl.col(OUTCOMES).sum().cast(pl.Int64)).sort(keys)


def groups(outcomes: pl.DataFrame, needed: int) -> pl.DataFrame:
    """Return the outcomes of each session, and of all offered sessions together, with what each ``group`` lacks.

    The ``group`` is the session, or empty for all. Only offers with a known end (``ends``) count.
    """
    rows = outcomes.with_columns(ends=pl.col("taken") | pl.col("untaken"), ranker=pl.lit(""))
    offered = rows.filter(pl.col("ends").any().over("session"))
    enough = {
        "territories": pl.col("territory").filter("ends").n_unique() >= needed,
        "taken": pl.col("taken").sum() >= LEAST,
        "untaken": pl.col("untaken").sum() >= LEAST,
    }
    lack = pl.coalesce(pl.when(~holds).then(pl.lit(name)) for name, holds in enough.items())
    every = pl.concat([rows.with_columns(group="session"), offered.with_columns(group=pl.lit(""))])
    return every.with_columns(lack=lack.over("group"))


def weights(groups: pl.DataFrame) -> pl.DataFrame:
    """Return the offers of complete groups, each with its ``weight`` and whether it was ``clipped`` at `MOST`.

    The weight is the inverse of the chance of the offer, divided by its mean over the group. The chance comes from a
    logistic regression in the group: each value of the columns `_KNOWN` on the day has an effect on the log-odds, with
    a ridge penalty (half its square is subtracted from the log-likelihood), fitted by Newton steps on one effect after
    the other. Weights are clipped as by Cole and Hernán (Constructing inverse probability weights for marginal
    structural models, American Journal of Epidemiology 168(6), 2008), and their sum divides (Hájek's estimator).
    """
    ends, effects = pl.col("ends"), {name: f"effect_{name}" for name in _KNOWN}
    odds = (ends.sum() + 1) / ((~ends).sum() + 1)
    start = {"link": odds.log().over("group")} | dict.fromkeys(effects.values(), pl.lit(0.0))
    rows, chance = groups.filter(pl.col("lack").is_null()).with_columns(**start), 1 / (1 + (-pl.col("link")).exp())
    for name in _KNOWN * _SWEEPS:
        slope = (ends - chance).sum() - pl.col(effects[name]).first()
        step = (slope / ((chance * (1 - chance)).sum() + 1)).clip(-1, 1).over("group", name)
        rows = rows.with_columns(step=step).with_columns(pl.col("link", effects[name]) + pl.col("step"))
    offers = rows.filter("ends").with_columns(weight=1 / chance.round(9))
    weight = pl.col("weight") / pl.col("weight").mean().over("group")
    return offers.with_columns(weight=pl.min_horizontal(weight, MOST), clipped=weight > MOST)


def of_interest(groups: pl.DataFrame, weights: pl.DataFrame) -> pl.DataFrame:
    """Return the parts of interest: ``plain``, the candidates that attended, and ``corrected``, offers by weight."""
    group, weight = pl.col("group"), pl.col("weight")
    corrected = parts(weights, "corrected", weight * pl.col("taken"), group, weight)
    return pl.concat([parts(groups, "plain", pl.col("attended"), group), corrected])


def interest(groups: pl.DataFrame, weights: pl.DataFrame, draws: Resampled) -> pl.DataFrame:
    rows = groups.group_by("group").agg(
        _CANDIDATES,
        pl.col("taken", "untaken").sum().cast(pl.Int64),
        pl.col("lack").first(),
        territories=pl.col("territory").filter("ends").n_unique().cast(pl.Int64),
    )
    ends = draws.intervals(draws.values("plain", "corrected"), "measure", "group")
    wide = ends.pivot(on="measure", on_columns=["plain", "corrected"], index="group", values=["value", "low", "high"])
    wide = wide.rename(lambda name: "_".join(reversed(name.split("_"))).removesuffix("_value"))
    return (
        rows.join(wide, on="group")
        .join(weights.group_by("group").agg(pl.col("clipped").mean()), on="group", how="left")
        .with_columns(session=pl.when(pl.col("group") != "").then("group"))
        .sort("session", nulls_last=True)
        .select(INTEREST)
    )


# The graph learned until the split; the declared graph; a single share for all follow-ups, learned until the split.
LEARNED, DECLARED, POOLED = MODELS = ("follow_ups", "declared", "pooled")

BINS = 10  # number of bins of the reliability table, of equal width
_PAIRS = ("split", "source", "target", "territory", "followed", "censored")


def pairs(programme: ProgrammeData, came: pl.DataFrame, request: BacktestRequest) -> pl.DataFrame:
    """Return the follow-ups that began after each split: `_PAIRS`, sorted.

    A pair is a territory that first attends the source of a follow-up within the horizon after the split, and has not
    attended its target by then. It is followed if the territory attends the target within the horizon after that day.
    If this second horizon goes beyond the history, or overlaps a blackout, in which nothing could follow, the pair is
    censored. A censored pair doesn't count, even if it was followed: only the day on which it began decides, so that
    the remaining pairs aren't biased.
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
    pairs: pl.DataFrame, programme: ProgrammeData, came: pl.DataFrame, request: BacktestRequest, strength: float
) -> pl.DataFrame:
    """Add the predictions of each of `MODELS` for pairs with a known end, as of their split: one column each."""
    chances = pl.concat(_chances(programme, came, split, strength, request.horizon_days) for split in request.splits)
    keys = ["split", "source", "target"]
    return pairs.filter(~pl.col("censored")).join(chances, on=keys, how="left", maintain_order="left")


def _chances(
    programme: ProgrammeData, came: pl.DataFrame, split: dt.date, strength: float, horizon: int
) -> pl.DataFrame:
    catalogue, edge = programme.catalogue, ["source", "target"]
    declared = FollowUps.declared(catalogue, horizon_days=horizon)
    counts = declared.tally(came, split, programme.calendar.blackouts)
    learned = FollowUps.counted(catalogue, counts, strength=strength, horizon_days=horizon)
    # A single follow-up for all: prior probability one half within the horizon, worth two territories.
    every = declared.edges().select(*edge, prior=pl.lit(0.5), lag_days=pl.lit(horizon)).head(1)
    total = counts.group_by("reading", "group", "days", "followed").agg(pl.sum("territories"))
    total = total.join(every.select(edge), how="cross")
    asked = {
        "declared": every.to_dicts(),
        "counts": total.to_dicts(),
        "strength": 2.0,
        "horizon_days": horizon,
        "groups": {},
    }
    pooled = graph_of(catalogue, asked).edges().select(pooled="probability")
    rows = declared.edges().select(pl.lit(split).alias("split"), *edge, declared="probability")
    return rows.with_columns(learned.edges()["probability"].alias(LEARNED)).join(pooled, how="cross")


def losses(predictions: pl.DataFrame) -> pl.DataFrame:
    """Return the log-loss of each of `MODELS`, as parts: -log of the predicted probability of the outcome, in nats."""
    rows = predictions.unpivot(MODELS, index=["territory", "followed"], variable_name="ranker", value_name="chance")
    return parts(rows, "log_loss", -pl.when("followed").then("chance").otherwise(1 - pl.col("chance")).log())


def reliability(predictions: pl.DataFrame) -> pl.DataFrame:
    """Return predictions of the learned graph and outcomes, by bin of probability, as parts."""
    number = (pl.col(LEARNED) * BINS).floor().clip(0, BINS - 1).cast(pl.Int64).cast(pl.String)
    rows = predictions.with_columns(ranker=pl.lit(LEARNED))
    sides = {"predicted": pl.col(LEARNED), "observed": pl.col("followed")}
    return pl.concat(parts(rows, measure, top, number) for measure, top in sides.items())
