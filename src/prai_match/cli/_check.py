"""``prai-match check``: a programme's folder read, and everything that is wrong with it told."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click
import polars as pl

from prai_match.cli._commands import DONE, SOME_LEFT, Command
from prai_match.cli._output import one_line, show, tell, tell_files, words
from prai_match.cli._programme import load, path_argument, path_option, reading_options

if TYPE_CHECKING:
    from pathlib import Path

    from prai_match.model import Lang


def command(lang: Lang) -> Command:
    texts = words(lang)["check"]
    return Command(
        "check",
        lang=lang,
        params=[
            path_argument("folder", lang),
            path_option("--rejected", "folder", texts["rejected"], lang),
            click.Option(["--strict"], is_flag=True, help=texts["strict"]),
            *reading_options(lang),
        ],
        callback=partial(_run, lang),
    )


def _run(lang: Lang, folder: Path, rejected: Path | None, *, strict: bool) -> int:
    texts = words(lang)["check"]
    _, report = load(folder, lang, strict=strict)
    show(report.text(lang))
    inexact = report.headers().filter(pl.col("how").is_in(["synonym", "alike"]))
    if inexact.height:
        show("\n" + texts["recognised"])
        for file, label, column, _ in inexact.iter_rows():
            show(texts["column"].format(file=one_line(file), label=one_line(label), column=column))
    if rejected:
        tell_files(report.save_rejected(rejected, lang), lang)
    elif report.rejected:
        tell(texts["hint"])
    return SOME_LEFT if report.rejected else DONE
