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
    match error:
        case click.NoSuchOption():
            near = suggested(error.possibilities or (), lang)
            key, values = "no_option", {"name": error.option_name, "near": near}
        case click.MissingParameter():
            key, values = "missing", {"name": _name(error.param)}
        case click.BadParameter():
            key, values = "bad", {"name": _name(error.param), "message": error.message}
        case click.BadOptionUsage():
            options = [
                param for param in (error.ctx.command.params if error.ctx else []) if isinstance(param, click.Option)
            ]
            is_flag = any(error.option_name in option.opts for option in options if option.is_flag)
            key, values = "flag" if is_flag else "no_value", {"name": error.option_name}
        case _:
            return error.message
    return str(words(lang)["click"][key]).format(**values)


def _name(param: click.Parameter | None) -> str:
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
