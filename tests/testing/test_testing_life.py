"""The default policy and the engine keep every law, in policies' trials and in the lives of programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck

from prai_match import Policy
from prai_match.testing import DIRECTIONS, ProgrammeLife, assert_policy_laws
from testing.lives import ASKED, Brief, FewPeople, Joined, Planned, Poor, Served, Simulated, Spent, Twins
from thorough import examples

if TYPE_CHECKING:
    from unittest import TestCase


def lived(machine: type[ProgrammeLife], lives: int, steps: int = 5) -> type[TestCase]:
    """The test of a machine, in as many lives as the profile asks for."""
    machine.TestCase.settings = examples(lives, stateful_step_count=steps, suppress_health_check=list(HealthCheck))
    return machine.TestCase


TestProgrammeLife = lived(ProgrammeLife, 9)
TestPlanned, TestSimulated = lived(Planned, 9), lived(Simulated, 9)
TestBrief, TestFewPeople, TestPoor, TestServed, TestSpent, TestTwins, TestJoined = (
    lived(machine, 2) for machine in (Brief, FewPeople, Poor, Served, Spent, Twins, Joined)
)


@pytest.mark.law
def test_the_default_policy_keeps_every_law() -> None:
    assert_policy_laws(Policy.default(), monotone=DIRECTIONS, settings=examples(24, report_multiple_bugs=False))


@pytest.mark.law
def test_a_policy_that_reads_a_column_of_the_user_keeps_every_law() -> None:
    assert_policy_laws(ASKED, monotone={"mayor": 1}, settings=examples(12, report_multiple_bugs=False))
