"""The life of a programme as a state machine of Hypothesis: events, and laws that must always hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import initialize, precondition, rule

from prai_match.explain import Changes
from prai_match.model import (
    Attendance,
    Blackout,
    Decision,
    Election,
    HeldSession,
    Need,
    Registration,
    RelayPartner,
    Trainer,
)
from prai_match.testing import _life_laws as laws, _life_simulated as simulated
from prai_match.testing._any_model import FIRST, LAST, days
from prai_match.testing._elements import blackouts, both, relay_partners, trainers
from prai_match.testing._history import attendances, decisions, held_sessions, needs, registrations
from prai_match.testing._programmes import SMALL, programmes
from prai_match.testing._variants import until

if TYPE_CHECKING:
    from prai_match._front import Programme
    from prai_match.plan import Plan
    from prai_match.simulate import Outcomes

_AHEAD = dt.timedelta(days=90)


def _of(strategy: Callable[[ProgrammeLife], st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """Return a strategy that depends on the current programme."""
    return st.runner().flatmap(strategy)


class ProgrammeLife(laws.DayWithLaws):
    """The life of a programme: needs are expressed, sessions held, councils renewed, trainers leave, days pass.

    After each step, the recommendations of the day are checked against laws. A tool subclasses it to add rules and
    invariants, and to give its own `policy` and `programmes`. A law that doesn't apply to its policy is overridden by a
    method of the same name that does nothing. A failing run prints code.

    Run it as a test: ``TestLife = ProgrammeLife.TestCase``. Planning needs the extra ``plan``, simulating ``simulate``;
    in a subclass, ``season_is_simulated = None`` removes the step.

    Attributes:
        programme: The current programme.
        on: The current day.

    Example:
        >>> from hypothesis import settings
        >>> from hypothesis.stateful import run_state_machine_as_test
        >>> brief = settings(max_examples=1, stateful_step_count=2, derandomize=True, deadline=None)
        >>> run_state_machine_as_test(ProgrammeLife, settings=brief)
    """

    def programmes(self) -> st.SearchStrategy[Programme]:
        """Return the programmes to start with: small busy ones."""
        return programmes(case="busy", sizes=SMALL)

    def changes(self, **changes: Any) -> None:  # noqa: ANN401 - checked by `Changes`
        """Change the programme (see `prai_match.explain.Changes`)."""
        self.becomes(self.programme.changed(Changes.of(**changes)))

    @property
    def next_id(self) -> str:
        """Return a new identifier."""
        return f"n{len(self.programme.sessions)}"

    @initialize(programme=_of(lambda life: life.programmes()), on=days(FIRST, LAST - dt.timedelta(days=120)))
    def starts(self, programme: Programme, on: dt.date) -> None:
        """Start with a programme, on a day."""
        self.becomes(programme, on)

    @rule(need=_of(lambda life: needs(life.programme, on=st.just(life.on))))
    def need_is_expressed(self, need: Need) -> None:
        """A collectivity expresses a need."""
        self.changes(with_needs=(need,))

    @rule(attendance=_of(lambda life: attendances(life.programme, on=st.just(life.on))))
    def people_attend(self, attendance: Attendance) -> None:
        """People attend a session about which nothing else is known."""
        self.changes(with_attendances=(attendance,))

    @rule(decision=_of(lambda life: decisions(life.programme, on=st.just(life.on))))
    def something_is_decided(self, decision: Decision) -> None:
        """A need is confirmed or withdrawn, an offer made or answered, a session asked for or cancelled."""
        self.changes(with_decisions=(decision,))

    @rule(held=_of(lambda life: held_sessions(life.programme, id=life.next_id, on=st.just(life.on))))
    def session_is_held(self, held: HeldSession) -> None:
        """A session is held, and its host attends it."""
        self._hold(held)

    @precondition(lambda self: any(laws.offers(self.recs)))
    @rule(which=st.integers(0, 5))
    def recommended_session_is_held(self, which: int) -> None:
        """Time passes until the first day of a recommended session, which is then held."""
        first = [(rec, offer) for rec, offer in laws.offers(self.recs) if offer is rec.offer]
        rec, offer = first[which % len(first)]
        names = {name: getattr(offer, name) for name in ("session", "axis", "host", "partner", "trainer", "cost")}
        held = HeldSession(id=self.next_id, date=offer.day, **names)
        self.becomes(on=offer.day)
        self._hold(held, rec.territory)

    def _hold(self, held: HeldSession, comes: str | None = None) -> None:
        guest = next(each for each in self.programme.territories if each.id == (comes or held.host))
        came = Attendance(
            collectivity=guest.members[0], session=held.session, date=held.date, elected=8, technicians=4, held=held.id
        )
        self.changes(with_sessions=(held,), with_attendances=(came,))

    @rule(held=_of(lambda life: held_sessions(life.programme, id=life.next_id, on=days(life.on, life.on + _AHEAD))))
    def session_is_booked(self, held: HeldSession) -> None:
        """A future session is booked."""
        self.changes(with_sessions=(held.model_copy(update={"booked_on": self.on}),))

    @precondition(lambda self: bool(self.programme.sessions))
    @rule(registration=_of(lambda life: registrations(life.programme)))
    def somebody_registers(self, registration: Registration) -> None:
        """A collectivity registers for a session."""
        who = [(each.session, each.collectivity) for each in self.programme.registrations]
        if (registration.session, registration.collectivity) not in who:
            self.changes(with_registrations=(registration,))

    @rule()
    def council_is_renewed(self) -> None:
        """An election is held: from tomorrow on, earlier attendances no longer count."""
        self._calendar(elections=(*self.programme.calendar.elections, Election(date=self.on, name=both("Élection"))))
        self.becomes(on=self.on + dt.timedelta(days=1))

    @rule(blackout=_of(lambda life: blackouts(life.programme.period)))
    def freeze_is_declared(self, blackout: Blackout) -> None:
        """A freeze is declared: no session may be held for some time."""
        self._calendar(blackouts=(*self.programme.calendar.blackouts, blackout))

    def _calendar(self, **fields: Any) -> None:  # noqa: ANN401 - fields of a calendar
        self.becomes(self.programme.model_copy(update={"calendar": self.programme.calendar.model_copy(update=fields)}))

    @precondition(lambda self: self.programme.trainers)
    @rule(which=st.integers(0, 3))
    def trainer_leaves(self, which: int) -> None:
        """A trainer leaves."""
        self.changes(without_trainers=(self.programme.trainers[which % len(self.programme.trainers)].id,))

    @rule(trainer=_of(lambda life: trainers(life.programme, f"r{life.next_id}{len(life.programme.trainers)}")))
    def trainer_joins(self, trainer: Trainer) -> None:
        """A trainer joins."""
        if all(trainer.id != each.id for each in self.programme.trainers):
            self.changes(with_trainers=(trainer,))

    @precondition(lambda self: self.programme.partners)
    @rule(which=st.integers(0, 3))
    def relay_leaves(self, which: int) -> None:
        """A relay leaves."""
        self.changes(without_partners=(self.programme.partners[which % len(self.programme.partners)].id,))

    @rule(partner=_of(lambda life: relay_partners(life.programme, f"p{life.next_id}{len(life.programme.partners)}")))
    def relay_joins(self, partner: RelayPartner) -> None:
        """A relay joins."""
        if all(partner.id != each.id for each in self.programme.partners):
            self.changes(with_partners=(partner,))

    @rule(passing=st.integers(1, 90))
    def days_pass(self, passing: int) -> None:
        """Time passes."""
        self.becomes(on=self.on + dt.timedelta(days=passing))

    @rule(weeks=st.integers(3, 12))
    def season_is_planned(self, weeks: int) -> None:
        """A season is planned; the plan is checked against its laws, and not kept."""

        def plan(programme: Programme) -> Plan:
            return programme.plan(self.on, self.on + dt.timedelta(weeks=weeks), policy=self.policy(), time_limit=0)

        first = plan(self.programme)
        self.plan_is_valid(first)
        laws.planned_again(first, plan(until(self.programme, self.on)))

    def plan_is_valid(self, plan: Plan) -> None:
        """Check a plan against its laws."""
        laws.plan(plan, self.oracle)

    @precondition(lambda self: self.extra() is None)
    @rule(days=st.integers(1, 60), seed=st.integers(0, 99))
    def season_is_simulated(self, days: int, seed: int) -> None:
        """The coming days are simulated; the outcomes are checked against their laws, and not kept.

        A simulation has no columns of the user: if the policy declares some, nothing is simulated.
        """
        end = self.on + dt.timedelta(days=days)
        scenario = simulated.lively(self.policy())
        self.simulation_is_right(self.programme.simulate(scenario, self.on, end, replications=1, seed=seed))

    def simulation_is_right(self, outcomes: Outcomes[Programme]) -> None:
        """Check a simulation against its laws."""
        simulated.season(outcomes, self.policy())


ProgrammeLife.TestCase.settings = settings(
    max_examples=10, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
)
