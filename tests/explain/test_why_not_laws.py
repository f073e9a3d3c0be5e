"""Laws of `why_not` that hold for every programme."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import given, strategies as st

from made import ON, SESSIONS, both, data, programme, small
from prai_match import Policy, Programme
from prai_match.testing import Candidate, Oracle
from thorough import examples

if TYPE_CHECKING:
    from prai_match import Recommendation

DAYS = st.dates(dt.date(2007, 1, 1), dt.date(2008, 12, 31))
SMALL = programme()
BUSY = [{**each, "sessions_a_month": 0} for each in small()["trainers"]]


def check(oracle: Oracle, rec: Recommendation, candidate: tuple[str, str, str]) -> None:
    """Hold one candidate against the rules read a second time, and its differences against the scores."""
    session, partner, trainer = candidate
    why_not = rec.why_not(session=session, partner=partner, trainer=trainer)
    assert why_not.partner is not None
    assert why_not.trainer is not None
    names = ("territory", "session", "axis", "host", "partner", "trainer")
    one = oracle.judge(rec.territory).verdict(Candidate(*(getattr(why_not, name) for name in names)))
    assert {finding.rule for finding in why_not.refuting} - {"engine:around"} == {*one.broken}
    stops = {finding.stage for finding in why_not.refuting}
    assert (why_not.verdict == "refused") == bool(stops)
    assert why_not.stage == next(
        (stage for stage in ("session", "place", "partner", "trainer") if stage in stops), None
    )
    if why_not.verdict == "refused":
        assert (why_not.score, why_not.gap, why_not.gaps) == (None, None, ())
        return
    assert rec.next is not None
    is_next = candidate == (rec.next.session, rec.next.partner, rec.next.trainer)
    assert why_not.winner_score == rec.next.score
    assert why_not.verdict == ("recommended" if is_next else "outscored")
    assert sum(gap.difference for gap in why_not.gaps) == why_not.gap
    assert why_not.gap is not None
    assert why_not.gap >= 0
    assert not is_next or why_not.score == rec.next.score


def test_the_verdict_is_that_of_the_rules_for_every_candidate_of_the_small_programme() -> None:
    oracle = Oracle(SMALL, ON)
    for rec in SMALL.recommend(on=ON):
        for candidate in itertools.product(SESSIONS, ("adm09", "cg09"), ("web", "geo")):
            check(oracle, rec, candidate)


def test_the_verdict_is_that_of_the_council_under_which_a_session_comes_furthest() -> None:
    """Nothing is offered, as no trainer has any month; the council that sits on the first open days is the next one."""
    freeze = {"start": "2008-02-01", "end": "2008-05-31", "reason": both("gel")}
    calendar = {"blackouts": [freeze], "elections": [{"date": "2008-03-16", "name": both("Municipales")}]}
    made, on = programme(calendar=calendar, trainers=BUSY), dt.date(2008, 2, 8)
    oracle, recs = Oracle(made, on), made.recommend(on=on)
    assert (oracle.renewed, oracle.judge("T1").renewed) == (None, dt.date(2008, 3, 16))
    for rec, session in itertools.product(recs, SESSIONS):
        assert rec.next is None
        check(oracle, rec, (session, "adm09", "web"))


@examples(20)
@given(data(), DAYS, st.data())
def test_the_verdict_is_that_of_the_rules(made: dict[str, Any], on: dt.date, draw: st.DataObject) -> None:
    made_programme = Programme.model_validate(made)
    recs, oracle = made_programme.recommend(on=on), Oracle(made_programme, on)
    known = made_programme.as_of(on)
    actors = [[actor.id for actor in some] for some in (known.partners, known.trainers)]
    candidates = list(itertools.product([rec.territory for rec in recs], SESSIONS, *actors))
    for territory, *candidate in draw.draw(
        st.lists(st.sampled_from(candidates), max_size=4) if candidates else st.just([])
    ):
        check(oracle, recs[territory], (candidate[0], candidate[1], candidate[2]))


@examples(10)
@given(data(), DAYS, st.data())
def test_the_verdict_is_that_of_the_engine_when_nothing_else_is_allowed(
    made: dict[str, Any], on: dt.date, draw: st.DataObject
) -> None:
    """The engine, given one candidate only, offers it exactly where `why_not` refuses nothing."""
    made_programme = Programme.model_validate(made)
    known = made_programme.as_of(on)
    if not (known.partners and known.trainers):
        return
    own = [rule.id for rule in Policy.default().requirements if not rule.limit]
    policy = Policy.default().without(draw.draw(st.sampled_from(own)))
    session = draw.draw(st.sampled_from(SESSIONS))
    partner = draw.draw(st.sampled_from(known.partners)).id
    trainer = draw.draw(st.sampled_from(known.trainers)).id
    only = (
        policy.require(f"session = '{session}'", id="only_session")
        .require(f"partner = '{partner}'", id="only_partner", stage="partner")
        .require(f"trainer = '{trainer}'", id="only_trainer", stage="trainer")
    )
    alone = made_programme.recommend(on=on, policy=only)
    for rec in made_programme.recommend(on=on, policy=policy):
        why_not = rec.why_not(session=session, partner=partner, trainer=trainer)
        offer = alone[rec.territory].next
        assert (why_not.verdict == "refused") == (offer is None)
        assert offer is None or why_not.score == offer.score


@examples(12)
@given(data(), DAYS)
def test_what_is_recommended_is_said_to_be(made: dict[str, Any], on: dt.date) -> None:
    for rec in Programme.model_validate(made).recommend(on=on):
        if rec.next:
            offer = rec.next
            why_not = rec.why_not(session=offer.session)
            assert why_not.verdict == "recommended"
            assert (why_not.axis, why_not.partner, why_not.trainer) == (offer.axis, offer.partner, offer.trainer)
            assert (why_not.score, why_not.gap) == (offer.score, 0)
            actors: dict[str, Any] = {"partner": offer.partner, "trainer": offer.trainer}
            assert all(rec.why_not(**{of: code}) == why_not for of, code in actors.items() if code)


@examples(12)
@given(data(), DAYS, st.data())
def test_the_table_says_what_each_says(made: dict[str, Any], on: dt.date, draw: st.DataObject) -> None:
    recs = Programme.model_validate(made).recommend(on=on)
    table = recs.why_not("en")
    offered = {(rec.territory, rec.session) for rec in recs if rec.offer}
    assert set(table.select("territory", "session").rows()) | offered == {
        (rec.territory, session) for rec in recs for session in SESSIONS
    }
    assert table.height + len(offered) == len(recs) * len(SESSIONS)
    for row in draw.draw(st.lists(st.sampled_from(table.rows(named=True)), max_size=4)):
        one = recs[row["territory"]].why_not(session=row["session"], lang="en")
        for name in ("session", "axis", "partner", "trainer", "verdict", "stage", "score", "gap", "reason"):
            assert getattr(one, name) == row[name], name
        if one.verdict == "outscored":
            greatest = max(gap.difference for gap in one.gaps)
            assert row["rule"] in {gap.rule for gap in one.gaps if gap.difference == greatest}
        else:
            first = one.refuting[0]
            assert (row["rule"], row["sentence"]) == (first.rule, first.sentence["en"])


@examples(6)
@given(data(), DAYS)
def test_a_territory_is_explained_alone_as_among_the_others(made: dict[str, Any], on: dt.date) -> None:
    made_programme = Programme.model_validate(made)
    together = made_programme.recommend(on=on).why_not("fr")
    alone = [
        made_programme.recommend(on=on, territories=[territory.id]).why_not("fr")
        for territory in sorted(made_programme.territories, key=lambda territory: territory.id)
    ]
    assert together.equals(pl.concat(alone))
