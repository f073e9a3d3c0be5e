"""Inexact matches of a text: similar, longer or shorter names, and the reasons against them.

All names of about the same length, in the département if known, are compared: letters encoded as bits of a number rule
most of them out at once, before the distance is computed.
"""

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from string import ascii_lowercase, digits

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz.distance import DamerauLevenshtein

from prai_match.register import _names
from prai_match.register._names import compiled, listed, replaced, tight, without_article
from prai_match.register._resolve._index import EPCI, bearers, borne, entities, names
from prai_match.register._resolve._matches import CUT, LONGER, NEAR, WITHIN, Hit, Probe, hits_of
from prai_match.register._resolve._reading import Typed

_SHORT, _LONG = 4, 9
_MOST = 2
_RIVAL = 8.0  # how far behind stands a name too far to be taken, near enough to contest another
_SURE = 10  # a key of eight letters: shorter ones are near to too many others, where the département isn’t known
_LETTERS = {letter: 1 << at for at, letter in enumerate(ascii_lowercase + digits)}


def edits_allowed(length: int) -> int:
    """Return the number of edits allowed for a key: none in the shortest, one in short ones, two in long ones."""
    return 0 if length < _SHORT else 1 if length < _LONG else _MOST


def _bits(key: str) -> int:
    """Return the letters and digits of a key as bits, repeated letters as two; an edit changes two bits at most."""
    once = twice = 0
    for letter in key:
        bit = _LETTERS[letter]
        twice |= once & bit
        once |= bit
    return once | (twice % (1 << len(ascii_lowercase))) << len(_LETTERS)


class _Names:
    """The tight keys of all names, and again those of each département, by space and length, with their bits."""

    def __init__(self) -> None:
        self.keys = list(borne())  # in order
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
            for other in self._at(self.rows[low:high][apart <= 2 * edits])
        )
        return [(other, far) for other, far in distances if far <= edits and _figures(other) == figures]

    def beginning(self, key: str, at: str | None) -> Iterator[str]:
        """The keys of a département, or anywhere, that begin with one, in order."""
        first, end = self.spans.get((at or "") + key[0], (0, 0))
        rows, low, high = self.rows[first:end], *(bisect_left(self.keys, start) for start in (key, f"{key}~"))
        return self._at(np.sort(rows[(rows >= low) & (rows < high)]))

    def _at(self, rows: NDArray[np.uint32]) -> Iterator[str]:
        return map(self.keys.__getitem__, rows.tolist())


_every_name = cache(_Names)


def _figures(key: str) -> list[str]:
    return compiled("[0-9]+").findall(key)


def near(keys: list[str], at: str | None) -> Iterator[Probe]:
    """Probes for the names near to tight keys; in a département those two edits from short keys too, as rivals."""
    allowed = {key: edits_allowed(len(key) - 2) for key in dict.fromkeys(keys)}
    pairs = [
        (asked, key, distance, distance > edits_allowed(min(len(asked), len(key)) - 2))
        for asked, edits in allowed.items()
        if edits
        for key, distance in _every_name().near(asked, at, _MOST if at else edits)
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
_OF = r"^(?:de|d|du|des) "
_JOINT = r"\bet\b"
_SHORTEST = 4
_MANY = 50


def longer_than_names(typed: Typed) -> Iterator[Probe]:
    """Probes for the longest name that a text begins with, and for one that joins it.

    A probe is ``weak``, so only proposed, without a département, if no link follows the name, if it joins another
    place's name, or if it stands for a thing ("Port de").
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
    thing = head in listed("places", "nouns") and compiled(_OF).search(tail) is not None
    whole = compiled(_LINK).search(tail) and not compiled(_JOINT).search(tail) and not typed.parted
    weak = at is None or not whole or thing or article
    yield Probe(f"p:{head}", typed.rest, LONGER, at, 0, weak)
    if weak and joined:  # of two names joined, the less likely
        yield Probe(other, tail, LONGER, at, 1, weak)


def _is_borne(key: str, at: str | None) -> bool:
    return any(at is None or at in each.places for each in bearers(key))


def cut_short(typed: Typed) -> Iterator[Probe]:
    """Probes for the names that begin with a text, for a limited number of communes."""
    body, at = tight(without_article(typed.rest)), typed.place
    if len(body) < _SHORTEST:
        return
    keys, count = _every_name().beginning(f"p={body}", at), 0
    while count < _MANY and (key := next(keys, None)):
        yield Probe(key, typed.rest, CUT, at)
        count += len({each.code for each in bearers(key) if at is None or at in each.places})


_PARTED_NAME = r" - |\("  # official names that hold a separator
_CUTS = 10  # letters from which a text may be one cut at a fixed width


def loose_hits(typed: Typed, wanted: str | None) -> list[Hit]:
    """Return the entities that the text could stand for, allowing typos and words left out or added."""
    probes = list(near(_near_keys(typed), typed.place))
    if typed.reading in {None, "commune", "service"}:
        probes += [*cut_short(typed), *longer_than_names(typed)]
    hits = [
        hit
        for probe in probes
        for hit in hits_of(probe, typed, wanted)
        # What follows a name may qualify a whole one, not a short form of another.
        if (hit.tier != LONGER or hit.bearer.form in {"official", "former"}) and _is_cut_enough(hit, typed)
    ]
    begun = {hit.out for hit in hits if CUT <= hit.tier <= CUT + WITHIN and not hit.weak and not _is_two(hit, typed)}
    for hit in hits:
        doubtful = NEAR <= hit.tier < CUT and hit.out not in begun and _is_doubtful(hit, typed)
        hit.weak = hit.weak or doubtful or (hit.tier == LONGER and _lacks_its_article(hit)) or _is_two(hit, typed)
    return hits


def _is_two(hit: Hit, typed: Typed) -> bool:
    """Whether a separator stands in the text and not in the name."""
    return typed.parted and not compiled(_PARTED_NAME).search(hit.bearer.typed)


def _is_cut_enough(hit: Hit, typed: Typed) -> bool:
    """Judge a name that the text begins by whether it stops between two words, and by its length."""
    if hit.tier != CUT:
        return True
    text = without_article(hit.probe.said)
    between, length = without_article(hit.bearer.words).startswith(f"{text} "), len(tight(text))
    enough = (5 if between else 8) if typed.place else _CUTS
    hit.tier, hit.weak = CUT if between else CUT + WITHIN, length < enough
    return between or not hit.weak or length >= _CUTS


def _near_keys(typed: Typed) -> list[str]:
    reading, loose = typed.reading, without_article(typed.rest)
    of_place = reading in {None, "commune", "service"}
    ways = [
        ("p=", without_article(typed.words), of_place or reading == "pays"),
        ("p=", loose, of_place),
        ("e=", _names.core(typed.rest), reading in EPCI),
        ("b=", loose, reading is None),
        ("d=", loose, reading == "departement"),
        ("r=", loose, reading == "region"),
    ]
    return [space + tight(name) for space, name, when in ways if when]


_WORD = 5
_TELLING = 8  # letters of the distinctive part of an intercommunality's name from which one edit is a slip anywhere
_LINKS = frozenset(["le", "la", "les", "l", "de", "d", "du", "des", "et", "en", "sur", "sous", "es", "au", "aux"])
_ELIDED = frozenset("ld")
_INITIALS = (r"^[a-z]{1,3} ", r" [a-z]{1,3}$")  # of a club, a school


def _is_doubtful(hit: Hit, typed: Typed) -> bool:
    """Return whether a similar name may not be the one that was meant."""
    starts = tight(hit.bearer.words).startswith(tight(typed.words))
    return (
        (not starts and (_has_other_words(hit, typed) or _has_a_whole_word(hit, typed)))
        or _is_another_place(hit, typed)
        or _is_beside_a_place(hit, typed)
    )


def _has_other_words(hit: Hit, typed: Typed) -> bool:
    """Whether the words that the text has and the name hasn't are words of other names, and not spelt alike."""
    # One edit in a département is trusted.
    if typed.place and hit.probe.distance <= 1:
        return False
    apart = {*typed.words.split(" ")} - {*hit.bearer.words.split(" ")} - listed("linking", "words")
    return bool(apart) and apart <= _vocabulary() and _sound(typed.words) != _sound(hit.bearer.words)


def _has_a_whole_word(hit: Hit, typed: Typed) -> bool:
    """Whether the edits are a whole word that is no link, more or less; a text may be one cut short."""
    generic, tokens, names_own = listed("linking", "generic"), typed.rest.split(" "), hit.bearer.words.split(" ")
    others = [word for word in names_own if word not in generic]
    more, less = {*tokens} - {*names_own}, {*names_own} - {*typed.words.split(" ")} - generic
    if not more or not less:
        return bool((more | less) - _LINKS - generic)
    # An elided article may lose its letter, or be mistyped.
    full, other_full = (sum(word not in _ELIDED for word in each) for each in (tokens, others))
    return len(tokens) != len(others) and full != other_full and hit.probe.distance > 1


def _is_another_place(hit: Hit, typed: Typed) -> bool:
    """Whether the text, without "CC", "grand", "pays"…, is a place's name or too short for so many edits."""
    loose, distance, epci = without_article(typed.rest), hit.probe.distance, hit.space in "eb"
    part = tight(without_article(_names.distinctive(loose)))
    if not (epci or part != tight(loose) or typed.reading == "pays"):
        return False
    too_little = epci and typed.place is None and (distance > 1 or len(part) < _TELLING)
    return part in _bodies() or distance > edits_allowed(len(part)) or too_little


def _is_beside_a_place(hit: Hit, typed: Typed) -> bool:
    """Whether the text is a place's name and initials ("AS Verdun") or, anywhere, a thing of it ("Pont de")."""
    loose, anywhere = without_article(typed.rest), typed.place is None
    otherwise = typed.rest.count(" ") != hit.bearer.words.count(" ")
    if (anywhere or otherwise) and any(_is_place_without(loose, ends) for ends in _INITIALS):
        return True
    nouns = "|".join(sorted(listed("places", "nouns")))
    return anywhere and _is_place_without(loose, rf"^(?:{nouns}) (?:de|d|du|des) ")


def _is_place_without(name: str, ends: str) -> bool:
    shorter = replaced(name, ends, "")
    return shorter != name and tight(without_article(shorter)) in _bodies()


def _lacks_its_article(hit: Hit) -> bool:
    """Whether a text lacks the article of the name it begins with, and "de" follows: "Port de l'Ariège"."""
    name, said = without_article(hit.bearer.words), hit.probe.said
    if name == hit.bearer.words or said != without_article(said) or not said.startswith(f"{name} "):
        return False
    return compiled(_OF).search(said[len(name) + 1 :]) is not None


_HEARD = {"ph": "f", "y": "i", "z": "s", "h": "", "ck": "k", "qu": "k"}
_SOUNDS = compiled("|".join(_HEARD))


def _sound(name: str) -> str:
    """Return words as they sound: without doubled letters, mute endings and h; y as i, z as s, ph as f."""
    heard = _SOUNDS.sub(lambda found: _HEARD[found[0]], name)
    return tight(replaced(replaced(heard, r"([a-z])\1", "$1", every=True), r"[stdxe]+\b", "", every=True))


@cache
def _vocabulary() -> frozenset[str]:
    """The words of the names of places; the shortest prove nothing."""
    borne = entities().filter(kind="commune")["words"].str.split(" ").explode().unique()
    return frozenset(word for word in borne if len(word) >= _WORD)


@cache
def _bodies() -> frozenset[str]:
    return frozenset(key[2:] for key in borne() if key[1] == "=")
