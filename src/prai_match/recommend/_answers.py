"""What can be offered, and the answers of a day as the engine left them: frames, and what is read out of them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple, Protocol

import polars as pl

from prai_match import _arguments as given
from prai_match.followups import FollowUps
from prai_match.model import Lang, ProgrammeData
from prai_match.offers import AssessedOffer, Assessment, Snapshot, by_council, candidates, column, furthest
from prai_match.policy import Policy
from prai_match.recommend._rank import Ranking, rank
from prai_match.text import LANGUAGES, Shown, current_language, day, messages


@dataclass(frozen=True, slots=True)
class Offer(Shown):
    """One session that can be offered to a territory, with whom, when and at what cost.

    Attributes:
        kind: Of the session: ``buffet``, ``workshop`` or one of the programme's own.
        session: Identifier of the session.
        axis: Identifier of the axis; None: the common core.
        partner: Identifier of the relay partner.
        trainer: Identifier of the trainer.
        score: 0 to 100.
        cost: Euros; None: unknown, as a part of it is.
        day: First day on which it can be held.
        pathway: The session and what usually comes after it for this territory.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
        >>> rec.offer.session, rec.offer.axis, rec.offer.day
        ('dematerialisation', None, datetime.date(2007, 9, 24))
        >>> [offer.session for offer in rec.alternatives]
        ['sig']
    """

    kind: str
    session: str
    axis: str | None
    partner: str
    trainer: str
    score: float
    cost: Decimal | None
    day: dt.date
    pathway: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as data that JSON can hold (see ``docs/reference/schemas/alternative.json``)."""
        return asdict(self) | {
            "cost": None if self.cost is None else str(self.cost),
            "day": self.day.isoformat(),
            "pathway": list(self.pathway),
        }


@dataclass(frozen=True, slots=True)
class Replacement(Shown):
    """What an officer chose for a territory in place of an offer; it stands beside the automatic answer.

    It stands until the territory attends it or declines it, until the next one, or for as long as a need counts.

    Attributes:
        session: Identifier of the session that was chosen.
        instead_of: Identifier of the one that was offered.
        date: Day of the choice.
        why: As the officer wrote it; empty: nothing was written.

    Example:
        >>> from prai_match import Programme
        >>> offer = {"territory": "200066231", "session": "dematerialisation"}
        >>> said = {"date": "2007-09-01", "event": "replaced", **offer, "replaced_by": "sig", "why": "Urgent"}
        >>> rec = Programme.example().with_decisions([said]).recommend("2007-09-03")["200066231"]
        >>> print(rec.replacement.text(lang="en"))
        "sig" was chosen by an officer on 1 September 2007 in place of "dematerialisation": Urgent
    """

    session: str
    instead_of: str
    date: dt.date
    why: str

    @given.takes(names=given.optional(given.by_name(given.text)))
    def text(self, names: Mapping[str, str] | None = None, lang: Lang | None = None) -> str:
        """Say it in a sentence; ``names`` are those of sessions, by identifier."""
        lang, own = current_language(lang), names or {}
        words = messages("prai_match", "display", lang)["replacement"]
        pairs = (("session", self.session), ("instead_of", self.instead_of))
        codes = {name: own.get(code, code) for name, code in pairs}
        return str(words["because" if self.why else "alone"].format(**codes, day=day(self.date, lang), why=self.why))


def replacements_of(snapshot: Snapshot) -> dict[int, Replacement]:
    """Return what officers chose, and still stands on the day, by number of territory."""
    rows = snapshot.replacements["t", "replaced_by", "session", "date", "why"].rows()
    return {number: Replacement(*fields) for number, *fields in rows}


class Choice(NamedTuple):
    """What is chosen for a territory, as `Recommendation` has it."""

    territory: str
    name: str
    next: Offer | None
    alternatives: tuple[Offer, ...]
    reason: str | None
    replacement: Replacement | None


@dataclass(frozen=True, eq=False)
class Answers:
    """What the engine answered on a day; ``graph`` is the follow-up graph, where it wasn't learned on the day."""

    programme: ProgrammeData
    snapshot: Snapshot
    policy: Policy
    ranking: Ranking
    territories: pl.DataFrame
    top: int
    graph: FollowUps | None = None

    @property
    def answers(self) -> Answers:
        return self

    @property
    def on(self) -> dt.date:
        return self.snapshot.on

    def __len__(self) -> int:
        return self.territories.height

    def among(self, territories: Iterable[str]) -> Answers:
        """Return the answers of some of the territories, as if these alone had been asked for."""
        those = [self.number(territory) for territory in territories]
        return replace(
            self, ranking=self.ranking.among(those), territories=self.territories.filter(pl.col("t").is_in(those))
        )

    def number(self, territory: str) -> int:
        return self.numbers[given.known_among("territory", territory, self.numbers)]

    def choice(self, territory: str) -> Choice:
        number = self.number(territory)
        offers = self.offers_of(number)
        name = str(self.snapshot.frames.territories["territory_name"][number])
        first, rest = (offers[0] if offers else None), offers[1:]
        reason = self.reasons.get(number)
        return Choice(territory, name, first, rest, reason, self.replacements.get(number))

    def choices(self) -> Iterator[Choice]:
        """Return what is chosen for each territory, in the order of the identifiers."""
        return map(self.choice, self.territories["territory"])

    @cached_property
    def names(self) -> dict[Lang, dict[str, str]]:
        """The names of sessions, relay partners and trainers, by language and identifier."""
        p = self.programme
        actors = {partner.id: partner.name for partner in p.partners}
        actors |= {trainer.id: f"{trainer.organisation} ({trainer.role})" for trainer in p.trainers}
        return {lang: actors | {s.id: s.name.get(lang) for s in p.catalogue.sessions} for lang in LANGUAGES}

    def without(self) -> dict[str, int]:
        """Return the number of territories without an offer, by reason, the most frequent first."""
        return dict(sorted(Counter(self.reasons.values()).items(), key=lambda item: (-item[1], item[0])))

    @property
    def best(self) -> pl.DataFrame:
        """The first of each territory, as ranked."""
        return self.ranking.offers.filter(rank=1)

    @cached_property
    def numbers(self) -> dict[str, int]:
        return dict(self.territories["territory", "t"].rows())

    @cached_property
    def replacements(self) -> dict[int, Replacement]:
        return replacements_of(self.snapshot)

    @cached_property
    def reasons(self) -> dict[int, str]:
        """The code of the reason of each territory to which nothing can be offered now."""
        return reasons_of(self.ranking, self.policy)

    def later_of(self, territory: str) -> Offer | None:
        """Return the best offer of a territory beyond the horizon, where there is none within it."""
        number = self.number(territory)
        return self.later.get(number) if number in self.reasons else None

    @cached_property
    def later(self) -> dict[int, Offer]:
        """The best offer beyond the horizon of each territory that has none within it, as far as there is one."""
        frames = self.snapshot.frames
        days = (frames.days.period.end - self.on).days
        those = self.territories.filter(pl.col("t").is_in([*self.reasons]))
        if days <= frames.horizon_days or those.is_empty():
            return {}
        far = replace(self.snapshot, frames=replace(frames, horizon_days=days), council=None)
        far = by_council(far, self.policy, those["t"])
        beyond = replace(self, snapshot=far, ranking=rank(far, self.policy, 1, those), territories=those)
        return {number: offer for number in those["t"] for offer in beyond.offers_of(number)}

    @cached_property
    def judgement(self) -> Assessment:
        """What the rules say of every offer, in the order of territory and rank."""
        return Assessment(self.policy, candidates(self.snapshot, self.ranking.offers))

    @cached_property
    def offers(self) -> pl.DataFrame:
        """Every offer by name, with its cost and day, in the same order."""
        return named(self.ranking.offers, self.judgement)

    @cached_property
    def first(self) -> pl.DataFrame:
        return self.offers.filter(rank=1)

    @cached_property
    def _places(self) -> dict[int, tuple[int, int]]:
        """From which place in that order to below which the offers of each territory stand."""
        counts = Counter(self.ranking.offers["t"].to_list())
        return {t: (end - counts[t], end) for t, end in zip(counts, accumulate(counts.values()), strict=True)}

    @cached_property
    def _sessions_attended(self) -> dict[int, list[str]]:
        sessions = self.snapshot.frames.sessions.select("s", "session")
        return dict(self.snapshot.recent.join(sessions, on="s").group_by("t").agg("session").iter_rows())

    @cached_property
    def furthest(self) -> pl.DataFrame:
        return furthest(self.snapshot, self.policy, self.territories)

    def candidate(self, number: int) -> AssessedOffer | None:
        """Return the first offer of a territory."""
        return self.judgement[self._places[number][0]] if number in self._places else None

    def offers_of(self, number: int) -> tuple[Offer, ...]:
        """Return the offers of a territory, best first."""
        first, last = self._places.get(number, (0, 0))
        return tuple(
            Offer(
                **{name: row[name] for name in ("kind", "session", "axis", "partner", "trainer", "score")},
                cost=None if row["cost"] is None else Decimal(str(row["cost"])).quantize(Decimal("0.01")),
                day=row["day"],
                pathway=self._pathway(row),
            )
            for row in self.offers[first:last].iter_rows(named=True)
        )

    def _pathway(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """Follow the most probable next session that the territory hasn't attended, as far as it goes."""
        way, graph, past = [row["session"]], self.snapshot.follow_ups, self._sessions_attended.get(row["t"], [])
        while new := [step for step in graph.next_sessions([way[-1]]) if step.session not in {*past, *way}]:
            way.append(new[0].session)
        return tuple(way)


def reasons_of(ranking: Ranking, policy: Policy) -> dict[int, str]:
    """Return why nothing can be offered now, by territory's number."""
    return {number: policy.reasons[reason] for number, reason in ranking.stops.iter_rows()}


_NAMES = ("territory", "territory_name", "kind", "session", "axis", "partner", "trainer", "cost")


def named(offers: pl.DataFrame, judgement: Assessment) -> pl.DataFrame:
    return offers.hstack([column(judgement.rows, name) for name in _NAMES])


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
