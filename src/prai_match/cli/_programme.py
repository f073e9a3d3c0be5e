"""A programme's folder, as the commands read it: the options about it, and what is said of it."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Final, cast

import click

from prai_match._front import Programme
from prai_match.cli._commands import DONE, SOME_LEFT
from prai_match.cli._output import one_line, tell, words
from prai_match.cli._types import Count
from prai_match.errors import InterruptedSaveWarning, RejectedRowsWarning, UnknownFactsWarning
from prai_match.io import MOST_MEMORY, LoadReport, interrupted
from prai_match.text import counted, current_language

_SETTINGS: Final = "prai_match.reading"


def path_argument(name: str) -> click.Argument:
    return click.Argument([name], metavar=words()["metavars"][name], type=click.Path(path_type=Path))


def path_option(name: str, kind: str, text: str) -> click.Option:
    return click.Option([name], metavar=words()["metavars"][kind], type=click.Path(path_type=Path), help=text)


def policy_option() -> click.Option:
    return path_option("--policy", "file", words()["options"]["policy"])


def memory_option() -> click.Option:
    return click.Option(
        ["--max-memory"],
        metavar=words()["metavars"]["bytes"],
        type=Count(digits=15),
        default=MOST_MEMORY,
        help=words()["options"]["max_memory"],
        expose_value=False,
        callback=_keep,
    )


def reading_options() -> tuple[click.Option, click.Option]:
    text = words()["options"]["follow_links"]
    links = click.Option(["--follow-links"], is_flag=True, help=text, expose_value=False, callback=_keep)
    return links, memory_option()


def _keep(ctx: click.Context, param: click.Parameter, value: int) -> int:
    ctx.meta.setdefault(_SETTINGS, {})[param.name] = value
    return value


def _setting(name: str, default: int) -> int:
    return cast("int", click.get_current_context().meta.get(_SETTINGS, {}).get(name, default))


def memory() -> int:
    return _setting("max_memory", MOST_MEMORY)


def load(folder: Path, *, strict: bool = False) -> tuple[Programme, LoadReport]:
    """Read a programme, with the report of its rows; tell of a save that had been interrupted."""
    with warnings.catch_warnings():
        for category in (RejectedRowsWarning, InterruptedSaveWarning, UnknownFactsWarning):
            warnings.simplefilter("ignore", category)  # told in the language, and by each command in its own words
        links = bool(_setting("follow_links", default=False))
        programme = Programme.load(folder, strict=strict, follow_links=links, max_memory=memory())
    report = cast("LoadReport", programme.load_report)
    if sentence := interrupted(report.save, current_language()):
        tell(sentence)
    return programme, report


def warn(loading: LoadReport, folder: Path) -> int:
    """Tell what isn't known and how many rows were rejected; return the exit code."""
    texts = words()["told"]
    for consequence in loading.consequences():
        tell(texts["unknown"].format(consequence=one_line(consequence)))
    if not loading.rejected:
        return DONE
    tell(texts["rejected"].format(rows=counted(loading.rejected, texts["rows"], current_language()), folder=folder))
    return SOME_LEFT
