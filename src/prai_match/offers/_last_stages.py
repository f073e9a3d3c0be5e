"""Every session of a territory with its best relay and trainer or, where none passes, those that came furthest."""

from __future__ import annotations

import polars as pl

from prai_match.offers._snapshot import Snapshot, with_distances
from prai_match.offers._stages import PASSES, Stages, first_obstacle, in_order, sift
from prai_match.policy import Policy

_MOST_ROWS = 2_000_000


def furthest(snapshot: Snapshot, policy: Policy, territories: pl.DataFrame) -> pl.DataFrame:
    """Return one row a territory of ``territories`` (``t``) and session, in their order.

    A relay or trainer that doesn't pass is the one whose first broken rule comes last in the order of sifting; then
    the nearest trainer, beyond reach, and the first code.

    Columns: ``t``, ``s``, ``x`` (the axis asked for), ``stage`` (the one that stops it; null: none does), ``p`` and
    ``r`` (null beyond the stage that stops it, and where there is no candidate), ``score``, ``postponed`` and ``day``.
    """
    return beyond(snapshot, policy, sift(snapshot, policy, territories))


def beyond(snapshot: Snapshot, policy: Policy, stages: Stages) -> pl.DataFrame:
    """Return the same from the stages that the sessions went through."""
    stops = pl.col("step") != PASSES
    partner = stages.partner.filter(stops).drop("p").join(_partners(snapshot, policy), on=["d", "s"], how="left")
    trainer = stages.trainer.filter(stops).drop("r")
    trainer = trainer.join(_trainers(snapshot, policy, trainer), on="k", how="left")
    parts = {"session": stages.session.filter(stops), "partner": partner, "trainer": trainer, None: stages.offers}
    names = ("t", "s", "x", "p", "r", "score", "postponed", "day")
    return pl.concat(
        [
            part.select(*(name for name in names if name in part.columns), stage=pl.lit(stage, pl.String))
            for stage, part in parts.items()
        ],
        how="diagonal",
    ).sort("t", "s")


def _partners(snapshot: Snapshot, policy: Policy) -> pl.DataFrame:
    """Return the partner ``p`` that comes furthest in each département and session, by what depends on these alone."""
    by_departement = snapshot.rated(snapshot.partners_by_departement, "partner", policy.reads)
    table = by_departement.join(snapshot.sessions_of_partners, on="p")
    rules = [rule for rule in in_order(policy, "partner") if set(table.columns).issuperset(rule.condition.columns)]
    return (
        table.select("d", "s", "p", step=first_obstacle(rules))
        .sort("step", "p", descending=[True, False])
        .unique(["d", "s"], keep="first", maintain_order=True)
        .drop("step")
    )


def _trainers(snapshot: Snapshot, policy: Policy, sessions: pl.DataFrame) -> pl.DataFrame:
    """Return the trainer ``r`` that comes furthest for each of ``sessions`` (``k``): one around, if there is any."""
    rules = in_order(policy, "trainer")
    trainers = snapshot.rated(snapshot.trainers, "trainer", policy.reads)
    expertise = snapshot.expertise.join(trainers, on="r", how="left", maintain_order="left")
    reads = {name for rule in rules for name in rule.condition.columns}
    own = (reads | {"fee", "reach_km"}) & {*expertise.columns} - {"x", "r"}
    own -= {*sessions.columns} - {"reach_km"}
    names = ["k", "t", "x", "session_cost", *(reads & {*sessions.columns} - {"session_cost"})]
    choices = [sessions.clear().select("k", r=pl.lit(0, pl.UInt32))]
    for part in sessions.select(names).iter_slices(max(1, _MOST_ROWS // max(1, trainers.height))):
        near = part.join(snapshot.frames.reach, on="t")
        alone = part.join(near.select("k"), on="k", how="anti").join(trainers.select("r"), how="cross")
        pairs = pl.concat([near, with_distances(snapshot.frames, alone).select(near.columns)])
        # What a trainer knows is a table complete by axis and trainer: its row number replaces a join.
        row = pairs.select(pl.col("x") * trainers.height + pl.col("r")).to_series()
        choices.append(
            pairs.with_columns(expertise[name].gather(row) for name in own)
            .with_columns(snapshot.frames.cost)
            .select("k", "r", step=first_obstacle(rules), stop=pl.col("distance_km") - pl.col("reach_km"))
            .sort("step", "stop", "r", descending=[True, False, False])
            .unique("k", keep="first", maintain_order=True)
            .select("k", "r")
        )
    return pl.concat(choices)
