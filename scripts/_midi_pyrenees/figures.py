"""Adjusts the invented history to the published figures, by the smallest changes, in the order of rows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from _midi_pyrenees.catalogue import AXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prai_match.model import Attendance, HeldSession

SPENT = Decimal("197083.00")
TOTAL = Decimal("300000.00")
ELECTED_SHARE = 0.60
WORKSHOP_RATING = 3.58
_STEP = 0.5
_HIGHEST, _LOWEST = 4.0, 2.5


def other_spending(sessions: Sequence[HeldSession]) -> Decimal:
    """Return the spending on other things than sessions, so that the total is the published sum."""
    return SPENT - sum((session.cost or 0 for session in sessions), Decimal(0))


def with_figures(attendances: Sequence[Attendance]) -> tuple[Attendance, ...]:
    """Return the attendances with the published share of elected officials and workshop rating."""
    return tuple(_rated(_elected(list(attendances))))


def _elected(rows: list[Attendance]) -> list[Attendance]:
    numbers = [(row.elected or 0, row.technicians or 0) for row in rows]
    total = sum(elected + technicians for elected, technicians in numbers)
    excess = sum(elected for elected, _ in numbers) - round(ELECTED_SHARE * total)
    for index, (row, (elected, technicians)) in enumerate(zip(rows, numbers, strict=True)):
        give = 1 if excess > 0 and elected > 1 else -1 if excess < 0 and technicians > 1 else 0
        change = {"elected": elected - give, "technicians": technicians + give}
        rows[index] = row.model_copy(update=change)
        excess -= give
    return rows


def _rated(rows: list[Attendance]) -> list[Attendance]:
    ratings = {i: row.rating for i, row in enumerate(rows) if row.session in AXES and row.rating is not None}
    steps = round((WORKSHOP_RATING * len(ratings) - sum(ratings.values())) / _STEP)
    change = _STEP if steps > 0 else -_STEP
    movable = [i for i, rating in ratings.items() if _LOWEST <= rating + change <= _HIGHEST]
    every = max(1, len(movable) // max(1, abs(steps)))
    for index in movable[::every][: abs(steps)]:
        rows[index] = rows[index].model_copy(update={"rating": ratings[index] + change})
    return rows
