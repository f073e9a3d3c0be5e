"""What it would take for every territory at once: the same answers as asked for one by one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from made import FREEZE, ON, data, programme, small
from needed_laws import check
from prai_match import FollowUps, Policy, Programme, UnknownCodeError
from thorough import examples

if TYPE_CHECKING:
    from prai_match import Recommendations
    from prai_match.explain._what_it_takes._result import Needed

DEFAULT = Policy.default()
POLICIES = {
    "default": DEFAULT,
    # Relays and trainers of one territory are candidates of the others.
    "open": DEFAULT.without("partner_covers").without("partner_carries").without("trainer_knows_session"),
    # What depends on the whole region counts at every stage, in refusing too.
    "region": DEFAULT.prefer("service_gap * host_km / 60", id="gap_there", weight=40, stage="place")
    .prefer("1 - service_gap", id="gap_host", kind="workshop", weight=30)
    .require("service_gap > 0.3 OR people > 12", id="gap_least", unknown="refuse"),
    "joined": DEFAULT.with_column("priority", "number").prefer("priority", id="priority", kind="workshop", weight=30),
}


def same(recs: Recommendations, found: dict[str, Needed]) -> None:
    """The law: each answer is that of the territory asked about alone."""
    for territory, needed in found.items():
        rec = recs[territory]
        alone = rec.what_would_it_take(session=needed.session)
        assert needed == alone
        assert needed.title == alone.title
        assert [answer.applied for answer in needed] == [answer.applied for answer in alone]
        assert needed.no_way != "already"
        if rec.offer and rec.alternatives:
            assert needed.session == rec.alternatives[0].session


@st.composite
def crowded(draw: st.DrawFn) -> dict[str, Any]:
    """A programme whose territories lie within reach of one another, several of them in one square."""
    raw = draw(data())
    for territory in raw["territories"]:
        territory["latitude"] = 43.05 + (territory["latitude"] - 43.05) / 8
        territory["longitude"] = 1.05 + (territory["longitude"] - 1.05) / 8
    return {**raw, "travel_km": draw(st.sampled_from([1.0, 5.0, 30.0]))}


@given(
    data() | crowded(),
    st.dates(dt.date(2007, 1, 1), dt.date(2008, 12, 31)),
    st.sampled_from(sorted(POLICIES)),
    st.booleans(),
)
@examples(6)
def test_together_they_are_answered_as_alone(
    raw: dict[str, Any],
    on: dt.date,
    policy: str,
    learned: bool,  # noqa: FBT001 - drawn
) -> None:
    made = Programme.model_validate(raw)
    extra = {"territory": ["T0"], "priority": [1.0]} if policy == "joined" else None
    follow_ups = None if learned else FollowUps.declared(made.catalogue)
    recs = made.recommend(on, policy=POLICIES[policy], follow_ups=follow_ups, extra=extra)
    found = recs.what_would_it_take()
    same(recs, found)
    for territory, needed in found.items():
        check(recs[territory], needed)


@pytest.mark.parametrize("on", [ON, FREEZE])
@pytest.mark.french
def test_the_small_programme(on: dt.date) -> None:
    recs = programme().recommend(on)
    found = recs.what_would_it_take()
    assert list(found) == ["T1", "T2", "T3"]
    same(recs, found)
    for territory, needed in found.items():
        check(recs[territory], needed)


def test_what_comes_next_after_a_blackout_is_waited_for() -> None:
    recs = programme(calendar={"blackouts": small()["calendar"]["blackouts"]}).recommend(FREEZE, territories=["T1"])
    (needed,) = recs.what_would_it_take().values()
    assert recs["T1"].later is not None
    assert needed.session == recs["T1"].later.session
    assert [[move.kind for move in answer.moves] for answer in needed] == [["wait"]]


def test_the_one_beside_an_only_offer_is_the_one_that_comes_furthest() -> None:
    recs = programme(trainers=small()["trainers"][:1]).recommend(ON)
    only = [rec.territory for rec in recs if rec.offer and not rec.alternatives]
    assert only
    found = recs.what_would_it_take()
    for territory in only:
        stages = {row["session"]: row["stage"] for row in recs.why_not().filter(territory=territory).to_dicts()}
        session = found[territory].session
        assert session is not None
        assert stages[session] == max(stages.values())  # session comes before trainer


def test_fewer_alternatives_change_nothing() -> None:
    made = programme()
    assert made.recommend(ON, top=1).what_would_it_take() == made.recommend(ON).what_would_it_take()


def test_a_programme_of_one_session_has_no_other() -> None:
    catalogue = {**small()["catalogue"], "buffets": small()["catalogue"]["buffets"][:1], "workshops": []}
    bare = {"needs": [], "attendances": [], "sessions": [], "trainers": small()["trainers"][:1]}
    bare["trainers"][0]["expertise"] = [{"session": "b_web"}]
    policy = DEFAULT.without("buffet_is_useful")
    recs = programme(catalogue={**catalogue, "follow_ups": []}, **bare).recommend(ON, policy=policy)
    assert all(rec.offer for rec in recs)
    assert recs.what_would_it_take() == {}


def test_nobody_is_counted_twice_where_who_attends_also_asks() -> None:
    recs = programme(needs=[], attendances=[]).recommend(ON)
    same(recs, recs.what_would_it_take())


def test_in_english() -> None:
    needed = programme().recommend(ON).what_would_it_take("en")["T1"]
    assert str(needed) == needed.text("en") != needed.text("fr")


def test_a_language_is_known() -> None:
    with pytest.raises(UnknownCodeError, match="unknown language"):
        programme().recommend(ON).what_would_it_take("de")  # type: ignore[arg-type]


@pytest.mark.parametrize("step", [20, 1])
def test_the_region(step: int) -> None:
    recs = Programme.example().recommend(dt.date(2007, 9, 3))
    found = recs.what_would_it_take()
    assert list(found) == [rec.territory for rec in recs]
    some = {territory: found[territory] for territory in list(found)[::step]}
    same(recs, some)
    for territory in some:
        check(recs[territory], found[territory])
