"""Numbers and amounts as offices write them: with thin spaces, euro signs, decimal commas."""

from __future__ import annotations

import polars as pl

MONEY = pl.Decimal(38, 2)

_SPACE = r"[\s\u00a0\u2009\u202f]"
_CURRENCY = rf"{_SPACE}*(?:€|eur|euros?)$"


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
