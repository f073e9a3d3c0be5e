"""What each ranker ranks for each territory on a day: policies with the real recommender, and the baselines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.backtest import _baselines
from prai_match.backtest._history import candidates
from prai_match.explain import ranking
from prai_match.followups import STRENGTH, attended
from prai_match.offers import learned
from prai_match.policy import policy_of
from prai_match.recommend import recommend

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

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

    Args:
        programme: The programme.
        on: The day.
        policies: The policies, by the name they shall have; None: that of the programme, as ``default``.
        strength: Of the smoothing of the follow-up graph (see `FollowUps.learned`).
        extra: As for `Programme.recommend`.

    Returns:
        ``ranker``, ``territory``, ``session`` and ``rank`` (from 1), sorted by the order of the rankers, territory and
        rank. ``random`` is not among them: it is known by its expectation.
    """
    used = checked(programme, policies)
    came = attended(programme).unique()
    offered = candidates(programme, came, on)
    follow_ups = learned(programme, on, strength)
    every = len(programme.catalogue.sessions)
    found = {
        name: _of_policy(
            ranking(recommend(programme, on, top=every, policy=policy, follow_ups=follow_ups, extra=extra)), offered
        )
        for name, policy in used.items()
    }
    buffets = [buffet.id for buffet in programme.catalogue.buffets]
    found |= _baselines.ranked(came.filter(pl.col("date") <= on), offered, buffets)
    return pl.concat(
        frame.select(pl.lit(name).alias("ranker"), "territory", "session", "rank") for name, frame in found.items()
    )


def checked(programme: ProgrammeData, policies: Mapping[str, Policy] | None) -> dict[str, Policy]:
    """Return the policies by name; that of the programme where none are given."""
    used = {"default": policy_of(programme)} if policies is None else dict(policies)
    if not used or not used.keys().isdisjoint(BASELINES):
        msg = f"policies must have names other than {', '.join(BASELINES)}, and there must be one, not {list(used)}"
        raise ValueError(msg)
    return used


def _of_policy(ranking: pl.DataFrame, offered: pl.DataFrame) -> pl.DataFrame:
    """Keep the candidates, ranked anew: a policy may offer again what was attended."""
    return (
        ranking.join(offered, on=["territory", "session"], how="semi")
        .sort("territory", "rank")
        .with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("territory"))
    )
