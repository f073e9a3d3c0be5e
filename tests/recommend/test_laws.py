"""Laws that hold for every programme."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any

from hypothesis import given, strategies as st

from exact import exact
from made import DEPARTEMENTS, SESSIONS, attendances, data
from prai_match import Policy, Programme
from prai_match.policy import reasons
from prai_match.testing import Candidate, Oracle
from thorough import examples

if TYPE_CHECKING:
    from prai_match import Recommendations

DEFAULT = Policy.default()
DAYS = st.dates(dt.date(2007, 1, 1), dt.date(2008, 12, 31))
ALL = 99


def answers(recs: Recommendations) -> list[dict[str, Any]]:
    """Everything that a user can read of the recommendations."""
    return [
        {
            "territory": rec.territory,
            "offer": rec.offer,
            "next": rec.next,
            "alternatives": rec.alternatives,
            "later": rec.later,
            "reason": rec.reason,
            "why": str(rec.why("en")),
        }
        for rec in recs
    ]


def ranking(programme: Programme, on: dt.date, territory: str, **options: Any) -> list[str]:
    rec = programme.recommend(on=on, top=ALL, territories=[territory], **options)[territory]
    return [offer.session for offer in (rec.next, *rec.alternatives) if offer]


@given(data(), DAYS)
def test_each_answer_is_right(made: dict[str, Any], on: dt.date) -> None:
    """The laws of one answer, on the same programmes: computing it is what takes time."""
    programme = Programme.model_validate(made)
    recs = programme.recommend(on=on, top=ALL)
    each_offer_satisfies_every_requirement(programme, recs, on)
    contributions_add_up_to_the_score(recs)
    every_territory_has_an_offer_or_a_reason(made, recs)
    no_session_is_dated_on_a_closed_day(programme, recs, on)
    what_comes_later_is_beyond_the_horizon(programme, recs, on)


def each_offer_satisfies_every_requirement(programme: Programme, recs: Recommendations, on: dt.date) -> None:
    oracle = Oracle(programme, on)
    for rec in recs:
        for offer in (rec.offer, *rec.alternatives) if rec.offer else ():
            candidate = Candidate.of(rec.territory, offer)
            one, cost = oracle.under(offer.day).verdict(candidate), oracle.column("cost", candidate)
            assert (one.broken, one.day) == ((), offer.day)
            assert cost == (None if offer.cost is None else float(offer.cost))


def contributions_add_up_to_the_score(recs: Recommendations) -> None:
    for rec in recs:
        if rec.next:
            why = rec.why()
            assert sum(why.contributions.values()) == rec.next.score
            assert 0 <= rec.next.score <= 100
            assert all(0 <= detail.points <= detail.out_of for detail in why.details)
            assert all(condition.holds for condition in why.conditions)


def every_territory_has_an_offer_or_a_reason(made: dict[str, Any], recs: Recommendations) -> None:
    assert [rec.territory for rec in recs] == sorted(territory["id"] for territory in made["territories"])
    for rec in recs:
        assert (rec.offer is None) == (rec.reason in reasons("en"))
        assert (rec.offer is None) != (rec.reason is None)
    assert sum(recs.without().values()) == sum(rec.offer is None for rec in recs)


def no_session_is_dated_on_a_closed_day(programme: Programme, recs: Recommendations, on: dt.date) -> None:
    days = programme.open_days(on)
    for rec in recs:
        for offer in filter(None, (rec.next, *rec.alternatives, rec.later)):
            if not offer.joins:
                assert days.why_closed(offer.day, rec.territory) is None
                assert not dt.date(2008, 2, 1) <= offer.day <= dt.date(2008, 5, 31)


def what_comes_later_is_beyond_the_horizon(programme: Programme, recs: Recommendations, on: dt.date) -> None:
    last = on + dt.timedelta(days=programme.offer_horizon_days)
    for rec in recs:
        assert all(offer.day <= last for offer in filter(None, (rec.next, *rec.alternatives)))
        assert rec.later is None or (rec.next is None and rec.later.day > last)


# Lives of programmes ask the same again at every step too (tests/testing).
@examples(20)
@given(data(), DAYS, st.randoms(use_true_random=False), st.permutations(DEFAULT.rows.rule))
def test_the_same_is_answered_however_it_is_asked(
    made: dict[str, Any], on: dt.date, random: Any, rules: list[Any]
) -> None:
    """What must change nothing, on the same programmes, each beside the same answer."""
    programme = Programme.model_validate(made)
    recs = programme.recommend(on=on, top=ALL)
    expected = answers(recs)

    def answered(made: dict[str, Any], policy: Policy | None = None) -> list[dict[str, Any]]:
        return answers(Programme.model_validate(made).recommend(on=on, top=ALL, policy=policy))

    rows = {key: random.sample(value, len(value)) if isinstance(value, list) else value for key, value in made.items()}
    assert answered(rows) == expected, "the order of rows"
    assert answered(made, DEFAULT.with_rules(rules)) == expected, "the order of rules"
    facts = ("needs", "attendances", "sessions", "decisions")  # a booking is known from its own day on
    past = {key: [row for row in made[key] if (row.get("booked_on") or row["date"]) <= on.isoformat()] for key in facts}
    known = {None, *(row["id"] for row in past["sessions"])}
    past["decisions"] = [row for row in past["decisions"] if row["held"] in known]
    past["registrations"] = [row for row in made["registrations"] if row["session"] in known]
    assert answered({**made, **past}) == expected, "the future"
    alone = [
        answers(programme.recommend(on=on, top=ALL, territories=[territory.id]))[0]
        for territory in programme.territories
    ]
    assert sorted(alone, key=lambda answer: answer["territory"]) == expected, "the others"
    again = Programme.model_validate(made).recommend(on=on, top=ALL)
    assert exact(again.to_polars()) == exact(recs.to_polars()), "to the byte"


@examples(20)
@given(data(), DAYS, st.data())
def test_needs_that_are_added_count_as_those_known_from_the_beginning(
    made: dict[str, Any], on: dt.date, draw: st.DataObject
) -> None:
    """A territory is asked about first, so that what doesn't depend on needs is known and kept."""
    count = draw.draw(st.integers(0, len(made["needs"])))
    prog = Programme.model_validate({**made, "needs": made["needs"][:count]})
    one = draw.draw(st.sampled_from(prog.territories)).id
    answers(prog.recommend(on=on, top=ALL, territories=one))
    for need in made["needs"][count:]:
        prog = prog.with_needs([need])
        answers(prog.recommend(on=on, top=ALL, territories=one))
    expected = Programme.model_validate(made).recommend(on=on, top=ALL)
    assert answers(prog.recommend(on=on, top=ALL)) == answers(expected)
    assert exact(prog.recommend(on=on, top=ALL).to_polars()) == exact(expected.to_polars())


@examples(20)
@given(data(), st.dates(dt.date(2008, 2, 1), dt.date(2008, 5, 1)), st.integers(1, 30))
def test_nothing_is_recommended_where_a_blackout_closes_every_day_to_the_horizon(
    made: dict[str, Any], on: dt.date, horizon: int
) -> None:
    for rec in Programme.model_validate({**made, "offer_horizon_days": horizon}).recommend(on=on):
        assert (rec.offer, rec.session, rec.day, rec.alternatives) == (None, None, None, ())
        assert rec.reason in reasons("en")
        assert rec.later is None or rec.later.day > dt.date(2008, 5, 31)


@examples(40)
@given(data(), DAYS, st.data())
def test_a_new_attendance_at_a_buffet_never_moves_what_follows_it_down(
    made: dict[str, Any], on: dt.date, draw: st.DataObject
) -> None:
    programme = Programme.model_validate(made)
    graph = programme.follow_ups(on)
    territory = draw.draw(st.sampled_from(made["territories"]))
    new = draw.draw(attendances(territory["members"], ("b_web", "b_geo")))
    after = Programme.model_validate({**made, "attendances": [*made["attendances"], new]})
    before = ranking(programme, on, territory["id"], follow_ups=graph)
    now = ranking(after, on, territory["id"], follow_ups=graph)
    following = set(graph.graph.successors(new["session"]))
    for follower, other in itertools.product(following & set(before), set(SESSIONS) - following):
        assert follower in now
        if other not in before or before.index(follower) < before.index(other):
            assert other not in now or now.index(follower) < now.index(other)


@examples(40)
@given(data(), DAYS, st.data())
def test_a_new_trainer_or_relay_never_takes_a_recommendation_away(
    made: dict[str, Any], on: dt.date, draw: st.DataObject
) -> None:
    served = {rec.territory for rec in Programme.model_validate(made).recommend(on=on) if rec.next}
    partner = {"id": "new", "name": "New", "kind": "adm", "departements": [draw.draw(st.sampled_from(DEPARTEMENTS))]}
    trainer = {
        "id": "a_new",
        "organisation": "New",
        "role": "New",
        "expertise": [{"session": draw.draw(st.sampled_from(SESSIONS))}],
        "home": "09001",
        "latitude": 43.4,
        "longitude": 1.2,
        "reach_km": float(draw.draw(st.integers(0, 150))),
        "rating": 4,
    }
    more = draw.draw(
        st.sampled_from([{"partners": [*made["partners"], partner]}, {"trainers": [*made["trainers"], trainer]}])
    )
    recs = Programme.model_validate({**made, **more}).recommend(on=on)
    assert served <= {rec.territory for rec in recs if rec.next}
