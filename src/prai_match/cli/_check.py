"""``prai-match check``: a programme's folder read, and everything that is wrong with it told."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
import polars as pl

from prai_match.cli._commands import DONE, SOME_LEFT, Command
from prai_match.cli._output import one_line, show, tell
from prai_match.cli._programme import loaded, the_reading
from prai_match.cli._words import words

if TYPE_CHECKING:
    from prai_match.model import Lang


def command(lang: Lang) -> Command:
    """Return the command."""
    said, folder = words(lang)["check"], words(lang)["metavars"]["folder"]
    path = click.Path(path_type=Path)
    return Command(
        "check",
        lang=lang,
        params=[
            click.Argument(["folder"], metavar=folder, type=path),
            click.Option(["--rejected"], metavar=folder, type=path, help=said["rejected"]),
            click.Option(["--strict"], is_flag=True, help=said["strict"]),
            *the_reading(lang),
        ],
        callback=partial(_run, lang),
    )


def _run(lang: Lang, folder: Path, rejected: Path | None, *, strict: bool) -> int:
    said = words(lang)["check"]
    _, report = loaded(folder, lang, strict=strict)
    show(report.text(lang))
    recognised = report.headers().filter(pl.col("how").is_in(["synonym", "alike"]))
    if recognised.height:
        show("\n" + said["recognised"])
        for file, label, column, _ in recognised.iter_rows():
            show(said["column"].format(file=one_line(file), label=one_line(label), column=column))
    if report.rejected and not rejected:
        tell(said["hint"])
    if rejected:
        for path in report.save_rejected(rejected, lang):
            tell(words(lang)["told"]["written"].format(path=path))
    return SOME_LEFT if report.rejected else DONE
