"""A load report in one sentence, and as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from prai_match.io._notice import COLUMNS, things_of, words
from prai_match.text import counted, number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prai_match.errors import Problem
    from prai_match.files import Save
    from prai_match.io._report import LoadReport
    from prai_match.model import Lang

_ROWS: Final = 8
"""Rejected rows that the text shows; the rest is in the frame."""


def summary(report: LoadReport, lang: Lang) -> str:
    """The report in one sentence."""
    texts = words(lang)
    return str(texts["summary"]).format(
        subject=report.subject,
        repaired=number(report.repaired, 0, lang),
        **{name: counted(getattr(report, name), forms, lang) for name, forms in texts["counts"].items()},
    )


def text(report: LoadReport, lang: Lang) -> str:
    """The report as lines."""
    texts = words(lang)
    colon = texts["colon"]
    lines = [summary(report, lang), *saved(report.save, lang)]

    def block(title: str, rows: Iterable[str]) -> None:
        if block_lines := [f"  {row}" for row in rows]:
            lines.extend(["", f"{texts['titles'][title]}{colon}".rstrip(), *block_lines])

    def notices(*, of_columns: bool) -> list[str]:
        return [
            f"{note.file}{colon}{note.sentence[lang]}"
            for note in report.to_know
            if (note.kind in COLUMNS) == of_columns
        ]

    block(
        "tables",
        (
            f"{file} → {table}{colon}{read} = {accepted} + {rejected}"
            for table, file, _, read, accepted, rejected, _ in report.tables().iter_rows()
        ),
    )
    block("missing", (things_of(table, lang) for table in report.missing))
    block("headers", notices(of_columns=True))
    block("notices", notices(of_columns=False))
    block(
        "repairs",
        (
            f"{file}{f'.{column}' if column else ''}{colon}{how} ({count}{f', {example}' if example else ''})"
            for file, column, how, count, example in report.repairs(lang).iter_rows()
        ),
    )
    by_status = report.names().group_by("status", maintain_order=True).agg(pl.col("rows").sum())
    block("names", (f"{texts['statuses'][status]}{colon}{rows}" for status, rows in by_status.iter_rows()))
    rejections = report.rejections(lang)
    rows = [
        f"{file}:{line}{f'.{column}' if column else ''}{colon}{why}"
        for file, line, column, _, why, _ in rejections.head(_ROWS).iter_rows()
    ]
    more = [texts["more"].format(count=rejections.height - _ROWS)] if rejections.height > _ROWS else []
    block("rejections", rows + more)
    totals = report.set_aside().filter(kind="total").head(_ROWS)
    block("set_aside", (f"{file}:{line}{colon}{cells}" for file, line, _, cells in totals.iter_rows()))
    block("passed_over", report.passed_over)
    return "\n".join(lines)


def interrupted(save: Save | None, lang: Lang) -> str:
    """What became of a save that was interrupted; empty where none was."""
    return str(words(lang)["save"][save.interrupted]) if save is not None and save.interrupted else ""


def saved(save: Save | None, lang: Lang) -> list[str]:
    """What is known of the last save."""
    if save is None:
        return []
    texts, colon = words(lang)["save"], words(lang)["colon"]
    lists = {"changed": save.changed, "missing": save.missing}
    lines = [f"{texts[name]}{colon}{', '.join(files)}" for name, files in lists.items() if files]
    return [line for line in (interrupted(save, lang), *lines, texts["damaged"] if save.damaged else "") if line]


def reason(problem: Problem, lang: Lang) -> str:
    """Why a row is rejected: what was found and what was expected."""
    return str(words(lang)["reason"]).format(**problem.to_json(lang))
