"""The history as columns: which territory attended what, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from prai_match.model import ProgrammeData


def territory_of(programme: ProgrammeData) -> pl.DataFrame:
    """Return the territory of each collectivity: columns ``collectivity`` and ``territory``.

    Example:
        >>> from prai_match import Programme
        >>> territory_of(Programme.example()).filter(collectivity="09122").rows()
        [('09122', '200067791')]
    """
    pairs = [(member, territory.id) for territory in programme.territories for member in territory.members]
    return pl.DataFrame(pairs, schema={"collectivity": pl.String, "territory": pl.String}, orient="row")


def attended(programme: ProgrammeData) -> pl.DataFrame:
    """Return who attended what: columns ``territory``, ``session`` and ``date``, one row an attendance.

    Example:
        >>> from prai_match import Programme
        >>> attended(Programme.example()).shape
        (592, 3)
    """
    attendances = programme.attendances.to_polars()
    return attendances.join(territory_of(programme), on="collectivity").select("territory", "session", "date")
