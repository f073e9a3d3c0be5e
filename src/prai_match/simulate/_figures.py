"""The published figures of the model case beside those simulated, in words."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.simulate._text import interval, words
from prai_match.text import month, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.model import Lang


def figures(rows: pl.DataFrame, specs: Mapping[str, Any], lang: Lang) -> pl.DataFrame:
    """Return the published figures beside those simulated, for people."""
    said = words(lang)
    found = []
    for row in rows.iter_rows(named=True):
        spec = specs[row["figure"]]
        published, simulated = _figure(row, spec, lang)
        met = said["met"]["true" if row["within"] else "false"]
        found.append((spec[lang], published, simulated, met, said["status"][row["status"]]))
    return pl.DataFrame(found, schema=["figure", "published", "simulated", "within", "status"], orient="row")


def _figure(row: Mapping[str, Any], spec: Mapping[str, Any], lang: Lang) -> tuple[str, str]:
    """Return a published figure and the one simulated, as they are written."""
    said, spread = words(lang), [row["median"], row["low"], row["high"]]
    if isinstance(spec.get("published"), str):
        published, *months = (_month(value, lang) for value in [row["published"], *spread])
        return published, str(said["interval"].format(mean=months[0], low=months[1], high=months[2]))
    digits = spec["decimals"]
    if row["published"] is None:
        published = said["least"].format(least=number(row["least"], digits, lang))
    else:
        published = number(row["published"], digits, lang)
    return published, interval(spread, digits, number, lang)


def _month(count: float, lang: Lang) -> str:
    """Return a month counted from the year 0."""
    year, number = divmod(round(count), 12)
    return month(dt.date(year, number + 1, 1), lang)
