"""What it would take: sets of moves are tried on the engine, cheapest first; many territories share a run."""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby

from prai_match.errors import ArgumentError
from prai_match.explain._what_it_takes import _engine_runs
from prai_match.explain._what_it_takes._pool import Search, held_first, parts_of, pool_of
from prai_match.explain._what_it_takes._result import (
    Move,
    Nearest,
    Needed,
    NeededAnswer,
    NoWay,
    Terms,
    kinds_text,
    sentence,
    title,
)
from prai_match.explain._what_it_takes._standing import NONE, Moves, Question
from prai_match.model import Lang
from prai_match.recommend import Answers
from prai_match.text import both, current_language

_MOST_ANSWERS = 5
_DEAR = 2  # sets that cost at least so many times as much as the cheapest are left out


def what_it_takes(  # noqa: PLR0913 - what is asked, by keyword
    answers: Answers,
    territory: str,
    request: Mapping[str, str | None],
    lang: Lang,
    *,
    costs: Mapping[str, float] | None = None,
    never: Iterable[str] = (),
) -> Needed:
    current_language(lang)
    if all(code is None for code in request.values()):
        raise ArgumentError.of("prai_match.explain", "no_candidate")
    (answer,) = _answers(_engine_runs.Engine(answers), {territory: request}, Terms.of(costs, never), lang)
    return answer


def what_each_takes(
    answers: Answers, lang: Lang, *, costs: Mapping[str, float] | None = None, never: Iterable[str] = ()
) -> dict[str, Needed]:
    """Find what it takes for the best alternative of each territory (see `Recommendations.what_would_it_take`)."""
    current_language(lang)
    terms = Terms.of(costs, never)
    engine = _engine_runs.Engine(answers)
    requests = {
        territory: {"session": session, "partner": None, "trainer": None}
        for territory, session in engine.furthest().items()
    }
    return {answer.territory: answer for answer in _answers(engine, requests, terms, lang)}


def _answers(
    engine: _engine_runs.Engine, requests: Mapping[str, Mapping[str, str | None]], terms: Terms, lang: Lang
) -> list[Needed]:
    """Search for all answers at once; the trials that they request at the same time share an engine run."""
    answers: dict[Question, Needed] = {}
    searches = {question: _search(engine, question, terms, lang) for question in engine.questions(requests)}
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
    answers: Sequence[NeededAnswer] = (),
    no_way: NoWay | None = None,
    nearest: Nearest | None = None,
    why: Sequence[Mapping[Lang, str]] = (),
) -> Needed:
    """Return the answers or the reason why there are none, with the sentences that explain it."""
    kind = no_way or ("answer" if len(answers) == 1 else "answers")
    codes = [code for code in question.request.values() if code is not None]
    titles = {
        each: title(each, kind, question.territory.name, [names[code] for code in codes])
        for each, names in engine.answers.names.items()
    }
    return Needed(
        question.territory.id,
        **question.request,
        answers=tuple(answers),
        tried=len(question.outcomes - {NONE}),
        no_way=no_way,
        nearest=nearest,
        lang=lang,
        title={each: " ".join([text, *(more[each] for more in why)]) for each, text in titles.items()},
    )


def _search(engine: _engine_runs.Engine, question: Question, terms: Terms, lang: Lang) -> Search[Needed]:
    """Search for the cheapest sets of moves: yields sets to try, or one to explain, then reads the results."""
    needed = partial(_needed, engine, question, lang)
    if question.score(NONE) is not None:
        return needed(no_way="already")
    pool = yield from pool_of(engine, question, terms)
    left_out = [both(kinds_text, "left_out", terms.never)] if terms.never else []
    if pool.stopping:
        return needed(no_way="out_of_reach", why=[*(both(finding.told) for finding in pool.stopping), *left_out])
    sets = pool.sets()
    answers = yield from _cheapest(question, sets, terms)
    least = min((answer.cost for answer in answers), default=math.inf)
    held = yield from held_first(engine, question, terms, least)
    if answers:
        return needed(answers=(yield from _cheapest(question, held, terms, answers)))
    if held and question.score(frozenset(held[-1])) is not None:
        held = parts_of(held[-1])
    else:
        held += pool.sets_with(held)
    answers = yield from _cheapest(question, held, terms)
    if answers:
        return needed(answers=answers)
    yield [pool.all]
    if question.score(pool.all) is not None:
        return needed(no_way="too_many", why=left_out)
    nearest = yield from _nearest(question, [*sets, *held])
    if nearest is None:
        yield pool.all
    kinds = {move.kind for moves in [*sets, *held] for move in moves}
    tried = [both(kinds_text, "tried", kinds)] if kinds else []
    near = both(_even, question.standings[pool.all].lacks) if nearest is None else both(nearest.text)
    return needed(no_way="not_enough", nearest=nearest, why=[*tried, near, *left_out])


def _even(lacks: Iterable[Mapping[Lang, str]], lang: Lang) -> str:
    return sentence("even", lang, lacks=" ".join(each[lang] for each in lacks))


def _cheapest(
    question: Question, sets: Iterable[tuple[Move, ...]], terms: Terms, before: Sequence[NeededAnswer] = ()
) -> Search[list[NeededAnswer]]:
    """Return the cheapest sufficient sets, without superfluous moves, together with those found ``before``."""
    answers = [*before]
    enough = [_slots(answer.moves) for answer in before]
    every = sorted(sets, key=lambda moves: (terms.cost(moves), len(moves)))
    for cost, alike in groupby(every, terms.cost):
        if len(answers) >= _MOST_ANSWERS + len(before) or cost >= _dearest(answers):
            break
        # A lesser move of the same kind is sufficient.
        left = [moves for moves in alike if not any(slots <= _slots(moves) for slots in enough)]
        yield [frozenset(moves) for moves in left]
        for moves in left:
            if any(slots <= _slots(moves) for slots in enough):
                continue
            score = question.score(frozenset(moves))
            if score is not None and (yield from _needs_all(question, moves)) and question.can_hold(moves):
                enough.append(_slots(moves))
                answers.append(NeededAnswer(moves, score, cost))
    answers.sort(key=lambda answer: (answer.cost, len(answer.moves)))
    return [answer for answer in answers if answer.cost < _dearest(answers)][:_MOST_ANSWERS]


def _dearest(answers: Iterable[NeededAnswer]) -> float:
    return _DEAR * min((answer.cost for answer in answers), default=math.inf)


def _slots(moves: tuple[Move, ...]) -> frozenset[str]:
    return frozenset(move.slot for move in moves)


def _needs_all(question: Question, moves: tuple[Move, ...]) -> Search[bool]:
    """Return whether no feasible proper subset of the moves is sufficient."""
    parts = parts_of(moves)[:-1]
    yield [frozenset(part) for part in parts]
    return all(question.score(frozenset(part)) is None or not question.can_hold(part) for part in parts)


def _nearest(question: Question, sets: Sequence[tuple[Move, ...]]) -> Search[Nearest | None]:
    """Return the moves after which the least is missing, if that is less than without moves."""
    now = question.standings[NONE]
    if question.request["partner"] or question.request["trainer"]:  # isn't the best candidate of a session
        likely: list[tuple[Move, ...]] = [moves for moves in sets if len(moves) == 1]
    else:
        likely = sorted(sets, key=lambda moves: question.lacking(frozenset(moves), now.session))[:1]
    nearest: Nearest | None = None
    least = now.distance
    for moves in likely:
        yield frozenset(moves)
        standing = question.standings[frozenset(moves)]
        if standing.distance < least:
            nearest, least = Nearest(moves, standing.lacks), standing.distance
    return nearest
