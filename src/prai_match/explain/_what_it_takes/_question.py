"""What is asked of territories, what the engine said of them after sets of moves, and how candidates stand then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from prai_match import offers
from prai_match.explain._why import by_rule
from prai_match.explain._why_not._entry import Contest, candidate, finding, findings, in_order
from prai_match.explain._why_not._why_not import NUMBERS, Finding
from prai_match.model import Territory
from prai_match.policy import STAGES, Policy

if TYPE_CHECKING:
    from prai_match.explain._what_it_takes._result import Move

Moves = frozenset["Move"]
NONE: Moves = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked of one territory (``session``, ``partner``, ``trainer``), with what the engine already said.

    There is a trial for each set of moves that the engine was run with; those whose outcome was looked at count.
    """

    territory: Territory
    number: int
    request: Mapping[str, str | None]
    trials: dict[Moves, Trial] = field(default_factory=dict)
    standings: dict[Moves, Standing] = field(default_factory=dict)
    outcomes: set[Moves] = field(default_factory=set)

    @property
    def count(self) -> int:
        return len(self.outcomes - {NONE})

    def score(self, moves: Moves) -> float | None:
        """Return the score of the recommendation after moves that were tried; None: it isn't the candidate."""
        self.outcomes.add(moves)
        trial = self.trials[moves]
        best = trial.run.best.get(trial.number)
        if best is None or best["postponed"]:
            return None
        return float(best["score"]) if all(code in {None, best[name]} for name, code in self.request.items()) else None


@dataclass(frozen=True, eq=False)
class EngineRun:
    """What the engine said of some territories: what is recommended or comes next, in one row each at most."""

    snapshot: offers.Snapshot
    first: pl.DataFrame
    far: Callable[[], pl.DataFrame]

    @classmethod
    def of(cls, snapshot: offers.Snapshot, policy: Policy, territories: pl.DataFrame) -> EngineRun:
        stages = offers.sift(snapshot, policy, territories)
        first = stages.offers.sort("t", "postponed", "score", "s", descending=[False, False, True, False]).unique(
            "t", keep="first", maintain_order=True
        )
        return cls(snapshot, first, partial(offers.beyond, snapshot, policy, stages))

    @cached_property
    def furthest(self) -> pl.DataFrame:
        return self.far()

    @cached_property
    def best(self) -> dict[int, dict[str, Any]]:
        """What comes first by territory (``t``): ``session``, ``partner``, ``trainer``, ``score`` and ``postponed``."""
        first = self.first
        codes = self.snapshot.frames.codes(first)
        return {row["t"]: row for row in first.select("t", "score", "postponed", *codes).iter_rows(named=True)}


class Trial(NamedTuple):
    """Where the outcome of a set of moves stands: the run, and the number of the territory in it."""

    run: EngineRun
    number: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A candidate as it stands: the part of `WhyNot` that moves are found by.

    There is no gap where the candidate is refused; ``beaten`` is the session that has more points though it isn't.
    """

    session: str
    axis: str | None
    partner: str | None
    refuting: tuple[Finding, ...]
    gap: float | None
    beaten: str | None


def standings(cases: Sequence[Contest], requests: Sequence[Mapping[str, str | None]]) -> list[Standing]:
    """Return how a candidate (``session``, ``partner``, ``trainer``) stands in each case, all of one day and policy."""
    snapshot, policy = cases[0].snapshot, cases[0].policy
    candidates = [candidate(case, axis=None, **request) for case, request in zip(cases, requests, strict=True)]
    numbers = pl.DataFrame([each for each, _ in candidates], schema=dict.fromkeys(NUMBERS, pl.UInt32), orient="row")
    winners = pl.concat([case.winner.select(NUMBERS) for case in cases])
    wide = offers.with_columns(snapshot, pl.concat([numbers, winners]))
    points = pl.sum_horizontal(*(rule.contribution for rule in policy.preferences), pl.lit(0.0))
    scores: list[float] = wide.select(points).to_series().to_list()
    ahead = {row[0]: (row, score) for row, score in zip(winners.rows(), scores[len(cases) :], strict=True)}
    wide = wide.head(len(cases))
    values = by_rule(wide, {rule.id: rule.state for rule in policy.requirements})
    holds = by_rule(wide, {rule.id: rule.holds for rule in policy.requirements})
    around = snapshot.frames.reach.select("t", "r", near=pl.lit(value=True))
    near = numbers.join(around, on=["t", "r"], how="left", maintain_order="left")["near"].is_not_null()
    rules = {stage: in_order(policy, stage) for stage in STAGES}
    stands = []
    for case, row, (own, own_axis), close, state, keeps, score in zip(
        cases, wide.iter_rows(named=True), candidates, near, values, holds, scores[: len(cases)], strict=True
    ):
        broken = {
            stage: [finding(rule, row, policy, state[rule.id], holds=False) for rule in own_rules if not keeps[rule.id]]
            for stage, own_rules in rules.items()
        }
        every = findings(case, row, own_axis, near=close, of_policy=broken)
        refuting = tuple(each for each in every if not each.holds)
        winner, gap, beaten = ahead.get(own[0]), None, None
        if winner is not None and all(each.postpones for each in refuting):
            gap = winner[1] - score
            if policy.preferences and own[1:] != winner[0][1:]:
                beaten = str(snapshot.frames.sessions["session"][winner[0][1]])
        stands.append(Standing(row["session"], row["axis"], row["partner"], refuting, gap, beaten))
    return stands
