"""What the rows that were accepted leave unknown or say twice: not wrong, but not for silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.io._duplicates import alike, alike_in_the_catalogue, twice
from prai_match.io._notice import LoadNotice, counted_of, words
from prai_match.io._unread_columns import unread_columns
from prai_match.model import axes_of
from prai_match.needs import Lexicon
from prai_match.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prai_match.io._references import Index
    from prai_match.io._sources import Sources
    from prai_match.io._stacks import Stack
    from prai_match.model import Lang, ProgrammeData


def notices(
    tables: Mapping[str, Stack],
    programme: ProgrammeData,
    indexes: Mapping[str, Index],
    sources: Sources,
    columns: Mapping[str, Mapping[str, str]],
) -> tuple[LoadNotice, ...]:
    """What there is to know of the tables of a programme; ``columns`` by label, for each table, as the user says."""
    left_out = {name: [label for label, column in choice.items() if not column] for name, choice in columns.items()}
    return (
        *_unread(tables["needs"], programme),
        *(note for name, table in tables.items() for note in unread_columns(table, indexes, left_out.get(name, ()))),
        *(note for table in tables.values() for tell in (twice, alike) for note in tell(table)),
        *alike_in_the_catalogue(programme.catalogue, sources.settings),
    )


def _unread(needs: Stack, programme: ProgrammeData) -> Iterator[LoadNotice]:
    """Needs that only say a text, where the library has no lexicon for the catalogue and none is named."""
    catalogue, rows = programme.catalogue, needs.rows
    if catalogue.lexicon is not None or "text" not in rows.columns:
        return
    silent = rows if "workshop" not in rows.columns else rows.filter(pl.col("workshop").is_null())
    count = silent["text"].drop_nulls().len()
    read = Lexicon.bundled().workshops if count else axes_of(catalogue)
    if not (strange := [workshop for workshop in axes_of(catalogue) if workshop not in read]):
        return
    sentence: dict[Lang, str] = {}
    for lang in LANGUAGES:
        forms = words(lang)["notices"]["unread"]
        why = forms["why"].format(workshops=", ".join(strange))
        sentence[lang] = counted_of(count, rows.height, forms, lang) + why
    yield LoadNotice(needs.files, "unread", count, rows.height, sentence)
