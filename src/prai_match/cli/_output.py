"""What leaves the command line: messages, and tables to a file or to the standard output."""

from __future__ import annotations

import io
import os
import re
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from prai_match.cli._words import words
from prai_match.io import encoded, write

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from prai_match.model import Lang

STDOUT: Final = Path("-")
"""Stands for the standard output where a file is asked for."""

_MARK: Final = b"\xef\xbb\xbf"
# Control characters and those that turn the direction of writing: they command a terminal, or forge what it shows.
_COMMANDS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    r"""Return a text without anything that a terminal would obey."""
    return _COMMANDS.sub("\N{REPLACEMENT CHARACTER}", text)


def one_line(text: object) -> str:
    r"""Return a cell as one clean line; empty where there is nothing."""
    return "" if text is None else clean(" ".join(str(text).split()))


def tell(text: str) -> None:
    """Say something about the work, on the standard error."""
    click.echo(clean(text), err=True)


def show(text: str) -> None:
    """Print what was asked for, on the standard output."""
    click.echo(clean(text))


def deliver(frame: pl.DataFrame, out: Path, lang: Lang) -> None:
    """Write a table to a file, and say so, or as CSV to the standard output, without the mark of UTF-8."""
    if out == STDOUT:
        print_bytes(encoded(frame, "csv").removeprefix(_MARK))
        return
    try:
        write(frame, out)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(out)) from error
    tell_files([out], lang)


def print_bytes(content: bytes) -> None:
    """Print what is no text of ours, as it is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)


def tell_files(paths: Iterable[Path], lang: Lang) -> None:
    """Say which files were written."""
    for path in paths:
        tell(words(lang)["told"]["written"].format(path=path))


def for_programs(out: Path) -> bool:
    """Whether a file is in a format that programs read: it has identifiers where a spreadsheet has words."""
    return out.suffix.lower() in {".json", ".parquet"}


def in_utf8(*streams: IO[str]) -> None:
    """Make streams write UTF-8 whatever the terminal says, and never fail on a character."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def read_by_a_person() -> bool:
    """Whether the standard output is a terminal."""
    return sys.stdout.isatty()


def forget_output() -> None:
    """Let what is still to be printed go nowhere: nobody reads it any more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
