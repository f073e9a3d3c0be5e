"""TOML from people who may mean harm: read in bounded time and memory, or refused with the limit that it passes.

The reader of the standard library takes minutes for a key of ten thousand dots, falls over lists within lists within
lists, and reads integers that can't be written again.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from prai_match._words import catalogue, filled
from prai_match.errors import Problem
from prai_match.text._safe_files import PACKAGE, RefusedFileError, opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOST_DOTS: Final = 100
"""Points on one line: a key of more takes the reader a time that grows with their square."""
MOST_LEVELS: Final = 20
"""Tables and lists within one another."""
_MARK: Final = "\ufeff"
_PLACE: Final = re.compile(r"at line (?P<line>\d+), column (?P<column>\d+)")
_LONGEST_INTEGER: Final = 63  # bits, as TOML has it


class TomlError(ValueError):
    """A text that is no TOML, or more than is read."""

    def __init__(self, problem: Problem) -> None:
        """Keep what is wrong."""
        self._problem = problem
        super().__init__(problem.found)

    def problem(self, where: str) -> Problem:
        """Tell it as a problem at ``where``."""
        return replace(self._problem, where=where)


def bounded(path: Path, most: int, root: Path | None = None) -> bytes:
    """Read a file of at most ``most`` bytes; nothing is read past them.

    Args:
        path: The file.
        most: How many bytes.
        root: The folder that no link of it may leave; None: it may be anywhere.
    """
    try:
        with opened(path, root) as file:
            data = file.read(most + 1)
    except RefusedFileError as error:
        raise TomlError(error.problem) from None
    _check_size(len(data), most)
    return data


def toml(text: str, most: int, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """Read a text of at most ``most`` bytes; a byte-order mark before it is passed over."""
    _check_size(len(text) if len(text) > most else len(text.encode("utf-8", "surrogatepass")), most)
    for number, line in enumerate(text.split("\n"), 1):
        if (dots := line.count(".")) > MOST_DOTS:
            raise TomlError(Problem.of(PACKAGE, "points", "", count=dots, line=number, most=MOST_DOTS))
    try:
        data = tomllib.loads(text.removeprefix(_MARK), parse_float=parse_float)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        place = _PLACE.search(str(error))
        at = "" if place is None else filled(catalogue(PACKAGE, "errors")["place"], place.groupdict())
        raise TomlError(Problem.of(PACKAGE, "syntax", "", message=error, place=at)) from None
    _check_values(data)
    return data


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise TomlError(Problem.of(PACKAGE, "bytes", "", most=most))


def _check_values(data: dict[str, Any]) -> None:
    level: list[Any] = [data]
    for _ in range(MOST_LEVELS):
        level = [
            value
            for each in level
            for value in (each.values() if isinstance(each, dict) else each if isinstance(each, list) else ())
        ]
        if any(isinstance(value, int) and value.bit_length() > _LONGEST_INTEGER for value in level):
            raise TomlError(Problem.of(PACKAGE, "integer", ""))
    if any(isinstance(value, dict | list) for value in level):
        raise _too_deep()


def _too_deep() -> TomlError:
    return TomlError(Problem.of(PACKAGE, "levels", "", most=MOST_LEVELS))
