"""One table from its cells: columns recognised, cells read, names turned into codes, wrong rows set apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.errors import Problem, nearest, suggested
from prai_match.io import _labels, _references
from prai_match.io._kinds import LIST, RECORDS, parsed
from prai_match.io._reads import ROW, Mend, Read, Rejection, placed, shortened
from prai_match.io._writing._neutral import restored

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prai_match.io._grids import Grid
    from prai_match.io._kinds import Parsed
    from prai_match.io._labels import Match
    from prai_match.io._references import Index
    from prai_match.io._schema import Column, Table

_OWN = ["zero", "label", "former"]
"""How a value may be found without a name being resolved."""

_IDENTIFIER = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"

_SUGGESTED = 500
"""Distinct unknown texts that suggestions are looked for: nobody reads more."""

_CITED = {
    "collectivity": ("a known collectivity", "une collectivité connue"),
    "departement": ("a known département", "un département connu"),
    "session": ("a known session", "une session connue"),
    "workshop": ("a known workshop", "un atelier connu"),
    "axis": ("a known axis", "un axe connu"),
    "territory": ("a known territory", "un territoire connu"),
    "partner": ("a known relay partner", "un partenaire-relais connu"),
    "trainer": ("a known trainer", "un intervenant connu"),
    "held": ("a known session held", "une session tenue connue"),
}

_FAULTS = {
    "too_many_cells": ("at most as many cells as the header", "au plus autant de cellules que l'en-tête"),
    "unclosed_quote": ("a quoted cell that is closed", "une cellule dont les guillemets sont fermés"),
    "stray_quote": ("quotes around whole cells only", "des guillemets autour de cellules entières seulement"),
    "huge_cell": ("cells of 32,767 characters at most", "des cellules de 32 767 caractères au plus"),
    "above_header": ("rows below the header, one table a file", "des lignes sous l'en-tête, une table par fichier"),
    "second_header": ("one header and one table a file", "un seul en-tête et une seule table par fichier"),
    "swallowed_rows": (
        "quotes that are closed: a cell holds lines that look like rows",
        "des guillemets fermés : une cellule contient des lignes qui semblent être celles de la table",
    ),
    "invalid_json": ("a JSON object", "un objet JSON"),
    "not_an_object": ("a JSON object", "un objet JSON"),
    "duplicate_key": ("each name once", "chaque nom une seule fois"),
}


def read(table: Table, grid: Grid, indexes: Mapping[str, Index], chosen: Mapping[str, str]) -> Read:
    """Read a table from its cells.

    Args:
        table: Which table it is.
        grid: Its cells.
        indexes: What may be cited, by what columns cite.
        chosen: Columns by label, as the user says.
    """
    matches = _labels.matched(table, grid.header, chosen)
    return _Reader(table, grid, matches, indexes).read()


class _Reader:
    """Collects what is found while the columns of one table are read."""

    def __init__(self, table: Table, grid: Grid, matches: tuple[Match, ...], indexes: Mapping[str, Index]) -> None:
        self._table, self._grid, self._matches, self._indexes = table, grid, matches, indexes
        self._labels = {match.column: match.label for match in matches if match.column}
        self._columns: dict[str, pl.Series] = {}
        self._rejections: list[Rejection] = list(_faults(grid))
        self._mends: list[Mend] = [Mend("", repair.code, repair.count, repair.detail) for repair in grid.repairs]
        self._names: list[pl.DataFrame] = []
        self._said: dict[tuple[str, str], tuple[str, str]] = {}

    def read(self) -> Read:
        """Read every column."""
        places = {match.column: match.place for match in self._matches if match.column}
        problems = self._absent(places)
        there = [column for column in (*self._table.hints, *self._table.columns) if column.name in places]
        cells = {column.name: self._cells(places[column.name]) for column in there}
        found = parsed({column.name: (column.kind, cells[column.name]) for column in there})
        hint = found["departement"].values if "departement" in found else None
        for column in self._table.columns:
            if column.name in found:
                self._check(column, cells[column.name], found[column.name])
                values = self._filled(column, found[column.name].values)
                self._columns[column.name] = self._cited(column, values, found[column.name].distinct, hint)
        rows = pl.DataFrame({ROW: pl.int_range(self._grid.cells.height, dtype=pl.UInt32, eager=True), **self._columns})
        bad = {rejection.row for rejection in self._rejections if rejection.row is not None}
        return Read(
            self._table,
            self._grid,
            self._matches,
            rows.filter(~pl.col(ROW).is_in(bad)) if bad else rows,
            tuple(self._rejections),
            tuple(self._mends),
            pl.concat(self._names) if self._names else None,
            problems,
        )

    def _absent(self, places: Mapping[str, int]) -> tuple[Problem, ...]:
        line = self._grid.header_line
        if not self._grid.header and not self._grid.cells.height + self._grid.faults.height:
            return ()  # no records at all
        left = ", ".join(match.label for match in self._matches if match.label and not match.column)
        english, french = (f" (not used: {left})", f" (non utilisées : {left})") if left else ("", "")
        return tuple(
            Problem(
                f"{self._grid.file}:{line}" if line else self._grid.file,
                f"no column {column.name!r}",
                "a column of that name" + english,
                expected_fr="une colonne de ce nom ou d'un nom usuel" + french,
                found_fr=f"aucune colonne {column.name!r}",
            )
            for column in self._table.columns
            if column.required and column.name not in places
        )

    def _cells(self, place: int) -> pl.Series:
        cells = self._grid.cells[str(place)]
        # A number has one too where the rejected rows were written: their cells are all texts.
        if self._grid.format in {"csv", "tsv"} and cells.str.contains("'", literal=True).any():
            return cells.to_frame("cell").select(restored(pl.col("cell"))).to_series()
        return cells

    def _check(self, column: Column, cells: pl.Series, found: Parsed) -> None:
        """Reject what can't be read, tell what was mended."""
        if found.wrong.any():
            self._reject(column, found.wrong, cells, column.kind.expected, column.kind.attendu)
        if count := int(found.mended.sum()):
            first = found.mended.arg_true()[0]
            example = f"{cells[first]} → {_shown(found.values[first])}"
            self._mends.append(Mend(self._labels[column.name], column.kind.id, count, example))

    def _filled(self, column: Column, values: pl.Series) -> pl.Series:
        if not values.null_count():
            return values
        if column.required:
            wrong = {rejection.row for rejection in self._rejections if rejection.label == self._labels[column.name]}
            missing = values.is_null()
            if wrong:
                missing &= ~pl.int_range(len(values), eager=True).is_in(wrong)
            self._reject(column, missing, None, column.kind.expected, column.kind.attendu)
            return values
        if column.kind in {LIST, RECORDS}:
            return values.fill_null([])
        return values if column.default is None else values.fill_null(column.default)

    def _reject(
        self, column: Column, wrong: pl.Series, cells: pl.Series | None, expected: str, expected_fr: str
    ) -> None:
        label = self._labels[column.name]
        for row in wrong.arg_true():
            found = {"found": "nothing", "found_fr": "rien"} if cells is None else {"found": shortened(cells[row])}
            line = int(self._grid.lines[row])
            problem = Problem(placed(self._grid, line, label), expected=expected, expected_fr=expected_fr, **found)
            self._rejections.append(Rejection(row, line, label, problem))

    def _cited(
        self, column: Column, values: pl.Series, distinct: pl.Series | None, hint: pl.Series | None
    ) -> pl.Series:
        """The identifiers that a column cites."""
        if words := _labels.values(self._table.name, column.name):
            index: Index | None = _references.Index(tuple((code, word) for word, code in words.items()))
        else:
            index = self._indexes.get(column.cites or "")
        if index is None:
            return values
        if distinct is None:
            return self._listed(column, values, index)
        return self._looked_up(column, values, distinct, hint if column.cites == "collectivity" else None, index)

    def _listed(self, column: Column, values: pl.Series, index: Index) -> pl.Series:
        rows = values.to_frame(column.name).with_row_index(ROW).explode(column.name, empty_as_null=True)
        found = self._looked_up(column, rows[column.name], rows[column.name].unique(), None, index, rows=rows[ROW])
        back = rows.with_columns(found.alias(column.name)).group_by(ROW, maintain_order=True)
        return back.agg(pl.col(column.name).drop_nulls())[column.name].zip_with(values.is_not_null(), values)

    def _looked_up(  # noqa: PLR0913 - what is looked up and where
        self,
        column: Column,
        values: pl.Series,
        distinct: pl.Series,
        hint: pl.Series | None,
        index: Index,
        *,
        rows: pl.Series | None = None,
    ) -> pl.Series:
        odd = _references.looked_up(values, distinct, hint, index)
        if not odd.height:
            return values
        self._tell(column, odd)
        failed = odd.filter(_failed(column, index))
        if failed.height:
            cited = _references.pairs(values, hint).with_row_index(ROW)
            for found in cited.join(failed, on=["value", "hint"], nulls_equal=True).sort(ROW).iter_rows(named=True):
                self._reject_name(column, found, index, found[ROW] if rows is None else int(rows[found[ROW]]))
        return _references.replaced(values, hint, odd)

    def _reject_name(self, column: Column, found: Mapping[str, Any], index: Index, row: int) -> None:
        label, line = self._labels[column.name], int(self._grid.lines[row])
        english, french = found["reason_en"], found["reason_fr"]
        if english is None:
            english, french = self._unknown(column, found["value"], index)
        if found["id"]:
            english = f"a collectivity of the programme ({found['id']} is none)"
            french = f"une collectivité du programme ({found['id']} n'en est pas)"
        problem = Problem(placed(self._grid, line, label), shortened(found["value"]), english, expected_fr=french)
        self._rejections.append(Rejection(row, line, label, problem, suggestion=found["candidates"] or ""))

    def _unknown(self, column: Column, value: str, index: Index) -> tuple[str, str]:
        """What a text that is neither an identifier nor a label should have been, in English and French."""
        if (column.name, value) not in self._said:
            few = len(self._said) < _SUGGESTED
            words = nearest(_labels.key(value), index.labels) if few else ()
            alike = dict.fromkeys(index.labels[word] for word in words)
            if column.cites in _CITED:
                english, french = _CITED[column.cites]
            else:
                english = f"one of {', '.join(sorted(index.ids))}"
                french = f"une valeur parmi {', '.join(_labels.usual(self._table.name, column.name))}"
            self._said[column.name, value] = english + suggested(alike, "en"), french + suggested(alike, "fr")
        return self._said[column.name, value]

    def _tell(self, column: Column, odd: pl.DataFrame) -> None:
        """Keep what values were read as."""
        label = self._labels[column.name]
        how = pl.when(pl.col("status").is_in(_OWN)).then("status").otherwise(pl.lit("name"))
        mended = odd.filter(pl.col("id").is_not_null()).group_by(how=how, maintain_order=True)
        first = mended.agg(pl.col("value", "id").first(), pl.col("rows").sum())
        self._mends += [Mend(label, said, rows, f"{value} → {code}") for said, value, code, rows in first.iter_rows()]
        if column.cites in {"collectivity", "place"}:
            self._names.append(_references.names(odd, label))


def _failed(column: Column, index: Index) -> pl.Expr:
    """Names without a code, codes that the programme doesn't have, and texts; unknown identifiers the model tells.

    A home that is unknown may have its coordinates beside it: where the trainers are joined, it is told. A column that
    cites nothing holds one of a few codes, so that nothing else can be meant.
    """
    if column.cites is None:
        return pl.col("id").is_null()
    if column.cites == "place":
        return pl.lit(value=False)
    unnamed = pl.col("id").is_null() & (pl.col("reason_en").is_not_null() | ~pl.col("value").str.contains(_IDENTIFIER))
    return unnamed | (pl.col("id").is_not_null() & ~pl.col("id").is_in(index.ids)) if index.ids else unnamed


def _faults(grid: Grid) -> Iterable[Rejection]:
    for line, text, reason in grid.faults.select("line", "text", "reason").iter_rows():
        expected, expected_fr = _FAULTS[reason]
        problem = Problem(f"{grid.file}:{line}", shortened(text), expected, expected_fr=expected_fr)
        yield Rejection(None, line, "", problem)


def _shown(value: object) -> str:
    if isinstance(value, pl.Series):  # sessions by département
        return " ".join(f"{record['departement']}={record['sessions']}" for record in value)
    return str(value)
