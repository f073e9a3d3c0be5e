"""An expression as a tree: its parts, their types, and the functions that compute them.

Values are three-valued, and never NaN: a division by zero, a logarithm or a root out of range and an overflow are
unknown, as the value of a column can be. A sum, product, quotient or root of a number that isn't finite isn't finite
either, so one check at the end of such a chain is enough. A divisor, an exponential or a power can turn it into a
finite number again, so their parts are checked too. If everything is known, as for most columns, nothing is computed
about what is known.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from itertools import chain
from operator import itemgetter
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from prai_match.policy._values import NEUTRAL, Columns, Known, Values, equal

Kind = Literal["number", "boolean", "text", "null"]  # the type of a part; ``null`` is NULL, which fits any type
ORDER: Final = frozenset(["<", "<=", ">", ">="])
EQUALITY: Final = frozenset(["=", "<>"])
# A computing function: if its value isn't finite, it is unknown.
CHAINS: Final = frozenset(["+", "-", "*", "/", "NEGATE", "ABS", "LN", "SQRT", "EXP", "POW"])
# The parts that must be finite themselves, since the function can turn one that isn't into a finite number.
FINITE: Final[dict[str, frozenset[int]]] = {"/": frozenset([1]), "EXP": frozenset([0]), "POW": frozenset([0, 1])}


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, true, false, or unknown."""

    value: float | str | bool | None
    kind: Kind
    parts: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    kind: Kind
    parts: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a function, with its arguments.

    Its name is a sign, ``NOT``, ``AND``, ``OR``, ``NEGATE``, ``BETWEEN``, ``IN``, ``IS NULL``, ``IS TRUE``, ``IS
    FALSE``, ``CASE`` (conditions and values in turn, then the value for all others), ``CHOICE`` (a value to compare,
    candidates and values in turn, then the value for all others) or a function.
    """

    name: str
    parts: tuple["Node", ...]
    kind: Kind


Node = Constant | Name | Call


def walk(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from walk(part)


def comparisons(node: Node) -> Iterator[tuple[str, str]]:
    """Yield each column that is compared with a text, and the text."""
    for each in walk(node):
        if isinstance(each, Call) and each.name in ORDER | EQUALITY | {"IN", "CHOICE"}:
            parts = each.parts if each.name != "CHOICE" else (each.parts[0], *each.parts[1:-1:2])
            columns = [part.name for part in parts if isinstance(part, Name)]
            texts = [part.value for part in parts if isinstance(part, Constant)]
            yield from ((column, text) for column in columns for text in texts if isinstance(text, str))


# Values, and which are known; parts of a chain may not be finite, and unknown values are arbitrary.
Pair = tuple[NDArray[Any], Known]
Evaluation = Callable[[Mapping[str, Values]], Pair]


def evaluation(node: Node, *, is_link: bool = False) -> Evaluation:
    """Return a picklable function that computes a tree; the value of a link of a chain needn't be finite."""
    if isinstance(node, Name):
        return itemgetter(node.name)
    if isinstance(node, Constant):
        neutral = NEUTRAL[node.kind]
        is_unknown = node.value is None
        return partial(
            _constant, (neutral, NEUTRAL["boolean"]) if is_unknown else (np.array(node.value, neutral.dtype), None)
        )
    match node:
        case Call("=" | "<>", (Name(name=name), Constant(value=str(text)))):
            return partial(_is_text, name, text, node.name == "=")
    is_chain = node.name in CHAINS
    finite = FINITE.get(node.name, frozenset()) if is_chain else range(len(node.parts))
    parts = [evaluation(part, is_link=place not in finite) for place, part in enumerate(node.parts)]
    is_either = node.name == "CASE" and len(node.parts) == 3  # a condition and two values  # noqa: PLR2004
    compute = partial(_either, parts) if is_either else partial(_call, node.name, parts)
    return partial(_number, compute) if is_chain and not is_link else compute


def _is_text(name: str, text: str, sought: bool, columns: Mapping[str, Values]) -> Pair:  # noqa: FBT001 - or not
    """Compare a column with a text, once for many rows if the columns allow it."""
    value, known = columns.equal(name, text) if isinstance(columns, Columns) else equal(columns[name], text)
    return (value if sought else _false(value, known)), known


def _constant(pair: Pair, _: Mapping[str, Values]) -> Pair:
    return pair


def _call(name: str, parts: Sequence[Evaluation], columns: Mapping[str, Values]) -> Pair:
    return OPERATORS[name](*[part(columns) for part in parts])


def _either(parts: Sequence[Evaluation], columns: Mapping[str, Values]) -> Pair:
    """Return one of two values by condition; if it is the same for all rows, only one value is computed."""
    condition, one, other = parts
    holds = condition(columns)
    some, every = holds[0].any(), holds[0].all()
    if not holds[0].ndim or some != every:
        return _case(holds, one(columns), other(columns))
    value, known = one(columns) if some else other(columns)
    shape = np.broadcast_shapes(np.shape(value), holds[0].shape)
    return np.broadcast_to(value, shape), None if known is None else np.broadcast_to(known, shape)


def _number(link: Evaluation, columns: Mapping[str, Values]) -> Pair:
    value, known = link(columns)
    is_finite = np.isfinite(value)
    if known is None and is_finite.all():
        return value, None
    known = is_finite if known is None else known & is_finite
    return np.where(known, value, 0.0), known


def _both(one: Known, other: Known) -> Known:
    return other if one is None else one if other is None else one & other


def _computed(compute: Callable[..., NDArray[Any]]) -> Callable[..., Pair]:
    return lambda *pairs: (compute(*[value for value, _ in pairs]), reduce(_both, [known for _, known in pairs]))


def _compared(compare: Callable[..., NDArray[np.bool_]]) -> Callable[[Pair, Pair], Pair]:
    def compute(one: Pair, other: Pair) -> Pair:
        value, known = compare(one[0], other[0]), _both(one[1], other[1])
        return value if known is None else value & known, known

    return compute


def _false(value: NDArray[np.bool_], known: Known) -> NDArray[np.bool_]:
    """Return where a value is false, that is neither true nor unknown."""
    return ~value if known is None else known > value


def _and(one: Pair, other: Pair) -> Pair:
    known = _both(one[1], other[1])
    return one[0] & other[0], known if known is None else known | _false(*one) | _false(*other)


def _or(one: Pair, other: Pair) -> Pair:
    value, known = one[0] | other[0], _both(one[1], other[1])
    return value, known if known is None else known | value


_equal, _at_least, _at_most = _compared(np.equal), _compared(np.greater_equal), _compared(np.less_equal)


def _is_null(pair: Pair) -> Pair:
    value, known = pair
    nowhere = np.zeros(np.shape(value), np.bool_)
    return nowhere if known is None else nowhere | ~known, None


def _case(*pairs: Pair) -> Pair:
    *cases, (value, known) = pairs
    for (is_met, _), (then, sure) in zip(cases[-2::-2], cases[::-2], strict=True):
        value = np.where(is_met, then, value)
        if sure is not None or known is not None:
            known = np.where(is_met, True if sure is None else sure, True if known is None else known)
    return value, known


def _choice(subject: Pair, *pairs: Pair) -> Pair:
    tests, values = pairs[:-1:2], pairs[1::2]
    return _case(*chain.from_iterable(zip([_equal(subject, test) for test in tests], values, strict=True)), pairs[-1])


def _coalesce(first: Pair, *others: Pair) -> Pair:
    value, known = first
    for then, sure in others:
        value = np.where(True if known is None else known, value, then)
        known = None if known is None or sure is None else known | sure
    return value, known


def _nullif(first: Pair, second: Pair) -> Pair:
    value, known = first
    is_equal, _ = _equal(first, second)
    if np.shape(value) == np.shape(is_equal) and not is_equal.any():
        return value, known
    known = _false(is_equal, known)
    return np.where(known, value, "" if value.dtype == object else value.dtype.type()), known


# fmt: off
OPERATORS: Final[dict[str, Callable[..., Pair]]] = {
    "+": _computed(np.add), "-": _computed(np.subtract), "*": _computed(np.multiply), "/": _computed(np.divide),
    "NEGATE": _computed(np.negative), "ABS": _computed(np.abs), "SQRT": _computed(np.sqrt),
    "LN": _computed(np.log), "EXP": _computed(np.exp), "POW": _computed(np.power),
    "=": _equal, "<>": _compared(np.not_equal), "<": _compared(np.less), "<=": _at_most,
    ">": _compared(np.greater), ">=": _at_least,
    "AND": _and, "OR": _or, "NOT": lambda pair: (_false(*pair), pair[1]),
    "IS NULL": _is_null, "IS TRUE": lambda pair: (pair[0], None), "IS FALSE": lambda pair: (_false(*pair), None),
    "BETWEEN": lambda value, low, high: _and(_at_least(value, low), _at_most(value, high)),
    "IN": lambda value, *listed: reduce(_or, [_equal(value, each) for each in listed]),
    "CASE": _case, "CHOICE": _choice, "COALESCE": _coalesce, "NULLIF": _nullif,
}
# fmt: on
