"""Spaces at which a line of French never ends."""

from __future__ import annotations

import re

_TIES = re.compile(r" (?=[:;!?%€»])|(?<=«) ")


def tied(text: str) -> str:
    r"""Return a text whose double punctuation, quotation marks, per cents and euros stay on the line of their word.

    English, which has no space there, stays as it is.
    """
    return _TIES.sub("\N{NO-BREAK SPACE}", text)
