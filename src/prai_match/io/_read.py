"""A programme from its folder: everything is read, and everything that is wrong is told at once."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

from rapidfuzz import fuzz

from prai_match.errors import Problem, ProgrammeError
from prai_match.io import _csv
from prai_match.io._places import Places, TomlLines, in_order
from prai_match.io._rows import UNREADABLE, Rows, read_rows
from prai_match.io._tables import EXPERTISE, FIELDS, PROGRAMME, TABLES, TRAINER_DAYS, TRAINERS, Table
from prai_match.io._trainers import join
from prai_match.model import ProgrammeData

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

_Programme = TypeVar("_Programme", bound=ProgrammeData)

_ALIKE = 85
"""How much (0-100) the name of a file must be like that of a missing table to be taken for it, misspelt."""


@overload
def load(folder: str | os.PathLike[str]) -> ProgrammeData: ...
@overload
def load(folder: str | os.PathLike[str], model: type[_Programme]) -> _Programme: ...
def load(folder: str | os.PathLike[str], model: type[ProgrammeData] = ProgrammeData) -> ProgrammeData:
    """Read a programme from a folder.

    ``programme.toml`` and the tables ``collectivities.csv`` and ``territories.csv`` must be there; a table that isn't
    there is empty. Columns may stand in any order, and those that have a default may be left out. Coordinates that
    ``trainers.csv`` leaves empty are those of the home commune in the register. While a table that others cite can't be
    read, what cites it is not checked: every row would seem wrong.

    Args:
        folder: The folder.
        model: The class to build.

    Returns:
        The programme.

    Raises:
        ProgrammeError: Files or cells are wrong, or the rows contradict each other; ``error.problems`` lists all of
            them in the order of the files, each with its file and line (``needs.csv:5.date``).

    Example:
        >>> try:
        ...     load("no_such_folder")
        ... except ProgrammeError as error:
        ...     print(error.problems[0])
        no_such_folder: found no such folder, expected a folder with programme.toml and its tables
    """
    root = Path(folder)
    if not root.is_dir():
        found = "a file" if root.exists() else "no such folder"
        raise ProgrammeError(str(root), [Problem(str(root), found, "a folder with programme.toml and its tables")])
    problems: list[Problem] = []
    text, settings = _settings(root, problems)
    tables = {table.name: _table(root, table) for table in TABLES}
    problems += [problem for rows in tables.values() for problem in rows.problems]
    problems += _misspelt(root, settings or {})
    joined = join(
        tables[TRAINERS.name],
        tables[EXPERTISE.name],
        tables[TRAINER_DAYS.name],
        no_expertise=not (root / EXPERTISE.file).exists(),
    )
    problems += joined.problems
    places = Places({name: rows.lines for name, rows in tables.items()}, joined.lines, TomlLines(text))
    for table in FIELDS:
        if settings and table.name in settings:
            problems.append(places.told(Problem(table.name, "a table of the folder", f"its rows in {table.file} only")))
    data = dict(settings or {}) | {table.name: _values(table, tables[table.name]) for table in FIELDS}
    if data[TRAINERS.name] is not UNREADABLE:
        data[TRAINERS.name] = joined.values
    try:
        programme = model.model_validate(data)
    except ProgrammeError as error:
        problems += [
            places.told(problem)
            for problem in _first_told(error.problems)
            if settings is not None or _in_a_row(problem)
        ]
        raise ProgrammeError(str(root), in_order(problems)) from None
    if problems:
        raise ProgrammeError(str(root), in_order(problems))
    return programme


def _values(table: Table, rows: Rows) -> object:
    """The rows of a field. Those that others cite are withheld when some are missing: every citation would be wrong."""
    return UNREADABLE if rows.broken and table.key else rows.values


def _first_told(problems: Sequence[Problem]) -> Iterator[Problem]:
    """Problems of the model without those that follow from another one."""
    above = {problem.where[: mark.start()] for problem in problems for mark in re.finditer(r"\[", problem.where)}
    for problem in problems:
        # The model counts the good items of a list only: one that has bad items seems too short.
        short = problem.expected.startswith("Tuple should have at least") and problem.where in above
        if problem.found != repr(UNREADABLE) and not short:
            yield problem


def _in_a_row(problem: Problem) -> bool:
    return any(problem.where.startswith(f"{table.name}[") for table in FIELDS)


def _table(root: Path, table: Table) -> Rows:
    data = _bytes(root / table.file)
    if data is None:
        missing = Problem(table.file, "no such file", "a table of that name")
        return Rows(problems=[missing], broken=True) if table.required else Rows()
    return Rows(problems=[data], broken=True) if isinstance(data, Problem) else read_rows(table, data)


def _bytes(path: Path) -> bytes | Problem | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        return Problem(path.name, str(error.strerror).lower(), "a file that can be read")


def _settings(root: Path, problems: list[Problem]) -> tuple[str, dict[str, Any] | None]:
    """The text of ``programme.toml`` and what it says; None when it can't be read."""
    data = _bytes(root / PROGRAMME)
    text = _csv.decoded(data, PROGRAMME) if isinstance(data, bytes) else data
    if text is None or isinstance(text, Problem):
        problems.append(text or Problem(PROGRAMME, "no such file", "the name, the period and the catalogue"))
        return "", None
    try:
        return text, tomllib.loads(text, parse_float=_decimal)
    except ValueError as error:
        match = re.search(r"\(at (?:line (\d+), column \d+|end of document)\)", str(error))
        line = match[1] or text.count("\n") + 1 if match else 1
        problems.append(Problem(f"{PROGRAMME}:{line}", str(error), "a TOML file"))
        return "", None


def _decimal(text: str) -> Decimal:
    """A number as it is written, so that amounts stay exact."""
    try:
        return Decimal(text)
    except ArithmeticError:
        msg = f"{text} is out of range"
        raise ValueError(msg) from None


def _misspelt(root: Path, settings: dict[str, Any]) -> list[Problem]:
    """Files whose name looks like that of a missing table: passed over, their rows would be lost without a word."""
    catalogue = settings.get("catalogue")
    lexicon = catalogue.get("lexicon") if isinstance(catalogue, dict) else None
    files = {path.name for path in root.iterdir() if path.suffix.lower() == ".csv"}
    absent = [table.file for table in TABLES if table.file not in files]
    strangers = sorted(name for name in files.difference(table.file for table in TABLES) if name != lexicon)
    return [
        Problem(name, "a file that is no table", f"another name; did you mean {file}?")
        for name in strangers
        for file in absent
        if fuzz.ratio(name.lower(), file) >= _ALIKE
    ]
