"""Offers with everything that the rules read about them, for explaining: the same columns, on chosen rows only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.offers import _actors
from prai_match.offers._columns import session_columns
from prai_match.register import haversine_km

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from prai_match.offers._frames import Frames
    from prai_match.offers._snapshot import Snapshot


def with_columns(snapshot: Snapshot, offers: pl.DataFrame, wanted: AbstractSet[str] | None = None) -> pl.DataFrame:
    """Add the columns of the vocabulary to ``offers`` (``t``, ``s``, ``x``, ``p``, ``r`` and others), in its order.

    Args:
        snapshot: The day.
        offers: The rows; a null ``p`` or ``r`` has unknown values.
        wanted: Names of the columns to add; None: all of them, with names and days.
    """
    frames = snapshot.frames
    kept = None if wanted is None else {*wanted, "d", "fee", "session_cost"}
    sessions = snapshot.session_columns if wanted is None else session_columns(snapshot, frames.territories, wanted)
    # That table is complete, in the order of territory and session: its row number replaces a join.
    row = offers.select(frames.pair).to_series()
    wide = offers.hstack(sessions.drop(name for name in offers.columns if name in sessions.columns)[row])
    for table, keys in (
        (_actors.partners_by_departement(snapshot), ["d", "p"]),
        (_actors.sessions_of_partners(snapshot), ["s", "p"]),
        (_actors.expertise(snapshot), ["x", "r"]),
        (_actors.trainers(snapshot), ["r"]),
        (frames.axes.select("x", "axis"), ["x"]),
        (frames.territories.select("t", "territory_name"), ["t"]),
    ):
        own = [name for name in table.columns if name not in wide.columns and (kept is None or name in kept)]
        if own:
            wide = wide.join(table.select(*keys, *own), on=keys, how="left", maintain_order="left")
    return with_distances(frames, wide).with_columns(frames.cost)


def with_distances(frames: Frames, pairs: pl.DataFrame) -> pl.DataFrame:
    """Add ``distance_km`` to territories and trainers (``t``, ``r`` and others), near one another or not."""
    known = pairs.join(frames.reach, on=["t", "r"], how="left", maintain_order="left")
    far = known.filter(pl.col("distance_km").is_null()).select("t", "r").unique()
    if far.is_empty():
        return known
    distances = (
        far.lazy()
        .join(frames.territories.lazy().select("t", "latitude", "longitude"), on="t")
        .join(frames.trainers.lazy().select("r", latitude_far="latitude", longitude_far="longitude"), on="r")
        .select("t", "r", distance_km=haversine_km("latitude", "longitude", "latitude_far", "longitude_far"))
        .collect(engine="in-memory")
    )
    return known.update(distances, on=["t", "r"])


def stopped(snapshot: Snapshot, territories: pl.DataFrame) -> pl.DataFrame:
    """Return every session of the chosen territories (``t``) with the columns that session rules read."""
    return session_columns(snapshot, territories)
