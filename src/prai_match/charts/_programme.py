"""Common parts of charts of programmes and of simulated outcomes: sessions, days, scenarios, values."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from prai_match import followups, register
from prai_match.charts._marks import RECTANGLE, TRIANGLE, Key
from prai_match.charts._theme import FROZEN, INK, PALETTE, ChartWords, letter, safe, words_of
from prai_match.model import Blackout, Calendar, Lang, ProgrammeData
from prai_match.text import number, signed

if TYPE_CHECKING:
    from prai_match.simulate import Measure, Outcomes


_SHAPES = {"buffet": ("square", RECTANGLE), "workshop": ("circle", TRIANGLE)}


def session_keys(programme: ProgrammeData, lang: Lang) -> dict[str, Key]:
    """Return how each session of the catalogue looks, in all charts of a programme.

    Its letter is its own; so are its colour and shape together: where the sessions of a form come back to a colour,
    they take the other shape of the form.
    """
    keys: dict[str, Key] = {}
    taken: Counter[tuple[str, str]] = Counter()
    for place, session in enumerate(programme.catalogue.sessions):
        shapes, colour = _SHAPES[session.form], PALETTE[place % len(PALETTE)]
        shape = shapes[taken[session.form, colour] % len(shapes)]
        keys[session.id] = Key(session.name.get(lang), letter(place), shape, colour)
        taken[session.form, colour] += 1
    return keys


def with_counts(keys: Mapping[str, Key], counts: Mapping[str, int]) -> list[Key]:
    """Return the lines of a legend: of what is there, how often."""
    return [replace(key, text=f"{key.text} ({counts[code]})") for code, key in keys.items() if counts.get(code)]


def kinds(keys: Iterable[Key], lang: Lang) -> str:
    """Say which shapes are buffets and which are workshops; nothing where there are none."""
    if not (shapes := {key.shape for key in keys}):
        return ""
    return str(words_of("programme", lang)["more_kinds" if shapes & {RECTANGLE, TRIANGLE} else "kinds"])


def blackouts(calendars: Iterable[Calendar], first: dt.date, last: dt.date) -> list[Blackout]:
    each = {one for calendar in calendars for one in calendar.blackouts if one.start <= last and one.end >= first}
    return sorted(each, key=lambda one: (one.start, one.end, one.reason.fr))


def elections(calendars: Iterable[Calendar], first: dt.date, last: dt.date, lang: Lang) -> list[tuple[dt.date, str]]:
    """Return the elections of a period by date, each once, with their description."""
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


def sentences_of(keys: Mapping[str, Sequence[Key]]) -> list[str]:
    """Return the lines of a legend as sentences, for a phone, where they are said under the title."""
    return [f"{key.text}." for those in keys.values() for key in those]


def sessions_by_territory(programme: ProgrammeData, on: dt.date) -> dict[str, int]:
    """Return the number of sessions that each territory attended until a day; those that attended none are left out."""
    return dict(
        followups.attended(programme).filter(pl.col("date") <= on).unique().group_by("territory").len().iter_rows()
    )


def people_by_territory(programme: ProgrammeData, on: dt.date) -> dict[str, int]:
    """Return how many people of each territory attended until a day, counted at each session."""
    attendances = programme.attendances.to_polars().join(followups.territory_of(programme), on="collectivity")
    until = attendances.filter(pl.col("date") <= on).group_by("territory")
    return dict(until.agg(pl.col("elected").sum() + pl.col("technicians").sum()).iter_rows())


SIGNED = "datum.value ? datum.label : '0'"  # the labels of an axis of differences, whose zero has no sign
# Of scenarios, lines that show on white and on black; the first, that others are compared with, is grey.
_FIRST, *_OTHERS = ("#7d7d7d", "#0072b2", "#d55e00", "#009e73", "#c56d9f", "#8a7a00", "#8a63d2")


def names(outcomes: Outcomes, lang: Lang) -> dict[str, str]:
    from prai_match.simulate import titles  # noqa: PLC0415 - it needs numpy, as the outcomes did

    return {name: safe(title) for name, title in titles(outcomes, lang).items()}


def colours(outcomes: Outcomes) -> dict[str, str]:
    first, *others = (scenario.name for scenario in outcomes.scenarios)
    return {first: _FIRST, **{name: _OTHERS[place % len(_OTHERS)] for place, name in enumerate(others)}}


def subtitle(outcomes: Outcomes, words: ChartWords) -> tuple[str, str]:
    """Return the subtitle: programme, period, replications and source."""
    times = words.count("replications", outcomes.replications)
    about = {"programme": outcomes.programme.name, "start": outcomes.start, "end": outcomes.end}
    return words("period", **about, replications=times), words["source"]


def amount(value: float, measure: Measure, lang: Lang, *, difference: bool = False) -> str:
    r"""Write a value of a measure with its unit, and with its sign if it is a difference."""
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
    """Return ``scenario``, ``of`` (a territory), ``share`` of replications with attendance, ``mean`` attendances."""
    value = pl.col("value")
    return (
        outcomes.scan()
        .filter(pl.col("measure") == "attended")
        .group_by("scenario", "of")
        .agg(share=(value > 0).mean(), mean=value.mean())
        .sort("scenario", "of")
        .collect()
    )
