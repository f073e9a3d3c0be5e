"""One condition of a rule: a SQL expression over the vocabulary, and nothing else.

The text is read token by token against a short list of what is allowed, before polars parses it. Files, subqueries,
windows, aggregates and every function that isn't listed are refused by construction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from prai_match.errors import Problem, did_you_mean
from prai_match.policy._vocabulary import DTYPES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from prai_match.policy._vocabulary import Column

MAX_LENGTH = 2_000

_KEYWORDS = frozenset(
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
# LEAST and GREATEST are missing on purpose: they skip unknown values, and an unknown must stay unknown.
_FUNCTIONS = frozenset(["ABS", "COALESCE", "EXP", "LN", "NULLIF", "POW", "SQRT"])
_SYMBOLS = frozenset(["(", ")", ",", "+", "-", "*", "/", "=", "<>", "!=", "<", "<=", ">", ">="])
_ARITHMETIC = frozenset(["+", "-", "*", "/"])
_COMPARISONS = frozenset(["=", "<>", "!="])

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
        expr: The polars expression; numbers are 64-bit floats.
    """

    sql: str
    columns: tuple[str, ...]
    numbers: tuple[float, ...]
    texts: tuple[str, ...]
    compared: tuple[tuple[str, str], ...]
    direct: bool
    expr: pl.Expr = field(compare=False)


def parse(sql: str, columns: dict[str, Column], where: str, *, boolean: bool) -> Expression | list[Problem]:
    """Parse ``sql``, or return everything that is wrong with it.

    Args:
        sql: The condition as written.
        columns: The columns that the rule may read, by name.
        where: The place to report.
        boolean: Whether it must be true or false (``require``) rather than a number (``prefer``).
    """
    tokens = list(_tokens(sql))
    problems = list(_unreadable(sql, tokens, where)) or [
        *_unknown_words(tokens, columns, where),
        *_unknown_values(tokens, columns, where),
    ]
    if problems:
        return problems
    try:
        expr = pl.sql_expr(_in_floats(tokens))
        dtype = pl.DataFrame(schema={name: DTYPES[column.type] for name, column in columns.items()}).select(expr).dtypes
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
        columns=tuple(sorted({token.text for token in tokens if token.kind == "word" and token.text in columns})),
        numbers=tuple(sorted({float(token.text) for token in tokens if token.kind == "number"})),
        texts=tuple(sorted({token.value for token in tokens if token.kind == "text"})),
        compared=tuple((column, token.value) for column, token in _compared(tokens)),
        direct=not any(token.text in _ARITHMETIC or token.text.upper() in _FUNCTIONS for token in tokens),
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
    if len(sql) > MAX_LENGTH:
        english, french = f"an expression of at most {MAX_LENGTH}", f"une expression de {MAX_LENGTH} caractères au plus"
        yield Problem(where, f"{len(sql)} characters", english, french, f"{len(sql)} caractères")
    elif not sql.strip():
        yield Problem(where, "nothing", "an expression", "une expression", "rien")
    elif rest := sql[end:].lstrip():
        text, at = repr(rest[:20].rstrip()), len(sql) - len(rest) + 1
        english = "columns, numbers, 'texts' and + - * / = < > ( )"
        french = "des colonnes, des nombres, des 'textes' et + - * / = < > ( )"
        yield Problem(where, f"{text} at character {at}", english, french, f"{text} au caractère {at}")


def _unknown_words(tokens: list[_Token], columns: dict[str, Column], where: str) -> Iterator[Problem]:
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token.kind != "word" or token.text.upper() in _KEYWORDS:
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


def _in_floats(tokens: list[_Token]) -> str:
    """Write the expression with each number as a float: polars reads 730.0 as a decimal of six digits."""
    return " ".join(
        token.text if token.kind != "number" or "e" in token.text.lower() else f"{token.text}e0" for token in tokens
    )
