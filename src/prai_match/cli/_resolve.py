"""``prai-match resolve``: official codes beside the names of a file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, get_args

import click
import polars as pl

from prai_match import register
from prai_match.cli._commands import DONE, SOME_LEFT, Command
from prai_match.cli._output import STDOUT, deliver, for_programs, one_line, read_by_a_person, show, tell, words
from prai_match.cli._programme import memory_option
from prai_match.cli._table import SHOWN, FileTable, read_table, table_options, tell_counts, tell_more
from prai_match.cli._types import Among
from prai_match.errors import UnknownCodeError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from prai_match.model import Lang

_TO_DECIDE: Final = ("ambiguous", "unknown")
_COLUMNS: Final = ("code", "name", "kind", "status", "score", "reason", "because", "note", "candidates")


def command(lang: Lang) -> Command:
    texts, metavars = words(lang)["resolve"], words(lang)["metavars"]
    kinds = Among(get_args(register.Kind), lang)
    own = (
        click.Option(["--department"], metavar=metavars["column_or_value"], help=texts["department"]),
        click.Option(["--kind"], type=kinds, metavar=metavars["kind"], help=texts["kind"]),
    )
    params = [*table_options(lang, texts["column"], *own), memory_option(lang)]
    return Command("resolve", lang=lang, params=params, callback=partial(_run, lang))


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
    table = read_table(file, columns, sheet, out, lang)
    places = [table.place(label, lang) for label in columns]
    answers = _answers(table, places, _departments(table, department, places, lang), kind, lang)
    statuses = dict(answers.group_by("status").len().iter_rows())
    tell(words(lang)["told"]["read"].format(file=table.file, count=answers.height))
    tell_counts(((text, statuses.get(status, 0)) for status, text in words(lang)["resolve"]["counts"].items()), lang)
    if out is None and read_by_a_person():
        _show(table, answers, lang)
    else:
        to = out or STDOUT
        deliver(table.beside(answers.select(_COLUMNS) if for_programs(to) else _in_words(answers, lang)), to, lang)
    return SOME_LEFT if any(statuses.get(status) for status in _TO_DECIDE) else DONE


def _departments(table: FileTable, option: str | None, but: Sequence[int], lang: Lang) -> pl.Series | str | None:
    """The département of the rows: a column, or the same for all."""
    texts = words(lang)["resolve"]
    if option is None:
        place = table.departement(but)
        if place is None:
            return None
        tell(texts["found"].format(label=one_line(table.header[place])))
        return table.texts([place]).to_series()
    if option == "":
        return None
    if table.places(option):
        return table.texts([table.place(option, lang)]).to_series()
    try:
        register.resolve("", department=option)
    except UnknownCodeError:
        labels = ", ".join(one_line(label) for label in table.header if label)
        raise click.UsageError(texts["no_department"].format(asked=option, labels=labels)) from None
    return option


def _answers(
    table: FileTable, places: Sequence[int], departments: pl.Series | str | None, kind: register.Kind | None, lang: Lang
) -> pl.DataFrame:
    names = table.texts(places)
    parts = [register.resolve(names.clear(), kind=kind).to_polars(lang)]
    for part in table.parts():
        own = departments[part] if isinstance(departments, pl.Series) else departments
        parts.append(register.resolve(names[part], department=own, kind=kind).to_polars(lang))
    return table.answers(parts, pl.col("because"))


def _show(table: FileTable, answers: pl.DataFrame, lang: Lang) -> None:
    rest = answers.with_columns(table.lines.alias("line")).filter(pl.col("status").is_in(_TO_DECIDE))
    rows = rest.head(SHOWN).with_columns(candidates=_candidates(rest.head(SHOWN)))
    for line, text, because, candidates in rows.select("line", "text", "because", "candidates").iter_rows():
        show(words(lang)["resolve"]["left"].format(line=line, text=one_line(text), because=one_line(because)))
        if candidates:
            show(f"    {one_line(candidates)}")
    tell_more(rest.height, lang)


def _candidates(answers: pl.DataFrame) -> pl.Series:
    """Return the candidates of each answer as one text; null where there is none."""
    rows = answers.select("candidates", "candidate_names").with_row_index("row")
    some = rows.filter(pl.col("candidates").list.len() > 0).explode("candidates", "candidate_names")
    texts = some.group_by("row").agg(text=pl.concat_str("candidates", "candidate_names", separator=" ").str.join(" | "))
    return rows.select("row").join(texts, on="row", how="left", maintain_order="left")["text"]


def _in_words(answers: pl.DataFrame, lang: Lang) -> pl.DataFrame:
    labels = words(lang)["resolve"]
    texts = answers.with_columns(
        pl.col("status", "kind").replace(labels["values"]), pl.col("score").round(1), candidates=_candidates(answers)
    )
    return texts.select(pl.col(name).alias(label) for name, label in labels["columns"].items())
