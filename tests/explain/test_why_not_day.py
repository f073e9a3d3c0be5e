"""Whether a seat can be had on a day: what closes it, the lag, who is free, and the session that is booked then."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from made import ON, SESSIONS, data, programme, small
from prai_match import Programme
from prai_match.testing import programmes
from thorough import examples

if TYPE_CHECKING:
    from prai_match import Recommendation
    from prai_match.explain import WhyNot
    from prai_match.recommend import Offer

RECS = programme().recommend(ON)
DAYS = st.dates(dt.date(2007, 1, 1), dt.date(2008, 12, 31))
ASKS = [
    {"collectivity": code, "date": "2007-05-02", "workshop": "site_internet", "people": 12}
    for code in ("09001", "09003", "09005")
]
BOOKED: dict[str, Any] = {
    "id": "held", "session": "site_internet", "date": "2007-10-02", "booked_on": "2007-08-01", "host": "T2",
    "partner": "adm09", "trainer": "web",
}  # fmt: skip


def rules(why_not: WhyNot) -> list[str]:
    return [finding.rule for finding in why_not.refuting]


def asked(rec: Recommendation, offer: Offer, day: dt.date) -> WhyNot:
    """What is said of an offer on a day."""
    return rec.why_not(session=offer.session, host=offer.host, partner=offer.partner, trainer=offer.trainer, day=day)


def test_the_recommendation_is_that_on_its_day_alone() -> None:
    rec = RECS["T1"]
    assert rec.offer is not None
    on_its_day, later = (asked(rec, rec.offer, rec.offer.day + dt.timedelta(days)) for days in (0, 1))
    assert (on_its_day.verdict, on_its_day.day, on_its_day.score) == ("recommended", rec.offer.day, rec.offer.score)
    assert (later.verdict, later.possible, later.stage) == ("outscored", True, None)
    assert rec.why_not(session=rec.session).day is None
    assert later.to_json("en")["day"] == str(rec.offer.day + dt.timedelta(1))
    assert "; on 25 September 2007. This is possible, with the same score" in later.title["en"].replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2007-09-10", "before the end of the notice period (21 days)"),
        ("2007-09-29", "Saturday or Sunday"),
        ("2007-11-01", "public holiday: All Saints' Day"),
        ("2008-02-04", "blackout: Élections municipales"),
        ("2009-01-05", "outside the programme's period (1 September 2006 to 31 December 2008)"),
    ],
)
def test_a_closed_day_is_said_with_what_closes_it(day: str, said: str) -> None:
    why_not = RECS["T1"].why_not(session="b_web", partner="adm09", trainer="web", day=dt.date.fromisoformat(day))
    (finding,) = (each for each in why_not.refuting if each.rule == "engine:day")
    assert (finding.stage, finding.reason, finding.found) == ("place", "no_open_day", {"host": "T1"})
    assert finding.sentence["en"].replace("\u00a0", " ").endswith(f": {said}.")
    assert (why_not.possible, "engine:free" in rules(why_not)) == (False, False)


def test_the_host_is_to_take_part_on_the_day() -> None:
    came = [{"collectivity": "09003", "session": "b_web", "date": "2007-08-20", "elected": 3, "technicians": 2}]
    made = programme(sessions=[], attendances=came, needs=[{**ASKS[0], "people": 6}])
    recs = made.recommend(ON)
    (alone,) = recs["T1"].why_not(session="site_internet", host="T1").refuting  # before T2 may come
    assert alone.rule == "enough_people"
    hosted, ahead = (recs["T2"].why_not(session="site_internet", host="T1", day=dt.date(2007, 10, n)) for n in (19, 18))
    assert (hosted.possible, rules(ahead)[0]) == (True, "engine:lag")
    guest = programme(sessions=[], attendances=came, needs=[ASKS[0]]).recommend(ON)["T1"]
    then, before = (guest.why_not(session="site_internet", host="T2", day=dt.date(2007, 10, n)) for n in (19, 18))
    (finding, *_) = before.refuting
    assert (then.possible, before.possible, finding.rule) == (True, False, "engine:host")
    assert finding.sentence["en"].replace("\u00a0", " ").endswith("(left: 46 days).”")


@pytest.mark.french
def test_the_lag_is_to_be_over_on_the_day() -> None:
    came = [{"collectivity": "09001", "session": "b_web", "date": "2007-08-20", "elected": 1, "technicians": 1}]
    people = {"collectivity": "09001", "date": "2007-05-02", "workshop": "site_internet", "people": 12, "score": 30.0}
    rec = programme(sessions=[], attendances=came, needs=[people]).recommend(ON)["T1"]
    before, after = (rec.why_not(session="site_internet", day=dt.date(2007, 10, day)) for day in (18, 19))
    (finding,) = (each for each in before.refuting if each.rule == "engine:lag")
    assert (finding.rule, finding.stage, finding.reason) == ("engine:lag", "session", "lag")
    assert (finding.wanted, finding.found) == ("lag_days <= 45", {"lag_days": 46.0})
    assert "(il s’achève le 19 octobre 2007)" in finding.sentence["fr"].replace("\u00a0", " ")
    assert after.possible


def test_the_trainer_is_to_be_free_and_is_another_where_none_is_named() -> None:
    taken = {**BOOKED, "session": "b_web", "host": "T3"}
    other = {**small()["trainers"][0], "id": "zweb", "rating": "1.0"}
    made = programme(sessions=[taken], trainers=[*small()["trainers"], other], attendances=[], needs=ASKS)
    day, rec = dt.date(2007, 10, 2), made.recommend(ON)["T1"]
    assert rec.trainer == "web"
    why_not = rec.why_not(session="site_internet", trainer="web", day=day, lang="en")
    (finding,) = why_not.refuting
    assert (finding.rule, finding.stage, finding.reason) == ("engine:free", "trainer", "no_trainer")
    assert finding.sentence["en"].replace("\u00a0", " ") == "The trainer is not free on 2 October 2007."
    assert (rec.why_not(session="site_internet", day=day).trainer, rec.why_not(session="site_internet").trainer) == (
        "zweb",
        "web",
    )


def test_a_session_that_is_booked_on_the_day_is_joined_and_on_another_isnt() -> None:
    rec = programme(sessions=[BOOKED], attendances=[], needs=ASKS).recommend(ON)["T3"]
    joined, other = (rec.why_not(session="site_internet", host="T2", day=dt.date(2007, 10, day)) for day in (2, 3))
    assert (joined.joins, joined.possible, joined.partner, joined.trainer) == ("held", True, "adm09", "web")
    assert other.joins is None
    own = rec.why_not(session="site_internet", host="T3", trainer="web", day=dt.date(2007, 10, 2))
    assert (own.joins, rules(own)) == (None, ["engine:nearest", "engine:free"])
    assert rec.why_not(session="site_internet").joins == rec.joins == "held"


def test_a_booked_session_farther_than_the_nearest_is_joined_where_it_is_asked_about() -> None:
    sessions = [{**BOOKED, "host": "T1"}, {**BOOKED, "id": "near", "date": "2007-10-09"}]
    rec = programme(sessions=sessions, attendances=[], needs=ASKS).recommend(ON)["T3"]
    assert rec.joins == "near"
    far = rec.why_not(session="site_internet", host="T1")
    assert (far.joins, far.verdict, far.possible, rules(far)) == ("held", "refused", True, ["engine:nearest"])


def test_a_day_beyond_the_horizon_is_judged_under_its_council_and_possible_without_an_offer() -> None:
    made = programme(calendar={"blackouts": [{**small()["calendar"]["blackouts"][0], "start": "2007-09-20"}]})
    rec = made.recommend(ON)["T1"]
    assert (rec.next, rec.reason) == (None, "no_open_day")
    why_not = rec.why_not(session="site_internet", day=dt.date(2008, 6, 3), lang="en")
    assert (why_not.verdict, why_not.possible, why_not.winner_score, why_not.gaps) == ("outscored", True, None, ())
    assert why_not.score is not None
    assert "This is possible on that day" in str(why_not)
    renewed = RECS["T1"].why_not(session="site_internet", day=dt.date(2008, 6, 3))
    assert renewed.verdict == "refused"
    assert {"asked_again", "buffet_or_need_first"} & {*rules(renewed)}


@examples(25)
@given(programmes() | programmes(case="busy") | data().map(Programme.model_validate), DAYS, st.data())
def test_what_is_offered_can_be_had_on_its_day_and_not_before(
    made: Programme, on: dt.date, draw: st.DataObject
) -> None:
    elections = [each.date for each in made.calendar.elections]
    for rec in made.recommend(on):
        for offer in (rec.next, *rec.alternatives):
            if offer is None:
                continue
            there = asked(rec, offer, offer.day)
            assert (there.possible, there.joins, there.score) == (True, offer.joins, offer.score), str(there)
            assert (there.verdict == "recommended") == (offer == rec.next)
            # Under the council before, a trainer may be free of whom an offer would have waited for too long.
            first = max([on + dt.timedelta(made.notice_days), *(each for each in elections if each < offer.day)])
            if first < offer.day:
                before = draw.draw(st.dates(first, offer.day - dt.timedelta(1)))
                earlier = asked(rec, offer, before)
                assert (earlier.joins, earlier.possible and offer.joins is None) == (None, False), str(earlier)


@examples(10)
@given(data(), DAYS, st.data())
def test_what_isnt_named_is_possible_wherever_anything_is(
    made: dict[str, Any], on: dt.date, draw: st.DataObject
) -> None:
    recs = Programme.model_validate(made).recommend(on)
    day = on + dt.timedelta(draw.draw(st.integers(0, 200)))
    for rec in list(recs)[:2]:
        session = draw.draw(st.sampled_from(SESSIONS))
        why_not = rec.why_not(session=session, host=rec.territory, day=day)
        for partner in [each.id for each in recs.programme.as_of(on).partners]:
            for trainer in [each.id for each in recs.programme.as_of(on).trainers]:
                one = rec.why_not(session=session, host=rec.territory, partner=partner, trainer=trainer, day=day)
                assert why_not.possible or not one.possible


@examples(15)
@given(programmes(case="busy") | data().map(Programme.model_validate), DAYS)
def test_whoever_is_booked_elsewhere_that_day_is_not_free(made: Programme, on: dt.date) -> None:
    for rec in [rec for rec in made.recommend(on) if rec.offer is not None and rec.joins is None][:2]:
        assert rec.offer is not None
        taken = {"id": "taken", "date": rec.offer.day, "booked_on": on, "trainer": rec.trainer}
        after = made.with_sessions([{**taken, "session": rec.session, "host": made.territories[0].id}])
        assert "engine:free" in rules(asked(after.recommend(on)[rec.territory], rec.offer, rec.offer.day))
