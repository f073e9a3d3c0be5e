"""The sources of a programme: ``programme.toml``, with line numbers, and the tables of its folder, or given ones."""

import os
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from rapidfuzz import fuzz

from prai_match import _arguments as given
from prai_match._words import quoted
from prai_match.errors import Problem, ProgrammeError, UnknownCodeError, nearest
from prai_match.files import Save
from prai_match.io import _labels
from prai_match.io._grids import SUFFIXES, Grid, Memory, grids
from prai_match.io._schema import EXPERTISE, PROGRAMME, TABLES, TableSpec
from prai_match.text import TomlError, bounded, toml

_problem = partial(Problem.of, "prai_match.io")
_LARGEST: Final = 1 << 18  # maximum size of the file in bytes: long lists are in the tables
_MOST_READ: Final = 1 << 20  # most characters parsed to find lines: a long list is tried at each line
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_FILE = re.compile(r"^\w[\w .-]{0,199}$")
_END = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")


class ProgrammeToml(NamedTuple):
    """The data outside the tables: values, or why they can't be read, and the text of the file, if any."""

    values: Mapping[str, Any] | None
    text: str | None = None
    problems: tuple[Problem, ...] = ()

    def place(self, path: str) -> str:
        if self.text is None:
            return path
        line = _lines(self.text).line(path)
        return f"{PROGRAMME}:{line}.{path}" if line else f"{PROGRAMME}, {path}"


def settings(path: Path, root: Path | None = None) -> ProgrammeToml:
    """Read the file; links may not leave the folder ``root``."""
    try:
        data = bounded(path, _LARGEST, root)
    except TomlError as error:
        return ProgrammeToml(None, problems=(error.problem(PROGRAMME),))
    except FileNotFoundError:
        return _unread("missing_settings", PROGRAMME)
    except OSError as error:
        return _unread("unreadable_settings", PROGRAMME, message=str(error.strerror).lower())
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return _unread("not_utf8", f"{PROGRAMME}:{line}", byte=f"0x{error.object[error.start]:02x}")
    try:
        return ProgrammeToml(toml(text, _LARGEST, _decimal), text)
    except TomlError as error:
        match = _END.search(str(error))
        place = (match[1] or str(text.count("\n") + 1)) if match else "1"
        return ProgrammeToml(None, problems=(error.problem(f"{PROGRAMME}:{place}"),))


def named_files(programme: ProgrammeToml) -> tuple[ProgrammeToml, dict[str, str]]:
    """Extract the file names of lexicon and policy; version 0.1 had them under ``catalogue``."""
    values, files = dict(programme.values or {}), {}
    catalogue = values.get("catalogue")
    for key in ("lexicon", "policy"):
        if isinstance(catalogue, Mapping) and isinstance(catalogue.get(key), str):
            files[key] = catalogue[key]
            values["catalogue"] = catalogue = {name: value for name, value in catalogue.items() if name != key}
        if isinstance(values.get(key), str):
            files[key] = values.pop(key)
    for key, name in files.items():
        if not _FILE.match(name):
            problem = _problem("file_name", programme.place(key), repr(name))
            programme = programme._replace(problems=(*programme.problems, problem))
    return (programme._replace(values=values) if files else programme), files


def _unread(key: str, where: str, **values: object) -> ProgrammeToml:
    return ProgrammeToml(None, problems=(_problem(key, where, **values),))


def _decimal(text: str) -> Decimal:
    """Return a number as written, so that amounts stay exact."""
    try:
        return Decimal(text)
    except ArithmeticError:
        raise ValueError(f"{text} is out of range") from None


class _Lines:
    """Line numbers in a well-formed TOML text, found by parsing ever shorter beginnings of it, each once."""

    def __init__(self, text: str) -> None:
        self._lines = text.replace("\r\n", "\n").split("\n")
        self._data: dict[int, object] = {}
        self._left = _MOST_READ

    def line(self, path: str) -> int:
        """Return the first line of the statement that gives ``path`` or its nearest ancestor; 0 if unknown."""
        steps: list[str | int] = [int(index) - 1 if index else key for index, key in _STEP.findall(path)]
        steps = steps[: _depth(self._beginning(len(self._lines)), steps)]
        before, end = 0, len(self._lines)
        while self._left > 0 and end - before > 1:
            middle = read = (before + end) // 2
            while self._left > 0 and read < end and self._beginning(read) is None:
                read += 1  # inside a multi-line text or list
            if read == end or _depth(self._beginning(read), steps) == len(steps):
                end = middle
            else:
                before = read
        return before + 1 if self._left > 0 else 0

    def _beginning(self, count: int) -> object:
        if count not in self._data and self._left > 0:
            beginning = "\n".join(self._lines[:count])
            self._left -= len(beginning)
            self._data[count] = None
            with suppress(ValueError, ArithmeticError):
                self._data[count] = tomllib.loads(beginning)
        return self._data.get(count)


_lines = lru_cache(maxsize=1)(_Lines)


def _depth(data: object, steps: list[str | int]) -> int:
    for depth, step in enumerate(steps):
        match data, step:
            case dict(), _ if step in data:
                data = data[step]
            case list(), int() if step < len(data):
                data = data[step]
            case _:
                return depth
    return len(steps)


_NOT_READ = frozenset({".xls", ".xlsm", ".xlsb", ".fods", ".numbers"})
_BY_NAME = {table.name: table for table in TABLES}


@dataclass(eq=False)
class Sources:
    """The sources of a programme, file by file; errors use its subject. Other files and sheets are ignored."""

    subject: str
    settings: ProgrammeToml
    memory: Memory
    inside: Path | None = None  # the folder that no link may leave
    files: Mapping[str, Path] = field(default_factory=dict)  # the files of the lexicon and the policy, by field
    grids: dict[str, list[Grid]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    save: Save | None = None

    def file(self, path: Path, table: TableSpec | None) -> bool:
        """Read a file of a folder; return whether it is or contains a table (by name), or can't be read."""
        parts = self._parts(path, table, root=self.inside)
        if table is not None and len(parts) == 1:
            return self._add([(table, replace(parts[0], name=path.stem))], table)
        return self._add([(_table_of(part.name), part) for part in parts], table) or not parts

    def add(self, tables: Mapping[str, Any]) -> None:
        """Read the caller's sources of tables; in a workbook with several sheets, the sheet with the table's name."""
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
            names, file = quoted(", ".join(repr(part.name) for _, part in parts)), parts[0][1].file.partition("[")[0]
            self.problems.append(_problem("no_sheet", file, names=names, table=table.name))
        return any(one is not None for one, _ in parts)


def of_folder(root: Path, given_besides: Mapping[str, Any], max_memory: int, *, follow_links: bool) -> Sources:
    """Find and read the tables of a folder, and additional ones of the caller."""
    if not root.is_dir():
        key = "file_for_folder" if root.exists() else "no_folder"
        raise ProgrammeError(str(root), [_problem(key, str(root), file=PROGRAMME)])
    inside = None if follow_links else root
    programme, named = named_files(settings(root / PROGRAMME, inside))
    files = {field: root / name for field, name in named.items()}
    sources = Sources(str(root), programme, Memory(max_memory), inside, files)
    others = [one for one in sorted(root.iterdir()) if _is_read(one) and one.name not in {PROGRAMME, *named.values()}]
    tables = [path for path in others if path.suffix.lower() in SUFFIXES]
    sources.passed_over += [path.name for path in others if path not in tables]
    strangers: list[Path] = []
    for path in tables:
        if (table := _table_of(path.stem)) is not None and table.name in given_besides:
            sources.passed_over.append(path.name)
        elif table is None and path.suffix.lower() not in {".xlsx", ".ods"}:
            sources.passed_over.append(path.name)
            strangers.append(path)
        elif not sources.file(path, table) and table is None:
            strangers.append(path)
    sources.add(given_besides)
    # A workbook of an unsupported format with the name of a table: its rows would be lost.
    unread = [path for path in others if path.suffix.lower() in _NOT_READ and _table_of(path.stem)]
    sources.problems += [_problem("not_read", path.name, suffix=path.suffix) for path in unread]
    sources.problems += [*_misspelt(strangers, sources.grids), *_twice(sources.grids), *_missing(sources.grids)]
    sources.passed_over.sort()
    return sources


def of_tables(
    values: str | os.PathLike[str] | Mapping[str, Any], tables: Mapping[str, Any], max_memory: int
) -> Sources:
    path = Path(values) if isinstance(values, str | os.PathLike) else None
    programme, named = named_files(settings(path) if path else ProgrammeToml(values))  # type: ignore[arg-type]
    files = {field: (path.parent if path else Path()) / name for field, name in named.items()}
    sources = Sources(str(path) if path else "programme", programme, Memory(max_memory), files=files)
    sources.add(tables)
    sources.problems += _missing(sources.grids)
    return sources


def _table_of(name: str) -> TableSpec | None:
    return _BY_NAME.get(_labels.table_names().get(_labels.key(name.partition(".")[0]), ""))


def _is_read(path: Path) -> bool:
    return not path.name.startswith((".", "~")) and (path.is_file() or path.suffix.lower() in SUFFIXES)


def _misspelt(strangers: Iterable[Path], tables: Mapping[str, object]) -> list[Problem]:
    """Report files with a name similar to that of a missing table, since their rows would be lost silently."""
    absent = {word: name for word, name in _labels.table_names().items() if name not in tables}
    return [
        _problem("misspelt_file", path.name, name=f"{table}{path.suffix.lower()}")
        for path in strangers
        for table in dict.fromkeys(
            name for word, name in absent.items() if fuzz.ratio(_labels.key(path.stem), word) >= _labels.ALIKE
        )
    ]


def _twice(tables: Mapping[str, list[Grid]]) -> Iterable[Problem]:
    """Report files that could be the same table written twice, not two parts of it."""
    for name, parts in tables.items():
        whole = [part for part in parts if "." not in part.name]
        yield from (_problem("second_file", part.file, table=name, file=whole[0].file) for part in whole[1:])


def _missing(tables: Mapping[str, object]) -> Iterable[Problem]:
    for table in TABLES:
        if table.required and table.name not in tables:
            yield _problem("missing_table", f"{table.name}.csv")
    if "trainers" in tables and EXPERTISE.name not in tables:
        yield _problem("missing_expertise", f"{EXPERTISE.name}.csv")


def with_keys(sources: Sources, key: str | Mapping[str, str] | None) -> Sources:
    """Identify the rows of tables by a column; refuse a missing one."""
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
