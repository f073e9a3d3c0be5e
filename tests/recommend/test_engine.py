"""What is ranked, and why nothing is: held against every candidate tried one by one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from lively import ON, day, lively, programme
from made import POLICY
from prai_match import Policy, Programme, recommend
from prai_match.testing import Oracle

if TYPE_CHECKING:
    from prai_match.policy import Stage

OPEN = Policy.from_toml(
    'id = "open"\nname = { fr = "f", en = "e" }\n[[rule]]\nid = "same"\nstage = "session"\n'
    'prefer = "population / 1e6 + 0 * min_seats"\nweight = 1\nfr = "f"\nen = "e"\n'
)
"""Refuses nobody, and tells no candidates of a territory apart."""

# What depends on what: rules are tried where they read least.
POLICIES = {
    "default": POLICY,
    "nothing": OPEN,
    "relay by département": OPEN.prefer("partner_hosted / 9", id="a", weight=2, stage="partner").require(
        "partner_covers", id="b", stage="partner"
    ),
    "relay by session": OPEN.prefer("partner = 'syn'", id="a", weight=2, stage="partner")
    .prefer("partner_carries AND kind = 'buffet'", id="b", weight=3, stage="partner")
    .require("partner_carries", id="c", stage="partner"),
    "relay by both": OPEN.prefer("partner_hosted / 9", id="a", weight=2, stage="partner")
    .prefer("partner_carries AND partner_covers", id="b", weight=3, stage="partner")
    .require("partner_carries OR partner_hosted > 1", id="c", stage="partner"),
    "relay by host": OPEN.prefer("partner_hosted / 9", id="a", weight=2, stage="partner")
    .prefer("partner_brings_both AND host_departement = '31'", id="b", weight=3, stage="partner")
    .prefer("partner_carries", id="c", weight=1, stage="partner")
    .require("partner_kind <> 'adm' OR host_departement = '09'", id="d", stage="partner"),
    "trainer alone": OPEN.prefer("trainer_rating / 4", id="a", weight=2, stage="trainer").require(
        "fee < 450 OR trainer_rating > 3", id="b", stage="trainer"
    ),
    "trainer by day": OPEN.prefer("1 - trainer_wait_days / 60", id="a", weight=2, stage="trainer")
    .prefer("trainer_load < 0.5", id="b", weight=1, stage="trainer")
    .require("wait_days < 40", id="c", stage="trainer"),
    "trainer by axis": OPEN.prefer("trainer_knows_axis AND kind = 'workshop'", id="a", weight=2, stage="trainer")
    .prefer("trainer_rating / 4", id="b", weight=1, stage="trainer")
    .require("trainer_knows_session OR fee > 400", id="c", stage="trainer"),
    "trainer by host": OPEN.prefer("1 - distance_km / 100", id="a", weight=2, stage="trainer")
    .prefer("host_departement = '31' AND trainer = 'carl'", id="b", weight=3, stage="trainer")
    .require("distance_km <= reach_km OR host_departement = '65'", id="c", stage="trainer"),
    "trainer by host and day": OPEN.prefer("trainer_load * distance_km / 100", id="a", weight=2, stage="trainer")
    .prefer("1 - distance_km / 100", id="b", weight=1, stage="trainer")
    .require("distance_km < 20 OR wait_days < 30", id="c", stage="trainer"),
    "trainer too dear": OPEN.prefer("fee / 1000", id="a", weight=2, stage="trainer").require(
        "cost < 450 OR kind = 'buffet'", id="b", stage="trainer"
    ),
    "trainer by all": OPEN.prefer("1 - cost / 1000", id="a", weight=2, stage="trainer")
    .prefer("trainer_knows_axis AND host_departement = '09'", id="b", weight=3, stage="trainer")
    .prefer("trainer_knows_session AND wait_days > 1", id="c", weight=4, stage="trainer")
    .require("cost < 450 OR wait_days < 30", id="d", stage="trainer"),
}


def ranked(made: Programme, policy: Policy, **options: Any) -> dict[str, list[tuple[Any, ...]]]:
    """The offers of each territory, best first, as the engine has them."""
    table = made.recommend(ON, top=9, policy=policy, **options).ranking()
    assert table["rank"].to_list() == [n + 1 for count in table.group_by("territory", maintain_order=True).len()["len"] for n in range(count)]  # fmt: skip
    return {
        str(code): part["session", "axis", "host", "partner", "trainer", "score"].rows()
        for (code,), part in table.group_by("territory", maintain_order=True)
    }


def by_hand(made: Programme, policy: Policy) -> dict[str, list[tuple[Any, ...]]]:
    """The same from every candidate of each territory."""
    oracle = Oracle(made, ON, policy=policy)
    found = {code: oracle.ranking(code) for code in sorted(oracle.territories)}
    return {
        code: [(*one.candidate[1:6], pytest.approx(one.score)) for one in best] for code, best in found.items() if best
    }


@pytest.mark.parametrize("name", POLICIES)
def test_the_best_of_all_candidates_of_each_session_are_ranked(name: str) -> None:
    made = programme()
    assert ranked(made, POLICIES[name]) == by_hand(made, POLICIES[name])


def test_a_programme_answers_alike_whatever_it_was_asked_before() -> None:
    asked = programme()
    for name in (*POLICIES, *reversed(POLICIES)):
        assert ranked(asked, POLICIES[name]) == ranked(programme(), POLICIES[name])
    for days in (0, 40, 200, 41, -30):
        on = ON + dt.timedelta(days)
        assert asked.recommend(on, top=9).ranking().equals(programme().recommend(on, top=9).ranking())


def test_where_much_is_known_of_the_future_the_same_holds() -> None:
    rows = lively()
    made = programme(
        trainers=[{**trainer, "reach_km": 70.0} for trainer in rows["trainers"]],
        attendances=[], budget={"total": "2310.25"},
    )  # fmt: skip
    assert ranked(made, POLICY) == by_hand(made, POLICY)


def reason(policy: Policy = POLICY, territory: str = "A1", **changes: Any) -> str | None:
    return programme(**changes).recommend(ON, policy=policy)[territory].reason


def test_the_reason_is_that_of_the_stage_that_stops_the_furthest_candidate() -> None:
    rows = lively()
    assert reason(territory="C1") == "no_relay"
    assert reason(partners=[], sessions=[]) == "no_relay"
    assert reason(trainers=[], sessions=[]) == "no_trainer"
    assert reason(trainers=[{**one, "latitude": 47.0} for one in rows["trainers"]]) == "no_trainer"
    assert reason(budget={"total": "1"}) == "over_budget"


def test_a_stage_without_candidates_has_its_own_reason_whatever_its_rules_say() -> None:
    policy = OPEN.require("partner_hosted > 99", id="new", stage="partner", reason="too_new")
    assert reason(policy, "A1") == "too_new"
    assert reason(policy, "A1", partners=[], sessions=[]) == "no_relay"
    policy = OPEN.require("fee > 900", id="free", stage="trainer", reason="too_dear")
    assert reason(policy, "A1") == "too_dear"
    assert reason(policy, "A1", trainers=[], sessions=[]) == "no_trainer"


@pytest.mark.parametrize(
    ("stage", "rule"),
    [
        ("partner", "partner_hosted > 99"),
        ("partner", "partner_covers"),
        ("trainer", "fee > 900"),
        ("trainer", "trainer_knows_session AND fee > 900"),
        ("trainer", "distance_km < 1 AND fee > 900"),
    ],
)
def test_who_is_not_around_counts_for_the_reason_of_the_stage_alone(stage: Stage, rule: str) -> None:
    policy = OPEN.require(rule, id="own", stage=stage, reason="own_reason")
    assert reason(policy, "C1") == f"no_{'relay' if stage == 'partner' else 'trainer'}"


def test_of_who_is_around_the_one_that_comes_furthest_gives_the_reason() -> None:
    policy = OPEN.require("partner <> 'cdg31'", id="a", stage="partner")
    assert reason(policy.require("partner <> 'adm09'", id="b", stage="partner")) == "b"
    policy = policy.require("trainer <> 'bob'", id="c", stage="trainer")
    assert reason(policy.require("fee IS NULL", id="d", stage="trainer")) == "d"


def test_every_territory_is_ranked_or_stopped_and_none_both() -> None:
    snapshot = day()
    chosen = snapshot.frames.territories.filter(pl.col("territory") != "B1")
    ranking = recommend.rank(snapshot, POLICY, 2, chosen)
    offered = set(ranking.offers["t"])
    assert ranking.offers.schema == {
        "t": pl.UInt32, "s": pl.UInt32, "x": pl.UInt32, "h": pl.UInt32, "b": pl.Int64, "p": pl.UInt32, "r": pl.UInt32,
        "day": pl.Date, "score": pl.Float64, "rank": pl.UInt32,
    }  # fmt: skip
    assert ranking.offers["rank"].max() == 2
    stopped, reasons = (ranking.stopped[name].tolist() for name in ("t", "reason"))
    assert stopped == sorted(set(chosen["t"]) - offered)
    assert [POLICY.reasons[number] for number in reasons] == ["no_relay"]


def test_a_whole_score_and_no_score_are_ranked_too() -> None:
    all_or_nothing = OPEN.prefer("session = 'sig'", id="sig", weight=1).without("same")
    scores = [(session, score) for session, *_, score in ranked(programme(), all_or_nothing)["A1"]]
    assert scores == [("sig", 100), ("b_geo", 0), ("site_internet", 0)]


def test_the_first_possible_day_is_that_of_the_trainer() -> None:
    days = programme().recommend(ON, top=9, policy=OPEN.prefer("trainer = 'bob'", id="b", weight=9, stage="trainer"))
    assert days["A1"].trainer == "bob"
    assert days["A1"].day == dt.date(2007, 9, 26)
