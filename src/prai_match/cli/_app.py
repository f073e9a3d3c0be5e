"""The program ``prai-match`` in a language, and its commands without a module of their own: ``new`` and ``doctor``."""

from __future__ import annotations

import shlex
from functools import partial
from typing import TYPE_CHECKING

from prai_match import doctor, io
from prai_match._version import __version__
from prai_match.cli import _check, _classify, _plan, _recommend, _resolve
from prai_match.cli._commands import DONE, SOME_LEFT, UNUSABLE, Command, Group
from prai_match.cli._output import show, words
from prai_match.cli._programme import path_argument

if TYPE_CHECKING:
    from pathlib import Path

    from prai_match.model import Lang


def application(lang: Lang) -> Group:
    """Return the program, whose help, errors and results are in ``lang``."""
    commands = [
        Command("new", lang=lang, params=[path_argument("folder", lang)], callback=partial(_new, lang)),
        _check.command(lang),
        _recommend.command(lang),
        _plan.command(lang),
        _recommend.report_command(lang),
        _resolve.command(lang),
        _classify.command(lang),
        Command("doctor", lang=lang, params=[], callback=partial(_doctor, lang)),
    ]
    return Group("prai-match", lang=lang, commands=commands, version=__version__)


def _new(lang: Lang, folder: Path) -> int:
    io.template(folder, lang)
    texts = words(lang)["new"]
    show(texts["done"].format(folder=folder, page=texts["page"], quoted=shlex.quote(str(folder))))
    return DONE


def _doctor(lang: Lang) -> int:
    diagnosis = doctor.check()
    show(diagnosis.text(lang))
    if not diagnosis.ok:
        return UNUSABLE
    return SOME_LEFT if diagnosis.failed else DONE
