"""The program ``prai-match`` in a language, and its commands except those on the rows of a file."""

import datetime as dt
import shlex
import shutil
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
import polars as pl

from prai_match import demo, doctor, gaps, io, report
from prai_match._front import Recommendations
from prai_match._version import __version__
from prai_match.cli import _commands, _output
from prai_match.cli._commands import Command, Group
from prai_match.cli._file_commands import classify_command, resolve_command
from prai_match.cli._needs_command import needs_command
from prai_match.cli._output import STDOUT, ExitCode, one_line, show, tell, tell_files, words
from prai_match.errors import UnknownCodeError
from prai_match.files import put
from prai_match.model import Lang
from prai_match.plan import Plan, marks, together_of_all
from prai_match.policy import Policy
from prai_match.text import current_language, masked, number, page


def application() -> Group:
    """Return the program, whose help, errors and results are in the current language."""
    folder = _commands.path_argument("folder")
    out = click.Option(["--out"], type=_commands.out(), required=True)
    page = click.Option(["--out"], type=_commands.out(("html", "htm")), required=True)
    public = click.Option(["--public"], is_flag=True)
    briefs = click.Option(["--out"], type=_commands.out(("html", "htm")), default=STDOUT)
    service = click.Option(["--service"], metavar=words()["metavars"]["name"], default="")
    time_limit = click.Option(["--time-limit"], type=_commands.amount("S"), default=60)
    season = (click.Option(["--end"], type=_commands.DAY), time_limit)
    return Group(
        "prai-match",
        Command("new", folder, callback=_new),
        Command(
            "check",
            folder,
            _commands.path_option("--rejected", "folder"),
            click.Option(["--strict"], is_flag=True),
            *_commands.reading_options(),
            callback=_check,
        ),
        _command("recommend", _write, [out], top=1, last=[click.Option(["--details"], is_flag=True), public]),
        Command(
            "plan",
            folder,
            click.Option(["--start"], type=_commands.DAY, required=True),
            click.Option(["--end"], type=_commands.DAY, required=True),
            click.Option(["--out"], type=_commands.out(("xlsx", "csv", "ics")), required=True),
            click.Option(["--budget"], type=_commands.amount("EUROS")),
            click.Option(["--on"], type=_commands.DAY),
            _commands.path_option("--policy", "file"),
            click.Option(["--time-limit"], type=_commands.amount("S"), default=60),
            _commands.path_option("--previous", "file"),
            *_commands.reading_options(),
            callback=_plan,
        ),
        Command(
            "gaps",
            folder,
            click.Option(["--on"], type=_commands.DAY, required=True),
            click.Option(["--out"], type=_commands.out(), required=True),
            _commands.path_option("--policy", "file"),
            click.Option(["--top"], type=_commands.count(), default=10),
            *_commands.reading_options(),
            callback=_gaps,
        ),
        _command("brief", _write_briefs, [briefs, public]),
        _command("report", _write_page, [page, service, *season], top=3, last=[public]),
        needs_command(),
        resolve_command(),
        classify_command(),
        Command("doctor", callback=_doctor),
        version=__version__,
    )


def _new(folder: Path) -> int:
    io.template(folder)
    texts = words()["new"]
    show(texts["done"].format(folder=folder, page=texts["page"], quoted=shlex.quote(str(folder))))
    return ExitCode.DONE


def _doctor() -> int:
    diagnosis = doctor.check()
    show(diagnosis.text())
    return ExitCode.DONE if not diagnosis.failed else ExitCode.SOME_LEFT if diagnosis.ok else ExitCode.UNUSABLE


def _command(
    name: str,
    write: Callable[..., None],
    own: Iterable[click.Option],
    *,
    top: int | None = None,
    last: Iterable[click.Option] = (),
) -> Command:
    """Return a command that recommends, then writes what its options request; ``top``: number of sessions, if given."""
    return Command(
        name,
        _commands.path_argument("folder"),
        click.Option(["--on"], type=_commands.DAY, required=True),
        *own,
        _commands.path_option("--policy", "file"),
        *([] if top is None else [click.Option(["--top"], type=_commands.count(), default=top)]),
        click.Option(["--territory", "territories"], metavar="ID", multiple=True),
        *last,
        *_commands.reading_options(),
        callback=partial(_recommend, write),
    )


def _recommend(  # noqa: PLR0913 - the options of the commands
    write: Callable[..., None],
    folder: Path,
    *,
    on: dt.date,
    policy: Path | None,
    top: int = 1,
    territories: Sequence[str],
    follow_links: bool,
    max_memory: int,
    **own: Any,  # noqa: ANN401 - as the command's own options are called
) -> int:
    rules = Policy.load(policy) if policy else None
    programme, loading = _commands.load(folder, follow_links=follow_links, max_memory=max_memory)
    try:
        recs = programme.recommend(on=on, top=top, policy=rules, territories=territories or None)
    except UnknownCodeError as error:
        raise click.UsageError(error.text()) from None
    write(recs, top=top, **own)
    tell(demo.summary(recs, current_language()))
    return _commands.warn(loading, folder)


def _write_page(
    recs: Recommendations,
    *,
    out: Path,
    end: dt.date | None,
    time_limit: float,
    top: int,  # noqa: ARG001 - as for the table
    **options: Any,  # noqa: ANN401 - as they are called by `Recommendations.report`
) -> None:
    if end is not None and end < recs.on:
        raise click.UsageError(words()["report"]["backwards"])
    if end is not None:
        options["plan"] = recs.programme.plan(recs.on, end, policy=recs.policy, time_limit=time_limit)
    if out == STDOUT:
        _output.print_bytes(report.html(recs, **options).encode())
    else:
        tell_files([recs.report(out, **options)])


def _write_briefs(recs: Recommendations, *, out: Path, public: bool, top: int) -> None:  # noqa: ARG001 - as for the table
    """Write the briefs of the offers of some territories or, if all are requested, of what is held together."""
    if len(recs) < len(recs.programme.territories):
        briefs = [rec.brief(public=public) for rec in recs if rec.next]
    else:
        season = recs.together()
        briefs = [season.brief(code, public=public) for code in season.sessions["id"]]
    if out == STDOUT:
        show("\n\n".join(brief.text() for brief in briefs))
    elif briefs:
        put(out, page([brief.document for brief in briefs]).encode())
        tell_files([out])


def _write(recs: Recommendations, *, out: Path, top: int, details: bool, public: bool) -> None:
    lang, season = current_language(), together_of_all(recs.answers)
    if out == STDOUT:
        width = shutil.get_terminal_size().columns
        parts = [
            demo.season(recs, season, lang, width),
            demo.pistes(recs, lang, width),
            demo.table(recs, lang, width, public=public),
        ]
        show("\n\n".join([*parts, *(str(rec.why(public=public)) for rec in recs if details)]))
        return
    columns = [_alternatives(recs)] if top > 1 else []
    reasons = masked([str(rec.why(public=public)) for rec in recs], lang) if details else []
    columns += [pl.Series("explanation", reasons, pl.String)] if details else []
    programs = _output.for_programs(out)
    columns += _together(recs, season, None if programs else lang)
    table = recs.to_polars(public=public).with_columns(columns) if programs else _in_words(recs, columns, public=public)
    _output.deliver(table, out)


def _together(recs: Recommendations, season: Plan, lang: Lang | None) -> list[pl.Series]:
    """Return what becomes of first-choice offers and what they compete for; None gives codes except in sentences."""
    became = season.compare(recs).select("territory", "outcome", together="sentence")
    rows = recs.to_polars().select("territory")
    for each in (became, demo.competes_for(recs, lang)):
        rows = rows.join(each, on="territory", how="left", maintain_order="left")
    outcome = rows["outcome"] if lang is None else rows["outcome"].replace(marks(lang))
    return [outcome, masked(rows["together"], current_language()), rows["competes_for"].fill_null([])]


def _alternatives(recs: Recommendations) -> pl.Series:
    """Return the next best sessions of each territory with a recommendation."""
    best = recs.to_polars().select("territory", "session")
    others = recs.ranking().filter(pl.col("rank") > 1).sort("territory", "rank").group_by("territory").agg("session")
    rows = best.join(others, on="territory", how="left", maintain_order="left")
    sessions = pl.when(pl.col("session").is_not_null()).then("session_right").fill_null([])
    return rows.select(sessions.alias("alternatives")).to_series()


def _in_words(recs: Recommendations, columns: Sequence[pl.Series], *, public: bool) -> pl.DataFrame:
    lang = current_language()
    names, labels = masked(recs.names(lang), lang), words()["recommend"]["columns"]
    return recs.spreadsheet(public=public).with_columns(
        (series.list.eval(pl.element().replace(names)).list.join(", ") if series.dtype == pl.List else series).alias(
            labels[series.name]
        )
        for series in columns
    )


def _gaps(folder: Path, *, on: dt.date, out: Path, policy: Path | None, top: int, **reading: Any) -> int:  # noqa: ANN401 - as above
    rules = Policy.load(policy) if policy else None
    programme, loading = _commands.load(folder, **reading)
    missing = gaps.gaps_of(programme.recommend(on, policy=rules).answers, top)
    if out == STDOUT:
        show(missing.text())
    else:
        programs = _output.for_programs(out)
        _output.deliver(missing.to_polars() if programs else gaps.table(missing, current_language()), out)
    return _commands.warn(loading, folder)


def _check(folder: Path, rejected: Path | None, **reading: Any) -> int:  # noqa: ANN401 - as `load` takes them
    texts = words()["check"]
    _, report = _commands.load(folder, **reading)
    show(report.text())
    if (inexact := report.headers().filter(pl.col("how").is_in(["synonym", "alike"]))).height:
        show("\n" + texts["recognised"])
        for file, label, column, _ in inexact.iter_rows():
            show(texts["column"].format(file=one_line(file), label=one_line(label), column=column))
    if rejected:
        tell_files(report.save_rejected(rejected))
    elif report.rejected:
        tell(texts["hint"])
    return ExitCode.SOME_LEFT if report.rejected else ExitCode.DONE


def _plan(  # noqa: PLR0913 - the options of the command
    folder: Path,
    *,
    start: dt.date,
    end: dt.date,
    out: Path,
    policy: Path | None,
    previous: Path | None,
    follow_links: bool,
    max_memory: int,
    **settings: Any,  # noqa: ANN401 - as they are called by `Programme.plan`
) -> int:
    texts = words()["plan"]
    if end < start:
        raise click.UsageError(texts["backwards"])
    if previous is not None and out.suffix.lower() != ".ics":
        raise click.UsageError(texts["no_calendar"])
    before = None if previous is None else previous.read_bytes()
    rules = Policy.load(policy) if policy else None
    programme, loading = _commands.load(folder, follow_links=follow_links, max_memory=max_memory)
    plan = programme.plan(start, end, policy=rules, **settings)
    if out == STDOUT:
        show(plan.text())
    else:
        tell_files(plan.save(out, previous=before))
        tell("\n".join(plan.summary()[1:]))
    if plan.status == "at_once":
        tell(texts["search"])
    counts = plan.unserved().group_by("sentence").len("count").sort("count", "sentence", descending=[True, False])
    if counts.height:
        lines = (f"  {number(count, 0, current_language()):>5}  {sentence}" for sentence, count in counts.iter_rows())
        tell("\n".join([texts["unserved"], *lines]))
    return _commands.warn(loading, folder)
