"""The programme of a bundled region: its recipe, completed by random draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from _example import places
from _example.decisions import decisions
from _example.dice import Dice
from _example.history import History
from _example.registrations import registrations
from prai_match.model import Attendance, HeldSession, Need, ProgrammeData, Rows

if TYPE_CHECKING:
    from _example.recipe import Recipe


def build(recipe: Recipe, seed: int) -> ProgrammeData:
    """Return the programme that ``seed`` gives."""
    territories = places.territories(recipe.departements)
    history = History(recipe, territories, Dice(seed))
    history.play()
    made = ProgrammeData(
        name=recipe.name,
        period=recipe.period,
        catalogue=recipe.catalogue,
        collectivities=places.collectivities(recipe.departements),
        territories=territories,
        partners=recipe.partners,
        trainers=history.bookings.with_days_taken(recipe.period.start, recipe.period.end),
        needs=Rows(Need, [wish.need for wish in history.wishes]),
        sessions=Rows(HeldSession, history.sessions),
        attendances=Rows(Attendance, history.attendances),
        calendar=recipe.calendar,
        pace=recipe.pace,
        budget=recipe.budget,
        travel_km=recipe.travel_km,
        notice_days=recipe.notice_days,
        euros_per_km=recipe.euros_per_km,
    )
    # Separate dice, so that the history is the same as before decisions and registrations were added.
    made = made.model_copy(update={"decisions": decisions(made, recipe.last, Dice(seed + 1))})
    return made.model_copy(update={"registrations": registrations(made, recipe.registered, Dice(seed + 2))})
