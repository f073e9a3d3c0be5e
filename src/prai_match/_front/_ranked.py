"""The answers of a day as the engine left them, in frames, and what is read out of them for one territory."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match import recommend
from prai_match._front._recommendation import Offer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.policy import Policy


@dataclass(frozen=True, eq=False)
class Ranked:
    """What the engine answered; territories are numbered (``t``) as in the snapshot's frames.

    Attributes:
        snapshot: The day.
        policy: The rules.
        ranking: What was kept, and what stopped the territories that have nothing.
        chosen: The territories that were asked for.
    """

    snapshot: recommend.Snapshot
    policy: Policy
    ranking: recommend.Ranking
    chosen: pl.DataFrame

    def only(self, number: int) -> Ranked:
        """Return the answers of one territory."""
        here = pl.col("t") == number
        ranking = recommend.Ranking(self.ranking.ranked.filter(here), self.ranking.stopped.filter(here))
        return Ranked(self.snapshot, self.policy, ranking, self.chosen.filter(here))

    @property
    def best(self) -> pl.DataFrame:
        """The first of each territory, as ranked."""
        return self.ranking.ranked.filter(rank=1)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each territory asked for, by identifier."""
        return dict(self.chosen.select("territory", "t").iter_rows())

    @cached_property
    def reasons(self) -> dict[int, str]:
        """The code of the reason of each territory to which nothing can be offered now."""
        named = dict(enumerate(self.policy.reasons))
        reasons = {number: named[reason] for number, reason in self.ranking.stopped.iter_rows()}
        waiting = self.first.filter("postponed")
        for rule in reversed([rule for rule in self.policy.requirements if rule.postpones]):
            reasons |= dict.fromkeys(waiting.filter(~rule.holds)["t"], rule.reason)
        return reasons

    @cached_property
    def offers(self) -> pl.DataFrame:
        """Every offer with the columns that the rules read, in the order of territory and rank."""
        return recommend.with_columns(self.snapshot, self.ranking.ranked)

    @cached_property
    def first(self) -> pl.DataFrame:
        """The first offer of each territory, with the columns that the rules read."""
        return self.offers.filter(rank=1)

    @cached_property
    def _by_territory(self) -> dict[int, pl.DataFrame]:
        parts = self.offers.partition_by("t", maintain_order=True)
        return {part["t"][0]: part for part in parts}

    @cached_property
    def _attended(self) -> dict[int, set[str]]:
        sessions = self.snapshot.frames.sessions["session"]
        attended: dict[int, set[str]] = {}
        for number, session in self.snapshot.recent.select("t", "s").unique().iter_rows():
            attended.setdefault(number, set()).add(sessions[session])
        return attended

    @cached_property
    def furthest(self) -> pl.DataFrame:
        """How far each session came for each territory (see `recommend.furthest`)."""
        return recommend.furthest(self.snapshot, self.policy, self.chosen)

    @property
    def extra(self) -> pl.DataFrame | None:
        """The joined columns, by the territory's identifier."""
        extra, codes = self.snapshot.extra, self.snapshot.frames.territories.select("t", "territory")
        return None if extra is None else extra.join(codes, on="t").drop("t")

    def offers_of(self, number: int) -> tuple[tuple[Offer, ...], pl.DataFrame | None]:
        """Return the offers of a territory, best first, and their columns."""
        frame = self._by_territory.get(number)
        if frame is None:
            return (), None
        offers = tuple(
            Offer(
                kind=row["kind"],
                session=row["session"],
                axis=row["axis"],
                partner=row["partner"],
                trainer=row["trainer"],
                score=row["score"],
                cost=None if row["cost"] is None else Decimal(str(row["cost"])).quantize(Decimal("0.01")),
                earliest=row["day"],
                pathway=self._pathway(row),
            )
            for row in frame.iter_rows(named=True)
        )
        return offers, frame

    def _pathway(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """Follow the most probable next session that the territory hasn't attended, as far as it goes."""
        way, graph = [row["session"]], self.snapshot.follow_ups
        done = self._attended.get(row["t"], set()) | set(way)
        while following := [step for step in graph.next_sessions([way[-1]]) if step.session not in done]:
            way.append(following[0].session)
            done.add(way[-1])
        return tuple(way)
