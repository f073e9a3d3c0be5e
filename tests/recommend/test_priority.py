"""Who is served first, apart from what each is offered; offers that are equivalent; buffets beside workshops."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, strategies as st

from made import ON, POLICY, both, programme
from prai_match import FollowUps, Policy, Programme
from prai_match.testing import Oracle, days, policies, programmes
from prai_match.testing._programmes import SMALL
from thorough import examples

if TYPE_CHECKING:
    from prai_match import Recommendation

DEFAULT = Policy.default()
SEPTEMBER = dt.date(2007, 9, 3)


def offers(rec: Recommendation) -> list[Any]:
    return [rec.next, *rec.alternatives, rec.reason, rec.later]


@examples(30)
@given(programmes(sizes=SMALL), days(), policies(), st.data())
def test_priority_and_score_are_apart(made: Programme, on: dt.date, policy: Policy, data: st.DataObject) -> None:
    before = made.recommend(on, policy=policy)
    for rules, others in ((policy.priorities, offers), (policy.preferences, lambda rec: rec.priority)):
        new = {rule.id: float(data.draw(st.integers(0, 40))) for rule in rules}
        after = made.recommend(on, policy=policy.with_weights(**new))
        assert [others(rec) for rec in before] == [others(rec) for rec in after]


@examples(20)
@given(programmes(sizes=SMALL), days(), policies())
def test_a_priority_is_the_sum_of_what_the_oracle_gives(made: Programme, on: dt.date, policy: Policy) -> None:
    oracle = Oracle(made, on, policy=policy)
    for rec in made.recommend(on, policy=policy):
        points = {part.rule: part.points for part in rec.why("en").priority}
        assert points == oracle.priority(rec.territory)
        assert rec.priority == sum(points.values())
        assert 0 <= rec.priority <= 100


def test_the_weights_of_priorities_come_to_100_apart_from_those_of_scores() -> None:
    for policy in (DEFAULT, DEFAULT.with_weights(equity=500), DEFAULT.without("past_rating")):
        assert sum(rule.points for rule in policy.priorities) == 100
        for kind in ("buffet", "workshop"):
            assert sum(rule.points for rule in policy.preferences if rule.kind in {None, kind}) == 100
    assert [rule.points for rule in DEFAULT.with_weights(equity=500).preferences] == [
        rule.points for rule in DEFAULT.preferences
    ]


@pytest.mark.parametrize("weights", [{"opens_needs": 1, "opens_workshops": 0}, {"follow_up": 400}, {"past_rating": 90}])
def test_a_buffet_and_a_workshop_can_each_earn_100(weights: dict[str, float]) -> None:
    policy = DEFAULT.with_weights(**weights)
    common = sum(rule.points for rule in policy.preferences if rule.kind is None)
    for kind in ("buffet", "workshop"):
        assert sum(rule.points for rule in policy.preferences if rule.kind == kind) == 100 - common


def test_a_rule_of_one_kind_adds_nothing_to_the_other() -> None:
    recs = Programme.example().recommend(SEPTEMBER)
    for rec in recs:
        if rec.offer:
            form = {"buffet": "buffet"}.get(rec.offer.kind, "workshop")
            rules = {rule.id for rule in recs.policy.preferences if rule.kind in {None, form}}
            assert {*rec.why().contributions} == rules
            assert sum(rec.why().contributions.values()) == rec.score


def test_tables_have_the_highest_priority_first_and_what_is_iterated_the_first_code() -> None:
    recs = Programme.example().recommend(SEPTEMBER)
    table = recs.to_polars("en")
    order = table.select(-pl.col("priority"), "territory").rows()
    assert order == sorted(order)
    assert table["priority"].n_unique() > 10
    assert [rec.territory for rec in recs] == sorted(table["territory"])
    assert dict(table.select("territory", "priority").rows()) == {rec.territory: rec.priority for rec in recs}
    assert recs.to_pandas("en")["territory"].tolist() == table["territory"].to_list()
    assert [row["territory"] for row in recs.to_json()] == table["territory"].to_list()
    assert recs["200066231"].to_json()["priority"] == recs["200066231"].priority


def test_one_territory_has_the_priority_that_it_has_among_all() -> None:
    every = Programme.example().recommend(dt.date(2008, 4, 7))
    for code in ("200066231", "243200508"):
        alone = Programme.example().recommend(dt.date(2008, 4, 7), territories=code)[code]
        assert alone.priority == every[code].priority
        assert pickle.loads(pickle.dumps(alone)).priority == copy.copy(alone).priority  # noqa: S301 - our own


def test_the_priority_is_said_with_its_parts() -> None:
    rec = max(Programme.example().recommend(SEPTEMBER), key=lambda rec: rec.priority)
    said = str(rec.why("fr"))
    assert f"Priorité du territoire : {rec.priority:.0f} sur 100" in said
    assert f"Priority of the territory: {rec.priority:.0f} of 100" in str(rec.why("en"))
    assert all(part.sentence in said for part in rec.why("fr").priority if part.points > 0)
    notice = rec.notice("en")
    assert sum(part.points for part in notice.priority) == pytest.approx(rec.priority)
    assert "It shows which territories are served first" in notice.text()


def test_a_policy_without_priorities_puts_all_in_the_order_of_their_codes() -> None:
    recs = programme().recommend(ON)
    assert {rec.priority for rec in recs} == {0.0}
    assert recs.to_polars()["territory"].to_list() == ["T1", "T2", "T3"][: len(recs)]
    assert "100" not in str(recs["T1"].why("en")).rpartition("\n")[2]


def test_weights_of_priorities_are_changed_and_told_apart() -> None:
    recs = Programme.example().recommend(SEPTEMBER)
    difference = recs.what_if(weights={"equity": 60})
    assert {change.change for change in difference} == {"priority"}
    moved = {c.code: c.moved for change in difference for c in change.causes if change.territory == "200072320"}
    assert moved["equity"] > 0 > moved["waiting_needs"]
    row = difference.to_polars("en").filter(territory="200072320").row(0, named=True)
    assert row["priority_after"] - row["priority_before"] == pytest.approx(sum(moved.values()))
    assert recs.what_if(weights={"soon": 9}).changes().get("priority") is None


CALENDAR = {"elections": [{"date": "2006-12-03", "name": both("Municipales")}]}


@pytest.mark.parametrize(
    ("came", "said"),
    [
        ([(12, 0)], "No technician has come so far: invite one with the elected officials."),
        ([(0, 3)], "No elected official has come so far: invite one with the technicians."),
        ([(12, 0), (0, 3)], ""),
        ([(12, 3)], ""),
        ([(12, None)], ""),
        ([], ""),
    ],
)
def test_who_never_came_is_to_be_invited_too(came: list[tuple[int | None, int | None]], said: str) -> None:
    rows = [
        {"collectivity": "09001", "session": "b_web", "date": f"2007-0{month}-01", "elected": e, "technicians": t}
        for month, (e, t) in enumerate(came, 3)
    ]
    before = {"collectivity": "09001", "session": "b_geo", "date": "2006-11-01", "elected": 1, "technicians": 1}
    made = programme(sessions=[], attendances=[before, *rows], calendar=CALENDAR)
    notice = made.recommend(ON)["T1"].notice("en")
    assert notice.action == said
    assert (said in notice.text()) == bool(said) or not said


def test_offers_within_a_point_of_the_best_are_equivalent() -> None:
    recs = Programme.example().recommend(SEPTEMBER, top=9)
    several = 0
    for rec in recs:
        others = [each.session for each in rec.alternatives if rec.score is not None and rec.score - each.score <= 1]
        assert [offer.session for offer in rec.equivalent] == others
        assert rec.to_json()["equivalent"] == (", ".join(others) or None)
        assert ("Equivalent to the first, within one point" in rec.notice("en").text()) == bool(others)
        several += bool(others)
    assert several > 5


@examples(30)
@given(programmes(sizes=SMALL, case="busy"), days(), st.data())
def test_needs_that_open_no_workshop_of_a_buffet_never_lower_it(
    made: Programme, on: dt.date, data: st.DataObject
) -> None:
    before = {rec.territory: buffets(rec) for rec in made.recommend(on, top=99, policy=DEFAULT)}
    workshop = data.draw(st.sampled_from([session.id for session in made.catalogue.workshops]))
    row = {"collectivity": data.draw(st.sampled_from(made.collectivities)).code, "workshop": workshop}
    score = data.draw(st.sampled_from([None, 0.0, made.strong_need - 1.0]))
    need = {**row, "date": on, "people": data.draw(st.integers(1, 40)), "text": "", "score": score}
    after = made.with_needs([need]).recommend(on, top=99, policy=DEFAULT)
    leads = set(made.follow_ups(on).edges().filter(target=workshop)["source"])
    for rec in after:
        for session, points in before[rec.territory].items():
            opened = score is None and session in leads  # a strong need opens a workshop by itself
            assert opened or buffets(rec)[session] >= points


def buffets(rec: Recommendation) -> dict[str, float]:
    return {each.session: each.score for each in (rec.next, *rec.alternatives) if each and each.kind == "buffet"}


OPENS = Policy.from_toml(
    'id = "one"\nname = { fr = "f", en = "e" }\n[[rule]]\nid = "opens"\nstage = "session"\nkind = "buffet"\n'
    'prefer = "opens_probability"\nweight = 1\nfr = "f"\nen = "e"\n'
)
NOTHING: dict[str, Any] = {"sessions": [], "attendances": [], "needs": []}
NEED = {"collectivity": "09001", "date": "2007-05-02", "workshop": "teleservices", "people": 3}
SITE, SERVICES = 0.5 * (1 - 2 ** (-120 / 60)), 0.2 * (1 - 2 ** (-120 / 90))  # within 120 days, of what is declared


@pytest.mark.parametrize(
    ("fields", "points"),
    [
        ({}, 100 * (1 - (1 - SITE) * (1 - SERVICES))),
        ({"needs": [{**NEED, "text": "", "score": 59.0}]}, 100 * (1 - (1 - SITE) * (1 - SERVICES))),
        ({"needs": [NEED]}, 100 * SITE),  # a strong need opens online services by itself
        ({"needs": [{**NEED, "text": "", "score": 40.0}], "strong_need": 40}, 100 * SITE),
        ({"attendances": [{**NEED, "session": "teleservices", "date": "2007-03-01"}]}, 100 * SITE),
        ({"attendances": [{**NEED, "session": "site_internet", "date": "2007-03-01"}]}, 0),  # which leads to the others
    ],
)
def test_a_buffet_opens_what_is_not_possible_yet(fields: dict[str, Any], points: float) -> None:
    rows = [
        {"collectivity": row["collectivity"], "session": row["session"], "date": row["date"], "elected": 3}
        for row in fields.get("attendances", ())
    ]
    made = programme(**{**NOTHING, **fields, "attendances": rows})
    graph = FollowUps.declared(made.catalogue)
    rec = made.recommend(ON, top=9, policy=OPENS, follow_ups=graph)["T1"]
    assert buffets(rec)["b_web"] == pytest.approx(points, abs=1e-4)


def test_a_generalist_is_preferred_where_no_axis_was_chosen() -> None:
    base = {"organisation": "o", "role": "f", "home": "09001", "latitude": 43.0, "longitude": 1.5, "reach_km": 60.0}
    base |= {"fee": "0", "sessions_a_month": 4}
    trainers = [
        {**base, "id": "a_specialist", "expertise": [{"session": "site_internet", "axes": ["creation"]}]},
        {**base, "id": "b_generalist", "expertise": [{"session": "site_internet"}]},
    ]
    need = {"collectivity": "09001", "date": "2007-05-02", "workshop": "site_internet", "people": 12}
    for axis, trainer in ((None, "b_generalist"), ("creation", "a_specialist")):
        made = programme(sessions=[], attendances=[], needs=[{**need, "axis": axis}], trainers=trainers)
        rec = made.recommend(ON, policy=DEFAULT)["T1"]
        assert (rec.session, rec.trainer) == ("site_internet", trainer)
        assert made.recommend(ON, policy=DEFAULT.without("generalist"))["T1"].trainer == "a_specialist"
    assert POLICY.priorities == ()
