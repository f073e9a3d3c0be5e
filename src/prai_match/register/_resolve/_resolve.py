"""Typed names turned into official codes: what is asked, read and handed over; `verdicts` decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, overload

import polars as pl

from prai_match import _arguments as given
from prai_match.errors import UnknownCodeError, nearest
from prai_match.register._data import KINDS, Kind, table
from prai_match.register._resolve._reading import departement_of
from prai_match.register._resolve._results import Arrow, Resolution, Resolutions
from prai_match.register._resolve._verdicts import verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable

_AT_ONCE = 200_000

Department = str | float | None  # a département as people write it


def _names_given(value: object, name: str) -> object:
    if hasattr(value, "columns") or isinstance(value, dict | bytes):
        found = given.frame(value, name)
        if not found.columns:
            raise given.refused(name, value, "frame")
        return found
    one = isinstance(value, str) or hasattr(value, "__arrow_c_stream__")
    return value if one else given.iterable(value, name)


def _departments_given(value: object, name: str) -> object:
    return value if value is None or isinstance(value, int | float) else _names_given(value, name)


@overload
def resolve(  # type: ignore[overload-overlap]  # a text is one text, not the sequence of its letters
    names: str, department: Department = None, kind: Kind | None = None
) -> Resolution: ...
@overload
def resolve(
    names: pl.Series | pl.DataFrame | Arrow | Iterable[object],
    department: Department | pl.Series | Iterable[Department] = None,
    kind: Kind | None = None,
) -> Resolutions: ...
@given.takes(names=_names_given, department=_departments_given)
def resolve(
    names: str | pl.Series | pl.DataFrame | Arrow | Iterable[object],
    department: Department | pl.Series | Iterable[Department] = None,
    kind: Kind | None = None,
) -> Resolution | Resolutions:
    """Turn the names that people type into official codes; where the text doesn't tell, choose nothing.

    A name is compared whatever its case, accents, hyphens, "St" and the place of its article. The words around it are
    read ("Mairie de", "CCAS de", "Com. Com.", "CG 46"), and so is a département or a postal code beside it. Former
    communes give the present one, with a note; so do other names in use. Typing errors are mended (one edit in short
    names, two in long ones) where one name alone is as near. A bare name means a commune first. Several collectivities
    of one name, in the département where it is known, are ambiguous. A syndicate or an association is said to be one,
    whatever place its name ends with.

    Args:
        names: One text, or many: a sequence, a Series, or a table of any library that speaks Arrow, whose columns are
            joined with a space (a type, a name, a postal code). None is a text without a name.
        department: The département of all the texts, or of each: its number, its name, both, or a postal code. In a
            column one that is not recognised is left out, and the note says so.
        kind: The kind of entity wanted; with ``"former_commune"`` the code is the former one.

    Returns:
        A `Resolution` for one text, `Resolutions` for many, in their order. The answer to a text depends on no other.

    Raises:
        UnknownCodeError: There is no such kind or département, or there are not as many départements as texts.

    Example:
        >>> str(resolve("MAIRIE DE L'ESCARENE")), resolve("St Rémy").status
        ("L'Escarène (06057)", 'ambiguous')
        >>> answers = resolve(["Enchastrayes-le-Sauze", "SIVOM de Foix"], department=["4", "Ariège"])
        >>> [answer.status for answer in answers]
        ['alias', 'not_a_collectivity_here']
    """
    if kind is not None:
        given.known_among("kind", kind, KINDS, KINDS)
    texts = _texts([names] if isinstance(names, str) else names)
    questions = pl.DataFrame({"text": texts, "department": _departments(department, len(texts))})
    places = questions["department"].drop_nulls().unique()
    codes = pl.Series([departement_of(place) for place in places], dtype=pl.String)
    unique = (
        questions.unique(maintain_order=True)
        .with_row_index("id")
        .with_columns(
            wanted=pl.lit(kind, pl.String),
            given=pl.col("department").replace_strict(places, codes, default=None, return_dtype=pl.String),
        )
    )
    answers = pl.concat([verdicts(part) for part in unique.iter_slices(_AT_ONCE)] or [verdicts(unique)])
    unread = pl.when(pl.col("given").is_null() & (pl.col("department").str.strip_chars() != "")).then("department")
    answers = pl.concat([unique.select("text", "department", unread=unread), answers], how="horizontal")
    frame = questions.join(answers, on=["text", "department"], how="left", nulls_equal=True, maintain_order="left")
    resolutions = Resolutions(frame.drop("department"))
    return resolutions[0] if isinstance(names, str) else resolutions


def _texts(names: pl.Series | pl.DataFrame | Arrow | Iterable[object]) -> pl.Series:
    if hasattr(names, "__arrow_c_stream__"):
        column = names.to_struct() if isinstance(names, pl.DataFrame) else pl.Series(names)
        if isinstance(column.dtype, pl.Struct):
            columns = pl.all().cast(pl.String, strict=False)
            text = pl.concat_str(columns, separator=" ", ignore_nulls=True)
            return column.struct.unnest().select(text=text).to_series()
        return column.cast(pl.String, strict=False).alias("text")
    return pl.Series("text", [_text(name) for name in cast("Iterable[object]", names)], dtype=pl.String)


def _text(value: object) -> str | None:
    """A value as text that can be encoded: an unpaired surrogate becomes a question mark."""
    return None if value is None else str(value).encode("utf-8", "replace").decode("utf-8")


def _departments(department: Department | pl.Series | Iterable[Department], size: int) -> pl.Series:
    if department is None or isinstance(department, str | int | float):
        value = _text(department)
        if value is not None and departement_of(value) is None:
            departements = table().filter(kind="departement")
            alike = [code for column in ("name", "code") for code in nearest(value, departements[column].to_list())]
            raise UnknownCodeError("departement", department, tuple(alike[:3]))
        return pl.Series("department", [value] * size, dtype=pl.String)
    values = _texts(department)
    if len(values) != size:
        raise UnknownCodeError("column", f"{len(values)} départements for {size} texts")
    return values.alias("department")
