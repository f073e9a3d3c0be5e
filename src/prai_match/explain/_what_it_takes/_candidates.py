"""How candidates of many territories stand, evaluated together: what is refuted, and how far ahead the winner is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match import offers
from prai_match.explain._why_not._entry import NUMBERS, candidate, findings, ordered
from prai_match.explain._why_not._why_not import Finding
from prai_match.policy import STAGES, fill
from prai_match.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from prai_match.explain._why_not._entry import Case, Row
    from prai_match.policy import Requirement, Stage


@dataclass(frozen=True, slots=True)
class Standing:
    """A candidate as it stands: the part of `WhyNot` that moves are found by.

    Attributes:
        session: Identifier of the candidate's session.
        axis: Identifier of its axis; None: the common core.
        partner: Identifier of its relay partner, if it has one.
        refuting: The conditions that don't hold.
        gap: Points by which the winner is ahead; None: the candidate is refused.
        beaten: Whether something else has more points though the candidate isn't refused.
    """

    session: str
    axis: str | None
    partner: str | None
    refuting: tuple[Finding, ...]
    gap: float | None
    beaten: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """One candidate, its columns, and what each requirement says of it."""

    case: Case
    row: Row
    own_axis: int
    near: bool
    states: Mapping[str, bool | None]
    holds: Mapping[str, bool]


def standings(cases: Sequence[Case], asked: Sequence[Mapping[str, str | None]]) -> list[Standing]:
    """Return how the candidate asked about stands in each of ``cases``: different territories of one day and policy.

    Args:
        cases: The territories; their snapshot and policy are the same.
        asked: Identifiers of the ``session``, ``partner`` and ``trainer`` asked about, for each.
    """
    snapshot, policy = cases[0].snapshot, cases[0].policy
    found = [candidate(case, axis=None, **each) for case, each in zip(cases, asked, strict=True)]
    numbers = pl.DataFrame([each for each, _ in found], schema=dict.fromkeys(NUMBERS, pl.UInt32), orient="row")
    winners = pl.concat([case.winner.select(NUMBERS) for case in cases])
    wide = offers.with_columns(snapshot, pl.concat([numbers, winners]))
    points = pl.sum_horizontal(*(rule.contribution for rule in policy.preferences), pl.lit(0.0))
    scores: list[float] = wide.select(points).to_series().to_list()
    ahead = {row[0]: (row, score) for row, score in zip(winners.rows(), scores[len(cases) :], strict=True)}
    wide = wide.head(len(cases))
    states = _by_rule(wide, {rule.id: rule.state for rule in policy.requirements})
    holds = _by_rule(wide, {rule.id: rule.holds for rule in policy.requirements})
    around = snapshot.frames.reach.select("t", "r", near=pl.lit(value=True))
    near = numbers.join(around, on=["t", "r"], how="left", maintain_order="left")["near"].is_not_null()
    rules = {stage: ordered(policy, stage) for stage in STAGES}
    return [
        _standing(_Judged(case, row, own_axis, *judged), rules, own, score, ahead.get(own[0]))
        for case, row, (own, own_axis), *judged, score in zip(
            cases, wide.iter_rows(named=True), found, near, states, holds, scores[: len(cases)], strict=True
        )
    ]


def _standing(
    judged: _Judged,
    rules: Mapping[Stage, Sequence[Requirement]],
    own: tuple[int | None, ...],
    score: float,
    winner: tuple[tuple[int | None, ...], float] | None,
) -> Standing:
    """Gather what is refuted of one candidate, beside the ``winner`` (numbers and score)."""
    row = judged.row
    refuted = partial(_refuted, judged, rules)
    found = findings(judged.case, row, judged.own_axis, near=judged.near, of_policy=refuted)
    refuting = tuple(finding for finding in found if not finding.holds)
    passes = all(finding.postpones for finding in refuting)
    known = row["session"], row["axis"], row["partner"], refuting
    if winner is None or not passes:
        return Standing(*known, gap=None, beaten=False)
    beaten = bool(judged.case.policy.preferences) and own[1:] != winner[0][1:]
    return Standing(*known, gap=winner[1] - score, beaten=beaten)


def _refuted(judged: _Judged, rules: Mapping[Stage, Sequence[Requirement]], stage: Stage) -> Iterator[Finding]:
    """Return the policy's requirements of one stage that the candidate doesn't meet."""
    policy, row = judged.case.policy, judged.row
    for rule in rules[stage]:
        if not judged.holds[rule.id]:
            yield Finding(
                rule=rule.id,
                stage=stage,
                state="unknown" if judged.states[rule.id] is None else "refuted",
                holds=False,
                postpones=rule.postpones,
                reason=rule.reason,
                wanted=rule.condition.sql,
                found={name: row[name] for name in rule.condition.columns},
                sentence={lang: fill(rule.sentence.get(lang), row, policy.columns[stage], lang) for lang in LANGUAGES},
            )


def _by_rule(wide: pl.DataFrame, expressions: Mapping[str, pl.Expr]) -> list[dict[str, Any]]:
    """Evaluate by rule, for each row."""
    return wide.select(**expressions).rows(named=True) if expressions else [{}] * wide.height
