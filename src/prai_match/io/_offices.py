"""Days, numbers and amounts as offices write them: with thin spaces, euro signs, decimal commas, months in words."""

from __future__ import annotations

import datetime as dt
import re

import polars as pl

MONEY = pl.Decimal(38, 2)

_SPACE = r"[\s\u00a0\u2009\u202f]"
_CURRENCY = rf"{_SPACE}*(?:€|eur|euros?)$"
_MONTH_NAMES = (
    "janvier janv jan, fevrier fevr fev, mars mar, avril avr, mai, juin, juillet juil, aout, septembre sept sep, "
    "octobre oct, novembre nov, decembre dec"
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES.split(", "), 1) for name in names.split()}
_WEEKDAY = r"^(?:lun|mar|mer|jeu|ven|sam|dim)(?:\.|di|credi|dredi|edi|anche)?\s+"
_NUMERIC = re.compile(r"(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4}|\d{2})")
_IN_WORDS = re.compile(r"(\d{1,2})(?:er)?[\s\-]([a-z]+)\.?[\s\-](\d{4}|\d{2})")
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
        if match := _IN_WORDS.fullmatch(text):
            return dt.date(_year(match[3]), _MONTHS.get(match[2], 0), int(match[1]))
        return dt.date.fromisoformat(text) if len(text) == len("2007-03-31") else None
    except ValueError:
        return None


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) > len("07") else year + (1900 if year >= _PIVOT else 2000)


def _number_text(text: pl.Series) -> pl.Series:
    """Numbers as offices write them, in the form that polars reads; null for what is none."""
    bare = pl.col("text").str.to_lowercase().str.replace(_CURRENCY, "")
    sign_digits = r"^[+-]?\d{1,3}"
    tidy = (
        pl.when(bare.str.contains(rf"{sign_digits}(?:{_SPACE}\d{{3}})+(?:[.,]\d+)?$"))
        .then(bare.str.replace_all(_SPACE, "").str.replace(",", ".", literal=True))
        .when(bare.str.contains(rf"{sign_digits}(?:\.\d{{3}})+,\d+$|{sign_digits}(?:\.\d{{3}}){{2,}}$"))
        .then(bare.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True))
        .when(bare.str.contains(rf"{sign_digits}(?:,\d{{3}})+\.\d+$|{sign_digits}(?:,\d{{3}}){{2,}}$"))
        .then(bare.str.replace_all(",", "", literal=True))
        .when(bare.str.contains(r"^[+-]?\d+(?:[.,]\d+)?$"))
        .then(bare.str.replace(",", ".", literal=True))
    )
    return text.to_frame("text").select(value=tidy).to_series()


def integer(text: pl.Expr) -> pl.Expr:
    return text.cast(pl.Int64, strict=False)


def whole(odd: pl.Series) -> pl.Series:
    # "1,000" may be one or a thousand: with three decimals it is neither.
    return _number_text(odd).str.replace(r"\.0{1,2}$", "").cast(pl.Int64, strict=False)


def finite(numbers: pl.Series) -> pl.Series:
    finite = numbers.is_finite()
    return numbers if finite.all() else numbers.set(~finite, None)


def number(text: pl.Expr) -> pl.Expr:
    return text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def loose_number(odd: pl.Series) -> pl.Series:
    return finite(_number_text(odd).cast(pl.Float64, strict=False))


def amount(text: pl.Expr) -> pl.Expr:
    plain = pl.when(text.str.contains(r"^[+-]?\d+(?:[.,]\d{1,2})?$")).then(text)
    return plain.str.replace(",", ".", literal=True).cast(MONEY, strict=False)


def loose_amount(odd: pl.Series) -> pl.Series:
    # "1.250" may be one euro or more than a thousand.
    odd = odd.set(odd.str.contains(rf"^[+-]?[1-9]\d{{0,2}}[.,]\d{{3}}(?:{_SPACE}|€|$)"), None)
    return _number_text(odd).cast(pl.Decimal(38, 12), strict=False).round(2).cast(MONEY, strict=False)
