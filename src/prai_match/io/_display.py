"""How notebooks display load reports."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from prai_match.io._notices import lines_of
from prai_match.io._report import LoadReport
from prai_match.model import Lang
from prai_match.text import Block, Details, Frame, Items, display, messages, shown


@shown.register(LoadReport)
def _page(report: LoadReport, lang: Lang) -> str:
    texts = messages("prai_match.io", "display", lang)
    tables = report.tables().with_columns(pl.col("table").replace(texts["named"]))
    blocks: list[Block] = [Items(tuple(lines))] if (lines := report.saved(lang)) else []
    blocks.append(_frame(tables, texts["tables"], "", tables.height))
    if report.rejected:
        blocks.append(_frame(report.rejections(lang), texts["rejections"], ".rejections()", 10))
    if (repairs := report.repairs(lang)).height:
        blocks.append(Details(texts["repairs"]["caption"], (_frame(repairs, texts["repairs"], ".repairs()", 20),)))
    lists = {
        "unused": lines_of(report.to_know, lang, of_columns=True),
        "missing": tuple(texts["named"][table] for table in report.missing),
        "passed_over": report.passed_over,
        "notices": lines_of(report.to_know, lang, of_columns=False),
    }
    blocks += [Details(texts["lists"][name], (Items(lines),)) for name, lines in lists.items() if lines]
    return display(report.summary(lang), *blocks, lang=lang)


def _frame(frame: pl.DataFrame, texts: Mapping[str, Any], rest: str, most: int) -> Frame:
    return Frame(texts["caption"], frame, texts, most, rest)
