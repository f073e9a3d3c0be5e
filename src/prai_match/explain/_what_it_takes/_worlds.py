"""Many trials in one run of the engine: each territory that is tried lives in a world of its own.

The world of a trial has a copy of its territory and of all that is known of those who live in its square, with what the
moves add; its neighbours are those of the territory. No trial sees another, and the totals of the whole region are what
they would be with the moves of one trial alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from prai_match.offers import Snapshot, Whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prai_match.offers import Frames


def apart(
    snapshot: Snapshot, places: Sequence[int], needs: pl.DataFrame, attendances: pl.DataFrame, more: int
) -> Snapshot:
    """Return the day with one more territory for each world, numbered in their order from the last territory on.

    Only they can be recommended for: the others are there as neighbours. Worlds are numbered from 0 (``trial``):
    ``places`` are their territories (``t``), needs and attendances what the moves add to those of the frames, and
    ``more`` how many events (a territory at a session on a day) the moves of each add.
    """
    frames, extra = snapshot.frames, snapshot.extra
    worlds = _worlds(frames, places)
    copies, came = _copies(frames.needs, worlds, needs), _copies(frames.attendances, worlds, attendances)
    people = pl.concat([copies.select("trial", "c"), came.select("trial", "c")]).unique().sort("trial", "c")
    people = people.with_row_index("new_c", frames.collectivities)
    homes = worlds.with_columns(t="new_t", z="new_z").select(frames.territories.columns)
    reach = worlds.select("t", "new_t").join(frames.reach, on="t", maintain_order="left").with_columns(t="new_t")
    parts = replace(
        frames,
        territories=pl.concat([frames.territories, homes]),
        needs=pl.concat([frames.needs, _in_worlds(copies, worlds, people).select(frames.needs.columns)]),
        attendances=pl.concat(
            [frames.attendances, _in_worlds(came, worlds, people).select(frames.attendances.columns)]
        ),
        near=pl.concat([frames.near, _near(frames, worlds)]),
        reach=reach.select(frames.reach.columns),
        collectivities=frames.collectivities + people.height,
    )
    if extra is not None:
        # The user's columns can have any name but this one.
        extra = worlds.select("t", pl.col("new_t").alias("t'")).join(extra, on="t").drop("t").rename({"t'": "t"})
    # Copies of people, of events and of ratings would count twice.
    whole = Whole.of(snapshot)
    alone = replace(whole, totals=whole.totals.with_columns(pl.col("served") + more))
    return Snapshot(parts, snapshot.on, snapshot.follow_ups, extra, alone)


def _worlds(frames: Frames, places: Sequence[int]) -> pl.DataFrame:
    """Return the territory of each world, with the numbers ``new_t`` and ``new_z`` that it has there."""
    number = pl.col("trial")
    return (
        pl.DataFrame({"t": places}, schema={"t": pl.UInt32})
        .with_row_index("trial")
        .join(frames.territories, on="t", maintain_order="left")
        .with_columns(
            new_t=number + frames.territories.height,
            new_z=number + frames.territories["z"].n_unique(),
        )
    )


def _copies(facts: pl.DataFrame, worlds: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Return the facts of each world: those of its square, and those that are added."""
    copies = worlds.select("trial", "z").join(facts, on="z").select("trial", *facts.columns)
    return pl.concat([copies, new.select(copies.columns)])


def _in_worlds(facts: pl.DataFrame, worlds: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Give facts the numbers of their world; the neighbours of one square keep that of their territory."""
    here = worlds.select("trial", "new_t", "new_z", home="t")
    return (
        facts.join(here, on="trial")
        .join(people, on=["trial", "c"])
        .with_columns(t=pl.when(pl.col("t") == pl.col("home")).then("new_t").otherwise("t"), z="new_z", c="new_c")
    )


def _near(frames: Frames, worlds: pl.DataFrame) -> pl.DataFrame:
    """Return the squares near that of each world, which is its own neighbour."""
    here = pl.when(pl.col("z_near") == pl.col("z")).then("new_z").otherwise("z_near")
    return worlds.select("z", "new_z").join(frames.near, on="z").select(z="new_z", z_near=here).sort("z", "z_near")
