"""Each rule of the default policy, in a case where it alone decides among the rules of the tests' policy."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from made import ON, POLICY, both, programme, small
from prai_match import Policy, Programme

DEFAULT = Policy.default()


def with_rule(rule: str) -> Policy:
    """The policy of the tests with a rule of the default one: what else is added to the latter changes no case."""
    (asked,) = (row for row in DEFAULT.rows.rule if row.id == rule)
    return POLICY.with_rules({row.id: row for row in (*POLICY.rows.rule, asked)}.values())


def changed(**fields: Any) -> Programme:
    return programme(**{"sessions": [], "attendances": [], **fields})


def trainer(id: str, **fields: Any) -> dict[str, Any]:
    return {**small()["trainers"][0], "id": id, **fields}


def ask(workshop: str, collectivity: str = "09001", **fields: Any) -> dict[str, Any]:
    return {"collectivity": collectivity, "date": "2007-05-02", "workshop": workshop, "people": 12, **fields}


def came(session: str, collectivity: str = "09001", date: str = "2007-03-01", **fields: Any) -> dict[str, Any]:
    return {"collectivity": collectivity, "session": session, "date": date, "elected": 12, **fields}


def sessions(made: Programme, territory: str = "T1", **options: Any) -> list[str]:
    rec = made.recommend(on=ON, top=9, territories=[territory], **options)[territory]
    return [offer.session for offer in (rec.next, *rec.alternatives) if offer]


def reason(made: Programme, territory: str = "T1", **options: Any) -> str | None:
    return made.recommend(**{"on": ON, "territories": [territory], **options})[territory].reason


ASKED = {"needs": [ask("site_internet")]}
DONE = [came(session) for session in ("b_web", "b_geo", "site_internet", "sig", "teleservices")]
THREE_WORKSHOPS_LED = {"trainers": [trainer("web", expertise=[{"session": "site_internet"}])]}
BUSY = [
    {
        "id": f"x{n}",
        "session": "sig",
        "date": f"2007-{month:02}-{day:02}",
        "booked_on": "2007-08-01",
        "host": "T2",
        "trainer": "web",
    }
    for n, (month, day) in enumerate([(8, 27), (8, 28), (9, 10), (10, 2), (10, 3)])
]

REQUIREMENTS: dict[str, tuple[dict[str, Any], str, str | None]] = {
    # rule: the programme, the session that the rule removes, the reason where nothing else is left
    "not_attended": ({"needs": [ask("sig"), ask("sig", "09003")], "attendances": DONE}, "sig", "all_attended"),
    "asked_again": (
        {"needs": [ask("sig", "09003", people=20)], "attendances": [came("b_geo"), came("sig", date="2006-10-02")],
         "calendar": {"elections": [{"date": "2006-12-03", "name": both("Municipales")}]}},
        "sig", None,
    ),
    "not_declined": (
        {**ASKED, "decisions": [
            {"date": "2007-06-01", "event": "declined", "territory": "T1", "session": "site_internet"}]},
        "site_internet", None,
    ),
    "buffet_is_useful": ({"needs": [], "attendances": [came("site_internet"), came("teleservices")]}, "b_web", None),
    "buffet_or_need_first": ({"needs": [ask("site_internet", "09003")], "attendances": []}, "site_internet", None),
    "enough_people": ({"needs": [ask("site_internet", people=9)], "attendances": []}, "site_internet", None),
    "partner_covers": ({**ASKED, "partners": [{**small()["partners"][0], "departements": ["31"]}]}, "site_internet", "no_relay"),
    "partner_carries": ({**ASKED, "partners": [{**small()["partners"][0], "carries": ["sig"]}]}, "site_internet", "no_relay"),
    "trainer_knows_session": ({**ASKED, "trainers": small()["trainers"][1:]}, "site_internet", None),
    "trainer_knows_axis": (
        {
            "needs": [ask("site_internet", axis="refonte")],
            "trainers": [trainer("web", expertise=[{"session": "site_internet", "axes": ["creation"]}])],
        },
        "site_internet",
        "no_trainer",
    ),
    "enough_for_trainer": (
        {
            "needs": [ask("site_internet", axis="creation", people=9), ask("site_internet", "09003", axis="refonte", people=9)],
            "trainers": [trainer("web", expertise=[{"session": "site_internet", "axes": ["creation"]}])],
        },
        "site_internet",
        "no_trainer",
    ),
    "trainer_within_reach": ({**ASKED, "trainers": [trainer("web", reach_km=20, latitude=43.0)]}, "site_internet", "no_trainer"),
}  # fmt: skip


@pytest.mark.parametrize("rule", sorted(REQUIREMENTS))
def test_each_requirement_decides(rule: str) -> None:
    fields, session, why_none = REQUIREMENTS[rule]
    made, policy = changed(**fields), with_rule(rule)
    assert session not in sessions(made, policy=policy)
    assert session in sessions(made, policy=policy.without(rule)), "without the rule it would be offered"
    assert reason(made, policy=policy) == why_none


RELAY = small()["partners"][0]
FOLLOWS = {
    "needs": [ask("site_internet", "09003")],
    "attendances": [came("b_web", date="2007-08-20"), came("b_geo", date="2007-08-20")],
    "trainers": [trainer("web", expertise=[{"session": "site_internet"}])],
}
"""A workshop that only a buffet of 20 August opens: its lag of 60 days is over on 19 October."""
LATE = {**ASKED, "trainers": [trainer("web", free=[{"start": "2007-12-01", "end": "2008-12-31"}])]}
"""A trainer who is free on Monday 3 December, 70 days after the first day for which people can be invited."""
LOADED = {**ASKED, "trainers": [trainer("web", sessions_a_month=2)], "sessions": BUSY}
"""A trainer who leads five sessions in the month before and after the first free day, of four: the load is 1.25."""
BOOKED = {"id": "b1", "session": "site_internet", "date": "2007-10-02", "booked_on": "2007-09-03", "host": "T1"}

LIMITS: dict[str, tuple[dict[str, Any], str, list[dict[str, Any]]]] = {
    # limit: a programme that it leaves without an offer, for which reason, and changes of which each brings the offer
    "lag_over": (
        {**FOLLOWS, "offer_horizon_days": 45}, "lag",
        [{"offer_horizon_days": 46}, {"needs": [ask("site_internet")]},
         {"attendances": [came("b_web", date="2007-08-19")]}],
    ),
    "not_booked": (
        {**ASKED, "sessions": [BOOKED], "attendances": [each for each in DONE if each["session"] != "site_internet"]},
        "booked",
        [{"sessions": [{**BOOKED, "host": "T2"}]}, {"sessions": [{**BOOKED, "booked_on": "2007-09-04"}]},
         {"sessions": [{**BOOKED, "date": "2007-09-03"}]}],
    ),
    "open_day": (
        {**ASKED, "calendar": {"blackouts": [{"start": "2007-09-20", "end": "2008-01-01", "reason": both("gel")}]}},
        "no_open_day",
        [{"offer_horizon_days": 121}, {"notice_days": 16}, {"calendar": {}}],
    ),
    "host_near": (  # who leads the session comes to T2 only, which asks for it too
        {"needs": [ask("site_internet"), ask("site_internet", "09003")], "travel_km": 1,
         "trainers": [trainer("web", reach_km=1, latitude=43.4)]},
        "no_trainer", [{"travel_km": 100}],
    ),
    "partner_present": (
        {**ASKED, "partners": [{**RELAY, "until": "2007-09-02"}]}, "no_relay",
        [{"partners": [{**RELAY, "until": "2007-09-03"}]}, {"partners": [RELAY]}],
    ),
    "partner_has_room": (
        {**ASKED, "partners": [{**RELAY, "sessions_a_year": 0}]}, "no_relay",
        [{"partners": [{**RELAY, "sessions_a_year": 1}]}, {"partners": [{**RELAY, "sessions_a_year": None}]}],
    ),
    "trainer_present": (
        {**ASKED, "trainers": [trainer("web", since="2007-09-04")]}, "no_trainer",
        [{"trainers": [trainer("web", since="2007-09-03")]}],
    ),
    "trainer_free": (
        LATE, "no_trainer",
        [{"trainer_wait_limit": 70}, {"trainers": [trainer("web", free=[{"start": "2007-11-23", "end": "2008-12-31"}])]}],
    ),
    "trainer_not_overloaded": (
        LOADED, "no_trainer",
        [{"trainer_load_limit": 1.26}, {"trainers": [trainer("web", sessions_a_month=3)]}],
    ),
    "within_budget": ({**ASKED, "budget": {"total": "300"}}, "over_budget", [{"budget": {"total": "3000"}}, {"budget": None}]),
}  # fmt: skip


@pytest.mark.parametrize("rule", sorted(LIMITS))
def test_each_limit_decides_whatever_the_policy(rule: str) -> None:
    fields, why_none, changes = LIMITS[rule]
    for policy in (POLICY, DEFAULT):
        assert "site_internet" not in sessions(changed(**fields), policy=policy)
        assert reason(changed(**fields), policy=policy) == why_none
        for change in changes:
            made = changed(**{**fields, **change})
            assert "site_internet" in sessions(made, policy=policy), change


@pytest.mark.parametrize(
    ("fields", "just"), [(LATE, {"trainer_wait_limit": 69}), (LOADED, {"trainer_load_limit": 1.25})]
)
def test_a_setting_decides_from_its_very_number(fields: dict[str, Any], just: dict[str, Any]) -> None:
    assert reason(changed(**fields, **just)) == "no_trainer"


def test_what_follows_waits_for_the_usual_lag_and_what_a_strong_need_opens_does_not() -> None:
    rec = changed(**FOLLOWS).recommend(on=ON)["T1"]
    assert (rec.session, rec.day) == ("site_internet", dt.date(2007, 10, 19))
    needs = [*FOLLOWS["needs"], {"collectivity": "09001", "date": "2007-05-02", "text": "site internet", "people": 2}]
    strong = changed(**FOLLOWS | {"needs": needs}).recommend(on=ON)["T1"]
    assert (strong.session, strong.day) == ("site_internet", dt.date(2007, 9, 24)), (
        "a need read with a probability of at least 90 %"
    )
    weak = changed(**FOLLOWS | {"needs": needs}, strong_need=100).recommend(on=ON)["T1"]
    assert (weak.session, weak.day) == (rec.session, rec.day)


def test_the_lag_is_that_of_what_releases_first() -> None:
    both_came = [*FOLLOWS["attendances"], came("site_internet", "09002", date="2007-05-01")]
    fields = FOLLOWS | {"needs": [ask("teleservices", "09003")], "trainers": [trainer("web")]}
    fields["trainers"][0]["expertise"] = [{"session": "teleservices"}]
    alone = changed(**fields).recommend(on=ON)["T1"]
    assert (alone.session, alone.day) == ("teleservices", dt.date(2007, 11, 19)), "90 days after the buffet is a Sunday"
    sooner = changed(**fields | {"attendances": both_came}).recommend(on=ON)["T1"]
    assert (sooner.session, sooner.day) == ("teleservices", dt.date(2007, 9, 24)), (
        "120 days after the workshop are over"
    )


def test_what_the_horizon_leaves_out_comes_later() -> None:
    made = changed(**FOLLOWS, offer_horizon_days=30)
    rec = made.recommend(on=ON)["T1"]
    assert (rec.next, rec.offer, rec.session, rec.day, rec.alternatives) == (None, None, None, None, ())
    assert rec.reason == "lag"
    assert rec.later is not None
    assert (rec.later.session, rec.later.day) == ("site_internet", dt.date(2007, 10, 19))
    graph = made.follow_ups(ON)  # as probable as within the shorter horizon
    within = changed(**FOLLOWS).recommend(on=ON, follow_ups=graph)["T1"]
    assert (within.next, within.reason, within.later) == (rec.later, None, None)
    few = [{**row, "elected": 1} for row in FOLLOWS["attendances"]]
    nothing = changed(**FOLLOWS | {"needs": [], "attendances": few}, offer_horizon_days=30).recommend(on=ON)["T1"]
    assert (nothing.next, nothing.later) == (None, None), "it is of use at no time"


def test_a_calendar_without_an_open_day_leaves_what_comes_later() -> None:
    freeze = {"start": "2007-09-20", "end": "2008-01-01", "reason": both("gel")}
    made = changed(**ASKED, calendar={"blackouts": [freeze]})
    rec = made.recommend(on=ON)["T1"]
    assert (rec.next, rec.session, rec.reason) == (None, None, "no_open_day")
    assert rec.later is not None
    assert (rec.later.session, rec.later.day) == ("site_internet", dt.date(2008, 1, 2))
    sooner = made.recommend(on=ON + dt.timedelta(days=1))["T1"]
    assert (sooner.session, sooner.day, sooner.later) == ("site_internet", dt.date(2008, 1, 2), None)


def test_the_wait_is_counted_from_the_decision() -> None:
    for notice, wait in ((21, 21), (0, 0), (5, 7)):
        rec = changed(**ASKED, notice_days=notice).recommend(on=ON, policy=with_rule("soon"))["T1"]
        (detail,) = (detail for detail in rec.why("en").details if detail.rule == "soon")
        assert rec.day == ON + dt.timedelta(days=wait)
        assert detail.points == pytest.approx(detail.out_of * (1 - wait / 120))


LESS = came("b_web", "09003", "2007-02-01")
TWO_RELAYS = small()["partners"]

TWO_ALIKE = {
    "needs": [ask("sig", "09001"), ask("sig", "09005")],
    "trainers": [trainer("web", latitude=43.4, expertise=[{"session": "sig"}])],
}
"""Territories 1 and 3 alike but for what they attended."""

BUFFETS_LED = [trainer("web", expertise=[{"session": "b_web"}, {"session": "b_geo"}])]

PREFERENCES: dict[str, tuple[dict[str, Any], str, str, str]] = {
    # rule: the programme, what is compared, which wins with the rule, which without it; where the rule is about
    # "territories", their priorities are compared, and without it two of them have the same
    "equity": ({**TWO_ALIKE, "attendances": [came("teleservices", "09005")]}, "territories", "T1", "T1 T3"),
    "never_served": ({**TWO_ALIKE, "attendances": [came("teleservices", "09005")]}, "territories", "T1", "T1 T3"),
    "waiting_needs": ({**TWO_ALIKE, "needs": [*TWO_ALIKE["needs"], ask("sig")]}, "territories", "T1", "T1 T3"),
    "long_wait": (
        {**TWO_ALIKE, "needs": [*TWO_ALIKE["needs"], ask("sig", date="2006-11-02")]}, "territories", "T1", "T1 T3",
    ),
    "council_asked": (
        {**TWO_ALIKE, "needs": [ask("sig", "09005", date="2006-11-02"), *TWO_ALIKE["needs"][:1]],
         "calendar": {"elections": [{"date": "2006-12-03", "name": both("Municipales")}]}},
        "territories", "T1", "T1 T3",
    ),
    "follow_up": (
        {"needs": [ask("sig"), ask("site_internet")], "attendances": [came("b_web")], "trainers": [
            trainer("web", expertise=[{"session": "site_internet"}, {"session": "sig"}])]},
        "session", "site_internet", "sig",
    ),
    "need_strength": (
        {"needs": [ask("sig", date="2006-03-01")], "attendances": [came("b_web", elected=20)], "trainers": [
            trainer("web", expertise=[{"session": "site_internet"}, {"session": "sig"}])]},
        "session", "sig", "site_internet",
    ),
    "need_freshness": (
        {"needs": [ask("sig", date="2006-10-01"), ask("teleservices")], "attendances": [], "trainers": [
            trainer("web", expertise=[{"session": "sig"}, {"session": "teleservices"}])]},
        "session", "teleservices", "sig",
    ),
    "need_to_confirm": (
        {"needs": [ask("teleservices", date="2006-11-02")],
         "attendances": [], "calendar": {"elections": [{"date": "2006-12-03", "name": both("Municipales")}]},
         "trainers": [trainer("web", expertise=[{"session": "b_web"}, {"session": "b_geo"}])]},
        "session", "b_web", "b_geo",
    ),
    "past_rating": (
        {"needs": [ask("sig"), ask("teleservices")], "attendances": [
            came("sig", "09003", rating=1), came("teleservices", "09003", rating=4)],
         "trainers": [trainer("web", expertise=[{"session": "sig"}, {"session": "teleservices"}])]},
        "session", "teleservices", "sig",
    ),
    "full_room": (
        {"needs": [ask("sig", people=10), ask("teleservices", people=20)], "attendances": [], "trainers": [
            trainer("web", expertise=[{"session": "sig"}, {"session": "teleservices"}])]},
        "session", "teleservices", "sig",
    ),
    "opens_workshops": ({"needs": [], "attendances": [], "trainers": BUFFETS_LED}, "session", "b_web", "b_geo"),
    "opens_needs": (
        {"needs": [ask("site_internet", score=40.0), ask("sig", score=40.0)], "attendances": [], "trainers": BUFFETS_LED},
        "session", "b_web", "b_geo",
    ),
    "people_behind": (
        {"needs": [ask("site_internet", score=40.0, people=20), ask("sig", score=40.0, people=5)], "attendances": [],
         "trainers": BUFFETS_LED},
        "session", "b_web", "b_geo",
    ),
    "near_host": (
        {"needs": [ask("sig", "09001"), ask("sig", "09003"), ask("teleservices", "09001")], "attendances": [], "trainers": [
            trainer("a", latitude=43.4, reach_km=5, expertise=[{"session": "sig"}]),
            trainer("b", expertise=[{"session": "teleservices"}])]},
        "session", "teleservices", "sig",
    ),
    "partner_record": (
        {"partners": [TWO_RELAYS[0], {**TWO_RELAYS[1], "hosted": [{"departement": "09", "sessions": 30}]}], **ASKED},
        "partner", "cg09", "adm09",
    ),
    "mayors_association": (
        {"partners": [{**TWO_RELAYS[0], "id": "z_adm"}, TWO_RELAYS[1]], "sessions": [], "attendances": [], **ASKED},
        "partner", "z_adm", "cg09",
    ),
    "partner_brings_both": (
        {"partners": [{**TWO_RELAYS[1], "id": "a"}, {**TWO_RELAYS[1], "id": "b", "brings": ["elected", "technicians"]}],
         "sessions": [], "attendances": [], **ASKED},
        "partner", "b", "a",
    ),
    "trainer_rating": ({"trainers": [trainer("a", rating=2), trainer("b", rating=4)], **ASKED}, "trainer", "b", "a"),
    "generalist": (
        {"trainers": [trainer("a", expertise=[{"session": "site_internet", "axes": ["creation"]}]), trainer("b")],
         **ASKED},
        "trainer", "b", "a",
    ),
    "trainer_near": ({"trainers": [trainer("a", latitude=43.6), trainer("b")], **ASKED}, "trainer", "b", "a"),
    "soon": (
        {"trainers": [trainer("a", free=[{"start": "2007-10-20", "end": "2008-12-31"}]), trainer("b")], **ASKED},
        "trainer", "b", "a",
    ),
    "trainer_light_load": (
        {"trainers": [trainer("a"), trainer("b")], **ASKED, "attendances": [],
         "sessions": [{**BUSY[0], "trainer": "a"}, {**BUSY[1], "trainer": "a"}]},
        "trainer", "b", "a",
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", sorted(PREFERENCES))
def test_each_preference_decides(rule: str) -> None:
    fields, what, with_it, without_it = PREFERENCES[rule]
    made, asked = changed(**fields), with_rule(rule)

    def winner(policy: Policy) -> str:
        recs = made.recommend(on=ON, policy=policy)
        if what != "territories":
            return str(getattr(recs["T1"], what))
        scores = {rec.territory: rec.priority for rec in recs}
        return " ".join(code for code in ("T1", "T3") if scores[code] == max(scores["T1"], scores["T3"]))

    others = {other.id: 0.01 for other in asked.preferences if other.id != rule}
    assert winner(asked) == with_it
    assert winner(asked.with_weights(**{rule: 0})) == without_it
    assert winner(asked.with_weights(**others)) == with_it


def test_every_rule_has_its_case() -> None:
    assert {*REQUIREMENTS} == {rule.id for rule in DEFAULT.requirements if not rule.limit}
    assert {*LIMITS} == {rule.id for rule in DEFAULT.requirements if rule.limit}
    assert {*PREFERENCES} == {rule.id for rule in (*DEFAULT.preferences, *DEFAULT.priorities)}


def test_renewed_councils_may_attend_again() -> None:
    made = changed(needs=[ask("sig")], attendances=DONE)
    assert reason(made, on=dt.date(2007, 9, 3)) == "all_attended"
    assert reason(made, on=made.calendar.elections[0].date) is None, "on the day of its session another council sits"
    assert reason(made, on=dt.date(2008, 9, 1)) is None


def test_the_axis_is_that_of_the_strongest_then_latest_need() -> None:
    made = changed(
        needs=[
            ask("site_internet", axis="creation", date="2007-05-02"),
            ask("site_internet", axis="refonte", date="2007-05-03"),
            ask("site_internet", axis="creation", date="2007-05-01"),
            ask("site_internet", date="2007-05-09"),
        ]
    )
    assert made.recommend(on=ON)["T1"].axis == "refonte"
    assert changed(**ASKED).recommend(on=ON)["T1"].axis is None


def test_ties_are_broken_by_code() -> None:
    made = changed(trainers=[trainer("b"), trainer("a"), trainer("c")], **ASKED)
    assert made.recommend(on=ON)["T1"].trainer == "a"


def test_the_reason_is_the_furthest_that_any_candidate_came() -> None:
    policy = POLICY.without("trainer_knows_session").require(
        "trainer_knows_session", id="nobody_knows", stage="trainer", kind="workshop"
    )
    done = [came(session) for session in ("b_web", "b_geo", "sig", "teleservices")]
    made = changed(**ASKED, attendances=done, trainers=[trainer("web", expertise=[{"session": "sig"}])])
    assert reason(made, policy=policy) == "nobody_knows"


@pytest.mark.parametrize(("first_free", "day"), [("2007-12-31", "2007-12-31"), ("2008-01-02", None)])
def test_days_are_looked_for_up_to_the_horizon(first_free: str, day: str | None) -> None:
    # The horizon lies 120 days after 3 September 2007, on 1 January 2008.
    free = [{"start": first_free, "end": "2008-12-31"}]
    made = changed(**ASKED, trainers=[trainer("web", free=free)], trainer_wait_limit=730)
    rec = made.recommend(on=ON)["T1"]
    assert (rec.day and rec.day.isoformat()) == day
    first = rec.next or rec.later
    assert first is not None
    assert first.day.isoformat() == first_free
