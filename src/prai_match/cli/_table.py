"""A file of any format as the commands read it: its columns, all its rows, and the requested columns."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
import polars as pl

from prai_match.cli import _commands
from prai_match.cli._output import STDOUT, deliver, for_programs, one_line, read_by_a_person, show, tell, words
from prai_match.errors import did_you_mean
from prai_match.io import TABLES, Grid, Memory, grids, key, matched, plain, restored, spelt
from prai_match.text import current_language, messages, number, tracked

_SHOWN: Final = 40  # rows that a terminal shows
_ROWS_AT_ONCE: Final = 20_000


@dataclass(frozen=True, eq=False)
class FileTable:
    """The rows of a file, in order, with the line of each and the reason why it can't be split, or null."""

    file: str
    header: tuple[str, ...]
    rows: pl.DataFrame
    lines: pl.Series
    faults: pl.Series

    def place(self, label: str) -> int:
        """Return the index of a column by its label: as written, else ignoring case, accents and punctuation."""
        texts, places = words()["table"], self.places(label)
        if len(places) == 1:
            return places[0]
        if places:
            several = ", ".join(one_line(self.header[place]) for place in places)
            raise click.UsageError(texts["many_columns"].format(file=self.file, asked=label, labels=several))
        labels = [one_line(label) for label in self.header if label]
        near = did_you_mean(label, labels, current_language())
        raise click.UsageError(
            texts["no_column"].format(file=self.file, asked=label, near=near, labels=", ".join(labels))
        )

    def places(self, label: str) -> list[int]:
        return [place for place, own in enumerate(self.header) if own == label] or _alike(self.header, label)

    def departement(self, but: Sequence[int]) -> int | None:
        """Return the index of the column whose label means département, or None."""
        (communes,) = (table for table in TABLES if table.name == "collectivities")
        places = (match.place for match in matched(communes, self.header, {}) if match.column == "departement")
        return next((place for place in places if place not in but), None)

    def texts(self, places: Sequence[int]) -> pl.DataFrame:
        """Return columns as texts, null in the rows that can't be split."""
        cells = _as_texts(self.rows.select(self.rows.columns[place] for place in places))
        return cells.select(pl.when(self.faults.is_null()).then(pl.all()))

    def answers(self, find: Callable[[slice], pl.DataFrame], sentences: pl.Expr) -> pl.DataFrame:
        """Return the answers for all rows, computed in parts, with ``reason`` and its sentence ``because``."""
        unread = pl.when(self.faults.is_not_null()).then(pl.lit("unreadable_row"))
        parts = [slice(start, start + _ROWS_AT_ONCE) for start in range(0, self.rows.height, _ROWS_AT_ONCE)]
        return pl.concat([find(slice(0)), *map(find, tracked(parts))]).with_columns(
            reason=pl.coalesce(unread, "reason"), because=pl.coalesce(self.faults, sentences)
        )

    def beside(self, answers: pl.DataFrame) -> pl.DataFrame:
        """Return the rows with added columns, which are renamed if the file has columns with these names."""
        names = _distinct([*self.rows.columns, *answers.columns])[self.rows.width :]
        return pl.concat([self.rows, answers.rename(dict(zip(answers.columns, names, strict=True)))], how="horizontal")


def command(
    name: str, callback: Callable[..., int], own: Iterable[click.Option], last: Iterable[click.Option]
) -> _commands.Command:
    """Return a command on columns of a file: with these, its own options, and where the answer goes."""
    metavar = words()["metavars"]["name"]
    return _commands.Command(
        name,
        _commands.path_argument("file"),
        click.Option(["--column", "columns"], metavar=metavar, multiple=True, required=True),
        *own,
        click.Option(["--out"], type=_commands.out()),
        click.Option(["--sheet"], metavar=metavar),
        *last,
        callback=callback,
    )


def read_table(path: Path, labels: Sequence[str], sheet: str | None, out: Path | None, max_memory: int) -> FileTable:
    """Read the table of a file, which must not be ``out``; requested labels identify the header row and the sheet."""
    if out and out != STDOUT and out.exists() and path.exists() and out.samefile(path):
        raise click.UsageError(words()["table"]["same_file"].format(file=path))
    keys = {key(label) for label in labels} - {""}
    parts = grids(path, known=lambda label: key(label) in keys, memory=Memory(max_memory))
    grid = _grid(parts, path.name, labels, sheet)
    if grid.set_aside.height:
        tell(words()["table"]["set_aside"].format(file=grid.file, count=grid.set_aside.height))
    return _table(grid)


def _distinct(labels: Iterable[str]) -> list[str]:
    names: dict[str, None] = {}
    for place, label in enumerate(labels, 1):
        name, number = label or f"({place})", 2
        while name in names:
            name = f"{label or place} ({number})"
            number += 1
        names[name] = None
    return list(names)


def _alike(labels: Sequence[str], label: str) -> list[int]:
    own = key(label)
    return [place for place, other in enumerate(labels) if own and key(other) == own]


def _grid(parts: Sequence[Grid], file: str, labels: Sequence[str], sheet: str | None) -> Grid:
    texts, names = words()["table"], [part.name for part in parts]
    sheets = ", ".join(map(one_line, names))
    if sheet is not None:
        if sheet not in names:
            near = did_you_mean(sheet, names, current_language())
            raise click.UsageError(texts["no_sheet"].format(file=file, asked=sheet, near=near, sheets=sheets))
        return parts[names.index(sheet)]
    fitting = [part for part in parts if all(label in part.header or _alike(part.header, label) for label in labels)]
    if len(parts) == 1 or len(fitting) == 1:
        return (fitting or parts)[0]
    raise click.UsageError(texts["many_sheets"].format(file=file, sheets=sheets))


def _as_texts(cells: pl.DataFrame) -> pl.DataFrame:
    cells = plain(cells)
    return cells.select(spelt(pl.col(name), dtype).cast(pl.String) for name, dtype in cells.schema.items())


def _table(grid: Grid) -> FileTable:
    names = _distinct(grid.header)
    cells = grid.cells.rename(dict(zip(grid.cells.columns, names, strict=True)))
    cells = cells.with_columns(restored(pl.col(pl.String))) if grid.format in {"csv", "tsv"} else cells
    line, fault = _distinct([*names, "line", "fault"])[-2:]
    whole = cells.with_columns(grid.lines.cast(pl.UInt32).alias(line), pl.lit(None, pl.String).alias(fault))
    if grid.faults.height:
        text, why = words()["table"]["fault"], messages("prai_match.io", "errors", current_language())
        faults = {reason: text.format(**why[f"row_{reason}"]) for reason in grid.faults["reason"].unique()}
        broken = grid.faults.select(
            pl.col("text").alias(names[0]),
            pl.col("line").cast(pl.UInt32).alias(line),
            pl.col("reason").replace_strict(faults, return_dtype=pl.String).alias(fault),
        )
        texts = whole.with_columns(_as_texts(whole.select(names[0])))
        whole = pl.concat([texts, broken], how="diagonal").sort(line, maintain_order=True)
    return FileTable(grid.file, grid.header, whole.select(names), whole[line], whole[fault])


def tell_counts(counts: Iterable[tuple[str, int]]) -> None:
    tell("\n".join(f"  {number(count, 0, current_language()):>7}  {text}" for text, count in counts if count))


def answer(  # noqa: PLR0913, PLR0917 - what the commands do each in its way
    name: str,
    table: FileTable,
    answers: pl.DataFrame,
    out: Path | None,
    columns: Sequence[str],
    in_words: pl.DataFrame,
    asked: pl.Expr,
    lines: Callable[[pl.DataFrame], Iterator[str]],
    *,
    only: bool = False,
) -> None:
    """Deliver the rows with their answers, all or those requested; at a terminal, show the main ones."""
    if out or not read_by_a_person():
        to, labels = out or STDOUT, words()[name]["columns"]
        told = in_words.select(pl.col(column).alias(label) for column, label in labels.items())
        rows = table.beside(answers.select(columns) if for_programs(to) else told)
        deliver(rows.filter(answers.select(asked).to_series()) if only else rows, to)
        return
    some = answers.with_columns(table.lines.alias("line")).filter(asked)
    for line in lines(some.head(_SHOWN)):
        show(line)
    if some.height > _SHOWN:
        show(words()["told"]["more"].format(count=some.height - _SHOWN))
