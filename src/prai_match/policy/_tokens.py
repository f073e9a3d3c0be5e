"""The words and signs of an expression, and what can be told of them before they are parsed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prai_match._words import hint
from prai_match.errors import Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

PACKAGE = "prai_match.policy"
"""Whose catalogues have the words."""
KEYWORDS = frozenset(
    ["AND", "OR", "NOT", "IN", "IS", "NULL", "BETWEEN", "CASE", "WHEN", "THEN", "ELSE", "END", "TRUE", "FALSE"]
)
"""What is never the name of a column."""
# LEAST and GREATEST are missing on purpose: in SQL they skip unknown values, and an unknown must stay unknown.
FUNCTIONS = {"ABS": 1, "COALESCE": 0, "EXP": 1, "LN": 1, "NULLIF": 2, "POW": 2, "SQRT": 1}
"""Each function with the number of its arguments; 0: any number."""

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
    def value(self) -> str:
        """A quoted text without its quotes."""
        return self.text[1:-1].replace("''", "'")

    @property
    def key(self) -> str:
        """What the grammar knows it by: a keyword or a sign, in capitals; nothing for a text or a number."""
        return self.text.upper() if self.kind in {"word", "symbol"} else ""


def tokens_of(sql: str) -> list[Token]:
    """Return the words and signs of ``sql``, up to the first that is none."""
    tokens: list[Token] = []
    position = 0
    while match := _TOKEN.match(sql, position):
        kind = match.lastgroup or ""
        tokens.append(Token(kind, match[kind], match.start(kind)))
        position = match.end()
    return tokens


def unreadable(sql: str, tokens: list[Token], where: str) -> Iterator[Problem]:
    """Report what is neither a word nor a sign, or that there is nothing."""
    end = tokens[-1].start + len(tokens[-1].text) if tokens else 0
    if not sql.strip():
        yield Problem.of(PACKAGE, "empty", where)
    elif rest := sql[end:].lstrip():
        yield Problem.of(PACKAGE, "sign", where, text=rest[:20].rstrip(), at=len(sql) - len(rest) + 1)


def unknown_words(tokens: list[Token], columns: Collection[str], where: str) -> Iterator[Problem]:
    """Report words that are neither keywords nor columns, and functions that aren't listed."""
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token.kind != "word" or token.key in KEYWORDS:
            continue
        if after is not None and after.text == "(":
            if token.key not in FUNCTIONS:
                names = ", ".join(sorted(FUNCTIONS))
                yield Problem.of(PACKAGE, "function", where, name=token.text, names=names)
        elif token.text not in columns:
            near = hint(nearest(token.text, columns))
            yield Problem.of(PACKAGE, "unknown_column", where, name=token.text, near=near)
