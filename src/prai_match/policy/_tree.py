"""An expression as a tree: what its parts are, of which type, and how much work they make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["number", "boolean", "text", "null"]
"""The type of a part; ``null``: NULL alone, which may stand for any."""

ORDER: Final = frozenset(["<", "<=", ">", ">="])
EQUALITY: Final = frozenset(["=", "<>"])
CHAINS: Final = frozenset([*"+-*/", "NEGATE", "ABS", "EXP", "LN", "POW", "SQRT"])
"""What computes: its value may be no finite number, which is then unknown."""
FINITE: Final[dict[str, frozenset[int]]] = {"/": frozenset([1]), "EXP": frozenset([0]), "POW": frozenset([0, 1])}
"""The parts that must be finite by themselves, since what takes them can make a finite number of one that isn't."""
_COPIES: Final[dict[str, tuple[int, ...]]] = {"BETWEEN": (2,), "NULLIF": (2,)}
"""How often the first parts stand in what is evaluated; once where nothing is said."""
MAX_STEPS: Final = 400
"""Operators and values that are evaluated for an expression, at most."""


class TooLongError(Exception):
    """An expression would make too much work."""

    def __init__(self, steps: int) -> None:
        """Take how much was counted before it was given up."""
        super().__init__(steps)
        self.steps = steps


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, true, false, or what is unknown."""

    value: float | str | bool | None
    kind: Kind
    parts: tuple[Node, ...] = ()
    steps: int = 1
    cost: int = 1


@dataclass(frozen=True, slots=True)
class Name:
    """A column."""

    name: str
    kind: Kind
    parts: tuple[Node, ...] = ()
    steps: int = 1
    cost: int = 1


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a function, with what it takes.

    Its name is a sign, ``NOT``, ``AND``, ``OR``, ``NEGATE``, ``BETWEEN``, ``IN``, ``IS NULL``, ``IS TRUE``,
    ``IS FALSE``, ``CASE`` (conditions and values in turn, then what stands for all others) or a function. Its steps are
    the operators and values that are evaluated for it, what stands twice there counting twice; its cost is the same
    where its value must be finite.
    """

    name: str
    parts: tuple[Node, ...]
    kind: Kind
    steps: int
    cost: int


Node = Constant | Name | Call


def call(name: str, parts: tuple[Node, ...], kind: Kind) -> Call:
    """Return a call, and count its work."""
    finite = FINITE.get(name, frozenset()) if name in CHAINS else frozenset(range(len(parts)))
    copies = _COPIES.get(name, ())
    each = [part.cost if place in finite else part.steps for place, part in enumerate(parts)]
    steps = 1 + sum(work * (copies[place] if place < len(copies) else 1) for place, work in enumerate(each))
    if steps > MAX_STEPS:
        raise TooLongError(steps)
    return Call(name, parts, kind, steps, 2 * steps + 2 if name in CHAINS else steps)


def walk(node: Node) -> Iterator[Node]:
    """Return a node and all that it is made of."""
    yield node
    for part in node.parts:
        yield from walk(part)


def comparisons(node: Node) -> Iterator[tuple[str, str]]:
    """Return each column that is compared with a text, and the text."""
    for each in walk(node):
        if isinstance(each, Call) and each.name in ORDER | EQUALITY | {"IN"}:
            columns = [part.name for part in each.parts if isinstance(part, Name)]
            texts = [part.value for part in each.parts if isinstance(part, Constant)]
            yield from ((column, text) for column in columns for text in texts if isinstance(text, str))
