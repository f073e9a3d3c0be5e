"""From the text of an expression to its words and signs."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^']|'')*')
    | (?P<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)(?![\w.])
    | (?P<word>[^\W\d]\w*)
    | (?P<symbol><>|!=|<=|>=|[-()+*/,=<>])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a sign as it is written, and how many characters stand before it."""

    kind: str
    """``text``, ``number``, ``word``, ``symbol``, or ``end`` after the last one."""
    text: str
    start: int

    @property
    def key(self) -> str:
        """What the grammar knows it by: a keyword or a sign, in capitals; nothing for a text or a number."""
        return self.text.upper() if self.kind in {"word", "symbol"} else ""


def tokens_of(sql: str) -> list[Token]:
    """Return the words and signs of ``sql``, up to the first that is none, and the end after them."""
    tokens: list[Token] = []
    position = 0
    while match := _TOKEN.match(sql, position):
        kind = match.lastgroup or ""
        tokens.append(Token(kind, match[kind], match.start(kind)))
        position = match.end()
    return [*tokens, Token("end", "", position)]
