"""Why a candidate is not recommended, as a user reads it."""

from __future__ import annotations

import datetime as dt
import json
import pickle
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from made import FREEZE, ON, POLICY, programme, small, with_policy
from prai_match import Programme, UnknownCodeError

if TYPE_CHECKING:
    from goldens import Golden
    from prai_match.explain import WhyNot

RECS = programme().recommend(on=ON)


def rules(why_not: WhyNot) -> list[str]:
    return [finding.rule for finding in why_not.refuting]


def with_trainer(**fields: Any) -> Programme:
    """The small programme with one more trainer."""
    other = {**small()["trainers"][0], "id": "other", "organisation": "Autre", **fields}
    return programme(trainers=[*small()["trainers"], other])


def test_a_refused_session_names_the_condition_what_it_wants_and_what_was_found() -> None:
    why_not = RECS["T1"].why_not(session="sig")
    assert (why_not.verdict, why_not.stage, why_not.reason) == ("refused", "session", "no_need_and_no_buffet")
    assert (why_not.partner, why_not.trainer, why_not.score, why_not.gap) == (None, None, None, None)
    need, people = why_not.refuting
    assert (need.rule, need.state, need.stage) == ("buffet_or_need_first", "refuted", "session")
    assert need.wanted == POLICY.requirement("buffet_or_need_first").condition.sql
    assert need.found == {"follows": False, "form": "workshop", "need_score": 0.0, "strong_need": 90.0}
    assert people.found == {"form": "workshop", "joins_booked": False, "min_seats": 10.0, "people": 4.0}
    assert people.sentence["fr"].startswith("L'atelier réunit au moins 10 personnes")
    assert people.sentence["en"].startswith("The workshop brings together at least 10 people")


def test_an_outscored_session_says_rule_by_rule_what_it_lacks() -> None:
    rec = RECS["T1"]
    why_not = rec.why_not(session="b_web")
    assert (why_not.verdict, why_not.stage, why_not.reason) == ("outscored", None, None)
    assert (why_not.partner, why_not.trainer) == ("adm09", "web")
    assert why_not.score == rec.alternatives[0].score
    assert why_not.winner_score == rec.score
    assert {gap.rule: gap.points for gap in why_not.gaps}.keys() == rec.why().contributions.keys()
    assert {gap.rule: gap.winner_points for gap in why_not.gaps} == rec.why().contributions
    assert sum(gap.difference for gap in why_not.gaps) == why_not.gap
    assert [abs(gap.difference) for gap in why_not.gaps] == sorted(
        (abs(gap.difference) for gap in why_not.gaps), reverse=True
    )


@pytest.mark.french
def test_the_recommendation_says_that_it_is() -> None:
    why_not = RECS["T1"].why_not(session="site_internet", partner="adm09", trainer="web", axis="refonte")
    assert (why_not.verdict, why_not.gaps, why_not.gap) == ("recommended", (), 0)
    assert "C’est la recommandation" in str(why_not)
    assert "This is the recommendation" in why_not.text("en")


@pytest.mark.french
def test_a_partner_or_a_trainer_alone_goes_with_the_recommended_session() -> None:
    why_not = RECS["T1"].why_not(partner="cg09")
    assert (why_not.session, why_not.partner, why_not.trainer) == ("site_internet", "cg09", "web")
    assert why_not.verdict == "outscored"
    assert {gap.stage for gap in why_not.gaps if gap.difference} == {"partner"}
    assert "−2,0  Préférence non satisfaite : « Le relais est l'association départementale des maires. »" in str(
        why_not
    )
    why_not = RECS["T1"].why_not(trainer="geo", lang="en")
    assert (why_not.session, why_not.partner, why_not.trainer) == ("site_internet", "adm09", "geo")
    assert (why_not.verdict, why_not.stage) == ("refused", "trainer")
    assert rules(why_not) == ["trainer_knows_axis", "trainer_knows_session"]
    assert "the trainer does not meet the conditions" in str(why_not)


def test_every_stage_is_told_for_a_candidate_refused_early() -> None:
    why_not = RECS["T1"].why_not(session="sig", partner="cg09", trainer="web")
    assert why_not.stage == "session"
    assert {finding.stage for finding in why_not.refuting} == {"session", "place", "trainer"}
    assert {finding.stage for finding in why_not.conditions} == {"session", "place", "partner", "trainer"}


def test_an_axis_that_nobody_asked_for() -> None:
    why_not = RECS["T1"].why_not(session="site_internet", axis="creation")
    assert (why_not.verdict, why_not.stage, why_not.axis) == ("refused", "session", "creation")
    (finding,) = why_not.refuting
    assert (finding.rule, finding.wanted, finding.found) == ("engine:axis", "axis = 'refonte'", {"axis": "creation"})
    assert finding.sentence["fr"] == "L’axe n’est pas celui que demandent les besoins exprimés (refonte)."
    (finding,) = RECS["T2"].why_not(session="site_internet", axis="creation", lang="en").refuting
    assert (finding.wanted, finding.sentence["en"]) == (
        "axis IS NULL",
        "The axis is not the one that the needs ask for (common core).",
    )


@pytest.mark.french
def test_the_same_score_is_decided_by_the_codes() -> None:
    why_not = with_trainer(id="zweb").recommend(on=ON)["T1"].why_not(trainer="zweb")
    assert (why_not.verdict, why_not.gap) == ("outscored", 0)
    assert "à égalité, l’ordre des codes décide" in str(why_not)


def test_a_trainer_far_beyond_reach() -> None:
    far = with_trainer(latitude=48.0)
    why_not = far.recommend(on=ON)["T1"].why_not(trainer="other")
    assert why_not.stage == "trainer"
    assert rules(why_not) == ["trainer_within_reach", "engine:around"]
    assert why_not.refuting[0].found["distance_km"] == pytest.approx(533.7, abs=0.1)
    # Without the rule, the engine still looks no further than around.
    policy = POLICY.without("trainer_within_reach")
    recs = far.recommend(on=ON, policy=policy)
    assert rules(recs["T1"].why_not(trainer="other")) == ["engine:around"]
    alone = programme(trainers=[{**small()["trainers"][0], "latitude": 48.0}]).recommend(on=ON, policy=policy)
    row = alone.why_not("fr").filter(territory="T1", session="site_internet").row(0, named=True)
    assert (row["stage"], row["rule"], row["reason"], row["trainer"]) == (
        "trainer",
        "engine:around",
        "no_trainer",
        "web",
    )
    assert json.loads(row["found"]).keys() == {"distance_km", "reach_km"}
    assert row["sentence"] == (
        "L’intervenant est très au-delà de son rayon d’intervention (534 km, pour un rayon de 80 km)."
    )


@pytest.mark.parametrize(("kind", "reason"), [("partner", "no_relay"), ("trainer", "no_trainer")])
def test_nobody_to_ask(kind: str, reason: str) -> None:
    recs = programme(**{f"{kind}s": [], "sessions": [], "attendances": []}).recommend(on=ON)
    why_not = recs["T1"].why_not(session="site_internet")
    assert (why_not.verdict, why_not.stage, why_not.reason) == ("refused", kind, reason)
    assert rules(why_not) == ["engine:candidate"]
    row = recs.why_not("en").filter(territory="T1", session="site_internet").row(0, named=True)
    assert (row["rule"], row["reason"], row["found"]) == ("engine:candidate", reason, "{}")
    assert row["sentence"] == why_not.refuting[0].sentence["en"]


@pytest.mark.french
def test_a_territory_without_a_recommendation_is_explained_by_what_goes_furthest() -> None:
    rec = programme(budget={"total": "1"}).recommend(on=ON)["T1"]
    assert rec.next is None
    why_not = rec.why_not(partner="cg09")
    assert (why_not.stage, why_not.reason, rules(why_not)) == ("trainer", "over_budget", ["within_budget"])
    assert str(why_not).startswith("Les crédits restants ne couvrent le coût d’aucune session. Territoire 1 : ")


def test_a_reason_of_one_s_own_is_said_first() -> None:
    policy = POLICY.require(
        "population > 5000", id="large", stage="session", fr="Le territoire est grand.", en="The territory is large."
    )
    why_not = programme().recommend(on=ON, policy=policy)["T1"].why_not(session="site_internet", lang="en")
    assert str(why_not).startswith("The territory is large. Territoire 1: ")


def test_a_trainer_is_judged_where_there_is_no_relay() -> None:
    recs = programme(partners=[], sessions=[], attendances=[]).recommend(on=ON)
    assert rules(recs["T1"].why_not(session="site_internet", trainer="geo")) == [
        "engine:candidate", "trainer_knows_axis", "trainer_knows_session",
    ]  # fmt: skip


def test_what_waits_for_an_open_day_is_in_the_table_with_its_rule() -> None:
    recs = programme().recommend(on=FREEZE)
    table = recs.why_not().filter(reason="no_open_day")
    assert set(table.select("verdict", "stage", "rule", "found").rows()) == {
        ("refused", "session", "open_day", '{"open_days":0.0}')
    }
    later = {rec.territory: rec.later.session for rec in recs if rec.later}
    assert later.keys() == {"T1", "T2", "T3"}
    attended = {("T2", "b_web")}  # by the council before
    assert {*later.items()} - attended <= {*table.select("territory", "session").rows()}


@pytest.mark.french
def test_where_no_day_is_open_it_says_that_nothing_can_be_held() -> None:
    rec = programme().recommend(on=FREEZE)["T1"]
    assert (rec.next, rec.reason, rec.alternatives) == (None, "no_open_day", ())
    assert rec.later is not None
    assert rec.later.day == dt.date(2008, 6, 2)
    why_not = rec.why_not(session=rec.later.session)
    assert (why_not.verdict, why_not.reason, rules(why_not)) == ("refused", "no_open_day", ["open_day"])
    assert (why_not.stage, why_not.score, why_not.winner_score) == ("session", None, None)
    assert str(why_not).startswith("Le calendrier n’a aucun jour ouvert dans le délai de proposition.")
    assert "Ce n’est pas possible : la session ne remplit pas les conditions." in str(why_not)
    assert "✗  Not met: “The calendar has an open day within the horizon of offers (open days: 0).”" in why_not.text(
        "en"
    )
    refused = rec.why_not(session="sig")
    assert (refused.verdict, refused.stage) == ("refused", "session")
    assert rules(refused) == ["buffet_or_need_first", "open_day", "enough_people"]


def test_an_unknown_value_is_neither_satisfied_nor_refuted() -> None:
    why_not = programme(budget=None).recommend(on=ON)["T1"].why_not(session="b_web")
    (budget,) = (finding for finding in why_not.conditions if finding.rule == "within_budget")
    assert (budget.state, budget.holds, budget.found["budget_left"]) == ("unknown", True, None)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"session": "b_wb"}, "unknown session: 'b_wb'; did you mean b_web"),
        ({"partner": "adm9"}, "unknown partner: 'adm9'; did you mean adm09"),
        ({"trainer": "wbe"}, "unknown trainer: 'wbe'; did you mean web"),
        ({"session": "site_internet", "axis": "refont"}, "unknown axis: 'refont'; did you mean refonte"),
    ],
)
def test_unknown_codes(asked: dict[str, str], message: str) -> None:
    with pytest.raises(UnknownCodeError, match=message):
        RECS["T1"].why_not(**asked)  # type: ignore[arg-type]


def test_something_must_be_asked_in_a_known_language() -> None:
    with pytest.raises(ValueError, match="a session, a host, a relay partner or a trainer"):
        RECS["T1"].why_not(axis="refonte")
    with pytest.raises(UnknownCodeError, match="unknown language: 'de'; did you mean fr, en"):
        RECS["T1"].why_not(session="sig", lang="de")  # type: ignore[arg-type]


def test_as_a_frame_and_as_html() -> None:
    why_not = RECS["T1"].why_not(session="b_web", lang="en")
    frame = why_not.to_polars()
    assert frame["rule"].to_list() == [
        *(finding.rule for finding in why_not.conditions),
        *(gap.rule for gap in why_not.gaps),
    ]
    assert frame["difference"].sum() == why_not.gap
    assert json.loads(frame["found"][0]) == why_not.conditions[0].found
    bad = programme(partners=[{**small()["partners"][0], "name": "<script>alert(1)</script>" + "x" * 1900}])
    assert "<script>" not in bad.recommend(on=ON)["T1"].why_not(session="b_web")._repr_html_()


def test_recommendations_can_be_pickled_after_such_a_question() -> None:
    recs = programme().recommend(on=ON)
    asked = recs["T1"].why_not(session="sig")
    assert pickle.loads(pickle.dumps(recs))["T1"].why_not(session="sig") == asked  # noqa: S301 - our own bytes


def test_the_table_of_all_losers() -> None:
    table = RECS.why_not()
    assert table.columns == [
        "territory", "session", "axis", "host", "joins", "partner", "trainer", "verdict", "stage", "rule", "reason", "found",
        "score", "gap",
    ]  # fmt: skip
    assert table.height == 3 * 4
    assert RECS.why_not("fr").drop("sentence").equals(table)
    row = table.row(by_predicate=(pl.col("territory") == "T1") & (pl.col("session") == "sig"), named=True)
    assert json.loads(row["found"]) == {
        "follows": False,
        "form": "workshop",
        "need_score": 0.0,
        "strong_need": 90.0,
    }
    weightless = POLICY.with_weights(**{rule.id: 0 for rule in POLICY.preferences})
    assert (
        programme().recommend(on=ON, policy=weightless).why_not().filter(verdict="outscored")["gap"].to_list()
        == [0.0] * table.filter(verdict="outscored").height
    )


def test_where_nothing_counts_the_title_is_what_is_said_first() -> None:
    weightless = POLICY.with_weights(**{rule.id: 0 for rule in POLICY.preferences})
    why = programme().recommend(on=ON, policy=weightless)["T1"].why("en")
    assert why.details
    assert why.main == why.title


def test_a_policy_without_preferences() -> None:
    only = POLICY.with_rules([row for row in POLICY.rows.rule if hasattr(row, "require")])
    recs = programme().recommend(on=ON, policy=only)
    assert recs.why_not("en").filter(verdict="outscored").select(
        "rule", "found", "sentence", "gap"
    ).unique().rows() == [(None, None, "", 0.0)]


@pytest.mark.parametrize(
    ("name", "territory", "asked"),
    [
        ("outscored", "200034031", {"session": "teleservices"}),
        ("refused", "200068484", {"session": "buffet_communication", "host": "200068484"}),
    ],
)
def test_french_texts(golden: Golden, name: str, territory: str, asked: dict[str, str]) -> None:
    recs = with_policy(Programme.example()).recommend(on=dt.date(2007, 9, 3), territories=[territory])
    golden(f"why_not_{name}.txt", recs[territory].why_not(**asked).text("fr") + "\n")  # type: ignore[arg-type]
