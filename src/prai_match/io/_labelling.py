"""What an officer states of needs, written into the files of a folder: only the cells of these needs change."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Final

import polars as pl

from prai_match.errors import PraiError
from prai_match.files import put_all
from prai_match.io._outcomes import ROW, Read
from prai_match.io._report import distinct, report_of
from prai_match.io._schema import PROGRAMME
from prai_match.io._write import lexicon_file
from prai_match.io._writing import encoded
from prai_match.io._writing._formats import restored
from prai_match.model import ProgrammeData
from prai_match.needs import Lexicon, lexicon_of
from prai_match.text import current_language

Stated = tuple[str | None, str | None]  # workshop and axis; no workshop if the text asks for none
_STATED: Final = ("workshop", "axis", "score")
_HEADINGS: Final = {"fr": ("Atelier", "Axe", "Score"), "en": ("Workshop", "Axis", "Score")}
_TEXTS: Final = frozenset({"csv", "tsv", "xlsx", "ods"})  # formats whose cells are texts


def save_labels(
    programme: ProgrammeData, folder: str | os.PathLike[str], labels: Mapping[int, Sequence[Stated]]
) -> tuple[list[Path], int]:
    """Write what was stated of needs, by row, into the folder that a programme was loaded from; all of it, or nothing.

    The texts also become examples of the lexicon. Returns the files written, and the number of examples.

    Raises:
        ProgrammeError: An axis isn't one of its workshop.
        PraiError: A file of needs has more than their table; it can't be written in part.
    """
    root, needs = Path(folder), programme.needs.to_polars()
    lexicon = lexicon_of(programme)
    learned = [
        (needs["text"][row], workshop)
        for row, stated in labels.items()
        for workshop, _ in stated
        if needs["text"][row].strip() and (workshop is None or workshop in lexicon.workshops)
    ]
    update: dict[str, Any] = {
        "needs": _stated(needs, dict(zip(_STATED, _STATED, strict=True)), labels).cast({"score": pl.Float64})
    }
    files = _need_files(programme, labels)
    if learned:
        after = lexicon.learn(learned)
        update["lexicon"] = after.data
        files |= _lexicon_files(programme, root, after)
    programme.model_copy(update=update)  # raises if something is contradictory
    put_all(root, files)
    return [root / name for name in files], len(learned)


def _stated(rows: pl.DataFrame, names: Mapping[str, str], labels: Mapping[int, Sequence[Stated]]) -> pl.DataFrame:
    """Return rows, each as often as something is stated of it, with that in the columns of these names, as texts."""
    places = [place for place in range(rows.height) for _ in labels.get(place, (None,))]
    stated = [each for place in range(rows.height) for each in labels.get(place, (None,))]
    values = {
        "workshop": [each and each[0] for each in stated],
        "axis": [each and each[1] for each in stated],
        "score": [None if each is None or each[0] else "0" for each in stated],
    }
    is_stated = pl.Series([each is not None for each in stated], dtype=pl.Boolean)
    missing = [pl.lit(None, pl.String).alias(name) for name in names.values() if name not in rows.columns]
    return rows.with_columns(missing)[places].with_columns(
        pl.when(is_stated)
        .then(pl.Series(values[column], dtype=pl.String))
        .otherwise(pl.col(name).cast(pl.String))
        .alias(name)
        for column, name in names.items()
    )


def _need_files(programme: ProgrammeData, labels: Mapping[int, Sequence[Stated]]) -> dict[str, bytes]:
    """Return the files of needs in which something is stated, by name."""
    report = report_of(programme)
    reads = [] if report is None else report.reads
    others = [read.grid.file for read in reads] + list(report.passed_over if report else ())
    files, first = {}, 0
    for read in reads:
        if read.table.name == "needs":
            rows = read.rows[ROW].to_list()
            own = {row: labels[number] for number, row in enumerate(rows, first) if number in labels}
            first += len(rows)
            if own:
                name = _file_name(read, others)
                files[name] = encoded(_cells(read, own), read.grid.format, sheet=read.grid.name)
    return files


def _file_name(read: Read, others: Sequence[str]) -> str:
    """Return the name of the file of a table that is alone in it."""
    grid = read.grid
    name = grid.file.partition("[")[0] if grid.format in {"xlsx", "ods"} else grid.file
    is_alone = sum(other == name or other.startswith(f"{name}[") for other in others) == 1
    if not is_alone or not set(grid.set_aside["kind"]) <= {"blank"}:
        raise PraiError.of("prai_match.io", "not_alone", file=name)
    return name


def _cells(read: Read, labels: Mapping[int, Sequence[Stated]]) -> pl.DataFrame:
    """Return the cells of a file, as they were typed, with what is stated of its rows."""
    grid, is_text, lang = read.grid, read.grid.format in _TEXTS, current_language(None)
    names = distinct(grid.header)
    cells = grid.cells.rename(names)
    cells = cells.with_columns(restored(pl.col(pl.String))) if grid.format in {"csv", "tsv"} else cells
    own = {match.column: names[str(match.place)] for match in read.matches if match.column in _STATED}
    columns = {column: own.get(column) or label for column, label in zip(_STATED, _HEADINGS[lang], strict=True)}
    rows = _stated(cells, columns, labels)
    if is_text:
        return rows
    return rows.with_columns(pl.col(columns["score"]).cast(pl.Float64))


def _lexicon_files(programme: ProgrammeData, root: Path, lexicon: Lexicon) -> dict[str, bytes]:
    """Return the file of a lexicon that learned, and the settings that name it if the programme had none of its own."""
    if "lexicon" in programme.files:
        name, content, before = programme.files["lexicon"]
        if not (root / name).is_file() or (root / name).read_bytes() != content:
            raise PraiError.of("prai_match.io", "lexicon_elsewhere", file=name)
        return {name: lexicon_file(lexicon.data, content, before)}
    names = (f"lexicon{number or ''}.toml" for number in count())
    name = next(each for each in names if not (root / each).exists())
    settings = (root / PROGRAMME).read_text("utf-8-sig")
    return {name: lexicon_file(lexicon.data), PROGRAMME: f'lexicon = "{name}"\n{settings}'.encode()}
