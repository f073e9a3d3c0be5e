"""The words of the load report, in French and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.errors import Problem
    from prai_match.files import Save
    from prai_match.model import Lang

TABLES: Final = pl.Schema(
    {
        "table": pl.String,
        "file": pl.String,
        "format": pl.String,
        "read": pl.Int64,
        "accepted": pl.Int64,
        "rejected": pl.Int64,
        "repaired": pl.Int64,
    }
)
LINES: Final = pl.Schema(
    {
        "file": pl.String,
        "lines": pl.Int64,
        "header": pl.Int64,
        "read": pl.Int64,
        "set_aside": pl.Int64,
        "continued": pl.Int64,
    }
)
REJECTIONS: Final = pl.Schema(
    {
        "file": pl.String,
        "line": pl.Int64,
        "column": pl.String,
        "value": pl.String,
        "reason": pl.String,
        "suggestion": pl.String,
    }
)
REPAIRS: Final = pl.Schema(
    {"file": pl.String, "column": pl.String, "repair": pl.String, "count": pl.Int64, "example": pl.String}
)
HEADERS: Final = pl.Schema({"file": pl.String, "label": pl.String, "column": pl.String, "how": pl.String})
NAMES: Final = pl.Schema(
    {
        "file": pl.String,
        "column": pl.String,
        "text": pl.String,
        "status": pl.String,
        "code": pl.String,
        "rows": pl.Int64,
    }
)
NOTICES: Final = pl.Schema(
    {"file": pl.String, "kind": pl.String, "count": pl.Int64, "rows": pl.Int64, "notice": pl.String}
)
SET_ASIDE: Final = pl.Schema({"file": pl.String, "line": pl.UInt32, "kind": pl.String, "text": pl.String})

COLUMNS: Final = frozenset({"unrecognised", "unused"})
"""Kinds of notices that are about a column that wasn't read."""

REASON: Final[Mapping[Lang, str]] = {"fr": "motif", "en": "reason"}
REJECTED: Final[Mapping[Lang, str]] = {"fr": "rejets", "en": "rejected"}
NO_LABEL: Final[Mapping[Lang, str]] = {"fr": "colonne {place} (sans titre)", "en": "column {place} (no label)"}
COLON: Final[Mapping[Lang, str]] = {"fr": "\N{NO-BREAK SPACE}: ", "en": ": "}

_REPAIRS: Final[Mapping[str, Mapping[Lang, str]]] = {
    "date": {"fr": "dates écrites autrement que 2007-03-31", "en": "dates not written as 2007-03-31"},
    "number": {"fr": "nombres écrits avec espaces ou unité", "en": "numbers written with spaces or a unit"},
    "integer": {"fr": "nombres entiers écrits autrement", "en": "whole numbers written otherwise"},
    "amount": {"fr": "montants écrits avec espaces, € ou trop de décimales", "en": "amounts written otherwise"},
    "records": {"fr": "sessions par département écrites autrement", "en": "sessions by département written otherwise"},
    "yes": {"fr": "oui ou non écrits autrement", "en": "yes or no written otherwise"},
    "zero": {"fr": "codes dont le tableur a ôté le zéro", "en": "codes whose zero a spreadsheet took away"},
    "label": {"fr": "libellés remplacés par leur code", "en": "labels replaced by their code"},
    "name": {"fr": "noms remplacés par leur code officiel", "en": "names replaced by their official code"},
    "former": {
        "fr": "anciennes communes rattachées à la commune actuelle",
        "en": "former communes, now the present one",
    },
    "encoding": {"fr": "encodage du fichier", "en": "encoding of the file"},
    "separator": {"fr": "séparateur du fichier", "en": "separator of the file"},
    "title_rows": {"fr": "lignes de titre mises à part", "en": "title rows set aside"},
    "not_numbers": {"fr": "valeurs NaN lues comme vides", "en": "NaN read as empty"},
    "short_rows": {"fr": "lignes plus courtes que l'en-tête", "en": "rows shorter than the header"},
}


_INTERRUPTED: Final[Mapping[str, Mapping[Lang, str]]] = {
    "finished": {
        "fr": "Le dernier enregistrement avait été interrompu : il est maintenant achevé.",
        "en": "The last save had been interrupted: it is now finished.",
    },
    "undone": {
        "fr": "Un enregistrement a été interrompu avant d'être complet : les fichiers sont ceux d'avant.",
        "en": "A save was interrupted before it was complete: the files are those from before it.",
    },
}
_SINCE: Final[Mapping[str, Mapping[Lang, str]]] = {
    "changed": {"fr": "Modifiés depuis le dernier enregistrement", "en": "Changed since the last save"},
    "missing": {"fr": "Retirés depuis le dernier enregistrement", "en": "Taken away since the last save"},
    "damaged": {
        "fr": ".manifest.json est illisible : on ne sait pas ce qui a changé depuis le dernier enregistrement.",
        "en": ".manifest.json can't be read: it is not known what was changed since the last save.",
    },
}


def interrupted(save: Save | None, lang: Lang) -> str:
    """What became of a save that was interrupted; empty where none was."""
    return _INTERRUPTED[save.interrupted][lang] if save is not None and save.interrupted else ""


def saved(save: Save | None, lang: Lang) -> list[str]:
    """What is known of the last save."""
    if save is None:
        return []
    lists = {"changed": save.changed, "missing": save.missing}
    return [
        *([said] if (said := interrupted(save, lang)) else []),
        *(f"{_SINCE[name][lang]}{COLON[lang]}{', '.join(files)}" for name, files in lists.items() if files),
        *([_SINCE["damaged"][lang]] if save.damaged else []),
    ]


def reason(problem: Problem, lang: Lang) -> str:
    """Why a row is rejected: what was found and what was expected."""
    if lang == "fr":
        return f"trouvé {found(problem, lang)}, attendu {problem.expected_fr or problem.expected}"
    return f"found {problem.found}, expected {problem.expected}"


def found(problem: Problem, lang: Lang) -> str:
    """What was found."""
    return problem.found_fr or problem.found if lang == "fr" else problem.found


def repair(how: str, lang: Lang) -> str:
    """What was mended."""
    return _REPAIRS[how][lang] if how in _REPAIRS else how
