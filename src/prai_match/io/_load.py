"""A programme from its folder or its tables: every good row loads, every other one is told and kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypedDict, TypeVar, Unpack, overload

from pydantic import ValidationError

from prai_match.errors import Problem, ProgrammeError, UnknownCodeError, nearest
from prai_match.files import read_settled
from prai_match.io import _collectivities, _labels, _references, _rows, _sources, _territories
from prai_match.io._cascade import followed, joined_with, without
from prai_match.io._grids import MOST_MEMORY
from prai_match.io._model import faults_of, in_order
from prai_match.io._notices import notices
from prai_match.io._report import LoadReport
from prai_match.io._schema import FIELDS, TABLES
from prai_match.io._stacks import Stacked
from prai_match.model import Catalogue, ProgrammeData
from prai_match.text import tracked

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from prai_match.files import Save
    from prai_match.io._references import Index
    from prai_match.io._settings import Settings
    from prai_match.io._sources import Sources
    from prai_match.io._trainers import Joined

_Programme = TypeVar("_Programme", bound=ProgrammeData)

_HISTORY = frozenset({"needs", "sessions", "attendances"})


@dataclass(frozen=True, eq=False)
class Loaded(Generic[_Programme]):
    """A programme and what became of the rows it was read from.

    Attributes:
        programme: The programme of the rows that were accepted.
        report: What was read, accepted, mended and rejected.
    """

    programme: _Programme
    report: LoadReport


class TableOptions(TypedDict, total=False):
    """What `load_tables` takes by keyword."""

    strict: bool
    columns: Mapping[str, Mapping[str, str]] | None
    max_memory: int


class LoadOptions(TableOptions, total=False):
    """What `load` takes by keyword."""

    tables: Mapping[str, Any] | None
    follow_links: bool


@overload
def load(folder: str | os.PathLike[str], **options: Unpack[LoadOptions]) -> Loaded[ProgrammeData]: ...
@overload
def load(
    folder: str | os.PathLike[str], model: type[_Programme], **options: Unpack[LoadOptions]
) -> Loaded[_Programme]: ...
def load(
    folder: str | os.PathLike[str], model: type[ProgrammeData] = ProgrammeData, **options: Unpack[LoadOptions]
) -> Loaded[Any]:
    """Read a programme from a folder.

    ``programme.toml`` and the tables ``collectivities`` and ``territories`` must be there; a table that isn't there is
    empty. A table is a CSV, TSV, Excel (.xlsx), OpenDocument (.ods), Parquet or JSON file of its name, in English or
    as offices say in French (``besoins.xlsx``), or the sheet of that name of a workbook. What follows a first point is
    passed over (``besoins.2007.csv``), so that a table may have several files. Labels of columns are recognised by
    usual words and in spite of typing errors; names of collectivities, sessions and actors stand for their codes.

    A save that was interrupted is finished first, or undone where it was not complete, and the report tells; it tells
    too which files were changed since the last save. While another process saves, all is read as before or as after.

    Args:
        folder: The folder.
        model: The class to build.
        **options: By keyword, any of these.

            - ``strict``: Raise if any row is rejected.
            - ``columns``: For each table, columns by the labels of the file, where they aren't recognised (or
              wrongly); an empty column: not used.
            - ``tables``: Sources of tables that are not in the folder: a file, a frame or records, by name of the
              table.
            - ``follow_links``: Whether a link in the folder may lead out of it; else such a file is refused.
            - ``max_memory``: The most bytes of memory that its files may take, as estimated before it is taken.

    Returns:
        The programme of the accepted rows, and the report.
    """
    return read_settled(folder, lambda save: read_folder(folder, model, save, **options))


def read_folder(  # noqa: PLR0913 - as `load`
    folder: str | os.PathLike[str],
    model: type[_Programme],
    save: Save,
    *,
    strict: bool = False,
    columns: Mapping[str, Mapping[str, str]] | None = None,
    tables: Mapping[str, Any] | None = None,
    follow_links: bool = False,
    max_memory: int = MOST_MEMORY,
) -> Loaded[_Programme]:
    """Read a programme from a folder that nobody saves to meanwhile: see `load`."""
    limits = _sources.Limits(follow_links, max_memory)
    sources = replace(_sources.of_folder(Path(folder), tables or {}, limits), save=save)
    return _assembled(sources, model, strict=strict, columns=columns or {})


@overload
def load_tables(
    settings: str | os.PathLike[str] | Mapping[str, Any],
    tables: Mapping[str, Any],
    **options: Unpack[TableOptions],
) -> Loaded[ProgrammeData]: ...
@overload
def load_tables(
    settings: str | os.PathLike[str] | Mapping[str, Any],
    tables: Mapping[str, Any],
    model: type[_Programme],
    **options: Unpack[TableOptions],
) -> Loaded[_Programme]: ...
def load_tables(  # noqa: PLR0913 - as `load`
    settings: str | os.PathLike[str] | Mapping[str, Any],
    tables: Mapping[str, Any],
    model: type[ProgrammeData] = ProgrammeData,
    *,
    strict: bool = False,
    columns: Mapping[str, Mapping[str, str]] | None = None,
    max_memory: int = MOST_MEMORY,
) -> Loaded[Any]:
    """Read a programme table by table.

    Args:
        settings: What is not in tables: a ``programme.toml``, or the same as a mapping.
        tables: The source of each table by its name: a file, a polars, pandas or Arrow frame, or records.
        model: The class to build.
        strict: Raise if any row is rejected.
        columns: For each table, columns by label, as in `load`.
        max_memory: The most bytes of memory that the files may take, as in `load`.

    Returns:
        The programme of the accepted rows, and the report.
    """
    sources = _sources.of_tables(settings, tables, _sources.Limits(max_memory=max_memory))
    return _assembled(sources, model, strict=strict, columns=columns or {})


def _assembled(
    sources: Sources, model: type[_Programme], *, strict: bool, columns: Mapping[str, Mapping[str, str]]
) -> Loaded[_Programme]:
    tables, indexes, problems = _read(sources, columns)
    if sources.settings.values is None or sources.problems or any(stacked.broken for stacked in tables.values()):
        report = _report(sources, tables.values())
        raise ProgrammeError(sources.subject, in_order([*problems, *report.problems], tables))
    tables = followed(tables)
    while True:
        joined, tables = joined_with(tables)
        try:
            programme = model.model_validate(_data(sources.settings, tables, joined))
        except ProgrammeError as error:
            faults, others = faults_of(error.problems, tables, joined, sources.settings)
            tables = without(tables, faults)
            problems += others
        else:
            faults = {}
        report = _report(sources, tables.values())
        if problems or (strict and report.problems):
            raise ProgrammeError(sources.subject, in_order([*problems, *report.problems], tables))
        if not faults:
            report = replace(report, to_know=notices(tables, programme, indexes, sources, columns))
            programme.loaded = report
            return Loaded(programme, report)
        tables = followed(tables)


def _report(sources: Sources, tables: Iterable[Stacked]) -> LoadReport:
    """The report of the tables as they stand."""
    reads = tuple(read for table in tables for read in table.reads)
    return LoadReport(sources.subject, reads, sources.passed_over, save=sources.save)


def _read(
    sources: Sources, columns: Mapping[str, Mapping[str, str]]
) -> tuple[dict[str, Stacked], dict[str, Index], list[Problem]]:
    """Every table as it is read, what may be cited, and what can't be used."""
    _known(columns, sources)
    problems = [*sources.problems, *sources.settings.problems, *_misplaced(sources.settings)]
    indexes = _indexes(sources.settings)
    tables: dict[str, Stacked] = {}
    for table in tracked(TABLES):
        grids = sources.grids.get(table.name, ())
        reads = [_rows.read(table, grid, indexes, columns.get(table.name, {})) for grid in grids]
        if table.name == "collectivities":
            reads = [_collectivities.completed(read) for read in reads]
        elif table.name == "territories":
            members = tables["collectivities"].rows["code"]
            reads = [_territories.completed(read, members) for read in reads]
        tables[table.name] = stacked = Stacked.of(table, reads)
        problems += [problem for read in reads for problem in read.problems]
        if table.defines:
            indexes[table.defines] = _index(stacked)
    return tables, indexes, problems


def _known(columns: Mapping[str, Mapping[str, str]], sources: Sources) -> None:
    """Refuse columns by label that would do nothing: a table, a label or a column that isn't there."""
    tables = {table.name: table for table in TABLES}
    for name, chosen in columns.items():
        if name not in tables:
            raise UnknownCodeError("table", name, nearest(name, tables) or tables)
        names = {column.name for column in (*tables[name].columns, *tables[name].hints)}
        labels = {label for grid in sources.grids.get(name, ()) for label in grid.header}
        for label, column in chosen.items():
            if column and column not in names:
                raise UnknownCodeError("column", column, nearest(column, names) or sorted(names))
            if labels and _labels.key(label) not in map(_labels.key, labels):
                raise UnknownCodeError("label", label, nearest(label, labels) or sorted(labels))


def _misplaced(settings: Settings) -> list[Problem]:
    """Rows in the settings: they would be lost beside those of the tables."""
    return [
        Problem.of("prai_match.io", "rows_in_settings", settings.told(table.name), table=table.name)
        for table in FIELDS
        if table.name in (settings.values or {})
    ]


def _indexes(settings: Settings) -> dict[str, Index]:
    try:
        catalogue = Catalogue.model_validate((settings.values or {}).get("catalogue"))
    except ValidationError:
        # The model tells what is wrong with it; names of places are known without it.
        return {"departement": _references.departements(), "place": _references.Index(places=True)}
    return _references.of_catalogue(catalogue)


def _index(stacked: Stacked) -> Index:
    """What other tables may cite of a table; what its rejected rows define is known too."""
    key, rows = stacked.table.key, stacked.rows
    gone = tuple((lost, lost) for lost in stacked.gone(key)) if key else ()
    if key not in rows.columns:
        return _references.Index(gone)
    names = rows["name"] if "name" in rows.columns else rows[key]
    labelled = (*zip(rows[key].to_list(), names.to_list(), strict=True), *gone)
    if stacked.name != "collectivities":
        return _references.Index(labelled)
    departements = dict(rows.select("code", "departement").iter_rows())
    return _references.Index(labelled, places=True, departements=departements)


def _data(settings: Settings, tables: dict[str, Stacked], joined: Joined) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for table in FIELDS:
        data = tables[table.name].data()
        rows[table.name] = (
            data
            if table.name in _HISTORY and data.height
            else [
                {name: value for name, value in row.items() if value is not None} for row in data.iter_rows(named=True)
            ]
        )
    return dict(settings.values or {}) | rows | {"trainers": joined.values}
