"""Places of the model (``needs[3].date``) as places of the folder (``needs.csv:5.date``)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from prai_match.io._tables import EXPERTISE, FIELDS, PROGRAMME, TABLES, TRAINER_DAYS, TRAINERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from prai_match.errors import Problem

_FIELDS = {table.name: table.file for table in FIELDS}
_ROW = re.compile(rf"(?<![\w.])({'|'.join(_FIELDS)})\[(\d+)\](?:\.(\w+))?(?:\[(\d+)\])?(?:\.(\w+))?[\w.\[\]]*")
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_FILES = {file: order for order, file in enumerate((PROGRAMME, *(table.file for table in TABLES)))}
_LINE = re.compile(r"([^:]+):(\d+)")
_AMOUNT = re.compile(r"^Decimal\('(.*)'\)$")
_JOINED = {"expertise": EXPERTISE.file, "free": TRAINER_DAYS.file, "taken": TRAINER_DAYS.file}


@dataclass(frozen=True, slots=True)
class Places:
    """Where each row of the programme stands in the folder.

    Attributes:
        lines: For each field, the line of each row.
        joined: For each trainer and each of its lists, the line of each item in the list's own table.
        toml: Where each key of ``programme.toml`` stands.
    """

    lines: Mapping[str, Sequence[int]]
    joined: Sequence[Mapping[str, Sequence[int]]]
    toml: TomlLines

    def told(self, problem: Problem) -> Problem:
        """The same problem with its place in the folder."""
        where = self._of_row(match) if (match := _ROW.match(problem.where)) else self._outside(problem.where)
        found = _AMOUNT.sub(r"\1", problem.found)
        return replace(problem, where=where, found=found, expected=_ROW.sub(self._of_row, problem.expected))

    def _of_row(self, match: re.Match[str]) -> str:
        table, index, column, item, inner = match.groups()
        place = int(index)
        if table == TRAINERS.name and column in _JOINED and item is not None:
            line = self.joined[place][column][int(item)]
            # A day taken is a plain date: its row begins with it.
            return f"{_JOINED[column]}:{line}{f'.{inner}' if inner else '.start' if column == 'taken' else ''}"
        return f"{_FIELDS[table]}:{self.lines[table][place]}{f'.{column}' if column else ''}"

    def _outside(self, where: str) -> str:
        return f"{PROGRAMME}:{self.toml.line(where)}.{where}"


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems file by file and line by line, each told once."""

    def key(problem: Problem) -> tuple[int, int]:
        match = _LINE.match(problem.where)
        file, line = (match[1], int(match[2])) if match else (problem.where, 0)
        return _FILES.get(file, len(_FILES)), line

    return sorted(dict.fromkeys(problems), key=key)


@dataclass(frozen=True, slots=True)
class TomlLines:
    r"""Lines of a TOML text that is well formed.

    The reader of the standard library tells no lines. The statement that adds a key is found by reading shorter
    beginnings of the text, as only a few problems ask.

    Example:
        >>> TomlLines('name = "x"\n\n[[theme]]\nid = "a"\n\n[[theme]]\nid = "b"\n').line("theme[1].id")
        7
    """

    text: str
    _read: dict[int, object] = field(default_factory=dict)

    def line(self, path: str) -> int:
        """The line on which the statement begins that gives ``path``, or its nearest ancestor that is there."""
        lines = self.text.replace("\r\n", "\n").split("\n")
        steps: list[str | int] = [int(index) if index else key for index, key in _STEP.findall(path)]
        steps = steps[: _depth(self._beginning(lines, len(lines)), steps)]
        before, end = 0, len(lines)
        while end - before > 1:
            middle = (before + end) // 2
            read = middle
            while read < end and self._beginning(lines, read) is None:
                read += 1  # inside a text or a list of several lines
            if read == end or _depth(self._beginning(lines, read), steps) == len(steps):
                end = middle
            else:
                before = read
        return before + 1

    def _beginning(self, lines: list[str], count: int) -> object:
        if count not in self._read:
            try:
                self._read[count] = tomllib.loads("\n".join(lines[:count]))
            except (ValueError, ArithmeticError):
                self._read[count] = None
        return self._read[count]


def _depth(data: object, steps: list[str | int]) -> int:
    """How many of the steps lead somewhere."""
    for depth, step in enumerate(steps):
        match data, step:
            case dict(), _ if step in data:
                data = data[step]
            case list(), int() if step < len(data):
                data = data[step]
            case _:
                return depth
    return len(steps)
