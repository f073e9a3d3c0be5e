"""What the charts of simulated outcomes have in common: names and colours of scenarios, values, what is said below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.charts._theme import GREY, PALETTE, ChartWords, safe, words_of
from prai_match.register import department
from prai_match.text import number, signed

if TYPE_CHECKING:
    from prai_match.errors import Lang
    from prai_match.simulate import Measure, Outcomes

SIGNED = "datum.value ? datum.label : '0'"  # the labels of an axis of differences, whose zero has no sign
_COLOURS = (PALETTE[0], PALETTE[5], PALETTE[2], PALETTE[3], PALETTE[1], PALETTE[4])


def names(outcomes: Outcomes, lang: Lang) -> dict[str, str]:
    """Return what each scenario is called, in their order."""
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
    """Return what people call what a row of a measure is about."""
    if measure.of == "departement":
        return department(of or "")
    programme = outcomes.programme
    if measure.of == "session":
        return next((each.name.get(lang) for each in programme.catalogue.sessions if each.id == of), "")
    return next((each.name for each in programme.territories if each.id == of), "")


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
