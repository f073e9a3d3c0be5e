"""French typography: spaces that don't break before double punctuation, inside quotes and in numbers."""

from __future__ import annotations

import re

_CODE = re.compile(r"(^```.*?^```$|`[^`\n]+`|\]\([^)]*\))", re.MULTILINE | re.DOTALL)
_RULES = (
    (re.compile(r" (?=[;?!])"), "\u202f"),
    (re.compile(r" (?=[:»%€])|(?<=«) "), "\u00a0"),
    (re.compile(r"(?<=\d) (?=\d{3}\b)"), "\u202f"),
)


def spaced(page: str) -> str:
    r"""Return a Markdown page in which no displayed line begins with a colon or a question mark; code is unchanged.

    Example:
        >>> spaced("Pourquoi ? « Parce que » : `a : b`, 20 000 €.")
        'Pourquoi\u202f? «\xa0Parce que\xa0»\xa0: `a : b`, 20\u202f000\xa0€.'
    """
    prose_and_code = _CODE.split(page)
    prose_and_code[::2] = map(_prose, prose_and_code[::2])
    return "".join(prose_and_code)


def _prose(text: str) -> str:
    for pattern, space in _RULES:
        text = pattern.sub(space, text)
    return text
