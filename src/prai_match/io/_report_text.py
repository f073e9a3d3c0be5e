"""A load report in one sentence, and as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.io._notice import things_of, words
from prai_match.io._report_frames import COLUMNS
from prai_match.text import counted, number

if TYPE_CHECKING:
    from prai_match.errors import Problem
    from prai_match.files import Save
    from prai_match.io._report import LoadReport
    from prai_match.model import Lang


def summary(report: LoadReport, lang: Lang) -> str:
    """The report in one sentence."""
    said = words(lang)
    return str(said["summary"]).format(
        subject=report.subject,
        repaired=number(report.repaired, 0, lang),
        **{name: counted(getattr(report, name), forms, lang) for name, forms in said["counts"].items()},
    )


def text(report: LoadReport, lang: Lang, shown: int) -> str:
    """The report as lines."""
    said = words(lang)
    colon = said["colon"]
    lines = [summary(report, lang)]

    def block(title: str, rows: list[str]) -> None:
        if rows:
            lines.extend(["", f"{said['titles'][title]}{colon}".rstrip(), *(f"  {row}" for row in rows)])

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
            f"{file}{f'.{column}' if column else ''}{colon}{how} ({count}{f', {example}' if example else ''})"
            for file, column, how, count, example in report.repairs(lang).iter_rows()
        ],
    )
    by_status = report.names().group_by("status", maintain_order=True).agg(pl.col("rows").sum())
    block("names", [f"{said['statuses'][status]}{colon}{rows}" for status, rows in by_status.iter_rows()])
    rejections = report.rejections(lang)
    rows = [
        f"{file}:{line}{f'.{column}' if column else ''}{colon}{why}"
        for file, line, column, _, why, _ in rejections.head(shown).iter_rows()
    ]
    if rejections.height > shown:
        rows.append(said["more"].format(count=rejections.height - shown))
    block("rejections", rows)
    totals = report.set_aside().filter(kind="total")
    block("set_aside", [f"{file}:{line}{colon}{cells}" for file, line, _, cells in totals.head(shown).iter_rows()])
    block("passed_over", list(report.passed_over))
    return "\n".join(lines)


def interrupted(save: Save | None, lang: Lang) -> str:
    """What became of a save that was interrupted; empty where none was."""
    return str(words(lang)["save"][save.interrupted]) if save is not None and save.interrupted else ""


def saved(save: Save | None, lang: Lang) -> list[str]:
    """What is known of the last save."""
    if save is None:
        return []
    said = words(lang)
    lists = {"changed": save.changed, "missing": save.missing}
    return [
        *([became] if (became := interrupted(save, lang)) else []),
        *(f"{said['save'][name]}{said['colon']}{', '.join(files)}" for name, files in lists.items() if files),
        *([said["save"]["damaged"]] if save.damaged else []),
    ]


def reason(problem: Problem, lang: Lang) -> str:
    """Why a row is rejected: what was found and what was expected."""
    return str(words(lang)["reason"]).format(**problem.to_json(lang))
