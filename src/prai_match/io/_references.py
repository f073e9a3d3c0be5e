"""What cells cite: identifiers, and the names and labels that people write instead of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING

import polars as pl

from prai_match import register
from prai_match.io import _labels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.model import Catalogue

_CODE = r"^(?:[0-9][0-9AB][0-9]{3}|[0-9]{9})$"
_ODD = pl.Schema(
    {
        "value": pl.String,
        "hint": pl.String,
        "rows": pl.UInt32,
        "id": pl.String,
        "status": pl.String,
        "why_en": pl.String,
        "why_fr": pl.String,
        "candidates": pl.String,
    }
)


@dataclass(frozen=True, eq=False)
class Index:
    """What a column may cite.

    Attributes:
        labelled: Identifiers, each with one of its labels.
        places: Names are looked for in the register too.
        departements: The département of each identifier, where it has one.
    """

    labelled: tuple[tuple[str, str], ...] = ()
    places: bool = False
    departements: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The identifiers."""
        return frozenset(identifier for identifier, _ in self.labelled)

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The identifier that each label stands for, by its key; labels of several are left out."""
        owners: dict[str, set[str]] = {}
        for identifier, label in dict.fromkeys(self.labelled):
            for word in (_labels.key(identifier), _labels.key(label)):
                owners.setdefault(word, set()).add(identifier)
        return {word: next(iter(owner)) for word, owner in owners.items() if len(owner) == 1 and word}


def of_catalogue(catalogue: Catalogue) -> dict[str, Index]:
    """What the catalogue lets columns cite. A theme with one workshop stands for it."""
    sessions = [(session.id, label) for session in catalogue.sessions for label in (session.name.fr, session.name.en)]
    workshops = [(one.id, label) for one in catalogue.workshops for label in (one.name.fr, one.name.en)]
    themes = {theme.id: (theme.id, theme.name.fr, theme.name.en) for theme in catalogue.themes}
    alone = Counter(workshop.theme for workshop in catalogue.workshops)
    by_theme = [
        (workshop.id, label)
        for workshop in catalogue.workshops
        if alone[workshop.theme] == 1
        for label in themes.get(workshop.theme, ())
    ]
    axes = [
        (axis.id, label)
        for session in catalogue.sessions
        for axis in session.axes
        for label in (axis.name.fr, axis.name.en)
    ]
    return {
        "session": Index(tuple(sessions)),
        "workshop": Index((*workshops, *by_theme)),
        "axis": Index(tuple(axes)),
        "departement": departements(),
        "place": Index(places=True),
    }


@cache
def departements() -> Index:
    """The départements, by code, by name and by both."""
    names = register.frame("departement").select("code", "name").rows()
    return Index(tuple(pair for code, name in names for pair in ((code, name), (code, f"{code} {name}"))))


def looked_up(values: pl.Series, distinct: pl.Series, hints: pl.Series | None, index: Index) -> pl.DataFrame:
    """What the values that are no identifier of the index stand for.

    Args:
        values: Texts of a column; null where nothing is cited.
        distinct: Each of them once, which the caller may know; one of the index may be missing.
        hints: The département beside each, as it is written, or None.
        index: What may be cited.

    Returns:
        One row for each distinct value (and hint) that isn't an identifier: ``value``, ``hint``, ``rows``, ``id``
        (null: none found), ``status`` (``zero``, ``label``, a status of `register.resolve`, ``former``, or null where
        it looks like an identifier that is not known), ``why_en``, ``why_fr``, ``candidates``.
    """
    unknown = [value for value in distinct.to_list() if value is not None and value not in index.ids]
    if not unknown:
        return pl.DataFrame(schema=_ODD)
    cited = pairs(values, hints).lazy().filter(pl.col("value").is_in(unknown))
    odd = cited.group_by("value", "hint", maintain_order=True).len("rows").collect()
    known = [_known(value, hint, index) for value, hint, _ in odd.rows()]
    found = odd.with_columns(
        id=pl.Series([identifier for identifier, _ in known], dtype=pl.String),
        status=pl.Series([status for _, status in known], dtype=pl.String),
    )
    named = found.filter(pl.col("id").is_null() & ~pl.col("value").str.contains(_CODE))
    blank = {name: pl.lit(None, pl.String) for name in _ODD if name not in found.columns}
    if not index.places or not named.height:
        return found.with_columns(**blank).select(_ODD.names())
    resolved = _resolved(named)
    rest = found.join(named, on=["value", "hint"], how="anti", nulls_equal=True).with_columns(**blank)
    return pl.concat([rest.select(_ODD.names()), resolved])


def stands(value: str, index: Index) -> bool:
    """Whether a value is an identifier of the index, or stands for one beyond doubt."""
    return value in index.ids or _known(value, None, index)[0] is not None


def pairs(values: pl.Series, hints: pl.Series | None) -> pl.DataFrame:
    """The values with the hint beside each, as `looked_up` tells them: ``value`` and ``hint``."""
    frame = values.to_frame("value")
    return frame.with_columns(hint=pl.lit(None, pl.String) if hints is None else hints)


def names(odd: pl.DataFrame, label: str) -> pl.DataFrame:
    """What became of the names of a column, for reports: ``column``, ``text``, ``status``, ``code``, ``rows``."""
    looked = odd.filter(pl.col("status").is_not_null()).group_by("value", "status", "id", maintain_order=True)
    return looked.agg(pl.col("rows").sum()).select(
        pl.lit(label).alias("column"), text="value", status="status", code="id", rows="rows"
    )


def replaced(values: pl.Series, hints: pl.Series | None, odd: pl.DataFrame) -> pl.Series:
    """The identifiers that values stand for; those that stand for none stay what they are."""
    found = odd.filter(pl.col("id").is_not_null())
    if hints is None:
        return values.replace(found["value"], found["id"])
    cited = pairs(values, hints).join(
        found.select("value", "hint", "id"), on=["value", "hint"], how="left", nulls_equal=True, maintain_order="left"
    )
    return cited["id"].fill_null(cited["value"])


def _known(value: str, hint: str | None, index: Index) -> tuple[str | None, str | None]:
    if f"0{value}" in index.ids:
        return f"0{value}", "zero"
    if (found := index.labels.get(_labels.key(value))) and _fits(found, hint, index):
        return found, "label"
    if index.places and (now := _present().get(value) or _present().get(f"0{value}")):
        return now, "former"
    return None, None


def _fits(identifier: str, hint: str | None, index: Index) -> bool:
    """Whether the département beside a label is that of the identifier it stands for."""
    known = index.departements.get(identifier)
    return hint is None or known is None or departements().labels.get(_labels.key(hint)) == known


@cache
def _present() -> dict[str, str]:
    """The present commune of each code of the register that is not one itself."""
    former = register.frame("former_commune").drop_nulls("present_code")
    communes = register.frame("commune").select("code")
    return dict(former.join(communes, on="code", how="anti").select("code", "present_code").iter_rows())


def _resolved(named: pl.DataFrame) -> pl.DataFrame:
    hints = None if named["hint"].is_null().all() else named["hint"]
    answers = register.resolve(named["value"], department=hints)
    french, english = answers.to_polars("fr"), answers.to_polars("en")
    return (
        named.select("value", "hint", "rows")
        .with_columns(
            id=french["code"],
            status=french["status"],
            why_en=_inner(english["because"]),
            why_fr=_inner(french["because"]),
            candidates=pl.Series([_named(answer) for answer in answers], dtype=pl.String),
        )
        .select(_ODD.names())
        .cast(_ODD)
    )


def _named(answer: register.Resolution) -> str:
    """The candidates with their codes."""
    return ", ".join(f"{name} : {code}" for name, code in zip(answer.candidate_names, answer.candidates, strict=True))


def _inner(sentences: pl.Series) -> pl.Series:
    """Sentences as they stand inside another one."""
    return sentences.str.head(1).str.to_lowercase() + sentences.str.slice(1).str.strip_suffix(".")
