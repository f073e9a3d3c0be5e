"""Something to know of a load, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from prai_match.text import counted, messages, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.model import Lang

CONSEQUENCES: Final = frozenset({"unread", "unrecognised"})
"""Kinds of notices that say what isn't known therefore: they are worth a warning."""

COLUMNS: Final = frozenset({"unrecognised", "unused"})
"""Kinds of notices that are about a column that wasn't read."""


@dataclass(frozen=True, slots=True)
class LoadNotice:
    """Something to know of ``count`` of ``rows`` rows that were accepted, or of a column of their file.

    For its kinds see `LoadReport.notices`. Where a table has several files, ``file`` names all of them.
    """

    file: str
    kind: str
    count: int
    rows: int
    sentence: Mapping[Lang, str]


words = partial(messages, "prai_match.io", "report")
"""What load reports say, in a language."""


def things_of(table: str, lang: Lang) -> str:
    """What the rows of a table are."""
    return str(messages("prai_match.io", "display", lang)["named"][table])


def counted_of(count: int, rows: int, forms: Mapping[str, str], lang: Lang) -> str:
    """So many of so many, in a form that holds ``{count}`` and ``{rows}``."""
    whole = number(rows, 0, lang)
    return counted(count, {name: form.replace("{rows}", whole) for name, form in forms.items()}, lang)
