"""A file of any format as the commands read it: its own columns, all its rows, and the columns that were asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import click
import polars as pl

from prai_match.cli._output import STDOUT, one_line, tell
from prai_match.cli._programme import memory
from prai_match.cli._words import words
from prai_match.errors import did_you_mean
from prai_match.io import TABLES, Memory, grids, key, matched, plain, restored, spelt
from prai_match.text import messages, number, tracked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from prai_match.io import Grid
    from prai_match.model import Lang

UNREADABLE: Final = "unreadable_row"
"""The reason of a row that can't be split into cells."""

_ROWS_AT_ONCE: Final = 20_000


@dataclass(frozen=True, eq=False)
class Table:
    """The rows of a file, in its order; those that can't be split into cells have their text in the first column.

    Attributes:
        file: How messages name it.
        header: The labels as they are written.
        rows: The columns of the file, labels made distinct.
        lines: The line of each row.
        faults: For each row why it can't be split; null where it can.
    """

    file: str
    header: tuple[str, ...]
    rows: pl.DataFrame
    lines: pl.Series
    faults: pl.Series

    def place(self, asked: str, lang: Lang) -> int:
        """Return the place of a column by its label: as written, else case, accents and punctuation aside."""
        said, found = words(lang)["table"], self.places(asked)
        if len(found) == 1:
            return found[0]
        if found:
            several = ", ".join(one_line(self.header[place]) for place in found)
            raise click.UsageError(said["many_columns"].format(file=self.file, asked=asked, labels=several))
        labels = [one_line(label) for label in self.header if label]
        near = did_you_mean(asked, labels, lang)
        raise click.UsageError(
            said["no_column"].format(file=self.file, asked=asked, near=near, labels=", ".join(labels))
        )

    def places(self, asked: str) -> list[int]:
        """Return the places of the columns of a label."""
        return [place for place, label in enumerate(self.header) if label == asked] or _alike(self.header, asked)

    def departement(self, but: Sequence[int]) -> int | None:
        """Return the place of the column whose label says that it holds the département, or None."""
        (communes,) = (table for table in TABLES if table.name == "collectivities")
        found = (match.place for match in matched(communes, self.header, {}) if match.column == "departement")
        return next((place for place in found if place not in but), None)

    def texts(self, places: Sequence[int]) -> pl.DataFrame:
        """Return columns as texts, null in the rows that can't be split."""
        said = _spelt(self.rows.select(self.rows.columns[place] for place in places))
        return said.select(pl.when(self.faults.is_null()).then(pl.all()))

    def parts(self) -> Iterable[slice]:
        """Return parts of the rows one after the other, with a bar where they are long to go through."""
        starts = range(0, self.rows.height, _ROWS_AT_ONCE)
        return tracked([slice(start, start + _ROWS_AT_ONCE) for start in starts])

    def beside(self, added: pl.DataFrame) -> pl.DataFrame:
        """Return the rows with columns added, whose names give way to those of the file."""
        names = distinct([*self.rows.columns, *added.columns])[self.rows.width :]
        return pl.concat([self.rows, added.rename(dict(zip(added.columns, names, strict=True)))], how="horizontal")


def opened(path: Path, asked: Sequence[str], sheet: str | None, lang: Lang) -> Table:
    """Read the table of a file.

    Args:
        path: The file.
        asked: Labels of columns, by which the row of labels is found below titles, and the sheet of a workbook.
        sheet: Name of the sheet.
        lang: Language of what is said.
    """
    known = {key(label) for label in asked} - {""}
    grid = _chosen(
        grids(path, known=lambda label: key(label) in known, memory=Memory(memory())), path.name, asked, sheet, lang
    )
    if grid.set_aside.height:
        tell(words(lang)["table"]["set_aside"].format(file=grid.file, count=grid.set_aside.height))
    return _table(grid, lang)


def spares(path: Path, out: Path | None, lang: Lang) -> None:
    """Refuse to write over the file that is read."""
    if out and out != STDOUT and out.exists() and path.exists() and out.samefile(path):
        raise click.UsageError(words(lang)["table"]["same_file"].format(file=path))


def distinct(labels: Iterable[str]) -> list[str]:
    """Return labels that are neither empty nor twice the same."""
    names: dict[str, None] = {}
    for place, label in enumerate(labels, 1):
        name = label or f"({place})"
        number = 2
        while name in names:
            name = f"{label or place} ({number})"
            number += 1
        names[name] = None
    return list(names)


def _alike(labels: Sequence[str], asked: str) -> list[int]:
    wanted = key(asked)
    return [place for place, label in enumerate(labels) if wanted and key(label) == wanted]


def _chosen(parts: Sequence[Grid], file: str, asked: Sequence[str], sheet: str | None, lang: Lang) -> Grid:
    said, names = words(lang)["table"], [part.name for part in parts]
    if sheet is not None:
        if sheet not in names:
            near, sheets = did_you_mean(sheet, names, lang), ", ".join(map(one_line, names))
            raise click.UsageError(said["no_sheet"].format(file=file, asked=sheet, near=near, sheets=sheets))
        return parts[names.index(sheet)]
    fitting = [part for part in parts if all(label in part.header or _alike(part.header, label) for label in asked)]
    if len(parts) == 1 or len(fitting) == 1:
        return (fitting or parts)[0]
    raise click.UsageError(said["many_sheets"].format(file=file, sheets=", ".join(map(one_line, names))))


def _spelt(cells: pl.DataFrame) -> pl.DataFrame:
    cells = plain(cells)
    return cells.select(spelt(pl.col(name), dtype).cast(pl.String) for name, dtype in cells.schema.items())


def _table(grid: Grid, lang: Lang) -> Table:
    names = distinct(grid.header)
    cells = grid.cells.rename(dict(zip(grid.cells.columns, names, strict=True)))
    if grid.format in {"csv", "tsv"}:
        cells = cells.with_columns(restored(pl.col(pl.String)))
    line, fault = distinct([*names, "line", "fault"])[-2:]
    whole = cells.with_columns(grid.lines.cast(pl.UInt32).alias(line), pl.lit(None, pl.String).alias(fault))
    if grid.faults.height:
        said, why = words(lang)["table"]["fault"], messages("prai_match.io", "errors", lang)
        faults = {reason: said.format(**why[f"row_{reason}"]) for reason in grid.faults["reason"].unique()}
        broken = grid.faults.select(
            pl.col("text").alias(names[0]),
            pl.col("line").cast(pl.UInt32).alias(line),
            pl.col("reason").replace_strict(faults, return_dtype=pl.String).alias(fault),
        )
        texts = whole.with_columns(_spelt(whole.select(names[0])))
        whole = pl.concat([texts, broken], how="diagonal").sort(line, maintain_order=True)
    return Table(grid.file, grid.header, whole.select(names), whole[line], whole[fault])


def counted(counts: Iterable[tuple[str, int]], lang: Lang) -> str:
    """Return counts as lines; those of nothing are left out."""
    return "\n".join(f"  {number(count, 0, lang):>7}  {said}" for said, count in counts if count)
