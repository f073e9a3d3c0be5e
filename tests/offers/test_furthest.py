"""How far each session comes for each territory, and with whom: held against every relay and trainer, one by one."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from lively import ON, day, lively, programme
from made import POLICY
from prai_match import Policy, offers
from prai_match.offers import _last_stages
from prai_match.testing import Candidate, CandidateVerdict, Oracle

if TYPE_CHECKING:
    from prai_match import Programme
    from prai_match.policy import Requirement, Stage

STAGES: tuple[Stage, ...] = ("session", "place", "partner", "trainer")
POLICIES = {
    "default": POLICY,
    "nobody is free": POLICY.require("wait_days > 300", id="free_later", stage="trainer"),
    "relays are refused": POLICY.require("partner_hosted > 99", id="old", stage="partner").without("not_attended"),
    "relays are refused by département": POLICY.require("host_departement = '31'", id="there", stage="partner"),
    "every session": POLICY.without("not_attended")
    .without("buffet_is_useful")
    .without("buffet_or_need_first")
    .without("enough_people"),
    "trainers are refused late": POLICY.without("buffet_or_need_first")
    .without("trainer_knows_axis")
    .require("cost < 400 OR kind = 'buffet'", id="dear", stage="trainer", reason="over_budget"),
}


def place(one: CandidateVerdict, rules: list[Requirement]) -> int:
    """The place of the first rule that is broken; their number where none is."""
    return next((number for number, rule in enumerate(rules) if rule.id in one.broken), len(rules))


def by_hand(made: Programme, policy: Policy, territory: str, session: str) -> tuple[Any, ...]:
    """The stage that stops a session, its relay and its trainer."""
    oracle = Oracle(made, ON, policy=policy)
    axis = oracle.axis(territory, session)
    pairs = product(sorted(oracle.partners), sorted(oracle.trainers))
    every = [oracle.verdict(Candidate(territory, session, axis, territory, *pair)) for pair in pairs]

    def reach(one: CandidateVerdict) -> float:
        return oracle.trainers[one.candidate.trainer or ""].reach_km

    def beyond(one: CandidateVerdict) -> float:
        return float(oracle.column("distance_km", one.candidate) or 0) - reach(one)

    of_session, of_place, of_partner, of_trainer = (offers.in_order(policy, stage) for stage in STAGES)
    for stage, rules in (("session", of_session), ("place", of_place)):
        if place(every[0], rules) < len(rules):
            return (stage, None, None)
    able = [one for one in every if place(one, of_partner) == len(of_partner)]
    if not able:
        covering = [one for one in every if oracle.column("partner_covers", one.candidate)]
        last = min(covering or every, key=lambda one: (-place(one, of_partner), one.candidate.partner))
        return ("partner", last.candidate.partner, None)
    partner = max(able, key=lambda one: one.score).candidate.partner
    with_it = [one for one in every if one.candidate.partner == partner]
    around = [one for one in with_it if beyond(one) <= 0.25 * reach(one)]
    good = [one for one in around if place(one, of_trainer) == len(of_trainer)]
    if good:
        return (None, partner, max(good, key=lambda one: one.score).candidate.trainer)
    last = min(around or with_it, key=lambda one: (-place(one, of_trainer), beyond(one), one.candidate.trainer))
    return ("trainer", partner, last.candidate.trainer)


def read(made: Programme, policy: Policy) -> pl.DataFrame:
    """The furthest of every territory and session, by code."""
    snapshot = day(made)
    frames = snapshot.frames
    found = offers.furthest(snapshot, policy, frames.territories, alone=True)
    for number, table, code in (("t", "territories", "territory"), ("s", "sessions", "session"),
                                ("p", "partners", "partner"), ("r", "trainers", "trainer")):  # fmt: skip
        found = found.join(getattr(frames, table).select(number, code), on=number, how="left", maintain_order="left")
    return found


@pytest.mark.parametrize("name", POLICIES)
def test_the_furthest_is_that_of_every_relay_and_trainer(name: str) -> None:
    made = programme()
    found = read(made, POLICIES[name])
    for territory, session, *rest in found["territory", "session", "stage", "partner", "trainer"].rows():
        assert tuple(rest) == by_hand(made, POLICIES[name], territory, session), (territory, session)


def test_every_session_of_every_territory_has_a_row_in_their_order() -> None:
    found = read(programme(), POLICY)
    assert found.select("t", "s", "x", "stage", "p", "r", "score", "day").schema == {
        "t": pl.UInt32, "s": pl.UInt32, "x": pl.UInt32, "stage": pl.String, "p": pl.UInt32, "r": pl.UInt32,
        "score": pl.Float64, "day": pl.Date,
    }  # fmt: skip
    assert found.select("t", "s").rows() == [(t, s) for t in range(5) for s in range(5)]
    axes = day().frames.axes["axis"]
    asked = found.filter(pl.col("x").is_in(axes.is_not_null().arg_true().implode()))
    assert [(territory, axes[x]) for territory, x in asked["territory", "x"].rows()] == [
        ("A1", "creation"), ("A2", "refonte"),
    ]  # fmt: skip


def test_what_passes_has_the_score_and_day_of_the_ranking() -> None:
    made = programme()
    recs = made.recommend(ON, top=9)
    found = read(made, POLICY).filter(pl.col("stage").is_null())
    every = [(rec.territory, offer) for rec in recs for offer in (rec.next, *rec.alternatives) if offer]
    offers = [(code, offer) for code, offer in every if offer.host == code]
    joined = {(code, offer.session) for code, offer in every if offer.joins}
    assert joined
    rows = found["territory", "session", "partner", "trainer", "score", "day"].rows()
    assert sorted(row for row in rows if row[:2] not in joined) == sorted(
        (code, offer.session, offer.partner, offer.trainer, offer.score, offer.day) for code, offer in offers
    )


def test_what_is_stopped_has_no_score() -> None:
    found = read(programme(), POLICY).filter(pl.col("stage").is_not_null())
    assert found["score"].null_count() == found["day"].null_count() == found.height > 0


def test_nobody_at_all_is_nobody_there() -> None:
    made = programme(partners=[], sessions=[])
    assert set(read(made, POLICY).filter(stage="partner")["partner"]) == {None}
    made = programme(trainers=[], sessions=[])
    found = read(made, POLICY).filter(stage="trainer")
    assert set(found["trainer"]) == {None}
    assert set(found["partner"]) == {"adm09", "cdg31"}


def test_a_crowd_is_looked_at_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    made, policy = programme(), POLICIES["nobody is free"]
    together = read(made, policy)
    monkeypatch.setattr(_last_stages, "_MOST_ROWS", 10)
    assert read(made, policy).equals(together)
    assert together.filter(stage="trainer").height > 2


def test_the_nearest_comes_furthest_among_equals_then_the_first_code() -> None:
    one = {**lively()["trainers"][0], "reach_km": 1.0}
    made = programme(
        trainers=[{**one, "id": "far", "latitude": 46.0}, {**one, "id": "near_b", "latitude": 45.0},
                  {**one, "id": "near_a", "latitude": 45.0}],
        sessions=[],
    )  # fmt: skip
    found = read(made, POLICY).filter(territory="A1", session="site_internet")
    assert found["trainer"].to_list() == ["near_a"]


@pytest.mark.parametrize("accepted", ["session <> 'sig'", "kind = 'buffet'", "min_seats > 10", "max_seats > 20"])
def test_a_relay_that_is_refused_for_what_the_session_is_comes_less_far(accepted: str) -> None:
    relay: dict[str, Any] = {"stage": "partner", "reason": "no_relay"}
    policy = (
        POLICIES["every session"]
        .require(f"{accepted} OR partner = 'cdg31'", id="partner_y", **relay)
        .require("partner_hosted > 99", id="partner_z", **relay)
    )
    found = read(programme(), policy).filter(territory="A1", session="sig")
    assert found["partner"].to_list() == ["cdg31"]
