"""What moves are made from: a programme on a day, looked up once for every territory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from prai_match.offers import people_known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.model import Buffet, Collectivity, Lang, ProgrammeData, Workshop
    from prai_match.offers import Snapshot
    from prai_match.recommend import Answers


@dataclass(frozen=True, eq=False)
class Known:
    """What moves are made from, for every territory of a day.

    Attributes:
        answers: The answers of the day.
    """

    answers: Answers

    @property
    def programme(self) -> ProgrammeData:
        """The programme."""
        return self.answers.programme

    @property
    def snapshot(self) -> Snapshot:
        """The day."""
        return self.answers.snapshot

    @property
    def names(self) -> Mapping[Lang, Mapping[str, str]]:
        """Names of sessions, relays and trainers, by identifier."""
        return self.answers.names

    @cached_property
    def sessions(self) -> dict[str, Buffet | Workshop]:
        """The catalogue's sessions."""
        return {each.id: each for each in self.programme.catalogue.sessions}

    @cached_property
    def collectivities(self) -> dict[str, Collectivity]:
        """The collectivities."""
        return {each.code: each for each in self.programme.collectivities}

    @cached_property
    def edges(self) -> pl.DataFrame:
        """The follow-ups, the most probable first."""
        return self.snapshot.follow_ups.edges().sort("probability", "source", descending=[True, False])

    def counted(self, collectivity: str, session: str) -> int:
        """Return for how many people of a collectivity a session can be held, as far as is known."""
        stated = (self._stated.get((collectivity, code), 0) for code in (None, session))
        return max(*stated, self._came.get(collectivity, 0))

    @cached_property
    def _stated(self) -> dict[tuple[str, str | None], int]:
        needs = self.programme.needs.to_polars().filter(pl.col("date") <= self.snapshot.on)
        known = needs.drop_nulls("people")
        most = known.group_by("collectivity", "workshop").agg(pl.col("people").cast(pl.Int64).max())
        return {(collectivity, workshop): people for collectivity, workshop, people in most.iter_rows()}

    @cached_property
    def _came(self) -> dict[str, int]:
        snapshot = self.snapshot
        came = self.programme.attendances.to_polars()
        came = came.filter(pl.col("date") <= snapshot.on, pl.col("date") > snapshot.renewed)
        people = people_known().cast(pl.Int64).max()
        return dict(came.group_by("collectivity").agg(people=people).drop_nulls("people").iter_rows())
