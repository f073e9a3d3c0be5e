"""Classification of needs: from a column of texts to a frame."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import Literal

import polars as pl

from prai_match import _arguments as given
from prai_match.needs._judgement import EXCLUDED, HAS, NEGATED, NO_TERM, TIE, WEAK, judge
from prai_match.needs._lexicon import Lexicon
from prai_match.needs._phrases import Sighting, read
from prai_match.needs._text import cut
from prai_match.text import messages

EMPTY, NO_LEXICON, NOT_OFFERED = "empty", "no_lexicon", "not_offered"
_READ = 2000  # words and signs: four pages; later text isn't part of the request
# The reasons why `classify` recognises no workshop; `reason_sentence` explains each.
REASONS: tuple[str, ...] = (EMPTY, NO_TERM, EXCLUDED, NEGATED, HAS, WEAK, TIE, NO_LEXICON, NOT_OFFERED)
_COLUMNS = ("text", "workshop", "axis", "score", "terms", "reason")
_BETWEEN = "\x1f"  # occurs in no word; Polars takes far longer to build a column of lists
_Answer = tuple[str | None, str | None, float, str, str | None]


@given.takes(texts=given.texts, lexicon=given.optional(given.a(Lexicon)))
def classify(texts: str | Iterable[str | None] | pl.Series, lexicon: Lexicon | None = None) -> pl.DataFrame:
    """Return which workshop each text asks for, or why none was recognised.

    The answer for a text depends only on that text and the lexicon; only the first 2,000 words are read.

    Args:
        texts: Texts in French, one need each; None counts as empty. A single text is accepted too.
        lexicon: The lexicon; the bundled one by default.

    Returns:
        One row per text, in the order given: ``text``, ``workshop`` and ``axis`` (both null if no workshop is
        recognised; only the axis is null if the text names none), ``score`` (0 to 100: how strongly the text asks; 0 if
        no workshop is recognised), ``terms`` (the words that decided, as typed; "…" stands for words between the parts
        of a combination) and ``reason`` (one of `REASONS` if no workshop is recognised, else null).

    Example:
        >>> needs = classify(["Dématérialisaton des actes", "Site déjà refait en 2005", "Réfection du toit"])
        >>> needs.select("workshop", "axis", "reason").rows()  # doctest: +NORMALIZE_WHITESPACE
        [('dematerialisation', 'actes', None), (None, None, 'already_has'), (None, None, 'no_term')]
    """
    column = list(texts)
    columns = list(zip(*answers(column, lexicon or Lexicon.bundled()), strict=True)) or [(), (), (), (), ()]
    terms = pl.col("terms").str.split(_BETWEEN)
    schema = {name: pl.Float64 if name == "score" else pl.String for name in _COLUMNS}
    return pl.DataFrame([column, *columns], schema=schema).with_columns(
        pl.when(pl.col("workshop").is_null()).then(pl.lit([], pl.List(pl.String))).otherwise(terms).alias("terms")
    )


def answers(texts: Iterable[str | None], lexicon: Lexicon) -> list[_Answer]:
    """Return what each text asks for, as rows of `classify`; equal texts are read once."""
    return list(map(cache(partial(_answer, symbol=cache(lexicon.compiled.speller.read), lexicon=lexicon)), texts))


def reason_sentence(reason: str, lang: Literal["fr", "en"] = "fr") -> str:
    given.known_among("reason", reason, REASONS)
    return str(messages("prai_match.needs", "display", lang)["reasons"][reason])


def _abstain(reason: str | None) -> _Answer:
    return None, None, 0.0, "", reason


def _answer(text: str | None, symbol: Callable[[str], str], lexicon: Lexicon) -> _Answer:
    if not (tokens := cut(text or "")[:_READ]):
        return _abstain(EMPTY)
    if not lexicon.workshops:
        return _abstain(NO_LEXICON)
    symbols = list(map(symbol, tokens))
    if not lexicon.compiled.wakes(symbols):
        return _abstain(NO_TERM)
    clauses, origin = read(tokens, symbols, lexicon.compiled)
    verdict = judge(clauses, lexicon.compiled)
    if verdict.workshop is None:
        return _abstain(verdict.reason)
    if verdict.workshop not in lexicon.workshops:
        return _abstain(NOT_OFFERED)
    axis = verdict.axis if verdict.axis in lexicon.workshops[verdict.workshop] else None
    return verdict.workshop, axis, verdict.score, _words(verdict.terms, tokens, origin), None


def _words(terms: Sequence[Sighting], tokens: Sequence[str], origin: Sequence[int]) -> str:
    """Return the words that decided, without those inside a longer match."""
    stretches = {(term.start, term.end) for term in terms if len(term.spans) == 1}
    words: dict[str, None] = {}
    for term in terms:
        own = (term.start, term.end)
        longer = (start <= term.start and term.end <= end and (start, end) != own for start, end in stretches)
        if len(term.spans) > 1 or not any(longer):
            parts = (" ".join(tokens[origin[start] : origin[end - 1] + 1]) for start, end in term.spans)
            words[" … ".join(parts)] = None
    return _BETWEEN.join(words)
