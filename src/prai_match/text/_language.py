"""The languages in which people read what the library says."""

from __future__ import annotations

import re
from typing import get_args

from prai_match._language import CURRENT
from prai_match.errors import Lang, UnknownCodeError

LANGUAGES: tuple[Lang, ...] = get_args(Lang)


def current_language(lang: Lang | None = None) -> Lang:
    """Return the language that is named or, where none is, the current one."""
    if lang is None:
        return CURRENT.get()
    if lang not in LANGUAGES:
        raise UnknownCodeError("language", lang, LANGUAGES)
    return lang


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
        """Set it."""
        self._token = CURRENT.set(current_language(lang))

    def __enter__(self) -> None:
        """Leave it as it was set."""

    def __exit__(self, *_: object) -> None:
        """Set the language that was current before."""
        CURRENT.reset(self._token)


_RANGE = re.compile(r"\s*(\*|fr|en)(?:-[a-z0-9-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.\d*)?)\s*)?", re.IGNORECASE)


def accepted(header: str, otherwise: Lang = "fr") -> Lang:
    """Return the language that an HTTP header ``Accept-Language`` prefers among those of the product.

    Args:
        header: Its value; empty where there is none.
        otherwise: The language where it names none of them, or any (``*``).
    """
    known: dict[str, Lang] = {lang: lang for lang in LANGUAGES} | {"*": otherwise}
    preferred, best = otherwise, 0.0
    for part in header.split(","):
        found = _RANGE.fullmatch(part)
        weight = float(found[2] or 1) if found else 0.0
        if found and weight > best:
            preferred, best = known[found[1].lower()], weight
    return preferred
