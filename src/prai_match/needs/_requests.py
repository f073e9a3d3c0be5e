"""What texts request, cut into words and signs, in columns.

Greetings, signatures and quoted mails are blanked, so that positions stay. Texts are cut at their spaces, and each
distinct piece between these once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import compress
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from prai_match.needs._text import END, HIDDEN, cut, cut_all
from prai_match.needs._trie import Ints, spread

READ: Final = 2000  # words and signs: four pages; later text isn't part of the request
_HALF = re.compile("[\ud800-\udfff]")  # of a character, which can't be encoded
# What hides in a piece, and a dash or the mark of a list, which count between words, at either end of a text.
_ODD = rf"[^\S ]|[\x1c-\x1f{HIDDEN}{END}]|^[-–—*] |(?:^| )(?:[-–—*]|(?:\d{{1,2}}|[a-h])[.)°/]) *$"
_POLITE = (
    r"(?:madame|monsieur|mesdames|messieurs|mme|mlle|mm?\.?|ch[eè]re?s?|bonjour|bonsoir|salut|allô|collègues?|"
    r"ami[es]*|à tous|à toutes|et|le|la|les|l['’]équipe|maire|maires|président[es]*|directeur|directrice|"
    r"élus?|chargée?)"
)
_GREETING: Final = re.compile(
    rf"\A\s*(?i:bonjour|bonsoir|salut|allô|madame|monsieur|mesdames|messieurs|ch[eè]re?s?|mme|m\.)"
    rf"(?:[\s,]+(?i:{_POLITE})(?![\w'’-])|(?:[^\S\n]|,)+[A-ZÀ-Ý][a-zà-ÿ]+(?:-[A-ZÀ-Ý][a-zà-ÿ]+)*)*"
    r"\s*(?:[,!.\n]|\Z)",
)
_QUOTED: Final = re.compile(r"(?m)^[ \t]*>.*$")
_FORWARDED: Final = re.compile(
    r"(?ims)^[ \t]*(?:-{2,}\s*(?:message|original|forwarded)|_{8,}|le [^\n]{4,80}a écrit\s*:|"
    r"de\s*:[^\n]*\n[ \t]*(?:envoyé|date|à)\s*:).*\Z"
)
_SIGNATURE: Final = re.compile(
    r"(?is)(?:(?<=[.!?,;\n])|\A)[^\S\n]*(?:(?:bien |très |tr[eè]s )?(?:cordialement|cdlt|cdt|sincèrement|"
    r"respectueusement|"
    r"amicalement)\b|bien à vous|(?:sincères |meilleures |cordiales )?salutations|(?:veuillez|"
    r"je vous prie|nous vous prions|"
    r"recevez|agréez)[^.\n]{0,60}(?:agréer|recevoir|croire|salutations|sentiments)|--[ \t]*\n)"
    r".*?(?=\n[^\S\n]*p\.?\s?s\.?\s*:|\Z)"
)
_CLOSING: Final = re.compile(
    r"(?i)(?:(?<=[.!?,;\n])|\A)[^\S\n]*(?:merci (?:d['’]avance|beaucoup|de votre|pour votre|par avance)|"
    r"en vous remerciant|"
    r"dans l['’]attente d|merci(?=\s*(?:[.!,;\n]|\Z))|avec mes remerciements|"
    r"bonne (?:journée|réception|continuation))[^.!?\n]*"
)
_SIGNED: Final = re.compile(
    r"(?i)(?<=\n)[ \t]*(?:pour )?(?:le |la |l['’])?(?:maire|président|présidente|secrétaire|adjointe?|dgs|"
    r"directeur|directrice)\b"
    r"[^\n:?]{0,80}\s*+\Z"
)
_TRIGGER: Final = re.compile(
    r"(?i)\A\s*(?:bon[js]|salut|all|mada|mons|mesd|mess|ch[eè]r|mme|m\.)|[>_\n]|cordial|cdl?t|sinc|respect|amical|"
    r"bien à|salutations|agré|recev|merci|remerc|attente|bonne|--"
)
# In lower case, every text in which the trigger is has one of these, a line break, or begins with a greeting.
_HINTS: Final = (
    *(">", "_", "cordial", "cdlt", "cdt", "sinc", "respect", "amical", "bien à", "salutations", "agré", "recev"),
    *("merci", "remerc", "attente", "bonne", "--", "ı", "ſ", "\u0307"),
)
_GREETED: Final = "^ *(?:bon[js]|salut|all|mada|mons|mesd|mess|ch[eè]r|mme|m\\.)"
_ENDING: Final = re.compile(
    r"(?i)(?<=\s)(?:(?:bien |très )?(?:cordialement|cdlt|cdt|sincèrement|respectueusement|amicalement)"
    r"|merci (?:d['’]|par )avance)[\s.!]*+\Z"
)
_INLINE: Final = re.compile(r"[^\n]")
_ALL = (_FORWARDED, _QUOTED, _SIGNATURE, _CLOSING, _ENDING, _SIGNED, _GREETING)


class TokenColumns(NamedTuple):
    """The words and signs of texts: the distinct ones, the number of each, and where those of each text begin."""

    tokens: list[str]
    token: Ints
    firsts: Ints  # and the number of all


def text_column(texts: Sequence[str | None]) -> pl.Series:
    """Return texts as a column, with U+FFFD for halves of characters."""
    try:
        return pl.Series("text", texts, pl.String)
    except UnicodeEncodeError:
        return pl.Series("text", [text and _HALF.sub("\ufffd", text) for text in texts], pl.String)


def request_of(text: str) -> str:
    """Return a text in which what isn't the request is blank; a text that is nothing else stays as it is."""
    if not _TRIGGER.search(text):
        return text
    kept = text
    for pattern in _ALL:
        kept = pattern.sub(lambda found: _INLINE.sub(" ", found[0]), kept)
    return kept if kept.strip() else text


def token_columns(texts: Sequence[str]) -> TokenColumns:
    """Cut what texts request into words and signs, as `cut` does; those after the first `READ` are left out.

    Each distinct piece between spaces is cut once, as if it stood between words. Texts in which that isn't enough, or
    which may have more than a request, are cut before.
    """
    column = text_column(texts)
    low = column.str.to_lowercase()
    odd = (low.str.contains_any([*_HINTS]) | low.str.contains(_GREETED) | column.str.contains(_ODD)).arg_true()
    split = column.scatter(odd, [" ".join(cut(request_of(texts[each]))) for each in odd.to_list()]).str.split(" ")
    distinct, piece = numbered(split.explode())
    pieces = distinct.to_list()
    is_word = np.fromiter(map(str.isalnum, pieces), bool, len(pieces))
    words, signed = ([*compress(pieces, each)] for each in (is_word, ~is_word))
    distinct, token = numbered(pl.Series([*words, *cut_all(f"X {each} X" for each in signed), END], dtype=pl.String))
    end = len(words) + np.nonzero(token[len(words) : -1] == token[-1])[0]
    start, stop = np.zeros((2, len(pieces)), np.int64)
    start[is_word], stop[is_word] = np.arange(len(words)), np.arange(len(words)) + 1
    start[~is_word], stop[~is_word] = np.append(len(words), end + 1)[:-1] + 1, end - 1
    of, place = spread(start[piece], stop[piece])
    sizes = np.bincount(np.repeat(np.arange(len(texts)), split.list.len().to_numpy())[of], minlength=len(texts))
    is_read = np.arange(len(of)) - np.repeat(np.cumsum(sizes) - sizes, sizes) < READ
    return TokenColumns(distinct.to_list(), token[place[is_read]], np.append(0, np.cumsum(np.minimum(sizes, READ))))


def numbered(values: pl.Series) -> tuple[pl.Series, Ints]:
    """Return the distinct values, in their order, and the rank among them of each value."""
    rows = values.to_frame("value").with_row_index()
    first = rows.select(pl.first("index").over("value")).to_series().to_numpy()
    is_first = first == np.arange(len(values))
    return values.filter(pl.Series(is_first)), (np.cumsum(is_first) - 1)[first]
