"""The languages in which people read what the library says."""

from __future__ import annotations

import re
from typing import get_args

from prai_match.errors import Lang, UnknownCodeError

LANGUAGES: tuple[Lang, ...] = get_args(Lang)


def language(lang: Lang) -> Lang:
    """Return the language, where it is one of the product's.

    Raises:
        UnknownCodeError: It is not.
    """
    if lang not in LANGUAGES:
        raise UnknownCodeError("language", lang, LANGUAGES)
    return lang


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
