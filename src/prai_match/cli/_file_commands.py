"""``prai-match resolve`` and ``classify``: official codes beside the names of a file, workshops beside its texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, get_args

import click
import polars as pl

from prai_match import needs, register
from prai_match.cli._commands import Command
from prai_match.cli._options import Among, load, memory_option, path_option, reading_options
from prai_match.cli._output import ExitCode, one_line, show, tell, words
from prai_match.cli._table import SHOWN, FileTable, answer, read_table, table_options, tell_counts
from prai_match.errors import UnknownCodeError
from prai_match.needs import Lexicon
from prai_match.text import current_language

_TO_DECIDE: Final = ("ambiguous", "unknown")
_RESOLVE_COLUMNS: Final = ("code", "name", "kind", "status", "score", "reason", "because", "note", "candidates")


def resolve_command() -> Command:
    texts, metavars = words()["resolve"], words()["metavars"]
    own = (
        click.Option(["--department"], metavar=metavars["column_or_value"], help=texts["department"]),
        click.Option(["--kind"], type=Among(get_args(register.Kind)), metavar=metavars["kind"], help=texts["kind"]),
    )
    return Command("resolve", params=[*table_options(texts["column"], *own), memory_option()], callback=_resolve)


def _resolve(  # noqa: PLR0913 - the options of the command
    file: Path,
    *,
    columns: Sequence[str],
    department: str | None,
    kind: register.Kind | None,
    out: Path | None,
    sheet: str | None,
) -> int:
    table = read_table(file, columns, sheet, out)
    places = [table.place(label) for label in columns]
    answers = _codes(table, places, _departments(table, department, places), kind)
    statuses = dict(answers.group_by("status").len().iter_rows())
    tell(words()["told"]["read"].format(file=table.file, count=answers.height))
    tell_counts(((text, statuses.get(status, 0)) for status, text in words()["resolve"]["counts"].items()))
    answer(table, answers, out, _RESOLVE_COLUMNS, _show_doubts, _codes_in_words)
    return ExitCode.SOME_LEFT if any(statuses.get(status) for status in _TO_DECIDE) else ExitCode.DONE


def _departments(table: FileTable, option: str | None, but: Sequence[int]) -> pl.Series | str | None:
    """The département of the rows: a column, or the same for all."""
    texts = words()["resolve"]
    if option is None:
        if (place := table.departement(but)) is None:
            return None
        tell(texts["found"].format(label=one_line(table.header[place])))
        return table.texts([place]).to_series()
    if option == "":
        return None
    if table.places(option):
        return table.texts([table.place(option)]).to_series()
    try:
        register.resolve("", department=option)
    except UnknownCodeError:
        labels = ", ".join(one_line(label) for label in table.header if label)
        raise click.UsageError(texts["no_department"].format(asked=option, labels=labels)) from None
    return option


def _codes(
    table: FileTable, places: Sequence[int], departments: pl.Series | str | None, kind: register.Kind | None
) -> pl.DataFrame:
    names = table.texts(places)
    parts = [register.resolve(names.clear(), kind=kind).to_polars()]
    for part in table.parts():
        own = departments[part] if isinstance(departments, pl.Series) else departments
        parts.append(register.resolve(names[part], department=own, kind=kind).to_polars())
    return table.answers(parts, pl.col("because"))


def _show_doubts(answers: pl.DataFrame) -> int:
    rest = answers.filter(pl.col("status").is_in(_TO_DECIDE))
    rows = rest.head(SHOWN).with_columns(candidates=_candidates(rest.head(SHOWN)))
    for line, text, because, candidates in rows.select("line", "text", "because", "candidates").iter_rows():
        show(words()["resolve"]["left"].format(line=line, text=one_line(text), because=one_line(because)))
        if candidates:
            show(f"    {one_line(candidates)}")
    return rest.height


def _candidates(answers: pl.DataFrame) -> pl.Series:
    """Return the candidates of each answer as one text; null where there is none."""
    rows = answers.select("candidates", "candidate_names").with_row_index("row")
    some = rows.filter(pl.col("candidates").list.len() > 0).explode("candidates", "candidate_names")
    texts = some.group_by("row").agg(text=pl.concat_str("candidates", "candidate_names", separator=" ").str.join(" | "))
    return rows.select("row").join(texts, on="row", how="left", maintain_order="left")["text"]


def _codes_in_words(answers: pl.DataFrame) -> pl.DataFrame:
    labels = words()["resolve"]
    return answers.with_columns(
        pl.col("status", "kind").replace(labels["values"]), pl.col("score").round(1), candidates=_candidates(answers)
    ).select(pl.col(name).alias(label) for name, label in labels["columns"].items())


_CLASSIFY_COLUMNS: Final = ("workshop", "axis", "score", "terms", "reason", "because")


def classify_command() -> Command:
    texts = words()["classify"]
    own = (
        path_option("--lexicon", "file", texts["lexicon"]),
        path_option("--programme", "folder", texts["programme"]),
        click.Option(["--only"], is_flag=True, help=texts["only"]),
    )
    return Command("classify", params=[*table_options(texts["column"], *own), *reading_options()], callback=_classify)


def _classify(  # noqa: PLR0913 - the options of the command
    file: Path,
    *,
    columns: Sequence[str],
    lexicon: Path | None,
    programme: Path | None,
    out: Path | None,
    sheet: str | None,
    only: bool,
) -> int:
    texts = words()["classify"]
    if lexicon and programme:
        raise click.UsageError(texts["one_of"])
    table = read_table(file, columns, sheet, out)
    answers = _workshops(table, [table.place(label) for label in columns], _lexicon(lexicon, programme))
    tell(words()["told"]["read"].format(file=table.file, count=answers.height))
    for column in ("workshop", "because"):
        counts = answers.drop_nulls(column).group_by(column).len()
        tell_counts(counts.sort("len", column, descending=[True, False]).iter_rows())
    asks = answers["workshop"].is_not_null()
    if only:
        tell(texts["kept"].format(kept=asks.sum(), count=answers.height))
    answer(table, answers, out, _CLASSIFY_COLUMNS, _show_workshops, _workshops_in_words, asks if only else None)
    return ExitCode.SOME_LEFT if table.faults.count() else ExitCode.DONE


def _lexicon(file: Path | None, programme: Path | None) -> Lexicon:
    return load(programme)[0].lexicon if programme else Lexicon.load(file) if file else Lexicon.bundled()


def _workshops(table: FileTable, places: Sequence[int], lexicon: Lexicon) -> pl.DataFrame:
    texts = table.texts(places).select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True)).to_series()
    parts = [needs.classify(text, lexicon) for text in (texts.clear(), *(texts[part] for part in table.parts()))]
    sentences = {reason: needs.reason_sentence(reason, current_language()) for reason in needs.REASONS}
    return table.answers(parts, pl.col("reason").replace_strict(sentences, default=None, return_dtype=pl.String))


def _show_workshops(answers: pl.DataFrame) -> int:
    asking = answers.filter(pl.col("workshop").is_not_null())
    for line, workshop, axis, text in asking.head(SHOWN).select("line", "workshop", "axis", "text").iter_rows():
        subject = " / ".join(name for name in (workshop, axis) if name)
        show(words()["classify"]["asks"].format(line=line, named=subject, text=one_line(text)))
    return asking.height


def _workshops_in_words(answers: pl.DataFrame) -> pl.DataFrame:
    texts = answers.with_columns(pl.col("score").round(1), pl.col("terms").list.join(", ").replace("", None))
    return texts.select(pl.col(name).alias(label) for name, label in words()["classify"]["columns"].items())
