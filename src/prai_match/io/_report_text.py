"""What load reports say in words: what there is to know, what became of a save, why a row is rejected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from prai_match.errors import Problem
from prai_match.files import Save
from prai_match.model import Lang
from prai_match.text import counted, messages, number

# Kinds of notices that say what isn't known therefore: they are worth a warning.
CONSEQUENCES: Final = frozenset({"unread", "unrecognised"})
COLUMNS: Final = frozenset({"unrecognised", "unused"})  # kinds of notices that are about a column that wasn't read


@dataclass(frozen=True, slots=True)
class LoadNotice:
    """Something to know of ``count`` of ``rows`` accepted rows, or of a column: see `LoadReport.notices`."""

    file: str
    kind: str
    count: int
    rows: int
    sentence: Mapping[Lang, str]

    def line(self, lang: Lang) -> str:
        return f"{self.file}{words(lang)['colon']}{self.sentence[lang]}"


words = partial(messages, "prai_match.io", "report")  # what load reports say, in a language


def lines_of(notices: Iterable[LoadNotice], lang: Lang, *, of_columns: bool) -> tuple[str, ...]:
    return tuple(notice.line(lang) for notice in notices if (notice.kind in COLUMNS) == of_columns)


def things_of(table: str, lang: Lang) -> str:
    return str(messages("prai_match.io", "display", lang)["named"][table])


def counted_of(count: int, rows: int, forms: Mapping[str, str], lang: Lang) -> str:
    """So many of so many, in a form that holds ``{count}`` and ``{rows}``."""
    whole = number(rows, 0, lang)
    return counted(count, {name: form.replace("{rows}", whole) for name, form in forms.items()}, lang)


def interrupted(save: Save | None, lang: Lang) -> str:
    """What became of a save that was interrupted; empty where none was."""
    return str(words(lang)["save"][save.interrupted]) if save is not None and save.interrupted else ""


def saved(save: Save | None, lang: Lang) -> list[str]:
    if save is None:
        return []
    texts, colon = words(lang)["save"], words(lang)["colon"]
    lists = {"changed": save.changed, "missing": save.missing}
    lines = [f"{texts[name]}{colon}{', '.join(files)}" for name, files in lists.items() if files]
    return [line for line in (interrupted(save, lang), *lines, texts["damaged"] if save.damaged else "") if line]


def reason(problem: Problem, lang: Lang) -> str:
    return str(words(lang)["reason"]).format(**problem.to_json(lang))
