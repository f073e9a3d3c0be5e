"""The language of the command line: known before anything is parsed, as help and usage errors are said in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prai_match.model import Lang

_OPTION = "--lang"
_VARIABLES = ("PRAI_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def language(arguments: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """Return the language asked for: by the last ``--lang``, else by the environment, else French."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    pairs = zip(options, [*options[1:], ""], strict=False)
    values = [
        after if option == _OPTION else option.partition("=")[2]
        for option, after in pairs
        if option.partition("=")[0] == _OPTION
    ]
    for value in (*reversed(values), *(environment.get(name, "") for name in _VARIABLES)):
        if value.lower().startswith("fr"):
            return "fr"
        if value.lower().startswith("en"):
            return "en"
    return "fr"
