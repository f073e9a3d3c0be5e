"""Occitanie, season 2026-2027: today's themes, councils renewed in March 2026. Everything except places is invented."""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from _example import programme
from _example.recipe import Recipe
from _occitanie import relays
from prai_match.model import Blackout, Budget, Calendar, Catalogue, Election, Pace, Period, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.model import ProgrammeData

HERE = Path(__file__).parent
SEED = 2026
BY_HAND = b'lexicon = "lexique.toml"\npolicy = "politique.toml"\n'  # files that are written by hand in the folder
START, END = dt.date(2024, 9, 1), dt.date(2027, 7, 31)
LAST = dt.date(2026, 11, 13)
"""The last day of the history; later sessions are booked."""
_RENEWED = dt.date(2026, 3, 22)
# How much each workshop is asked for by territories above 30,000 inhabitants, and by the others.
_APPEAL = {
    "cybersecurite": (24, 20),
    "donnees_personnelles": (14, 14),
    "ia_mairie": (18, 16),
    "donnees_ouvertes": (14, 9),
    "urbanisme": (12, 10),
    "inclusion_numerique": (10, 13),
    "administration": (11, 17),
    "presence_en_ligne": (9, 15),
}
# The busiest day, week and month of the history: 2, 4 and 16 sessions; of a relay 1, 2 and 4.
_PACE = {
    "team": {"per_day": 3, "per_week": 5, "per_month": 18},
    "relay": {"per_day": 1, "per_week": 3, "per_month": 5},
}


def recipe() -> Recipe:
    """Return what is decided by people."""
    return Recipe(
        name=Text(
            fr="Occitanie 2026-2027 : les élus et le numérique (exemple)",
            en="Occitanie 2026-2027: elected officials and digital tools (example)",
        ),
        period=Period(start=START, end=END),
        calendar=_calendar(),
        pace=Pace.model_validate(_PACE),
        budget=Budget(total=Decimal(430_000), other_spending=Decimal(92_000)),
        parts=HERE,
        departements=tuple(relays.NAMES),
        catalogue=Catalogue.model_validate(_read("catalogue.toml")),
        partners=relays.partners(),
        relays_of=relays.relays_of,
        texts=_read("texts.toml"),
        appeal=_APPEAL,
        # From October 2024; hardly any before the elections, and many from the new councils.
        monthly=(8, 9, 5, 8, 9, 9, 8, 7, 8, 2, 1, 9, 11, 10, 6, 8, 4, 3, 6, 15, 20, 9, 3, 22, 25, 12),
        first_month=(2024, 10),
        last=LAST,
        registered=dt.date(2026, 5, 1),
        travel_km=50,
        notice_days=28,
        euros_per_km=Decimal("0.41"),
        renewed=(_RENEWED,),
    )


def build(seed: int) -> ProgrammeData:
    """Return the programme that ``seed`` gives."""
    return programme.build(recipe(), seed)


def _read(name: str) -> Mapping[str, Any]:
    return tomllib.loads((HERE / name).read_text("utf-8"))


def _calendar() -> Calendar:
    reason = Text(
        fr="Élections municipales des 15 et 22 mars 2026, installation des conseils",
        en="Municipal elections of 15 and 22 March 2026, councils taking office",
    )
    return Calendar(
        blackouts=(
            Blackout(start=dt.date(2026, 2, 1), end=dt.date(2026, 4, 30), reason=reason),
            Blackout(
                start=dt.date(2026, 12, 19),
                end=dt.date(2027, 1, 3),
                reason=Text(fr="Fêtes de fin d’année", en="End-of-year holidays"),
            ),
        ),
        elections=(
            Election(date=dt.date(2020, 6, 28), name=Text(fr="Municipales 2020", en="Municipal elections 2020")),
            Election(date=_RENEWED, name=Text(fr="Municipales 2026", en="Municipal elections 2026")),
        ),
    )
