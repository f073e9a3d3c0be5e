"""Offers with everything that the rules read about them, for explaining: the same columns, on chosen rows only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prai_match.recommend import _actors
from prai_match.recommend._columns import session_columns

if TYPE_CHECKING:
    import polars as pl

    from prai_match.recommend._history import Snapshot


def with_columns(snapshot: Snapshot, offers: pl.DataFrame) -> pl.DataFrame:
    """Add every column of the vocabulary to ``offers`` (``t``, ``s``, ``x``, ``p``, ``r`` and others), in its order."""
    frames = snapshot.frames
    sessions = session_columns(snapshot, offers.select("t").unique()).drop("x")
    wide = offers
    for table, keys in (
        (sessions, ["t", "s"]),
        (_actors.partners_by_departement(snapshot), ["d", "p"]),
        (_actors.sessions_of_partners(snapshot), ["s", "p"]),
        (_actors.expertise(snapshot), ["x", "r"]),
        (_actors.trainers(snapshot), ["r"]),
        (frames.reach, ["t", "r"]),
        (frames.axes.select("x", "axis"), ["x"]),
        (frames.territories.select("t", "territory_name"), ["t"]),
    ):
        own = [name for name in table.columns if name in keys or name not in wide.columns]
        wide = wide.join(table.select(own), on=keys, how="left", maintain_order="left")
    return wide.with_columns(_actors.cost(snapshot))


def stopped(snapshot: Snapshot, territories: pl.DataFrame) -> pl.DataFrame:
    """Return every session of the chosen territories (``t``) with the columns that session rules read."""
    return session_columns(snapshot, territories)
