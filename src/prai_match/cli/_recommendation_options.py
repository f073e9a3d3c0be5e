"""What the commands that recommend share: their folder and options, the run, and the last word."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from prai_match import demo
from prai_match.cli._commands import DONE, SOME_LEFT
from prai_match.cli._output import one_line, tell
from prai_match.cli._programme import loaded
from prai_match.cli._types import Day
from prai_match.cli._words import of_error, words
from prai_match.errors import UnknownCodeError
from prai_match.policy import Policy
from prai_match.text import counted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from prai_match._front import Recommendations
    from prai_match.io import LoadReport
    from prai_match.model import Lang


def the_folder(lang: Lang) -> click.Argument:
    """Return the argument that names the programme's folder."""
    return click.Argument(["folder"], metavar=words(lang)["metavars"]["folder"], type=click.Path(path_type=Path))


def the_day(lang: Lang) -> click.Option:
    """Return the option of the day."""
    return click.Option(["--on"], type=Day(lang), required=True, help=words(lang)["options"]["on"])


def the_policy(lang: Lang) -> click.Option:
    """Return the option of the policy."""
    said, file = words(lang)["options"], words(lang)["metavars"]["file"]
    return click.Option(["--policy"], metavar=file, type=click.Path(path_type=Path), help=said["policy"])


def the_territories(lang: Lang) -> click.Option:
    """Return the option of the territories."""
    told = words(lang)["options"]["territory"]
    return click.Option(["--territory", "territories"], metavar="ID", multiple=True, help=told)


def recommended(  # noqa: PLR0913 - what the options say
    folder: Path, on: dt.date, *, top: int, policy: Path | None, territories: Sequence[str], lang: Lang
) -> tuple[Recommendations, LoadReport]:
    """Load the programme and recommend."""
    used = Policy.load(policy) if policy else None
    programme, loading = loaded(folder, lang)
    try:
        return programme.recommend(on=on, top=top, policy=used, territories=territories or None), loading
    except UnknownCodeError as error:
        raise click.UsageError(of_error(error, lang)) from None


def concluded(recs: Recommendations, loading: LoadReport, folder: Path, lang: Lang) -> int:
    """Tell how many have a recommendation and how many rows were rejected; return the exit code."""
    tell(demo.summary(recs, lang))
    return warned(loading, folder, lang)


def warned(loading: LoadReport, folder: Path, lang: Lang) -> int:
    """Tell what isn't known and how many rows were rejected; return the exit code."""
    said = words(lang)["told"]
    for consequence in loading.consequences(lang):
        tell(said["unknown"].format(consequence=one_line(consequence)))
    if not loading.rejected:
        return DONE
    tell(said["rejected"].format(rows=counted(loading.rejected, said["rows"], lang), folder=folder))
    return SOME_LEFT
