"""What a programme says twice: rows that are equal, and identifiers and names that people take for the same."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from prai_match.io._notice import Notice, counted_of, things_of, words
from prai_match.io._schema import PROGRAMME
from prai_match.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from prai_match.io._settings import Settings
    from prai_match.io._stacks import Stacked
    from prai_match.model import Catalogue, Lang

_SHOWN = 5
"""Rows, or groups of values, that a notice names; how many there are is told beside."""
_NAMED = frozenset({"partners", "territories"})
"""Tables whose rows are known by names too; collectivities of one name are told apart by their official code."""


def twice(table: Stacked) -> Iterator[Notice]:
    """Tell the rows that are equal to an earlier one in all that is read.

    Tables with an identifier have none: the second row of an identifier is rejected.
    """
    if table.table.key is not None or table.rows.height <= 1:
        return
    again = table.data().select(~pl.struct(pl.all()).is_first_distinct()).to_series().arg_true()
    if not len(again):
        return
    places = _few([table.place(table.at(int(row))) for row in again.head(_SHOWN)], len(again))
    said: dict[Lang, str] = {}
    for lang in LANGUAGES:
        forms, things = words(lang)["notices"]["twice"], things_of(table.name, lang)
        told = {name: form.replace("{things}", things) for name, form in forms.items()}
        said[lang] = f"{counted_of(len(again), table.rows.height, told, lang)}, {places}"
    yield Notice(table.files, "twice", len(again), table.rows.height, said)


def alike(table: Stacked) -> Iterator[Notice]:
    """Tell the identifiers, and the names of what is known by its name, that people take for the same."""
    for column in (table.table.key, "name" if table.name in _NAMED else None):
        if column in table.rows.columns:
            things = {lang: things_of(table.name, lang) for lang in LANGUAGES}
            values = table.rows[column]
            yield from _alike(table.files, things, column, values, lambda row: table.place(table.at(row)))


def alike_in_the_catalogue(catalogue: Catalogue, settings: Settings) -> Iterator[Notice]:
    """Tell the identifiers and names of sessions, themes and axes that people take for the same."""
    levels = [
        [(f"catalogue.themes[{place}]", theme) for place, theme in enumerate(catalogue.themes)],
        [
            (f"catalogue.{name}[{place}]", session)
            for name in ("buffets", "workshops")
            for place, session in enumerate(getattr(catalogue, name))
        ],
        *(
            [(f"catalogue.workshops[{place}].axes[{item}]", axis) for item, axis in enumerate(workshop.axes)]
            for place, workshop in enumerate(catalogue.workshops)
        ),
    ]
    things = {lang: words(lang)["notices"]["catalogue"] for lang in LANGUAGES}
    for level in levels:
        for column, values in (
            ("id", [one.id for _, one in level]),
            ("name.fr", [one.name.fr for _, one in level]),
            ("name.en", [one.name.en for _, one in level]),
        ):
            place = partial(_told, settings, [f"{path}.{column}" for path, _ in level])
            series = pl.Series(values, dtype=pl.String)
            yield from _alike(PROGRAMME, things, column, series, place)


def _told(settings: Settings, paths: Sequence[str], row: int) -> str:
    return settings.told(paths[row])


def _alike(
    file: str, things: Mapping[Lang, str], column: str, values: pl.Series, place: Callable[[int], str]
) -> Iterator[Notice]:
    folded = values.to_frame("value").select(folded=_folded(pl.col("value")))
    doubled = folded.filter(pl.col("folded").is_duplicated() & pl.col("folded").is_not_null()).height
    if not doubled:
        return
    groups = folded.with_row_index("row").drop_nulls().group_by("folded", maintain_order=True).agg("row")
    groups = groups.filter(pl.col("row").list.len() > 1)
    shown = [
        " / ".join(f"{' '.join(values[row].split())} ({place(row)})" for row in rows[:_SHOWN])
        for rows in groups["row"].head(_SHOWN).to_list()
    ]
    told = _few(shown, groups.height, "; ")
    said: dict[Lang, str] = {
        lang: words(lang)["notices"]["alike"].format(column=column, things=things[lang], groups=told)
        for lang in LANGUAGES
    }
    yield Notice(file, "alike", doubled, len(values), said)


def _folded(text: pl.Expr) -> pl.Expr:
    """A text without case, accents and spaces."""
    return text.str.to_lowercase().str.normalize("NFKD").str.replace_all(r"[\p{M}\p{Z}\p{C}\s]+", "").str.to_lowercase()


def _few(shown: Sequence[str], count: int, between: str = ", ") -> str:
    return between.join([*shown, *(["…"] if count > len(shown) else [])])
