"""A programme's life, as a state machine of Hypothesis: what happens to it, and what must hold all along."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from prai_match.explain import Changes
from prai_match.model import Attendance, Blackout, Election, HeldSession, Need, RelayPartner, Trainer
from prai_match.policy import Policy
from prai_match.testing import _life_laws as laws
from prai_match.testing import _life_simulated as simulated
from prai_match.testing._actors import relay_partners, trainers
from prai_match.testing._any_model import FIRST, LAST, days
from prai_match.testing._catalogue import blackouts, both
from prai_match.testing._history import attendances, held_sessions, needs
from prai_match.testing._programmes import SMALL, programmes
from prai_match.testing._reading import Reading
from prai_match.testing._variants import until

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from hypothesis.strategies import SearchStrategy

    from prai_match._front import Programme, Recommendations
    from prai_match.plan import Plan
    from prai_match.simulate import Outcomes

_ALL = 99


def _of(drawn: Callable[[ProgrammeLife], SearchStrategy[Any]]) -> SearchStrategy[Any]:
    """Return what is drawn for the programme as it stands."""
    return st.runner().flatmap(drawn)


class ProgrammeLife(RuleBasedStateMachine):
    """A programme that lives: people ask, sessions are held, councils renewed, trainers leave, days pass.

    After each step the recommendations of the day are held against laws. A tool adds its own by a subclass with more
    rules and invariants, and gives its own `policy` and `programmes`. A law that its policy doesn't mean is taken out
    by a method of the same name that does nothing. What a failing run prints is code.

    Run it as a test: ``TestLife = ProgrammeLife.TestCase``. Planning needs the extra ``plan``, simulating ``simulate``;
    in a subclass, ``season_is_simulated = None`` takes the step out.

    Attributes:
        programme: As it stands.
        on: The day.

    Example:
        >>> from hypothesis import settings
        >>> from hypothesis.stateful import run_state_machine_as_test
        >>> brief = settings(max_examples=1, stateful_step_count=2, derandomize=True, deadline=None)
        >>> run_state_machine_as_test(ProgrammeLife, settings=brief)
    """

    programme: Programme
    on: dt.date

    def __init__(self) -> None:
        """Start without a programme; the first step draws one."""
        super().__init__()
        self._recs: Recommendations | None = None
        self._reading: Reading | None = None

    def policy(self) -> Policy:
        """Return the policy that recommends: the default one."""
        return Policy.default()

    def programmes(self) -> SearchStrategy[Programme]:
        """Return the programmes to start with: small busy ones."""
        return programmes(case="busy", sizes=SMALL)

    def extra(self) -> pl.DataFrame | None:
        """Return the columns that the policy asks to be joined, by ``territory``: none."""
        return None

    @property
    def recs(self) -> Recommendations:
        """The recommendations of the day, every alternative kept."""
        if self._recs is None:
            self._recs = self.programme.recommend(on=self.on, top=_ALL, policy=self.policy(), extra=self.extra())
        return self._recs

    @property
    def reading(self) -> Reading:
        """The programme on the day, read in plain Python."""
        if self._reading is None:
            self._reading = Reading(self.programme, self.on)
        return self._reading

    def becomes(self, programme: Programme | None = None, on: dt.date | None = None) -> None:
        """Go on with another programme, or on another day."""
        self.programme, self.on = programme or self.programme, on or self.on
        self._recs = self._reading = None

    def changes(self, **changes: Any) -> None:  # noqa: ANN401 - checked by `Changes`
        """Change the programme (see `prai_match.explain.Changes`)."""
        self.becomes(self.programme.changed(Changes.of(**changes)))

    @property
    def _joined(self) -> dict[str, dict[str, Any]]:
        extra = self.extra()
        return {} if extra is None else {row["territory"]: row for row in extra.iter_rows(named=True)}

    @property
    def next_id(self) -> str:
        """An identifier for what is new."""
        return f"n{len(self.programme.sessions)}"

    # ------------------------------------------------------------------------------------------- what happens to it

    @initialize(programme=_of(lambda life: life.programmes()), on=days(FIRST, LAST - dt.timedelta(days=120)))
    def starts(self, programme: Programme, on: dt.date) -> None:
        """Take a programme, on a day."""
        self.becomes(programme, on)

    @rule(need=_of(lambda life: needs(life.programme, on=st.just(life.on))))
    def need_is_expressed(self, need: Need) -> None:
        """Somebody asks for something."""
        self.changes(add_needs=(need,))

    @rule(attendance=_of(lambda life: attendances(life.programme, on=st.just(life.on))))
    def people_attend(self, attendance: Attendance) -> None:
        """People come to a session of which nothing else is known."""
        self.changes(add_attendances=(attendance,))

    @rule(held=_of(lambda life: held_sessions(life.programme, id=life.next_id, on=st.just(life.on))))
    def session_is_held(self, held: HeldSession) -> None:
        """A session is held, and its host comes to it."""
        self._hold(held)

    @precondition(lambda self: any(laws.offers(self.recs)))
    @rule(which=st.integers(0, 5))
    def recommended_session_is_held(self, which: int) -> None:
        """Time passes until the first day of a recommended session, which is then held."""
        found = [(rec, offer) for rec, offer in laws.offers(self.recs) if offer is rec.offer]
        rec, offer = found[which % len(found)]
        names = {name: getattr(offer, name) for name in ("session", "axis", "partner", "trainer", "cost")}
        held = HeldSession(id=self.next_id, date=offer.earliest, host=rec.territory, **names)
        self.becomes(on=offer.earliest)
        self._hold(held)

    def _hold(self, held: HeldSession) -> None:
        host = next(territory for territory in self.programme.territories if territory.id == held.host)
        came = Attendance(
            collectivity=host.members[0], session=held.session, date=held.date, elected=8, technicians=4, held=held.id
        )
        self.changes(add_sessions=(held,), add_attendances=(came,))

    @rule(
        held=_of(
            lambda life: held_sessions(life.programme, id=life.next_id, on=days(life.on, life.on + dt.timedelta(90)))
        )
    )
    def session_is_booked(self, held: HeldSession) -> None:
        """A session to come is booked."""
        self.changes(add_sessions=(held.model_copy(update={"booked_on": self.on}),))

    @rule()
    def council_is_renewed(self) -> None:
        """An election is held: from tomorrow on, what was attended no longer counts."""
        calendar = self.programme.calendar
        election = Election(date=self.on, name=both("Élection"))
        self._calendar(elections=(*calendar.elections, election))
        self.becomes(on=self.on + dt.timedelta(days=1))

    @rule(blackout=_of(lambda life: blackouts(life.programme.period)))
    def freeze_is_declared(self, blackout: Blackout) -> None:
        """No session may be held for a while."""
        self._calendar(blackouts=(*self.programme.calendar.blackouts, blackout))

    def _calendar(self, **fields: Any) -> None:  # noqa: ANN401 - fields of a calendar
        calendar = self.programme.calendar.model_copy(update=fields)
        self.becomes(self.programme.model_copy(update={"calendar": calendar}))

    @precondition(lambda self: self.programme.trainers)
    @rule(which=st.integers(0, 3))
    def trainer_leaves(self, which: int) -> None:
        """A trainer is there no longer."""
        self.changes(remove_trainers=(self.programme.trainers[which % len(self.programme.trainers)].id,))

    @rule(trainer=_of(lambda life: trainers(life.programme, f"r{life.next_id}{len(life.programme.trainers)}")))
    def trainer_joins(self, trainer: Trainer) -> None:
        """There is one more trainer."""
        if all(trainer.id != known.id for known in self.programme.trainers):
            self.changes(add_trainers=(trainer,))

    @precondition(lambda self: self.programme.partners)
    @rule(which=st.integers(0, 3))
    def relay_leaves(self, which: int) -> None:
        """A relay is there no longer."""
        self.changes(remove_partners=(self.programme.partners[which % len(self.programme.partners)].id,))

    @rule(partner=_of(lambda life: relay_partners(life.programme, f"p{life.next_id}{len(life.programme.partners)}")))
    def relay_joins(self, partner: RelayPartner) -> None:
        """There is one more relay."""
        if all(partner.id != known.id for known in self.programme.partners):
            self.changes(add_partners=(partner,))

    @rule(passing=st.integers(1, 90))
    def days_pass(self, passing: int) -> None:
        """Time passes."""
        self.becomes(on=self.on + dt.timedelta(days=passing))

    @rule(weeks=st.integers(3, 12))
    def season_is_planned(self, weeks: int) -> None:
        """A season is planned; what comes out is held against its laws, and not kept."""
        end = self.on + dt.timedelta(weeks=weeks)

        def planned(programme: Programme) -> Plan:
            return programme.plan(self.on, end, policy=self.policy(), time_limit=0)

        made = planned(self.programme)
        self.plan_is_valid(made)
        laws.planned_again(made, planned(until(self.programme, self.on)))

    def plan_is_valid(self, plan: Plan) -> None:
        """Hold a plan against its laws."""
        laws.plan(plan, self.reading)

    @precondition(lambda self: self.extra() is None)
    @rule(days=st.integers(1, 60), seed=st.integers(0, 99))
    def season_is_simulated(self, days: int, seed: int) -> None:
        """The days to come are simulated; what comes out is held against its laws, and not kept.

        A simulation has no columns of the user: where the policy asks for some, nothing is simulated.
        """
        end = self.on + dt.timedelta(days=days)
        scenario = simulated.lively(self.policy())
        self.simulation_is_right(self.programme.simulate(scenario, self.on, end, replications=1, seed=seed))

    def simulation_is_right(self, outcomes: Outcomes[Programme]) -> None:
        """Hold a simulation against its laws."""
        simulated.season(outcomes, self.policy())

    # ------------------------------------------------------------------------------------------------ what must hold

    @invariant()
    def every_requirement_is_kept(self) -> None:
        """Every requirement of the policy holds, by a second reading, for all that is offered."""
        laws.requirements(self.recs, self.reading, self._joined)

    @invariant()
    def the_best_is_offered(self) -> None:
        """What is offered is the best of all candidates, by a second reading; ties go to the first code."""
        laws.best(self.recs, self.reading, self._joined)

    @invariant()
    def no_session_in_a_freeze(self) -> None:
        """Nothing is offered in a blackout, nor dated in one."""
        laws.freeze(self.recs, self.reading)

    @invariant()
    def buffet_or_strong_need_first(self) -> None:
        """No workshop is offered before a session that leads to it, or a strong need."""
        laws.buffet_first(self.recs, self.reading)

    @invariant()
    def nothing_twice(self) -> None:
        """Nothing is offered that was attended since the council was renewed."""
        laws.nothing_twice(self.recs, self.reading)

    @invariant()
    def enough_people(self) -> None:
        """Every workshop offered has enough people within travel distance."""
        laws.people(self.recs, self.reading)

    @invariant()
    def costs_are_within_the_budget(self) -> None:
        """Costs are what their parts add up to, and within the money left."""
        laws.money(self.recs, self.reading)

    @invariant()
    def everybody_can(self) -> None:
        """Relays host what they can, trainers lead what they can, on their first free day."""
        laws.people_in_charge(self.recs, self.reading)

    @invariant()
    def contributions_add_up(self) -> None:
        """The contributions of a recommendation add up to its score."""
        laws.contributions(self.recs)

    @invariant()
    def explanations_agree(self) -> None:
        """What is recommended is said to be."""
        laws.explanations(self.recs)

    @invariant()
    def same_answer_again(self) -> None:
        """The same gives the same, whatever the order of rows and rules, and whatever comes later."""
        laws.same_again(self.recs, self.extra())


ProgrammeLife.TestCase.settings = settings(
    max_examples=10, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
)
