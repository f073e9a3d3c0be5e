"""What the rows that were accepted leave unknown or say twice: not wrong, but not for silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from prai_match.io._duplicates import alike, alike_in_the_catalogue, twice
from prai_match.io._notice import Notice, counted_of, words
from prai_match.io._unread_columns import unused
from prai_match.model import axes_of
from prai_match.needs import Lexicon
from prai_match.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prai_match.io._references import Index
    from prai_match.io._sources import Sources
    from prai_match.io._stacks import Stacked
    from prai_match.model import Lang, ProgrammeData

CONSEQUENCES: Final = frozenset({"unread", "unrecognised"})
"""Kinds of notices that say what isn't known therefore: they are worth a warning."""


def notices(
    tables: Mapping[str, Stacked],
    programme: ProgrammeData,
    indexes: Mapping[str, Index],
    sources: Sources,
    columns: Mapping[str, Mapping[str, str]],
) -> tuple[Notice, ...]:
    """What there is to know of the tables of a programme.

    Args:
        tables: The tables.
        programme: The programme of their rows.
        indexes: What their columns may cite.
        sources: Where they come from.
        columns: For each table, columns by label, as the user says.
    """
    left_out = {name: [label for label, column in chosen.items() if not column] for name, chosen in columns.items()}
    return (
        *_unread(tables["needs"], programme),
        *(note for name, table in tables.items() for note in unused(table, indexes, left_out.get(name, ()))),
        *(note for table in tables.values() for tell in (twice, alike) for note in tell(table)),
        *alike_in_the_catalogue(programme.catalogue, sources.settings),
    )


def _unread(needs: Stacked, programme: ProgrammeData) -> Iterator[Notice]:
    """Needs that only say a text, where the library has no lexicon for the catalogue and none is named."""
    catalogue = programme.catalogue
    if catalogue.lexicon is not None or "text" not in needs.rows.columns:
        return
    offered = axes_of(catalogue)
    silent = needs.rows if "workshop" not in needs.rows.columns else needs.rows.filter(pl.col("workshop").is_null())
    count = silent["text"].drop_nulls().len()
    if not count or offered.keys() <= Lexicon.bundled().workshops.keys():
        return
    unknown = ", ".join(workshop for workshop in offered if workshop not in Lexicon.bundled().workshops)
    said: dict[Lang, str] = {}
    for lang in LANGUAGES:
        forms = words(lang)["notices"]["unread"]
        said[lang] = counted_of(count, needs.rows.height, forms, lang) + forms["why"].format(workshops=unknown)
    yield Notice(needs.files, "unread", count, needs.rows.height, said)
