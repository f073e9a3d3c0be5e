"""What the command line says of errors and of click's own matters, in French and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from prai_match.errors import PraiError, suggested

if TYPE_CHECKING:
    from prai_match.model import Lang

Said = dict["Lang", str]

USAGE: Final[Said] = {"fr": "Utilisation : ", "en": "Usage: "}
OPTIONS: Final[Said] = {"fr": "Options ", "en": "Options"}
COMMANDS: Final[Said] = {"fr": "Commandes ", "en": "Commands"}
COMMAND: Final[Said] = {"fr": "COMMANDE [ARGUMENTS]...", "en": "COMMAND [ARGS]..."}
SEE_HELP: Final[Said] = {"fr": "Voir « {command} --help ».", "en": "See '{command} --help'."}
ERROR: Final[Said] = {"fr": "Erreur : {message}", "en": "Error: {message}"}
INTERRUPTED: Final[Said] = {"fr": "Interrompu.", "en": "Interrupted."}
HELP: Final[Said] = {"fr": "Affiche cette aide.", "en": "Show this help."}
VERSION: Final[Said] = {"fr": "Affiche la version.", "en": "Show the version."}
LANG: Final[Said] = {
    "fr": "Langue des messages ; sinon celle de PRAI_LANG, LC_ALL ou LANG, sinon le français.",
    "en": "Language of the messages; else that of PRAI_LANG, LC_ALL or LANG, else French.",
}

NO_COMMAND: Final[Said] = {"fr": "commande inconnue : {name}{near}", "en": "unknown command: {name}{near}"}
EXTRA: Final[Said] = {"fr": "argument en trop : {names}", "en": "unexpected argument: {names}"}
_NO_OPTION: Final[Said] = {"fr": "option inconnue : {name}{near}", "en": "unknown option: {name}{near}"}
_MISSING: Final[Said] = {"fr": "il manque {name}", "en": "{name} is missing"}
_BAD: Final[Said] = {"fr": "{name} : {message}", "en": "{name}: {message}"}
_NO_VALUE: Final[Said] = {"fr": "l'option {name} attend une valeur", "en": "the option {name} needs a value"}
_A_FLAG: Final[Said] = {"fr": "l'option {name} n'attend pas de valeur", "en": "the option {name} takes no value"}
_FILE: Final[Said] = {"fr": "{name} : {reason}", "en": "{name}: {reason}"}


def of_usage(error: click.UsageError, lang: Lang) -> str:
    """Say what is wrong with the arguments."""
    match error:
        case click.NoSuchOption():
            near = suggested(error.possibilities or (), lang)
            return _NO_OPTION[lang].format(name=error.option_name, near=near)
        case click.MissingParameter():
            return _MISSING[lang].format(name=_named(error.param))
        case click.BadParameter():
            return _BAD[lang].format(name=_named(error.param), message=error.message)
        case click.BadOptionUsage():
            params = error.ctx.command.params if error.ctx else []
            flags = {
                name for param in params if isinstance(param, click.Option) and param.is_flag for name in param.opts
            }
            said = _A_FLAG if error.option_name in flags else _NO_VALUE
            return said[lang].format(name=error.option_name)
    return error.message


def _named(param: click.Parameter | None) -> str:
    if isinstance(param, click.Argument):
        return param.metavar or param.human_readable_name
    return " / ".join(param.opts) if param else ""


def of_error(error: PraiError | OSError, lang: Lang) -> str:
    """Say why something can't be done."""
    if isinstance(error, PraiError):
        return error.text(lang)
    if error.strerror:
        return _FILE[lang].format(name=error.filename, reason=error.strerror)
    return str(error)
