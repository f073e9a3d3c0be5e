"""A load report in one sentence, and as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from prai_match.io._notice import things_of
from prai_match.io._report_words import COLON, COLUMNS, saved
from prai_match.text import counted, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.io._report import LoadReport
    from prai_match.model import Lang

_STATUSES: Final[Mapping[str, Mapping[Lang, str]]] = {
    "exact": {"fr": "nom officiel", "en": "official name"},
    "alias": {"fr": "autre façon de nommer", "en": "another way to name it"},
    "fuzzy": {"fr": "faute de frappe", "en": "misspelt"},
    "ambiguous": {"fr": "plusieurs possibles", "en": "several possible"},
    "unknown": {"fr": "inconnu", "en": "unknown"},
    "not_a_collectivity_here": {"fr": "hors référentiel", "en": "not in the register"},
    "label": {"fr": "nom donné dans le programme", "en": "name given in the programme"},
    "zero": {"fr": "code sans son zéro", "en": "code without its zero"},
    "former": {"fr": "ancienne commune", "en": "former commune"},
}
_SUMMARY: Final[Mapping[Lang, str]] = {
    "fr": "{subject} : {read} = {accepted} + {rejected} ; réparations : {repaired}",
    "en": "{subject}: {read} = {accepted} + {rejected}; repairs: {repaired}",
}
_COUNTS: Final[Mapping[str, Mapping[Lang, Mapping[str, str]]]] = {
    "read": {
        "fr": {"one": "{count} ligne lue", "other": "{count} lignes lues"},
        "en": {"one": "{count} row read", "other": "{count} rows read"},
    },
    "accepted": {
        "fr": {"one": "{count} acceptée", "other": "{count} acceptées"},
        "en": {"one": "{count} accepted", "other": "{count} accepted"},
    },
    "rejected": {
        "fr": {"one": "{count} rejetée", "other": "{count} rejetées"},
        "en": {"one": "{count} rejected", "other": "{count} rejected"},
    },
}
_TITLES: Final[Mapping[Lang, Mapping[str, str]]] = {
    "fr": {
        "tables": "Tables",
        "repairs": "Réparations",
        "headers": "Colonnes non utilisées",
        "notices": "À savoir",
        "names": "Noms de collectivités",
        "rejections": "Lignes rejetées",
        "missing": "Tables absentes",
        "passed_over": "Fichiers laissés de côté",
        "set_aside": "Lignes de total mises à part",
        "more": "… et {count} autres motifs : report.rejections()",
    },
    "en": {
        "tables": "Tables",
        "repairs": "Mended",
        "headers": "Columns not used",
        "notices": "To know",
        "names": "Names of collectivities",
        "rejections": "Rejected rows",
        "missing": "Tables that aren't there",
        "passed_over": "Files passed over",
        "set_aside": "Total rows set aside",
        "more": "… and {count} more reasons: report.rejections()",
    },
}


def summary(report: LoadReport, lang: Lang) -> str:
    """The report in one sentence."""
    return _SUMMARY[lang].format(
        subject=report.subject,
        repaired=number(report.repaired, 0, lang),
        **{name: counted(getattr(report, name), forms[lang], lang) for name, forms in _COUNTS.items()},
    )


def text(report: LoadReport, lang: Lang, shown: int) -> str:
    """The report as lines."""
    titles, colon = _TITLES[lang], COLON[lang]
    lines = [summary(report, lang)]

    def block(title: str, rows: list[str]) -> None:
        if rows:
            lines.extend(["", f"{titles[title]}{colon}".rstrip(), *(f"  {row}" for row in rows)])

    lines += saved(report.save, lang)
    block(
        "tables",
        [
            f"{file} → {table}{colon}{read} = {accepted} + {rejected}"
            for table, file, _, read, accepted, rejected, _ in report.tables().iter_rows()
        ],
    )
    block("missing", [things_of(table, lang) for table in report.missing])
    block("headers", [f"{note.file}{colon}{note.said[lang]}" for note in report.to_know if note.kind in COLUMNS])
    block("notices", [f"{note.file}{colon}{note.said[lang]}" for note in report.to_know if note.kind not in COLUMNS])
    block(
        "repairs",
        [
            f"{file}{f'.{column}' if column else ''}{colon}{said} ({count}{f', {example}' if example else ''})"
            for file, column, said, count, example in report.repairs(lang).iter_rows()
        ],
    )
    by_status = report.names().group_by("status", maintain_order=True).agg(pl.col("rows").sum())
    block("names", [f"{_STATUSES[status][lang]}{colon}{rows}" for status, rows in by_status.iter_rows()])
    rejections = report.rejections(lang)
    rows = [
        f"{file}:{line}{f'.{column}' if column else ''}{colon}{why}"
        for file, line, column, _, why, _ in rejections.head(shown).iter_rows()
    ]
    if rejections.height > shown:
        rows.append(titles["more"].format(count=rejections.height - shown))
    block("rejections", rows)
    totals = report.set_aside().filter(kind="total")
    block("set_aside", [f"{file}:{line}{colon}{said}" for file, line, _, said in totals.head(shown).iter_rows()])
    block("passed_over", list(report.passed_over))
    return "\n".join(lines)
