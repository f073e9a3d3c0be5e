"""What each ranker ranks for each territory on a day: policies with the real recommender, and the baselines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.backtest import _baselines
from prai_match.backtest._history import candidates
from prai_match.errors import ArgumentError
from prai_match.explain import ranking
from prai_match.followups import STRENGTH, attended
from prai_match.offers import follow_ups_of
from prai_match.policy import policy_of
from prai_match.recommend import recommend

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from prai_match.model import ProgrammeData
    from prai_match.policy import Policy

RANDOM = "random"
BASELINES: tuple[str, ...] = ("popularity", "markov", "rules", RANDOM)
"""Names of the baselines; no policy can have them."""


def rankings(
    programme: ProgrammeData,
    on: dt.date,
    policies: Mapping[str, Policy] | None = None,
    *,
    strength: float = STRENGTH,
    extra: Any = None,  # noqa: ANN401 - whatever speaks Arrow
) -> pl.DataFrame:
    """Rank sessions for each territory as of a day, by each policy and baseline; nothing that comes later is seen.

    All rank the same candidates: the sessions that the territory hasn't attended since its council was renewed.
    Baselines rank all of them; a policy, those that it lets be offered (in a blackout, those that come after it).

    Gives ``ranker``, ``territory``, ``session`` and ``rank`` (from 1), sorted by ranker in their order, territory and
    rank. ``random`` is not among them: it is known by its expectation.
    """
    came = attended(programme).unique()
    possible = candidates(programme, came, on)
    follow_ups = follow_ups_of(programme, on, strength)
    every = len(programme.catalogue.sessions)
    frames = {
        # Ranked anew, without what a policy offers again though it was attended.
        name: ranking(recommend(programme, on, top=every, policy=policy, follow_ups=follow_ups, extra=extra).offers)
        .join(possible, on=["territory", "session"], how="semi")
        .sort("territory", "rank")
        .with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("territory"))
        for name, policy in by_name(programme, policies).items()
    }
    buffets = [buffet.id for buffet in programme.catalogue.buffets]
    frames |= _baselines.rank(came.filter(pl.col("date") <= on), possible, buffets)
    return pl.concat(
        frame.select(pl.lit(name).alias("ranker"), "territory", "session", "rank") for name, frame in frames.items()
    )


def by_name(programme: ProgrammeData, policies: Mapping[str, Policy] | None) -> dict[str, Policy]:
    """Return the policies by name; that of the programme where none are given."""
    rankers = {"default": policy_of(programme)} if policies is None else dict(policies)
    if not rankers or not rankers.keys().isdisjoint(BASELINES):
        raise ArgumentError.of("prai_match.backtest", "policy_names", names=", ".join(BASELINES), found=list(rankers))
    return rankers


def place(column: str, names: Iterable[str]) -> pl.Expr:
    """Return the place of the values of a column among ``names``."""
    return pl.col(column).replace_strict({name: n for n, name in enumerate(names)}, return_dtype=pl.Int64)
