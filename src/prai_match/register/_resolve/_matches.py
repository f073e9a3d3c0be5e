"""Matches between the words of a text and names, in several forms of comparison."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from prai_match.register._data import table
from prai_match.register._names import compiled, core, plain_letters, tight, without_article, words
from prai_match.register._resolve._index import EPCI, Bearer, bearers, borne
from prai_match.register._resolve._reading import Typed

_PLACE = ("commune", "service")
_ARRONDISSEMENT = r"^(paris|lyon|marseille) (\d+)(?:er|ere|e|eme|ieme|nd|nde)?(?: arr[a-z]*)?$"
# How near a way of finding is to the official name: the lowest tier that finds something decides.
OFFICIAL, BARE, TIGHT, BESIDE = 0.0, 2.0, 3.0, 4.0
_OTHER = 2.5  # a form in use gives way to every official name
# Tiers of what is not an exact name: the lowest that finds something decides, unless another name contests it.
NEAR, CUT, LONGER = 10.0, 20.0, 30.0
# A text that stops within a word of the name stands further behind.
WITHIN = 5.0


@cache
def _departement_codes() -> dict[str, str]:
    rows = table().filter(kind="departement").select("name", "code").rows()
    return {words(plain_letters(name)): code for name, code in rows}


def beside(name: str) -> tuple[str, str] | tuple[None, None]:
    """Return the name before the département at the end of words, and the code of that département."""
    tokens = name.split(" ")
    for at in range(len(tokens) - 1, 0, -1):
        if code := _departement_codes().get(" ".join(tokens[at:])):
            return " ".join(tokens[:at]), code
    return None, None


Way = tuple[str, str, float, str | None]  # what a probe begins with


class Probe(NamedTuple):
    """A key to look up, for words of the text (``said``), in a département (``at``) or anywhere.

    ``weak``: its hits may be proposed and may contest others, but aren't accepted.
    """

    key: str
    said: str
    tier: float
    at: str | None
    distance: int = 0
    weak: bool = False


@dataclass(slots=True)
class Hit:
    """An entity with the key of a probe, and its answer.

    ``placed``: it is where the text or its row says. ``fits``: it has the kind that the words around the name say.
    ``out`` and ``out_kind``: the code of the answer; that of the present commune unless its own kind is wanted.
    ``strict``: the words are identical, article included.
    """

    probe: Probe
    bearer: Bearer
    tier: float
    placed: bool
    fits: bool
    strict: bool
    at_home: bool
    weak: bool
    out: str
    out_kind: str

    @property
    def space(self) -> str:
        return self.probe.key[0]

    @property
    def answer(self) -> tuple[str, str]:
        return self.out, self.out_kind

    @property
    def rank(self) -> tuple[bool, bool, float, int, bool, bool, str, str, bool]:
        """Sort key: the most likely first; for two ways to the same answer, the less certain one."""
        first = not self.placed, not self.fits, self.tier, self.probe.distance
        return (*first, not self.strict, self.bearer.form != "official", *self.answer, not self.weak)


def exact_hits(typed: Typed, wanted: str | None) -> list[Hit]:
    """Return all entities whose name is in the text."""
    keys = borne()
    hits = [hit for way in _probes(typed) if way[0] in keys for hit in hits_of(Probe(*way), typed, wanted)]
    # A bare name means a commune first, but the name that a commune bore gives way to a département's.
    if any(hit.space in "dr" and hit.bearer.form == "official" and hit.placed for hit in hits):
        return [hit for hit in hits if hit.space != "p" or hit.bearer.form == "official"]
    return hits


def _probes(typed: Typed) -> list[Way]:
    """Return the probes for the names of communes first, then those for what is wider."""
    w, whole, reading, place = typed.words, typed.whole, typed.reading, typed.place
    name = without_article(w)
    ways: list[Way] = [(f"p:{name}", w, OFFICIAL, place)]
    if reading in _PLACE:
        loose = without_article(typed.rest)
        ways += [(f"p:{loose}", typed.rest, OFFICIAL, place), (f"p={tight(loose)}", typed.rest, TIGHT, place)]
    if whole != w:
        ways.append((f"p:{without_article(whole)}", whole, OFFICIAL, typed.given))
    if reading is None:
        ways += _bare_probes(typed, name, place)
    if reading is None or reading in _PLACE:
        # What a name without an article is found to be letter by letter, it was already by its words.
        known = borne().get(f"p:{name}") if w == name else None
        keys = (f"p={tight(form)}" for form in dict.fromkeys((w, name)))
        ways += [(key, w, TIGHT, place) for key in keys if borne().get(key) != known]
    elif reading == "pays" or reading in EPCI:
        ways += _epci_probes(typed)
    else:
        ways += _wide_probes(typed)
    return ways


def _bare_probes(typed: Typed, name: str, place: str | None) -> list[Way]:
    """Return the probes for a name without words around it."""
    w, rest, numbered = typed.words, typed.rest, f"{typed.rest} {typed.number}"
    town, loose = compiled(_ARRONDISSEMENT).search(typed.whole), name if rest == w else without_article(rest)
    before, lies = beside(w)
    return [
        *([(f"a:{town[1]} {town[2]}", typed.whole, OFFICIAL, typed.given)] if town else []),
        (f"d:{loose}", rest, BARE, place),
        (f"r:{loose}", rest, BARE, place),
        *([(f"b:{without_article(numbered)}", numbered, BARE, typed.given)] if typed.number else []),
        (f"b:{name}", w, BARE, place),
        (f"b={tight(name)}", w, TIGHT, place),
        *(
            (f"p:{without_article(before)}", before, BESIDE, at)
            for at in dict.fromkeys((lies, place or lies))
            if before and lies
        ),
    ]


def _epci_probes(typed: Typed) -> list[Way]:
    w, rest, place = typed.words, typed.rest, typed.place
    if typed.reading == "pays":
        return [(f"r:{without_article(w)}", w, BARE, place), (f"e:{core(w)}", w, BARE, place)]
    return [
        (f"e:{core(rest)}", w, BARE, place),
        *([(f"e:{core(f'{rest} {typed.number}')}", f"{w} {typed.number}", BARE, typed.given)] if typed.number else []),
        (f"e={tight(core(rest))}", rest, TIGHT, place),
    ]


def _wide_probes(typed: Typed) -> list[Way]:
    """Return the probes for départements and régions that words announce as such."""
    rest, place, loose = typed.rest, typed.place, without_article(typed.rest)
    if typed.reading == "region":
        return [(f"r:{loose}", rest, BARE, place), (f"r={tight(loose)}", rest, TIGHT, place)]
    if typed.reading != "departement":
        return []
    number = rest.rjust(2, "0") if compiled(r"^\d").search(rest) else "" if rest else (place or "").lower()
    by_name: list[Way] = [(f"d:{loose}", rest, BARE, place), (f"d={tight(loose)}", rest, TIGHT, place)]
    return [*by_name, (f"n:{number}", rest, BARE, place)]


def hits_of(probe: Probe, typed: Typed, wanted: str | None) -> Iterator[Hit]:
    """The entities that bear the key of a probe, of the kind that is wanted."""
    said, at = probe.said, probe.at
    for each in bearers(probe.key):
        own = each.own_kind == (wanted or "arrondissement_municipal")
        out, out_kind = (each.own, each.own_kind) if own else (each.code, each.kind)
        posted = typed.postal in (each.postal_codes or ())
        placed = at is None or at in each.places or posted
        if (wanted and wanted != out_kind) or (not placed and probe.key[0] in "be"):
            continue
        strict = said == each.words
        # A short form in use in one place may be that of others elsewhere.
        short = each.form == "other" and len(each.words) < len(each.own_name)
        yield Hit(
            probe,
            each,
            probe.tier + (_behind(each, said, at, strict=strict) if probe.tier == OFFICIAL else 0.0)
            + 0.45 * (each.form == "dissolved"),
            placed,
            probe.key[0] != "e" or _is_of_kind(typed.reading, each.epci_kind),
            strict,
            posted and typed.given in each.places,
            probe.weak or (probe.tier < NEAR and short and at is None),
            out,
            out_kind,
        )  # fmt: skip


def _is_of_kind(reading: str | None, kind: str | None) -> bool:
    group = "METRO" if kind == "MET69" else kind
    return reading not in EPCI or reading in {"EPCI", group} or (reading == "METRO" and group == "CU")


def _behind(bearer: Bearer, said: str, at: str | None, *, strict: bool) -> float:
    """How far a hit of an official form stands behind others found by the same form of the name."""
    return (
        1.0 * (not strict and said != without_article(said))
        + 0.25 * (at is not None and bearer.form in {"former", "renamed"})
        + _OTHER * (bearer.form == "other")
    )
