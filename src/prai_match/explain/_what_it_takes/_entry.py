"""What it would take: sets of moves are tried on the engine, the smallest first; those of many territories together."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, islice
from typing import TypeVar

from prai_match.errors import ArgumentError
from prai_match.explain._what_it_takes import _engine_runs, _moves
from prai_match.explain._what_it_takes._result import NONE, Move, Moves, Needed, NeededAnswer, NoWay, Question, title
from prai_match.explain._why_not import Finding
from prai_match.model import Lang
from prai_match.recommend import Answers
from prai_match.text import current_language

T = TypeVar("T")
_Search = Generator[Sequence[Moves] | Moves, None, T]

_MOST_MOVES, _MOST_ANSWERS, _MOST_TRIALS = 3, 5, 40
_ROUNDS = 3  # how many times what is still refuted after all the moves can bring others


def what_it_takes(  # noqa: PLR0913 - what is asked, by keyword
    answers: Answers, territory: str, *, session: str | None, partner: str | None, trainer: str | None, lang: Lang
) -> Needed:
    current_language(lang)
    request = {"session": session, "partner": partner, "trainer": trainer}
    if all(code is None for code in request.values()):
        raise ArgumentError.of("prai_match.explain", "no_candidate")
    (answer,) = _answers(_engine_runs.Engine(answers), {territory: request}, lang)
    return answer


def what_each_takes(answers: Answers, lang: Lang) -> dict[str, Needed]:
    """Find the same for the best alternative of each territory (see `Recommendations.what_would_it_take`)."""
    current_language(lang)
    engine = _engine_runs.Engine(answers)
    requests = {
        territory: {"session": session, "partner": None, "trainer": None}
        for territory, session in engine.furthest().items()
    }
    return {answer.territory: answer for answer in _answers(engine, requests, lang)}


def _answers(engine: _engine_runs.Engine, requests: Mapping[str, Mapping[str, str | None]], lang: Lang) -> list[Needed]:
    """Search for all the answers at once: what they ask of the engine at the same time, it runs together."""
    answers: dict[Question, Needed] = {}
    searches = {question: _search(engine, question, lang) for question in engine.questions(requests)}
    order = list(searches)
    while searches:
        steps: dict[Question, Sequence[Moves] | Moves] = {}
        for question, search in searches.items():
            try:
                steps[question] = next(search)
            except StopIteration as end:
                answers[question] = end.value
        searches = {question: searches[question] for question in steps}
        trials = {question: moves for question, moves in steps.items() if not isinstance(moves, frozenset)}
        engine.run((question, each) for question, moves in trials.items() for each in moves)
        engine.explain((question, moves) for question, moves in steps.items() if isinstance(moves, frozenset))
    return [answers[question] for question in order]


def _needed(  # noqa: PLR0913 - what was asked, and what was found
    engine: _engine_runs.Engine,
    question: Question,
    lang: Lang,
    *,
    answers: tuple[NeededAnswer, ...] = (),
    no_way: NoWay | None = None,
    why: Sequence[Mapping[Lang, str]] = (),
) -> Needed:
    """Return the answers or why there are none, with the sentences that say more."""
    kind = no_way or ("answer" if len(answers) == 1 else "answers")
    codes = [code for code in question.request.values() if code is not None]
    titles = {
        each: title(each, kind, question.territory.name, [names[code] for code in codes])
        for each, names in engine.answers.names.items()
    }
    return Needed(
        question.territory.id,
        **question.request,
        answers=answers,
        tried=question.count,
        no_way=no_way,
        lang=lang,
        title={each: " ".join([text, *(more[each] for more in why)]) for each, text in titles.items()},
    )


def _search(engine: _engine_runs.Engine, question: Question, lang: Lang) -> _Search[Needed]:
    """Search for the smallest sets of moves: yields sets to be tried, or one to be explained, and then reads them."""
    needed = partial(_needed, engine, question, lang)
    if question.score(NONE) is not None:
        return needed(no_way="already")
    pool = yield from _pool(engine, question)
    if pool.stopping:
        return needed(no_way="out_of_reach", why=[finding.sentence for finding in pool.stopping])
    for size in range(1, _MOST_MOVES + 1):
        if answers := (yield from _of_size(question, pool, size)):
            return needed(answers=answers)
    yield [pool.all]
    if question.score(pool.all) is not None:
        return needed(no_way="too_many")
    yield pool.all
    return needed(no_way="not_enough", why=question.standings[pool.all].lacks)


@dataclass(frozen=True, slots=True)
class _Pool:
    """The moves to try, those that ask for less before others that settle the same.

    With the columns that can mend each condition refuted, and the conditions that no move changes.
    """

    moves: tuple[Move, ...]
    columns: Mapping[str, frozenset[str]]
    stopping: tuple[Finding, ...]

    @property
    def all(self) -> Moves:
        """The moves that do most for each thing to settle."""
        return frozenset({move.slot: move for move in self.moves}.values())

    def sets(self, size: int) -> Iterator[tuple[Move, ...]]:
        for moves in combinations(self.moves, size):
            own = frozenset[str]().union(*(move.columns for move in moves))
            alike = len({move.slot for move in moves}) < size
            if not alike and not any(own.isdisjoint(columns) for columns in self.columns.values()):
                yield moves


def _pool(engine: _engine_runs.Engine, question: Question) -> _Search[_Pool]:
    """Return the moves for what is refuted, then for what is still refuted after all of these, and so on."""
    pool = _Pool((), {}, ())
    for _ in range(_ROUNDS):
        yield pool.all
        standing = question.standings[pool.all]
        case = _moves.Situation(engine.material, question.territory, standing, question.request)
        before = {(move.kind, move.slot) for move in pool.moves}
        new = tuple(move for move in case.moves() if (move.kind, move.slot) not in before)
        moves = pool.moves + new
        can = frozenset[str]().union(*(move.columns for move in moves))
        columns = {**pool.columns, **{finding.rule: _moves.reads(finding) for finding in standing.refuting}}
        stopping = tuple(finding for finding in standing.refuting if can.isdisjoint(columns[finding.rule]))
        pool = _Pool(moves, columns, stopping)
        if stopping or not new:
            break
        # The smallest sets come next: in the same run they cost next to nothing.
        yield [pool.all, *map(frozenset, pool.sets(1))]
        if question.score(pool.all) is not None:
            break
    return pool


def _of_size(question: Question, pool: _Pool, size: int) -> _Search[tuple[NeededAnswer, ...]]:
    answers: list[NeededAnswer] = []
    enough: set[frozenset[str]] = set()
    yield [frozenset(moves) for moves in islice(pool.sets(size), _MOST_TRIALS)]
    for moves in pool.sets(size):
        slots = frozenset(move.slot for move in moves)
        if len(answers) == _MOST_ANSWERS or question.count >= _MOST_TRIALS:
            break
        # What asks for less of the same does it.
        if slots in enough:
            continue
        yield [frozenset(moves)]
        score = question.score(frozenset(moves))
        if score is not None and (yield from _needs_all(question, moves)):
            enough.add(slots)
            answers.append(NeededAnswer(moves, score))
    return tuple(answers)


def _needs_all(question: Question, moves: tuple[Move, ...]) -> _Search[bool]:
    parts = [frozenset(part) for size in range(1, len(moves)) for part in combinations(moves, size)]
    yield parts
    return all(question.score(part) is None for part in parts)
