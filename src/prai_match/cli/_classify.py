"""``prai-match classify``: the workshop that each text of a file asks for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import click
import polars as pl

from prai_match import needs
from prai_match.cli._commands import DONE, SOME_LEFT, Command
from prai_match.cli._output import STDOUT, deliver, for_programs, one_line, read_by_a_person, show, tell, words
from prai_match.cli._programme import load, path_option, reading_options
from prai_match.cli._table import SHOWN, FileTable, read_table, table_options, tell_counts, tell_more
from prai_match.needs import Lexicon

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from prai_match.model import Lang

_COLUMNS: Final = ("workshop", "axis", "score", "terms", "reason", "because")


def command(lang: Lang) -> Command:
    texts = words(lang)["classify"]
    own = (
        path_option("--lexicon", "file", texts["lexicon"], lang),
        path_option("--programme", "folder", texts["programme"], lang),
        click.Option(["--only"], is_flag=True, help=texts["only"]),
    )
    params = [*table_options(lang, texts["column"], *own), *reading_options(lang)]
    return Command("classify", lang=lang, params=params, callback=partial(_run, lang))


def _run(  # noqa: PLR0913 - the options of the command
    lang: Lang,
    file: Path,
    *,
    columns: Sequence[str],
    lexicon: Path | None,
    programme: Path | None,
    out: Path | None,
    sheet: str | None,
    only: bool,
) -> int:
    texts = words(lang)["classify"]
    if lexicon and programme:
        raise click.UsageError(texts["one_of"])
    table = read_table(file, columns, sheet, out, lang)
    answers = _answers(table, [table.place(label, lang) for label in columns], _lexicon(lexicon, programme, lang), lang)
    _tell_counts(table, answers, lang)
    asks = answers["workshop"].is_not_null()
    if only:
        tell(texts["kept"].format(kept=asks.sum(), count=answers.height))
    if out is None and read_by_a_person():
        _show(table, answers, lang)
    else:
        to = out or STDOUT
        rows = table.beside(answers.select(_COLUMNS) if for_programs(to) else _in_words(answers, lang))
        deliver(rows.filter(asks) if only else rows, to, lang)
    return SOME_LEFT if table.faults.count() else DONE


def _lexicon(file: Path | None, programme: Path | None, lang: Lang) -> Lexicon:
    if programme:
        return load(programme, lang)[0].lexicon
    return Lexicon.load(file) if file else Lexicon.bundled()


def _answers(table: FileTable, places: Sequence[int], lexicon: Lexicon, lang: Lang) -> pl.DataFrame:
    texts = table.texts(places).select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True)).to_series()
    parts = [needs.classify(text, lexicon) for text in (texts.clear(), *(texts[part] for part in table.parts()))]
    sentences = {reason: needs.reason_sentence(reason, lang) for reason in needs.REASONS}
    return table.answers(parts, pl.col("reason").replace_strict(sentences, default=None, return_dtype=pl.String))


def _tell_counts(table: FileTable, answers: pl.DataFrame, lang: Lang) -> None:
    tell(words(lang)["told"]["read"].format(file=table.file, count=answers.height))
    for column in ("workshop", "because"):
        counts = answers.drop_nulls(column).group_by(column).len()
        tell_counts(counts.sort("len", column, descending=[True, False]).iter_rows(), lang)


def _show(table: FileTable, answers: pl.DataFrame, lang: Lang) -> None:
    asking = answers.with_columns(table.lines.alias("line")).filter(pl.col("workshop").is_not_null())
    for line, workshop, axis, text in asking.head(SHOWN).select("line", "workshop", "axis", "text").iter_rows():
        subject = " / ".join(name for name in (workshop, axis) if name)
        show(words(lang)["classify"]["asks"].format(line=line, named=subject, text=one_line(text)))
    tell_more(asking.height, lang)


def _in_words(answers: pl.DataFrame, lang: Lang) -> pl.DataFrame:
    texts = answers.with_columns(pl.col("score").round(1), pl.col("terms").list.join(", ").replace("", None))
    return texts.select(pl.col(name).alias(label) for name, label in words(lang)["classify"]["columns"].items())
