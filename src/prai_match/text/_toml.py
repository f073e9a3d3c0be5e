"""TOML from people who may mean harm: read in bounded time and memory, or refused with the limit that it passes.

The reader of the standard library takes minutes for a key of ten thousand dots, falls over lists within lists within
lists, and reads integers that can't be written again.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Final

from prai_match.errors import Problem
from prai_match.text._regular import RefusedFileError, opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOST_DOTS: Final = 100
"""Points on one line: a key of more takes the reader a time that grows with their square."""
MOST_LEVELS: Final = 20
"""Tables and lists within one another."""
_MARK: Final = "\ufeff"
_LONGEST_INTEGER: Final = 63  # bits, as TOML has it


class TomlError(ValueError):
    """A text that is no TOML, or more than is read.

    Attributes:
        found: What it has, in English and in French.
        expected: What would be read, in English and in French.
    """

    def __init__(self, found: tuple[str, str], expected: tuple[str, str] = ("a TOML file", "un fichier TOML")) -> None:
        """Keep both as they are told."""
        self.found = found
        self.expected = expected
        super().__init__(found[0])

    def problem(self, where: str) -> Problem:
        """Tell it as a problem at ``where``."""
        return Problem(where, self.found[0], self.expected[0], self.expected[1], self.found[1])


def bounded(path: Path, most: int, root: Path | None = None) -> bytes:
    """Read a file of at most ``most`` bytes; nothing is read past them.

    Args:
        path: The file.
        most: How many bytes.
        root: The folder that no link of it may leave; None: it may be anywhere.

    Raises:
        TomlError: It is larger, or no regular file, or a link leads out of the folder.
        OSError: It can't be read.
    """
    try:
        with opened(path, root) as file:
            data = file.read(most + 1)
    except RefusedFileError as error:
        raise TomlError(error.found, error.expected) from None
    _check_size(len(data), most)
    return data


def toml(text: str, most: int, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """Read a text of at most ``most`` bytes; a byte-order mark before it is passed over.

    Raises:
        TomlError: It is no TOML, larger, or passes another limit.
    """
    _check_size(len(text) if len(text) > most else len(text.encode("utf-8", "surrogatepass")), most)
    for number, line in enumerate(text.split("\n"), 1):
        if (dots := line.count(".")) > MOST_DOTS:
            raise TomlError(
                (f"{dots} points on line {number}", f"{dots} points à la ligne {number}"),
                (f"at most {MOST_DOTS} on a line", f"au plus {MOST_DOTS} sur une ligne"),
            )
    try:
        data = tomllib.loads(text.removeprefix(_MARK), parse_float=parse_float)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        raise TomlError((str(error), str(error))) from None
    _check_values(data)
    return data


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise TomlError(
            (f"more than {most} bytes", f"plus de {most} octets"), (f"at most {most} bytes", f"au plus {most} octets")
        )


def _check_values(data: dict[str, Any]) -> None:
    level: list[Any] = [data]
    for _ in range(MOST_LEVELS):
        level = [
            value
            for each in level
            for value in (each.values() if isinstance(each, dict) else each if isinstance(each, list) else ())
        ]
        if any(isinstance(value, int) and value.bit_length() > _LONGEST_INTEGER for value in level):
            raise TomlError(
                ("a longer integer", "un entier plus long"), ("integers of 64 bits", "des entiers de 64 bits")
            )
    if any(isinstance(value, dict | list) for value in level):
        raise _too_deep()


def _too_deep() -> TomlError:
    return TomlError(
        (f"more than {MOST_LEVELS} levels", f"plus de {MOST_LEVELS} niveaux"),
        (
            f"at most {MOST_LEVELS} tables or lists within one another",
            f"au plus {MOST_LEVELS} tableaux ou listes l'un dans l'autre",
        ),
    )
