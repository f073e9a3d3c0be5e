"""The answers of a day as the engine left them, in frames, and what is read out of them for one territory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from prai_match.errors import UnknownCodeError, nearest
from prai_match.offers import furthest, with_columns
from prai_match.recommend._offer import Choice, Offer
from prai_match.recommend._rank import Ranking
from prai_match.text import LANGUAGES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from prai_match.followups import FollowUps
    from prai_match.model import Lang, ProgrammeData
    from prai_match.offers import Snapshot
    from prai_match.policy import Policy


@dataclass(frozen=True, eq=False)
class Answers:
    """What the engine answered on a day; territories are numbered (``t``) as in the snapshot's frames.

    Attributes:
        programme: The programme that was asked.
        snapshot: The day.
        policy: The rules.
        ranking: What was kept, and what stopped the territories that have nothing.
        chosen: The territories that were asked for.
        top: Sessions kept for each territory.
        given: The follow-up graph, where it wasn't the one learned on the day.
    """

    programme: ProgrammeData
    snapshot: Snapshot
    policy: Policy
    ranking: Ranking
    chosen: pl.DataFrame
    top: int
    given: FollowUps | None = None

    @property
    def answers(self) -> Answers:
        """Themselves, as what holds answers has them."""
        return self

    @property
    def on(self) -> dt.date:
        """The day."""
        return self.snapshot.on

    def __len__(self) -> int:
        """Number of territories."""
        return self.chosen.height

    def among(self, territories: Iterable[str]) -> Answers:
        """Return the answers of some of the territories, as if these alone had been asked for."""
        here = pl.col("t").is_in([self.number(territory) for territory in territories])
        ranking = Ranking(self.ranking.ranked.filter(here), self.ranking.stopped.filter(here))
        return replace(self, ranking=ranking, chosen=self.chosen.filter(here))

    def number(self, territory: str) -> int:
        """Return the number of a territory, by its identifier."""
        if territory not in self.numbers:
            raise UnknownCodeError("territory", territory, nearest(str(territory), self.numbers))
        return self.numbers[territory]

    def choice(self, territory: str) -> Choice:
        """Return what is chosen for a territory, by its identifier."""
        number = self.number(territory)
        offers, _ = self.offers_of(number)
        name = str(self.snapshot.frames.territories["territory_name"][number])
        return Choice(territory, name, offers[0] if offers else None, offers[1:], self.reasons.get(number))

    def choices(self) -> Iterator[Choice]:
        """Return what is chosen for each territory, in the order of the identifiers."""
        return map(self.choice, self.chosen["territory"])

    @cached_property
    def names(self) -> dict[Lang, dict[str, str]]:
        """The names of sessions, relay partners and trainers, by language and identifier."""
        p = self.programme
        actors = {partner.id: partner.name for partner in p.partners}
        actors |= {trainer.id: f"{trainer.organisation} ({trainer.role})" for trainer in p.trainers}
        return {lang: actors | {s.id: s.name.get(lang) for s in p.catalogue.sessions} for lang in LANGUAGES}

    def without(self) -> dict[str, int]:
        """Return the number of territories without an offer, by reason, the most frequent first."""
        chosen = set(self.chosen["t"])
        counts = Counter(reason for number, reason in self.reasons.items() if number in chosen)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

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
        return reasons_of(self.policy, self.ranking, self.first)

    @cached_property
    def offers(self) -> pl.DataFrame:
        """Every offer with the columns that the rules read, in the order of territory and rank."""
        return with_columns(self.snapshot, self.ranking.ranked)

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
        """How far each session came for each territory (see `offers.furthest`)."""
        return furthest(self.snapshot, self.policy, self.chosen)

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


def reasons_of(policy: Policy, ranking: Ranking, first: pl.DataFrame) -> dict[int, str]:
    """Return the code of the reason of each territory to which nothing can be offered now, by number.

    Args:
        policy: The rules.
        ranking: What was kept, and what stopped the territories that have nothing.
        first: The first offer of each territory, with the columns that the rules read.
    """
    named = dict(enumerate(policy.reasons))
    reasons = {number: named[reason] for number, reason in ranking.stopped.iter_rows()}
    waiting = first.filter("postponed")
    for rule in reversed([rule for rule in policy.requirements if rule.postpones]):
        reasons |= dict.fromkeys(waiting.filter(~rule.holds)["t"], rule.reason)
    return reasons


class Answered(Protocol):
    """What holds the answers of a day: the recommendations, one of them, or the answers themselves."""

    @property
    def answers(self) -> Answers:
        """The answers."""


class AnsweredOne(Answered, Protocol):
    """What holds the answers of a day for the sake of one territory: a recommendation."""

    @property
    def territory(self) -> str:
        """Identifier of the territory."""
