"""A page of the documentation followed to the letter: its files written, its examples run, its outputs compared.

A fenced block with a title (```` ```csv title="my_region/needs.csv" ````) is that file. A ``python`` block runs after
those before it, and a ``text`` block that follows at once is what it prints; ``# → value`` after an expression is its
value. In a ``console`` block each line after ``$`` runs, and what stands under it is what it prints. A line that holds
only ``…`` stands for any lines. `rewrite` puts what comes out in the place of what the page shows.
"""

from __future__ import annotations

import ast
import io
import os
import re
import shlex
import warnings
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner

from prai_match import text
from prai_match.cli._app import application
from prai_match.errors import RejectedRowsWarning, UnknownFactsWarning
from prai_match.text import asked_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BLOCK = re.compile(
    r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$(?=\n*(?:^```(text)\n(.*?)^```$)?)', re.MULTILINE | re.DOTALL
)
_VALUE = re.compile(r"#.*?→ (.*)$")
_INSTALLS = re.compile(
    r"make \w+|python3? -m venv |(\.venv/bin/)?(python -m )?(pip|prai_match\.demo|ruff|unzip)\b|source |\.venv"
    r"|jupyter lab |marimo (edit|run) |cd examples/services$|PRAI_PROGRAMME=\S+ (uvicorn fastapi_service|python django_service)\b"
)
"""Lines that a person runs and a test doesn't: each makes an environment, or is run by a test of its own."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a page: its language, the file that it is, its text, and the output that follows it."""

    language: str
    title: str
    text: str
    output: str | None


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found = _BLOCK.finditer(page.read_text("utf-8"))
    return [Block(block[1], block[2] or "", block[3], block[5] if block[4] else None) for block in found]


def runs(page: Path) -> bool:
    """Whether a page has anything to run."""
    return any(block.language in {"python", "console"} for block in blocks(page))


def follow(page: Path) -> None:
    """Do what a page says, in the folder where we are, and compare what comes out with what it shows."""
    _follow(page, assert_same)


def rewrite(page: Path) -> None:
    """Do what a page says, in the folder where we are, and write what comes out in the place of what it shows."""
    text = page.read_text("utf-8")
    done = 0

    def put(said: str, shown: str) -> None:
        nonlocal text, done
        start, new = text.index(shown, done), _cut(said, shown)
        text = text[:start] + new + text[start + len(shown) :]
        done = start + len(new)

    _follow(page, put)
    page.write_text(text, "utf-8")


def _follow(page: Path, compare: Callable[[str, str], None]) -> None:
    names: dict[str, Any] = {}
    for block in blocks(page):
        if block.title:
            Path(block.title).write_text(block.text, "utf-8")
        elif block.language == "python":
            said = _python(block.text, names, page, compare)
            if block.output is not None:
                compare(said, block.output)
        elif block.language == "console":
            for command, shown in _commands(block.text):
                said = _run(command)
                if shown:
                    compare(said, shown)


def assert_same(said: str, shown: str) -> None:
    """Compare what was printed with what the page shows; spaces that don't break are spaces to who writes the page."""
    pieces = re.split(r"^…\n", _spaced(shown), flags=re.MULTILINE)
    pattern = "(?:.*\n)*?".join(re.escape(piece) for piece in pieces)
    lines = _spaced(said)
    assert re.fullmatch(pattern, lines), f"the page shows:\n{shown}\nwhat comes out is:\n{lines}"


def _cut(said: str, shown: str) -> str:
    """What was printed, cut where the page cuts what it shows: as many lines before and after each ``…``."""
    first, *others = ([*piece.splitlines()] for piece in re.split(r"^…\n", shown, flags=re.MULTILINE))
    lines = _spaced(said).splitlines()
    if not others:
        return "".join(f"{line}\n" for line in lines)
    kept, at = lines[: len(first)], len(first)
    for n, piece in enumerate(others, 1):
        start = len(lines) - len(piece) if n == len(others) else at + _place(piece, lines[at:])
        kept += ["…", *lines[start : start + len(piece)]]
        at = start + len(piece)
    return "".join(f"{line}\n" for line in kept)


def _place(piece: list[str], lines: list[str]) -> int:
    """Where lines stand among others, with other numbers where they don't stand as they are."""
    for read in (_spaced, lambda line: re.sub(r"\d+", "0", _spaced(line))):
        wanted, found = [*map(read, piece)], [*map(read, lines)]
        for start in range(len(found)):
            if found[start : start + len(wanted)] == wanted:
                return start
    msg = f"to be written by hand, nothing like it comes out: {piece}"
    raise LookupError(msg)


def _spaced(text: str) -> str:
    lines = re.sub("[\u00a0\u202f]", " ", text).rstrip().splitlines()
    return "".join(line.rstrip() + "\n" for line in lines)


def _python(text: str, names: dict[str, Any], page: Path, compare: Callable[[str, str], None]) -> str:
    lines = text.splitlines()
    out = io.StringIO()
    # A person reads on where rows are rejected, and so does the page.
    with redirect_stdout(out), warnings.catch_warnings():
        warnings.simplefilter("ignore", RejectedRowsWarning)
        warnings.simplefilter("ignore", UnknownFactsWarning)
        for statement in ast.parse(text).body:
            told = _VALUE.search(lines[(statement.end_lineno or 1) - 1])
            if isinstance(statement, ast.Expr) and told:
                value = eval(compile(ast.Expression(statement.value), str(page), "eval"), names)  # noqa: S307 - our own pages
                compare(f"→ {value!r}\n", f"→ {told[1]}\n")
            else:
                exec(compile(ast.Module([statement], []), str(page), "exec"), names)  # noqa: S102 - our own pages
    return out.getvalue()


def _commands(text: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command.partition("  # ")[0].strip(), shown


def _run(command: str) -> str:
    """Run a line of a shell, and return all that it prints."""
    if _INSTALLS.match(command):
        return ""
    program, *arguments = shlex.split(command)
    if program == "export":
        name, _, value = arguments[0].partition("=")
        os.environ[name] = value
        return ""
    if program == "cp":
        Path(arguments[1]).write_bytes(Path(arguments[0]).read_bytes())
        return ""
    assert program == "prai-match", f"nobody knows how to run {command!r}"
    with text.language(asked_language(arguments, os.environ)):
        done = CliRunner(catch_exceptions=False).invoke(application(), arguments)
    assert done.exit_code in {0, 1}, done.output
    return str(done.output)
