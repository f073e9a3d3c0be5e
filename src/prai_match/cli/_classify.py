"""``prai-match classify``: the workshop that each text of a file asks for."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import polars as pl

from prai_match import needs
from prai_match.cli._commands import DONE, SOME_LEFT, Command
from prai_match.cli._output import STDOUT, deliver, for_programs, one_line, read_by_a_person, show, tell
from prai_match.cli._programme import loaded, the_reading
from prai_match.cli._table import UNREADABLE, Table, counted, opened, spares
from prai_match.cli._types import Out
from prai_match.cli._words import words
from prai_match.needs import Lexicon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prai_match.model import Lang

_SHOWN: Final = 40
_ADDED: Final = ("workshop", "axis", "score", "terms", "reason", "because")


def command(lang: Lang) -> Command:
    """Return the command."""
    said, options, metavars = words(lang)["classify"], words(lang)["options"], words(lang)["metavars"]
    path = click.Path(path_type=Path)
    return Command(
        "classify",
        lang=lang,
        params=[
            click.Argument(["file"], metavar=metavars["file"], type=path),
            click.Option(
                ["--column", "columns"], metavar=metavars["name"], multiple=True, required=True, help=said["column"]
            ),
            click.Option(["--lexicon"], metavar=metavars["file"], type=path, help=said["lexicon"]),
            click.Option(["--programme"], metavar=metavars["folder"], type=path, help=said["programme"]),
            click.Option(["--only"], is_flag=True, help=said["only"]),
            click.Option(["--out"], type=Out(lang), help=options["out"]),
            click.Option(["--sheet"], metavar=metavars["name"], help=options["sheet"]),
            *the_reading(lang),
        ],
        callback=partial(_run, lang),
    )


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
    said = words(lang)["classify"]
    if lexicon and programme:
        raise click.UsageError(said["one_of"])
    spares(file, out, lang)
    table = opened(file, columns, sheet, lang)
    places = [table.place(label, lang) for label in columns]
    found = _answers(table, places, _lexicon(lexicon, programme, lang), lang)
    _tell_counts(table, found, lang)
    kept = found["workshop"].is_not_null() if only else pl.repeat(value=True, n=found.height, eager=True)
    if only:
        tell(said["kept"].format(kept=kept.sum(), count=found.height))
    if out is None and read_by_a_person():
        _show(table, found, lang)
    else:
        to = out or STDOUT
        added = found.select(_ADDED) if for_programs(to) else _in_words(found, lang)
        deliver(table.beside(added).filter(kept), to)
        if to != STDOUT:
            tell(words(lang)["told"]["written"].format(path=to))
    return SOME_LEFT if table.faults.count() else DONE


def _lexicon(file: Path | None, programme: Path | None, lang: Lang) -> Lexicon:
    if programme:
        return loaded(programme, lang)[0].lexicon
    return Lexicon.load(file) if file else Lexicon.bundled()


def _answers(table: Table, places: Sequence[int], lexicon: Lexicon, lang: Lang) -> pl.DataFrame:
    """The answers, one for each row of the table."""
    texts = table.texts(places).select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True)).to_series()
    parts = [needs.classify(texts.clear(), lexicon)]
    parts += [needs.classify(texts[part], lexicon) for part in table.parts()]
    sentences = {reason: needs.reason_sentence(reason, lang) for reason in needs.REASONS}
    unread = pl.when(table.faults.is_not_null()).then(pl.lit(UNREADABLE))
    return pl.concat(parts).with_columns(
        reason=pl.coalesce(unread, "reason"),
        because=pl.coalesce(
            table.faults, pl.col("reason").replace_strict(sentences, default=None, return_dtype=pl.String)
        ),
    )


def _tell_counts(table: Table, found: pl.DataFrame, lang: Lang) -> None:
    """Say how many texts ask for each workshop, and why the others ask for none."""
    tell(words(lang)["told"]["read"].format(file=table.file, count=found.height))
    for column in ("workshop", "because"):
        counts = (
            found.filter(pl.col(column).is_not_null())
            .group_by(column)
            .len()
            .sort(-pl.col("len").cast(pl.Int64), column)
        )
        tell(counted(counts.iter_rows(), lang))


def _show(table: Table, found: pl.DataFrame, lang: Lang) -> None:
    """Print the texts that ask for a workshop."""
    asking = found.with_columns(table.lines.alias("line")).filter(pl.col("workshop").is_not_null())
    rows = asking.head(_SHOWN).select("line", "workshop", "axis", "text")
    for line, workshop, axis, text in rows.iter_rows():
        named = " / ".join(name for name in (workshop, axis) if name)
        show(words(lang)["classify"]["asks"].format(line=line, named=named, text=one_line(text)))
    if asking.height > _SHOWN:
        show(words(lang)["told"]["more"].format(count=asking.height - _SHOWN))


def _in_words(found: pl.DataFrame, lang: Lang) -> pl.DataFrame:
    """Return the columns that are added to a spreadsheet, with labels in ``lang``."""
    said = found.with_columns(pl.col("score").round(1), pl.col("terms").list.join(", ").replace("", None))
    return said.select(pl.col(name).alias(label) for name, label in words(lang)["classify"]["columns"].items())
