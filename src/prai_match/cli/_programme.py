"""A programme's folder, as the commands read it, and what reading it may do."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final, cast

import click

from prai_match._front import Programme
from prai_match.cli._output import tell
from prai_match.cli._types import Count
from prai_match.cli._words import words
from prai_match.errors import InterruptedSaveWarning, RejectedRowsWarning, UnknownFactsWarning
from prai_match.io import MOST_MEMORY, interrupted

if TYPE_CHECKING:
    from pathlib import Path

    from prai_match.io import LoadReport
    from prai_match.model import Lang

_KEPT: Final = "prai_match.reading"


def the_memory(lang: Lang) -> click.Option:
    """Return the option of how much memory files may take."""
    return click.Option(
        ["--max-memory"],
        metavar=words(lang)["metavars"]["bytes"],
        type=Count(lang, digits=15),
        default=MOST_MEMORY,
        help=words(lang)["options"]["max_memory"],
        expose_value=False,
        callback=_keep,
    )


def the_reading(lang: Lang) -> tuple[click.Option, click.Option]:
    """Return the options of what reading a folder may do."""
    told = words(lang)["options"]["follow_links"]
    links = click.Option(["--follow-links"], is_flag=True, help=told, expose_value=False, callback=_keep)
    return links, the_memory(lang)


def _keep(ctx: click.Context, param: click.Parameter, value: int) -> int:
    ctx.meta.setdefault(_KEPT, {})[param.name] = value
    return value


def _kept(name: str, default: int) -> int:
    return cast("int", click.get_current_context().meta.get(_KEPT, {}).get(name, default))


def memory() -> int:
    """Return how many bytes files may take."""
    return _kept("max_memory", MOST_MEMORY)


def loaded(folder: Path, lang: Lang, *, strict: bool = False) -> tuple[Programme, LoadReport]:
    """Read a programme, with the report of its rows; tell of a save that had been interrupted."""
    with warnings.catch_warnings():
        for category in (RejectedRowsWarning, InterruptedSaveWarning, UnknownFactsWarning):
            warnings.simplefilter("ignore", category)  # told in the language, and by each command in its own words
        links = bool(_kept("follow_links", default=False))
        programme = Programme.load(folder, strict=strict, follow_links=links, max_memory=memory())
    report = cast("LoadReport", programme.load_report)
    if said := interrupted(report.save, lang):
        tell(said)
    return programme, report
