"""What it would take to make a candidate the recommendation: what is asked, how candidates stand, what is answered.

The answers are the smallest sets of changes that do it, as data and as text.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple, Self

import numpy as np
import polars as pl

from prai_match import _version, offers, recommend
from prai_match.explain import _changes, _contest, _verdict, _why_not
from prai_match.model import Lang, Territory
from prai_match.policy import GRID, Policy
from prai_match.text import Readable, Shown, both, counted, current_language, messages, number

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
    changes: _changes.Changes = field(hash=False)
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
    def changes(self) -> _changes.Changes:
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
            "schema": _version.JSON_SCHEMA,
            "lang": lang,
            "title": self.title[lang],
            **{name: getattr(self, name) for name in ("territory", "session", "partner", "trainer", "no_way", "tried")},
            "answers": [answer.to_json(lang) for answer in self.answers],
        }


def union(moves: Iterable[Move]) -> _changes.Changes:
    """Return the changes of all the moves; those of each slot are of one move at most, so that none contradict."""
    fields: dict[str, Any] = {}
    for move in moves:
        for name in move.changes.model_fields_set:
            value, before = getattr(move.changes, name), fields.get(name)
            fields[name] = before + value if isinstance(before, tuple) else value
    return _changes.Changes.of(**fields)


def title(lang: Lang, kind: NoWay | Literal["answer", "answers"], territory: str, names: Iterable[str]) -> str:
    words = _words(lang)
    return words["title"][kind].format(territory=territory, candidate=words["text"]["between"].join(names))


def _short(points: float, lang: Lang) -> str:
    return _words(lang)["text"]["short"].format(points=number(points, 1, lang))


def _words(lang: Lang) -> dict[str, dict[str, str]]:
    return messages("prai_match.explain", "needed", lang)


def people_text(count: int, lang: Lang) -> str:
    return counted(count, messages("prai_match.explain", "needed", lang)["moves"]["people"], lang)


Moves = frozenset["Move"]
NONE: Moves = frozenset()
# More than there are of points and sessions: what only has to wait comes last, and the first code among equals.
_SESSIONS = 2**11


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked of one territory (``session``, ``partner``, ``trainer``), with what the engine already said.

    There is a trial for each set of moves that the engine was run with; those whose outcome was looked at count.
    """

    territory: Territory
    number: int
    request: Mapping[str, str | None]
    trials: dict[Moves, "Trial"] = field(default_factory=dict)
    standings: dict[Moves, "Standing"] = field(default_factory=dict)
    outcomes: set[Moves] = field(default_factory=set)

    @property
    def count(self) -> int:
        return len(self.outcomes - {NONE})

    def score(self, moves: Moves) -> float | None:
        """Return the score of the recommendation after moves that were tried; None: it isn't the candidate."""
        self.outcomes.add(moves)
        trial = self.trials[moves]
        cell = trial.run.first.get(trial.number)
        if cell is None:
            return None
        is_it = all(trial.run.code(cell, name) == code for name, code in self.request.items() if code is not None)
        return float(trial.run.cells.units[cell] / GRID) if is_it else None


@dataclass(frozen=True, eq=False)
class EngineRun:
    """What the engine said of every session of some territories, in the order of their numbers."""

    snapshot: offers.Snapshot
    policy: Policy
    cells: offers.SessionCells
    places: Mapping[int, int]  # the place of each territory among them

    @classmethod
    def of(cls, snapshot: offers.Snapshot, policy: Policy, territories: Sequence[int]) -> Self:
        numbers = pl.Series(territories, dtype=pl.UInt32)
        snapshot = offers.by_council(snapshot, policy, numbers)
        cells = offers.sift(snapshot, policy, numbers)
        return cls(snapshot, policy, cells, {number: place for place, number in enumerate(territories)})

    @cached_property
    def first(self) -> Mapping[int, int]:
        """The cell of what is recommended, by territory that has one."""
        cells, width = self.cells, self.snapshot.width
        keys = cells.units * np.int64(_SESSIONS) + (_SESSIONS - 1 - cells.s)
        keys = np.where(cells.possible, keys, -1).reshape(len(self.places), width).max(axis=1, initial=-1)
        (here,) = np.nonzero(keys >= 0)
        first = here * width + (_SESSIONS - 1 - keys[here] % _SESSIONS)
        return dict(zip(cells.t[first].tolist(), first.tolist(), strict=True))

    def code(self, cell: int, name: str) -> str:
        number = getattr(self.cells, {"session": "s", "partner": "p", "trainer": "r"}[name])[cell]
        return str(getattr(self.snapshot.frames, f"{name}s")[name][int(number)])

    def contests(self, answers: recommend.Answers, numbers: Sequence[int]) -> list[_contest.Contest]:
        width = self.snapshot.width
        cells = ((np.array([self.places[number] for number in numbers]) * width)[:, None] + np.arange(width)).ravel()
        furthest = offers.beyond(self.snapshot, self.policy, self.cells.take(cells))
        cases = []
        for place, t in enumerate(numbers):
            own, cell = furthest[place * width : (place + 1) * width], self.first.get(t)
            cases.append(_contest.Contest(answers, self.snapshot, own, own[:0] if cell is None else own[cell % width]))
        return cases


class Trial(NamedTuple):
    """Where the outcome of a set of moves stands: the run, and the number of the territory in it."""

    run: EngineRun
    number: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A candidate as it stands: the part of `WhyNot` that moves are found by.

    There is no gap where the candidate is refused; ``beaten`` is the session that has more points though it isn't.
    """

    session: str
    axis: str | None
    partner: str | None
    refuting: tuple[_why_not.Finding, ...]
    gap: float | None
    beaten: str | None

    @property
    def lacks(self) -> list[Mapping[Lang, str]]:
        """What it still lacks, in sentences: conditions or, where there are none, points."""
        if self.refuting or self.gap is None:
            return [finding.sentence for finding in self.refuting]
        return [both(_short, self.gap)]


def standings(
    answers: recommend.Answers, run: EngineRun, numbers: Sequence[int], requests: Sequence[Mapping[str, str | None]]
) -> list[Standing]:
    """Return how a candidate (``session``, ``partner``, ``trainer``) of each of some territories stands."""
    snapshot, policy = run.snapshot, run.policy
    cases = run.contests(answers, numbers)
    asked = [_verdict.candidate(case, axis=None, **request) for case, request in zip(cases, requests, strict=True)]
    own = pl.DataFrame([each for each, _ in asked], schema=_why_not.NUMBERS, orient="row")
    judgement = offers.Assessment(policy, offers.candidates(snapshot, own, policy))
    points = sum(judgement.units.values(), np.zeros(len(asked), np.int64))
    stands = []
    for place, (t, offer, (numbers_asked, own_axis)) in enumerate(zip(numbers, judgement, asked, strict=True)):
        broken = [rule for rule in policy.requirements if not offer.holds(rule.id)]
        every = _verdict.findings(cases[place], offer, own_axis, broken)
        refuting = tuple(each for each in every if not each.holds)
        cell, gap, beaten = run.first.get(t), None, None
        if cell is not None and not refuting:
            gap = float(run.cells.units[cell] - points[place]) / GRID
            winner = tuple(int(getattr(run.cells, name)[cell]) for name in [*_why_not.NUMBERS][1:])
            if policy.preferences and numbers_asked[1:] != winner:
                beaten = str(snapshot.frames.sessions["session"][winner[0]])
        codes: dict[str, Any] = {name: offer[name] for name in ("session", "axis", "partner")}
        stands.append(Standing(**codes, refuting=refuting, gap=gap, beaten=beaten))
    return stands
