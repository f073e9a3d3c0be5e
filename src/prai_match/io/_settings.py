"""``programme.toml``: what it says, and the line on which it says it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from prai_match.errors import Problem
from prai_match.io._schema import PROGRAMME
from prai_match.text import TomlError, bounded, toml

LARGEST: Final = 1 << 18  # the most bytes of the file: what there are many of is in the tables
_MOST_READ: Final = 1 << 20  # characters, to find lines: a list of ten thousand lines is tried at each
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_FILE = re.compile(r"^\w[\w .-]{0,199}$")
_END = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")


class ProgrammeToml(NamedTuple):
    """What is not in the tables: values, or why they can't be read; and the text of the file, where there is one."""

    values: Mapping[str, Any] | None
    text: str | None = None
    problems: tuple[Problem, ...] = ()

    def place(self, path: str) -> str:
        if self.text is None:
            return path
        line = _lines(self.text).line(path)
        return f"{PROGRAMME}:{line}.{path}" if line else f"{PROGRAMME}, {path}"


def settings(path: Path, root: Path | None = None) -> ProgrammeToml:
    """Read the file, of which no link may leave the folder ``root``."""
    try:
        data = bounded(path, LARGEST, root)
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
        return ProgrammeToml(toml(text, LARGEST, _decimal), text)
    except TomlError as error:
        match = _END.search(str(error))
        place = (match[1] or str(text.count("\n") + 1)) if match else "1"
        return ProgrammeToml(None, problems=(error.problem(f"{PROGRAMME}:{place}"),))


def named_files(programme: ProgrammeToml) -> tuple[ProgrammeToml, dict[str, str]]:
    """Take the names of files of the lexicon and the policy out; version 0.1 had them under ``catalogue``."""
    values, files = dict(programme.values or {}), {}
    catalogue = values.get("catalogue")
    for field in ("lexicon", "policy"):
        if isinstance(catalogue, Mapping) and isinstance(catalogue.get(field), str):
            files[field] = catalogue[field]
            values["catalogue"] = catalogue = {name: value for name, value in catalogue.items() if name != field}
        if isinstance(values.get(field), str):
            files[field] = values.pop(field)
    for field, name in files.items():
        if not _FILE.match(name):
            problem = Problem.of("prai_match.io", "file_name", programme.place(field), repr(name))
            programme = programme._replace(problems=(*programme.problems, problem))
    return (programme._replace(values=values) if files else programme), files


def _unread(key: str, where: str, **values: object) -> ProgrammeToml:
    return ProgrammeToml(None, problems=(Problem.of("prai_match.io", key, where, **values),))


def _decimal(text: str) -> Decimal:
    """A number as it is written, so that amounts stay exact."""
    try:
        return Decimal(text)
    except ArithmeticError:
        raise ValueError(f"{text} is out of range") from None


class _Lines:
    """Lines of a TOML text that is well formed.

    The reader of the standard library tells no lines. The statement that adds a key is found by reading shorter
    beginnings of the text, as only a few problems ask; each beginning is read once.
    """

    def __init__(self, text: str) -> None:
        self._lines = text.replace("\r\n", "\n").split("\n")
        self._data: dict[int, object] = {}
        self._left = _MOST_READ

    def line(self, path: str) -> int:
        """The line on which the statement begins that gives ``path`` or its nearest ancestor; 0: it isn't told."""
        steps: list[str | int] = [int(index) - 1 if index else key for index, key in _STEP.findall(path)]
        steps = steps[: _depth(self._beginning(len(self._lines)), steps)]
        before, end = 0, len(self._lines)
        while self._left > 0 and end - before > 1:
            middle = read = (before + end) // 2
            while self._left > 0 and read < end and self._beginning(read) is None:
                read += 1  # inside a text or a list of several lines
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
