"""Many trials in one run of the engine: each territory that is tried lives in a world of its own.

A world has a copy of its territory and of all that is known of those who live in its square, with what the moves add;
its neighbours are those of the territory. No world sees another, and the shares of the whole region are what they would
be with the moves of one world alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from prai_match.recommend import Snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prai_match.recommend import Frames


def apart(
    snapshot: Snapshot, places: Sequence[int], needs: pl.DataFrame, attendances: pl.DataFrame, more: int
) -> Snapshot:
    """Return the day with one more territory for each world, numbered in their order from the last territory on.

    Only they can be recommended for: the others are there as neighbours.

    Args:
        snapshot: The day.
        places: The territory (``t``) of each world; worlds are numbered from 0.
        needs: What the moves add to the needs: the columns of the frames and the world (``w``).
        attendances: What the moves add to the attendances, likewise.
        more: How many events (a territory at a session on a day) the moves of each world add.
    """
    frames, extra = snapshot.frames, snapshot.extra
    worlds = _worlds(frames, places)
    stated, came = _copied(frames.needs, worlds, needs), _copied(frames.attendances, worlds, attendances)
    people = pl.concat([stated.select("w", "c"), came.select("w", "c")]).unique().sort("w", "c")
    people = people.with_row_index("new_c", frames.collectivities)
    # A copy of a rating would count twice.
    came = came.with_columns(rating=pl.lit(None, pl.Float64))
    apart_from = replace(
        frames,
        territories=pl.concat(
            [frames.territories, worlds.select(_renamed(frames.territories.columns, {"t": "new_t", "z": "new_z"}))]
        ),
        needs=pl.concat([frames.needs, _renumbered(stated, worlds, people).select(frames.needs.columns)]),
        attendances=pl.concat(
            [frames.attendances, _renumbered(came, worlds, people).select(frames.attendances.columns)]
        ),
        near=pl.concat([frames.near, _near(frames, worlds)]),
        reach=worlds.select("t", "new_t")
        .join(frames.reach, on="t", maintain_order="left")
        .select(_renamed(frames.reach.columns, {"t": "new_t"})),
        collectivities=frames.collectivities + people.height,
    )
    if extra is not None:
        # The user's columns can have any name but this one.
        extra = worlds.select("t", pl.col("new_t").alias("t'")).join(extra, on="t").drop("t").rename({"t'": "t"})
    day = Snapshot(apart_from, snapshot.on, snapshot.follow_ups, extra)
    return replace(day, frames=_balanced(day, snapshot, more))


def _worlds(frames: Frames, places: Sequence[int]) -> pl.DataFrame:
    """Return the territory of each world ``w``, with the numbers ``new_t`` and ``new_z`` that it has there."""
    number = pl.col("w")
    return (
        pl.DataFrame({"t": places}, schema={"t": pl.UInt32})
        .with_row_index("w")
        .join(frames.territories, on="t", maintain_order="left")
        .with_columns(
            new_t=number + frames.territories.height,
            new_z=number + frames.territories["z"].n_unique(),
        )
    )


def _renamed(columns: Sequence[str], names: dict[str, str]) -> list[pl.Expr]:
    return [pl.col(names.get(name, name)).alias(name) for name in columns]


def _copied(facts: pl.DataFrame, worlds: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """Return the facts of each world: those of its square, and those that are added."""
    copies = worlds.select("w", "z").join(facts, on="z").select("w", *facts.columns)
    return pl.concat([copies, added.select(copies.columns)])


def _renumbered(facts: pl.DataFrame, worlds: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Give facts the numbers of their world; the neighbours of one square keep that of their territory."""
    here = worlds.select("w", "new_t", "new_z", home="t")
    return (
        facts.join(here, on="w")
        .join(people, on=["w", "c"])
        .with_columns(t=pl.when(pl.col("t") == pl.col("home")).then("new_t").otherwise("t"), z="new_z", c="new_c")
    )


def _near(frames: Frames, worlds: pl.DataFrame) -> pl.DataFrame:
    """Return the squares near that of each world, which is its own neighbour."""
    here = pl.when(pl.col("z_near") == pl.col("z")).then("new_z").otherwise("z_near")
    return worlds.select("z", "new_z").join(frames.near, on="z").select(z="new_z", z_near=here).sort("z", "z_near")


def _balanced(day: Snapshot, before: Snapshot, more: int) -> Frames:
    """Return the frames with one territory more, whose people and events keep every share of the region as it was.

    A territory's share is of all people, and of all events. Both totals are brought to the same multiple of what they
    are in one world; as it is a power of two, no share changes by a single bit.
    """
    frames = day.frames
    territories, width = frames.territories, frames.sessions.height
    people, events = _people(before), _events(before) + more
    people_now, events_now = _people(day), _events(day)
    times = 1
    while people * times < people_now or events * times < events_now:
        times *= 2
    t, z, c = territories.height, territories["z"].n_unique(), frames.collectivities
    missing = pl.int_range(events * times - events_now, dtype=pl.Int64, eager=True)
    balance = territories.head(1).with_columns(
        t=pl.lit(t, pl.UInt32), z=pl.lit(z, pl.UInt32), population=pl.lit(people * times - people_now, pl.Float64)
    )
    events_of_it = pl.DataFrame({"row": missing}).select(
        c=pl.lit(c, pl.UInt32),
        t=pl.lit(t, pl.UInt32),
        z=pl.lit(z, pl.UInt32),
        s=(pl.col("row") % width).cast(pl.UInt32),
        date=pl.lit(day.on) - pl.duration(days=pl.col("row") // width),
        elected=pl.lit(0, pl.Int64),
        technicians=pl.lit(0, pl.Int64),
        rating=pl.lit(None, pl.Float64),
    )
    return replace(
        frames,
        territories=pl.concat([territories, balance]),
        attendances=pl.concat([frames.attendances, events_of_it.select(frames.attendances.columns)]),
        near=pl.concat([frames.near, pl.DataFrame({"z": [z], "z_near": [z]}, schema=frames.near.schema)]),
        collectivities=c + 1,
    )


def _people(day: Snapshot) -> float:
    return float(day.frames.territories.select(pl.col("population").sum()).item())


def _events(day: Snapshot) -> int:
    return int(day.attendances.select(pl.struct("t", "s", "date").n_unique()).item())
