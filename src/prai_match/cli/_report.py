"""``prai-match report``: the recommendations of a day as one page for a meeting."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from prai_match import report
from prai_match.cli._commands import Command
from prai_match.cli._output import STDOUT, tell
from prai_match.cli._programme import the_reading
from prai_match.cli._recommendation_options import (
    concluded,
    recommended,
    the_day,
    the_folder,
    the_policy,
    the_territories,
)
from prai_match.cli._types import Count, Out
from prai_match.cli._words import words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from prai_match.model import Lang


def command(lang: Lang) -> Command:
    """Return the command."""
    said, name = words(lang)["report"], words(lang)["metavars"]["name"]
    return Command(
        "report",
        lang=lang,
        params=[
            the_folder(lang),
            the_day(lang),
            click.Option(["--out"], type=Out(lang, ("html", "htm")), required=True, help=said["out"]),
            click.Option(["--service"], metavar=name, default="", help=said["service"]),
            the_policy(lang),
            click.Option(["--top"], type=Count(lang), default=3, help=said["top"]),
            the_territories(lang),
            *the_reading(lang),
        ],
        callback=partial(_run, lang),
    )


def _run(  # noqa: PLR0913 - the options of the command
    lang: Lang,
    folder: Path,
    *,
    on: dt.date,
    out: Path,
    service: str,
    policy: Path | None,
    top: int,
    territories: Sequence[str],
) -> int:
    recs, loading = recommended(folder, on, top=top, policy=policy, territories=territories, lang=lang)
    if out == STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(report.html(recs, lang=lang, service=service).encode())
    else:
        tell(words(lang)["told"]["written"].format(path=recs.report(out, lang, service)))
    return concluded(recs, loading, folder, lang)
