"""What the command line says, of errors too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from prai_match.errors import PraiError, suggested
from prai_match.text import messages

if TYPE_CHECKING:
    from prai_match.model import Lang


def words(lang: Lang) -> dict[str, Any]:
    """Return what the command line says: its commands by name, and what they share."""
    return messages("prai_match.cli", "commands", lang)


def of_usage(error: click.UsageError, lang: Lang) -> str:
    """Say what is wrong with the arguments."""
    said = words(lang)["click"]
    match error:
        case click.NoSuchOption():
            near = suggested(error.possibilities or (), lang)
            text, values = said["no_option"], {"name": error.option_name, "near": near}
        case click.MissingParameter():
            text, values = said["missing"], {"name": _named(error.param)}
        case click.BadParameter():
            text, values = said["bad"], {"name": _named(error.param), "message": error.message}
        case click.BadOptionUsage():
            params = error.ctx.command.params if error.ctx else []
            flags = {
                name for param in params if isinstance(param, click.Option) and param.is_flag for name in param.opts
            }
            text, values = said["flag" if error.option_name in flags else "no_value"], {"name": error.option_name}
        case _:
            return error.message
    return str(text).format(**values)


def _named(param: click.Parameter | None) -> str:
    if isinstance(param, click.Argument):
        return param.metavar or param.human_readable_name
    return " / ".join(param.opts) if param else ""


def of_error(error: PraiError | OSError, lang: Lang) -> str:
    """Say why something can't be done."""
    if isinstance(error, PraiError):
        return error.text(lang)
    if error.strerror:
        return str(words(lang)["click"]["file"]).format(name=error.filename, reason=error.strerror)
    return str(error)
