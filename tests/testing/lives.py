"""Lives of programmes in which a fault shows soon, or that take little time."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
from hypothesis import strategies as st

from made import both
from prai_match import Policy
from prai_match.model import Attendance, Budget, Calendar
from prai_match.testing import ProgrammeLife, Sizes, programmes

if TYPE_CHECKING:
    from prai_match import Programme

FREEZE = Calendar.model_validate(
    {
        "blackouts": [{"start": "2006-11-01", "end": "2007-06-30", "reason": both("Gel")}],
        "elections": [{"date": "2007-03-04", "name": both("Élection")}],
    }
)
TWO = Sizes(territories=2, partners=1, trainers=1, needs=3, sessions=1, attendances=2)


class Brief(ProgrammeLife):
    """Lives in which much happens soon, without plans: two territories, a long freeze and a renewal in it."""

    season_is_planned = season_is_simulated = None  # type: ignore[assignment]

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


class Neighbours(Plain):
    """Lives in which one territory asks for all, in numbers that make a room: the other has only heard of it."""

    def programmes(self) -> st.SearchStrategy[Programme]:
        return super().programmes().map(asked_by_one)


def asked_by_one(programme: Programme) -> Programme:
    asking = {"collectivity": programme.territories[0].members[0], "people": 30}
    return programme.model_copy(update={"needs": [need.model_copy(update=asking) for need in programme.needs]})


class Planned(ProgrammeLife):
    """Lives of plans; of the recommendations nothing is asked."""

    def programmes(self) -> st.SearchStrategy[Programme]:
        return programmes(case="busy", sizes=Sizes(4, 1, 1, 4, 1, 1), calendar=st.just(Calendar()))


class Simulated(ProgrammeLife):
    """Lives of simulations; of the recommendations nothing is asked."""

    def programmes(self) -> st.SearchStrategy[Programme]:
        return programmes(case="busy", sizes=Sizes(4, 2, 2, 8, 1, 1))


for name, found in vars(ProgrammeLife).items():
    is_law, is_rule = (hasattr(found, f"hypothesis_stateful_{what}") for what in ("invariant", "rule"))
    for life, step in ((Planned, "season_is_planned"), (Simulated, "season_is_simulated")):
        if is_law or (is_rule and name not in {step, "days_pass"}):
            setattr(life, name, None)


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


ASKED = Policy.default().with_column("mayor", "boolean").prefer("mayor", id="mayor_in", kind="workshop", weight=5)


class Joined(Brief):
    """Lives with a column of the user's own."""

    def policy(self) -> Policy:
        return ASKED

    def extra(self) -> pl.DataFrame:
        codes = [territory.id for territory in self.programme.territories]
        return pl.DataFrame({"territory": codes, "mayor": [code == "T0" for code in codes]})
