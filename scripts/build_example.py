"""Make the bundled example region: PRAI Midi-Pyrénées 2006-2008, action 7.2.2 "Formation des élus".

The collectivities are real and come from the official register. What the programme's final report publishes is met
exactly; all else is made, by chance from a fixed seed: the same seed gives the same bytes.

Run from the root of the repository: ``python scripts/build_example.py`` (saving needs the extra ``io``).
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from _example import actors, catalogue, context, figures, places
from _example.dice import Dice
from _example.history import TRAVEL_KM, History
from prai_match import io
from prai_match.model import (
    Attendance,
    Blackout,
    Budget,
    Calendar,
    Election,
    HeldSession,
    Need,
    Period,
    ProgrammeData,
    Rows,
    Text,
)

SEED = 11
FOLDER = Path(__file__).parents[1] / "src" / "prai_match" / "data" / "midi_pyrenees"
START, END = dt.date(2006, 9, 1), dt.date(2008, 12, 31)


def build(seed: int) -> ProgrammeData:
    """Return the programme that ``seed`` gives."""
    territories = places.territories()
    history = History(territories, Dice(seed))
    history.play()
    return ProgrammeData(
        name=Text(
            fr="PRAI Midi-Pyrénées 2006-2008, action 7.2.2 Formation des élus",
            en="PRAI Midi-Pyrénées 2006-2008, action 7.2.2 Training of elected officials",
        ),
        period=Period(start=START, end=END),
        catalogue=catalogue.build(),
        collectivities=places.collectivities(),
        territories=territories,
        partners=actors.partners(),
        trainers=history.bookings.with_days_taken(START, END),
        needs=Rows(Need, [wish.need for wish in history.wishes]),
        sessions=Rows(HeldSession, history.sessions),
        attendances=Rows(Attendance, figures.with_figures(history.attendances)),
        calendar=_calendar(),
        budget=Budget(total=figures.TOTAL, other_spending=figures.other_spending(history.sessions)),
        travel_km=TRAVEL_KM,
        euros_per_km=actors.EUROS_PER_KM,
    )


def _calendar() -> Calendar:
    reason = Text(fr="Élections municipales des 9 et 16 mars 2008", en="Municipal elections of 9 and 16 March 2008")
    return Calendar(
        blackouts=(Blackout(start=dt.date(2008, 2, 1), end=dt.date(2008, 5, 31), reason=reason),),
        elections=(
            Election(date=dt.date(2001, 3, 18), name=Text(fr="Municipales 2001", en="Municipal elections 2001")),
            Election(date=dt.date(2008, 3, 16), name=Text(fr="Municipales 2008", en="Municipal elections 2008")),
        ),
    )


def main() -> None:
    """Build and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED, help="seed of every draw")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder to write")
    arguments = parser.parse_args()
    programme = build(arguments.seed)
    io.save(programme, arguments.out)
    context.write(arguments.out / "context", Dice(arguments.seed))
    left = len(places.left_out())
    print(f"{len(programme.territories)} territories, {len(programme.collectivities)} collectivities, {left} left out")
    print(f"{len(programme.sessions)} sessions, {len(programme.attendances)} attendances, {len(programme.needs)} needs")


if __name__ == "__main__":
    main()
