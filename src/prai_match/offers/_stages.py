"""Sift and score: every rule is evaluated once, as a column, on the narrowest table that has what it reads.

The score is a sum over the session, the partner and the trainer, and no rule reads both a partner and a trainer. So the
best partner and the best trainer of each territory and session are found apart, and only then are sessions ranked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from prai_match.policy import GRID, STAGE_REASONS, Policy, Preference, Requirement, Stage

if TYPE_CHECKING:
    from prai_match.offers._snapshot import Snapshot

PASSES = 255
"""The step of a candidate that no requirement stops."""
_CODES = 2**24


@dataclass(frozen=True, slots=True)
class Stages:
    """What became of each session of each territory at each stage, by the column ``step``.

    The stage of partners has the sessions that pass that of sessions, with their best partner ``p``; the stage of
    trainers, those that pass again, with their best trainer ``r``.
    """

    session: pl.DataFrame
    partner: pl.DataFrame
    trainer: pl.DataFrame

    @property
    def offers(self) -> pl.DataFrame:
        """The sessions that pass every stage, with their ``score``."""
        score = pl.sum_horizontal("s_points", "p_points", "r_points")
        return self.trainer.filter(step=PASSES).with_columns(score=score)

    @property
    def stops(self) -> pl.DataFrame:
        """The territory ``t`` of each session that doesn't, and the step that stops it."""
        stages = (self.session, self.partner, self.trainer)
        return pl.concat(stage.filter(pl.col("step") != PASSES).select("t", "step") for stage in stages)


def sift(snapshot: Snapshot, policy: Policy, territories: pl.DataFrame) -> Stages:
    """Pass the sessions of ``territories`` (``t``) through the stages, one after the other."""
    table = snapshot.sessions_of(territories, policy.reads)
    (sieve,) = sieves(policy, "session", [table.columns])
    steps = table.select("t", "s", "x", step=sieve.step)
    sessions = table.filter(steps["step"] == PASSES).with_columns(s_points=sieve.points, postponed=sieve.postponed)
    with_partner = _partner_stage(snapshot, policy, sessions)
    return Stages(steps, with_partner, _trainer_stage(snapshot, policy, with_partner.filter(step=PASSES).drop("step")))


def _partner_stage(snapshot: Snapshot, policy: Policy, sessions: pl.DataFrame) -> pl.DataFrame:
    """Add the best partner ``p`` of each territory and session, or the step that stops it."""
    by_departement = snapshot.rated(snapshot.partners_by_departement, "partner", policy.reads)
    by_session = snapshot.sessions_of_partners
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
        step=pl.min_horizontal("s_step", third.step), p_points=pl.sum_horizontal("p_points", "s_points", third.points)
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
        .with_columns(pl.coalesce("step", "stop", pl.lit(policy.reasons.index(STAGE_REASONS["partner"]), pl.UInt8)))
        .drop("stop")
    )


def _trainer_stage(snapshot: Snapshot, policy: Policy, sessions: pl.DataFrame) -> pl.DataFrame:
    """Add the best trainer ``r`` of each territory and session, or the step that stops it."""
    frames = snapshot.frames
    trainers = snapshot.rated(snapshot.trainers, "trainer", policy.reads)
    expertise = snapshot.expertise.join(trainers, on="r", how="left", maintain_order="left")
    of_territory, of_trainer, of_both = _of_territory(policy, sessions), {*trainers.columns}, {*expertise.columns}
    near_columns, every = {*of_trainer, *of_territory, "distance_km"}, {*of_both, *sessions.columns}
    alone, knowing, near, whole = sieves(
        policy, "trainer", [of_trainer, of_both, near_columns, every | {"distance_km", "cost"}]
    )
    # Trainers are numbered by row: gathering what they are is quicker than a join.
    around = frames.reach.with_columns(trainers[name].gather(frames.reach["r"]) for name in near.reads & of_trainer)
    if not near.reads.isdisjoint(of_territory):
        around = around.join(sessions.select("t", *of_territory).unique("t"), on="t")
    around = around.filter(near.step == PASSES)
    each = trainers.select("r", able=alone.step == PASSES, r_points=alone.points).drop("r")
    around = (
        around.with_columns(column.gather(around["r"]) for column in each)
        .filter("able")
        .select("t", "r", "distance_km", r_points=pl.col("r_points") + near.points)
    )
    also = whole.reads & (of_both - {*of_trainer, *sessions.columns})
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
    stops = trainers.select("r", step=alone.step).filter(pl.col("step") != PASSES)["step"]
    stop = max([policy.reasons.index(STAGE_REASONS["trainer"]), *stops])
    # What a trainer knows is a table complete by axis and trainer: its row number replaces a join.
    row = candidates["row"]
    candidates = candidates.with_columns(column.gather(row) for column in knows.drop("x")).filter(step=PASSES)
    candidates = (
        candidates.with_columns(trainers[name].gather(candidates["r"]) for name in reading)
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
    return [
        column.name
        for column in policy.vocabulary.columns("session")
        if column.name in sessions.columns and column.keys and column.keys <= frozenset({"territory", "departement"})
    ]


@dataclass(frozen=True, slots=True)
class Sieve:
    """The rules of one stage that one table evaluates."""

    requirements: tuple[Requirement, ...]
    preferences: tuple[Preference, ...]
    reasons: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.requirements or self.preferences)

    @property
    def reads(self) -> frozenset[str]:
        conditions = [rule.condition for rule in self.requirements] + [rule.value for rule in self.preferences]
        return frozenset(name for condition in conditions for name in condition.columns)

    @property
    def step(self) -> pl.Expr:
        """The number of the first reason that stops a candidate, or PASSES."""
        steps = [
            pl.when(~rule.holds).then(pl.lit(self.reasons.index(rule.reason), pl.UInt8))
            for rule in self.requirements
            if not rule.postpones
        ]
        return pl.min_horizontal(*steps, pl.lit(PASSES, pl.UInt8))

    @property
    def points(self) -> pl.Expr:
        return pl.sum_horizontal(*(rule.contribution for rule in self.preferences), pl.lit(0.0))

    @property
    def postponed(self) -> pl.Expr:
        return pl.any_horizontal(*(~rule.holds for rule in self.requirements if rule.postpones), pl.lit(value=False))


def sieves(policy: Policy, stage: Stage, tables: Sequence[Iterable[str]]) -> list[Sieve]:
    """Give each rule of ``stage`` to the first of ``tables`` (columns, the narrowest first) with all it reads."""

    def first_with(columns: frozenset[str] | tuple[str, ...]) -> int:
        return next(index for index, table in enumerate(tables) if set(table).issuperset(columns))

    requirements = [(first_with(r.condition.columns), r) for r in policy.requirements if r.stage == stage]
    preferences = [(first_with(r.value.columns), r) for r in policy.preferences if r.stage == stage]
    return [
        Sieve(
            tuple(rule for place, rule in requirements if place == index),
            tuple(rule for place, rule in preferences if place == index),
            policy.reasons,
        )
        for index in range(len(tables))
    ]


def in_order(policy: Policy, stage: Stage) -> list[Requirement]:
    """Return the requirements of ``stage`` that refuse: the first that a candidate breaks gives the reason."""
    rules = (rule for rule in policy.requirements if rule.stage == stage and not rule.postpones)
    return sorted(rules, key=lambda rule: (policy.reasons.index(rule.reason), rule.id))


def first_obstacle(rules: Sequence[Requirement]) -> pl.Expr:
    """Return the place in ``rules`` of the first that doesn't hold; their number where all hold."""
    places = (pl.when(~rule.holds).then(pl.lit(place, pl.UInt16)) for place, rule in enumerate(rules))
    return pl.min_horizontal(*places, pl.lit(len(rules), pl.UInt16))


def best(candidates: pl.DataFrame, group: Sequence[str], number: str) -> pl.DataFrame:
    """Return for each group its best passing candidate ``number``, or how far the one that went furthest came.

    Points, in ``<number>_points``, are whole multiples of 1/GRID, so they and the candidate's number fit in one integer
    whose maximum is the answer: the most points, then the lowest number, which is the first code. It is null where none
    passes.
    """
    points = (pl.col(f"{number}_points") * GRID).cast(pl.Int64)
    key = pl.when(step=PASSES).then(points * _CODES + (_CODES - 1 - pl.col(number).cast(pl.Int64)))
    return (
        candidates.lazy()
        .select(*group, "step", key.alias("key"))
        .group_by(group)
        .agg(pl.col("step").max(), pl.col("key").max())
        .select(
            *group,
            "step",
            (_CODES - 1 - pl.col("key") % _CODES).cast(pl.UInt32).alias(number),
            ((pl.col("key") // _CODES) / GRID).alias(f"{number}_points"),
        )
        .collect(engine="in-memory")
    )
