"""One condition of a rule: a SQL expression over the vocabulary, and nothing else.

The text is read token by token against a short list of what is allowed, before polars parses it. Files, subqueries,
windows, aggregates and every function that isn't listed are refused by construction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice, pairwise, takewhile
from typing import TYPE_CHECKING

import polars as pl

from prai_match.errors import Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from prai_match.policy._vocabulary import Column

MAX_LENGTH = 2_000
MAX_STEPS = 400
"""Words and signs of an expression once it is written out: polars takes a time that grows with their square."""
_MOST_UNKNOWN = 20  # words are told from what is known one by one

KEYWORDS = frozenset(
    [
        "AND",
        "OR",
        "NOT",
        "IN",
        "IS",
        "NULL",
        "BETWEEN",
        "CASE",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
        "TRUE",
        "FALSE",
    ]
)
"""What is never the name of a column."""
# LEAST and GREATEST are missing on purpose: they skip unknown values, and an unknown must stay unknown.
_FUNCTIONS = frozenset(["ABS", "COALESCE", "EXP", "LN", "NULLIF", "POW", "SQRT"])
_ARITHMETIC = frozenset(["+", "-", "*", "/"])
_COMPARISONS = frozenset(["=", "<>", "!="])
_VALUE = {"number": 1.0, "boolean": True, "text": "…"}
_LISTED = frozenset([",", "-", "TRUE", "FALSE", "NULL"])

_WANTED = {
    True: ("a condition, true or false", "une condition, vraie ou fausse"),
    False: ("a number from 0 to 1, or a condition", "un nombre de 0 à 1, ou une condition"),
}

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
class _Token:
    kind: str
    text: str
    start: int

    @property
    def value(self) -> str:
        """A quoted text without its quotes."""
        return self.text[1:-1].replace("''", "'")


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed condition.

    Attributes:
        sql: As written in the policy.
        columns: Names of the columns that it reads, sorted.
        numbers: The numeric constants in it.
        texts: The text constants in it.
        compared: Each column compared with a text, and the text.
        direct: Whether columns are only compared, never computed with.
        steps: Words and signs once it is written out, which its cost follows.
        expr: The polars expression; numbers are 64-bit floats.
    """

    sql: str
    columns: tuple[str, ...]
    numbers: tuple[float, ...]
    texts: tuple[str, ...]
    compared: tuple[tuple[str, str], ...]
    direct: bool
    steps: int
    expr: pl.Expr = field(compare=False)


def parse(sql: str, columns: dict[str, Column], where: str, *, boolean: bool) -> Expression | list[Problem]:
    """Parse ``sql``, or return everything that is wrong with it.

    Args:
        sql: The condition as written.
        columns: The columns that the rule may read, by name.
        where: The place to report.
        boolean: Whether it must be true or false (``require``) rather than a number (``prefer``).
    """
    if len(sql) > MAX_LENGTH:
        return [_beyond(where, (f"{len(sql)} characters", f"{len(sql)} caractères"), f"{MAX_LENGTH}")]
    tokens = list(_tokens(sql))
    steps = _steps(tokens)
    problems = list(_unreadable(sql, tokens, where)) or [
        *_too_long(steps, where),
        *islice(_unknown_words(tokens, columns, where), _MOST_UNKNOWN),
        *islice(_unknown_values(tokens, columns, where), _MOST_UNKNOWN),
        *_computed_lists(tokens, where),
    ]
    if problems:
        return problems
    read = sorted({token.text for token in tokens if token.kind == "word" and token.text in columns})
    try:
        expr = pl.sql_expr(_written(tokens, columns))
        # Of one row: some types are refused only where there is a value.
        dtype = pl.DataFrame([pl.Series(name, [_VALUE[columns[name].type]]) for name in read]).select(expr).dtypes
    except (pl.exceptions.PolarsError, ValueError) as error:
        said = str(error).splitlines()[0]
        english, french = f"a SQL expression that can be read ({said})", f"une expression SQL lisible ({said})"
        return [Problem(where, repr(sql), english, french)]
    allowed = (pl.Boolean,) if boolean else (pl.Boolean, pl.Float64)
    if dtype[0] not in allowed:
        english, french = _WANTED[boolean]
        kind, nature = _kind(dtype[0])
        return [Problem(where, f"{sql!r}, a {kind}", english, french, f"{sql!r}, {nature}")]
    return Expression(
        sql=sql,
        columns=tuple(read),
        numbers=tuple(sorted({float(token.text) for token in tokens if token.kind == "number"})),
        texts=tuple(sorted({token.value for token in tokens if token.kind == "text"})),
        compared=tuple((column, token.value) for column, token in _compared(tokens)),
        direct=not any(token.text in _ARITHMETIC or token.text.upper() in _FUNCTIONS for token in tokens),
        steps=steps,
        expr=expr,
    )


def _kind(dtype: pl.DataType) -> tuple[str, str]:
    """What a type is called in English and French."""
    return ("text", "un texte") if dtype == pl.String else ("number", "un nombre")


def _tokens(sql: str) -> Iterator[_Token]:
    position = 0
    while match := _TOKEN.match(sql, position):
        kind = match.lastgroup or ""
        yield _Token(kind, match[kind], match.start(kind))
        position = match.end()


def _unreadable(sql: str, tokens: list[_Token], where: str) -> Iterator[Problem]:
    end = tokens[-1].start + len(tokens[-1].text) if tokens else 0
    if not sql.strip():
        yield Problem(where, "nothing", "an expression", "une expression", "rien")
    elif rest := sql[end:].lstrip():
        text, at = repr(rest[:20].rstrip()), len(sql) - len(rest) + 1
        english = "columns, numbers, 'texts' and + - * / = < > ( )"
        french = "des colonnes, des nombres, des 'textes' et + - * / = < > ( )"
        yield Problem(where, f"{text} at character {at}", english, french, f"{text} au caractère {at}")


def _steps(tokens: list[_Token]) -> int:
    """Count the words and signs that polars makes of it, at most.

    It writes the argument of BETWEEN and of NULLIF twice, and that of CASE once for each WHEN.
    """
    words = [token.text.upper() for token in tokens if token.kind in {"word", "symbol"} and token.text != ","]
    chosen = sum(word == "CASE" and after != "WHEN" for word, after in pairwise([*words, ""]))
    twice = words.count("BETWEEN") + words.count("NULLIF")
    copies: int = 2**twice * max(words.count("WHEN"), 1) ** chosen
    return len(words) * copies


def _too_long(steps: int, where: str) -> Iterator[Problem]:
    if steps > MAX_STEPS:
        found = f"{steps} words and signs with copies", f"{steps} mots et signes avec leurs copies"
        yield _beyond(where, found, f"{MAX_STEPS}")


def _beyond(where: str, found: tuple[str, str], most: str) -> Problem:
    return Problem(
        where, found[0], f"an expression of at most {most}", f"une expression d'au plus {most}", found_fr=found[1]
    )


def _computed_lists(tokens: list[_Token], where: str) -> Iterator[Problem]:
    """Find columns in the list of ``IN``: polars compares them one by one, each with its own copy."""
    for start, token in enumerate(tokens):
        if token.kind == "word" and token.text.upper() == "IN":
            opening = "".join(after.text for after in tokens[start + 1 : start + 2])
            listed = takewhile(lambda after: after.text != ")", tokens[start + 2 :])
            other = next((each.text for each in listed if not _is_value(each)), "")
            if opening != "(" or other:
                yield Problem(
                    where,
                    f"IN {opening}{other}",
                    "a list of texts or numbers after IN: IN ('a', 'b')",
                    "une liste de textes ou de nombres après IN : IN ('a', 'b')",
                )


def _is_value(token: _Token) -> bool:
    return token.kind in {"text", "number"} or token.text.upper() in _LISTED


def _unknown_words(tokens: list[_Token], columns: dict[str, Column], where: str) -> Iterator[Problem]:
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token.kind != "word" or token.text.upper() in KEYWORDS:
            continue
        if after is not None and after.text == "(":
            if token.text.upper() not in _FUNCTIONS:
                known = ", ".join(sorted(_FUNCTIONS))
                found, found_fr = f"function {token.text!r}", f"la fonction {token.text!r}"
                yield Problem(where, found, f"one of {known}", f"une fonction parmi {known}", found_fr)
        elif token.text not in columns:
            yield unseen(token.text, columns, where, f"unknown column {token.text!r}", f"la colonne {token.text!r}")


def unseen(name: str, columns: Collection[str], where: str, found: str, found_fr: str) -> Problem:
    """Report a name that is no column of the stage."""
    english = f"a column that this stage sees{did_you_mean(name, columns)}"
    french = f"une colonne connue à cette étape{did_you_mean(name, columns, 'fr')}"
    return Problem(where, found, english, french, found_fr)


def _unknown_values(tokens: list[_Token], columns: dict[str, Column], where: str) -> Iterator[Problem]:
    """Find texts compared with a column that can never have them."""
    for column, token in _compared(tokens):
        if column in columns and columns[column].values:
            yield from unknown_value(column, token.value, columns[column].values, where)


def unknown_value(column: str, value: str, known: Collection[str], where: str) -> Iterator[Problem]:
    """Report a text that ``column`` can never have."""
    if value not in known:
        listed = ", ".join(sorted(known))
        english = f"a known {column}" + (did_you_mean(value, known) or f": one of {listed}")
        french = f"une valeur connue de {column}" + (did_you_mean(value, known, "fr") or f" : {listed}")
        yield Problem(where, f"unknown {column} {value!r}", english, french, f"{column} {value!r}")


def _compared(tokens: list[_Token]) -> Iterator[tuple[str, _Token]]:
    for index, token in enumerate(tokens):
        if token.kind != "text":
            continue
        before = tokens[:index]
        if len(before) > 1 and before[-1].text in _COMPARISONS:
            yield before[-2].text, token
        elif tokens[index + 1 : index + 2] and tokens[index + 1].text in _COMPARISONS and tokens[index + 2 :]:
            yield tokens[index + 2].text, token
        else:
            yield _column_of_list(before), token


def _column_of_list(before: list[_Token]) -> str:
    """Return the column before ``IN ('a', 'b', …`` or an empty text."""
    words = [token.text for token in before if token.kind != "text" and token.text not in {",", "("}]
    if len(words) > 1 and words[-1].upper() == "IN":
        return words[-3] if words[-2].upper() == "NOT" and len(words) > 2 else words[-2]  # noqa: PLR2004 - x NOT IN
    return ""


def _written(tokens: list[_Token], columns: Collection[str]) -> str:
    """Write the expression for polars.

    Each number is a float, as polars reads 730.0 as a decimal of six digits. Each column is in quotes, so that one
    called ``select`` is never a word of SQL.
    """

    def form(token: _Token, after: str) -> str:
        if token.kind == "number" and "e" not in token.text.lower():
            return f"{token.text}e0"
        column = token.kind == "word" and token.text in columns and token.text.upper() not in KEYWORDS
        return f'"{token.text}"' if column and after != "(" else token.text

    texts = [*(token.text for token in tokens), ""]
    return " ".join(form(token, after) for token, after in zip(tokens, texts[1:], strict=True))
