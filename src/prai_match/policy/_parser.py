"""Parser of expressions: from text to words and signs, then to a tree, with the precedence of SQL.

The order, from what binds last: OR, AND, NOT, IS, comparisons (which can't be chained), BETWEEN and IN, sums, products,
signs. PostgreSQL and DuckDB use the same.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, pairwise
from typing import Final, NamedTuple

from prai_match._words import catalogue, filled, hint
from prai_match.errors import Problem, nearest
from prai_match.policy._tree import EQUALITY, ORDER, Call, Constant, Kind, Name, Node
from prai_match.policy._vocabulary import PACKAGE, Column

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^']|'')*')
    | (?P<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)(?![\w.])
    | (?P<word>[^\W\d]\w*)
    | (?P<symbol><>|!=|<=|>=|[-()+*/,=<>])
    )""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """A word or a sign as written, and the number of characters before it."""

    kind: str  # ``text``, ``number``, ``word``, ``symbol``, or ``end`` after the last one
    text: str
    start: int

    @property
    def key(self) -> str:
        """The key used by the grammar: a keyword or a sign, in capitals; empty for a text or a number."""
        return self.text.upper() if self.kind in {"word", "symbol"} else ""


def tokens_of(sql: str) -> list[Token]:
    """Return the words and signs of ``sql``, up to the first invalid one, and an end token."""
    tokens: list[Token] = []
    position = 0
    while match := _TOKEN.match(sql, position):
        kind = match.lastgroup or ""
        tokens.append(Token(kind, match[kind], match.start(kind)))
        position = match.end()
    return [*tokens, Token("end", "", position)]


DEEPEST: Final = 40  # levels of brackets and signs within one another
_COMPARISONS: Final = ORDER | EQUALITY | {"!="}
_LITERALS: Final = frozenset(["NULL", "TRUE", "FALSE"])
# Words that are never names of columns.
KEYWORDS = frozenset(
    ["AND", "OR", "NOT", "IN", "IS", "NULL", "BETWEEN", "CASE", "WHEN", "THEN", "ELSE", "END", "TRUE", "FALSE"]
)
# LEAST and GREATEST are missing on purpose: in SQL they skip unknown values, and an unknown must stay unknown. Each
# function with the number of its arguments; 0 means any number.
FUNCTIONS = {"ABS": 1, "COALESCE": 0, "EXP": 1, "LN": 1, "NULLIF": 2, "POW": 2, "SQRT": 1}


def unreadable(sql: str, tokens: list[Token], where: str) -> Iterator[Problem]:
    if not sql.strip():
        yield Problem.of(PACKAGE, "empty", where)
    elif rest := sql[tokens[-1].start :].lstrip():
        yield Problem.of(PACKAGE, "sign", where, text=rest[:20].rstrip(), at=len(sql) - len(rest) + 1)


def unknown_words(tokens: list[Token], columns: Collection[str], where: str) -> Iterator[Problem]:
    """Report words that are neither keywords nor columns, and functions that aren't listed."""
    for token, after in pairwise(tokens):
        if token.kind != "word" or token.key in KEYWORDS:
            continue
        if after.text == "(":
            if token.key not in FUNCTIONS:
                yield Problem.of(PACKAGE, "function", where, name=token.text, names=", ".join(sorted(FUNCTIONS)))
        elif token.text not in columns:
            replaced = catalogue(PACKAGE, "replaced")
            guest = token.text in catalogue(PACKAGE, "vocabulary")  # such rules see only the host's columns
            near = replaced.get(token.text) or (replaced["_guest"] if guest else hint(nearest(token.text, columns)))
            yield Problem.of(PACKAGE, "unknown_column", where, name=token.text, near=near)


class UnreadableError(Exception):
    """Why an expression can't be parsed, in both languages."""

    def __init__(self, key: str, **values: object) -> None:
        self.why = filled(catalogue(PACKAGE, "expressions")["why"][key], values)
        super().__init__(self.why["en"])


def kind_name(kind: Kind) -> dict[str, str]:
    return dict(catalogue(PACKAGE, "expressions")["kinds"][kind])


class Parser:
    """Reads one expression; each level of precedence has a method, or a loop within one."""

    def __init__(self, tokens: Sequence[Token], columns: Mapping[str, Column]) -> None:
        self._tokens, self._columns = tokens, columns
        self._place = self._depth = 0

    def expression(self) -> Node:
        node = self._or()
        if self._next.kind != "end":
            raise self._refusal()
        return node

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    def _take(self, *keys: str) -> str:
        """Skip the next words if they are ``keys``, one after the other; return their text, empty if they aren't."""
        if [token.key for token in self._tokens[self._place : self._place + len(keys)]] != list(keys):
            return ""
        self._place += len(keys)
        return " ".join(keys)

    def _one_of(self, keys: Collection[str]) -> str:
        return self._take(self._next.key) if self._next.key in keys else ""

    def _demand(self, key: str) -> None:
        if not self._take(key):
            raise self._refusal(key)

    def _refusal(self, expected: str = "") -> UnreadableError:
        token = self._next
        key = ("word" if token.text else "end") + ("_wanted" if expected else "")
        return UnreadableError(key, text=token.text, at=token.start + 1, wanted=expected)

    def _within(self, read: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise UnreadableError("levels", most=DEEPEST)
        node = read()
        self._depth -= 1
        return node

    def _chain(self, signs: Collection[str], kind: Kind, operand: Callable[[], Node]) -> Node:
        node = operand()
        while sign := self._one_of(signs):
            node = _call(sign, kind, node, operand(), takes=kind)
        return node

    def _or(self) -> Node:
        return self._chain(["OR"], "boolean", partial(self._chain, ["AND"], "boolean", self._not))

    def _not(self) -> Node:
        negation = self._take("NOT")
        return _negation(negation, self._within(self._not) if negation else self._is())

    def _is(self) -> Node:
        node = self._comparison()
        while self._take("IS"):
            negation = self._take("NOT")
            if not (test := self._one_of(_LITERALS)):
                raise self._refusal("NULL, TRUE, FALSE")
            node = _call(f"IS {test}", "boolean", node, takes=None if test == "NULL" else "boolean")
            node = _negation(negation, node)
        return node

    def _comparison(self) -> Node:
        node = self._range()
        if not (sign := self._one_of(_COMPARISONS)):
            return node
        node = _alike("<>" if sign == "!=" else sign, "boolean", node, self._range(), has_order=sign in ORDER)
        if self._next.key in _COMPARISONS:
            raise self._refusal("AND, OR")
        return node

    def _range(self) -> Node:
        node = self._sum()
        while True:
            negation = self._take("NOT", "BETWEEN") or self._take("NOT", "IN")
            if not (name := negation.removeprefix("NOT ") or self._take("BETWEEN") or self._take("IN")):
                return node
            if name == "BETWEEN":
                low = self._sum()
                self._demand("AND")
                node = _alike("BETWEEN", "boolean", node, low, self._sum(), has_order=True)
            else:
                node = _alike("IN", "boolean", node, *self._list(partial(self._value, self._take("("))))
            node = _negation(negation, node)

    def _list(self, read: Callable[[], Node]) -> list[Node]:
        values = [read()]
        while self._take(","):
            values.append(read())
        self._demand(")")
        return values

    def _value(self, opening: str) -> Node:
        text = self._next.text
        node = self._sign() if opening else None
        if not isinstance(node, Constant):
            raise UnreadableError("list", text=opening + text)
        return node

    def _sum(self) -> Node:
        return self._chain(["+", "-"], "number", partial(self._chain, ["*", "/"], "number", self._sign))

    def _sign(self) -> Node:
        if not (sign := self._one_of(["+", "-"])):
            return self._primary()
        node = _of_kind(self._within(self._sign), "number", sign)
        if sign == "+":
            return node
        if isinstance(node, Constant) and isinstance(node.value, float):
            return Constant(-node.value, "number")
        return Call("NEGATE", (node,), "number")

    def _primary(self) -> Node:
        token = self._next
        if token.kind in {"number", "text"}:
            self._place += 1
            text = token.text[1:-1].replace("''", "'")
            return Constant(text, "text") if token.kind == "text" else Constant(float(token.text), "number")
        if token.kind == "word" and token.key not in KEYWORDS:
            self._place += 1
            return self._function(token) if self._next.text == "(" else Name(token.text, self._columns[token.text].type)
        if self._take("("):
            node = self._within(self._or)
            self._demand(")")
            return node
        if self._take("CASE"):
            return self._within(self._case)
        if not (word := self._one_of(_LITERALS)):
            raise self._refusal()
        return Constant(None, "null") if word == "NULL" else Constant(word == "TRUE", "boolean")

    def _function(self, token: Token) -> Node:
        self._demand("(")
        arguments = self._list(partial(self._within, self._or))
        if len(arguments) != (FUNCTIONS[token.key] or len(arguments)):
            raise UnreadableError("arguments", name=token.text, count=len(arguments), wanted=FUNCTIONS[token.key])
        if token.key in {"COALESCE", "NULLIF"}:
            return _alike(token.key, None, *arguments)
        return _call(token.key, "number", *arguments, takes="number")

    def _case(self) -> Node:
        subject: Sequence[Node] = () if self._next.key == "WHEN" else (self._or(),)
        tests: Sequence[Node] = ()
        values: list[Node] = []
        self._demand("WHEN")
        while not tests or self._take("WHEN"):
            test = self._or()
            tests = (*tests, test if subject else _of_kind(test, "boolean", "WHEN"))
            self._demand("THEN")
            values.append(self._or())
        values.append(self._or() if self._take("ELSE") else Constant(None, "null"))
        self._demand("END")
        if subject:
            first, *tests = _alike("=", "boolean", *subject, *tests).parts
            subject = (first,)
        choice = _alike("CASE", None, *values)
        pairs = chain.from_iterable(zip(tests, choice.parts, strict=False))
        return Call("CHOICE" if subject else "CASE", (*subject, *pairs, choice.parts[-1]), choice.kind)


def _negation(negation: str, node: Node) -> Node:
    return _call("NOT", "boolean", node, takes="boolean") if negation else node


def _of_kind(node: Node, kind: Kind, name: str) -> Node:
    """Return a node of a type; NULL takes that type."""
    if node.kind == "null":
        return Constant(None, kind)
    if node.kind != kind:
        raise UnreadableError("kind", name=name, kind=kind_name(node.kind), wanted=kind_name(kind))
    return node


def _call(name: str, kind: Kind, *parts: Node, takes: Kind | None) -> Call:
    return Call(name, parts if takes is None else tuple(_of_kind(part, takes, name) for part in parts), kind)


def _alike(name: str, kind: Kind | None, *parts: Node, has_order: bool = False) -> Call:
    """Return a call whose parts have one type, which is also the type of its value unless another is given."""
    common: Kind = next((part.kind for part in parts if part.kind != "null"), "null")
    if has_order and common == "boolean":
        raise UnreadableError("kind", name=name, kind=kind_name(common), wanted=kind_name("number"))
    return Call(name, tuple(_of_kind(part, common, name) for part in parts), kind or common)
