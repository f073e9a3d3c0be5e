"""One condition of a rule: a SQL expression over the vocabulary, and nothing else.

The text is read word by word against a short list of what is allowed, and parsed here. Files, subqueries, windows,
aggregates and every function that isn't listed are refused by construction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from prai_match._words import hint
from prai_match.errors import Problem, nearest
from prai_match.policy import _polars
from prai_match.policy._parser import Parser, UnreadableError, kind_name
from prai_match.policy._tokens import PACKAGE, Token, tokens_of, unknown_words, unreadable
from prai_match.policy._tree import CHAINS, MAX_STEPS, Call, Constant, Name, TooLongError, compared, walk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import polars as pl

    from prai_match.policy._tree import Node
    from prai_match.policy._vocabulary import Column

MAX_LENGTH: Final = 2_000
_MOST_UNKNOWN: Final = 20  # words are told from what is known one by one

_COMPUTING: Final = CHAINS | {"COALESCE", "NULLIF"}


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
        steps: Operators and values that are evaluated for it.
        expr: The polars expression; numbers are 64-bit floats, finite or unknown.
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
        return [Problem.of(PACKAGE, "characters", where, count=len(sql), most=MAX_LENGTH)]
    tokens = tokens_of(sql)
    problems = list(unreadable(sql, tokens, where)) or [
        *_too_long(tokens, where),
        *islice(unknown_words(tokens, columns, where), _MOST_UNKNOWN),
    ]
    if problems:
        return problems
    try:
        tree = Parser(tokens, columns).expression()
    except UnreadableError as error:
        return [Problem.of(PACKAGE, "unreadable", where, repr(sql), why=error.why)]
    except TooLongError as error:
        return [_steps_beyond(where, error.steps)]
    return list(_unfit(sql, tree, columns, where, boolean=boolean)) or _expression(sql, tree)


def _expression(sql: str, tree: Node) -> Expression:
    nodes = list(walk(tree))
    values = [node.value for node in nodes if isinstance(node, Constant)]
    return Expression(
        sql=sql,
        columns=tuple(sorted({node.name for node in nodes if isinstance(node, Name)})),
        numbers=tuple(sorted({value for value in values if isinstance(value, float)})),
        texts=tuple(sorted({value for value in values if isinstance(value, str)})),
        compared=tuple(compared(tree)),
        direct=not any(isinstance(node, Call) and node.name in _COMPUTING for node in nodes),
        steps=tree.cost,
        expr=_polars.expr(tree),
    )


def _unfit(sql: str, tree: Node, columns: dict[str, Column], where: str, *, boolean: bool) -> Iterator[Problem]:
    """Report texts that a column can never have, and an expression that is of no use to its rule."""
    texts = [(name, text) for name, text in compared(tree) if columns[name].values]
    for name, text in islice(texts, _MOST_UNKNOWN):
        yield from unknown_value(name, text, columns[name].values, where)
    if tree.kind == "text" or (tree.kind == "number" and boolean):
        yield Problem.of(PACKAGE, "condition" if boolean else "share", where, sql=sql, kind=kind_name(tree.kind))


def _too_long(tokens: list[Token], where: str) -> Iterator[Problem]:
    steps = sum(token.text not in {"(", ")", ","} for token in tokens)
    if steps > MAX_STEPS:
        yield _steps_beyond(where, steps)


def _steps_beyond(where: str, steps: int) -> Problem:
    return Problem.of(PACKAGE, "steps", where, count=steps, most=MAX_STEPS)


def unknown_value(column: str, value: str, known: Collection[str], where: str) -> Iterator[Problem]:
    """Report a text that ``column`` can never have."""
    if value not in known:
        near = hint(nearest(value, known), sorted(known))
        yield Problem.of(PACKAGE, "unknown_value", where, column=column, value=value, near=near)
