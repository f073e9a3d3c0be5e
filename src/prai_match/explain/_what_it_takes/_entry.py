"""What it would take: sets of moves are tried on the engine, the smallest first; those of many territories together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, islice
from typing import TYPE_CHECKING

from prai_match.explain._what_it_takes._engine_runs import Engine
from prai_match.explain._what_it_takes._moves import Situation, reads
from prai_match.explain._what_it_takes._question import NONE
from prai_match.explain._what_it_takes._result import Answer, Needed, short, title
from prai_match.text import LANGUAGES, current_language

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    from prai_match.explain._what_it_takes._candidates import Standing
    from prai_match.explain._what_it_takes._question import Moves, Question
    from prai_match.explain._what_it_takes._result import Move, NoWay
    from prai_match.explain._why_not._why_not import Finding
    from prai_match.model import Lang
    from prai_match.recommend import Answers

    _Asks = Generator[Sequence[Moves] | Moves, None, "_Found"]

_MOST_MOVES = 3
_MOST_ANSWERS = 5
_MOST_TRIALS = 40
_ROUNDS = 3
"""How many times what is still refuted after all the moves can bring others."""


def what_it_takes(  # noqa: PLR0913 - what is asked, by keyword
    answers: Answers, territory: str, *, session: str | None, partner: str | None, trainer: str | None, lang: Lang
) -> Needed:
    """Find the smallest sets of moves that make a candidate the choice (see `Recommendation.what_would_it_take`)."""
    current_language(lang)
    asked = {"session": session, "partner": partner, "trainer": trainer}
    if all(code is None for code in asked.values()):
        msg = "what_would_it_take needs a session, a partner or a trainer"
        raise ValueError(msg)
    engine = Engine(answers)
    (needed,) = _needed(engine, [engine.question(territory, asked)], lang)
    return needed


def what_each_takes(answers: Answers, lang: Lang) -> dict[str, Needed]:
    """Find the same for the best alternative of each territory (see `Recommendations.what_would_it_take`)."""
    current_language(lang)
    engine = Engine(answers)
    questions = [
        engine.question(territory, {"session": session, "partner": None, "trainer": None})
        for territory, session in engine.furthest().items()
    ]
    return {needed.territory: needed for needed in _needed(engine, questions, lang)}


def _needed(engine: Engine, questions: Sequence[Question], lang: Lang) -> Iterator[Needed]:
    names = engine.known.names
    for question, found in zip(questions, _searched(engine, questions), strict=True):
        named = {
            each: [names[each][code] for code in question.asked.values() if code is not None] for each in LANGUAGES
        }
        yield Needed(
            territory=question.territory.id,
            session=question.asked["session"],
            partner=question.asked["partner"],
            trainer=question.asked["trainer"],
            answers=found.answers,
            tried=question.tried,
            no_way=found.no_way,
            lang=lang,
            title={
                each: title(
                    each,
                    found.no_way,
                    question.territory.name,
                    named=named[each],
                    why=[said[each] for said in found.why],
                    answers=len(found.answers),
                )
                for each in LANGUAGES
            },
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """The answers or why there are none, with the sentences that say more."""

    answers: tuple[Answer, ...] = ()
    no_way: NoWay | None = None
    why: Sequence[Mapping[Lang, str]] = ()


def _searched(engine: Engine, questions: Sequence[Question]) -> list[_Found]:
    """Search for all the questions at once: what they ask of the engine at the same time, it runs together."""
    found: dict[Question, _Found] = {}
    searches = {question: _search(engine, question) for question in questions}
    while searches:
        asked: dict[Question, Sequence[Moves] | Moves] = {}
        for question, search in searches.items():
            try:
                asked[question] = next(search)
            except StopIteration as end:
                found[question] = end.value
        searches = {question: searches[question] for question in asked}
        tried = {question: moves for question, moves in asked.items() if not isinstance(moves, frozenset)}
        engine.run((question, each) for question, moves in tried.items() for each in moves)
        engine.explain((question, moves) for question, moves in asked.items() if isinstance(moves, frozenset))
    return [found[question] for question in questions]


def _search(engine: Engine, question: Question) -> _Asks:
    """Search for the smallest sets of moves: yields sets to be tried, or one to be explained, and then reads them."""
    if question.score(NONE) is not None:
        return _Found(no_way="already")
    pool = yield from _pool(engine, question)
    if pool.stopping:
        return _Found(no_way="out_of_reach", why=[finding.sentence for finding in pool.stopping])
    for size in range(1, _MOST_MOVES + 1):
        answers = yield from _of_size(question, pool, size)
        if answers:
            return _Found(answers)
    yield [pool.all]
    if question.score(pool.all) is not None:
        return _Found(no_way="too_many")
    yield pool.all
    return _Found(no_way="not_enough", why=_short(question.standings[pool.all]))


def _short(standing: Standing) -> list[Mapping[Lang, str]]:
    """Say what the candidate still lacks after all the moves: points, or conditions."""
    if standing.refuting or standing.gap is None:
        return [finding.sentence for finding in standing.refuting]
    return [{lang: short(standing.gap, lang) for lang in LANGUAGES}]


@dataclass(frozen=True, slots=True)
class _Pool:
    """The moves to try.

    Attributes:
        moves: In the order of trying, those that ask for less before others that settle the same.
        wanted: Columns that can mend each condition refuted.
        stopping: The conditions that no move changes.
    """

    moves: tuple[Move, ...]
    wanted: Mapping[str, frozenset[str]]
    stopping: tuple[Finding, ...]

    @property
    def all(self) -> Moves:
        """The moves that do most for each thing to settle."""
        return frozenset({move.slot: move for move in self.moves}.values())

    def sets(self, size: int) -> Iterator[tuple[Move, ...]]:
        """Return the sets of so many moves that can mend all that is refuted."""
        for moves in combinations(self.moves, size):
            changed = frozenset[str]().union(*(move.columns for move in moves))
            alike = len({move.slot for move in moves}) < size
            if not alike and not any(changed.isdisjoint(columns) for columns in self.wanted.values()):
                yield moves


def _pool(engine: Engine, question: Question) -> Generator[Sequence[Moves] | Moves, None, _Pool]:
    """Return the moves for what is refuted, then for what is still refuted after all of these, and so on."""
    pool = _Pool((), {}, ())
    for _ in range(_ROUNDS):
        yield pool.all
        standing = question.standings[pool.all]
        case = Situation(engine.known, question.territory, standing, question.asked)
        known = {(move.kind, move.slot) for move in pool.moves}
        new = tuple(move for move in case.moves() if (move.kind, move.slot) not in known)
        moves = pool.moves + new
        can = frozenset[str]().union(*(move.columns for move in moves))
        refuted = {finding.rule: finding for finding in standing.refuting}
        wanted = {**pool.wanted, **{rule: reads(finding) for rule, finding in refuted.items()}}
        stopping = tuple(finding for rule, finding in refuted.items() if can.isdisjoint(wanted[rule]))
        pool = _Pool(moves, wanted, stopping)
        if stopping or not new:
            break
        # The smallest sets come next: in the same run they cost next to nothing.
        yield [pool.all, *map(frozenset, pool.sets(1))]
        if question.score(pool.all) is not None:
            break
    return pool


def _of_size(
    question: Question, pool: _Pool, size: int
) -> Generator[Sequence[Moves] | Moves, None, tuple[Answer, ...]]:
    """Return the answers of so many moves, where none of fewer was found."""
    answers: list[Answer] = []
    settled: set[frozenset[str]] = set()
    yield [frozenset(moves) for moves in islice(pool.sets(size), _MOST_TRIALS)]
    for moves in pool.sets(size):
        slots = frozenset(move.slot for move in moves)
        if len(answers) == _MOST_ANSWERS or question.tried >= _MOST_TRIALS:
            break
        # What asks for less of the same was enough.
        if slots in settled:
            continue
        yield [frozenset(moves)]
        score = question.score(frozenset(moves))
        if score is not None and (yield from _all_needed(question, moves)):
            settled.add(slots)
            answers.append(Answer(moves, score))
    return tuple(answers)


def _all_needed(question: Question, moves: tuple[Move, ...]) -> Generator[Sequence[Moves] | Moves, None, bool]:
    """Tell whether no proper part of the moves does it."""
    parts = [frozenset(part) for size in range(1, len(moves)) for part in combinations(moves, size)]
    yield parts
    return all(question.score(part) is None for part in parts)
