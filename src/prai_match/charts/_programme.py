"""What charts of a programme have in common, and those of simulated outcomes: sessions, days, scenarios, values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl

from prai_match import followups, register
from prai_match.charts._marks import Key
from prai_match.charts._theme import FROZEN, GREY, INK, PALETTE, ChartWords, letter, safe, words_of
from prai_match.model import Blackout, Calendar, Lang, ProgrammeData
from prai_match.text import number, signed

if TYPE_CHECKING:
    from prai_match.simulate import Measure, Outcomes


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
    each = {one for calendar in calendars for one in calendar.blackouts if one.start <= last and one.end >= first}
    return sorted(each, key=lambda one: (one.start, one.end, one.reason.fr))


def elections(calendars: Iterable[Calendar], first: dt.date, last: dt.date, lang: Lang) -> list[tuple[dt.date, str]]:
    """Return the elections of a period by date, each once, with what is told of them."""
    words = words_of("programme", lang)
    each = (one for calendar in calendars for one in calendar.elections if first <= one.date <= last)
    return sorted({(one.date, words("election", name=one.name.get(lang), day=one.date)) for one in each})


def date_keys(calendars: Sequence[Calendar], first: dt.date, last: dt.date, lang: Lang) -> dict[str, list[Key]]:
    words, frozen = words_of("programme", lang), blackouts(calendars, first, last)
    periods = (words("blackout", name=one.reason, start=one.start, end=one.end) for one in frozen)
    return {
        words["blackouts"]: [Key.of(text, FROZEN) for text in periods],
        words["elections"]: [Key(text, "", "cross", INK) for _, text in elections(calendars, first, last, lang)],
    }


def sessions_by_territory(programme: ProgrammeData, on: dt.date) -> dict[str, int]:
    """Return the number of sessions that each territory attended until a day; those that attended none are left out."""
    return dict(
        followups.attended(programme).filter(pl.col("date") <= on).unique().group_by("territory").len().iter_rows()
    )


def people_by_territory(programme: ProgrammeData, on: dt.date) -> dict[str, int]:
    """Return how many people of each territory came until a day, counted at each session that they came to."""
    attendances = programme.attendances.to_polars().join(followups.territory_of(programme), on="collectivity")
    until = attendances.filter(pl.col("date") <= on).group_by("territory")
    return dict(until.agg(pl.col("elected").sum() + pl.col("technicians").sum()).iter_rows())


SIGNED = "datum.value ? datum.label : '0'"  # the labels of an axis of differences, whose zero has no sign
_COLOURS = (PALETTE[0], PALETTE[5], PALETTE[2], PALETTE[3], PALETTE[1], PALETTE[4])


def names(outcomes: Outcomes, lang: Lang) -> dict[str, str]:
    from prai_match.simulate import titles  # noqa: PLC0415 - it needs numpy, as the outcomes did

    return {name: safe(title) for name, title in titles(outcomes, lang).items()}


def colours(outcomes: Outcomes) -> dict[str, str]:
    """Return the colour of each scenario: grey for the first, that others are compared with."""
    first, *others = (scenario.name for scenario in outcomes.scenarios)
    return {first: GREY, **{name: _COLOURS[place % len(_COLOURS)] for place, name in enumerate(others)}}


def subtitle(outcomes: Outcomes, words: ChartWords) -> tuple[str, str]:
    """Return what is said under the title: of what, when, how often, and from what."""
    times = words.count("replications", outcomes.replications)
    about = {"programme": outcomes.programme.name, "start": outcomes.start, "end": outcomes.end}
    return words("period", **about, replications=times), words["source"]


def amount(value: float, measure: Measure, lang: Lang, *, difference: bool = False) -> str:
    r"""Write a value of a measure with its unit, and its sign where it is a difference."""
    decimals = 0 if measure.unit else measure.decimals
    digits = signed(value, decimals, lang) if difference else number(round(value, decimals) + 0.0, decimals, lang)
    if not measure.unit:
        return digits
    sign = digits[0] if digits[0] in "+\N{MINUS SIGN}" else ""
    return words_of("outcomes", lang)("amount", sign=sign, unit=measure.unit, value=digits.removeprefix(sign))


def of_label(outcomes: Outcomes, measure: Measure, of: str | None, lang: Lang) -> str:
    if measure.of == "departement":
        return register.department(of or "")
    if measure.of == "session":
        return next((each.name.get(lang) for each in outcomes.programme.catalogue.sessions if each.id == of), "")
    return next((each.name for each in outcomes.programme.territories if each.id == of), "")


def attendance_shares(outcomes: Outcomes) -> pl.DataFrame:
    """Return ``scenario``, ``of`` (a territory), ``share`` of the replications it came in, and ``mean`` attendances."""
    value = pl.col("value")
    return (
        outcomes.scan()
        .filter(pl.col("measure") == "attended")
        .group_by("scenario", "of")
        .agg(share=(value > 0).mean(), mean=value.mean())
        .sort("scenario", "of")
        .collect()
    )
