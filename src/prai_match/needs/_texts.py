"""A column of texts as columns of words, and of the parts between their signs, with what the lexicon says of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from prai_match.needs import _judgement
from prai_match.needs._judgement import ACCEPTED, HAS, NEGATED, REASONED, TermColumns, Verdicts, decide, judged, named
from prai_match.needs._reader import STANCES
from prai_match.needs._requests import token_columns
from prai_match.needs._scan import WordColumns, scan
from prai_match.needs._text import sign_number
from prai_match.needs._trie import AND, COMMA, QUESTION, STOP, Bools, Floats, Ints, Kind, spread

if TYPE_CHECKING:
    from prai_match.needs._lexicon import Compiled

_WANTED, _REFUSED, _HAS = range(len(STANCES))
_SOFT, _HARD, _ASKS = range(1, 4)
_CODES: Final = {COMMA: _SOFT, AND: _SOFT, STOP: _HARD, QUESTION: _ASKS}


@dataclass(frozen=True, slots=True)
class TextColumns:
    """Distinct texts; places count the tokens of all, and parts those of all."""

    tokens: list[str]  # distinct
    token: Ints
    firsts: Ints  # place of the first token of each text, and the number of tokens
    words: list[str]  # distinct folded words
    word: Ints  # of each token; a sign has its place in `SIGNS`, from the end (below 0)
    terms: TermColumns
    origin: Ints  # token of each meaningful word; places of terms and of parts of combinations count these
    spans: Ints  # of combinations
    reason: Ints  # why the lexicon names nothing in a text, by place in `REASONED`; -1 if it does
    parts: Ints  # first part of each text, and the number of parts
    start: Ints  # of each part
    end: Ints
    text: Ints
    is_hard: Bools  # whether a sentence or a line ends before it
    is_question: Bools
    stance: Ints  # what the lexicon says of a part, by place in `STANCES`
    state: Ints  # why the lexicon names nothing in a part, by place in `REASONED`
    scores: Floats  # parts x workshops
    whole_state: Ints
    whole_scores: Floats  # texts x workshops


@dataclass(frozen=True, slots=True)
class _Said:
    """What the lexicon says of texts: terms, reasons, where a contrast begins another part, and cues by place."""

    terms: TermColumns
    origin: Ints
    spans: Ints  # of combinations
    verdicts: Verdicts
    breaks: Ints
    cues: list[tuple[int, int]]


def texts_of(texts: Sequence[str], compiled: Compiled, workshops: Sequence[str]) -> TextColumns:
    """Return the columns of texts; the lexicon is only asked where a text has words that may decide."""
    distinct, token, firsts = token_columns(texts)
    seen = [*map(compiled.speller.seen, distinct)]
    # A list for each column: `zip` of so many rows would make an iterator of each.
    symbols, forms = [each[0] for each in seen], [each[1] for each in seen]
    marks = [each[2] for each in seen], [each[3] for each in seen]
    words = {each: rank for rank, each in enumerate(dict.fromkeys(filter(None, forms)))}
    numbers = [words[form] if form else sign_number(each) for form, each in zip(forms, distinct, strict=True)]
    word = np.array(numbers, np.int64)[token]
    code = np.array([_CODES.get(each, 0) for each in symbols], np.int64)[token]
    is_plural, is_own = (np.append(np.array(each, bool)[token], [False]) for each in marks)
    said = _said(symbols, token, firsts, (is_plural, is_own), compiled)
    return _parts(distinct, token, firsts, list(words), word, code, said, compiled, workshops)


def _said(symbols: Sequence[str], token: Ints, firsts: Ints, marks: tuple[Bools, Bools], compiled: Compiled) -> _Said:
    trie = compiled.trie
    known = trie.symbols
    number = np.array([known.get(each, 0) if each else -1 for each in symbols], np.int64)[token]
    awake = np.nonzero(trie.awake(np.maximum(number, 0), firsts))[0]
    # The meaningful words of texts that are awake; one without a symbol follows each text, and another one all.
    owner, place = spread(firsts[awake], firsts[awake + 1] + 1)
    is_last = place == firsts[awake + 1][owner]
    symbol = np.append(np.where(is_last, 0, np.append(number, 0)[place]), 0)
    kept = symbol >= 0
    symbol, origin = symbol[kept], np.append(place, len(token))[kept]
    text = np.append(awake[owner], len(firsts) - 1)[kept]
    found = scan(WordColumns(symbol, origin, text, *marks), trie)
    terms, cues = judged(found, compiled)
    texts = len(firsts) - 1
    verdicts = decide(terms, terms.text, texts, compiled.rules)
    has_terms = np.bincount(terms.text, minlength=texts) > 0
    silent = _judgement.silence(found, compiled, texts)
    verdicts = verdicts._replace(reason=np.where(has_terms, verdicts.reason, silent))
    return _Said(terms, origin, found.spans, verdicts, found.origin[found.found.of(Kind.CONTRAST).start], cues)


def _parts(  # noqa: PLR0913, PLR0917 - the columns of a batch
    tokens: list[str],
    token: Ints,
    firsts: Ints,
    words: list[str],
    word: Ints,
    code: Ints,
    said: _Said,
    compiled: Compiled,
    workshops: Sequence[str],
) -> TextColumns:
    texts = len(firsts) - 1
    text_of_token = np.repeat(np.arange(texts), np.diff(firsts))
    places = np.nonzero(word >= 0)[0]
    # The sign that separates most of those between a word and the one before it.
    between = np.maximum.reduceat(np.append(code, 0), places)[:-1] if len(places) else code[:0]
    before = np.concatenate([[_HARD], between])[: len(places)]
    own = text_of_token[places]
    is_break = np.isin(places, said.breaks)
    new = (before > 0) | is_break
    new[1:] |= own[1:] != own[:-1]
    before[is_break] = np.maximum(before[is_break], _SOFT)
    heads = np.nonzero(new)[0]
    start = places[heads]
    last = np.append(heads, len(places))[1:] - 1
    text = own[heads]
    parts = np.searchsorted(text, np.arange(texts + 1))
    after = np.append(code, 0)[places[last] + 1] if len(places) else places
    stance = np.full(len(start), len(STANCES))
    near, cues = np.array(said.cues, np.int64).reshape(-1, 2).T
    np.minimum.at(stance, np.searchsorted(start, near, "right") - 1, cues)
    stance[stance == len(STANCES)] = _WANTED
    terms, rules = said.terms, compiled.rules
    columns = np.array([workshops.index(each) if each in workshops else -1 for each in rules.workshops], np.int64)
    whole = named(said.verdicts, terms, terms.text, rules)
    of = np.searchsorted(start, terms.place, "right") - 1
    one = named(decide(terms, of, len(start), rules), terms, of, rules)
    has = {
        reason: np.bincount(of[terms.reason == reason], minlength=len(start)) > 0 for reason in range(-1, len(REASONED))
    }
    refused, there = REASONED.index(NEGATED), REASONED.index(HAS)
    stance[has[there]] = _HAS
    stance[has[refused]] = _REFUSED
    stance[has[ACCEPTED]] = _WANTED
    return TextColumns(
        tokens,
        token,
        firsts,
        words,
        word,
        terms,
        said.origin,
        said.spans,
        said.verdicts.reason,
        parts,
        start,
        places[last] + 1 if len(places) else places,
        text,
        before[heads] >= _HARD,
        after == _ASKS,
        stance,
        np.maximum(one.reason, 0),
        _scores(one, columns, len(workshops)),
        np.maximum(said.verdicts.reason, 0),
        _scores(whole, columns, len(workshops)),
    )


def _scores(verdicts: Verdicts, columns: Ints, workshops: int) -> Floats:
    scores = np.zeros((len(verdicts.workshop), workshops))
    column = np.append(columns, -1)[verdicts.workshop]
    rows = np.nonzero(column >= 0)[0]
    scores[rows, column[rows]] = verdicts.score[rows]
    return scores
