"""What a user reads of recommendations."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from made import CLOSED, ON, POLICY, programme
from prai_match import Offer, Policy, PolicyError, PraiError, ProgrammeError, UnknownCodeError
from prai_match.model import PreferRow, RequireRow
from prai_match.policy import Stage, Vocabulary

RECS = programme().recommend(on=ON)


def test_a_recommendation_says_what_with_whom_when_and_at_what_cost() -> None:
    rec = RECS["T1"]
    assert (rec.territory, rec.name) == ("T1", "Territoire 1")
    assert (rec.kind, rec.session, rec.axis) == ("workshop", "site_internet", "refonte")
    assert (rec.partner, rec.trainer) == ("adm09", "web")
    assert rec.cost == Decimal("600.00")
    assert rec.day == dt.date(2007, 9, 24)
    assert rec.pathway == ("site_internet", "teleservices")
    assert rec.reason is None
    assert isinstance(rec.offer, Offer)
    assert rec.offer == rec.next
    assert [offer.session for offer in rec.alternatives] == ["b_web", "b_geo"]
    assert rec.score is not None
    assert all(offer.score <= rec.score for offer in rec.alternatives)
    assert repr(rec) == f"<Recommendation 'T1' session='site_internet', score={rec.score:.1f}>"


def test_a_pickle_has_the_recommendation_without_the_answers_of_all_territories() -> None:
    rec = RECS["T1"]
    written = pickle.dumps(rec)
    assert len(written) < 2_000
    read = pickle.loads(written)  # noqa: S301 - our own bytes
    assert read == rec
    assert (read.on, read.session, read.score) == (ON, rec.session, rec.score)
    assert repr(read) == repr(rec)
    for asked in (read.why, read.notice, read.record, read.html, read.to_json, lambda: read.fingerprint):
        with pytest.raises(PraiError, match="the recommendation for Territoire 1 was read from a pickle") as caught:
            asked()
        assert "refaire la recommandation" in caught.value.text("fr")


def test_a_copy_has_the_answers_too() -> None:
    rec = RECS["T1"]
    assert copy.copy(rec).why("en") == copy.deepcopy(rec).why("en") == rec.why("en")


def test_a_buffet_says_what_comes_after() -> None:
    rec = RECS["T3"]
    assert (rec.kind, rec.session, rec.pathway) == ("buffet", "b_geo", ("b_geo", "sig"))


def test_recommendations_read_as_a_mapping() -> None:
    assert len(RECS) == 3
    assert [rec.territory for rec in RECS] == ["T1", "T2", "T3"]
    assert "T1" in RECS
    assert "T9" not in RECS
    assert RECS.on == ON
    assert repr(RECS) == "<Recommendations on 2007-09-03: 3 territories, 3 with an offer>"
    with pytest.raises(UnknownCodeError, match="unknown territory: 'T11'; did you mean T1"):
        RECS["T11"]


@pytest.mark.french
def test_the_table_has_one_row_a_territory() -> None:
    table = RECS.to_polars()
    assert table.columns == [
        "territory", "name", "departement", "kind", "session", "axis", "host", "joins", "partner", "trainer", "score",
        "cost", "day", "priority", "equivalent", "reason", "because", "replacement", "replacement_why",
    ]  # fmt: skip
    assert table["territory"].to_list() == ["T1", "T2", "T3"]
    assert table["cost"].dtype == pl.Decimal(12, 2)
    row = table.row(0, named=True)
    rec = RECS["T1"]
    assert (row["session"], row["score"], row["cost"], row["day"]) == (
        rec.session,
        rec.score,
        rec.cost,
        rec.day,
    )
    assert row["because"] == rec.why("fr").main
    assert RECS.to_polars("en").row(0, named=True)["because"] == rec.why("en").main
    ranking = RECS.ranking()
    assert ranking.filter(territory="T1")["session"].to_list() == ["site_internet", "b_web", "b_geo"]


def test_a_notebook_shows_escaped_html() -> None:
    hostile = programme()
    territories = [
        territory.model_copy(update={"name": "<script>alert(1)</script>"}) for territory in hostile.territories
    ]
    recs = programme(territories=[territory.model_dump() for territory in territories]).recommend(on=ON)
    for html in (recs._repr_html_(), recs["T1"]._repr_html_()):
        assert "<script>" not in html
        assert "&lt;script&gt;" in html


def test_what_no_day_within_the_horizon_allows_comes_later() -> None:
    recs = programme(calendar=CLOSED).recommend(on=ON)
    assert recs.without() == {"no_open_day": 3}
    rec = recs["T1"]
    assert (rec.next, rec.offer, rec.kind, rec.session, rec.axis, rec.host, rec.partner, rec.trainer) == (None,) * 8
    assert (rec.score, rec.cost, rec.day, rec.pathway, rec.alternatives) == (None, None, None, (), ())
    assert rec.later is not None
    assert (rec.later.session, rec.later.day) == (RECS["T1"].session, dt.date(2008, 1, 21))
    row = recs.to_polars("en").row(0, named=True)
    assert (row["session"], row["score"], row["cost"], row["day"]) == (None,) * 4
    assert (row["reason"], row["because"]) == (
        "no_open_day",
        "The calendar has no open day within the horizon of offers.",
    )
    assert repr(rec) == "<Recommendation 'T1' reason='no_open_day'>"
    assert "Beyond the horizon of offers:" in rec.html("en")
    assert "Au-delà du délai de proposition" in rec.html("fr")
    assert pickle.loads(pickle.dumps(rec)) == rec  # noqa: S301 - our own bytes


def test_what_has_an_offer_has_nothing_later() -> None:
    assert [(rec.offer is rec.next, rec.later) for rec in RECS] == [(True, None)] * 3


def test_no_answer_is_explained_by_the_conditions_that_stop_it() -> None:
    rec = programme(partners=[], sessions=[], attendances=[]).recommend(on=ON)["T2"]
    assert (rec.offer, rec.next, rec.reason, rec.day, rec.pathway) == (None, None, "no_relay", None, ())
    why = rec.why("en")
    assert why.contributions == {}
    assert why.main == (
        "Territoire 2: No relay partner can organise a session that is useful to this territory, either there or within "
        "travel distance."
    )
    assert {condition.rule for condition in why.conditions} == {"buffet_or_need_first", "no_relay"}
    assert any(condition.sentence.startswith("SIG – not met: “The workshop follows") for condition in why.conditions)
    assert any(condition.sentence.startswith("Site: No relay partner") for condition in why.conditions)
    assert all(condition.state == "refuted" for condition in why.conditions)
    assert rec.why("fr").title.startswith("Territoire 2 : Aucun partenaire-relais")


def test_own_reason_of_an_own_rule() -> None:
    policy = POLICY.require("population > 5000", id="big_enough", fr="Plus de 5 000 habitants.", en="Over 5,000.")
    recs = programme().recommend(on=ON, policy=policy)
    assert recs.without() == {"big_enough": 3}
    assert recs.to_polars("fr")["because"].unique().to_list() == ["Plus de 5 000 habitants."]


def test_own_columns_are_joined_by_territory() -> None:
    policy = POLICY.with_column("mayor_asked", "boolean").prefer("mayor_asked", id="asked", kind="workshop", weight=50)
    extra = {"territory": ["T1", "T3"], "mayor_asked": [True, False], "ignored": [1, 2]}
    for given in (extra, pl.DataFrame(extra), pd.DataFrame(extra), pa.table(extra)):
        recs = programme().recommend(on=ON, policy=policy, extra=given)
        points = [recs[territory].why().contributions.get("asked", 0) for territory in ("T1", "T2", "T3")]
        assert points[0] > 0
        assert points[1:] == [0, 0]


def test_own_columns_may_choose_the_place_not_the_partner() -> None:
    policy = POLICY.with_column("stays", "boolean").require("own_place OR NOT stays", id="stays", stage="place")
    extra = {"territory": ["T1", "T2"], "stays": [True, False]}
    assert programme().recommend(on=ON, policy=policy, extra=extra)["T1"].host == "T1"
    stopped = policy.require("population > 5000", id="big", stage="place", reason="too_small")
    assert programme().recommend(on=ON, policy=stopped, extra=extra).without() == {"too_small": 3}
    with pytest.raises(PolicyError, match="unknown column 'stays'"):
        policy.prefer("partner_carries AND stays", id="wished_relay", weight=9, stage="partner")


def test_a_trainer_rule_may_read_the_session_and_the_host() -> None:
    policy = POLICY.require("kind = 'workshop' AND host = 'T2'", id="there", stage="trainer")
    recs = programme().recommend(on=ON, policy=policy)
    assert [(rec.session, rec.host) for rec in recs] == [("site_internet", "T2")] * 2 + [(None, None)]
    assert recs["T3"].reason == "there"


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (None, "extra: found nothing, expected a frame with the columns territory, income"),
        ({"territory": ["T1"], "incomes": [1]}, "expected a column 'income'; did you mean incomes"),
        ({"code": ["T1"], "income": [1]}, "found columns code, income, expected a column 'territory'"),
        ({"territory": ["T1", "T11"], "income": [1, 2]}, "territory 'T11': found an unknown territory"),
        (
            {"territory": ["T1", "T1"], "income": [1, 2]},
            "territory 'T1': found several rows, expected one row per territory",
        ),
        ({"territory": ["T1"], "income": ["much"]}, "column 'income': found .* expected numbers"),
    ],
)
def test_own_columns_that_do_not_fit_are_refused(extra: object, said: str) -> None:
    policy = POLICY.with_column("income", "number").prefer("income / 9", id="income", stage="territory", weight=1)
    with pytest.raises(ProgrammeError, match=said):
        programme().recommend(on=ON, policy=policy, extra=extra)


def test_some_territories_only() -> None:
    recs = programme().recommend(on=ON, territories=["T3", "T1"])
    assert [rec.territory for rec in recs] == ["T1", "T3"]
    assert recs.to_polars().height == 2
    with pytest.raises(UnknownCodeError, match="unknown territory: 'T1x'; did you mean T1"):
        programme().recommend(on=ON, territories=["T1x"])


def test_top_keeps_as_many_sessions() -> None:
    assert programme().recommend(on=ON, top=1)["T1"].alternatives == ()
    with pytest.raises(ValueError, match="top: 0 is not valid; give a whole number of at least 1"):
        programme().recommend(on=ON, top=0)


def test_a_rule_without_columns_of_its_own_stage_is_refused_before_anything_is_computed() -> None:
    with pytest.raises(PolicyError, match="unknown column 'cost'"):
        POLICY.require("cost < 100", id="cheap")


def test_the_first_days_of_time_and_the_last() -> None:
    for day in (dt.date.min, dt.date(9998, 1, 1), dt.date.max):
        assert len(programme().recommend(on=day)) == 3


def test_numbers_and_dates_are_written_as_the_language_does() -> None:
    made = programme()
    assert "600,00 €" in str(made.recommend(on=ON)["T1"].why("fr"))
    assert "24/09/2007" in str(made.recommend(on=ON)["T1"].why("fr"))
    assert "€600.00" in str(made.recommend(on=ON)["T1"].why("en"))
    assert "2007-09-24" in str(made.recommend(on=ON)["T1"].why("en"))


def test_what_is_unknown_is_said() -> None:
    made = programme(attendances=[], sessions=[])
    why = made.recommend(on=ON)["T1"].why("en")
    (rating,) = [detail for detail in why.details if detail.rule == "past_rating"]
    assert rating.points == 3
    assert rating.sentence == "Unknown, 50% of the points: “Mean rating of the session, out of 4: …”"


def test_a_policy_of_one_rule_computes_and_decides_with_it_alone() -> None:
    head = 'id = "one"\nname = { fr = "Une règle", en = "One rule" }\n[[rule]]\nid = "one"\nstage = "session"\n'
    few = Policy.from_toml(head + 'require = "population > 10"\nfr = "f"\nen = "e"\n')
    recs = programme().recommend(on=ON, policy=few)
    assert [rec.session for rec in recs] == ["b_geo", "b_geo", "b_geo"], "nothing tells sessions apart but their code"
    assert {rec.score for rec in recs} == {0}
    assert recs.to_polars()["because"].to_list() == [""] * 3
    assert recs["T1"].why().contributions == {}
    limits = {rule.id for rule in few.requirements if rule.limit and rule.stage != "place"}  # it is its own place
    conditions = recs["T1"].why().conditions
    assert {condition.rule for condition in conditions} == {"one", *limits}
    assert all(condition.holds for condition in conditions)
    busy = Policy.from_toml(
        head + 'kind = "buffet"\nprefer = "sessions_attended / 9"\nweight = 1\nfr = "f"\nen = "e"\n'
    )
    assert {condition.rule for condition in programme().recommend(on=ON, policy=busy)["T1"].why().conditions} == limits
    assert [rec.score for rec in programme().recommend(on=ON, policy=busy)][1] == pytest.approx(100 / 9, abs=1e-5)


def pair_of(stage: Stage, one: str, other: str, sql: str, limits: set[str]) -> RequireRow | PreferRow:
    """A rule of two columns that tells nothing apart: a preference where a limit reads one of them."""
    fields: dict[str, Any] = {"id": f"pair_{one}_{other}", "stage": stage, "fr": "f", "en": "e"}
    if limits.isdisjoint({one, other}):
        return RequireRow(**fields, require=sql)
    return PreferRow(**fields, prefer=sql, weight=1)


@pytest.mark.parametrize("stage", ["partner", "trainer"])
def test_every_pair_of_columns_of_a_stage_can_stand_in_one_rule(stage: Stage) -> None:
    columns = [column.name for column in Vocabulary.standard().columns(stage)]
    own = [column.name for column in Vocabulary.standard().all if column.stage == stage]
    limits = {column.name for column in Vocabulary.standard().all if column.limit}
    pairs = [
        pair_of(stage, one, other, f"COALESCE({one}, {one}) IS NULL OR {other} IS NULL OR TRUE", limits)
        for one in own
        for other in columns
    ]
    policy, asked = POLICY, programme()
    room = 100 - len(policy.rows.rule)  # a policy has at most 100 rules
    for first in range(0, len(pairs), room):
        some = pairs[first : first + room]
        recs = asked.recommend(on=ON, policy=policy.with_rules([*policy.rows.rule, *some]))
        assert recs["T1"].session == "site_internet"


def test_an_own_reason_of_a_trainer_rule_is_given() -> None:
    policy = POLICY.require("fee <= 1", id="cheap", stage="trainer", reason="too_dear", fr="Trop cher.", en="Too dear.")
    recs = programme().recommend(on=ON, policy=policy)
    assert recs.without() == {"too_dear": 3}


@pytest.mark.parametrize("name", ["t", "xy", "score", "p_points", "open_days", "axis", "people"])
def test_own_columns_take_no_name_of_the_library(name: str) -> None:
    with pytest.raises(PolicyError, match=f"column '{name}'"):
        POLICY.with_column(name, "number")


def test_not_a_number_is_unknown() -> None:
    policy = POLICY.with_column("income", "number").require("income >= 0", id="known_income")
    recs = programme().recommend(on=ON, policy=policy, extra={"territory": ["T1", "T2"], "income": [float("nan"), 1.0]})
    assert recs["T1"].reason == "known_income"
    assert recs["T2"].offer is not None
    empty = [{**territory.model_dump(), "population": 0} for territory in programme().territories]
    assert " nan" not in str(programme(territories=empty).recommend(on=ON)["T1"].why())


def test_cents_do_not_depend_on_the_order_of_rows() -> None:
    costs = ["220.40", "860.70", "357.72", "849.62", "932.70"]
    held = [
        {"id": f"h{n}", "session": "b_web", "date": "2006-10-01", "host": "T3", "cost": cost}
        for n, cost in enumerate(costs)
    ]
    trainer = {**programme().trainers[0].model_dump(), "fee": "1"}
    for rows in (held, held[::-1], sorted(held, key=lambda row: row["cost"])):
        made = programme(
            sessions=rows, attendances=[], trainers=[trainer], budget={"total": "3322.14"}
        )  # 101 € are left, and the session costs 1 + 100 €
        assert made.recommend(on=ON)["T1"].session == "site_internet"


def test_a_language_is_french_or_english() -> None:
    with pytest.raises(UnknownCodeError, match="unknown language: 'de'; did you mean fr, en"):
        RECS["T1"].why("de")  # type: ignore[arg-type]


def test_a_moment_counts_as_its_day_and_a_code_as_a_list_of_one() -> None:
    noon = dt.datetime(2007, 9, 3, 12, tzinfo=dt.UTC)
    assert programme().recommend(on=noon, territories="T1")["T1"] == RECS["T1"]
    assert programme().classify("refonte du site internet").height == 1
