"""Planted faults are found; the default policy and the engine, as they are, keep every law."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from made import both
from prai_match import Policy, UnknownCodeError
from prai_match.model import Attendance, Budget, Calendar
from prai_match.testing import (
    DIRECTIONS,
    LAWS,
    BrokenLawError,
    ProgrammeLife,
    Sizes,
    assert_policy_laws,
    programmes,
)
from testing.mutants import ENGINE, LIVES, POLICIES

if TYPE_CHECKING:
    from prai_match import Programme


FEW = settings(LAWS, max_examples=8, phases=[Phase.generate])


FREEZE = Calendar.model_validate(
    {
        "blackouts": [{"start": "2006-11-01", "end": "2007-06-30", "reason": both("Gel")}],
        "elections": [{"date": "2007-03-04", "name": both("Élection")}],
    }
)
TWO = Sizes(territories=2, partners=1, trainers=1, needs=3, sessions=1, attendances=2)


class Brief(ProgrammeLife):
    """Lives in which much happens soon, without plans: two territories, a long freeze and a renewal in it."""

    season_is_planned = None  # type: ignore[assignment]

    def programmes(self) -> st.SearchStrategy[Programme]:
        return programmes(case="busy", sizes=TWO, calendar=st.just(FREEZE))


class Plain(Brief):
    """The same, held against the plain laws alone, which are quick."""

    the_best_is_offered = same_answer_again = explanations_agree = contributions_add_up = None  # type: ignore[assignment]


class FewPeople(Plain):
    """Lives in which people ask in small numbers."""

    def programmes(self) -> st.SearchStrategy[Programme]:
        return super().programmes().map(few)


def few(programme: Programme) -> Programme:
    needs = [need.model_copy(update={"people": 2}) for need in programme.needs]
    return programme.model_copy(update={"needs": needs})


class Planned(ProgrammeLife):
    """Lives of plans; of the recommendations nothing is asked."""

    def programmes(self) -> st.SearchStrategy[Programme]:
        return programmes(case="busy", sizes=Sizes(4, 1, 1, 4, 1, 1), calendar=st.just(Calendar()))


for name, found in vars(ProgrammeLife).items():
    is_law, is_rule = (hasattr(found, f"hypothesis_stateful_{what}") for what in ("invariant", "rule"))
    if is_law or (is_rule and name not in {"season_is_planned", "days_pass"}):
        setattr(Planned, name, None)


class Poor(Planned):
    """Lives of plans for which little money is left."""

    def programmes(self) -> st.SearchStrategy[Programme]:
        return super().programmes().map(poor)


def poor(programme: Programme) -> Programme:
    return programme.model_copy(update={"budget": Budget(total=Decimal(500))})


class Twins(Brief):
    """Lives in which each relay and each trainer has a twin, whose code comes first and whose row comes last."""

    def programmes(self) -> st.SearchStrategy[Programme]:
        return super().programmes().map(twinned)


def twinned(programme: Programme) -> Programme:
    partners, trainers = (
        (*actors, *(actor.model_copy(update={"id": f"0{actor.id}"}) for actor in actors))
        for actors in (programme.partners, programme.trainers)
    )
    return programme.model_copy(update={"partners": partners, "trainers": trainers})


class Spent(Brief):
    """Lives of programmes that have spent nearly all their money."""

    def programmes(self) -> st.SearchStrategy[Programme]:
        return super().programmes().map(nearly_spent)


def nearly_spent(programme: Programme) -> Programme:
    return programme.model_copy(update={"budget": Budget(total=Decimal(90_000), other_spending=Decimal(89_950))})


class Served(Brief):
    """Lives that begin after every territory came to a buffet."""

    def programmes(self) -> st.SearchStrategy[Programme]:
        return super().programmes().map(served)


class PlainlyServed(Plain, Served):
    """The same, held against the plain laws alone."""


def served(programme: Programme) -> Programme:
    buffet, day = programme.catalogue.buffets[0].id, programme.period.start
    came = [
        Attendance(collectivity=territory.members[0], session=buffet, date=day, elected=8, technicians=4)
        for territory in programme.territories
    ]
    return programme.model_copy(update={"attendances": [*programme.attendances, *came]})


WHERE: dict[str, type[ProgrammeLife]] = {
    "money spent forgotten": Spent,
    "order-dependent tie": Twins,
    "the last code wins a tie": Twins,
    "people not counted": FewPeople,
    "a trainer twice a day": Planned,
    "twice a day, unchecked": Planned,
    "a plan beyond the budget": Poor,
    **{fault: Plain for fault in LIVES if fault != "people not counted"},
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


def test_the_default_policy_keeps_every_law() -> None:
    assert_policy_laws(Policy.default(), monotone=DIRECTIONS, settings=FEW)


@pytest.mark.parametrize("fault", POLICIES)
def test_a_fault_of_a_policy_is_found(fault: str) -> None:
    policy, law = POLICIES[fault]
    with pytest.raises(BrokenLawError) as caught:
        assert_policy_laws(policy, monotone=DIRECTIONS, settings=FEW)
    assert caught.value.law == law


@pytest.mark.parametrize("machine", [ProgrammeLife, Planned])
def test_the_engine_keeps_every_law_with_the_default_policy(machine: type[ProgrammeLife]) -> None:
    lived(machine, examples=3)


@pytest.mark.parametrize("machine", [Brief, FewPeople, Poor, Served, Spent, Twins])
def test_without_a_fault_none_is_found(machine: type[ProgrammeLife]) -> None:
    lived(machine, examples=2)


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


ASKED = Policy.default().with_column("mayor", "boolean").prefer("mayor", id="mayor_in", weight=5)


class Joined(Brief):
    """Lives with a column of the user's own."""

    def policy(self) -> Policy:
        return ASKED

    def extra(self) -> pl.DataFrame:
        codes = [territory.id for territory in self.programme.territories]
        return pl.DataFrame({"territory": codes, "mayor": [code == "T0" for code in codes]})


def test_columns_of_the_user_are_read_too() -> None:
    assert_policy_laws(ASKED, monotone={"mayor": 1}, settings=settings(FEW, max_examples=4))
    lived(Joined, examples=2)
    with pytest.raises(BrokenLawError, match="monotonicity is broken by the rule 'mayor_in': mayor rises from False"):
        assert_policy_laws(ASKED, monotone={"mayor": -1}, settings=settings(FEW, max_examples=4))


def test_a_column_that_is_not_known_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownCodeError, match="did you mean service_gap"):
        assert_policy_laws(Policy.default(), monotone={"service_gaps": 1})


def test_a_broken_law_shows_the_smallest_programme_as_code() -> None:
    wrong = Policy.default().without("equity").prefer("1 - service_gap", id="equity", weight=9)
    with pytest.raises(BrokenLawError) as caught:
        assert_policy_laws(wrong, monotone=DIRECTIONS, settings=settings(LAWS, max_examples=3))
    told, _, shown = str(caught.value).partition("\n\n")
    assert told.startswith("monotonicity is broken by the rule 'equity': service_gap rises from 0.0 to ")
    names: dict[str, Any] = {}
    exec(shown, names)  # noqa: S102 - our own code
    assert len(names["programme"].territories) == 1
    assert names["policy"] == wrong
    assert (caught.value.law, caught.value.rule) == ("monotonicity", "equity")
