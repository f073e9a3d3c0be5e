"""Spaces at which a line of French never ends."""

from __future__ import annotations

import re

_TIES = re.compile(r" (?=[:;!?%€»])|(?<=«) ")


def tied(text: str) -> str:
    r"""Return a text whose double punctuation, quotation marks, per cents and euros stay on the line of their word.

    English, which has no space there, stays as it is.

    Example:
        >>> tied("Coût : « 3 % »")
        'Coût\xa0: «\xa03\xa0%\xa0»'
    """
    return _TIES.sub("\N{NO-BREAK SPACE}", text)
