"""Loading of a programme from its folder or tables: valid rows are loaded, all others are reported and kept."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Generic, TypedDict, Unpack

import polars as pl
from pydantic import ValidationError

from prai_match import _arguments as given
from prai_match.errors import LexiconError, PolicyError, Problem, ProgrammeError, UnknownCodeError, nearest
from prai_match.files import Save, read_settled
from prai_match.io import _labels, _references, _rows, _sources
from prai_match.io._completion import Trainers, collectivities, join, territories
from prai_match.io._grids import MOST_MEMORY
from prai_match.io._notices import notices
from prai_match.io._outcomes import PART, ROW, Fault, Stack, faults_of, in_order, wrong
from prai_match.io._report import LoadReport
from prai_match.io._schema import FIELDS, TABLES
from prai_match.io._unread_columns import unread_columns
from prai_match.model import READ_BY, Attribute, Catalogue, ProgrammeData, ProgrammeT, axes_of, substitute
from prai_match.needs import Lexicon
from prai_match.policy import Policy
from prai_match.text import TomlError, bounded, tracked

_LARGEST: Final = 1 << 19  # maximum size of a lexicon in bytes; a policy's is checked when it is read
_HISTORY = frozenset({"needs", "sessions", "attendances", "decisions", "registrations"})


@dataclass(frozen=True, eq=False)
class Loaded(Generic[ProgrammeT]):
    """The programme made of the accepted rows, and the report on all rows."""

    programme: ProgrammeT
    report: LoadReport


class TableOptions(TypedDict, total=False):
    strict: bool
    columns: Mapping[str, Mapping[str, str]] | None
    key: str | Mapping[str, str] | None
    max_memory: int


class LoadOptions(TableOptions, total=False):
    tables: Mapping[str, Any] | None
    follow_links: bool


# What each keyword must be.
_OPTIONS: Final[Mapping[str, given.Check]] = {
    "strict": given.yes,
    "columns": given.optional(given.by_name(given.mapping)),
    "key": given.optional(lambda value, name: value if isinstance(value, str) else given.mapping(value, name)),
    "tables": given.optional(given.mapping),
    "follow_links": given.yes,
    "max_memory": given.at_least(1),
}


@given.takes(**_OPTIONS)
def load(folder: str | os.PathLike[str], **options: Unpack[LoadOptions]) -> Loaded[ProgrammeData]:
    """Read a programme from a folder; for the options see `Programme.load`.

    ``programme.toml`` and the tables ``collectivities`` and ``territories`` are required; other missing tables are
    empty. A table is a CSV, TSV, Excel (.xlsx), OpenDocument (.ods), Parquet or JSON file with its name, in English or
    in usual French (``besoins.xlsx``), or a sheet of that name in a workbook. The part of the name after the first dot
    is ignored (``besoins.2007.csv``), so that a table may have several files. Column headings are recognised by usual
    words and despite typos (in ``columns``, an empty column means that a heading isn't used); names of collectivities,
    sessions and actors are accepted in place of codes.
    """
    return read_settled(folder, lambda save: read_folder(folder, ProgrammeData, save, **options))


@given.takes(**_OPTIONS)
def read_folder(
    folder: str | os.PathLike[str], model: type[ProgrammeT], save: Save, **options: Unpack[LoadOptions]
) -> Loaded[ProgrammeT]:
    memory, follow_links = options.get("max_memory", MOST_MEMORY), options.get("follow_links", False)
    sources = _sources.of_folder(Path(folder), options.get("tables") or {}, memory, follow_links=follow_links)
    return _assemble(replace(sources, save=save), model, options)


def _with_files(programme: ProgrammeT, sources: _sources.Sources) -> ProgrammeT:
    """Add the lexicon and the policy that the settings name, and the content of their files, to save it unchanged."""
    for field, path in sources.files.items():
        error, name = (LexiconError, "lexicon_table") if field == "lexicon" else (PolicyError, "policy_rows")
        content, axes = _bytes(path, sources.inside, error), axes_of(programme.catalogue)
        value = (
            replace(Lexicon.load(path, axes), name="lexicon") if field == "lexicon" else Policy.load(path, programme)
        )
        programme = substitute(programme, **{name: value.data})
        programme.files[field] = (path.name, content, value.data)
        programme.computed[field] = (READ_BY[field], value)
    return programme


def _bytes(path: Path, inside: Path | None, error: type[LexiconError | PolicyError]) -> bytes:
    try:
        return bounded(path, _LARGEST, inside)
    except TomlError as cause:
        raise error(path.name, [cause.problem(str(path))]) from None
    except OSError:
        return b""  # reading it reports why it can't be read


@given.takes(**{name: _OPTIONS[name] for name in TableOptions.__annotations__})
def load_tables(
    settings: str | os.PathLike[str] | Mapping[str, Any],
    tables: Mapping[str, Any],
    model: type[ProgrammeT],
    **options: Unpack[TableOptions],
) -> Loaded[ProgrammeT]:
    return _assemble(_sources.of_tables(settings, tables, options.get("max_memory", MOST_MEMORY)), model, options)


def _assemble(sources: _sources.Sources, model: type[ProgrammeT], options: TableOptions) -> Loaded[ProgrammeT]:
    sources, columns = _sources.with_keys(sources, options.get("key")), options.get("columns") or {}
    tables, indexes, problems = _read(sources, columns)
    broken = any(read.problems for table in tables.values() for read in table.reads)
    if sources.settings.values is None or sources.problems or broken:
        report = _report(sources, tables.values())
        raise ProgrammeError(sources.subject, in_order([*problems, *report.problems], tables))
    tables = _without(tables, {})
    while True:
        while any((trainers := join(tables)).faults.values()):
            tables = _without(tables, trainers.faults)
        faults: Mapping[str, list[Fault]] = {}
        try:
            programme = model.model_validate(_data(sources.settings, tables, trainers))
        except ProgrammeError as error:
            faults, others = faults_of(error.problems, tables, trainers, sources.settings)
            tables = _without(tables, faults)
            problems += others
        report = _report(sources, tables.values())
        if problems or (options.get("strict") and report.problems):
            raise ProgrammeError(sources.subject, in_order([*problems, *report.problems], tables))
        if not faults:
            of_columns = unread_columns(tables, indexes, columns)
            report = replace(report, to_know=notices(tables, programme, sources, of_columns))
            programme = _with_files(programme, sources)
            programme.loaded = report
            return Loaded(programme, report)


def _report(sources: _sources.Sources, tables: Iterable[Stack]) -> LoadReport:
    reads = tuple(read for table in tables for read in table.reads)
    return LoadReport(sources.subject, reads, tuple(sources.passed_over), save=sources.save)


def _read(
    sources: _sources.Sources, columns: Mapping[str, Mapping[str, str]]
) -> tuple[dict[str, Stack], dict[str, _references.Index], list[Problem]]:
    _check_columns(columns, sources)
    problems = [
        *sources.problems,
        *sources.settings.problems,
        # Rows in the settings would be lost, since the tables replace them.
        *(
            Problem.of("prai_match.io", "rows_in_settings", sources.settings.place(table.name), table=table.name)
            for table in FIELDS
            if table.name in (sources.settings.values or {})
        ),
    ]
    indexes = _indexes(sources.settings)
    tables: dict[str, Stack] = {}
    for spec in tracked(TABLES):
        table, choice = spec.with_attributes(_attributes(sources.settings)), columns.get(spec.name, {})
        reads = [_rows.read(table, grid, indexes, choice) for grid in sources.grids.get(table.name, ())]
        if table.name == "collectivities":
            reads = [collectivities(read) for read in reads]
        elif table.name == "territories":
            reads = [territories(read, tables["collectivities"].rows["code"]) for read in reads]
        tables[table.name] = stack = Stack.of(table, reads)
        problems += [problem for read in reads for problem in read.problems]
        if table.defines:
            indexes[table.defines] = _index(stack)
    return tables, indexes, problems


def _check_columns(columns: Mapping[str, Mapping[str, str]], sources: _sources.Sources) -> None:
    """Refuse entries of ``columns`` without effect: a table, label or column that doesn't exist."""
    tables = {table.name: table for table in TABLES}
    for name, choice in columns.items():
        given.known_among("table", name, tables, tables)
        names = {column.name for column in tables[name].all_columns}
        labels = {label for grid in sources.grids.get(name, ()) for label in grid.header}
        for label, column in choice.items():
            if column:
                given.known_among("column", column, names, sorted(names))
            if labels and _labels.key(label) not in map(_labels.key, labels):
                raise UnknownCodeError("label", label, nearest(label, labels) or sorted(labels))


def _attributes(settings: _sources.ProgrammeToml) -> list[Attribute]:
    """Return the validly declared attributes; the model reports problems of the others."""
    rows = (settings.values or {}).get("attributes", ())
    attributes = []
    for row in rows if isinstance(rows, list | tuple) else ():
        with suppress(ValidationError):
            attributes.append(Attribute.model_validate(row))
    return attributes


def _indexes(settings: _sources.ProgrammeToml) -> dict[str, _references.Index]:
    try:
        return _references.of_catalogue(Catalogue.model_validate((settings.values or {}).get("catalogue")))
    except ValidationError:
        # The model reports its problems; place names are known without it.
        return {"departement": _references.departements(), "place": _references.Index(places=True)}


def _index(table: Stack) -> _references.Index:
    """Return what other tables may cite of a table, including what its rejected rows define."""
    key, rows = table.table.key, table.rows
    lost = tuple((value, value) for value in table.lost(key)) if key else ()
    if key not in rows.columns:
        return _references.Index(lost)
    labels = (*rows.select(key, pl.col("name" if "name" in rows.columns else key).alias("label")).iter_rows(), *lost)
    if table.name != "collectivities":
        return _references.Index(labels)
    return _references.Index(labels, places=True, departements=dict(rows.select("code", "departement").iter_rows()))


def _without(tables: Mapping[str, Stack], faults: Mapping[str, list[Fault]]) -> dict[str, Stack]:
    """Reject the rows that have faults, then those that cite what only rejected rows define."""
    left: dict[str, Stack] = {}
    lost: dict[str, frozenset[str]] = {}
    for name, table in tables.items():
        sound = table.without(faults.get(name, ()))
        left[name] = sound.without(
            fault
            for column in table.table.columns
            for fault in _citing(sound, column.name, lost.get(column.cites or "", frozenset()))
        )
        if table.table.key and table.table.defines:
            lost[table.table.defines] = left[name].lost(table.table.key)
        if name == "territories":  # collectivities no longer in a territory can't be cited either
            lost["collectivity"] |= left[name].lost("members")
    return left


def _citing(table: Stack, column: str, lost: frozenset[str]) -> list[Fault]:
    if not lost or column not in table.rows.columns:
        return []
    rows = table.rows.select(PART, ROW, column)
    rows = rows.explode(column) if isinstance(rows[column].dtype, pl.List) else rows
    return [
        Fault((part, row), column, wrong("rejected_too", repr(value)), follows=True)
        for part, row, value in rows.filter(pl.col(column).is_in(lost)).iter_rows()
    ]


def _given(row: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return the values of a row; missing ones get the field's default."""
    return {name: _given(value.items()) if name == "attributes" else value for name, value in row if value is not None}


def _data(settings: _sources.ProgrammeToml, tables: dict[str, Stack], trainers: Trainers) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for table in FIELDS:
        data = tables[table.name].data()
        if own := [column.name for column in tables[table.name].table.attributes if column.name in data.columns]:
            data = data.select(pl.exclude(own), attributes=pl.struct(own))
        kept = table.name in _HISTORY and data.height
        rows[table.name] = data if kept else [_given(zip(data.columns, row, strict=True)) for row in data.iter_rows()]
    return dict(settings.values or {}) | rows | {"trainers": trainers.values}
