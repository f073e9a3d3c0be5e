"""Where the tables of a programme are: the files of a folder, or what was given for each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from prai_match import _arguments as given
from prai_match.errors import Problem, ProgrammeError, UnknownCodeError, nearest
from prai_match.files import Save
from prai_match.io import _labels
from prai_match.io._grids import SUFFIXES, Grid, Memory, grids
from prai_match.io._schema import EXPERTISE, PROGRAMME, TABLES, TRAINERS, TableSpec
from prai_match.io._settings import ProgrammeToml, named_files, settings

_NOT_READ = frozenset({".xls", ".xlsm", ".xlsb", ".fods", ".numbers"})
_WORKBOOKS = frozenset({".xlsx", ".ods"})
_problem = partial(Problem.of, "prai_match.io")
_BY_NAME = {table.name: table for table in TABLES}


@dataclass(frozen=True, eq=False)
class Sources:
    """What a programme is read from; errors name it by its subject. What is passed over are files and sheets."""

    subject: str
    settings: ProgrammeToml
    grids: Mapping[str, Sequence[Grid]]
    problems: tuple[Problem, ...] = ()
    passed_over: tuple[str, ...] = ()
    save: Save | None = None
    files: Mapping[str, Path] = field(default_factory=dict)  # the files of the lexicon and the policy, by field
    inside: Path | None = None  # the folder that no link of theirs may leave


@dataclass(slots=True)
class _Tables:
    """What is collected file by file; no link of a folder may leave ``root``."""

    memory: Memory
    root: Path | None = None
    grids: dict[str, list[Grid]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)

    def file(self, path: Path, table: TableSpec | None) -> bool:
        """Read a file of a folder, by its name of a table: return whether it is or holds a table, or can't be read."""
        parts = self._parts(path, table, root=self.root)
        if table is not None and len(parts) == 1:
            return self._add([(table, replace(parts[0], name=path.stem))], table)
        return self._add([(_table_of(part.name), part) for part in parts], table) or not parts

    def sources(self, tables: Mapping[str, Any]) -> None:
        """Read what the caller has for tables: of a workbook of several sheets, the sheet of its name."""
        for name, source in tables.items():
            table = _BY_NAME[given.known_among("table", name, _BY_NAME, _BY_NAME)]
            is_path = isinstance(source, str | os.PathLike)
            parts = self._parts(Path(source) if is_path else source, table, None if is_path else name)
            alone = len(parts) == 1
            self._add([(table if alone or _table_of(part.name) is table else None, part) for part in parts], table)

    def _parts(
        self,
        source: Any,  # noqa: ANN401 - any source
        table: TableSpec | None,
        name: str | None = None,
        root: Path | None = None,
    ) -> tuple[Grid, ...]:
        known = _labels.known(TABLES if table is None else (table,))
        try:
            return grids(source, name=name, known=known, memory=self.memory, root=root)
        except ProgrammeError as error:
            self.problems += error.problems
            if table is not None:
                self.grids.setdefault(table.name, [])
            return ()

    def _add(self, parts: Sequence[tuple[TableSpec | None, Grid]], table: TableSpec | None) -> bool:
        self.passed_over += [part.file for one, part in parts if one is None]
        for one, part in parts:
            if one is not None:
                self.grids.setdefault(one.name, []).append(part)
        if parts and table is not None and all(one is not table for one, _ in parts):
            names, file = ", ".join(repr(part.name) for _, part in parts), parts[0][1].file.partition("[")[0]
            self.problems.append(_problem("no_sheet", file, names=names, table=table.name))
        return any(one is not None for one, _ in parts)


def of_folder(root: Path, sources: Mapping[str, Any], max_memory: int, *, follow_links: bool) -> Sources:
    """Find and read the tables of a folder, and those that the caller has besides."""
    memory = Memory(max_memory)
    if not root.is_dir():
        key = "file_for_folder" if root.exists() else "no_folder"
        raise ProgrammeError(str(root), [_problem(key, str(root), file=PROGRAMME)])
    inside = None if follow_links else root
    programme, named = named_files(settings(root / PROGRAMME, inside))
    others = [one for one in sorted(root.iterdir()) if _is_read(one) and one.name not in {PROGRAMME, *named.values()}]
    files, tables = [path for path in others if path.suffix.lower() in SUFFIXES], _Tables(memory, inside)
    tables.passed_over += [path.name for path in others if path not in files]
    strangers: list[Path] = []
    for path in files:
        if (table := _table_of(path.stem)) is not None and table.name in sources:
            tables.passed_over.append(path.name)
        elif table is None and path.suffix.lower() not in _WORKBOOKS:
            tables.passed_over.append(path.name)
            strangers.append(path)
        elif not tables.file(path, table) and table is None:
            strangers.append(path)
    tables.sources(sources)
    problems = [
        *tables.problems,
        # A workbook that bears the name of a table and that nothing here reads: its rows would be lost.
        *(
            _problem("not_read", path.name, suffix=path.suffix)
            for path in others
            if path.suffix.lower() in _NOT_READ and _table_of(path.stem)
        ),
        *_misspelt(strangers, tables.grids),
        *_twice(tables.grids),
        *_missing(tables.grids),
    ]
    return Sources(
        str(root),
        programme,
        tables.grids,
        tuple(problems),
        tuple(sorted(tables.passed_over)),
        files={field: root / name for field, name in named.items()},
        inside=inside,
    )


def of_tables(
    values: str | os.PathLike[str] | Mapping[str, Any], sources: Mapping[str, Any], max_memory: int
) -> Sources:
    tables, path = _Tables(Memory(max_memory)), Path(values) if isinstance(values, str | os.PathLike) else None
    tables.sources(sources)
    programme, files = named_files(settings(path) if path else ProgrammeToml(values))  # type: ignore[arg-type]
    return Sources(
        str(path) if path else "programme",
        programme,
        tables.grids,
        (*tables.problems, *_missing(tables.grids)),
        tuple(tables.passed_over),
        files={field: (path.parent if path else Path()) / name for field, name in files.items()},
    )


def _table_of(name: str) -> TableSpec | None:
    return _BY_NAME.get(_labels.table_names().get(_labels.key(name.partition(".")[0]), ""))


def _is_read(path: Path) -> bool:
    return not path.name.startswith((".", "~")) and (path.is_file() or path.suffix.lower() in SUFFIXES)


def _misspelt(strangers: Iterable[Path], tables: Mapping[str, object]) -> list[Problem]:
    """Files whose name looks like that of a missing table: passed over, their rows would be lost without a word."""
    absent = {word: name for word, name in _labels.table_names().items() if name not in tables}
    return [
        _problem("misspelt_file", path.name, name=f"{table}{path.suffix.lower()}")
        for path in strangers
        for table in dict.fromkeys(
            name for word, name in absent.items() if fuzz.ratio(_labels.key(path.stem), word) >= _labels.ALIKE
        )
    ]


def _twice(tables: Mapping[str, list[Grid]]) -> Iterable[Problem]:
    """Files that could be one table written twice, and not two parts of it."""
    for name, parts in tables.items():
        whole = [part for part in parts if "." not in part.name]
        yield from (_problem("second_file", part.file, table=name, file=whole[0].file) for part in whole[1:])


def _missing(tables: Mapping[str, object]) -> Iterable[Problem]:
    for table in TABLES:
        if table.required and table.name not in tables:
            yield _problem("missing_table", f"{table.name}.csv")
    if TRAINERS.name in tables and EXPERTISE.name not in tables:
        yield _problem("missing_expertise", f"{EXPERTISE.name}.csv")


def with_keys(sources: Sources, key: str | Mapping[str, str] | None) -> Sources:
    """Name the rows of tables by a column of theirs; refuse one that isn't there."""
    if not key:
        return sources
    wanted = dict.fromkeys(sources.grids, key) if isinstance(key, str) else key
    grids = {name: [_with_key(grid, wanted.get(name, "")) for grid in each] for name, each in sources.grids.items()}
    named = {name for name, parts in grids.items() if any(grid.key is not None for grid in parts)}
    for name, label in {} if isinstance(key, str) and named else wanted.items():
        given.known_among("table", name, grids, grids)
        if name not in named:
            labels = {each for grid in grids[name] for each in grid.header}
            raise UnknownCodeError("label", label, nearest(label, labels) or sorted(labels))
    return replace(sources, grids=grids)


def _with_key(grid: Grid, label: str) -> Grid:
    labels = [_labels.key(each) for each in grid.header]
    return replace(grid, key=labels.index(_labels.key(label)) if _labels.key(label) in labels else None)
