"""Who could come to a session on its day: interested, allowed, after the lag, with an axis that the trainer knows."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from typing import Any

import pytest
from hypothesis import given, strategies as st

from made import POLICY, data, programme, small, with_policy
from prai_match import Policy, PraiError, Programme
from thorough import examples

ON = dt.date(2007, 9, 3)
ASKS = [
    {"collectivity": f"0900{2 * n - 1}", "date": "2007-05-02", "workshop": "site_internet", "people": 10 + n}
    for n in (1, 2, 3)
]
WEB = small()["trainers"][0]


def crowd(territory: str = "T2", policy: Policy = POLICY, **fields: Any) -> int:
    """How many could come to the first offer of a territory: 11 people ask in T1, 12 in T2 and 13 in T3."""
    made = programme(**{"sessions": [], "attendances": [], "needs": ASKS, **fields})
    recs = made.recommend(ON, policy=policy)
    every = (recs[territory].next, *recs[territory].alternatives)
    offer = next(each for each in every if each and each.session == "site_internet")
    return offer.could_come


def test_all_who_ask_around_can_come() -> None:
    assert crowd() == 36


def test_who_is_too_far_cant() -> None:
    assert crowd(travel_km=22) == 12
    assert crowd("T1", travel_km=23) == 23


def test_who_may_not_cant() -> None:
    weak = [ASKS[0], ASKS[1], {**ASKS[2], "score": 20}]
    assert crowd(needs=weak) == 23
    declined = [{"territory": "T1", "session": "site_internet", "date": "2007-08-01", "event": "declined"}]
    asked = POLICY.require("declined <> 'unchanged'", id="not_declined", stage="session")
    assert crowd(decisions=declined, policy=asked) == 25


def test_whose_axis_the_trainer_doesnt_know_cant() -> None:
    web = {**WEB, "expertise": [{"session": "site_internet", "axes": ["creation"]}]}
    assert crowd(trainers=[web], needs=[{**ASKS[0], "axis": "refonte"}, *ASKS[1:]]) == 25


def test_whose_lag_isnt_over_on_the_day_cant() -> None:
    buffet = {**small()["sessions"][0], "date": "2007-08-20"}  # its lag ends on 19 October
    came = {**small()["attendances"][0], "collectivity": "09001", "date": "2007-08-20", "held": "h1", "elected": 7}
    late = crowd(sessions=[buffet], attendances=[came], needs=ASKS[1:])
    assert late == 25
    early = {"date": "2007-03-01"}
    assert crowd(sessions=[{**buffet, **early}], attendances=[{**came, **early}], needs=ASKS[1:]) > late


def test_an_offer_of_a_pickle_says_why_it_doesnt_know() -> None:
    offer = programme(sessions=[], attendances=[], needs=ASKS).recommend(ON)["T2"].next
    assert offer is not None
    assert copy.deepcopy(offer).could_come == copy.copy(offer).could_come == offer.could_come
    again = pickle.loads(pickle.dumps(offer))  # noqa: S301 - ours
    assert again == offer
    with pytest.raises(PraiError, match="pickle"):
        assert again.could_come


@given(data(), st.dates(dt.date(2007, 1, 1), dt.date(2008, 12, 31)))
@examples(20)
def test_no_more_can_come_than_are_interested(made: dict[str, Any], on: dt.date) -> None:
    prog = with_policy(Programme.model_validate(made))
    for rec in prog.recommend(on, top=9):
        for offer in (rec.next, *rec.alternatives):
            if offer:
                people = sum(need.people or 0 for need in prog.needs) + sum(
                    (row.elected or 0) + (row.technicians or 0) for row in prog.attendances
                )
                assert 0 <= offer.could_come <= people
