"""What charts of a programme have in common: its sessions, blackouts and elections, and what territories received."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.charts._marks import Key
from prai_match.charts._theme import FROZEN, INK, PALETTE, letter, words_of
from prai_match.followups import attended, territory_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from prai_match.errors import Lang
    from prai_match.model import Blackout, Calendar, ProgrammeData


def session_keys(programme: ProgrammeData, lang: Lang, counts: Mapping[str, int] | None = None) -> dict[str, Key]:
    """Return how each session of the catalogue looks, with how often it is held where that is counted."""
    return {
        session.id: Key(
            session.name.get(lang) + (f" ({counts.get(session.id, 0)})" if counts is not None else ""),
            letter(place),
            "square" if session.form == "buffet" else "circle",
            PALETTE[place % len(PALETTE)],
        )
        for place, session in enumerate(programme.catalogue.sessions)
    }


def blackouts(calendars: Iterable[Calendar], first: dt.date, last: dt.date) -> list[Blackout]:
    """Return the blackouts of a period by date, each once."""
    each = {one for calendar in calendars for one in calendar.blackouts if one.start <= last and one.end >= first}
    return sorted(each, key=lambda one: (one.start, one.end, one.reason.fr))


def elections(calendars: Iterable[Calendar], first: dt.date, last: dt.date, lang: Lang) -> list[tuple[dt.date, str]]:
    """Return the elections of a period by date, each once, with what is told of them."""
    words = words_of("programme", lang)
    each = (one for calendar in calendars for one in calendar.elections if first <= one.date <= last)
    return sorted({(one.date, words("election", name=one.name.get(lang), day=one.date)) for one in each})


def date_keys(calendars: Sequence[Calendar], first: dt.date, last: dt.date, lang: Lang) -> dict[str, list[Key]]:
    """Return the legends that tell the blackouts and the elections of a period."""
    words, frozen = words_of("programme", lang), blackouts(calendars, first, last)
    periods = (words("blackout", name=one.reason, start=one.start, end=one.end) for one in frozen)
    return {
        words["blackouts"]: [Key.of(text, FROZEN) for text in periods],
        words["elections"]: [Key(text, "", "cross", INK) for _, text in elections(calendars, first, last, lang)],
    }


def sessions_by_territory(programme: ProgrammeData, on: dt.date) -> dict[str, int]:
    """Return the number of sessions that each territory attended until a day; those that attended none are left out."""
    until = attended(programme).filter(pl.col("date") <= on).unique()
    return dict(until.group_by("territory").len().iter_rows())


def people_by_territory(programme: ProgrammeData, on: dt.date) -> dict[str, int]:
    """Return how many people of each territory came until a day, counted at each session that they came to."""
    attendances = programme.attendances.to_polars().join(territory_of(programme), on="collectivity")
    until = attendances.filter(pl.col("date") <= on).group_by("territory")
    return dict(until.agg(pl.col("elected").sum() + pl.col("technicians").sum()).iter_rows())
