"""What a text that bears no exact name could stand for: names near to it, longer, shorter; what keeps one from it."""

from __future__ import annotations

from functools import cache

from prai_match.register._names import (
    common_nouns,
    compiled,
    core,
    distinctive,
    generic,
    linking,
    replaced,
    tight,
    without_article,
)
from prai_match.register._resolve._index import EPCI, borne, entities
from prai_match.register._resolve._matches import CUT, LONGER, NEAR, WITHIN, Hit, hits_of
from prai_match.register._resolve._near_names import OF, cut_short, edits_allowed, longer_than_names, near
from prai_match.register._resolve._reading import Typed

_PARTED_NAME = r" - |\("  # official names that hold a separator
_CUTS = 10  # letters from which a text may be one cut at a fixed width


def loose_hits(typed: Typed, wanted: str | None) -> list[Hit]:
    """Every entity that the text could stand for with typing errors, words left out or added."""
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
        ("e=", core(typed.rest), reading in EPCI),
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
    """Whether a near name may be another than the one that was meant."""
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
    apart = {*typed.words.split(" ")} - {*hit.bearer.words.split(" ")} - linking()
    return bool(apart) and apart <= _vocabulary() and _sound(typed.words) != _sound(hit.bearer.words)


def _has_a_whole_word(hit: Hit, typed: Typed) -> bool:
    """Whether the edits are a whole word that is no link, more or less; a text may be one cut short."""
    common, tokens, names_own = _LINKS | generic(), typed.rest.split(" "), hit.bearer.words.split(" ")
    others = [word for word in names_own if word not in generic()]
    more, less = {*tokens} - {*names_own}, {*names_own} - {*typed.words.split(" ")} - generic()
    if not more or not less:
        return bool((more | less) - common)
    # An elided article may lose its letter, or be mistyped.
    full, other_full = (sum(word not in _ELIDED for word in each) for each in (tokens, others))
    return len(tokens) != len(others) and full != other_full and hit.probe.distance > 1


def _is_another_place(hit: Hit, typed: Typed) -> bool:
    """Whether the text, without "CC", "grand", "pays"…, is a place's name or too short for so many edits."""
    loose, distance, epci = without_article(typed.rest), hit.probe.distance, hit.space in "eb"
    part = tight(without_article(distinctive(loose)))
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
    return anywhere and _is_place_without(loose, rf"^(?:{'|'.join(sorted(common_nouns()))}) (?:de|d|du|des) ")


def _is_place_without(name: str, ends: str) -> bool:
    shorter = replaced(name, ends, "")
    return shorter != name and tight(without_article(shorter)) in _bodies()


def _lacks_its_article(hit: Hit) -> bool:
    """Whether a text lacks the article of the name it begins with, and "de" follows: "Port de l'Ariège"."""
    name, said = without_article(hit.bearer.words), hit.probe.said
    if name == hit.bearer.words or said != without_article(said) or not said.startswith(f"{name} "):
        return False
    return compiled(OF).search(said[len(name) + 1 :]) is not None


_HEARD = {"ph": "f", "y": "i", "z": "s", "h": "", "ck": "k", "qu": "k"}
_SOUNDS = compiled("|".join(_HEARD))


def _sound(name: str) -> str:
    """Words without what is written and not heard: doubled letters, mute endings, h; y as i, z as s, ph as f."""
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
