"""Days as they are written in France."""

from __future__ import annotations

import datetime as dt
import re

import polars as pl

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan",
            "fevrier fevr fev",
            "mars mar",
            "avril avr",
            "mai",
            "juin",
            "juillet juil",
            "aout",
            "septembre sept sep",
            "octobre oct",
            "novembre nov",
            "decembre dec",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAY = r"^(?:lun|mar|mer|jeu|ven|sam|dim)(?:\.|di|credi|dredi|edi|anche)?\s+"
_NUMERIC = re.compile(r"(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4}|\d{2})")
_WRITTEN = re.compile(r"(\d{1,2})(?:er)?[\s\-]([a-z]+)\.?[\s\-](\d{4}|\d{2})")
_HOUR = re.compile(r"[t\s]\d{1,2}[:h]\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2}| ?utc| ?cet| ?cest)?$")
_PIVOT = 69
"""Years of two digits from here on belong to the last century, as in POSIX."""

_FULL_YEAR = dt.date(1000, 1, 1)


def date(text: pl.Expr) -> pl.Expr:
    return text.str.to_date("%Y-%m-%d", strict=False)


def full_years(days: pl.Series) -> pl.Series:
    """Polars takes "3-9-07" for the ninth of July of the year 3."""
    full = days >= _FULL_YEAR
    return days if full.all() else days.set(~full, None)


def loose_date(odd: pl.Series) -> pl.Series:
    plain = pl.col("text").str.to_lowercase().str.normalize("NFKD").str.replace_all(r"\p{M}+", "")
    texts = odd.to_frame("text").select(plain.str.replace(_WEEKDAY, "")).to_series()
    return pl.Series("value", [_day(text) for text in texts], pl.Date)


def _day(text: str) -> dt.date | None:
    """A day as it is written in France; the hour beside it is left out."""
    text = _HOUR.sub("", text)
    try:
        if match := _NUMERIC.fullmatch(text):
            return dt.date(_year(match[3]), int(match[2]), int(match[1]))
        if match := _WRITTEN.fullmatch(text):
            return dt.date(_year(match[3]), _MONTHS.get(match[2], 0), int(match[1]))
        return dt.date.fromisoformat(text) if len(text) == len("2007-03-31") else None
    except ValueError:
        return None


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) > len("07") else year + (1900 if year >= _PIVOT else 2000)
