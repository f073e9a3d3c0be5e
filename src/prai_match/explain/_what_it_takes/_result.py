"""What it would take: the smallest sets of changes that make a candidate the recommendation, as data and as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from prai_match._version import JSON_SCHEMA
from prai_match.explain._changes import Changes
from prai_match.model import Lang
from prai_match.text import Readable, Shown, counted, current_language, messages, number

MoveKind = Literal[
    "need", "confirm", "withdraw", "attend", "relay", "relay_extended", "trainer", "trainer_extended", "wait"
]
NoWay = Literal["already", "out_of_reach", "not_enough", "too_many"]


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that people can do.

    Attributes:
        kind: ``need`` (a need is expressed), ``confirm`` or ``withdraw`` (one is confirmed or withdrawn), ``attend`` (a
            session is attended), ``relay`` or ``trainer`` (one more), ``relay_extended`` or ``trainer_extended`` (a
            known one does more) or ``wait``.
        slot: What it settles; two moves that settle the same are not made together, and the first asks for less.
        columns: Columns of the vocabulary that it can change.
        changes: The change.
        sentence: What to do, without a full stop.
    """

    kind: MoveKind
    slot: str
    columns: frozenset[str]
    changes: Changes = field(hash=False)
    sentence: Mapping[Lang, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class NeededAnswer(Shown):
    """Moves that, made together, make the candidate the recommendation; none of them can be left out.

    Attributes:
        moves: The moves.
        score: The score that the recommendation would have, of 100.
    """

    moves: tuple[Move, ...]
    score: float

    @property
    def changes(self) -> Changes:
        return union(self.moves)

    @property
    def applied(self) -> dict[str, Any]:
        """The same by name: ``rec.what_if(**answer.applied)`` makes them."""
        changes = self.changes
        return {name: getattr(changes, name) for name in sorted(changes.model_fields_set)}

    def text(self, lang: Lang) -> str:
        words = _words(lang)["text"]
        moves = words["and"].join(move.sentence[lang] for move in self.moves)
        return words["answer"].format(moves=moves[0].upper() + moves[1:], score=number(self.score, 1, lang))

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """Return it as data that JSON can hold; its changes are those that `Changes.of` takes by name."""
        return {
            "score": self.score,
            "sentence": self.text(lang),
            "moves": [{"kind": move.kind, "sentence": move.sentence[lang]} for move in self.moves],
            "changes": self.changes.model_dump(mode="json", exclude_unset=True),
        }


@dataclass(frozen=True, slots=True)
class Needed(Shown, Readable):
    """What it would take for a candidate to be what is recommended to a territory.

    True where there is an answer; as long as its answers, which iterating gives.

    Attributes:
        territory: Identifier of the territory.
        session: Identifier of the session asked about; None: any.
        partner: Identifier of the relay partner asked about; None: any.
        trainer: Identifier of the trainer asked about; None: any.
        answers: The smallest sets of moves, each verified by recommending again.
        tried: How many sets of moves were tried on the engine.
        no_way: Why there is no answer: ``already`` (it is what is recommended), ``out_of_reach`` (a condition doesn't
            hold that no move changes), ``not_enough`` (no set of moves that was tried does it, nor all together) or
            ``too_many`` (all together do it, but no three of those tried); None: there are answers.
        lang: Language of ``str()``.
        title: What was found, in a sentence or two.

    Example:
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend("2007-09-03", territories="200066231")["200066231"]
        >>> needed = rec.what_would_it_take(session="sig")
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
    lang: Lang
    title: Mapping[Lang, str] = field(hash=False)

    def __bool__(self) -> bool:
        return bool(self.answers)

    def __len__(self) -> int:
        return len(self.answers)

    def __iter__(self) -> Iterator[NeededAnswer]:
        return iter(self.answers)

    def text(self, lang: Lang | None = None) -> str:
        """Return the answers as lines of text; None: in the language asked for."""
        lang = current_language(lang or self.lang)
        return "\n".join([self.title[lang], *(f"  • {answer.text(lang)}" for answer in self.answers)])

    def to_json(self, lang: Lang | None = None) -> dict[str, Any]:
        """Return it as data that JSON can hold (see ``docs/reference/schemas/needed.json``); None: as for `text`.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        lang = current_language(lang or self.lang)
        return {
            "schema": JSON_SCHEMA,
            "lang": lang,
            "title": self.title[lang],
            **{name: getattr(self, name) for name in ("territory", "session", "partner", "trainer", "no_way", "tried")},
            "answers": [answer.to_json(lang) for answer in self.answers],
        }


def union(moves: Iterable[Move]) -> Changes:
    """Return the changes of all the moves; those of each slot are of one move at most, so that none contradict."""
    fields: dict[str, Any] = {}
    for move in moves:
        for name in move.changes.model_fields_set:
            value, before = getattr(move.changes, name), fields.get(name)
            fields[name] = before + value if isinstance(before, tuple) else value
    return Changes.of(**fields)


def title(lang: Lang, kind: NoWay | Literal["answer", "answers"], territory: str, names: Iterable[str]) -> str:
    words = _words(lang)
    return words["title"][kind].format(territory=territory, candidate=words["text"]["between"].join(names))


def short(points: float, lang: Lang) -> str:
    return _words(lang)["text"]["short"].format(points=number(points, 1, lang))


def _words(lang: Lang) -> dict[str, dict[str, str]]:
    return messages("prai_match.explain", "needed", lang)


def people_text(count: int, lang: Lang) -> str:
    return counted(count, messages("prai_match.explain", "needed", lang)["moves"]["people"], lang)


def move_text(lang: Lang, key: str, **values: object) -> str:
    return _words(lang)["moves"][key].format_map(values)
