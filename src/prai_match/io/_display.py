"""Load reports as notebooks show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.io._report import LoadReport
from prai_match.io._report_frames import COLUMNS
from prai_match.text import Details, Frame, Items, display, messages, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.model import Lang
    from prai_match.text import Block


@shown.register(LoadReport)
def report(found: LoadReport, lang: Lang) -> str:
    """Show each file, the first rows that were rejected, what was mended and what was not used."""
    said = messages("prai_match.io", "display", lang)
    tables = found.tables().with_columns(pl.col("table").replace(said["named"]))
    blocks: list[Block] = [Items(tuple(lines))] if (lines := found.saved(lang)) else []
    blocks.append(_frame(tables, said["tables"], "", tables.height))
    if found.rejected:
        blocks.append(_frame(found.rejections(lang), said["rejections"], ".rejections()", 10))
    repairs = found.repairs(lang)
    if repairs.height:
        blocks.append(Details(said["repairs"]["caption"], (_frame(repairs, said["repairs"], ".repairs()", 20),)))
    columns: list[str] = []
    others: list[str] = []
    for note in found.to_know:
        told = said["lists"]["label"].format(file=note.file, label=note.said[lang])
        (columns if note.kind in COLUMNS else others).append(told)
    lists = {
        "unused": tuple(columns),
        "missing": tuple(said["named"][table] for table in found.missing),
        "passed_over": found.passed_over,
        "notices": tuple(others),
    }
    blocks += [Details(said["lists"][name], (Items(lines),)) for name, lines in lists.items() if lines]
    return display(found.summary(lang), *blocks, lang=lang)


def _frame(frame: pl.DataFrame, said: Mapping[str, Any], rest: str, shown: int) -> Frame:
    labels = {name: label for name, label in said.items() if name != "caption"}
    return Frame(said["caption"], frame, labels, shown, rest)
