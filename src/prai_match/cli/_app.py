"""The program ``prai-match`` in a language, and its commands without a module of their own: ``new`` and ``doctor``."""

from __future__ import annotations

import shlex
from pathlib import Path

from prai_match import doctor, io
from prai_match._version import __version__
from prai_match.cli import _file_commands, _programme_commands
from prai_match.cli._commands import Command, Group
from prai_match.cli._options import path_argument
from prai_match.cli._output import ExitCode, show, words


def application() -> Group:
    """Return the program, whose help, errors and results are in the current language."""
    commands = [
        Command("new", params=[path_argument("folder")], callback=_new),
        _programme_commands.check_command(),
        _programme_commands.recommend_command(),
        _programme_commands.plan_command(),
        _programme_commands.report_command(),
        _file_commands.resolve_command(),
        _file_commands.classify_command(),
        Command("doctor", params=[], callback=_doctor),
    ]
    return Group("prai-match", commands=commands, version=__version__)


def _new(folder: Path) -> int:
    io.template(folder)
    texts = words()["new"]
    show(texts["done"].format(folder=folder, page=texts["page"], quoted=shlex.quote(str(folder))))
    return ExitCode.DONE


def _doctor() -> int:
    diagnosis = doctor.check()
    show(diagnosis.text())
    return ExitCode.DONE if not diagnosis.failed else ExitCode.SOME_LEFT if diagnosis.ok else ExitCode.UNUSABLE
