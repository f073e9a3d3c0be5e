"""What it would take to make a candidate the recommendation: moves, and the cheapest sufficient sets of them."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import fsum
from typing import Any, Literal, Self, get_args

from prai_match import _arguments as given, _version
from prai_match.explain import _changes
from prai_match.model import Lang
from prai_match.text import Readable, Shown, counted, current_language, messages, number

MoveKind = Literal[
    "need", "axis", "confirm", "withdraw", "attend", "hold", "host", "relay", "relay_extended", "trainer",
    "trainer_extended", "travel", "wait",
]  # fmt: skip
"""Kinds of things that people can do, described in `Move`."""
KINDS: tuple[MoveKind, ...] = get_args(MoveKind)
_WAITING = frozenset({"with_needs", "with_decisions"})  # changes made on the day that a move waits for
NoWay = Literal["already", "out_of_reach", "not_enough", "too_many"]


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that people can do.

    Attributes:
        kind: ``need`` (a need is expressed), ``axis`` (another axis is chosen), ``confirm`` or ``withdraw`` (a need is
            confirmed or withdrawn), ``attend`` (a session is attended), ``hold`` (the recommended session is held
            first), ``host`` (a neighbour hosts), ``relay`` or ``trainer`` (one is added), ``relay_extended`` or
            ``trainer_extended`` (a known one does more), ``travel`` (a trainer travels further) or ``wait``.
        slot: What it settles; two moves with the same slot aren't made together, and the first asks for less.
        columns: Columns of the vocabulary that it can change.
        changes: The changes that it makes.
        sentence: What to do, without a full stop.
    """

    kind: MoveKind
    slot: str
    columns: frozenset[str]
    changes: _changes.Changes = field(hash=False)
    sentence: Mapping[Lang, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Terms:
    """The cost of a move of each kind, 1 if not given, and the kinds that are never proposed."""

    costs: Mapping[str, float]
    never: frozenset[str]

    @classmethod
    def of(cls, costs: Mapping[str, float] | None, never: Iterable[str]) -> Self:
        terms = cls(costs or {}, frozenset(never))
        for kind in (*terms.costs, *sorted(terms.never)):
            given.known_among("move", kind, KINDS, KINDS)
        return terms

    def cost(self, moves: Iterable[Move]) -> float:
        return fsum(self.costs.get(move.kind, 1.0) for move in moves)


@dataclass(frozen=True, slots=True)
class NeededAnswer(Shown):
    """A set of moves that makes the candidate the recommendation; none of them is superfluous.

    Attributes:
        moves: The moves.
        score: The score that the recommendation would have, out of 100.
        cost: Their total cost: the number of moves, unless costs were given.
    """

    moves: tuple[Move, ...]
    score: float
    cost: float

    @property
    def changes(self) -> _changes.Changes:
        return union(self.moves)

    @property
    def applied(self) -> dict[str, Any]:
        """The changes as keyword arguments: ``rec.what_if(**answer.applied)`` applies them."""
        changes = self.changes
        return {name: getattr(changes, name) for name in sorted(changes.model_fields_set)}

    def text(self, lang: Lang) -> str:
        words, moves = _words(lang)["text"], listed(self.moves, lang)
        key = "answer" if self.cost == len(self.moves) else "answer_cost"
        values = {"score": number(self.score, 1, lang), "cost": number(self.cost, 1, lang)}
        return words[key].format(moves=moves[0].upper() + moves[1:], **values)

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """Return the answer as data that JSON can hold."""
        return {"score": self.score, "cost": self.cost, "sentence": self.text(lang), **_described(self.moves, lang)}


@dataclass(frozen=True, slots=True)
class Nearest:
    """The moves that came nearest, if no set that was tried is sufficient.

    Attributes:
        moves: The moves after which the fewest conditions, then the fewest points, are missing.
        lacks: What is still missing after them, in sentences.
    """

    moves: tuple[Move, ...]
    lacks: tuple[Mapping[Lang, str], ...] = field(hash=False)

    def text(self, lang: Lang) -> str:
        lacks = " ".join(each[lang] for each in self.lacks)
        return _words(lang)["text"]["nearest"].format(moves=listed(self.moves, lang), lacks=lacks)

    def to_json(self, lang: Lang) -> dict[str, Any]:
        lacks = [each[lang] for each in self.lacks]
        return {"sentence": self.text(lang), **_described(self.moves, lang), "lacks": lacks}


def _described(moves: Iterable[Move], lang: Lang) -> dict[str, Any]:
    """Return moves as data; their changes are keyword arguments of `Changes.of`."""
    moves = tuple(moves)
    return {
        "moves": [{"kind": move.kind, "sentence": move.sentence[lang]} for move in moves],
        "changes": union(moves).model_dump(mode="json", exclude_unset=True),
    }


@dataclass(frozen=True, slots=True)
class Needed(Shown, Readable):
    """What it would take for a candidate to be recommended to a territory.

    Iterates over its answers, ``len()`` counts them, and it is true if there is any.

    Attributes:
        territory: Identifier of the territory.
        session: Identifier of the session asked about; None means any.
        partner: Identifier of the relay partner asked about; None means any.
        trainer: Identifier of the trainer asked about; None means any.
        answers: Sufficient sets of moves, cheapest first, each verified by recommending again.
        tried: How many sets of moves were tried on the engine.
        no_way: Why there is no answer: ``already`` (the candidate is recommended already), ``out_of_reach`` (a
            condition that no move changes doesn't hold), ``not_enough`` (no set of moves that was tried is sufficient,
            nor all moves together) or ``too_many`` (all moves together are sufficient, but no set of up to four that
            was tried); None if there are answers.
        nearest: The moves that came nearest, if nothing is sufficient; None if there are answers, or none came nearer.
        lang: Language of ``str()``.
        title: The result, in a sentence or two.

    Example:
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend("2007-09-03", territories="200034064")["200034064"]
        >>> needed = rec.what_would_it_take(session="teleservices")
        >>> isinstance(needed, Needed), needed.no_way, len(needed)
        (True, None, 1)
    """

    territory: str
    session: str | None
    partner: str | None
    trainer: str | None
    answers: tuple[NeededAnswer, ...]
    tried: int
    no_way: NoWay | None
    nearest: Nearest | None
    lang: Lang
    title: Mapping[Lang, str] = field(hash=False)

    def __bool__(self) -> bool:
        return bool(self.answers)

    def __len__(self) -> int:
        return len(self.answers)

    def __iter__(self) -> Iterator[NeededAnswer]:
        return iter(self.answers)

    def text(self, lang: Lang | None = None) -> str:
        """Return the answers as lines of text; None means the language asked for."""
        lang = current_language(lang or self.lang)
        return "\n".join([self.title[lang], *(f"  • {answer.text(lang)}" for answer in self.answers)])

    def to_json(self, lang: Lang | None = None) -> dict[str, Any]:
        """Return the result as JSON data (see ``docs/reference/schemas/needed.json``); None as for `text`.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        lang = current_language(lang or self.lang)
        return {
            "schema": _version.JSON_SCHEMA,
            "lang": lang,
            "title": self.title[lang],
            **{name: getattr(self, name) for name in ("territory", "session", "partner", "trainer", "no_way", "tried")},
            "answers": [answer.to_json(lang) for answer in self.answers],
            "nearest": self.nearest and self.nearest.to_json(lang),
        }


def union(moves: Iterable[Move], on: dt.date | None = None) -> _changes.Changes:
    """Return the changes of all moves; since at most one move has a given slot, none contradict each other.

    If a move or ``on`` waits for a day, needs are expressed and decided on that day.
    """
    fields: dict[str, Any] = {}
    for move in moves:
        for name in move.changes.model_fields_set:
            value, before = getattr(move.changes, name), fields.get(name)
            fields[name] = before + value if isinstance(before, tuple) else value
    if day := fields.get("on", on):
        for name in fields.keys() & _WAITING:
            fields[name] = tuple(row.model_copy(update={"date": day}) for row in fields[name])
    return _changes.Changes.of(**fields)


def listed(moves: Iterable[Move], lang: Lang) -> str:
    return _words(lang)["text"]["and"].join(move.sentence[lang] for move in moves)


def kinds_text(key: str, kinds: Iterable[str], lang: Lang) -> str:
    """Say a sentence on kinds of moves, in the order of `KINDS`."""
    names = (_words(lang)["kinds"][kind] for kind in KINDS if kind in {*kinds})
    return sentence(key, lang, kinds=_words(lang)["text"]["between_kinds"].join(names))


def sentence(key: str, lang: Lang, **values: str) -> str:
    return _words(lang)["text"][key].format(**values)


def title(lang: Lang, kind: NoWay | Literal["answer", "answers"], territory: str, names: Iterable[str]) -> str:
    words = _words(lang)
    return words["title"][kind].format(territory=territory, candidate=words["text"]["between"].join(names))


def short(points: float, lang: Lang) -> str:
    return sentence("short", lang, points=number(points, 1, lang))


def _words(lang: Lang) -> dict[str, dict[str, str]]:
    return messages("prai_match.explain", "needed", lang)


def people_text(count: int, lang: Lang) -> str:
    return counted(count, messages("prai_match.explain", "needed", lang)["moves"]["people"], lang)
