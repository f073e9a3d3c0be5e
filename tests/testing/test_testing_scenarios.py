"""Scenarios that are drawn fit the programmes that are drawn, and are printed as code."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from hypothesis import given, strategies as st

import prai_match.model
import prai_match.simulate
from prai_match.explain import Changes
from prai_match.testing import code, programmes, scenarios
from thorough import examples

if TYPE_CHECKING:
    from prai_match.model import ProgrammeData


@st.composite
def _cases(draw: st.DrawFn) -> tuple[ProgrammeData, prai_match.simulate.Scenario]:
    programme = draw(programmes())
    return programme, draw(scenarios(programme))


@given(_cases())
@examples(6)
def test_scenarios_fit_and_can_be_simulated(case: tuple[prai_match.Programme, prai_match.simulate.Scenario]) -> None:
    programme, scenario = case
    outcomes = programme.simulate(scenario, dt.date(2007, 9, 1), dt.date(2007, 11, 30), replications=1)
    assert outcomes.to_polars()["value"].is_finite().all()


@given(scenarios())
@examples(20)
def test_scenarios_are_printed_as_code(scenario: prai_match.simulate.Scenario) -> None:
    known = {**vars(prai_match.model), **vars(prai_match.simulate), "Changes": Changes}
    assert eval(code(scenario), known) == eval(repr(scenario), known) == scenario  # noqa: S307 - our own code
