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
from prai_match.policy._tokens import PACKAGE, tokens_of, unknown_words, unreadable
from prai_match.policy._tree import CHAINS, MAX_STEPS, Call, Constant, Name, TooLongError, comparisons, walk

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
    """A condition as written in a policy, with the columns that it reads and the constants in it, sorted."""

    sql: str
    columns: tuple[str, ...]
    numbers: tuple[float, ...]
    texts: tuple[str, ...]
    compared: tuple[tuple[str, str], ...]
    """Each column compared with a text, and the text."""
    direct: bool
    """Whether columns are only compared, never computed with."""
    steps: int
    """Operators and values that are evaluated for it."""
    expr: pl.Expr = field(compare=False)
    """Its numbers are 64-bit floats, finite or unknown."""


def parse(sql: str, columns: dict[str, Column], where: str, *, boolean: bool) -> Expression | list[Problem]:
    """Parse ``sql``, which must be ``boolean`` in a requirement, or return everything that is wrong with it."""
    if len(sql) > MAX_LENGTH:
        return [Problem.of(PACKAGE, "characters", where, count=len(sql), most=MAX_LENGTH)]
    tokens = tokens_of(sql)
    problems = list(unreadable(sql, tokens, where))
    if not problems:
        steps = sum(token.text not in {"(", ")", ","} for token in tokens)
        problems += [_steps_beyond(where, steps)] if steps > MAX_STEPS else []
        problems += islice(unknown_words(tokens, columns, where), _MOST_UNKNOWN)
    if problems:
        return problems
    try:
        tree = Parser(tokens, columns).expression()
    except UnreadableError as error:
        return [Problem.of(PACKAGE, "unreadable", where, repr(sql), why=error.why)]
    except TooLongError as error:
        return [_steps_beyond(where, error.steps)]
    problems = list(_faults(sql, tree, columns, where, boolean=boolean))
    if problems:
        return problems
    nodes = list(walk(tree))
    values = [node.value for node in nodes if isinstance(node, Constant)]
    return Expression(
        sql=sql,
        columns=tuple(sorted({node.name for node in nodes if isinstance(node, Name)})),
        numbers=tuple(sorted({value for value in values if isinstance(value, float)})),
        texts=tuple(sorted({value for value in values if isinstance(value, str)})),
        compared=tuple(comparisons(tree)),
        direct=not any(isinstance(node, Call) and node.name in _COMPUTING for node in nodes),
        steps=tree.cost,
        expr=_polars.expr(tree),
    )


def _faults(sql: str, tree: Node, columns: dict[str, Column], where: str, *, boolean: bool) -> Iterator[Problem]:
    """Report texts that a column can never have, and an expression that is of no use to its rule."""
    texts = [(name, text) for name, text in comparisons(tree) if columns[name].values]
    for name, text in islice(texts, _MOST_UNKNOWN):
        yield from unknown_value(name, text, columns[name].values, where)
    if tree.kind == "text" or (tree.kind == "number" and boolean):
        yield Problem.of(PACKAGE, "condition" if boolean else "share", where, sql=sql, kind=kind_name(tree.kind))


def _steps_beyond(where: str, steps: int) -> Problem:
    return Problem.of(PACKAGE, "steps", where, count=steps, most=MAX_STEPS)


def unknown_value(column: str, value: str, possible: Collection[str], where: str) -> Iterator[Problem]:
    """Report a text that ``column`` can never have."""
    if value not in possible:
        near = hint(nearest(value, possible), sorted(possible))
        yield Problem.of(PACKAGE, "unknown_value", where, column=column, value=value, near=near)
