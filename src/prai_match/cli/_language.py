"""The language of the command line: known before anything is parsed, as help and usage errors are said in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prai_match.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prai_match.model import Lang

_OPTION = "--lang"
_VARIABLES = ("PRAI_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def language(arguments: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """Return the language asked for: by the last ``--lang``, else by the environment, else French."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    values = [
        after if option == _OPTION else option.partition("=")[2]
        for option, after in zip(options, [*options[1:], ""], strict=False)
        if option.partition("=")[0] == _OPTION
    ]
    every = (*reversed(values), *(environment.get(name, "") for name in _VARIABLES))
    return next((lang for value in every for lang in LANGUAGES if value.lower().startswith(lang)), "fr")
