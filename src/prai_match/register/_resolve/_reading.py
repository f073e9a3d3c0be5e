"""What a typed text says: a name, the words around it, and the département or postal code beside it."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import polars as pl

from prai_match.register._data import index, table
from prai_match.register._names import normalise, plain_letters, readings, words
from prai_match.register._resolve._index import places_by_postal_code

_LONGEST = 200
_CEDEX = r"\bcedex\b(?:\s*\d{1,2}\b)?"
_POSTAL = r"(?:^|[^0-9])(?:f-)?(\d{5})(?:[^0-9]|$)"
_BRACKET = r"\(([^()]*)\)\s*$"
_BEHIND = r"(?:[,;|/]|\s[-–—])\s*([^,;|/]+)$"
_NUMBER_BEHIND = r"[\s,;|/(-]+(?:dept\.?\s*)?(20[ab]|2[ab]|97\d|98\d|\d{1,2})\s*\)?\s*$"
_NUMBER_BEFORE = r"^\s*\(?(20[ab]|2[ab]|97\d|98\d|\d{2})\)?[\s,;:|/-]+"
_ARTICLE_BEHIND = r"\s*[(,]\s*(?:les?|la|l)\s*['’]?\s*\)?\s*$"
_APART = r"[/;,+|()]|\s[-–—]\s"


_OLD = {"20a": "2A", "20b": "2B"}
_NUMBER = re.compile(
    r"(?<![0-9a-z])(?:cd|cg|dpt|dept|dep|d)?\.? ?(20[ab]|2[ab]|97\d|98\d|\d{1,2})(?:[.,]0+)?(?![0-9a-z])"
)
_POSTAL_CODE = re.compile(r"(?<!\d)(\d{5})(?:[.,]0+)?(?!\d)")
_AROUND = re.compile(
    r"^(?:(?:le )?(?:departement|dept|dpt|dep|conseil (?:general|departemental)) )?(?:de la |de l |du |des |de |d )?"
)
_CORSE_DU_SUD = ("200", "201")


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


@cache
def _by_name() -> dict[str, str]:
    rows = table().filter(kind="departement").select("name", "code").rows()
    return {normalise(name): code for name, code in rows}


@lru_cache(maxsize=65_536)
def departement_of(text: str) -> str | None:
    """The code of the département that a text names; None where it names none, or two."""
    text = text.strip()[:100].lower()
    if postal := _POSTAL_CODE.search(text):
        return departement_of_postal_code(postal[1])
    codes = {_code(number) for number in _NUMBER.findall(text)}
    name = _AROUND.sub("", normalise(_NUMBER.sub(" ", text)))
    if name:
        codes.add(_by_name().get(name) or _by_name().get(normalise(name)))
    return codes.pop() if len(codes) == 1 else None


def departement_of_postal_code(code: str) -> str | None:
    """The code of the département that a postal code leads to, by the register or else by its first digits."""
    if place := places_by_postal_code().get(code):
        return place
    if code.startswith("20"):
        return "2A" if code.startswith(_CORSE_DU_SUD) else "2B"
    return _code(code[:3] if code.startswith(("97", "98")) else code[:2])


def _code(number: str) -> str | None:
    code = _OLD.get(number, number.upper().zfill(2))
    return code if (code, "departement") in index() else None
