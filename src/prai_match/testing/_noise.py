"""Official names as people type them: noise over the register, drawn or from a seed.

Each kind of noise is a function of a dice and an entry, which returns a text, or None if it can't change this name. A
text that happens to be the name of another place is drawn again: no reader could know.
"""

import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein

from prai_match import register
from prai_match.register import Entry

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LONG, _SHORT = 12, 5  # letters of names that are long enough for two typos, and for one
_ARTICLE = re.compile(r"^(?:(les?|la)[ -]|(l'))", re.IGNORECASE)
_SAINT = re.compile(r"\bSaint(es?|s)?\b-?")
_EPCI = {
    "CC": ("Communauté de communes", "COMMUNAUTE DE COMMUNES", "Com. Com.", "COM COM", "C.C.", "cc", "Comcom"),
    "CA": ("Communauté d'agglomération", "COMMUNAUTE D'AGGLOMERATION", "C.A.", "ca"),
    "CU": ("Communauté urbaine", "COMMUNAUTE URBAINE", "C.U.", "cu"),
}


@dataclass(frozen=True, slots=True)
class NoisyName:
    """A text, what it was made from, and how.

    Attributes:
        text: What was typed.
        department: The département given with it, as people write it; None if unknown.
        name: The name it was made from.
        code: The code to find; for a former commune, that of the present one.
        kind: The kind of noise.
        told: Whether the département is given with the text or inside it.

    Example:
        >>> from prai_match.testing import noisy_names
        >>> noisy = noisy_names(2, seed=1)[0]
        >>> noisy.text, noisy.name, noisy.kind
        ('Roches-Lès-Blamont', 'Roches-lès-Blamont', 'case')
    """

    text: str
    department: str | None
    name: str
    code: str
    kind: str
    told: bool


def unaccented(text: str) -> str:
    """The text without accents and ligatures.

    Example:
        >>> unaccented("Œuilly-l'Évêque")
        "OEuilly-l'Eveque"
    """
    letters = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFD", letters) if unicodedata.category(c) != "Mn")


def _accents(dice: random.Random, entry: Entry) -> str | None:
    plain = unaccented(entry.name)
    return dice.choice((plain, plain.upper())) if plain != entry.name else None


def _hyphens(dice: random.Random, entry: Entry) -> str | None:
    if not re.search(r"[-' ]", entry.name):
        return None
    return re.sub(r"[-' ]", lambda match: dice.choice((" ", "-", " - ", "’" if match[0] == "'" else " ")), entry.name)


def _saint(dice: random.Random, entry: Entry) -> str | None:
    text = _SAINT.sub(lambda match: "St" + (match[1] or "") + dice.choice(("-", " ", ". ")), entry.name)
    return dice.choice((text, text.upper())) if text != entry.name else None


def _article(dice: random.Random, entry: Entry) -> str | None:
    match = _ARTICLE.match(entry.name)
    rest = entry.name[match.end() :] if match else ""
    if match is None or len(rest) < 3:  # noqa: PLR2004 - too short to be told
        return None
    article = match[1] or match[2]
    return dice.choice((rest, f"{rest} ({article})", f"{rest.upper()} ({article.upper()})", f"{rest}, {article}"))


def _prefix(dice: random.Random, entry: Entry) -> str:
    name, lower = entry.name, entry.name.lower()
    usual = ("", "d'" if unaccented(lower)[0] in "aeiouy" else "de ")
    article, of = next((pair for pair in (("le ", "du "), ("les ", "des ")) if lower.startswith(pair[0])), usual)
    text = f"{dice.choice(('Mairie', 'Commune', 'Ville', 'CCAS'))} {of}{name[len(article) :]}"
    return dice.choice((text, text.upper()))


def one_edit(dice: random.Random, text: str) -> str:
    """One letter replaced, left out, added or changed places with the next."""
    at = dice.choice([at for at, letter in enumerate(text) if letter.isalpha()])
    letter, following = dice.choice(LETTERS), text[at + 1 : at + 2]
    edits = [text[:at] + letter + text[at + 1 :], text[:at] + text[at + 1 :], text[:at] + letter + text[at:]]
    if following.isalpha() and following != text[at]:
        edits.append(text[:at] + following + text[at] + text[at + 2 :])
    return dice.choice(edits)


def _letters(name: str) -> int:
    return sum(letter.isalpha() for letter in _ARTICLE.sub("", name))


def _cut(dice: random.Random, entry: Entry) -> str | None:
    length = dice.randint(16, 22)
    return entry.name[:length].upper() if len(entry.name) > length + 1 else None


def _spaces(dice: random.Random, entry: Entry) -> str:
    text = re.sub(r"[- ]", lambda match: dice.choice((match[0] + " ", " " + match[0])), entry.name)
    return dice.choice((f"  {text}", f"{text} ", f" {text}\t"))


def _inside(dice: random.Random, entry: Entry) -> str:
    name = register.get(code := entry.departement or "", kind="departement").name
    beside = (f"({code})", f"({name})", f", {name}", f"- {code}", code, f"({name.upper()})")
    return f"{dice.choice((entry.name, entry.name.upper()))} {dice.choice(beside)}"


def _postal(dice: random.Random, entry: Entry) -> str | None:
    if not entry.postal_codes:
        return None
    code = dice.choice(entry.postal_codes)
    return dice.choice((f"{code} {entry.name.upper()}", f"{entry.name} {code}", f"{entry.name} ({code})"))


def _epci(dice: random.Random, entry: Entry) -> str | None:
    kind, _, rest = entry.name.partition(" ")
    if kind not in _EPCI:
        return None
    text = f"{dice.choice(_EPCI[kind])} {rest}"
    return dice.choice((text, unaccented(text), text.replace("-", " ")))


NOISES: dict[str, Callable[[random.Random, Entry], str | None]] = {
    "case": lambda dice, entry: dice.choice((str.upper, str.lower, str.title))(entry.name),
    "accents": _accents,
    "hyphens": _hyphens,
    "saint": _saint,
    "article": _article,
    "prefix": _prefix,
    "typo": lambda dice, entry: one_edit(dice, entry.name) if _letters(entry.name) >= _SHORT else None,
    "two_typos": lambda dice, entry: (
        one_edit(dice, one_edit(dice, entry.name)) if _letters(entry.name) >= LONG else None
    ),
    "cut": _cut,
    "spaces": _spaces,
    "departement_inside": _inside,
    "postal_code": _postal,
    "epci": _epci,
    "former": lambda dice, entry: dice.choice((entry.name, entry.name.upper(), unaccented(entry.name).upper())),
}
"""Every kind of noise, by name."""

_OF_COMMUNES = tuple(kind for kind in NOISES if kind not in {"epci", "former"})
_TELLS = ("departement_inside", "postal_code")


@cache
def _pool(kind: str) -> tuple[Entry, ...]:
    if kind == "epci":
        return register.epcis()
    if kind == "former":
        codes = register.frame("former_commune").drop_nulls("name")["code"]
        return tuple(register.get(code, kind="former_commune") for code in codes)
    return register.communes()


def noisy_names(size: int, seed: int, kinds: tuple[str, ...] = tuple(NOISES)) -> list[NoisyName]:
    """Return texts with each kind of noise in turn, every second one of each with its département.

    Args:
        size: Number of texts.
        seed: Seed of the dice: the same seed gives the same texts.
        kinds: The kinds of noise.

    Example:
        >>> noisy_names(3, seed=1) == noisy_names(3, seed=1), len({noisy.kind for noisy in noisy_names(3, seed=1)})
        (True, 3)
    """
    dice = random.Random(seed)  # noqa: S311 (made data need no secret dice)
    names: list[NoisyName] = []
    while len(names) < size:
        kind, beside = kinds[len(names) % len(kinds)], len(names) // len(kinds) % 2 == 0
        names += filter(None, [_noisy(dice, dice.choice(_pool(kind)), kind, beside=beside)])
    return names


def _noisy(dice: random.Random, entry: Entry, kind: str, *, beside: bool) -> NoisyName | None:
    """Return the name of an entry with a kind of noise; None where it has none to change, or is that of another."""
    text = NOISES[kind](dice, entry)
    if text is None or _is_another(text, entry, kind, beside=beside):
        return None
    departement = _departement(dice, entry) if beside and kind not in _TELLS else None
    return NoisyName(text, departement, entry.name, _present(entry), kind, told=beside or kind in _TELLS)


@st.composite
def commune_names(draw: st.DrawFn, kinds: Sequence[str] | None = None) -> NoisyName:
    """Names of communes as people type them, with the true code; half of them have their département.

    A name that a kind of noise can't change is typed with other capitals.

    Args:
        kinds: Kinds of noise, keys of `NOISES`; by default, all those of communes.

    Example:
        >>> from hypothesis import find
        >>> found = find(commune_names(["saint"]), lambda found: found.text.startswith("St"))
        >>> found.name.startswith("Saint"), len(found.code)
        (True, 5)
    """
    kind = draw(st.sampled_from(tuple(kinds or _OF_COMMUNES)))
    entry = draw(st.sampled_from(_pool(kind)))
    dice, beside = draw(st.randoms(use_true_random=False)), draw(st.booleans())
    return _noisy(dice, entry, kind, beside=beside) or NoisyName(
        entry.name.upper(), entry.departement if beside else None, entry.name, _present(entry), "case", told=beside
    )


def _is_another(text: str, entry: Entry, kind: str, *, beside: bool) -> bool:
    """Whether the text tells another place as much as this one, in the département where it is known."""
    codes, own, tight = {_present(other) for other in register.find(text)}, _present(entry), _tight(text)
    if codes and own not in codes:
        return True
    if kind == "cut":
        within = _tight_names(entry.departement if beside else None)
        return any(name.startswith(tight) and code != own for name, code in within)
    limit = DamerauLevenshtein.distance(tight, _tight(entry.name))
    return (beside and kind in {"typo", "two_typos"}) and any(
        code != own and DamerauLevenshtein.distance(tight, other, score_cutoff=limit) <= limit
        for other, code in _tight_names(entry.departement)
    )


def _present(entry: Entry) -> str:
    return entry.present_code or entry.code


def _tight(name: str) -> str:
    return register.normalise(name).replace(" ", "")


@cache
def _tight_names(departement: str | None) -> tuple[tuple[str, str], ...]:
    here = departement is None or pl.col("departement") == departement
    return tuple(_tight_communes().filter(here).select("name", "present_code").iter_rows())


@cache
def _tight_communes() -> pl.DataFrame:
    """The names of all communes, as a column: one by one they would take longer than all else."""
    tight = register.normalised(pl.col("name")).str.replace_all(" ", "")
    return register.frame("commune").select(tight, pl.coalesce("present_code", "code"), "departement")


def _departement(dice: random.Random, entry: Entry) -> str | None:
    if (code := entry.departement) is None:
        return None
    name = register.get(code, kind="departement").name
    return dice.choice((code, code.lstrip("0"), name, name.upper(), f"{name} ({code})", f"{code} - {name}"))
