"""Names a few keystrokes away from what was typed, and those written longer ("Valence d'Agen") or cut short.

All names of about the same length, of the département where it is known, are compared: letters counted in the bits of
a number rule most of them out, all at once, before the distance itself is computed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from string import ascii_lowercase, digits

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz.distance import DamerauLevenshtein

from prai_match.register._names import common_nouns, compiled, tight, without_article
from prai_match.register._resolve._index import bearers, entities, in_order, names
from prai_match.register._resolve._matches import CUT, LONGER, NEAR, Probe
from prai_match.register._resolve._reading import Typed

_SHORT, _LONG = 4, 9
_MOST = 2
_RIVAL = 8.0  # how far behind stands a name too far to be taken, near enough to contest another
_SURE = 10  # a key of eight letters: shorter ones are near to too many others, where the département isn’t known
_LETTERS = {letter: 1 << at for at, letter in enumerate(ascii_lowercase + digits)}


def edits_allowed(length: int) -> int:
    """Edits allowed in a key of a length: none in the shortest, one in short ones, two in long ones."""
    return 0 if length < _SHORT else 1 if length < _LONG else _MOST


def _bits(key: str) -> int:
    """The letters and figures of a key as bits: one for each that is there, a second for a letter twice there.

    An edit changes two of them at most.
    """
    once = twice = 0
    for letter in key:
        bit = _LETTERS[letter]
        twice |= once & bit
        once |= bit
    return once | (twice % (1 << len(ascii_lowercase))) << len(_LETTERS)


class _Names:
    """The tight keys of all names, and again those of each département, by space and length, with their bits."""

    def __init__(self) -> None:
        rows = names().with_columns(row=pl.col("key").rle_id()).filter(pl.col("key").str.contains("^.="))
        unique = rows.unique("key", keep="first", maintain_order=True)
        bits = unique.select("key", "row", size=pl.col("key").str.len_bytes())
        bits = bits.with_columns(bits=np.fromiter(map(_bits, unique["key"].str.slice(2)), np.uint64, len(unique)))
        places = rows.join(entities().select("entity", at="places"), on="entity").explode("at").drop_nulls("at")
        frame = pl.concat([unique.select("key", at=pl.lit("")), places.select("key", "at").unique()])
        frame = frame.join(bits, on="key").with_columns(span=pl.col("at") + pl.col("key").str.slice(0, 1))
        frame = frame.sort("span", "size", "row")
        spans = frame.with_row_index("at_row").group_by("span").agg(pl.first("at_row"), end=pl.last("at_row") + 1)
        self.spans = {span: (first, end) for span, first, end in spans.iter_rows()}
        self.rows, self.sizes, self.bits = (frame[name].to_numpy() for name in ("row", "size", "bits"))

    def near(self, key: str, at: str | None, edits: int) -> list[tuple[str, int]]:
        """The keys of a space, in a département or anywhere, so many edits from a key at most, with their distance."""
        first, end = self.spans.get((at or "") + key[0], (0, 0))
        sizes = np.array([len(key) - edits, len(key) + edits + 1], self.sizes.dtype)
        low, high = first + np.searchsorted(self.sizes[first:end], sizes)
        apart = np.bitwise_count(self.bits[low:high] ^ np.uint64(_bits(key[2:])))
        figures = _figures(key)
        distances = (
            (other, DamerauLevenshtein.distance(key, other, score_cutoff=edits))
            for other in _keys_at(self.rows[low:high][apart <= 2 * edits])
        )
        return [(other, far) for other, far in distances if far <= edits and _figures(other) == figures]

    def beginning(self, key: str, at: str | None) -> Iterator[str]:
        """The keys of a département, or anywhere, that begin with one, in order."""
        first, end = self.spans.get((at or "") + key[0], (0, 0))
        rows, low, high = self.rows[first:end], *(bisect_left(in_order(), start) for start in (key, f"{key}~"))
        return _keys_at(np.sort(rows[(rows >= low) & (rows < high)]))


def _keys_at(rows: NDArray[np.uint32]) -> Iterator[str]:
    return map(in_order().__getitem__, rows.tolist())


_names = cache(_Names)


def _figures(key: str) -> list[str]:
    return compiled("[0-9]+").findall(key)


def near(keys: list[str], at: str | None) -> Iterator[Probe]:
    """Probes for the names near to tight keys; in a département those two edits from short keys too, as rivals."""
    allowed = {key: edits_allowed(len(key) - 2) for key in dict.fromkeys(keys)}
    pairs = [
        (asked, key, distance, distance > edits_allowed(min(len(asked), len(key)) - 2))
        for asked, edits in allowed.items()
        if edits
        for key, distance in _names().near(asked, at, _MOST if at else edits)
    ]

    # Another first letter is seldom a slip: it is believed only where no other name is about as near.
    def another_first(asked: str, key: str) -> bool:
        return asked != key and asked[3:] == key[3:]

    is_contested = any(too_far and not another_first(asked, key) for asked, key, _, too_far in pairs)
    for asked, key, distance, too_far in pairs:
        tier = NEAR + distance + 0.5 * key.startswith("b") + _RIVAL * too_far
        contested = is_contested and another_first(asked, key)
        yield Probe(key, "", tier, at, distance, too_far or contested or (at is None and len(key) < _SURE))


_LINK = r"^(?:de|d|du|des|en|le|la|les|l|sur|sous|pres|aux|au|et|es) "
OF = r"^(?:de|d|du|des) "
_JOINT = r"\bet\b"
_SHORTEST = 4
_MANY = 50


def longer_than_names(typed: Typed) -> Iterator[Probe]:
    """Probes for the longest name that a text begins with, and for one that joins it.

    A probe is ``weak``, and only proposed, without a département, where no link follows the name, where another
    place's joins it, and where it stands for a thing ("Port de").
    """
    at, tokens = typed.place, without_article(typed.rest).split(" ")
    heads = [" ".join(tokens[:size]) for size in range(len(tokens) - 1, 0, -1)]
    head = next((head for head in heads if len(head) >= _SHORTEST and _is_borne(f"p:{head}", at)), None)
    if head is None:
        return
    tail = " ".join(tokens)[len(head) + 1 :]
    other = f"p:{without_article(tail.removeprefix('et '))}"
    joined = _is_borne(other, at)
    article = joined and tail != without_article(tail) and any(each.words == tail for each in bearers(other))
    thing = head in common_nouns() and compiled(OF).search(tail) is not None
    whole = compiled(_LINK).search(tail) and not compiled(_JOINT).search(tail) and not typed.parted
    weak = at is None or not whole or thing or article
    yield Probe(f"p:{head}", typed.rest, LONGER, at, 0, weak)
    if weak and joined:  # of two names joined, the less likely
        yield Probe(other, tail, LONGER, at, 1, weak)


def _is_borne(key: str, at: str | None) -> bool:
    return any(at is None or at in each.places for each in bearers(key))


def cut_short(typed: Typed) -> Iterator[Probe]:
    """Probes for the names that begin with a text, so many communes at most."""
    body, at = tight(without_article(typed.rest)), typed.place
    if len(body) < _SHORTEST:
        return
    keys, count = _names().beginning(f"p={body}", at), 0
    while count < _MANY and (key := next(keys, None)):
        yield Probe(key, typed.rest, CUT, at)
        count += len({each.code for each in bearers(key) if at is None or at in each.places})
