"""What the engine and the oracle of `prai_match.testing` say of one day, field by field: where they don't agree."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from prai_match import offers
from prai_match.policy import GRID
from prai_match.testing import Candidate, Oracle

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from prai_match import Policy, Programme, Recommendation, Recommendations
    from prai_match.recommend import Offer

_COMING = 3  # territories of whose first offers it is asked who could come
_ROWS, _EACH = 20, 2  # candidates at least, and of each territory
_ROUNDING = 1e-9  # two ways of computing a sine may differ by a last digit
_KEYS = ("territory", "session", "axis", "host", "partner", "trainer")


class Comparison(NamedTuple):
    """How many territories were compared on a day, how many of their offers join a booked session, and what differs."""

    territories: int
    joins: int
    disagreements: tuple[str, ...]


def compare(
    programme: Programme,
    on: dt.date,
    policy: Policy | None = None,
    territories: Iterable[str] | None = None,
    oracle: Oracle | None = None,
) -> Comparison:
    """Compare every answer, and every field of some candidates of each territory under each council."""
    oracle = Oracle(programme, on, policy=policy) if oracle is None else oracle
    recs = programme.recommend(on, top=99, policy=policy, territories=territories)
    joins = sum(each.joins is not None for rec in recs for each in (rec.next, *rec.alternatives) if each)
    return Comparison(len(recs), joins, tuple(_disagreements(oracle, recs)))


def _disagreements(oracle: Oracle, recs: Recommendations) -> Iterator[str]:
    for rec in recs:
        yield from _of_answers(oracle, rec)
    for rec, offer in _some_offers(recs):
        candidate = Candidate.of(rec.territory, offer)
        if offer.could_come != (people := oracle.could_come(candidate, offer.day)):
            yield f"{candidate}: {offer.could_come} could come, by the oracle {people}"
        if offer.joins:
            yield from _of_rules(oracle.under(offer.day), candidate, _assessed(recs, rec.territory, offer.session))
    frames, chosen = recs.answers.snapshot.frames, recs.answers.territories["t"]
    dice = np.random.default_rng(1)
    for council, view in zip(oracle.by_council, recs.answers.snapshot.views, strict=True):
        every = offers.sessions_of(view, chosen)
        if min(every.height, frames.partners.height, frames.trainers.height):
            rows = max(_ROWS, _EACH * len(recs))
            parts = (np.arange(rows) + dice.random(rows)) * every.height / rows  # a row of each part, in order
            some = every[parts.astype(np.uint32)]
            tables = (("h", frames.territories), ("p", frames.partners), ("r", frames.trainers))
            others = {name: dice.integers(table.height, size=rows).astype(np.uint32) for name, table in tables}
            yield from _of_candidates(council, view, some.with_columns(**{k: pl.Series(v) for k, v in others.items()}))


def _of_answers(oracle: Oracle, rec: Recommendation) -> Iterator[str]:
    ranking, later = oracle.ranking(rec.territory), oracle.later(rec.territory)
    pairs = [*zip_longest(ranking, [each for each in (rec.next, *rec.alternatives) if each]), (later, rec.later)]
    for one, offer in pairs:
        found = offer and (Candidate.of(rec.territory, offer), offer.day, offer.score)
        if (one and (one.candidate, one.day, one.score)) != found:
            yield f"{rec.territory}: the engine offers {found}, the oracle {one}"
        if one and one.day and offer and one is not later:
            cost = oracle.under(one.day).column("cost", one.candidate)
            if cost != (None if offer.cost is None else float(offer.cost)):
                yield f"{rec.territory}: {offer.session} costs {offer.cost}, by the oracle {cost}"
    priority, points = oracle.priority(rec.territory), {each.rule: each.points for each in rec.why("en").priority}
    if points != priority or rec.priority != sum(priority.values()):
        yield f"{rec.territory}: the priority is {points}, by the oracle {priority}"
    if rec.reason != oracle.reason(rec.territory):
        yield f"{rec.territory}: the reason is {rec.reason}, by the oracle {oracle.reason(rec.territory)}"


def _some_offers(recs: Recommendations) -> Iterator[tuple[Recommendation, Offer]]:
    """Give those that join a booked session, and the first of some others."""
    for row, rec in enumerate(recs):
        every = [rec.offer, *rec.alternatives] if rec.offer else []
        first = every[:1] if row < _COMING else []
        yield from ((rec, each) for each in every if each.joins or each in first)


def _assessed(recs: Recommendations, territory: str, session: str) -> offers.AssessedOffer:
    rows = recs.answers.offers.select("territory", "session").rows()
    return recs.answers.judgement[rows.index((territory, session))]


def _of_candidates(oracle: Oracle, view: offers.Snapshot, every: pl.DataFrame) -> Iterator[str]:
    wide = offers.with_columns(view, every, policy=oracle.rules)
    assessment = offers.Assessment(oracle.rules, offers.candidates(view, every, oracle.rules))
    for row, said in zip(wide.iter_rows(named=True), assessment, strict=True):
        candidate = Candidate(*(row[key] for key in _KEYS))
        if oracle.axis(candidate.territory, candidate.session) != candidate.axis:
            yield f"{candidate}: another axis"
        yield from _of_rules(oracle, candidate, said)


def _of_rules(oracle: Oracle, candidate: Candidate, said: offers.AssessedOffer) -> Iterator[str]:
    for name, value in oracle.facts(candidate).items():
        if not _same(said[name], value):
            yield f"{candidate}: {name} is {said[name]}, by the oracle {value}"
    for requirement in oracle.rules.requirements:
        if said.holds(requirement.id) != oracle.holds(requirement, candidate):
            yield f"{candidate}: {requirement.id} holds for one of them"
    for preference in oracle.rules.preferences:
        units = oracle.units(preference, candidate)
        if said.points(preference.id) * GRID != units:
            yield f"{candidate}: {preference.id} gives {said.points(preference.id)}, by the oracle {units / GRID}"


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, int | float):
        return abs(one - other) <= _ROUNDING * max(1.0, abs(one))
    return bool(one == other)
