"""One step of each kind in the life of one small programme: what `tests/testing/test_testing_life.py` draws many of."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings, strategies as st

from made import ON, POLICY, programme
from prai_match import Policy
from prai_match.model import Attendance, Blackout, Budget, Rows, Text, substitute
from prai_match.testing import LAWS, BrokenLawError, ProgrammeLife, assert_policy_laws, joined_columns, policies
from testing.lives import ASKED
from thorough import examples

if TYPE_CHECKING:
    from collections.abc import Callable

    from prai_match import Programme
    from prai_match.model import HeldSession
    from prai_match.plan import Plan
    from prai_match.simulate import Outcomes


LATER = Attendance(collectivity="09001", session="b_geo", date=ON, elected=2)


class Life(ProgrammeLife):
    """A life under the policy of the tests."""

    def policy(self) -> Policy:
        return POLICY


@pytest.fixture
def life() -> Life:
    made = Life()
    made.becomes(programme(), ON)
    return made


def laws(life: Life) -> None:
    """Hold the day against every law."""
    for name in dir(ProgrammeLife):
        if hasattr(getattr(ProgrammeLife, name), "hypothesis_stateful_invariant"):
            getattr(life, name)()


def test_whatever_happens_every_law_is_kept(life: Life) -> None:
    known = life.programme
    steps: dict[str, Callable[[], object]] = {
        "asked": lambda: life.need_is_expressed(need=known.needs[0].model_copy(update={"date": life.on})),
        "attended": lambda: life.people_attend(
            attendance=Attendance(collectivity=known.needs[0].collectivity, session="b_geo", date=ON, elected=2)
        ),
        "held": lambda: life.recommended_session_is_held(which=1),
        "booked": lambda: life.session_is_booked(
            held=life.programme.sessions[-1].model_copy(update={"id": "n99", "date": life.on + dt.timedelta(days=40)})
        ),
        "left": lambda: life.trainer_leaves(which=0),
        "joined": lambda: life.trainer_joins(trainer=known.trainers[0]),
        "gone": lambda: life.relay_leaves(which=0),
        "come": lambda: life.relay_joins(partner=known.partners[0]),
        "frozen": lambda: life.freeze_is_declared(
            blackout=Blackout(start=life.on, end=life.on + dt.timedelta(days=30), reason=Text(fr="Gel", en="Freeze"))
        ),
        "renewed": life.council_is_renewed,
        "passed": lambda: life.days_pass(passing=20),
    }
    days = []
    for name, step in steps.items():
        step()
        days.append(life.on)
        if name in {"held", "passed"}:
            laws(life)
    assert days == sorted(days)
    assert life.on > ON
    assert len(life.programme.needs) == len(known.needs) + 1


class Watched(Life):
    """A life that keeps what was planned and simulated."""

    def __init__(self) -> None:
        super().__init__()
        self.plan: Plan | None = None
        self.outcomes: Outcomes[Programme] | None = None

    def plan_is_valid(self, plan: Plan) -> None:
        self.plan = plan
        super().plan_is_valid(plan)

    def simulation_is_right(self, outcomes: Outcomes[Programme]) -> None:
        self.outcomes = outcomes
        super().simulation_is_right(outcomes)


@pytest.fixture(scope="module")
def watched() -> Watched:
    """A life in which a season was planned and simulated, and kept its laws."""
    made = Watched()
    made.becomes(programme(), ON)
    made.season_is_planned(weeks=12)
    made.season_is_simulated(days=90, seed=1)
    return made


def test_a_season_that_is_planned_has_sessions(watched: Watched) -> None:
    assert watched.plan is not None
    assert watched.plan.sessions.height


def test_a_season_that_is_simulated_has_sessions(watched: Watched) -> None:
    assert watched.outcomes is not None
    assert len(watched.outcomes.again(0).sessions) > len(watched.programme.sessions)


def broken(programme: Programme, change: dict[str, Any]) -> Programme:
    """The programme with rows that contradict each other, which no check has seen."""
    rows = {name: Rows(getattr(programme, name).row, new) for name, new in change.items() if name != "budget"}
    return substitute(programme, **{**change, **rows})


def moved(held: HeldSession) -> HeldSession:
    """A session that is held on the day that it is decided on."""
    return held.model_copy(update={"date": held.booked_on})


@pytest.mark.parametrize(
    ("change", "law"),
    [
        (lambda made: {"attendances": (*made.attendances, LATER)}, "what is counted has happened"),
        (lambda made: {"needs": (*made.needs, made.needs[-1])}, "what is counted has happened"),
        (lambda made: {"sessions": made.sessions[:-1]}, "what is counted has happened"),
        (lambda _: {"budget": Budget(total=Decimal(1))}, "every requirement is kept"),
        (lambda made: {"sessions": [*made.sessions[:-1], moved(made.sessions[-1])]}, "no session without notice"),
    ],
)
def test_a_history_that_breaks_a_law_is_found(
    change: Callable[[Programme], dict[str, Any]], law: str, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = watched.outcomes
    assert outcomes is not None
    after = outcomes.again(0)
    monkeypatch.setattr(type(outcomes), "again", lambda *_: broken(after, change(after)))
    with pytest.raises(BrokenLawError) as caught:
        watched.simulation_is_right(outcomes)
    assert caught.value.law == law


def test_outcomes_that_cant_be_had_again_are_found(watched: Watched) -> None:
    outcomes = watched.outcomes
    assert outcomes is not None
    with pytest.raises(BrokenLawError) as caught:
        watched.simulation_is_right(dataclasses.replace(outcomes, seed=outcomes.seed + 1))
    assert caught.value.law == "same input, same answer"


@given(st.data())
@examples(20)
def test_policies_that_are_drawn_are_policies_with_their_columns(drawn: st.DataObject) -> None:
    policy = drawn.draw(policies())
    assert Policy.from_toml(policy.to_toml()).rows == policy.rows
    assert drawn.draw(joined_columns(policy, programme())) is None
    frame = drawn.draw(joined_columns(ASKED, programme()))
    assert frame is not None
    assert frame["territory"].to_list() == [territory.id for territory in programme().territories]


def test_a_policy_whose_rule_decides_nothing_is_found() -> None:
    few = settings(LAWS, max_examples=3, derandomize=True, database=None, phases=[Phase.generate])
    with pytest.raises(BrokenLawError) as caught:
        assert_policy_laws(POLICY.require("people >= 0", id="anybody"), settings=few)
    assert (caught.value.law, caught.value.rule) == ("no dead rule", "anybody")
