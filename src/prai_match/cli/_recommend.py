"""``prai-match recommend``: the next session of each territory, to a file."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING

import click
import polars as pl

from prai_match import demo
from prai_match.cli._commands import Command
from prai_match.cli._output import STDOUT, deliver, for_programs, show, tell
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

    from prai_match._front import Recommendations
    from prai_match.model import Lang


def command(lang: Lang) -> Command:
    """Return the command."""
    said = words(lang)["recommend"]
    return Command(
        "recommend",
        lang=lang,
        params=[
            the_folder(lang),
            the_day(lang),
            click.Option(["--out"], type=Out(lang), required=True, help=said["out"]),
            the_policy(lang),
            click.Option(["--top"], type=Count(lang), default=1, help=said["top"]),
            the_territories(lang),
            click.Option(["--details"], is_flag=True, help=said["details"]),
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
    policy: Path | None,
    top: int,
    territories: Sequence[str],
    details: bool,
) -> int:
    recs, loading = recommended(folder, on, top=top, policy=policy, territories=territories, lang=lang)
    if out == STDOUT:
        show(demo.table(recs, lang, shutil.get_terminal_size().columns))
        if details:
            show("\n" + "\n\n".join(str(rec.why(lang)) for rec in recs))
    else:
        added = [_alternatives(recs)] if top > 1 else []
        added += [_explanations(recs, lang)] if details else []
        deliver(_identified(recs, added, lang) if for_programs(out) else _in_words(recs, added, lang), out)
        tell(words(lang)["told"]["written"].format(path=out))
    return concluded(recs, loading, folder, lang)


def _alternatives(recs: Recommendations) -> pl.Series:
    """For each territory that has a recommendation, the next best sessions with it."""
    best = recs.to_polars().select("territory", "session")
    others = recs.ranking().filter(pl.col("rank") > 1).sort("territory", "rank").group_by("territory").agg("session")
    joined = best.join(others, on="territory", how="left", maintain_order="left")
    listed = pl.when(pl.col("session").is_not_null()).then("session_right").fill_null([])
    return joined.select(listed.alias("alternatives")).to_series()


def _explanations(recs: Recommendations, lang: Lang) -> pl.Series:
    return pl.Series("explanation", [str(rec.why(lang)) for rec in recs], pl.String)


def _identified(recs: Recommendations, added: Sequence[pl.Series], lang: Lang) -> pl.DataFrame:
    """The recommendations with identifiers, for programs."""
    return recs.to_polars(lang).with_columns(added)


def _in_words(recs: Recommendations, added: Sequence[pl.Series], lang: Lang) -> pl.DataFrame:
    """The recommendations with names and labels, for a spreadsheet."""
    names = recs.names(lang)
    spelt = [
        series.list.eval(pl.element().replace(names)).list.join(", ") if series.dtype == pl.List else series
        for series in added
    ]
    labels = words(lang)["recommend"]["columns"]
    return recs.spreadsheet(lang).with_columns(series.alias(labels[series.name]) for series in spelt)
