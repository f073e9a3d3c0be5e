"""Planted faults are found, among the same examples every time; that none is found without, test_testing_life.py holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from prai_match import Policy, UnknownCodeError
from prai_match.testing import DIRECTIONS, LAWS, BrokenLawError, ProgrammeLife, assert_policy_laws
from testing.lives import (
    ASKED,
    Brief,
    FewPeople,
    Neighbours,
    Plain,
    PlainlyServed,
    Planned,
    Poor,
    Served,
    Spent,
    Twins,
)
from testing.mutants import ENGINE, LIVES, POLICIES

FEW = settings(LAWS, max_examples=8, derandomize=True, database=None, phases=[Phase.generate])


WHERE: dict[str, type[ProgrammeLife]] = {
    "money spent forgotten": Spent,
    "budget forgotten": Spent,
    "lag forgotten": Served,
    "order-dependent tie": Twins,
    "the last code wins a tie": Twins,
    "people not counted": FewPeople,
    "a trainer twice a day": Planned,
    "twice a day, unchecked": Planned,
    "a plan beyond the budget": Poor,
    **{fault: Plain for fault in LIVES if fault != "people not counted"},
    "buffet not asked first": Neighbours,
    "attended by nobody": Served,
    "renewal ignored": Served,
    "renewal and history forgotten": PlainlyServed,
}
"""The lives in which a fault is looked for, where they aren't any brief ones."""


def lived(machine: type[ProgrammeLife], examples: int = 80, steps: int = 5) -> None:
    brief = settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=True,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=brief)


@pytest.mark.parametrize("fault", POLICIES)
def test_a_fault_of_a_policy_is_found(fault: str) -> None:
    policy, law = POLICIES[fault]
    with pytest.raises(BrokenLawError) as caught:
        assert_policy_laws(policy, monotone=DIRECTIONS, settings=FEW)
    assert caught.value.law == law


@pytest.mark.parametrize("fault", LIVES)
def test_a_rule_that_is_missing_is_found(fault: str) -> None:
    policy, law = LIVES[fault]

    faulty = type("Faulty", (WHERE[fault],), {"policy": lambda _: policy})
    with pytest.raises(BrokenLawError) as caught:
        lived(faulty)
    assert caught.value.law == law


@pytest.mark.parametrize("fault", ENGINE)
def test_a_fault_of_the_engine_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, laws = ENGINE[fault]
    plant(monkeypatch)
    with pytest.raises(BrokenLawError) as caught:
        lived(WHERE.get(fault, Brief))
    assert caught.value.law in laws


def test_columns_of_the_user_are_read_too() -> None:
    with pytest.raises(BrokenLawError, match="monotonicity is broken by the rule 'mayor_in': mayor rises from False"):
        assert_policy_laws(ASKED, monotone={"mayor": -1}, settings=settings(FEW, max_examples=4))


def test_a_column_that_is_not_known_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownCodeError, match="did you mean service_gap"):
        assert_policy_laws(Policy.default(), monotone={"service_gaps": 1})


def test_a_broken_law_shows_the_smallest_programme_as_code() -> None:
    wrong = Policy.default().without("equity").prefer("1 - service_gap", id="equity", stage="territory", weight=9)
    with pytest.raises(BrokenLawError) as caught:
        assert_policy_laws(
            wrong, monotone=DIRECTIONS, settings=settings(FEW, max_examples=3, phases=[Phase.generate, Phase.shrink])
        )
    told, _, shown = str(caught.value).partition("\n\n")
    assert told.startswith("monotonicity is broken by the rule 'equity': service_gap rises from 0.0 to ")
    names: dict[str, Any] = {}
    exec(shown, names)  # noqa: S102 - our own code
    assert len(names["programme"].territories) == 1
    assert names["policy"] == wrong
    assert (caught.value.law, caught.value.rule) == ("monotonicity", "equity")
