"""The entry: a programme, days and policies in, a backtest out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import polars as pl

from prai_match.backtest import _measures, _pairs, _parts
from prai_match.backtest._bootstrap import resampled
from prai_match.backtest._cases import judged
from prai_match.backtest._history import candidates, told, truths
from prai_match.backtest._rankings import BASELINES, RANDOM, checked, rankings
from prai_match.backtest._result import Backtest
from prai_match.backtest._settings import settings
from prai_match.followups import STRENGTH, attended

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from prai_match.backtest._settings import Judgement, Settings
    from prai_match.model import ProgrammeData
    from prai_match.policy import Policy


def backtest(
    programme: ProgrammeData,
    splits: Iterable[dt.date],
    policies: Mapping[str, Policy] | None = None,
    *,
    strength: float = STRENGTH,
    extra: Any = None,  # noqa: ANN401 - whatever speaks Arrow
    **judgement: Unpack[Judgement],
) -> Backtest:
    """Tell how well policies, and baselines, rank what territories attended next, on days of the past.

    On each split the recommender sees what was known on that day. Its ranking for a territory is judged by the sessions
    that the territory attended in the ``horizon_days`` after it, among those that it could be offered: see
    `rankings` for the candidates and `Backtest` for the measures. A territory that attended none of them is no case. A
    policy that offers nothing to a territory missed it.

    Args:
        programme: The programme, with its history.
        splits: The days; two near each other share attendances, which the intervals allow for.
        policies: The policies, by the name they shall have; None: that of the programme, as ``default``.
        strength: Of the smoothing of the follow-up graph (see `choose_strength`).
        extra: Columns that policies declare, as for `Programme.recommend`; they must have been known on every split.
        **judgement: By keyword, any of these.

            - ``horizon_days``: Days after each split in which what territories attend is looked at; else 120.
            - ``until``: The day until which the history is complete; else that of the last attendance or need.
            - ``seed``: Of the draws of territories; the same seed gives the same intervals everywhere. Else 0.
            - ``replications``: Draws of territories; else 1,000.
            - ``level``: Of the intervals; else 0.95.
            - ``precision``: Half the width of the widest interval of a share that still tells something; else 0.15.
    """
    came = attended(programme).unique().sort("territory", "session", "date")
    asked = settings(programme, came, splits, **judgement)
    came = came.filter(pl.col("date") <= asked.until)
    used = checked(programme, policies)
    counts = told(programme, came, asked)
    with_case = pl.concat(_truths(programme, came, split, asked) for split in asked.splits)["territory"].n_unique()
    asked.with_enough(with_case, "cases")

    rankers = [*used, *BASELINES]
    kinds = {name: "policy" if name in used else "baseline" for name in rankers} | dict.fromkeys(_pairs.MODELS, "graph")
    days = [
        _Day(programme, came, split, asked, rankings(programme, split, used, strength=strength, extra=extra))
        for split in asked.splits
    ]
    cases = pl.concat(day.cases(rankers) for day in days).sort(
        pl.col("ranker").replace_strict({name: n for n, name in enumerate(rankers)}, return_dtype=pl.Int64),
        "split",
        "territory",
    )
    offers = pl.concat(day.offers(rankers) for day in days)
    pairs = _pairs.pairs(programme, came, asked)
    known = _pairs.predicted(pairs, programme.catalogue, came, asked, strength)
    territories = _territories(programme)
    drawn = resampled(
        pl.concat(
            [
                _parts.of_cases(cases, territories),
                _parts.of_offers(offers),
                _parts.of_ranks(pl.concat(day.ranks() for day in days)),
                _pairs.losses(known),
                _pairs.reliability(known),
            ]
        ),
        territories["territory"],
        asked,
    )
    every = _measures.values(drawn)
    whole = pl.concat(
        [
            _measures.measures(drawn, every, kinds),
            _measures.catalogue(offers, kinds, len(programme.catalogue.sessions)),
        ]
    )
    return Backtest(
        programme=programme.name,
        policies=tuple(used),
        asked=asked,
        strength=strength,
        splits=counts,
        territories=with_case,
        measures=_measures.in_order(whole, list(kinds)),
        differences=_measures.differences(drawn, every, list(used)),
        calibration=_measures.calibration(drawn),
        by_rank=_measures.by_rank(drawn, rankers),
        equity=_parts.equity(offers, cases, rankers),
        cases=cases,
        pairs=pairs,
        sessions={session.id: session.name for session in programme.catalogue.sessions},
    )


class _Day:
    """A split: what was ranked on it, and what came after."""

    def __init__(
        self, programme: ProgrammeData, came: pl.DataFrame, on: dt.date, asked: Settings, ranking: pl.DataFrame
    ) -> None:
        self._on, self._rankings = on, ranking
        self._candidates = candidates(programme, came, on)
        self._truths = _truths(programme, came, on, asked)
        renewed = programme.calendar.renewed_before(on)
        recent = came.filter(pl.col("date") <= on)
        recent = recent if renewed is None else recent.filter(pl.col("date") > renewed)
        self._territories = _territories(programme).join(
            _parts.service(recent, _territories(programme).select("territory")), on="territory"
        )

    def cases(self, rankers: Iterable[str]) -> pl.DataFrame:
        return judged(self._rankings, self._candidates, self._truths, self._on, rankers)

    def offers(self, rankers: Iterable[str]) -> pl.DataFrame:
        drawn = self._candidates.select("territory", ranker=pl.lit(RANDOM), session=pl.lit(None, pl.String)).unique()
        first = self._rankings.filter(rank=1).select("territory", "ranker", "session")
        names = pl.DataFrame({"ranker": list(rankers)}, schema={"ranker": pl.String})
        return (
            names.join(self._territories, how="cross")
            .join(
                pl.concat([first, drawn]).with_columns(offered=pl.lit(value=True)),
                on=["ranker", "territory"],
                how="left",
                maintain_order="left",
            )
            .with_columns(pl.col("offered").fill_null(value=False), split=pl.lit(self._on))
            .select(*_parts.OFFERS)
        )

    def ranks(self) -> pl.DataFrame:
        came = self._truths.select("territory", "session", attended=pl.lit(value=True))
        return self._rankings.join(came, on=["territory", "session"], how="left").select(
            "ranker", "territory", "rank", pl.col("attended").fill_null(value=False)
        )


def _truths(programme: ProgrammeData, came: pl.DataFrame, on: dt.date, asked: Settings) -> pl.DataFrame:
    return truths(programme, came, on, asked.horizon_days).filter("candidate")


def _territories(programme: ProgrammeData) -> pl.DataFrame:
    rows = sorted((one.id, one.departement) for one in programme.territories)
    return pl.DataFrame(rows, schema={"territory": pl.String, "departement": pl.String}, orient="row")
