"""Output of the command line: messages, errors, exit codes, and tables to a file or as CSV."""

import io
import os
import re
import sys
from collections.abc import Iterable
from enum import IntEnum
from pathlib import Path
from typing import IO, Any, Final

import click
import polars as pl

from prai_match.errors import PraiError, suggested
from prai_match.io import encoded, write
from prai_match.text import current_language, messages


class ExitCode(IntEnum):
    DONE = 0
    SOME_LEFT = 1
    USAGE = 2
    UNUSABLE = 3
    INTERRUPTED = 130
    NOBODY_READS = 141


def words() -> dict[str, Any]:
    """Return the texts of the command line: those of commands by name, and common ones."""
    return messages("prai_match.cli", "commands", current_language())


def of_usage(error: click.UsageError) -> str:
    match error:
        case click.NoSuchOption():
            near = suggested(error.possibilities or (), current_language())
            key, values = "no_option", {"name": error.option_name, "near": near}
        case click.MissingParameter():
            key, values = "missing", {"name": _name(error.param)}
        case click.BadParameter():
            key, values = "bad", {"name": _name(error.param), "message": error.message}
        case click.BadOptionUsage():
            params = error.ctx.command.params if error.ctx else []
            is_flag = any(isinstance(of, click.Option) and of.is_flag and error.option_name in of.opts for of in params)
            key, values = "flag" if is_flag else "no_value", {"name": error.option_name}
        case _:
            return error.message
    return str(words()["click"][key]).format(**values)


def _name(param: click.Parameter | None) -> str:
    if isinstance(param, click.Argument):
        return param.metavar or param.human_readable_name
    return " / ".join(param.opts) if param else ""


def of_error(error: PraiError | OSError) -> str:
    if isinstance(error, PraiError):
        return error.text()
    if error.strerror:
        return str(words()["click"]["file"]).format(name=error.filename, reason=error.strerror)
    return str(error)


STDOUT: Final = Path("-")  # stands for the standard output where a file is asked for
_MARK: Final = b"\xef\xbb\xbf"
# Control characters and those that turn the direction of writing: they command a terminal, or forge what it shows.
_COMMANDS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    r"""Return a text without control sequences for a terminal."""
    return _COMMANDS.sub("\N{REPLACEMENT CHARACTER}", text)


def one_line(text: object) -> str:
    r"""Return a cell as one clean line; empty for null."""
    return "" if text is None else clean(" ".join(str(text).split()))


def tell(text: str) -> None:
    """Print a message about the work on the standard error."""
    click.echo(clean(text), err=True)


def show(text: str) -> None:
    """Print the result on the standard output."""
    click.echo(clean(text))


def deliver(frame: pl.DataFrame, out: Path) -> None:
    """Write a table to a file, with a message, or as CSV to the standard output, without byte-order mark."""
    if out == STDOUT:
        print_bytes(encoded(frame, "csv").removeprefix(_MARK))
        return
    try:
        write(frame, out)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(out)) from error
    tell_files([out])


def print_bytes(content: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(content)


def tell_files(paths: Iterable[Path]) -> None:
    for path in paths:
        tell(words()["told"]["written"].format(path=path))


def for_programs(out: Path) -> bool:
    """Return whether a file is in a format for programs, with identifiers where a spreadsheet has words."""
    return out.suffix.lower() in {".json", ".parquet"}


def in_utf8(*streams: IO[str]) -> None:
    """Make streams write UTF-8 regardless of the terminal, without failing on any character."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def read_by_a_person() -> bool:
    return sys.stdout.isatty()


def forget_output() -> None:
    """Discard the remaining output: nobody reads it any more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
