"""``prai-match resolve``: official codes beside the names of a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

import click
import polars as pl

from prai_match import register
from prai_match.cli._commands import DONE, SOME_LEFT, Command
from prai_match.cli._output import STDOUT, deliver, for_programs, one_line, read_by_a_person, show, tell
from prai_match.cli._programme import the_memory
from prai_match.cli._table import UNREADABLE, Table, counted, opened, spares
from prai_match.cli._types import Among, Out
from prai_match.cli._words import words
from prai_match.errors import UnknownCodeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prai_match.model import Lang

_TO_DECIDE: Final = ("ambiguous", "unknown")
_SHOWN: Final = 40
_ADDED: Final = ("code", "name", "kind", "status", "score", "reason", "because", "note", "candidates")


def command(lang: Lang) -> Command:
    """Return the command."""
    said, options, metavars = words(lang)["resolve"], words(lang)["options"], words(lang)["metavars"]
    return Command(
        "resolve",
        lang=lang,
        params=[
            click.Argument(["file"], metavar=metavars["file"], type=click.Path(path_type=Path)),
            click.Option(
                ["--column", "columns"], metavar=metavars["name"], multiple=True, required=True, help=said["column"]
            ),
            click.Option(["--department"], metavar=metavars["column_or_value"], help=said["department"]),
            click.Option(
                ["--kind"],
                type=Among(get_args(register.Kind), lang),
                metavar=metavars["kind"],
                help=said["kind"],
            ),
            click.Option(["--out"], type=Out(lang), help=options["out"]),
            click.Option(["--sheet"], metavar=metavars["name"], help=options["sheet"]),
            the_memory(lang),
        ],
        callback=partial(_run, lang),
    )


def _run(  # noqa: PLR0913 - the options of the command
    lang: Lang,
    file: Path,
    *,
    columns: Sequence[str],
    department: str | None,
    kind: register.Kind | None,
    out: Path | None,
    sheet: str | None,
) -> int:
    told = words(lang)["told"]
    spares(file, out, lang)
    table = opened(file, columns, sheet, lang)
    places = [table.place(label, lang) for label in columns]
    found = _answers(table, places, _departments(table, department, places, lang), kind, lang)
    statuses = dict(found.group_by("status").len().iter_rows())
    tell(told["read"].format(file=table.file, count=found.height))
    counts = words(lang)["resolve"]["counts"]
    tell(counted(((said, statuses.get(status, 0)) for status, said in counts.items()), lang))
    if out is None and read_by_a_person():
        _show(table, found, lang)
    else:
        to = out or STDOUT
        deliver(table.beside(found.select(_ADDED) if for_programs(to) else _in_words(found, lang)), to)
        if to != STDOUT:
            tell(told["written"].format(path=to))
    return SOME_LEFT if any(statuses.get(status) for status in _TO_DECIDE) else DONE


def _departments(table: Table, asked: str | None, but: Sequence[int], lang: Lang) -> pl.Series | str | None:
    """The département of the rows: a column, or the same for all."""
    said = words(lang)["resolve"]
    if asked is None:
        place = table.departement(but)
        if place is None:
            return None
        tell(said["found"].format(label=one_line(table.header[place])))
        return table.texts([place]).to_series()
    if asked == "":
        return None
    if table.places(asked):
        return table.texts([table.place(asked, lang)]).to_series()
    try:
        register.resolve("", department=asked)
    except UnknownCodeError:
        labels = ", ".join(one_line(label) for label in table.header if label)
        raise click.UsageError(said["no_department"].format(asked=asked, labels=labels)) from None
    return asked


def _answers(
    table: Table, places: Sequence[int], departments: pl.Series | str | None, kind: register.Kind | None, lang: Lang
) -> pl.DataFrame:
    """The answers, one for each row of the table."""
    names = table.texts(places)
    parts = [register.resolve(names.clear(), kind=kind).to_polars(lang)]
    for part in table.parts():
        named = departments[part] if isinstance(departments, pl.Series) else departments
        parts.append(register.resolve(names[part], department=named, kind=kind).to_polars(lang))
    unread = pl.when(table.faults.is_not_null()).then(pl.lit(UNREADABLE))
    return pl.concat(parts).with_columns(
        reason=pl.coalesce(unread, "reason"), because=pl.coalesce(table.faults, "because")
    )


def _show(table: Table, found: pl.DataFrame, lang: Lang) -> None:
    """Print the rows that need a person."""
    left = found.with_columns(table.lines.alias("line")).filter(pl.col("status").is_in(_TO_DECIDE))
    shown = left.head(_SHOWN).with_columns(candidates=_candidates(left.head(_SHOWN)))
    for line, text, because, candidates in shown.select("line", "text", "because", "candidates").iter_rows():
        show(words(lang)["resolve"]["left"].format(line=line, text=one_line(text), because=one_line(because)))
        if candidates:
            show(f"    {one_line(candidates)}")
    if left.height > _SHOWN:
        show(words(lang)["told"]["more"].format(count=left.height - _SHOWN))


def _candidates(found: pl.DataFrame) -> pl.Series:
    """Return the candidates of each answer as one text; null where there is none."""
    rows = found.select("candidates", "candidate_names").with_row_index("row")
    some = rows.filter(pl.col("candidates").list.len() > 0).explode("candidates", "candidate_names")
    said = some.group_by("row").agg(
        pl.concat_str("candidates", "candidate_names", separator=" ").str.join(" | ").alias("said")
    )
    return rows.select("row").join(said, on="row", how="left", maintain_order="left")["said"]


def _in_words(found: pl.DataFrame, lang: Lang) -> pl.DataFrame:
    """Return the columns that are added to a spreadsheet, with labels and values in ``lang``."""
    labels = words(lang)["resolve"]
    said = found.with_columns(
        pl.col("status", "kind").replace(labels["values"]), pl.col("score").round(1), candidates=_candidates(found)
    )
    return said.select(pl.col(name).alias(label) for name, label in labels["columns"].items())
