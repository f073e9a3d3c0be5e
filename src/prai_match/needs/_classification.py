"""Classification of needs: from a column of texts to frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np
import polars as pl

from prai_match import _arguments as given
from prai_match.needs import _shown
from prai_match.needs._judgement import EXCLUDED, HAS, NEGATED, NO_TERM, REASONED, WEAK
from prai_match.needs._lexicon import Lexicon
from prai_match.needs._readers import reader_of
from prai_match.needs._requests import numbered, request_of, text_column
from prai_match.needs._text import cut, fold, places
from prai_match.needs._texts import TextColumns, texts_of
from prai_match.needs._understanding import verdicts
from prai_match.text import messages

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from prai_match.needs._reader import ExampleReader
    from prai_match.needs._runs import Evidence
    from prai_match.needs._trie import Bools, Floats, Ints

EMPTY, NO_LEXICON, NOT_OFFERED, UNLIKE = "empty", "no_lexicon", "not_offered", "unlike"
# The reasons why `classify` recognises no workshop; `reason_sentence` explains each.
REASONS: tuple[str, ...] = (EMPTY, NO_TERM, EXCLUDED, NEGATED, HAS, WEAK, UNLIKE, NO_LEXICON, NOT_OFFERED)
WANTED, REFUSED, THERE, QUESTION = "wanted", "refused", "there_already", "question"
POLARITIES: Final = (WANTED, REFUSED, THERE, QUESTION)  # in the order of `STANCES`, then questions
_BATCH: Final = 16_000
_FIRST = frozenset({"abord", "priorite", "priorites", "prioritaire", "urgent", "urgence", "premier", "primo"})
_SCHEMA: Final = {
    **dict.fromkeys(("text", "start", "end"), pl.Int64),
    **dict.fromkeys(("workshop", "axis", "polarity"), pl.String),
    "rank": pl.Int64,
    "score": pl.Float64,
    **dict.fromkeys(("words", "reader", "reason"), pl.String),
}


class NamedNeed(NamedTuple):
    """What a part of a text names; places count its tokens."""

    start: int
    end: int
    workshop: str
    axis: str | None
    polarity: str
    score: float
    words: str
    reader: str

    @property
    def is_wanted(self) -> bool:
        return self.polarity in {WANTED, QUESTION}


@given.takes(texts=given.texts, lexicon=given.optional(given.a(Lexicon)))
def classify(texts: str | Iterable[str | None] | pl.Series, lexicon: Lexicon | None = None) -> pl.DataFrame:
    """Return which workshop each text asks for first, or why none was recognised; see `read_needs` for all of them.

    The answer for a text depends only on that text and the lexicon; only the first 2,000 words are read.

    Args:
        texts: Texts in French; None counts as empty. A single text is accepted too.
        lexicon: The lexicon; the bundled one by default.

    Returns:
        One row per text, in the order given: ``text``, ``workshop`` and ``axis`` (both null if no workshop is
        recognised; only the axis is null if the text names none), ``score`` (0 to 100: the probability that the
        workshop is the one asked for; 0 if none is recognised), ``terms`` (the words that decided, as typed; "…" stands
        for words between the parts of a combination) and ``reason`` (one of `REASONS` if no workshop is recognised,
        else null).

    Example:
        >>> needs = classify(["Dématérialisaton des actes", "Site déjà refait en 2005", "Réfection du toit"])
        >>> needs.select("workshop", "axis", "reason").rows()  # doctest: +NORMALIZE_WHITESPACE
        [('dematerialisation', 'actes', None), (None, None, 'already_has'), (None, None, 'no_term')]
    """
    column = text_column(list(texts))
    distinct, of = numbered(column.fill_null(""))
    batches = [_firsts(batch, lexicon or Lexicon.bundled()) for batch in _batches(distinct.to_list())]
    schema = {"workshop": pl.String, "axis": pl.String, "score": pl.Float64, "terms": pl.String, "reason": pl.String}
    found = pl.DataFrame([np.concatenate(each).tolist() for each in zip(*batches, strict=True)], schema, orient="col")
    terms = pl.when(pl.col("workshop").is_null()).then(pl.lit([], pl.List(pl.String)))
    told = found.with_columns(terms=terms.otherwise(pl.col("terms").str.split(_shown.BETWEEN)))
    return told[of].insert_column(0, column)


@given.takes(texts=given.texts, lexicon=given.optional(given.a(Lexicon)))
def read_needs(texts: str | Iterable[str | None] | pl.Series, lexicon: Lexicon | None = None) -> pl.DataFrame:
    """Return everything that texts name: what they ask for, what they refuse and what is there already.

    Args:
        texts: Texts in French; None counts as empty. A single text is accepted too.
        lexicon: The lexicon; the bundled one by default.

    Returns:
        At least one row per text: ``text`` (the place of the text, from 0), ``start`` and ``end`` (the characters of
        the part), ``workshop``, ``axis``, ``polarity`` (`POLARITIES`; a question is a need too), ``rank`` (of the
        needs of a text: those that it puts first, then in its order; null for what isn't wanted), ``score`` (0 to 100:
        the probability that the row is right), ``words`` (those that counted), ``reader`` ("lexicon", "examples" or
        "both": whose words) and ``reason`` (one of `REASONS` for a text that names nothing; then the rest is null).

    Example:
        >>> text = "Surtout pas de site internet : 1) un SIG, 2) payer la cantine en ligne."
        >>> read_needs(text).select("workshop", "polarity", "rank").rows()  # doctest: +NORMALIZE_WHITESPACE
        [('site_internet', 'refused', None), ('sig', 'wanted', 1), ('teleservices', 'wanted', 2)]
    """
    column = list(texts)
    rows: list[tuple[object, ...]] = []
    for place, (text, (needs, reason)) in enumerate(
        zip(column, readings(column, lexicon or Lexicon.bundled()), strict=True)
    ):
        spots = places(request_of(text or "")) if needs else []
        ranks = {need: rank for rank, need in enumerate(_ranked(text or "", needs, spots), 1)}
        for need in needs:
            span = spots[need.start][0], spots[need.end - 1][1]
            rows.append((place, *span, *need[2:5], ranks.get(need), *need[5:], None))
        if not needs:
            rows.append((place, *[None] * 9, reason))
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return frame.with_columns(pl.col("words").str.split(_shown.BETWEEN))


def _ranked(text: str, needs: Sequence[NamedNeed], spots: Sequence[tuple[int, int]]) -> list[NamedNeed]:
    """Return the needs of a text that are wanted: those that it puts first, then in its order."""

    def is_later(need: NamedNeed) -> bool:
        said = {fold(word) for word in cut(text[spots[need.start][0] : spots[need.end - 1][1]])}
        return _FIRST.isdisjoint(said)

    return sorted((need for need in needs if need.is_wanted), key=is_later)


def wanted(texts: Iterable[str | None], lexicon: Lexicon) -> list[list[tuple[str | None, str | None, float]]]:
    """Return the workshop, axis and score of each need of each text in its order; (None, None, 0) if it has none."""
    return [
        [(need.workshop, need.axis, need.score) for need in needs if need.is_wanted] or [(None, None, 0.0)]
        for needs, _ in readings(list(texts), lexicon)
    ]


def reason_sentence(reason: str, lang: Literal["fr", "en"] = "fr") -> str:
    given.known_among("reason", reason, REASONS)
    return str(messages("prai_match.needs", "display", lang)["reasons"][reason])


def readings(texts: Sequence[str | None], lexicon: Lexicon) -> list[tuple[list[NamedNeed], str | None]]:
    """Return what each text names, in its order, or why it names nothing; equal texts are read once."""
    distinct, of = numbered(text_column(texts).fill_null(""))
    whole = [each for batch in _batches(distinct.to_list()) for each in _needs(batch, lexicon)]
    return [whole[place] for place in of.tolist()]


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the texts some at a time (at least once), so that their columns take little memory."""
    return (texts[at : at + _BATCH] for at in range(0, len(texts) or 1, _BATCH))


def _needs(texts: Sequence[str], lexicon: Lexicon) -> list[tuple[list[NamedNeed], str | None]]:
    columns, found, named = _read(texts, lexicon, reader := reader_of(lexicon))
    offered = named[named.is_offered]
    workshop, axis, words, by = _told(columns, found, offered, lexicon, reader)
    first = columns.firsts[offered.text]
    polarity = np.array(POLARITIES, object)[np.where((offered.stance == 0) & offered.asks, -1, offered.stance)]
    places = (offered.low - first).tolist(), (offered.high - first).tolist()
    rows = zip(*places, workshop, axis, polarity, offered.score.tolist(), words, by, strict=True)
    needs: list[list[NamedNeed]] = [[] for _ in texts]
    for text, row in zip(offered.text.tolist(), rows, strict=True):
        needs[text].append(NamedNeed(*row))
    reasons = _reasons(columns, named, lexicon).tolist()
    return [(own, None if own else reason) for own, reason in zip(needs, reasons, strict=True)]


def _firsts(texts: Sequence[str], lexicon: Lexicon) -> tuple[NDArray[Any], ...]:
    """Return what each text asks for first, as columns of `classify`."""
    columns, found, named = _read(texts, lexicon, reader := reader_of(lexicon))
    rows = np.nonzero(named.is_offered & (named.stance == 0))[0]
    first = named[rows[np.diff(named.text[rows], prepend=-1) > 0]]
    workshop, axis, words = (np.full(len(texts), each, object) for each in (None, None, ""))
    score, reason = np.zeros(len(texts)), _reasons(columns, named, lexicon)
    workshop[first.text], axis[first.text], words[first.text], _ = _told(columns, found, first, lexicon, reader)
    score[first.text], reason[first.text] = first.score, None
    return workshop, axis, score, words, reason


@dataclass(frozen=True, slots=True)
class _Named:
    """What the runs of texts name, in their order, each workshop of a text once as wanted and once as not."""

    text: Ints
    low: Ints  # token
    high: Ints
    topic: Ints
    stance: Ints
    score: Floats
    asks: Bools
    is_theirs: Bools  # whether the examples alone name the topic
    is_offered: Bools

    def __getitem__(self, rows: Ints | Bools) -> _Named:
        return _Named(*(getattr(self, name)[rows] for name in self.__slots__))


def _read(texts: Sequence[str], lexicon: Lexicon, reader: ExampleReader) -> tuple[TextColumns, Evidence, _Named]:
    columns = texts_of(texts, lexicon.compiled, reader.classes[:-1])
    found, runs, stance, is_theirs = verdicts(columns, reader, alone=lexicon.is_alone)
    score = np.round(100 * runs.chance, 1)
    asks = np.maximum.reduceat(columns.is_question, runs.first) if len(runs.first) else runs.first > 0
    offered = np.array([each in lexicon.workshops for each in reader.classes])
    low, high = columns.start[runs.first], columns.end[runs.last]
    every = _Named(runs.text, low, high, runs.topic, stance, score, asks, is_theirs, offered[runs.topic])
    key = (runs.text * len(reader.classes) + runs.topic) * 2 + (stance == 0)
    is_first = np.isin(np.arange(len(key)), np.unique(key, return_index=True)[1])
    nothing = len(reader.classes) - 1
    return columns, found, every[is_first & (runs.topic != nothing) & bool(lexicon.workshops)]


def _reasons(texts: TextColumns, named: _Named, lexicon: Lexicon) -> NDArray[np.object_]:
    """Return why texts ask for nothing, for those that do."""
    reasons = np.array([*REASONED, UNLIKE], object)[texts.reason]
    if not lexicon.workshops:
        reasons[:] = NO_LEXICON
    reasons[np.diff(texts.firsts) == 0] = EMPTY
    reasons[named.text] = NOT_OFFERED
    for stance, reason in ((THERE, HAS), (REFUSED, NEGATED)):
        reasons[named.text[named.is_offered & (named.stance == POLARITIES.index(stance))]] = reason
    return reasons


def _told(
    texts: TextColumns, found: Evidence, named: _Named, lexicon: Lexicon, reader: ExampleReader
) -> tuple[NDArray[np.object_], ...]:
    """Return the workshop, axis, words and reader of needs."""
    rules = lexicon.compiled.rules
    places = np.array([rules.workshops.index(each) if each in rules.workshops else -1 for each in reader.classes])
    owner, row = _shown.chosen(texts, named.low, named.high, places[named.topic], rules)
    words, axes = _shown.words(texts, owner, row), _shown.axes(texts, owner, row, rules)
    workshop, axis, counted = np.array(reader.classes, object)[named.topic], *np.full((2, len(named.topic)), None)
    axes = {rank: each for rank, each in axes.items() if each in lexicon.workshops.get(workshop[rank], (each,))}
    is_silent = np.isin(np.arange(len(counted)), [*words], invert=True)
    for column, told in ((axis, axes), (counted, words)):
        column[list(told)] = [*told.values()]
    silent = named[is_silent]
    counted[is_silent] = _shown.counted(texts, found.topics, silent.topic, silent.low, silent.high)
    by = np.where(is_silent, "examples", np.where(named.is_theirs, "both", "lexicon"))
    return workshop, axis, counted, by.astype(object)
