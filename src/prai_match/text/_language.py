"""The languages in which people read what the library says, and its messages: each text in French and in English."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from prai_match._arguments import LANGUAGES, current_language
from prai_match._language import CURRENT
from prai_match._words import catalogue

if TYPE_CHECKING:
    from prai_match.errors import Lang


class language:  # noqa: N801 - called like a function, as `warnings.catch_warnings` is
    """Set the language of what the library says where none is named: displays, errors, warnings, tables, reports.

    It holds from then on or, in a ``with`` statement, until its end; in the current context (see `contextvars`). French
    is the language where nothing is said.

    Raises:
        UnknownCodeError: The language is neither ``fr`` nor ``en``.

    Example:
        >>> import prai_match as pm
        >>> with pm.language("en"):
        ...     pm.register.about().text().split()[:2]
        ['Register', 'of']
    """

    def __init__(self, lang: Lang) -> None:
        self._token = CURRENT.set(current_language(lang))

    def __enter__(self) -> None:
        """Leave it as it is."""

    def __exit__(self, *_: object) -> None:
        CURRENT.reset(self._token)


_RANGE = re.compile(r"\s*(\*|fr|en)(?:-[a-z0-9-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.\d*)?)\s*)?", re.IGNORECASE)


def accepted(header: str, otherwise: Lang = "fr") -> Lang:
    """Return the language that an HTTP header ``Accept-Language`` prefers; where it has none or any: ``otherwise``."""
    languages: dict[str, Lang] = {lang: lang for lang in LANGUAGES} | {"*": otherwise}
    first, best = otherwise, 0.0
    for part in header.split(","):
        match = _RANGE.fullmatch(part)
        weight = float(match[2] or 1) if match else 0.0
        if match and weight > best:
            first, best = languages[match[1].lower()], weight
    return first


@cache
def messages(package: str, name: str, lang: Lang) -> dict[str, Any]:
    """Return the messages of ``data/<name>.toml`` in ``package``, each table as a dictionary, in one language."""
    current_language(lang)
    return {key: _in_language(value, lang) for key, value in catalogue(package, name).items()}


def _in_language(value: dict[str, Any], lang: Lang) -> Any:  # noqa: ANN401 - a text, or a tree of them
    both = value.keys() == {"fr", "en"}
    return value[lang] if both else {key: _in_language(item, lang) for key, item in value.items()}
