"""Candidates that could be offered on a day, their ranking by each ranker, and what was attended afterwards."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import polars as pl

from prai_match.backtest._check import with_stand_ins
from prai_match.errors import ArgumentError
from prai_match.explain import ranking
from prai_match.followups import Forecast, attended, follow_ups_of
from prai_match.model import STRENGTH, ProgrammeData
from prai_match.offers import on_day
from prai_match.policy import Policy, policy_of
from prai_match.recommend import recommend


def candidates(programme: ProgrammeData, came: pl.DataFrame, on: dt.date) -> pl.DataFrame:
    """Return the sessions that each territory, by a day, hasn't attended since the renewal or booked, sorted."""
    return (
        _everything(programme)
        .join(since_renewal(programme, came, on), on=["territory", "session"], how="anti")
        .join(_booked(programme, on), on=["territory", "session"], how="anti")
        .sort("territory", "session")
    )


def _everything(programme: ProgrammeData) -> pl.DataFrame:
    territories = pl.Series("territory", [each.id for each in programme.territories], pl.String).to_frame()
    sessions = pl.Series("session", [each.id for each in programme.catalogue.sessions], pl.String).to_frame()
    return territories.join(sessions, how="cross").sort("territory", "session")


def _booked(programme: ProgrammeData, on: dt.date) -> pl.DataFrame:
    """Return the booked sessions that each territory hosts or is registered for: ``territory`` and ``session``."""
    (t, h), frames = on_day(programme, on).ahead, on_day(programme, on).frames
    numbers = {"territory": (frames.territories, t), "session": (frames.sessions, frames.booked.rows["s"][h])}
    return pl.DataFrame({name: table[name].gather(rows) for name, (table, rows) in numbers.items()})


def since_renewal(programme: ProgrammeData, came: pl.DataFrame, on: dt.date) -> pl.DataFrame:
    """Return the attendances ``came`` up to a day, since the territory's council was renewed."""
    return came.filter(pl.col("date") <= on, pl.col("date") > (programme.calendar.renewed_before(on) or dt.date.min))


def truths(programme: ProgrammeData, came: pl.DataFrame, on: dt.date, horizon_days: int) -> pl.DataFrame:
    """Return what territories first attended within ``horizon_days`` after a day; only candidates count as truths."""
    bookings = programme.sessions.to_polars().filter(pl.col("booked_on") <= on)
    possible = candidates(programme, came, on).with_columns(candidate=pl.lit(value=True))
    return (
        came.filter(pl.col("date") > on, pl.col("date") <= on + dt.timedelta(days=horizon_days))
        .group_by("territory", "session")
        .agg(pl.col("date").min())
        .join(
            bookings.select("session", "date", booked=pl.lit(value=True)).unique(), on=["session", "date"], how="left"
        )
        .join(possible, on=["territory", "session"], how="left")
        .with_columns(pl.col("booked", "candidate").fill_null(value=False))
        .sort("territory", "session")
    )


SPLITS = {  # columns of `Backtest.splits`
    "split": pl.Date,
    **dict.fromkeys(("territories", "known", "cases", "without", "truths", "booked", "repeated"), pl.Int64),
}


def splits_of(programme: ProgrammeData, came: pl.DataFrame, later: Mapping[dt.date, pl.DataFrame]) -> pl.DataFrame:
    """Count the data of each split; ``later`` holds its `truths`."""
    rows = []
    for on, frame in later.items():
        judged = frame.filter("candidate")
        territories, cases = len(programme.territories), judged["territory"].n_unique()
        counts = (judged.height, judged["booked"].sum(), frame.height - judged.height)
        rows.append((on, territories, came.filter(pl.col("date") <= on).height, cases, territories - cases, *counts))
    return pl.DataFrame(rows, schema=SPLITS, orient="row")


_PLACE = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("territory")
LEAST_SUPPORT = 2  # minimum number of territories that followed a rule for it to count


def markov(came: pl.DataFrame, buffets: Collection[str]) -> pl.DataFrame:
    """Score sessions by how often they followed the last buffet that the territory attended.

    A first-order Markov chain whose state is the last buffet attended before the day of a session: its points are how
    often it was attended from the territory's state. Since popularity breaks ties, it falls back to popularity without
    observations, like a Dirichlet prior worth one observation.
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
    """Score by the rule "those that attended A later attend B" with the highest confidence, for A that was attended.

    Support of a rule: the territories that attended A and, on a later day, B. Confidence: its share of the territories
    that attended A. Rules with a support below `LEAST_SUPPORT` don't count. The points are the highest confidence of
    the rules that lead to the session, as Sarwar, Karypis, Konstan and Riedl (Analysis of recommendation algorithms for
    e-commerce, EC 2000) rank by association rules; ordered pairs as in Kamehkhosh, Jannach and Ludewig (A comparison of
    frequent pattern techniques and a deep learning method for session-based recommendation, 2017).
    """
    first = came.group_by("territory", source="session").agg(since=pl.col("date").min())
    surest = (
        first.join(came, on="territory")
        .filter(pl.col("date") > pl.col("since"), pl.col("session") != pl.col("source"))
        .group_by("source", "session")
        .agg(support=pl.col("territory").n_unique())
        .filter(pl.col("support") >= LEAST_SUPPORT)
        .join(first.group_by("source").agg(base=pl.len()), on="source")
        .select("source", "session", confidence=pl.col("support") / pl.col("base"))
    )
    return first.join(surest, on="source").group_by("territory", "session").agg(points=pl.col("confidence").max())


def by_baseline(came: pl.DataFrame, candidates: pl.DataFrame, buffets: Collection[str]) -> dict[str, pl.DataFrame]:
    """Rank the candidates by each baseline, learned from ``came``; ties are broken by popularity, then by code."""
    points = {
        "popularity": candidates.clear().with_columns(points=pl.lit(0.0)),
        "markov": markov(came, buffets),
        "rules": rules(came),
    }
    return {name: by_points(came, candidates, own) for name, own in points.items()}


def by_points(came: pl.DataFrame, candidates: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """Rank the candidates by points: ``territory``, ``session``, ``rank`` (from 1); then by popularity and code."""
    counts = came.group_by("session").agg(popularity=pl.col("territory").n_unique().cast(pl.Float64))
    return (
        candidates.join(points, on=["territory", "session"], how="left")
        .join(counts, on="session", how="left")
        .with_columns(pl.col("points", "popularity").fill_null(0.0))
        .sort("territory", "points", "popularity", "session", descending=[False, True, True, False])
        .select("territory", "session", rank=_PLACE)
    )


def by_habit(programme: ProgrammeData, came: pl.DataFrame, on: dt.date, horizon_days: int) -> dict[str, pl.DataFrame]:
    """Rank all sessions for each territory by its own attendances up to a day, and by a forecast from the history."""
    every, past = _everything(programme), came.filter(pl.col("date") <= on)
    own = past.group_by("territory", "session")
    forecast = Forecast.learned(
        past,
        on,
        territories=every["territory"].unique(),
        sessions=every["session"].unique(),
        horizon_days=horizon_days,
        blackouts=programme.calendar.blackouts,
    )
    points = {
        "recency": own.agg(points=pl.col("date").max().dt.epoch("d").cast(pl.Float64)),
        "frequency": own.agg(points=pl.col("date").n_unique().cast(pl.Float64)),
        "forecast": forecast.probabilities().select("territory", "session", points="probability"),
    }
    return {name: by_points(past, every, each) for name, each in points.items()}


HABITS: tuple[str, ...] = ("recency", "frequency", "forecast")
RANDOM = "random"
BASELINES: tuple[str, ...] = ("popularity", "markov", "rules", RANDOM)  # their names, which policies can't have


def rankings(
    programme: ProgrammeData,
    on: dt.date,
    policies: Mapping[str, Policy] | None = None,
    *,
    strength: float = STRENGTH,
    extra: Any = None,  # noqa: ANN401 - whatever speaks Arrow
) -> pl.DataFrame:
    """Rank sessions for each territory as of a day, by each policy and baseline; nothing later is used.

    Baselines rank all sessions; a policy ranks those that it allows, including repeated ones.

    Returns ``ranker``, ``territory``, ``session`` and ``rank`` (from 1), sorted by ranker in their order, territory and
    rank. ``random`` isn't included: its expectation is computed instead.
    """
    programme, own, _ = with_stand_ins(programme, by_name(programme, policies))
    came = attended(programme).unique()
    follow_ups, every = follow_ups_of(programme, on, strength), len(programme.catalogue.sessions)
    buffets = [buffet.id for buffet in programme.catalogue.buffets]
    frames = {
        name: ranking(recommend(programme, on, top=every, policy=policy, follow_ups=follow_ups, extra=extra).offers)
        .sort("territory", "rank")
        .select("territory", "session", rank=_PLACE)
        for name, policy in own.items()
    }
    frames |= by_baseline(came.filter(pl.col("date") <= on), _everything(programme), buffets)
    return together(frames)


def together(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return rankings as one, with the ``ranker`` of each."""
    return pl.concat(
        frame.select(pl.lit(name).alias("ranker"), "territory", "session", "rank") for name, frame in frames.items()
    )


def among(rankings: pl.DataFrame, candidates: pl.DataFrame) -> pl.DataFrame:
    """Return the rankings of only some candidates, with ranks renumbered."""
    kept = rankings.join(candidates, on=["territory", "session"], how="semi", maintain_order="left")
    return kept.with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("ranker", "territory"))


EVENTS: tuple[str, ...] = ("all", "new", "repeat")


def by_events(
    programme: ProgrammeData, came: pl.DataFrame, on: dt.date, later: pl.DataFrame
) -> dict[str, tuple[pl.DataFrame, pl.DataFrame]]:
    """Return, for each kind of events, its candidates (``territory`` and ``session``) and the truths among them.

    ``new``: what could be offered on the day; ``repeat``: what was attended since the renewal; ``all``: all sessions.
    """
    keys = ["territory", "session"]
    every = {
        "all": _everything(programme),
        "new": candidates(programme, came, on),
        "repeat": since_renewal(programme, came, on).select(keys).unique().sort(keys),
    }
    return {name: (each, later.join(each, on=keys, how="semi")) for name, each in every.items()}


def by_name(programme: ProgrammeData, policies: Mapping[str, Policy] | None) -> dict[str, Policy]:
    """Return the policies by name; that of the programme if none are given."""
    rankers = {"default": policy_of(programme)} if policies is None else dict(policies)
    if not rankers or not rankers.keys().isdisjoint(BASELINES):
        raise ArgumentError.of("prai_match.backtest", "policy_names", names=", ".join(BASELINES), found=list(rankers))
    return rankers


def place(column: str, names: Iterable[str]) -> pl.Expr:
    """Return the position of the values of a column among ``names``."""
    return pl.col(column).replace_strict({name: n for n, name in enumerate(names)}, return_dtype=pl.Int64)
