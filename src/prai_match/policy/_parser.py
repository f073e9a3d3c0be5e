"""From the words and signs of an expression to its tree, by the precedence of SQL; each part has a type.

The order, from what binds last: OR, AND, NOT, IS, comparisons (of which none follows another), BETWEEN and IN, sums,
products, signs. It is PostgreSQL's and DuckDB's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prai_match._words import catalogue, filled
from prai_match.policy._tokens import FUNCTIONS, KEYWORDS, PACKAGE, Token
from prai_match.policy._tree import EQUALITY, ORDER, Constant, Name, call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from prai_match.policy._tree import Call, Kind, Node
    from prai_match.policy._vocabulary import Column

DEEPEST: Final = 40
"""Levels of brackets and signs within one another."""


class UnreadableError(Exception):
    """Why an expression can't be parsed, as a key of ``data/expressions.toml``."""

    def __init__(self, key: str, **values: object) -> None:
        """Say it in both languages."""
        self.why = filled(catalogue(PACKAGE, "expressions")["why"][key], values)
        super().__init__(self.why["en"])


def kind_name(kind: Kind) -> dict[str, str]:
    """What a kind of values is called, in both languages."""
    names: dict[str, dict[str, str]] = catalogue(PACKAGE, "expressions")["kinds"]
    return names[kind]


class Parser:
    """Reads one expression."""

    def __init__(self, tokens: Sequence[Token], columns: Mapping[str, Column]) -> None:
        """Start before the first of ``tokens``."""
        end = tokens[-1].start + len(tokens[-1].text) if tokens else 0
        self._tokens = [*tokens, Token("end", "", end)]
        self._columns = columns
        self._place = 0
        self._depth = 0

    def expression(self) -> Node:
        """Return the tree of the whole."""
        node = self._or()
        if self._next.kind != "end":
            raise self._unexpected()
        return node

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    def _take(self, *keys: str) -> str:
        """Go past the next words if they are ``keys``, one after the other; return whether they are, as their text."""
        ahead = self._tokens[self._place : self._place + len(keys)]
        if [token.key for token in ahead] != list(keys):
            return ""
        self._place += len(keys)
        return " ".join(keys)

    def _one_of(self, keys: frozenset[str]) -> str:
        return self._take(self._next.key) if self._next.key in keys else ""

    def _demand(self, key: str) -> None:
        if not self._take(key):
            raise self._unexpected(key)

    def _unexpected(self, wanted: str = "") -> UnreadableError:
        token = self._next
        key = ("word" if token.text else "end") + ("_wanted" if wanted else "")
        return UnreadableError(key, text=token.text, at=token.start + 1, wanted=wanted)

    def _within(self, read: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise UnreadableError("levels", most=DEEPEST)
        node = read()
        self._depth -= 1
        return node

    def _or(self) -> Node:
        node = self._and()
        while self._take("OR"):
            node = _call("OR", "boolean", node, self._and(), takes="boolean")
        return node

    def _and(self) -> Node:
        node = self._not()
        while self._take("AND"):
            node = _call("AND", "boolean", node, self._not(), takes="boolean")
        return node

    def _not(self) -> Node:
        if self._take("NOT"):
            return _call("NOT", "boolean", self._within(self._not), takes="boolean")
        return self._is()

    def _is(self) -> Node:
        node = self._comparison()
        while self._take("IS"):
            negated = self._take("NOT")
            test = self._one_of(frozenset(["NULL", "TRUE", "FALSE"]))
            if not test:
                raise self._unexpected("NULL, TRUE, FALSE")
            node = _call(f"IS {test}", "boolean", node, takes=None if test == "NULL" else "boolean")
            node = _call("NOT", "boolean", node, takes="boolean") if negated else node
        return node

    def _comparison(self) -> Node:
        node = self._range()
        sign = self._one_of(ORDER | EQUALITY | {"!="})
        if not sign:
            return node
        node = _compared("<>" if sign == "!=" else sign, node, self._range())
        if self._next.key in ORDER | EQUALITY | {"!="}:
            raise self._unexpected("AND, OR")
        return node

    def _range(self) -> Node:
        node = self._sum()
        while True:
            negated = self._take("NOT", "BETWEEN") or self._take("NOT", "IN")
            name = negated.removeprefix("NOT ") or self._take("BETWEEN") or self._take("IN")
            if not name:
                return node
            node = self._between(node) if name == "BETWEEN" else self._in(node)
            node = _call("NOT", "boolean", node, takes="boolean") if negated else node

    def _between(self, node: Node) -> Node:
        low = self._sum()
        self._demand("AND")
        return _alike("BETWEEN", "boolean", node, low, self._sum(), ordered=True)

    def _in(self, node: Node) -> Node:
        opening = self._take("(")
        values = [self._value(opening)]
        while self._take(","):
            values.append(self._value(opening))
        self._demand(")")
        return _alike("IN", "boolean", node, *values)

    def _value(self, opening: str) -> Node:
        text = self._next.text
        node = self._sign() if opening else None
        if not isinstance(node, Constant):
            raise UnreadableError("list", text=opening + text)
        return node

    def _sum(self) -> Node:
        node = self._product()
        while sign := self._one_of(frozenset("+-")):
            node = _call(sign, "number", node, self._product(), takes="number")
        return node

    def _product(self) -> Node:
        node = self._sign()
        while sign := self._one_of(frozenset("*/")):
            node = _call(sign, "number", node, self._sign(), takes="number")
        return node

    def _sign(self) -> Node:
        sign = self._one_of(frozenset("+-"))
        if not sign:
            return self._primary()
        node = _typed(self._within(self._sign), "number", sign)
        if sign == "+":
            return node
        if isinstance(node, Constant) and isinstance(node.value, float):
            return Constant(-node.value, "number")
        return call("NEGATE", (node,), "number")

    def _primary(self) -> Node:
        token = self._next
        after = self._tokens[self._place + 1].text if token.kind != "end" else ""
        if token.kind == "word" and token.key not in KEYWORDS:
            self._place += 1
            return self._function(token) if after == "(" else Name(token.text, self._columns[token.text].type)
        if token.kind == "number":
            self._place += 1
            return Constant(float(token.text), "number")
        if token.kind == "text":
            self._place += 1
            return Constant(token.value, "text")
        if self._take("("):
            node = self._within(self._or)
            self._demand(")")
            return node
        if self._take("CASE"):
            return self._within(self._case)
        word = self._one_of(frozenset(["TRUE", "FALSE", "NULL"]))
        if not word:
            raise self._unexpected()
        return Constant(None, "null") if word == "NULL" else Constant(word == "TRUE", "boolean")

    def _function(self, token: Token) -> Node:
        self._demand("(")
        arguments = [self._within(self._or)]
        while self._take(","):
            arguments.append(self._within(self._or))
        self._demand(")")
        if len(arguments) != (FUNCTIONS[token.key] or len(arguments)):
            raise UnreadableError("arguments", name=token.text, count=len(arguments), wanted=FUNCTIONS[token.key])
        if token.key in {"COALESCE", "NULLIF"}:
            return _alike(token.key, None, *arguments)
        return _call(token.key, "number", *arguments, takes="number")

    def _case(self) -> Node:
        subject = None if self._next.key == "WHEN" else self._or()
        conditions: list[Node] = []
        values: list[Node] = []
        self._demand("WHEN")
        while True:
            condition = self._or()
            conditions.append(
                _typed(condition, "boolean", "WHEN") if subject is None else _compared("=", subject, condition)
            )
            self._demand("THEN")
            values.append(self._or())
            if not self._take("WHEN"):
                break
        values.append(self._or() if self._take("ELSE") else Constant(None, "null"))
        self._demand("END")
        chosen = _alike("CASE", None, *values)
        pairs = [part for pair in zip(conditions, chosen.parts, strict=False) for part in pair]
        return call("CASE", (*pairs, chosen.parts[-1]), chosen.kind)


def _typed(node: Node, kind: Kind, name: str) -> Node:
    """Return a node that has a type; NULL takes it."""
    if node.kind == "null":
        return Constant(None, kind)
    if node.kind != kind:
        raise UnreadableError("kind", name=name, kind=kind_name(node.kind), wanted=kind_name(kind))
    return node


def _call(name: str, kind: Kind, *parts: Node, takes: Kind | None) -> Call:
    return call(name, parts if takes is None else tuple(_typed(part, takes, name) for part in parts), kind)


def _alike(name: str, kind: Kind | None, *parts: Node, ordered: bool = False) -> Call:
    """Return a call of parts that have one type, which is that of its value where no other is given."""
    common: Kind = next((part.kind for part in parts if part.kind != "null"), "null")
    if ordered and common == "boolean":
        raise UnreadableError("kind", name=name, kind=kind_name(common), wanted=kind_name("number"))
    return call(name, tuple(_typed(part, common, name) for part in parts), kind or common)


def _compared(sign: str, left: Node, right: Node) -> Call:
    return _alike(sign, "boolean", left, right, ordered=sign in ORDER)
