"""Where sessions are held: at the territory's own place or, where that can't be, at the nearest that takes part."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, strategies as st

from made import POLICY, data, programme, small, with_policy
from prai_match import Programme
from prai_match.policy import Policy
from thorough import examples

ON = dt.date(2007, 9, 3)
ASKS = [
    {"collectivity": f"0900{2 * n - 1}", "date": "2007-05-02", "workshop": "site_internet", "people": 12}
    for n in (1, 2, 3)
]
WEB = {**small()["trainers"][0], "reach_km": 5}


def changed(**fields: Any) -> Programme:
    """Everybody asks for the workshop; who leads it comes to T2 (43.4) alone. T1 is at 43.2, T3 at 43.6, 22 km away."""
    web = {**WEB, "latitude": 43.4}
    return programme(**{"sessions": [], "attendances": [], "needs": ASKS, "trainers": [web], **fields})


def hosts(made: Programme, session: str = "site_internet", **options: Any) -> dict[str, str]:
    """Where the workshop is held for each territory that can be offered it."""
    recs = made.recommend(ON, top=9, **options)
    offers = ((rec.territory, offer) for rec in recs for offer in (rec.next, *rec.alternatives) if offer)
    return {territory: offer.host for territory, offer in offers if offer.session == session}


def test_the_own_place_goes_before_the_nearest() -> None:
    assert hosts(changed(trainers=[{**WEB, "latitude": 43.4, "reach_km": 80}])) == {"T1": "T1", "T2": "T2", "T3": "T3"}
    assert hosts(changed()) == {"T1": "T2", "T2": "T2", "T3": "T2"}


def test_the_nearest_host_is_taken_then_the_first_code() -> None:
    trainers = [{**WEB, "id": f"web{n}", "latitude": 43.0 + 0.2 * n} for n in (1, 3)]
    assert hosts(changed(trainers=trainers)) == {"T1": "T1", "T2": "T1", "T3": "T3"}
    moved = [{**row, "latitude": 43.41} if row["id"] == "T2" else row for row in small()["territories"]]
    assert hosts(changed(trainers=trainers, territories=moved))["T2"] == "T3"


def test_a_host_takes_part() -> None:
    assert hosts(changed(needs=[ASKS[0], ASKS[2]])) == {}, "T2 has no use for it"


def test_nobody_travels_further_than_the_programme_says() -> None:
    assert hosts(changed(travel_km=22)) == {"T2": "T2"}
    assert hosts(changed(travel_km=23)) == {"T1": "T2", "T2": "T2", "T3": "T2"}


def test_the_relay_covers_the_host() -> None:
    territories = [{**row, "departement": "31"} if row["id"] == "T1" else row for row in small()["territories"]]
    made = changed(territories=territories, trainers=[{**WEB, "latitude": 43.2, "reach_km": 80}])
    rec = made.recommend(ON)["T1"]
    assert (rec.host, rec.partner) == ("T2", "adm09"), "no relay covers its own département"


BORDER = POLICY.require("own_place OR relay_covers_both", id="border", stage="place", reason="no_host")
NEAR = POLICY.require("host_km <= 10", id="near", stage="place")


@pytest.mark.parametrize(("policy", "held"), [(POLICY, "T2"), (BORDER, None), (NEAR, None)])
def test_a_policy_says_who_may_come_where(policy: Policy, held: str | None) -> None:
    territories = [{**row, "departement": "31"} if row["id"] == "T1" else row for row in small()["territories"]]
    assert hosts(changed(territories=territories), policy=policy).get("T1") == held


def test_a_preference_of_the_place_counts() -> None:
    policy = POLICY.prefer("1 - host_km / 100", id="close", weight=100, stage="place")
    recs = changed().recommend(ON, policy=policy)
    guest, own = (recs[code].why().contributions["close"] for code in ("T1", "T2"))
    assert guest == pytest.approx(own * (1 - 0.2224), rel=1e-3)


def test_the_trainer_knows_the_axis_of_who_comes() -> None:
    web = {**WEB, "latitude": 43.4, "expertise": [{"session": "site_internet", "axes": ["creation"]}]}
    needs = [{**ASKS[0], "axis": "refonte"}, {**ASKS[1], "axis": "creation"}, ASKS[2]]
    assert hosts(changed(needs=needs, trainers=[web])) == {"T2": "T2", "T3": "T2"}


def test_a_territory_alone_is_answered_as_among_all() -> None:
    made = changed()
    together = made.recommend(ON, top=9)
    for code in ("T1", "T2", "T3"):
        assert made.recommend(ON, top=9, territories=[code]).ranking().equals(together.ranking().filter(territory=code))


@given(data(), st.dates(dt.date(2007, 1, 1), dt.date(2008, 12, 31)))
@examples(20)
def test_who_is_answered_alone_among_all_or_side_by_side_is_answered_alike(made: dict[str, Any], on: dt.date) -> None:
    prog = with_policy(Programme.model_validate(made))
    together = prog.recommend(on, top=9).ranking()
    with ThreadPoolExecutor(2) as threads:
        assert prog.recommend(on, top=9, executor=threads).ranking().equals(together)
    for territory in prog.territories:
        alone = prog.recommend(on, top=9, territories=[territory.id]).ranking()
        assert alone.equals(together.filter(territory=territory.id))


@given(data(), st.dates(dt.date(2007, 1, 1), dt.date(2008, 12, 31)))
@examples(20)
def test_a_host_takes_part_and_guests_have_no_place_of_their_own(made: dict[str, Any], on: dt.date) -> None:
    prog = with_policy(Programme.model_validate(made))
    recs = prog.recommend(on, top=9)
    offers = {(rec.territory, offer.session): offer for rec in recs for offer in (rec.next, *rec.alternatives) if offer}
    for (territory, session), offer in offers.items():
        if offer.host != territory:
            assert offers[offer.host, session].host == offer.host
            assert not recs[territory].why_not(session=session, host=territory).possible
