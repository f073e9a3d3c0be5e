"""Columns of one's own in a simulation: those of ``extra`` decide as attributes of the territories do."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import pytest

from made import POLICY, programme
from prai_match import ProgrammeError
from prai_match.errors import PraiError
from prai_match.simulate import Scenario, sensitivity

START, END = dt.date(2008, 1, 1), dt.date(2008, 2, 29)
RULED = POLICY.with_column("asked", "boolean").prefer("asked", id="asked", kind="workshop", weight=50)
EXTRA = {"territory": ["T1", "T3"], "asked": [True, False]}


@pytest.mark.parametrize("planner", ["points", "priority"])
def test_they_decide_as_attributes_do(planner: Literal["points", "priority"]) -> None:
    region = programme()
    declared = {"of": "territories", "name": "asked", "type": "boolean", "fr": "Demande", "en": "Asked"}
    given = dict(zip(*EXTRA.values(), strict=True))
    rows = [
        each.model_copy(update={"attributes": {"asked": given[each.id]}}) if each.id in given else each
        for each in region.territories
    ]
    other = region.model_copy(update={"attributes": [declared], "territories": rows})
    scenario = Scenario.of("asked", planner=planner, sessions_a_month=2.0, preparation_months=0)
    ruled = scenario.with_("asked", with_policy=RULED)
    other = other.with_policy(other.policy.prefer("asked", id="asked", kind="workshop", weight=50))
    one = region.simulate(ruled, START, END, replications=3, extra=EXTRA)
    two = other.simulate(scenario, START, END, replications=3)
    assert one.scan().collect().equals(two.scan().collect())
    assert one.again(1).sessions == two.again(1).sessions
    assert sensitivity(region, ruled, START, START, only=["comes"], replications=1, extra=EXTRA).frame.height == 1


def test_they_are_wanted_and_belong_to_the_folder(tmp_path: object) -> None:
    ruled = Scenario.of("asked", with_policy=RULED)
    with pytest.raises(ProgrammeError, match="extra"):
        programme().simulate(ruled, START, START, replications=1)
    programme().simulate(ruled, START, START, replications=1, folder=str(tmp_path), extra=EXTRA)
    other = {**EXTRA, "asked": [False, True]}
    with pytest.raises(PraiError, match="extra"):
        programme().simulate(ruled, START, START, replications=1, folder=str(tmp_path), extra=other)
