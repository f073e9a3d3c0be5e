"""Planted faults are found; the default policy and the engine, as they are, keep every law."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from prai_match import Policy
from prai_match.testing import (
    DIRECTIONS,
    LAWS,
    BrokenLawError,
    ProgrammeLife,
    assert_policy_laws,
)
from testing.mutants import ENGINE, LIVES, POLICIES

FEW = settings(LAWS, max_examples=8)
FOUND = settings(FEW, max_examples=40, phases=[Phase.generate])


def lived(
    machine: type[ProgrammeLife], examples: int, steps: int, phases: tuple[Phase, ...] = (Phase.generate,)
) -> None:
    brief = settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=True,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=brief)


def test_the_default_policy_keeps_every_law() -> None:
    assert_policy_laws(Policy.default(), monotone=DIRECTIONS, settings=FEW)


@pytest.mark.parametrize("fault", POLICIES)
def test_a_fault_of_a_policy_is_found(fault: str) -> None:
    policy, law = POLICIES[fault]
    with pytest.raises(BrokenLawError) as caught:
        assert_policy_laws(policy, monotone=DIRECTIONS, settings=FOUND)
    assert caught.value.law == law


def test_the_engine_keeps_every_law_with_the_default_policy() -> None:
    lived(ProgrammeLife, 5, 6)


@pytest.mark.parametrize("fault", LIVES)
def test_a_rule_that_is_missing_is_found(fault: str) -> None:
    policy, law = LIVES[fault]

    class Faulty(ProgrammeLife):
        def policy(self) -> Policy:
            return policy

    with pytest.raises(BrokenLawError) as caught:
        lived(Faulty, 60, 8)
    assert caught.value.law == law


@pytest.mark.parametrize("fault", ENGINE)
def test_a_fault_of_the_engine_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, laws = ENGINE[fault]
    plant(monkeypatch)
    with pytest.raises(BrokenLawError) as caught:
        lived(ProgrammeLife, 60, 8)
    assert caught.value.law in laws
