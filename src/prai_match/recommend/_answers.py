"""The answers of a day as the engine computed them: frames, and what is derived from them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, partial
from itertools import accumulate
from typing import Any, Protocol, Self

import polars as pl

from prai_match import _arguments as given
from prai_match.calendar import day_number
from prai_match.followups import FollowUps
from prai_match.model import Lang, ProgrammeData
from prai_match.offers import (
    AssessedOffer,
    Assessment,
    Priorities,
    Snapshot,
    audience,
    by_council,
    candidates,
    column,
    furthest,
    priorities as priorities_of,
)
from prai_match.policy import Policy
from prai_match.recommend._offer import Booking, Choice, Offer, Replacement
from prai_match.recommend._rank import Ranking, rank
from prai_match.text import LANGUAGES, messages


@dataclass(frozen=True, eq=False)
class Answers:
    """The engine's answers of a day; ``graph`` is the follow-up graph, if it wasn't learned on that day."""

    programme: ProgrammeData
    snapshot: Snapshot
    policy: Policy
    ranking: Ranking
    territories: pl.DataFrame
    top: int
    graph: FollowUps | None = None

    @property
    def answers(self) -> Self:
        return self

    @property
    def on(self) -> dt.date:
        return self.snapshot.on

    def __len__(self) -> int:
        return self.territories.height

    def among(self, territories: Iterable[str]) -> Self:
        """Return the answers of some territories, as if only these had been asked for."""
        those = [self.number(territory) for territory in territories]
        return replace(
            self, ranking=self.ranking.among(those), territories=self.territories.filter(pl.col("t").is_in(those))
        )

    def number(self, territory: str) -> int:
        return self.numbers[given.known_among("territory", territory, self.numbers)]

    def choice(self, territory: str) -> Choice:
        number = self.number(territory)
        offers, name = self.offers_of(number), str(self.snapshot.frames.territories["territory_name"][number])
        first, rest = (offers[0] if offers else None), offers[1:]
        reason, priority = self.reasons.get(number), float(self.priorities.totals[self.rows[number]])
        return Choice(territory, name, first, rest, reason, self.replacements.get(number), priority)

    def choices(self) -> Iterator[Choice]:
        """Return the choice for each territory, in the order of the identifiers."""
        return map(self.choice, self.territories["territory"])

    @cached_property
    def names(self) -> dict[Lang, dict[str, str]]:
        """The names of territories, sessions, relay partners and trainers, by language and identifier."""
        return {lang: names_of(self.programme, lang) for lang in LANGUAGES}

    def actor(self, code: str | None, lang: Lang) -> str:
        """Return the name of a relay partner or trainer, or a text that a booked session names none."""
        return self.names[lang][code] if code else str(messages("prai_match", "display", lang)["booking"]["nobody"])

    @cached_property
    def places(self) -> dict[str, tuple[str, str, float, float]]:
        """The name, département, latitude and longitude of every territory, by its identifier."""
        columns = ("territory_name", "departement", "latitude", "longitude")
        rows = self.snapshot.frames.territories.select("territory", *columns).iter_rows()
        return {code: (name, departement, *point) for code, name, departement, *point in rows}

    def without(self) -> dict[str, int]:
        """Return the number of territories without an offer, by reason, the most frequent first."""
        return dict(sorted(Counter(self.reasons.values()).items(), key=lambda item: (-item[1], item[0])))

    @property
    def best(self) -> pl.DataFrame:
        """The best offer of each territory, as ranked."""
        return self.ranking.offers.filter(rank=1)

    @cached_property
    def numbers(self) -> dict[str, int]:
        return dict(self.territories["territory", "t"].rows())

    @cached_property
    def rows(self) -> dict[int, int]:
        """The row of each territory, by number."""
        return {number: row for row, number in enumerate(self.territories["t"])}

    @cached_property
    def priorities(self) -> Priorities:
        """The priority of territories, one row each."""
        return priorities_of(self.snapshot, self.policy, self.territories["t"])

    @cached_property
    def replacements(self) -> dict[int, Replacement]:
        return replacements_of(self.snapshot)

    @cached_property
    def reasons(self) -> dict[int, str]:
        """The code of the reason of each territory to which nothing can be offered now."""
        return reasons_of(self.ranking, self.policy)

    def booked_of(self, territory: str) -> tuple[Booking, ...]:
        """Return the booked sessions that a territory hosts or is registered for, soonest first."""
        return self._booked.get(self.number(territory), ())

    def booked_text(self, territory: str, lang: Lang) -> str:
        """Say in a sentence what is booked for a territory, with names; empty if nothing is."""
        if not (bookings := self.booked_of(territory)):
            return ""
        words, names = messages("prai_match", "display", lang)["booking"], self.names[lang]
        return str(words["all"].format(booked=words["and"].join(each.text(names, lang) for each in bookings)))

    @cached_property
    def rooms(self) -> dict[str, int | None]:
        """The seats left at each session held or booked; None if unknown."""
        return dict(self.snapshot.frames.held["id", "room"].rows())

    @cached_property
    def _booked(self) -> dict[int, tuple[Booking, ...]]:
        t, h = self.snapshot.ahead
        ahead = self.snapshot.frames.held["id", "room"][h].with_columns(t=t)
        rows = ahead.join(self.programme.sessions.to_polars(), on="id")
        booked: dict[int, tuple[Booking, ...]] = {}
        names = ("t", "session", "date", "host", "partner", "trainer", "room")
        for number, *rest in rows.sort("date", "id").select(names).rows():
            booked[number] = (*booked.get(number, ()), Booking(*rest))
        return booked

    def later_of(self, territory: str) -> Offer | None:
        """Return the best offer of a territory beyond the horizon, if it has none within it."""
        number = self.number(territory)
        return self.later.get(number) if number in self.reasons else None

    @cached_property
    def later(self) -> dict[int, Offer]:
        """The best offer beyond the horizon, if any, of each territory that has none within it."""
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
        """The judgement of every offer by the rules, in the order of territory and rank."""
        return Assessment(self.policy, candidates(self.snapshot, self.ranking.offers, self.policy))

    @cached_property
    def offers(self) -> pl.DataFrame:
        """Every offer with identifiers, cost and day, in the order of territory and rank."""
        return named(self.ranking.offers, self.judgement)

    @cached_property
    def first(self) -> pl.DataFrame:
        return self.offers.filter(rank=1)

    @cached_property
    def _places(self) -> dict[int, tuple[int, int]]:
        """The range of positions of each territory's offers in that order, the end excluded."""
        counts = Counter(self.ranking.ranked["t"].tolist())
        return {t: (end - counts[t], end) for t, end in zip(counts, accumulate(counts.values()), strict=True)}

    @property
    def _sessions_attended(self) -> dict[int, list[str]]:
        day, frames = self.snapshot, self.snapshot.frames
        return frames.memo.once(
            "attended",
            lambda: dict(day.recent.join(frames.sessions, on="s").group_by("t").agg("session").iter_rows()),
            *(frames.attendances, frames.sessions, day.today, day.renewed),
        )

    @cached_property
    def furthest(self) -> pl.DataFrame:
        return furthest(self.snapshot, self.policy, self.territories)

    def candidate(self, number: int) -> AssessedOffer | None:
        """Return the first-choice offer of a territory."""
        return self.judgement[self._places[number][0]] if number in self._places else None

    def offers_of(self, number: int) -> tuple[Offer, ...]:
        """Return the offers of a territory, best first."""
        first, last = self._places.get(number, (0, 0))
        return tuple(
            Offer(
                **{
                    name: row[name]
                    for name in ("kind", "session", "axis", "host", "joins", "partner", "trainer", "score")
                },
                cost=None if row["cost"] is None else Decimal(str(row["cost"])).quantize(Decimal("0.01")),
                day=row["day"],
                pathway=self._pathway(row),
                _audience=partial(
                    audience, self.snapshot, self.policy, self.judgement[place].number, day_number(row["day"])
                ),
            )
            for place, row in enumerate(self.offers[first:last].iter_rows(named=True), first)
        )

    def _pathway(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """Follow the most probable next sessions that the territory hasn't attended, to the end of the chain."""
        way, graph, past = [row["session"]], self.snapshot.follow_ups, self._sessions_attended.get(row["t"], [])
        while new := [step for step in graph.next_sessions([way[-1]]) if step.session not in {*past, *way}]:
            way.append(new[0].session)
        return tuple(way)


def names_of(programme: ProgrammeData, lang: Lang) -> dict[str, str]:
    """Return the names of territories, relays, trainers and sessions, by identifier; of two alike, the later."""
    names = {t.id: t.name for t in programme.territories} | {p.id: p.name for p in programme.partners}
    names |= {each.id: f"{each.organisation} ({each.role})" for each in programme.trainers}
    return names | {each.id: each.name.get(lang) for each in programme.catalogue.sessions}


def replacements_of(snapshot: Snapshot) -> dict[int, Replacement]:
    """Return the officers' choices that still stand on the day, by number of territory."""
    rows = snapshot.replacements["t", "replaced_by", "session", "date", "why"].rows()
    return {number: Replacement(*rest) for number, *rest in rows}


def reasons_of(ranking: Ranking, policy: Policy) -> dict[int, str]:
    """Return why nothing can be offered now, by number of territory."""
    stopped = (ranking.stopped[name].tolist() for name in ("t", "reason"))
    return {number: policy.reasons[reason] for number, reason in zip(*stopped, strict=True)}


_NAMES = ("territory", "territory_name", "kind", "session", "axis", "host", "partner", "trainer", "cost")


def named(offers: pl.DataFrame, judgement: Assessment) -> pl.DataFrame:
    held = judgement.rows.day.hosting.frames.held["id"]
    joins = pl.Series("joins", [None if row < 0 else held[row] for row in offers["b"]], pl.String)
    return offers.hstack([*(column(judgement.rows, name) for name in _NAMES), joins])


class Answered(Protocol):
    """Protocol of objects that hold the answers of a day: recommendations, one of them, or the answers themselves."""

    @property
    def answers(self) -> Answers:
        """The answers."""


class AnsweredOne(Answered, Protocol):
    """Protocol of objects that hold the answers of a day for one territory: a recommendation."""

    @property
    def territory(self) -> str:
        """Identifier of the territory."""
