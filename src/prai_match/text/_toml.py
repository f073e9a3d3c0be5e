"""Reading of untrusted files and TOML: opened once, read in bounded time and memory, or refused.

The parser of the standard library takes minutes for a key with ten thousand dots, fails on deeply nested lists, and
reads integers that can't be written again.
"""

import os
import re
import stat
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, Final

from prai_match._words import catalogue, filled
from prai_match.errors import Problem

_PACKAGE: Final = "prai_match.text"  # whose catalogue has the words
_KINDS: Final = (
    (stat.S_ISDIR, "folder"),
    (stat.S_ISFIFO, "pipe"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISCHR, "device"),
    (stat.S_ISBLK, "device"),
)
# Without it a pipe that nobody writes to would be waited for; Windows has neither.
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)


class RefusedFileError(OSError):
    """The path isn't a file that may be read; holds the problem, without a place."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.found)
        self.problem = problem
        self.strerror: str | None = problem.found


def opened(path: Path, root: Path | None = None) -> BinaryIO:
    """Open a file whose links don't leave the folder ``root``; without ``root``, it may be anywhere.

    The checks use the opened file itself, so that it can't be replaced in between.
    """
    # Some devices do something as soon as they are opened.
    _check(path, root, path.stat())
    descriptor = os.open(path, _FLAGS)
    try:
        _check(path, root, os.fstat(descriptor))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _check(path: Path, root: Path | None, there: os.stat_result) -> None:
    if not stat.S_ISREG(there.st_mode):
        kind = next((kind for is_it, kind in _KINDS if is_it(there.st_mode)), "other")
        raise RefusedFileError(Problem.of(_PACKAGE, "ordinary", "", kind=catalogue(_PACKAGE, "errors")["kinds"][kind]))
    if root is not None:
        real = Path(os.path.realpath(path))
        if not real.is_relative_to(os.path.realpath(root)) or not os.path.samestat(real.lstat(), there):
            raise RefusedFileError(Problem.of(_PACKAGE, "link", ""))


MOST_DOTS: Final = 100  # points on one line: a key of more takes the reader a time that grows with their square
MOST_LEVELS: Final = 20  # tables and lists within one another
_PLACE: Final = r"at line (?P<line>\d+), column (?P<column>\d+)"
_LONGEST_INTEGER: Final = 63  # bits, as TOML has it


class TomlError(ValueError):
    """The text isn't TOML, or exceeds a limit."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        super().__init__(problem.found)

    def problem(self, where: str) -> Problem:
        return replace(self._problem, where=where)


def bounded(path: Path, most: int, root: Path | None = None) -> bytes:
    """Read a file of at most ``most`` bytes, never more; its links may not leave ``root``."""
    try:
        with opened(path, root) as file:
            data = file.read(most + 1)
    except RefusedFileError as error:
        raise TomlError(error.problem) from None
    _check_size(len(data), most)
    return data


def toml(text: str, most: int, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """Read a text of at most ``most`` bytes; a byte-order mark is ignored."""
    _check_size(len(text) if len(text) > most else len(text.encode("utf-8", "surrogatepass")), most)
    for number, line in enumerate(text.split("\n"), 1):
        if (dots := line.count(".")) > MOST_DOTS:
            raise TomlError(Problem.of(_PACKAGE, "points", "", count=dots, line=number, most=MOST_DOTS))
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"), parse_float=parse_float)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        place = re.search(_PLACE, str(error))
        at = "" if place is None else filled(catalogue(_PACKAGE, "errors")["place"], place.groupdict())
        raise TomlError(Problem.of(_PACKAGE, "syntax", "", message=error, place=at)) from None
    _check_values(data)
    return data


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise TomlError(Problem.of(_PACKAGE, "bytes", "", most=most))


def _check_values(data: dict[str, Any]) -> None:
    level: list[Any] = [data]
    for _ in range(MOST_LEVELS):
        level = [
            value
            for each in level
            for value in (each.values() if isinstance(each, dict) else each if isinstance(each, list) else ())
        ]
        if any(isinstance(value, int) and value.bit_length() > _LONGEST_INTEGER for value in level):
            raise TomlError(Problem.of(_PACKAGE, "integer", ""))
    if any(isinstance(value, dict | list) for value in level):
        raise _too_deep()


def _too_deep() -> TomlError:
    return TomlError(Problem.of(_PACKAGE, "levels", "", most=MOST_LEVELS))
