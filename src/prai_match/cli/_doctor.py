"""``prai-match doctor``: what is installed, and whether it works."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from prai_match import doctor
from prai_match.cli._commands import DONE, SOME_LEFT, UNUSABLE, Command
from prai_match.cli._output import show

if TYPE_CHECKING:
    from prai_match.cli._words import Said
    from prai_match.model import Lang

_SHORT: Final[Said] = {
    "fr": "Dit ce qui est installé et vérifie que cela fonctionne.",
    "en": "Say what is installed, and check that it works.",
}
_HELP: Final[Said] = {
    "fr": """\
Dit les versions de la bibliothèque, de Python, des dépendances et de chaque extra, puis essaie le référentiel officiel,
les régions d'exemple, une recommandation et, si les extras « plan » et « viz » sont installés, un plan et un graphique.
Aucun nom de dossier, d'utilisateur ou de machine n'est écrit : le texte peut être joint à un signalement.

Sortie : 0 tout ce qui est installé fonctionne ; 1 un extra installé est à réparer ; 3 l'installation est à réparer.""",
    "en": """\
Say the versions of the library, of Python, of the dependencies and of each extra, then try the official register, the
example regions, a recommendation and, where the extras "plan" and "viz" are installed, a plan and a chart. No name of a
folder, a user or a machine is written: the text can be pasted into an issue.

Exit code: 0 all that is installed works; 1 an installed extra needs mending; 3 the installation needs mending.""",
}


def command(lang: Lang) -> Command:
    """Return the command."""
    return Command(
        "doctor", lang=lang, params=[], callback=partial(_run, lang), help=_HELP[lang], short_help=_SHORT[lang]
    )


def _run(lang: Lang) -> int:
    found = doctor.check()
    show(found.text(lang))
    if not found.ok:
        return UNUSABLE
    return SOME_LEFT if found.failed else DONE
