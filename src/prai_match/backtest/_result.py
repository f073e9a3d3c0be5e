"""A backtest: frames of measures with their intervals, and the same as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prai_match.backtest import _text
from prai_match.text import Shown, current_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from prai_match.backtest._settings import BacktestRequest
    from prai_match.model import Lang, Text


@dataclass(frozen=True, eq=False, repr=False)
class Backtest(Shown):
    """How well policies and baselines ranked what territories attended next.

    Reads as the frame of measures wherever Arrow is spoken. Intervals are those of the cluster bootstrap over
    territories.

    Attributes:
        programme: Name of the programme.
        policies: Names of the policies, in the order given.
        asked: What was asked for.
        strength: Of the smoothing of the follow-up graph.
        splits: One row a split: ``split``, ``territories`` asked for, attendances ``known`` on the day, ``cases``
            (territories that attended afterwards what they could be offered), ``without`` (those that didn't, which
            don't count), ``truths`` (what they attended), of which ``booked`` by the day already, and ``repeated``
            (attended afterwards though attended before since the renewal: not judged).
        territories: Territories with a case on a split.
        measures: One row a ranker and measure: ``ranker``, ``kind`` (``policy``, ``baseline`` or ``graph``),
            ``measure``, ``value``, ``low``, ``high`` and ``count`` (of what the measure is a mean).
        differences: One row a policy, another ranker and a measure: ``ranker``, ``other``, ``measure``,
            ``difference``, ``low``, ``high``, and ``best`` where no baseline does better than ``other``. For the
            log-loss, the graph learned beside the one declared and the single share; lower is better.
        calibration: One row a bin of the learned graph's probabilities that has pairs: its bounds ``low`` and ``high``
            (left out, but for 1), ``pairs``, the mean probability ``predicted``, the share ``observed`` to follow and
            its interval.
        by_rank: One row a ranker and rank: ``rank``, ``offers``, the share of them ``attended`` within the horizon and
            its interval. Where ranks mean something, the share falls.
        equity: One row a ranker and group of territories: ``by`` (``departement``, or ``service``: sessions attended by
            the split since the renewal), ``group``, ``asked`` and ``offered`` (territories × splits), ``cases`` and
            ``hit_1``.
        cases: One row a ranker, split and territory: ``candidates`` and ``truths`` (how many), ``booked``,
            ``offered``, ``first`` (the best rank of a truth, null where none is ranked), ``hit_1``, ``hit_3``, ``mrr``
            and ``ndcg``. For ``random``, expectations.
        pairs: One row a split, follow-up and territory: ``split``, ``source``, ``target``, ``territory``,
            ``followed`` and ``censored``.
        sessions: Names of the catalogue's sessions.

    The measures, besides those of `cases`:

    - ``coverage``: the share of territories × splits to which something is offered; ``catalogue``: the share of the
      catalogue put first somewhere.
    - ``equity_offers`` and ``equity_hits``: the Gini index over départements of the offers against the territories, and
      of hits at 1 against the cases (0: each département has the same share of offers, or of hits).
    - ``log_loss``, in nats, of the follow-up graph (``follow_ups``: learned until the split; ``declared``; ``pooled``:
      one share for all follow-ups).
    - ``calibration_error``: the mean gap between the probability and the share observed, over the bins by their pairs
      (expected calibration error, Naeini, Cooper and Hauskrecht, AAAI 2015).

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> found = Programme.example().backtest([dt.date(2007, 5, 2), dt.date(2007, 9, 3)], replications=100)
        >>> found.measures.columns
        ['ranker', 'kind', 'measure', 'value', 'low', 'high', 'count']
        >>> found.names("en")["popularity"], found.territories
        ('Popularity', 71)
    """

    programme: Text
    policies: tuple[str, ...]
    asked: BacktestRequest
    strength: float
    splits: pl.DataFrame
    territories: int
    measures: pl.DataFrame
    differences: pl.DataFrame
    calibration: pl.DataFrame
    by_rank: pl.DataFrame
    equity: pl.DataFrame
    cases: pl.DataFrame
    pairs: pl.DataFrame
    sessions: Mapping[str, Text]

    def to_polars(self) -> pl.DataFrame:
        """Return the measures."""
        return self.measures

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand the measures over as an Arrow stream, without a copy."""
        return self.measures.__arrow_c_stream__(requested_schema)

    def names(self, lang: Lang | None = None) -> dict[str, str]:
        """Return the names of the rankers as people read them.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return _text.names(self, current_language(lang))

    def text(self, lang: Lang | None = None) -> str:
        """Return the measures, what they were computed from and what they allow to say, as plain text.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return _text.document(self, current_language(lang)).text()

    def __repr__(self) -> str:
        """How many splits, cases and territories."""
        cases = int(self.splits["cases"].sum())
        return f"<Backtest: {len(self.asked.splits)} splits, {cases} cases of {self.territories} territories>"
