"""Programmes and outcomes that tests of the simulation share."""

from __future__ import annotations

import datetime as dt

import pytest

from made import with_policy
from prai_match import Programme
from prai_match.simulate import Outcomes, Scenario

START, END = dt.date(2007, 3, 1), dt.date(2008, 6, 30)
SCENARIOS = (
    Scenario(name="baseline"),
    Scenario.of("same"),
    Scenario.of("requests", planner="requests"),
    Scenario.of("unforeseen", freeze_known_days=0),
)


@pytest.fixture(scope="session")
def example() -> Programme:
    """The bundled region, with all its history, under the policy of the tests."""
    return with_policy(Programme.example())


@pytest.fixture(scope="session")
def outcomes(example: Programme, tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """A small simulation of it."""
    folder = tmp_path_factory.mktemp("outcomes")
    return example.simulate(SCENARIOS, START, END, replications=4, folder=folder)
