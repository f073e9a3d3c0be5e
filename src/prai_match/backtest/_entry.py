"""Entry points: backtests of policies on past days, and the choice of the strength of the follow-up graph.

The strength is chosen by its log-loss on what happened after past days.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Unpack

import polars as pl

from prai_match import _arguments as given, policy
from prai_match.backtest import _exposure, _history, _measures, _result, _settings
from prai_match.backtest._check import with_stand_ins
from prai_match.errors import ArgumentError, BacktestError, Problem
from prai_match.followups import quarters_of
from prai_match.model import STRENGTH, Lang, ProgrammeData, Text
from prai_match.needs import WAITING
from prai_match.offers import needs_by_state
from prai_match.text import Document, Shown, Table, Tabular, counted, current_language, number


@given.takes(policies=given.optional(given.by_name(given.a(policy.Policy))))
def backtest(
    programme: ProgrammeData,
    splits: Iterable[dt.date],
    policies: Mapping[str, policy.Policy] | None = None,
    *,
    strength: float = STRENGTH,
    extra: Any = None,  # noqa: ANN401 - whatever speaks Arrow
    **judgement: Unpack[_settings.Judgement],
) -> _result.Backtest:
    """Measure how well policies, and baselines, rank what territories attended next (see `Programme.backtest`)."""
    request, came = _settings.settings(programme, splits, **judgement)
    programme, own, stand_ins = with_stand_ins(programme, _history.by_name(programme, policies))
    later = {split: _history.truths(programme, came, split, request.horizon_days) for split in request.splits}
    with_case = pl.concat(later.values()).filter("candidate")["territory"].n_unique()
    if not with_case:
        raise BacktestError("backtest", [Problem.of(_settings.PACKAGE, "cases", "history")])
    days = [
        _Day(programme, came, on, after, _history.rankings(programme, on, own, strength=strength, extra=extra))
        for on, after in later.items()
    ]

    rankers = [*own, *_history.BASELINES]
    kinds = dict.fromkeys(own, "policy") | dict.fromkeys(_history.BASELINES, "baseline")
    kinds |= dict.fromkeys(_exposure.MODELS, "graph")
    habits = [*own, *_history.BASELINES[:-1], *_history.HABITS, _history.RANDOM]
    events = pl.concat(day.events(habits, request.horizon_days) for day in days)
    cases = pl.concat(day.cases(rankers) for day in days).sort(_history.place("ranker", rankers), "split", "territory")
    offers = pl.concat(day.offers(rankers) for day in days)
    made = _exposure.offers_of(programme, request)
    after = _exposure.after_offers(came, made)
    outcomes = pl.concat(day.outcomes(after, made, request.horizon_days) for day in days)
    groups = _exposure.groups(outcomes, request.needed)
    weights = _exposure.weights(groups)
    pairs = _exposure.pairs(programme, came, request)
    predictions = _exposure.predict(pairs, programme, came, request, strength)
    territories = _territories(programme)
    draws = _settings.resample(
        pl.concat(
            [
                _measures.of_rankings(cases, offers, territories, events),
                *(day.ranks() for day in days),
                _exposure.of_interest(groups, weights),
                _exposure.losses(predictions),
                _exposure.reliability(predictions),
            ]
        ),
        territories["territory"],
        # With too few territories, none are drawn, so that figures have no intervals.
        request if with_case >= request.needed else replace(request, replications=0),
    )
    every = _measures.values(draws)
    catalogue = _measures.catalogue(offers, kinds, len(programme.catalogue.sessions))
    return _result.Backtest(
        programme=programme.name,
        policies=tuple(own),
        stand_ins=stand_ins,
        asked=request,
        strength=strength,
        splits=_history.splits_of(programme, came, later),
        territories=with_case,
        measures=_measures.in_order(pl.concat([_measures.measures(draws, every, kinds), catalogue]), list(kinds)),
        differences=_measures.differences(draws, every, list(own)),
        calibration=_measures.calibration(draws),
        by_rank=_measures.by_rank(draws, rankers),
        equity=_measures.equity(offers, cases, rankers),
        events=_measures.events(draws, events, habits, request.needed),
        exposure=_exposure.exposure(outcomes),
        interest=_exposure.interest(groups, weights, draws),
        cases=cases,
        pairs=pairs,
        sessions={session.id: session.name for session in programme.catalogue.sessions},
    )


class _Day:
    """A split: what was ranked on this day, and what happened afterwards."""

    def __init__(
        self, programme: ProgrammeData, came: pl.DataFrame, on: dt.date, later: pl.DataFrame, rankings: pl.DataFrame
    ) -> None:
        self._programme, self._on, self._came, self._every = programme, on, came, rankings
        self._events = _history.by_events(programme, came, on, later)
        self._candidates, self._truths = self._events["new"]
        self._rankings = _history.among(rankings, self._candidates)
        self._territories = _measures.service(_history.since_renewal(programme, came, on), _territories(programme))

    def cases(self, rankers: Iterable[str]) -> pl.DataFrame:
        cases = _measures.judge(self._rankings, self._candidates, self._truths, rankers)
        return cases.with_columns(split=pl.lit(self._on)).select(*_measures.CASES)

    def events(self, rankers: Iterable[str], horizon_days: int) -> pl.DataFrame:
        """Return the cases of all, of new and of repeated events, each ranked among events of its kind."""
        habits = _history.by_habit(self._programme, self._came, self._on, horizon_days)
        every = pl.concat([self._every, _history.together(habits)])
        return pl.concat(
            _measures.judge(_history.among(every, candidates), candidates, truths, rankers).with_columns(
                events=pl.lit(name)
            )
            for name, (candidates, truths) in self._events.items()
        )

    def offers(self, rankers: Iterable[str]) -> pl.DataFrame:
        chance = self._candidates.select(
            "territory", ranker=pl.lit(_history.RANDOM), session=pl.lit(None, pl.String)
        ).unique()
        first = self._rankings.filter(rank=1).select("territory", "ranker", "session")
        offers = pl.concat([first, chance]).with_columns(offered=pl.lit(value=True))
        return (
            pl.DataFrame({"ranker": list(rankers)}, schema={"ranker": pl.String})
            .join(self._territories, how="cross")
            .join(offers, on=["ranker", "territory"], how="left", maintain_order="left")
            .with_columns(pl.col("offered").fill_null(value=False), split=pl.lit(self._on))
            .select(*_measures.OFFERS)
        )

    def outcomes(self, came: pl.DataFrame, offers: pl.DataFrame, horizon_days: int) -> pl.DataFrame:
        """Return offers and their outcomes, with the data known on the day about what could be offered to whom."""
        needs = needs_by_state(self._programme, self._on).filter(pl.col("state").is_in(WAITING))
        asked = needs.select("territory", session="workshop", asked=pl.lit(value=True)).unique()
        known = self._candidates.join(self._territories, on="territory")
        rows = known.join(asked, on=["territory", "session"], how="left").with_columns(
            pl.col("asked").fill_null(value=False)
        )
        return _exposure.outcomes(rows, came, offers, self._on, horizon_days)

    def ranks(self) -> pl.DataFrame:
        """Return the parts of the share of ranked offers that were attended, by rank."""
        came = self._truths.select("territory", "session", attended=pl.lit(value=1.0))
        rows = self._rankings.join(came, on=["territory", "session"], how="left")
        return _settings.parts(rows, "by_rank", pl.col("attended").fill_null(0.0), pl.col("rank").cast(pl.String))


def _territories(programme: ProgrammeData) -> pl.DataFrame:
    """Return the territories, sorted, with their département and ``size`` (quartile of population)."""
    quarters = quarters_of(programme)
    rows = sorted((each.id, each.departement, quarters[each.id]) for each in programme.territories)
    schema = {"territory": pl.String, "departement": pl.String, "size": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


STRENGTHS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)  # tried if none are given


@dataclass(frozen=True, eq=False, repr=False)
class Strengths(Shown, Tabular):
    """The log-loss of each strength, and the one chosen.

    Libraries that read Arrow make a data frame of the losses.

    Attributes:
        programme: Name of the programme.
        asked: The request.
        losses: One row per strength: ``strength``, ``log_loss`` (nats), ``low`` and ``high`` (its interval), ``above``
            (difference from the lowest loss) and ``error`` (the standard error of that difference).
        best: The strength with the lowest log-loss.
        chosen: The greatest strength whose loss exceeds the lowest by at most one standard error of the difference.
        pairs: Number of follow-ups whose end is known.
        censored: Number of follow-ups whose end isn't known.
        territories: Number of territories with a pair.

    Example:
        >>> from prai_match import Programme
        >>> days = ["2007-03-01", "2007-06-01"]
        >>> found = choose_strength(Programme.example(), days, (1, 10), replications=100)
        >>> found.losses.columns, found.chosen in (1, 10)
        (['strength', 'log_loss', 'low', 'high', 'above', 'error'], True)
    """

    programme: Text
    asked: _settings.BacktestRequest
    losses: pl.DataFrame
    best: float
    chosen: float
    pairs: int
    censored: int
    territories: int

    def to_polars(self) -> pl.DataFrame:
        """Return the losses."""
        return self.losses

    def text(self, lang: Lang | None = None) -> str:
        """Return the chosen strength and the loss of each strength, as plain text.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return document(self, current_language(lang)).text()

    def __repr__(self) -> str:
        return f"<Strengths: {self.chosen:g} chosen, {self.best:g} the least loss, {self.pairs} pairs>"


@given.takes(strengths=given.each(given.between(0, but=(0,))))
def choose_strength(
    programme: ProgrammeData,
    splits: Iterable[dt.date],
    strengths: Sequence[float] = STRENGTHS,
    **judgement: Unpack[_settings.Judgement],
) -> Strengths:
    """Choose the weight of the declared probabilities of follow-ups, as a number of observed territories.

    For each strength, the graph learned until each split predicts the follow-ups that begin afterwards; the log-loss
    measures how well. Among the strengths whose loss exceeds the lowest by at most one standard error of the
    difference, the greatest is chosen: it is the simplest model that the data can't distinguish from the best, and the
    closest to what the catalogue declares (the one-standard-error rule of Breiman, Friedman, Olshen and Stone,
    Classification and Regression Trees, 1984, 3.4.3; here with the error of the difference, since all strengths are
    judged by the same pairs). Errors are by the bootstrap over territories.

    Args:
        programme: The programme, with its history.
        splits: The days.
        strengths: The strengths to try, above 0.
        **judgement: As for `backtest`; ``horizon_days`` is both the time after a split in which a follow-up begins and
            the time after its beginning in which it is followed.

    Raises:
        BacktestError: Too few territories have a follow-up with a known end, or a split has no past or no future.
        ValueError: A number is out of range, or there is no split or no strength.

    Example:
        >>> from prai_match import Programme
        >>> programme = Programme.example()
        >>> days = ["2007-03-01", "2007-06-01"]
        >>> found = choose_strength(programme, days, (1, 10, 100), replications=100)
        >>> found.losses["strength"].to_list()
        [1.0, 10.0, 100.0]
        >>> graph = programme.follow_ups("2007-09-03", strength=found.chosen)
    """
    if not (candidates := sorted({float(strength) for strength in strengths})):
        raise ArgumentError.of("prai_match.backtest", "no_strength")
    request, came = _settings.settings(programme, splits, **judgement)
    pairs = _exposure.pairs(programme, came, request)
    complete = pairs.filter(~pl.col("censored"))
    territories = complete["territory"].n_unique()
    request.with_enough(territories)
    losses = _losses(pairs, programme, came, request, candidates)
    return Strengths(
        programme=programme.name,
        asked=request,
        losses=losses,
        best=float(losses.filter(above=0.0)["strength"].max()),  # type: ignore[arg-type]
        chosen=float(losses.filter(pl.col("above") <= pl.col("error"))["strength"].max()),  # type: ignore[arg-type]
        pairs=complete.height,
        censored=pairs.height - complete.height,
        territories=territories,
    )


def _losses(
    pairs: pl.DataFrame,
    programme: ProgrammeData,
    came: pl.DataFrame,
    request: _settings.BacktestRequest,
    strengths: Sequence[float],
) -> pl.DataFrame:
    numbers = {str(n): strength for n, strength in enumerate(strengths)}
    parts = pl.concat(
        _exposure.losses(_exposure.predict(pairs, programme, came, request, strength))
        .filter(ranker=_exposure.LEARNED)
        .with_columns(group=pl.lit(number))
        for number, strength in numbers.items()
    )
    draws = _settings.resample(parts, pl.Series([each.id for each in programme.territories], dtype=pl.String), request)
    values = draws.values("log_loss")
    losses = values.filter(replicate=0).sort("value", pl.col("group").cast(pl.Int64), descending=[False, True])
    least = values.filter(group=losses["group"][0]).select("replicate", least="value")
    apart = values.join(least, on="replicate").with_columns(above=pl.col("value") - pl.col("least"))
    errors = apart.group_by("group").agg(
        above=pl.col("above").filter(pl.col("replicate") == 0).first().round(9),
        error=pl.col("above").filter(pl.col("replicate") > 0).sort().std().round(9),
    )
    strength = pl.col("group").replace_strict(numbers, return_dtype=pl.Float64)
    return (
        draws.intervals(values, "group")
        .join(errors, on="group")
        .select(strength.alias("strength"), pl.col("value").alias("log_loss"), "low", "high", "above", "error")
        .sort("strength")
    )


def document(result: Strengths, lang: Lang) -> Document:
    words = _result.Words(lang, ())
    texts, counts = words.texts["strengths"], words.texts["count"]
    lead = (
        texts["chosen"].format(chosen=words.plain(result.chosen), best=words.plain(result.best)),
        texts["pairs"].format(
            pairs=counted(result.pairs, counts["pairs"], lang),
            territories=counted(result.territories, counts["territories"], lang),
            censored=number(result.censored, 0, lang),
        ),
    )
    rows = tuple(
        (
            words.plain(row["strength"]),
            words.measure_of("log_loss", {**row, "value": row["log_loss"]}),
            number(row["above"], 4, lang),
            number(row["error"], 4, lang),
        )
        for row in result.losses.iter_rows(named=True)
    )
    header = (texts["strength"], texts["log_loss"], texts["above"], texts["error"])
    title = texts["title"].format(programme=result.programme.get(lang))
    return Document(lang, title, (*lead, Table(texts["caption"], header, rows)), ())
