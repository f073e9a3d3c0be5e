"""Sift and score: every rule is evaluated once, as a column, on the narrowest table that has what it reads.

The score is a sum over the session, the partner and the trainer, and no rule reads both a partner and a trainer. So the
best partner and the best trainer of each territory and session are found apart, and only then are sessions ranked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from prai_match.offers import _actors
from prai_match.offers._columns import session_columns
from prai_match.offers._sieve import PASSES, best, sieves
from prai_match.policy import STAGE_REASONS

if TYPE_CHECKING:
    from prai_match.offers._snapshot import Snapshot
    from prai_match.policy import Policy, Stage


@dataclass(frozen=True, slots=True)
class Stages:
    """What became of each session of each territory at each stage, by the column ``step``.

    Attributes:
        session: Every session.
        partner: Those that pass, with their best partner ``p``.
        trainer: Those that pass again, with their best trainer ``r``.
    """

    session: pl.DataFrame
    partner: pl.DataFrame
    trainer: pl.DataFrame


def sift(snapshot: Snapshot, policy: Policy, chosen: pl.DataFrame) -> Stages:
    """Pass the sessions of the ``chosen`` territories (``t``) through the stages, one after the other."""
    table = session_columns(snapshot, chosen, policy.reads)
    (sieve,) = sieves(policy, "session", [table.columns])
    steps = table.select("t", "s", "x", step=sieve.step)
    sessions = table.filter(steps["step"] == PASSES).with_columns(s_points=sieve.points, postponed=sieve.postponed)
    partnered = _partner_stage(snapshot, policy, sessions)
    trained = _trainer_stage(snapshot, policy, partnered.filter(step=PASSES).drop("step"))
    return Stages(steps, partnered, trained)


def _partner_stage(snapshot: Snapshot, policy: Policy, sessions: pl.DataFrame) -> pl.DataFrame:
    """Add the best partner ``p`` of each territory and session, or the step that stops it."""
    by_departement = _actors.partners_by_departement(snapshot)
    by_session = _actors.sessions_of_partners(snapshot)
    both = {*by_departement.columns, *by_session.columns}
    first, second, third, whole = sieves(
        policy, "partner", [by_departement.columns, by_session.columns, both, {*both, *sessions.columns}]
    )
    later = third.reads | whole.reads
    by_departement = by_departement.select(
        *("d", "p"), *(later & {*by_departement.columns}), step=first.step, p_points=first.points
    )
    # Those that the département already stops leave only how far they came.
    came = by_departement.filter(pl.col("step") != PASSES).group_by("d").agg(stop=pl.col("step").max())
    by_departement = by_departement.filter(step=PASSES).drop("step")
    by_session = by_session.select(
        *("s", "p"), *(later & {*by_session.columns}), s_step=second.step, s_points=second.points
    )
    table = by_departement.join(by_session, on="p").with_columns(
        step=pl.min_horizontal("s_step", third.step),
        p_points=pl.sum_horizontal("p_points", "s_points", third.points),
    )
    keys = ["d", "s"]
    if whole:
        own = [name for name in table.columns if name in {"d", "s"} or name not in sessions.columns]
        table = sessions.drop("s_points").join(table.select({*own, "step"}), on=keys)
        table = table.with_columns(
            step=pl.min_horizontal("step", whole.step), p_points=pl.col("p_points") + whole.points
        )
        keys = ["k"]
    return (
        sessions.join(best(table, keys, "p"), on=keys, how="left", maintain_order="left")
        .join(came, on="d", how="left", maintain_order="left")
        .with_columns(pl.coalesce("step", "stop", pl.lit(_no_candidate(policy, "partner"), pl.UInt8)))
        .drop("stop")
    )


def _trainer_stage(snapshot: Snapshot, policy: Policy, sessions: pl.DataFrame) -> pl.DataFrame:
    """Add the best trainer ``r`` of each territory and session, or the step that stops it."""
    frames = snapshot.frames
    trainers = _actors.trainers(snapshot)
    expertise = _actors.expertise(snapshot).join(trainers, on="r", how="left", maintain_order="left")
    of_territory = _of_territory(policy, sessions)
    alone, knowing, near, whole = sieves(
        policy,
        "trainer",
        [
            trainers.columns,
            expertise.columns,
            {*trainers.columns, *of_territory, "distance_km"},
            {*expertise.columns, *sessions.columns, "distance_km", "cost"},
        ],
    )
    # Trainers are numbered by row: gathering what they are is quicker than a join.
    around = frames.reach.with_columns(
        trainers[name].gather(frames.reach["r"]) for name in near.reads & {*trainers.columns}
    )
    if not near.reads.isdisjoint(of_territory):
        around = around.join(sessions.select("t", *of_territory).unique("t"), on="t")
    around = around.filter(near.step == PASSES)
    each = trainers.select("r", able=alone.step == PASSES, r_points=alone.points).drop("r")
    around = (
        around.with_columns(column.gather(around["r"]) for column in each)
        .filter("able")
        .select("t", "r", "distance_km", r_points=pl.col("r_points") + near.points)
    )
    also = whole.reads & ({*expertise.columns} - {*trainers.columns, *sessions.columns})
    knows = expertise.select("x", *also, step=knowing.step, x_points=knowing.points)
    reading = [name for name in trainers.columns if name in whole.reads | {"fee"}]
    candidates = (
        sessions.lazy()
        .select("k", "t", "x", "session_cost", *(set(sessions.columns) & whole.reads))
        .join(around.lazy(), on="t")
        .with_columns(row=pl.col("x") * trainers.height + pl.col("r"))
        .collect(engine="in-memory")
    )
    # The furthest that any trainer came, should none come to the last table.
    stop = max(
        [
            _no_candidate(policy, "trainer"),
            *trainers.select("r", step=alone.step).filter(pl.col("step") != PASSES)["step"],
        ]
    )
    # What a trainer knows is a table complete by axis and trainer: its row number replaces a join.
    row = candidates["row"]
    candidates = candidates.with_columns(column.gather(row) for column in knows.drop("x")).filter(step=PASSES)
    number = candidates["r"]
    candidates = (
        candidates.with_columns(trainers[name].gather(number) for name in reading)
        .with_columns(frames.cost)
        .with_columns(step=whole.step, r_points=pl.sum_horizontal("r_points", "x_points", whole.points))
    )
    return (
        sessions.join(best(candidates, ["k"], "r"), on="k", how="left", maintain_order="left")
        .join(trainers.select("r", "day"), on="r", how="left", maintain_order="left")
        .join(knows.filter(pl.col("step") != PASSES).group_by("x").agg(stop=pl.col("step").max()), on="x", how="left")
        .with_columns(pl.coalesce("step", pl.max_horizontal("stop", pl.lit(stop, pl.UInt8))))
        .drop("stop")
    )


def _of_territory(policy: Policy, sessions: pl.DataFrame) -> list[str]:
    """Return the columns of ``sessions`` that depend on the territory alone."""
    narrow = frozenset({"territory", "departement"})
    return [
        column.name
        for column in policy.vocabulary.columns("session")
        if column.name in sessions.columns and column.keys and column.keys <= narrow
    ]


def _no_candidate(policy: Policy, stage: Stage) -> int:
    """Return the step of a stage that has no candidate at all."""
    return policy.reasons.index(STAGE_REASONS[stage])
