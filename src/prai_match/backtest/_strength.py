"""The strength of the follow-up graph's smoothing, chosen by its log-loss on what came after days of the past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Unpack

import polars as pl

from prai_match import _arguments as given
from prai_match.backtest import _exposure, _result, _settings
from prai_match.errors import ArgumentError
from prai_match.model import Lang, ProgrammeData, Text
from prai_match.text import Document, Shown, Table, Tabular, counted, current_language, number

STRENGTHS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
"""Strengths that are tried where none are given."""


@dataclass(frozen=True, eq=False, repr=False)
class Strengths(Shown, Tabular):
    """The log-loss of each strength, and the one chosen.

    Reads as the frame of losses wherever Arrow is spoken.

    Attributes:
        programme: Name of the programme.
        asked: What was asked for.
        losses: One row a strength: ``strength``, ``log_loss`` (nats), ``low`` and ``high`` (its interval), ``above``
            (how much more than the least) and ``error`` (the standard error of that difference).
        best: The strength of the least log-loss.
        chosen: The greatest whose loss is above the least by no more than one standard error of the difference.
        pairs: Follow-ups whose end is known.
        censored: Follow-ups whose end isn't.
        territories: Territories that have a pair.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> days = [dt.date(2007, 3, 1), dt.date(2007, 6, 1)]
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
        """Return what was chosen and the loss of each strength, as plain text.

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
    """Choose how many observed territories the declared probabilities of follow-ups are worth.

    For each strength, the graph learned until each split says how probably each follow-up that begins afterwards is
    followed; the log-loss tells how well. Among the strengths whose loss is above the least by no more than one
    standard error of the difference, the greatest is chosen: it is the simplest model that the data can't tell from
    the best, the nearest to what the catalogue declares (the one-standard-error rule of Breiman, Friedman, Olshen and
    Stone, Classification and Regression Trees, 1984, 3.4.3; here with the error of the difference, since all strengths
    are judged by the same pairs). Errors are by the bootstrap over territories.

    Args:
        programme: The programme, with its history.
        splits: The days.
        strengths: Those that are tried, above 0.
        **judgement: As for `backtest`; ``horizon_days`` are those after a split in which a follow-up begins, and after
            its beginning in which it is followed.

    Raises:
        BacktestError: Too few territories have a follow-up whose end is known, or a split has no past or no future.
        ValueError: A number is out of its range, or there is no split or no strength.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> programme = Programme.example()
        >>> days = [dt.date(2007, 3, 1), dt.date(2007, 6, 1)]
        >>> found = choose_strength(programme, days, (1, 10, 100), replications=100)
        >>> found.losses["strength"].to_list()
        [1.0, 10.0, 100.0]
        >>> graph = programme.follow_ups(dt.date(2007, 9, 3), strength=found.chosen)
    """
    if not (candidates := sorted({float(strength) for strength in strengths})):
        raise ArgumentError.of("prai_match.backtest", "no_strength")
    request, came = _settings.settings(programme, splits, **judgement)
    pairs = _exposure.pairs(programme, came, request)
    complete = pairs.filter(~pl.col("censored"))
    territories = complete["territory"].n_unique()
    request.with_enough(territories, "pairs")
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
        _exposure.losses(_exposure.predict(pairs, programme.catalogue, came, request, strength))
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
    texts, counts = words.of("strengths"), words.of("count")
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
