"""What is known on a day, and the columns of every candidate, each table computed once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from prai_match.followups import STRENGTH, FollowUps, attended
from prai_match.model import ProgrammeData, ProgrammeT, Rows, actors_as_of, once, substitute
from prai_match.needs import lexicon_of
from prai_match.offers import _actors, _outcomes
from prai_match.offers._columns import complete
from prai_match.offers._day import Day
from prai_match.offers._frames import Frames, follow, prepare
from prai_match.offers._outcomes import BY, rates, read
from prai_match.offers._tables import needs_read
from prai_match.register import haversine_km

if TYPE_CHECKING:
    Names = AbstractSet[str] | None

_SMALL = 20_000
"""Rows up to which every column is computed once and kept: deciding, reading and explaining want nearly all of them."""
_ALWAYS = frozenset({"k", "t", "s", "d", "x", "session_cost"})


class Snapshot(Day):
    """The frames as they stand on the day ``on``: nothing that comes later is seen."""

    partners_by_departement: cached_property[pl.DataFrame] = cached_property(_actors.partners_by_departement)
    sessions_of_partners: cached_property[pl.DataFrame] = cached_property(_actors.sessions_of_partners)
    trainers: cached_property[pl.DataFrame] = cached_property(_actors.trainers)
    expertise: cached_property[pl.DataFrame] = cached_property(_actors.expertise)
    replacements: cached_property[pl.DataFrame] = cached_property(_outcomes.replacements)
    rates: cached_property[dict[str, pl.DataFrame]] = cached_property(rates)

    @cached_property
    def session_columns(self) -> pl.DataFrame:
        """Every territory × session with every column but rates: explaining reads it again for each territory."""
        return complete(self, None)

    def rated(self, table: pl.DataFrame, of: str, names: Names) -> pl.DataFrame:
        """Add to a table the `rates` of each partner, trainer or kind there, where ``names`` (None: all) has any."""
        return table.join(self.rates[of], on=BY[of], how="left", maintain_order="left") if read(names) else table

    def sessions_of(self, territories: pl.DataFrame, names: Names = None) -> pl.DataFrame:
        """Return every session of ``territories`` (``t``), in the order of ``t`` and ``s``; others are neighbours.

        Of the columns, those in ``names`` (None: all of them) and always ``k`` (one number for the pair), ``t``, ``s``,
        ``d``, ``x`` (the axis) and ``session_cost``.
        """
        frames = self.frames
        if names is None or frames.territories.height * frames.sessions.height <= _SMALL:
            grid = self.rated(self.session_columns, "kind", names)
            if names is not None:
                grid = grid.select(name for name in grid.columns if name in names | _ALWAYS)
        else:
            grid = self.rated(complete(self, names), "kind", names)
        if territories.height == frames.territories.height:
            return grid
        return grid.join(territories.select("t"), on="t", how="semi", maintain_order="left")


def frames_of(programme: ProgrammeData) -> Frames:
    """Return the frames of a programme, prepared once; its own lexicon reads its needs."""
    return once(programme, "frames", lambda: prepare(programme, lexicon_of(programme)))


def seen_on(programme: ProgrammeData, on: dt.date) -> ProgrammeData:
    """Return the programme with the relays and trainers that are known on a day; the last one is kept."""
    seen = actors_as_of(programme, on)
    if seen is programme:
        return programme
    last: dict[str, ProgrammeData] = once(programme, "seen", dict)
    kept = last.get("seen", programme)
    if (kept.partners, kept.trainers) == (seen.partners, seen.trainers):
        return kept
    here, every = ([*(p.id for p in each.partners), *(t.id for t in each.trainers)] for each in (seen, programme))
    if here == every:  # who leaves later is there on the day
        once(seen, "frames", lambda: frames_of(programme))
    else:
        hand_on(programme, seen)
    last["seen"] = seen
    return seen


def hand_on(before: ProgrammeData, after: ProgrammeData) -> None:
    """Give a programme the frames of the one that it was made from, as far as they are the same."""
    if "frames" in before.computed:
        frames: Frames = before.computed["frames"][1]
        once(after, "frames", lambda: follow(frames, before, after, lexicon_of(after)))


def without_words(programme: ProgrammeT, before: dt.date) -> ProgrammeT:
    """Return the programme without the words of needs expressed before a day, with what was read in them."""
    needs, read = programme.needs.to_polars(), needs_read(programme)
    old, stated = pl.col("date") < before, pl.col("workshop").is_not_null() & pl.col("score").is_null()
    kept = needs.with_columns(
        pl.when(old).then(pl.lit("")).otherwise("text").alias("text"),
        *(
            pl.when(old & ~stated).then(read[name]).otherwise(name).alias(name)
            for name in ("workshop", "axis", "score")
        ),
    )
    after = substitute(programme, needs=Rows.over(programme.needs.row, kept))
    needs_read(after, lambda: read)
    if "frames" in programme.computed:
        once(after, "frames", lambda: frames_of(programme))
    return after


def follow_ups_of(programme: ProgrammeData, on: dt.date, strength: float = STRENGTH) -> FollowUps:
    """Return the follow-up graph learned from the history until ``on`` (see `Programme.follow_ups`)."""
    return FollowUps.learned(programme.catalogue, attended(programme), on, strength=strength)


def on_day(programme: ProgrammeData, on: dt.date) -> Snapshot:
    """Return what is known on a day; the day that was asked about last is kept: it is asked about again and again."""
    last: dict[dt.date, Snapshot] = once(programme, "day", dict)
    if on not in last:
        last.clear()
        last[on] = Snapshot(frames_of(programme), on, follow_ups_of(programme, on), None)
    return last[on]


def with_columns(snapshot: Snapshot, offers: pl.DataFrame, names: Names = None, *, rated: Names = None) -> pl.DataFrame:
    """Add columns (None: all, with names and days) to ``offers``, in its order; of a null ``p`` or ``r`` unknown.

    Where all are wanted, `rates` are among them if ``rated`` (None: all columns) has any.
    """
    frames, rated = snapshot.frames, rated if names is None else names
    reads = None if names is None else {*names, "d", "fee", "session_cost"}
    sessions = snapshot.session_columns if names is None else snapshot.sessions_of(frames.territories, names)
    # That table is complete, in the order of territory and session: its row number replaces a join.
    row = offers.select(frames.pair).to_series()
    wide = offers.hstack(sessions.drop(name for name in offers.columns if name in sessions.columns)[row])
    for table, keys in (
        (snapshot.partners_by_departement, ["d", "p"]),
        (snapshot.sessions_of_partners, ["s", "p"]),
        (snapshot.expertise, ["x", "r"]),
        (snapshot.trainers, ["r"]),
        (frames.axes.select("x", "axis"), ["x"]),
        (frames.territories.select("t", "territory_name"), ["t"]),
        *((snapshot.rates[of], keys) for of, keys in BY.items() if read(rated)),
    ):
        own = [name for name in table.columns if name not in wide.columns and (reads is None or name in reads)]
        if own:
            wide = wide.join(table.select(*keys, *own), on=keys, how="left", maintain_order="left")
    return with_distances(frames, wide).with_columns(frames.cost)


def with_distances(frames: Frames, pairs: pl.DataFrame) -> pl.DataFrame:
    """Add ``distance_km`` to territories and trainers (``t``, ``r`` and others), near one another or not."""
    wide = pairs.join(frames.reach, on=["t", "r"], how="left", maintain_order="left")
    far = wide.filter(pl.col("distance_km").is_null()).select("t", "r").unique()
    if far.is_empty():
        return wide
    distances = (
        far.lazy()
        .join(frames.territories.lazy().select("t", "latitude", "longitude"), on="t")
        .join(frames.trainers.lazy().select("r", latitude_far="latitude", longitude_far="longitude"), on="r")
        .select("t", "r", distance_km=haversine_km("latitude", "longitude", "latitude_far", "longitude_far"))
        .collect(engine="in-memory")
    )
    return wide.update(distances, on=["t", "r"])
