"""The queue for the officer: needs that were read with doubt, or in which nothing was read, by the words they share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from heapq import heapify, heappop, heappush
from math import log
from typing import TYPE_CHECKING, Final

import polars as pl

from prai_match.errors import Lang
from prai_match.needs._classification import EMPTY, QUESTION, REFUSED, WANTED, read_needs, reason_sentence
from prai_match.needs._judgement import HAS, NEGATED
from prai_match.needs._suggestion import informative
from prai_match.needs._text import fold, stem
from prai_match.text import messages

if TYPE_CHECKING:
    from prai_match.needs._lexicon import Compiled, Lexicon

DOUBT: Final = 90.0  # score below which a reading is doubtful
_KEPT: Final = ("row", "collectivity", "date", "text")
_READ: Final = ("workshop", "axis", "score", "words", "reason")
_LEAST: Final = 2  # needs of a group


def review(needs: pl.DataFrame, lexicon: Lexicon, lang: Lang) -> pl.DataFrame:
    """Return the needs of a programme to look at; see `Programme.review`."""
    said = pl.col("workshop").is_not_null() & pl.col("score").is_null()
    none = pl.col("workshop").is_null() & pl.col("score").is_not_null()
    rows = (
        needs.with_row_index("row").cast({"row": pl.Int64}).filter(~(said | none), pl.col("text").str.contains(r"\S"))
    )
    read = _read(rows, lexicon)
    doubtful = read.filter(pl.col("workshop").is_null() | (pl.col("score") < DOUBT))
    queue = rows.select(_KEPT).join(doubtful, on="row", how="semi", maintain_order="left")
    groups = _groups(dict(queue.select("row", "text").iter_rows()), rows["text"], lexicon.compiled)
    counts = Counter(groups.values())
    columns = [(row, group, 1 if group is None else counts[group]) for row, group in groups.items()]
    grouped = pl.DataFrame(columns, {"row": pl.Int64, "group": pl.String, "count": pl.Int64}, orient="row")
    reasons = [_sentence(score, reason, lang) for score, reason in read.select("score", "reason").iter_rows()]
    return (
        queue.join(grouped, on="row", maintain_order="left")
        .join(read.with_columns(reason=pl.Series(reasons, dtype=pl.String)), on="row", maintain_order="left_right")
        .sort(-pl.col("count"), "group", "row", nulls_last=True, maintain_order=True)
        .select("group", "count", *_KEPT, *_READ)
    )


def _read(rows: pl.DataFrame, lexicon: Lexicon) -> pl.DataFrame:
    """Return what needs ask for, a row for each workshop, or why they ask for nothing; what was read before stays."""
    silent = rows.filter(pl.col("workshop").is_null())
    found = read_needs(silent["text"], lexicon)
    found = found.with_columns(row=silent["row"].gather(found["text"]))
    is_wanted = pl.col("polarity").is_in([WANTED, QUESTION])
    wanted = found.filter(is_wanted).select("row", *_READ)
    others = found.join(wanted, on="row", how="anti", maintain_order="left").group_by("row", maintain_order=True)
    refused = (pl.col("polarity") == REFUSED).any()
    reason = pl.coalesce(pl.col("reason").first(), pl.when(refused).then(pl.lit(NEGATED)).otherwise(pl.lit(HAS)))
    nothing = others.agg(reason=reason)
    before = rows.filter(pl.col("workshop").is_not_null()).select("row", "workshop", "axis", "score")
    return (
        pl.concat([wanted, nothing, before], how="diagonal")
        .filter(pl.col("reason").ne_missing(EMPTY))
        .sort("row", maintain_order=True)
    )


def _sentence(score: float | None, reason: str | None, lang: Lang) -> str | None:
    if reason is not None:
        return reason_sentence(reason, lang)
    if score is None or score >= DOUBT:
        return None
    return str(messages("prai_match.needs", "display", lang)["doubt"]).format(score=int(score))


def _groups(texts: Mapping[int, str], every: pl.Series, lexicon: Compiled) -> dict[int, str | None]:
    """Return the word of each text: those that most texts share, and few others of all texts, cover them one by one."""
    stems, forms = _stems(every, lexicon)
    spread = Counter(word for text in every for word in stems[text])
    left = {row: stems[text] for row, text in texts.items()}
    shared: dict[str, list[int]] = defaultdict(list)
    for row, words in left.items():
        for word in words:
            shared[word].append(row)
    count = {word: len(rows) for word, rows in shared.items()}
    groups: dict[int, str | None] = {}

    def use(word: str) -> float:
        return -count[word] * log((1 + len(every)) / spread[word])

    queue = [(use(word), word) for word in count]
    heapify(queue)
    while queue:
        value, word = heappop(queue)
        if count[word] >= _LEAST and value != use(word):
            heappush(queue, (use(word), word))  # it is shared by fewer than it was
        elif count[word] >= _LEAST:
            name = min(forms[word], key=lambda form, of=forms[word]: (-of[form], form))  # type: ignore[misc]
            for row in [row for row in shared[word] if row in left]:
                groups[row] = name
                for other in left.pop(row):
                    count[other] -= 1
    return groups | dict.fromkeys(left)


def _stems(texts: pl.Series, lexicon: Compiled) -> tuple[dict[str, list[str]], dict[str, Counter[str]]]:
    """Return the stems of the words of distinct texts, and how often each stem is written in each form."""
    stems: dict[str, list[str]] = {}
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts.unique(maintain_order=True):
        words = [(stem(fold(word)), word) for word in informative(text, lexicon) if word]
        stems[text] = list(dict.fromkeys(each for each, _ in words))
        for each, word in words:
            forms[each][word] += 1
    return stems, forms
