"""What is known on a day: the past of each territory, each relay and each trainer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from prai_match.followups import STRENGTH, FollowUps, attended
from prai_match.model import once
from prai_match.needs import lexicon_of
from prai_match.offers._columns import complete, interested
from prai_match.offers._day import Day
from prai_match.offers._frames import Frames, prepare
from prai_match.offers._totals import Whole

if TYPE_CHECKING:
    import datetime as dt

    import polars as pl

    from prai_match.model import ProgrammeData


@dataclass(frozen=True, eq=False)
class Snapshot(Day):
    """The frames as they stand on the day ``on``: nothing that comes later is seen.

    Attributes:
        frames: The prepared tables.
        on: The day.
        follow_ups: The graph held for the computation.
        extra: The user's columns by territory (``t``), or None.
        known: What is known of the whole, where the frames hold a part of it or several worlds; None: it is read from
            them.
        around: Who is interested in what, by square (see `interested`), where the frames hold a part of those around;
            None: it is read from them.
    """

    known: Whole | None = None
    around: pl.DataFrame | None = None

    @cached_property
    def whole(self) -> Whole:
        """What is known of the whole programme."""
        return self.known or Whole.of(self)

    @cached_property
    def actors(self) -> dict[str, pl.DataFrame]:
        """The tables of relay partners and trainers that are computed already, by name."""
        return {}

    @cached_property
    def session_columns(self) -> pl.DataFrame:
        """Every territory × session with every column: explaining reads it again for each territory."""
        return complete(self, None)

    @cached_property
    def interested(self) -> pl.DataFrame:
        """Who is interested in what, by square: ``z``, ``s`` and ``people``."""
        return interested(self) if self.around is None else self.around


def prepared(programme: ProgrammeData) -> Frames:
    """Return the frames of a programme, prepared once; its own lexicon reads its needs."""
    return once(programme, "frames", lambda: prepare(programme, lexicon_of(programme)))


def learned(programme: ProgrammeData, on: dt.date, strength: float = STRENGTH) -> FollowUps:
    """Return the follow-up graph learned from the history until ``on`` (see `Programme.follow_ups`)."""
    return FollowUps.learned(programme.catalogue, attended(programme), on, strength=strength)


def on_day(programme: ProgrammeData, on: dt.date) -> Snapshot:
    """Return what is known on a day; the day that was asked about last is kept: it is asked about again and again."""
    last: dict[dt.date, Snapshot] = once(programme, "day", dict)
    if on not in last:
        graph = FollowUps.learned(programme.catalogue, attended(programme), on, strength=STRENGTH)
        snapshot = Snapshot(prepared(programme), on, graph, None)
        last.clear()
        last[on] = snapshot
    return last[on]
