"""The program ``prai-match`` in a language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prai_match._version import __version__
from prai_match.cli import _check, _classify, _doctor, _new, _plan, _recommend, _report, _resolve
from prai_match.cli._commands import Group

if TYPE_CHECKING:
    from prai_match.model import Lang


def application(lang: Lang) -> Group:
    """Return the program, whose help, errors and results are in ``lang``."""
    return Group(
        "prai-match",
        lang=lang,
        commands=[
            module.command(lang) for module in (_new, _check, _recommend, _plan, _report, _resolve, _classify, _doctor)
        ],
        version=__version__,
    )
