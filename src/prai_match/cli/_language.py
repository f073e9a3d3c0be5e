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
    following = zip(options, [*options[1:], ""], strict=False)
    said = [value if option == _OPTION else option.partition("=")[2] for option, value in following if _is_lang(option)]
    for value in (*reversed(said), *(environment.get(name, "") for name in _VARIABLES)):
        spoken = _spoken(value)
        if spoken:
            return spoken
    return "fr"


def _is_lang(option: str) -> bool:
    return option.partition("=")[0] == _OPTION


def _spoken(value: str) -> Lang | None:
    named = value.lower()
    return "fr" if named.startswith("fr") else "en" if named.startswith("en") else None
