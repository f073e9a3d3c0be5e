"""``prai-match recommend`` and ``report``: the next session of each territory, to a file or as one page."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING, Any

import click
import polars as pl

from prai_match import demo, report
from prai_match.cli._commands import Command
from prai_match.cli._output import STDOUT, deliver, for_programs, of_error, print_bytes, show, tell, tell_files, words
from prai_match.cli._programme import load, path_argument, policy_option, reading_options, warn
from prai_match.cli._types import Count, DayType, Out
from prai_match.errors import UnknownCodeError
from prai_match.policy import Policy

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from prai_match._front import Recommendations
    from prai_match.model import Lang


def command(lang: Lang) -> Command:
    texts = words(lang)["recommend"]
    out = click.Option(["--out"], type=Out(lang), required=True, help=texts["out"])
    details = click.Option(["--details"], is_flag=True, help=texts["details"])
    return _command("recommend", lang, _write, [out], top=1, last=[details])


def report_command(lang: Lang) -> Command:
    texts, name = words(lang)["report"], words(lang)["metavars"]["name"]
    out = click.Option(["--out"], type=Out(lang, ("html", "htm")), required=True, help=texts["out"])
    service = click.Option(["--service"], metavar=name, default="", help=texts["service"])
    return _command("report", lang, _write_page, [out, service], top=3)


def _command(  # noqa: PLR0913 - what is its own
    name: str,
    lang: Lang,
    write: Callable[..., None],
    own: Iterable[click.Option],
    *,
    top: int,
    last: Iterable[click.Option] = (),
) -> Command:
    """Return a command that recommends, then writes what its own options say."""
    texts, shared = words(lang)[name], words(lang)["options"]
    return Command(
        name,
        lang=lang,
        params=[
            path_argument("folder", lang),
            click.Option(["--on"], type=DayType(lang), required=True, help=shared["on"]),
            *own,
            policy_option(lang),
            click.Option(["--top"], type=Count(lang), default=top, help=texts["top"]),
            click.Option(["--territory", "territories"], metavar="ID", multiple=True, help=shared["territory"]),
            *last,
            *reading_options(lang),
        ],
        callback=partial(_run, lang, write),
    )


def _run(  # noqa: PLR0913 - the options of the commands
    lang: Lang,
    write: Callable[..., None],
    folder: Path,
    *,
    on: dt.date,
    policy: Path | None,
    top: int,
    territories: Sequence[str],
    **own: Any,  # noqa: ANN401 - as the command's own options are called
) -> int:
    rules = Policy.load(policy) if policy else None
    programme, loading = load(folder, lang)
    try:
        recs = programme.recommend(on=on, top=top, policy=rules, territories=territories or None)
    except UnknownCodeError as error:
        raise click.UsageError(of_error(error, lang)) from None
    write(recs, lang, top=top, **own)
    tell(demo.summary(recs, lang))
    return warn(loading, folder, lang)


def _write_page(recs: Recommendations, lang: Lang, *, out: Path, service: str, top: int) -> None:  # noqa: ARG001 - as for the table
    if out == STDOUT:
        print_bytes(report.html(recs, lang=lang, service=service).encode())
    else:
        tell_files([recs.report(out, lang, service)], lang)


def _write(recs: Recommendations, lang: Lang, *, out: Path, top: int, details: bool) -> None:
    if out == STDOUT:
        show(demo.table(recs, lang, shutil.get_terminal_size().columns))
        if details:
            show("\n" + "\n\n".join(str(rec.why(lang)) for rec in recs))
        return
    columns = [_alternatives(recs)] if top > 1 else []
    columns += [pl.Series("explanation", [str(rec.why(lang)) for rec in recs], pl.String)] if details else []
    table = recs.to_polars(lang).with_columns(columns) if for_programs(out) else _in_words(recs, columns, lang)
    deliver(table, out, lang)


def _alternatives(recs: Recommendations) -> pl.Series:
    """For each territory that has a recommendation, the next best sessions with it."""
    best = recs.to_polars().select("territory", "session")
    others = recs.ranking().filter(pl.col("rank") > 1).sort("territory", "rank").group_by("territory").agg("session")
    rows = best.join(others, on="territory", how="left", maintain_order="left")
    sessions = pl.when(pl.col("session").is_not_null()).then("session_right").fill_null([])
    return rows.select(sessions.alias("alternatives")).to_series()


def _in_words(recs: Recommendations, columns: Sequence[pl.Series], lang: Lang) -> pl.DataFrame:
    names, labels = recs.names(lang), words(lang)["recommend"]["columns"]
    return recs.spreadsheet(lang).with_columns(
        (series.list.eval(pl.element().replace(names)).list.join(", ") if series.dtype == pl.List else series).alias(
            labels[series.name]
        )
        for series in columns
    )
