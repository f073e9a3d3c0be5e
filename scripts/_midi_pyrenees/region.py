"""PRAI Midi-Pyrénées 2006-2008, action 7.2.2 "Formation des élus".

What the programme's final report publishes is met exactly; everything else is invented.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from _example import programme
from _example.recipe import Recipe
from _midi_pyrenees import catalogue, figures, relays
from prai_match.model import Attendance, Blackout, Budget, Calendar, Election, Pace, Period, Rows, Text

if TYPE_CHECKING:
    from prai_match.model import ProgrammeData

SEED = 11
BY_HAND = b""  # what the settings say of files that are written by hand: there are none
START, END = dt.date(2006, 9, 1), dt.date(2008, 12, 31)
_BASE = {"site_internet": 30, "dematerialisation": 26, "sig": 19, "teleservices": 12, "organisation_interne": 13}
_LARGE = (0.7, 1.0, 1.4, 1.5, 0.9)
_SMALL = (1.2, 1.0, 0.9, 0.8, 1.1)
# The busiest day, week and month of the history: 1, 2 and 7 sessions; of a relay 1, 1 and 2.
_PACE = {
    "team": {"per_day": 2, "per_week": 3, "per_month": 10},
    "relay": {"per_day": 1, "per_week": 2, "per_month": 3},
}


def recipe() -> Recipe:
    """Return what is decided by people."""
    return Recipe(
        name=Text(
            fr="PRAI Midi-Pyrénées 2006-2008, action 7.2.2 Formation des élus",
            en="PRAI Midi-Pyrénées 2006-2008, action 7.2.2 Training of elected officials",
        ),
        period=Period(start=START, end=END),
        calendar=_calendar(),
        pace=Pace.model_validate(_PACE),
        budget=Budget(total=figures.TOTAL),
        parts=Path(__file__).parent,
        departements=("09", "12", "31", "32", "46", "65", "81", "82"),
        catalogue=catalogue.build(),
        partners=relays.partners(),
        relays_of=lambda departement, _: (relays.RELAY[departement],),
        texts=tomllib.loads(files("prai_match.simulate").joinpath("data/texts.toml").read_text("utf-8")),
        appeal={w: (b * large, b * small) for (w, b), large, small in zip(_BASE.items(), _LARGE, _SMALL, strict=True)},
        # Few, then more and more after the elections.
        monthly=(2, 2, 3, 4, 4, 4, 5, 5, 4, 2, 5, 5, 5, 4, 3, 2, 1, 2, 4, 9, 9, 8, 16, 20, 25, 28),
        first_month=(2006, 11),
        last=END,
        registered=dt.date(2007, 9, 1),
        travel_km=60,
        notice_days=21,
        euros_per_km=Decimal("0.35"),
        pilot="200023737",  # CA du Grand Cahors
    )


def build(seed: int) -> ProgrammeData:
    """Return the programme that ``seed`` gives, adjusted to the published figures."""
    made = programme.build(recipe(), seed)
    published = {
        "attendances": Rows(Attendance, figures.with_figures(made.attendances)),
        "budget": Budget(total=figures.TOTAL, other_spending=figures.other_spending(made.sessions)),
    }
    return made.model_copy(update=published)


def _calendar() -> Calendar:
    reason = Text(fr="Élections municipales des 9 et 16 mars 2008", en="Municipal elections of 9 and 16 March 2008")
    return Calendar(
        blackouts=(Blackout(start=dt.date(2008, 2, 1), end=dt.date(2008, 5, 31), reason=reason),),
        elections=(
            Election(date=dt.date(2001, 3, 18), name=Text(fr="Municipales 2001", en="Municipal elections 2001")),
            Election(date=dt.date(2008, 3, 16), name=Text(fr="Municipales 2008", en="Municipal elections 2008")),
        ),
    )
