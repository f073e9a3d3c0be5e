"""Something to know of a load, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from prai_match.text import counted, messages, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.model import Lang


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know of rows that were accepted, or of a column of their file.

    Attributes:
        file: The file that it is about, or the name of the table.
        kind: `unread`: needs whose text nothing reads; `unrecognised`: a column that isn't recognised, so that what it
            may hold isn't known; `unused`: a column that nothing would use; `twice`: rows equal to an earlier one;
            `alike`: identifiers or names that differ by case, accents or spaces only.
        count: How many rows it is about.
        rows: Of how many.
        said: In a sentence, by language.
    """

    file: str
    kind: str
    count: int
    rows: int
    said: Mapping[Lang, str]


words = partial(messages, "prai_match.io", "report")
"""What load reports say, in a language."""


def things_of(table: str, lang: Lang) -> str:
    """What the rows of a table are."""
    return str(messages("prai_match.io", "display", lang)["named"][table])


def counted_of(count: int, rows: int, forms: Mapping[str, str], lang: Lang) -> str:
    """So many of so many, in a form that holds ``{count}`` and ``{rows}``."""
    whole = number(rows, 0, lang)
    return counted(count, {name: form.replace("{rows}", whole) for name, form in forms.items()}, lang)
