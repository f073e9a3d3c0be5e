"""``prai-match doctor``: what is installed, and whether it works."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from prai_match import doctor
from prai_match.cli._commands import DONE, SOME_LEFT, UNUSABLE, Command
from prai_match.cli._output import show

if TYPE_CHECKING:
    from prai_match.model import Lang


def command(lang: Lang) -> Command:
    """Return the command."""
    return Command("doctor", lang=lang, params=[], callback=partial(_run, lang))


def _run(lang: Lang) -> int:
    found = doctor.check()
    show(found.text(lang))
    if not found.ok:
        return UNUSABLE
    return SOME_LEFT if found.failed else DONE
