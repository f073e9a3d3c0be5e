"""The languages in which people read what the library says."""

from __future__ import annotations

from typing import get_args

from prai_match.errors import Lang, UnknownCodeError

LANGUAGES: tuple[Lang, ...] = get_args(Lang)


def language(lang: Lang) -> Lang:
    """Return the language, where it is one of the product's.

    Raises:
        UnknownCodeError: It is not.

    Example:
        >>> language("fr")
        'fr'
        >>> language("de")
        Traceback (most recent call last):
            ...
        prai_match.errors.UnknownCodeError: unknown language: 'de'; did you mean fr, en?
    """
    if lang not in LANGUAGES:
        raise UnknownCodeError("language", lang, LANGUAGES)
    return lang
