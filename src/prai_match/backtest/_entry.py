"""The entry: a programme, days and policies in, a backtest out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Unpack

import polars as pl

from prai_match import _arguments as given, policy
from prai_match.backtest import _exposure, _history, _measures, _result, _settings
from prai_match.model import STRENGTH, ProgrammeData
from prai_match.offers import needs_by_state


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
    """Tell how well policies, and baselines, rank what territories attended next (see `Programme.backtest`)."""
    request, came = _settings.settings(programme, splits, **judgement)
    own = _history.by_name(programme, policies)
    later = {split: _history.truths(programme, came, split, request.horizon_days) for split in request.splits}
    with_case = pl.concat(later.values()).filter("candidate")["territory"].n_unique()
    request.with_enough(with_case, "cases")
    days = [
        _Day(programme, came, on, after, _history.rankings(programme, on, own, strength=strength, extra=extra))
        for on, after in later.items()
    ]

    rankers = [*own, *_history.BASELINES]
    kinds = dict.fromkeys(own, "policy") | dict.fromkeys(_history.BASELINES, "baseline")
    kinds |= dict.fromkeys(_exposure.MODELS, "graph")
    cases = pl.concat(day.cases(rankers) for day in days).sort(_history.place("ranker", rankers), "split", "territory")
    offers = pl.concat(day.offers(rankers) for day in days)
    made = _exposure.offers_of(programme, request)
    after = _exposure.after_offers(came, made)
    outcomes = pl.concat(day.outcomes(after, made, request.horizon_days) for day in days)
    groups = _exposure.groups(outcomes, request.needed)
    weights = _exposure.weights(groups)
    pairs = _exposure.pairs(programme, came, request)
    predictions = _exposure.predict(pairs, programme.catalogue, came, request, strength)
    territories = _territories(programme)
    draws = _settings.resample(
        pl.concat(
            [
                _measures.of_cases(cases, territories),
                _measures.of_offers(offers),
                *(day.ranks() for day in days),
                _exposure.of_interest(groups, weights),
                _exposure.losses(predictions),
                _exposure.reliability(predictions),
            ]
        ),
        territories["territory"],
        request,
    )
    every = _measures.values(draws)
    catalogue = _measures.catalogue(offers, kinds, len(programme.catalogue.sessions))
    return _result.Backtest(
        programme=programme.name,
        policies=tuple(own),
        asked=request,
        strength=strength,
        splits=_history.splits_of(programme, came, later),
        territories=with_case,
        measures=_measures.in_order(pl.concat([_measures.measures(draws, every, kinds), catalogue]), list(kinds)),
        differences=_measures.differences(draws, every, list(own)),
        calibration=_measures.calibration(draws),
        by_rank=_measures.by_rank(draws, rankers),
        equity=_measures.equity(offers, cases, rankers),
        exposure=_exposure.exposure(outcomes),
        interest=_exposure.interest(groups, weights, draws),
        cases=cases,
        pairs=pairs,
        sessions={session.id: session.name for session in programme.catalogue.sessions},
    )


class _Day:
    """A split: what was ranked on it, and what came after."""

    def __init__(
        self, programme: ProgrammeData, came: pl.DataFrame, on: dt.date, later: pl.DataFrame, rankings: pl.DataFrame
    ) -> None:
        self._programme, self._on = programme, on
        self._rankings, self._truths = rankings, later.filter("candidate")
        self._candidates = _history.candidates(programme, came, on)
        self._territories = _measures.service(_history.since_renewal(programme, came, on), _territories(programme))

    def cases(self, rankers: Iterable[str]) -> pl.DataFrame:
        cases = _measures.judge(self._rankings, self._candidates, self._truths, rankers)
        return cases.with_columns(split=pl.lit(self._on)).select(*_measures.CASES)

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
        """Return what was offered and what came of it, with what was known on the day of who could be offered what."""
        needs = needs_by_state(self._programme, self._on).filter(pl.col("state").is_in(["open", "to_confirm"]))
        asked = needs.select("territory", session="workshop", asked=pl.lit(value=True)).unique()
        known = self._candidates.join(self._territories, on="territory")
        rows = known.join(asked, on=["territory", "session"], how="left").with_columns(
            pl.col("asked").fill_null(value=False)
        )
        return _exposure.outcomes(rows, came, offers, self._on, horizon_days)

    def ranks(self) -> pl.DataFrame:
        """Return the parts of the share of what was ranked that was attended, by rank."""
        came = self._truths.select("territory", "session", attended=pl.lit(value=1.0))
        rows = self._rankings.join(came, on=["territory", "session"], how="left")
        return _settings.parts(rows, "by_rank", pl.col("attended").fill_null(0.0), pl.col("rank").cast(pl.String))


def _territories(programme: ProgrammeData) -> pl.DataFrame:
    """Return the territories, sorted: their département and ``size`` (in which quarter by population they are)."""
    rows = sorted((each.id, each.departement, each.population) for each in programme.territories)
    schema = {"territory": pl.String, "departement": pl.String, "size": pl.Int64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns((pl.col("size").rank("min") - 1) * 4 // pl.len())
