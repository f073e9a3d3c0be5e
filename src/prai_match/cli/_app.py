"""The program ``prai-match`` in a language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prai_match._version import __version__
from prai_match.cli import _check, _classify, _doctor, _new, _plan, _recommend, _report, _resolve
from prai_match.cli._commands import Group

if TYPE_CHECKING:
    from prai_match.cli._words import Said
    from prai_match.model import Lang

_HELP: Final[Said] = {
    "fr": "Quelle formation proposer à chaque territoire, et pourquoi ; noms de collectivités et besoins lus dans vos "
    "fichiers.",
    "en": "Which session to offer next to each territory, and why; names of collectivities and needs read in your "
    "files.",
}
_EPILOG: Final[Said] = {
    "fr": """\
Codes de sortie : 0 tout est bon ; 1 des lignes restent à corriger ou à trancher ; 2 commande mal écrite ; 3 fichier ou
programme inutilisable.""",
    "en": """\
Exit codes: 0 all is well; 1 some rows are left to mend or to decide; 2 wrong usage; 3 a file or programme that can't
be used.""",
}


def application(lang: Lang) -> Group:
    """Return the program, whose help, errors and results are in ``lang``."""
    return Group(
        "prai-match",
        lang=lang,
        commands=[
            module.command(lang) for module in (_new, _check, _recommend, _plan, _report, _resolve, _classify, _doctor)
        ],
        version=__version__,
        help=_HELP[lang],
        epilog=_EPILOG[lang],
    )
