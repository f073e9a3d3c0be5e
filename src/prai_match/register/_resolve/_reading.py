"""What a typed text says: a name, the words around it, and the département or postal code beside it."""

from __future__ import annotations

import polars as pl

from prai_match.register._names import plain_letters, words
from prai_match.register._resolve._departments import departement_of, departement_of_postal_code
from prai_match.register._resolve._wording import readings

_LONGEST = 200
_CEDEX = r"\bcedex\b(?:\s*\d{1,2}\b)?"
_POSTAL = r"(?:^|[^0-9])(?:f-)?(\d{5})(?:[^0-9]|$)"
_BRACKET = r"\(([^()]*)\)\s*$"
_BEHIND = r"(?:[,;|/]|\s[-–—])\s*([^,;|/]+)$"
_NUMBER_BEHIND = r"[\s,;|/(-]+(?:dept\.?\s*)?(20[ab]|2[ab]|97\d|98\d|\d{1,2})\s*\)?\s*$"
_NUMBER_BEFORE = r"^\s*\(?(20[ab]|2[ab]|97\d|98\d|\d{2})\)?[\s,;:|/-]+"
_ARTICLE_BEHIND = r"\s*[(,]\s*(?:les?|la|l)\s*['’]?\s*\)?\s*$"
_APART = r"[/;,+|()]|\s[-–—]\s"


def read(texts: pl.DataFrame) -> pl.DataFrame:
    """Read each ``text``, with ``given`` (code of the département known from elsewhere, or null).

    Columns are added: ``words`` (all words of the name), ``reading`` (see `Wording`; null where only a name is
    written), ``rest`` (the words of the name within), ``postal``, ``inside`` (the département read in the text),
    ``place`` (the one to look in) and ``parted`` (a separator stands in the name: it may be two).
    """
    f = pl.col("folded")
    rows = texts.with_columns(
        plain_letters(pl.col("text").str.slice(0, _LONGEST)).str.replace(_CEDEX, " ").str.strip_chars().alias("folded")
    ).with_columns(postal=f.str.extract(_POSTAL, 1))
    rows = rows.with_columns(
        folded=pl.when(pl.col("postal").is_not_null())
        .then(f.str.replace(r"(?:\(?\bf-)?\d{5}\)?", " ").str.strip_chars(" ,;|/-"))
        .otherwise(f)
    )
    rows = _department_inside(rows)
    has_separator = f.str.replace(_ARTICLE_BEHIND, "").str.strip_chars(" ,;|/-").str.contains(_APART)
    rows = rows.with_columns(
        words(f).str.replace(r"^(c[gd]) ?(\d)", "$1 $2").alias("words"),
        parted=has_separator | pl.col("text").str.slice(0, _LONGEST).str.contains("&", literal=True),
    )
    return _wording(rows).with_columns(place=pl.coalesce("given", "inside"))


def _department_inside(rows: pl.DataFrame) -> pl.DataFrame:
    """Take the département out of the text, where a bracket, a separator or a number sets it apart."""
    f = pl.col("folded")
    parts = rows.select(
        "postal",
        bracket=f.str.extract(_BRACKET, 1).str.strip_chars(),
        behind=f.str.extract(_BEHIND, 1).str.strip_chars(),
        number=f.str.extract(_NUMBER_BEHIND, 1),
        before=f.str.extract(_NUMBER_BEFORE, 1),
    )
    codes = parts.with_columns(_codes(part, postal=part.name == "postal") for part in parts)
    rows = pl.concat(
        [rows, parts.drop("postal"), codes.rename({name: f"{name}_code" for name in codes.columns})], how="horizontal"
    )
    in_front = pl.any_horizontal(
        (words(pl.col("bracket")) + " ").str.contains(reading.start + r"\s*$") for reading in readings()
    )
    return rows.with_columns(
        inside=pl.coalesce("postal_code", "bracket_code", "behind_code", "number_code", "before_code"),
        folded=pl.when(pl.col("bracket_code").is_not_null())
        .then(f.str.replace(_BRACKET, ""))
        .when(in_front)
        .then(pl.concat_str(pl.col("bracket"), f.str.replace(_BRACKET, ""), separator=" "))
        .when(pl.col("behind_code").is_not_null())
        .then(f.str.replace(_BEHIND, ""))
        .when(pl.col("number_code").is_not_null())
        .then(f.str.replace(_NUMBER_BEHIND, ""))
        .when(pl.col("before_code").is_not_null())
        .then(f.str.replace(_NUMBER_BEFORE, ""))
        .otherwise(f),
        number=pl.col("number"),
        whole=words(f),
    ).drop("bracket", "behind", "before", *(f"{name}_code" for name in codes.columns))  # fmt: skip


def _codes(column: pl.Series, *, postal: bool) -> pl.Series:
    """The département each value of a column names, worked out once a value."""
    values = column.drop_nulls().unique()
    code_of = departement_of_postal_code if postal else departement_of
    codes = pl.Series([code_of(value) for value in values], dtype=pl.String)
    return column.replace_strict(values, codes, default=None, return_dtype=pl.String)


def _wording(rows: pl.DataFrame) -> pl.DataFrame:
    """Tell the words around the name from the name."""
    w = pl.col("words")
    reading = pl.coalesce(
        *(
            pl.when(w.str.contains(at)).then(pl.lit(f"{reading.id}{side}"))
            for reading in readings()
            for side, at in (("<", reading.start), (">", reading.end))
        )
    )
    rows = rows.with_columns(reading.alias("side"))
    rest = w
    for each in readings():
        rest = (
            pl.when(pl.col("side") == f"{each.id}<").then(w.str.replace(each.start, "$1"))
            .when(pl.col("side") == f"{each.id}>").then(w.str.replace(each.end, ""))
            .otherwise(rest)
        )  # fmt: skip
    rest = rest.str.replace("^du ", "le ").str.replace("^des ", "les ")
    return rows.with_columns(
        rest.alias("rest"), pl.col("side").str.slice(0, pl.col("side").str.len_chars() - 1).alias("reading")
    )
