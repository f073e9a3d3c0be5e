"""Where the tables of a programme are: the files of a folder, or what was given for each."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz

from prai_match.errors import PraiError, Problem, ProgrammeError, UnknownCodeError, nearest
from prai_match.io import _labels
from prai_match.io._grids import MOST_MEMORY, Memory, grids
from prai_match.io._schema import EXPERTISE, PROGRAMME, TABLES, TRAINERS
from prai_match.io._settings import Settings, settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from prai_match.files import Save
    from prai_match.io._grids import Grid
    from prai_match.io._schema import Table

_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".ods", ".parquet", ".json"})
_NOT_READ = frozenset({".xls", ".xlsm", ".xlsb", ".fods", ".numbers"})
_WORKBOOKS = frozenset({".xlsx", ".ods"})
_ALIKE = 85
"""How much (0-100) the name of a file must be like that of a missing table to be taken for it, misspelt."""

_BY_NAME = {table.name: table for table in TABLES}


@dataclass(frozen=True, eq=False)
class Sources:
    """What a programme is read from.

    Attributes:
        subject: How errors name it.
        settings: What is not in tables.
        grids: The cells of the files of each table.
        problems: Files that can't be read, are missing, or look like misspelt tables.
        passed_over: Files and sheets that are no table.
        save: What is known of the last save of the folder.
    """

    subject: str
    settings: Settings
    grids: Mapping[str, tuple[Grid, ...]]
    problems: tuple[Problem, ...] = ()
    passed_over: tuple[str, ...] = ()
    save: Save | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a load may do.

    Attributes:
        follow_links: Whether a link of a folder may lead out of it.
        max_memory: The most bytes that its files may take.
    """

    follow_links: bool = False
    max_memory: int = MOST_MEMORY

    def __post_init__(self) -> None:
        """Refuse what is no number of bytes."""
        if isinstance(self.max_memory, bool) or not isinstance(self.max_memory, int) or self.max_memory < 1:
            raise PraiError.of("prai_match.io", "max_memory", found=self.max_memory)


@dataclass(slots=True)
class _Found:
    memory: Memory
    root: Path | None = None
    grids: dict[str, list[Grid]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)

    def file(self, path: Path, table: Table | None) -> bool:
        """Read a file of a folder: the sheets of a workbook are tables by their own names, an only one by the file's.

        Args:
            path: The file.
            table: Which table its name says it is.

        Returns:
            Whether it is or holds a table, or can't be read.
        """
        parts = self._parts(path, table, root=self.root)
        if table is not None and len(parts) == 1:
            return self._kept([(table, replace(parts[0], name=path.stem))], table)
        return self._kept([(_table_of(part.name), part) for part in parts], table) or not parts

    def given(self, source: Any, table: Table, name: str | None = None) -> None:  # noqa: ANN401 - any source
        """Read what is given for a table: of a workbook of several sheets, the sheet of its name."""
        parts = self._parts(source, table, name)
        alone = len(parts) == 1
        self._kept([(table if alone or _table_of(part.name) is table else None, part) for part in parts], table)

    def _parts(
        self,
        source: Any,  # noqa: ANN401 - any source
        table: Table | None,
        name: str | None = None,
        root: Path | None = None,
    ) -> tuple[Grid, ...]:
        tables = TABLES if table is None else (table,)

        def known(label: str) -> bool:
            return any(_labels.known(one, label) for one in tables)

        try:
            return grids(source, name=name, known=known, memory=self.memory, root=root)
        except ProgrammeError as error:
            self.problems += error.problems
            if table is not None:
                self.grids.setdefault(table.name, [])
            return ()

    def _kept(self, named: Sequence[tuple[Table | None, Grid]], table: Table | None) -> bool:
        self.passed_over += [part.file for one, part in named if one is None]
        for one, part in named:
            if one is not None:
                self.grids.setdefault(one.name, []).append(part)
        if named and table is not None and all(one is not table for one, _ in named):
            self.problems.append(_no_sheet(table, [part for _, part in named]))
        return any(one is not None for one, _ in named)


def of_folder(root: Path, tables: Mapping[str, Any], limits: Limits) -> Sources:
    """Find and read the tables of a folder, and those given besides."""
    if not root.is_dir():
        key = "file_for_folder" if root.exists() else "no_folder"
        raise ProgrammeError(str(root), [_problem(key, str(root), file=PROGRAMME)])
    inside = None if limits.follow_links else root
    said = settings(root / PROGRAMME, inside)
    lexicon = _lexicon(said.values)
    others = [path for path in sorted(root.iterdir()) if _is_read(path) and path.name not in {PROGRAMME, str(lexicon)}]
    files = [path for path in others if path.suffix.lower() in _SUFFIXES]
    found = _Found(Memory(limits.max_memory), inside)
    found.passed_over += [path.name for path in others if path not in files]
    strangers: list[Path] = []
    for path in files:
        table = _table_of(path.stem)
        if table is not None and table.name in tables:
            found.passed_over.append(path.name)
        elif table is None and path.suffix.lower() not in _WORKBOOKS:
            found.passed_over.append(path.name)
            strangers.append(path)
        elif not found.file(path, table) and table is None:
            strangers.append(path)
    _add_given(found, tables)
    unread = [path for path in others if path.suffix.lower() in _NOT_READ and _table_of(path.stem)]
    problems = [
        *found.problems,
        *map(_unread, unread),
        *_misspelt(strangers, found.grids),
        *_twice(found.grids),
        *_missing(found.grids),
    ]
    return Sources(str(root), said, _frozen(found), tuple(problems), tuple(sorted(found.passed_over)))


def of_tables(said: str | os.PathLike[str] | Mapping[str, Any], tables: Mapping[str, Any], limits: Limits) -> Sources:
    """Read the tables given."""
    path = Path(said) if isinstance(said, str | os.PathLike) else None
    found = _Found(Memory(limits.max_memory))
    _add_given(found, tables)
    return Sources(
        str(path) if path else "programme",
        settings(path) if path else Settings(said),  # type: ignore[arg-type]
        _frozen(found),
        (*found.problems, *_missing(found.grids)),
        tuple(found.passed_over),
    )


def _add_given(found: _Found, tables: Mapping[str, Any]) -> None:
    for name, source in tables.items():
        if name not in _BY_NAME:
            raise UnknownCodeError("table", name, nearest(name, _BY_NAME) or _BY_NAME)
        if isinstance(source, str | os.PathLike):
            found.given(Path(source), _BY_NAME[name])
        else:
            found.given(source, _BY_NAME[name], name)


def _frozen(found: _Found) -> dict[str, tuple[Grid, ...]]:
    return {name: tuple(parts) for name, parts in found.grids.items()}


def _table_of(name: str) -> Table | None:
    """The table that a file or a sheet is, by its name up to the first point."""
    found = _labels.table_names().get(_labels.key(name.partition(".")[0]))
    return _BY_NAME[found] if found else None


def _is_read(path: Path) -> bool:
    return not path.name.startswith((".", "~")) and (path.is_file() or path.suffix.lower() in _SUFFIXES)


def _unread(path: Path) -> Problem:
    """A workbook that bears the name of a table and that nothing here reads: its rows would be lost."""
    return _problem("not_read", path.name, suffix=path.suffix)


def _lexicon(values: Mapping[str, Any] | None) -> object:
    catalogue = (values or {}).get("catalogue")
    return catalogue.get("lexicon") if isinstance(catalogue, dict) else None


def _no_sheet(table: Table, parts: Sequence[Grid]) -> Problem:
    names = ", ".join(repr(part.name) for part in parts)
    return _problem("no_sheet", parts[0].file.partition("[")[0], names=names, table=table.name)


def _misspelt(strangers: Iterable[Path], known: Mapping[str, object]) -> list[Problem]:
    """Files whose name looks like that of a missing table: passed over, their rows would be lost without a word."""
    absent = {word: name for word, name in _labels.table_names().items() if name not in known}
    return [
        _problem("misspelt_file", path.name, name=f"{table}{path.suffix.lower()}")
        for path in strangers
        for table in dict.fromkeys(
            name for word, name in absent.items() if fuzz.ratio(_labels.key(path.stem), word) >= _ALIKE
        )
    ]


def _twice(found: Mapping[str, list[Grid]]) -> Iterable[Problem]:
    """Files that could be one table written twice, and not two parts of it."""
    for name, parts in found.items():
        whole = [part for part in parts if "." not in part.name]
        for part in whole[1:]:
            yield _problem("second_file", part.file, table=name, file=whole[0].file)


def _missing(found: Mapping[str, object]) -> Iterable[Problem]:
    for table in TABLES:
        if table.required and table.name not in found:
            yield _problem("missing_table", f"{table.name}.csv")
    if TRAINERS.name in found and EXPERTISE.name not in found:
        yield _problem("missing_expertise", f"{EXPERTISE.name}.csv")


def _problem(key: str, where: str, **values: object) -> Problem:
    return Problem.of("prai_match.io", key, where, **values)
