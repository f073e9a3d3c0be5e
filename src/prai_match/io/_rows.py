"""Reading one table from its cells: recognise columns, read cells, convert names to codes, separate invalid rows."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from prai_match._words import hint
from prai_match.errors import Problem, nearest
from prai_match.io import _labels, _references
from prai_match.io._grids import Grid, Repair
from prai_match.io._kinds import LIST, RECORDS, CellValues, parse
from prai_match.io._outcomes import ROW, Read, Rejection, short, wrong
from prai_match.io._schema import TableColumn, TableSpec
from prai_match.io._writing._formats import restored

_OWN = ["zero", "label", "former"]  # statuses of values found without resolving a name
_IDENTIFIER = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
_SUGGESTIONS = 500  # number of distinct unknown texts that get suggestions: nobody reads more


def read(table: TableSpec, grid: Grid, indexes: Mapping[str, _references.Index], choice: Mapping[str, str]) -> Read:
    """Read a table from its cells, given the indexes that columns refer to and the user's columns by label."""
    faults = tuple(
        Rejection(None, line, "", Problem.of("prai_match.io", f"row_{reason}", grid.place(line), short(text)))
        for line, text, reason in grid.faults.iter_rows()
    )
    matches = _labels.matched(table, grid.header, choice)
    return _Reader(Read(table, grid, matches, pl.DataFrame(), faults, grid.repairs), indexes).read()


class _Reader:
    """Reads the cells of a table; ``bare`` has its labels and faulty lines."""

    def __init__(self, bare: Read, indexes: Mapping[str, _references.Index]) -> None:
        self._bare, self._table, self._grid, self._indexes = bare, bare.table, bare.grid, indexes
        self._rejections, self._repairs = list(bare.rejections), list(bare.repairs)
        self._names: list[pl.DataFrame] = []
        self._unknown: dict[tuple[str, str], Problem] = {}

    def read(self) -> Read:
        places = {match.column: match.place for match in self._bare.matches if match.column}
        there = [column for column in self._table.all_columns if column.name in places]
        frame = self._cells([str(places[column.name]) for column in there])
        texts = {column.name: frame[str(places[column.name])] for column in there}
        cells = parse({column.name: (column.kind, texts[column.name]) for column in there})
        hint = cells["departement"].values if "departement" in cells else None
        columns: dict[str, pl.Series] = {}
        for column in self._table.columns:
            if column.name in cells:
                self._check(column, texts[column.name], cells[column.name])
                values = self._fill(column, cells[column.name].values)
                columns[column.name] = self._cite(column, values, cells[column.name].distinct, hint)
        rows = pl.DataFrame({ROW: pl.int_range(self._grid.cells.height, dtype=pl.UInt32, eager=True), **columns})
        return replace(
            self._bare,
            rows=rows,
            rejections=(),
            repairs=tuple(self._repairs),
            names=pl.concat(self._names) if self._names else None,
            problems=self._absent(places),
        ).without(self._rejections)

    def _absent(self, places: Mapping[str, int]) -> tuple[Problem, ...]:
        if not self._grid.header and not self._grid.cells.height + self._grid.faults.height:
            return ()  # no records at all
        left = ", ".join(match.label for match in self._bare.matches if match.label and not match.column)
        key = "lacking_column_among" if left else "lacking_column"
        where = self._grid.file + (f":{self._grid.header_line}" if self._grid.header_line else "")
        return tuple(
            Problem.of("prai_match.io", key, where, column=column.name, unused=left)
            for column in self._table.columns
            if column.required and column.name not in places
        )

    def _cells(self, places: list[str]) -> pl.DataFrame:
        cells = self._grid.cells
        if self._grid.format not in {"csv", "tsv"}:
            return cells
        # Numbers have one too in saved rejected rows, whose cells are all texts.
        quoted = cells.select(pl.col(places).str.contains("'", literal=True).any())
        return cells.with_columns(restored(pl.col(place)) for place in places if quoted[place][0])

    def _check(self, column: TableColumn, texts: pl.Series, cells: CellValues) -> None:
        self._reject(column, cells.wrong, texts)
        if cells.loose.any():
            first = cells.loose.arg_true()[0]
            example = f"{texts[first]} → {_text(cells.values[first])}"
            self._repairs.append(Repair(column.kind.id, int(cells.loose.sum()), example, self._bare.label(column.name)))

    def _fill(self, column: TableColumn, values: pl.Series) -> pl.Series:
        if not values.null_count():
            return values
        if column.required:
            label = self._bare.label(column.name)
            wrong = {each.row for each in self._rejections if each.label == label}
            self._reject(column, values.is_null() & ~pl.int_range(len(values), eager=True).is_in(wrong), None)
            return values
        default = [] if column.kind in {LIST, RECORDS} else column.default
        return values if default is None else values.fill_null(default)

    def _reject(self, column: TableColumn, rows: pl.Series, texts: pl.Series | None) -> None:
        for row in rows.arg_true() if rows.any() else ():
            problem = wrong(f"cell_{column.kind.id}", None if texts is None else short(texts[row]))
            self._rejections.append(self._bare.rejection(row, column.name, problem))

    def _cite(
        self, column: TableColumn, values: pl.Series, distinct: pl.Series | None, hint: pl.Series | None
    ) -> pl.Series:
        if (index := _references.index_of(self._table, column, self._indexes)) is None:
            return values
        if distinct is not None:
            return self._look_up(column, values, distinct, hint if column.cites == "collectivity" else None, index)
        rows = values.to_frame(column.name).with_row_index(ROW).explode(column.name, empty_as_null=True)
        items = self._look_up(column, rows[column.name], rows[column.name].unique(), None, index, rows=rows[ROW])
        lists = rows.with_columns(items.alias(column.name)).group_by(ROW, maintain_order=True)
        return lists.agg(pl.col(column.name).drop_nulls())[column.name].zip_with(values.is_not_null(), values)

    def _look_up(  # noqa: PLR0913 - what is looked up and where
        self,
        column: TableColumn,
        values: pl.Series,
        distinct: pl.Series,
        hint: pl.Series | None,
        index: _references.Index,
        *,
        rows: pl.Series | None = None,
    ) -> pl.Series:
        if not (odd := _references.look_up(values, distinct, hint, index)).height:
            return values
        self._tell(column, odd)
        if (failures := odd.filter(_fails(column, index))).height:
            pairs = _references.pairs(values, hint).with_row_index(ROW)
            for name in pairs.join(failures, on=["value", "hint"], nulls_equal=True).sort(ROW).iter_rows(named=True):
                self._reject_name(column, name, index, name[ROW] if rows is None else int(rows[name[ROW]]))
        return _references.replace(values, hint, odd)

    def _reject_name(self, column: TableColumn, name: Mapping[str, Any], index: _references.Index, row: int) -> None:
        value = short(name["value"])
        if name["id"]:
            problem = wrong("not_of_programme", value, code=name["id"])
        elif name["why_en"] is not None:
            problem = wrong("one_collectivity", value, why={"fr": name["why_fr"], "en": name["why_en"]})
        else:
            problem = self._strange(column, name["value"], index)
        self._rejections.append(self._bare.rejection(row, column.name, problem, name["candidates"] or ""))

    def _strange(self, column: TableColumn, value: str, index: _references.Index) -> Problem:
        if (column.name, value) not in self._unknown:
            words = nearest(_labels.key(value), index.labels) if (len(self._unknown) < _SUGGESTIONS) else ()
            near = hint(dict.fromkeys(index.labels[word] for word in words))
            if column.cites:
                problem = wrong(f"cited_{column.cites}", short(value), near=near)
            else:
                usual = {"fr": _labels.usual(self._table.name, column.name), "en": sorted(index.ids)}
                codes = {lang: ", ".join(names) for lang, names in usual.items()}
                problem = wrong("one_of", short(value), values=codes, near=near)
            self._unknown[column.name, value] = problem
        return self._unknown[column.name, value]

    def _tell(self, column: TableColumn, odd: pl.DataFrame) -> None:
        label = self._bare.label(column.name)
        how = pl.when(pl.col("status").is_in(_OWN)).then("status").otherwise(pl.lit("name"))
        mends = odd.filter(pl.col("id").is_not_null()).group_by(how=how, maintain_order=True)
        first = mends.agg(pl.col("value", "id").first(), pl.col("rows").sum())
        self._repairs += [Repair(how, rows, f"{value} → {code}", label) for how, value, code, rows in first.iter_rows()]
        if column.cites in {"collectivity", "place"}:
            self._names.append(_references.names(odd, label))


def _fails(column: TableColumn, index: _references.Index) -> pl.Expr:
    """Return names without a code, codes unknown to the programme, and texts; the model reports unknown identifiers.

    An unknown home may have coordinates: it is reported when trainers are joined. A column without references holds one
    of a few codes, so that nothing else can be meant.
    """
    if column.cites is None:
        return pl.col("id").is_null()
    if column.cites == "place":
        return pl.lit(value=False)
    no_name = pl.col("id").is_null() & (pl.col("why_en").is_not_null() | ~pl.col("value").str.contains(_IDENTIFIER))
    return no_name | (pl.col("id").is_not_null() & ~pl.col("id").is_in(index.ids)) if index.ids else no_name


def _text(value: object) -> str:
    if isinstance(value, pl.Series):  # sessions by département
        return " ".join(f"{record['departement']}={record['sessions']}" for record in value)
    return str(value)
