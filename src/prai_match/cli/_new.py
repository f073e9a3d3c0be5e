"""``prai-match new``: a folder to begin a programme with."""

from __future__ import annotations

import shlex
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from prai_match import io
from prai_match.cli._commands import DONE, Command
from prai_match.cli._output import show
from prai_match.cli._words import words

if TYPE_CHECKING:
    from prai_match.model import Lang


def command(lang: Lang) -> Command:
    """Return the command."""
    return Command(
        "new",
        lang=lang,
        params=[click.Argument(["folder"], metavar=words(lang)["metavars"]["folder"], type=click.Path(path_type=Path))],
        callback=partial(_run, lang),
    )


def _run(lang: Lang, folder: Path) -> int:
    io.template(folder, lang)
    said = words(lang)["new"]
    show(said["done"].format(folder=folder, page=said["page"], quoted=shlex.quote(str(folder))))
    return DONE
