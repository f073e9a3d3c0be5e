"""What is best for each territory, by trying every candidate: a second reading of what the engine ranks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import NamedTuple

import numpy as np
import polars as pl

from prai_match.policy import DTYPES, GRID, Policy, columns_of
from prai_match.recommend import Offer
from prai_match.testing._reading import Candidate, Reading, Value

Extra = dict[str, dict[str, "Value"]]  # the columns that a policy asks for, by territory
_WIDER = 1.25  # beyond so many times their reach, trainers are no candidates


class Tried(NamedTuple):
    """A candidate with what the rules say of it.

    Attributes:
        candidate: The candidate.
        facts: Its columns.
        broken: Requirements that it breaks.
        score: Its points.

    Example:
        >>> candidate = ("200066231", "sig", None, "adm09", "sig_toulouse")
        >>> Tried(candidate, {}, broken=("enough_people",), score=0.0).possible
        False
    """

    candidate: Candidate
    facts: Mapping[str, Value]
    broken: tuple[str, ...]
    score: float

    @property
    def possible(self) -> bool:
        """Whether it can be offered."""
        return not self.broken


def offered(territory: str, offer: Offer) -> Candidate:
    """Return an offer as a candidate.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
        >>> offered("200066231", rec.offer).session
        'dematerialisation'
    """
    return Candidate(territory, offer.session, offer.axis, offer.partner, offer.trainer)


def tried(reading: Reading, policy: Policy, candidates: Iterable[Candidate], extra: Extra | None = None) -> list[Tried]:
    """Try candidates: every rule is evaluated on columns that are read from the programme itself.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Policy, Programme
        >>> from prai_match.testing import Reading, candidates
        >>> reading = Reading(Programme.example(), dt.date(2007, 9, 3))
        >>> (found,) = tried(reading, Policy.default(), candidates(reading, "200066231")[:1])
        >>> found.candidate.session, found.possible
        ('buffet_communication', False)
    """
    if not (every := list(candidates)):
        return []
    facts = [{**reading.facts(each), **(extra or {}).get(each.territory, {})} for each in every]
    policy = policy.checked(reading.programme)
    schema = {column.name: DTYPES[column.type] for column in policy.vocabulary.all}
    columns = columns_of(pl.DataFrame(facts, schema=schema))
    holds = [(rule.id, rule.holds(columns)) for rule in policy.requirements]
    scores = sum((rule.units(columns) for rule in policy.preferences), np.zeros(len(every))) / GRID
    broken = [tuple(rule for rule, is_kept in holds if not is_kept[row]) for row in range(len(every))]
    return [
        Tried(candidate, known, rules, score)
        for candidate, known, rules, score in zip(every, facts, broken, scores.tolist(), strict=True)
    ]


def candidates(reading: Reading, territory: str) -> list[Candidate]:
    """Return every candidate of a territory, in the order of codes.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> from prai_match.testing import Reading
        >>> found = candidates(Reading(Programme.example(), dt.date(2007, 9, 3)), "200066231")
        >>> found == sorted(found, key=str), {candidate.territory for candidate in found}
        (True, {'200066231'})
    """
    here = reading.territories[territory]
    near = [code for code, who in sorted(reading.trainers.items()) if reading.away(here, who) <= who.reach_km * _WIDER]
    return [
        Candidate(territory, session, reading.axis(here, session), partner, trainer)
        for session, partner, trainer in product(sorted(reading.sessions), sorted(reading.partners), near)
    ]


def best(reading: Reading, policy: Policy, territory: str, extra: Extra | None = None) -> Tried | None:
    """Return the best possible candidate of a territory: the most points, then the first codes.

    A council that is elected later is asked only where nothing is possible under the one before.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Policy, Programme
        >>> from prai_match.testing import Reading
        >>> prog, on = Programme.example(), dt.date(2007, 9, 3)
        >>> found = best(Reading(prog, on), Policy.default(), "200066231")
        >>> found.candidate.session == prog.recommend(on)["200066231"].session
        True
    """
    for each in reading.by_council:
        possible = [one for one in tried(each, policy, candidates(each, territory), extra) if one.possible]
        if possible:
            return min(possible, key=lambda one: (-one.score, one.candidate.session))
    return None
