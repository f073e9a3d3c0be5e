"""Reading of typed texts: the name, the words around it, and the département or postal code next to it."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

import polars as pl

from prai_match.register._data import rows_of, table
from prai_match.register._names import compiled, may_hold, normalised, plain_letters, readings, replaced, words

_LONGEST = 200
_CEDEX = r"\bcedex\b(?:\s*\d{1,2}\b)?"
_POSTAL = r"(?:^|[^0-9])(?:f-)?(\d{5})(?:[^0-9]|$)"
_BRACKET = r"\(([^()]*)\)\s*$"
_BEHIND = r"(?:[,;|/]|\s[-–—])\s*([^,;|/]+)$"
_NUMBER_BEHIND = r"[\s,;|/(-]+(?:dept\.?\s*)?(20[ab]|2[ab]|97\d|98\d|\d{1,2})\s*\)?\s*$"
_NUMBER_BEFORE = r"^\s*\(?(20[ab]|2[ab]|97\d|98\d|\d{2})\)?[\s,;:|/-]+"
_ARTICLE_BEHIND = r"\s*[(,]\s*(?:les?|la|l)\s*['’]?\s*\)?\s*$"
_APART = r"[/;,+|()]|\s[-–—]\s"
_BESIDE = r"[0-9(),;|/+]|\s[-–—]"  # without which nothing stands beside a name
_EDGES = " ,;|/-"
_OLD = {"20a": "2A", "20b": "2B"}
_NUMBER = re.compile(
    r"(?<![0-9a-z])(?:cd|cg|dpt|dept|dep|d)?\.? ?(20[ab]|2[ab]|97\d|98\d|\d{1,2})(?:[.,]0+)?(?![0-9a-z])"
)
_POSTAL_CODE = re.compile(r"(?<!\d)(\d{5})(?:[.,]0+)?(?!\d)")
_AROUND = re.compile(
    r"^(?:(?:le )?(?:departement|dept|dpt|dep|conseil (?:general|departemental)) )?(?:de la |de l |du |des |de |d )?"
)
_CORSE_DU_SUD = ("200", "201")


class Typed(NamedTuple):
    """The parts of a text.

    ``whole`` has all words except a postal code, ``words`` those without a separated département, ``number`` the one at
    the end. ``reading`` is that of the words around the name (see `Wording`; None for a name alone), ``rest`` the words
    of the name itself. ``given`` is the département known from elsewhere, ``inside`` the one read in the text,
    ``place`` the one to search in. ``parted``: the name contains a separator, so it may be two names.
    """

    whole: str
    words: str
    number: str | None
    reading: str | None
    rest: str
    postal: str | None
    given: str | None
    inside: str | None
    parted: bool

    @property
    def place(self) -> str | None:
        return self.given or self.inside


def read(text: str, given: str | None) -> Typed:
    """Read a text, with the code of the département known from elsewhere, or None."""
    text = text[:_LONGEST]
    folded = replaced(plain_letters(text), _CEDEX, " ").strip()
    postal = inside = code = number = None
    name, parted = folded, "&" in text
    if may_hold(folded, _BESIDE):
        postal = _first(_POSTAL, folded)
        if postal is not None:
            folded = replaced(folded, r"(?:\(?\bf-)?\d{5}\)?", " ").strip(_EDGES)
            inside = departement_of_postal_code(postal)
        name, code, number = _department_inside(folded)
        parted = parted or may_hold(replaced(name, _ARTICLE_BEHIND, "").strip(_EDGES), _APART)
    whole = words(folded)
    own = replaced(whole if name == folded else words(name), r"^(c[gd]) ?(\d)", "$1 $2")
    reading, rest = _wording(own)
    rest = replaced(rest, "^d(?:u|e(s)) ", "le$1 ")
    return Typed(whole, own, number, reading, rest, postal, given, inside or code, parted)


def _first(pattern: str, text: str) -> str | None:
    found = compiled(pattern).search(text)
    return found and found[1]


def _department_inside(text: str) -> tuple[str, str | None, str | None]:
    """Return a text without the département set apart by a bracket, separator or number, its code and the number."""
    parts = {pattern: _first(pattern, text) for pattern in (_BRACKET, _BEHIND, _NUMBER_BEHIND, _NUMBER_BEFORE)}
    codes = {pattern: part and departement_of(part.strip()) for pattern, part in parts.items()}
    at = next((pattern for pattern, code in codes.items() if code), None)
    name = text if at is None else replaced(text, at, "")
    if at != _BRACKET and (bracket := parts[_BRACKET]) is not None:
        before = words(bracket) + " "
        if any(compiled(rf"{reading.start}\s*$").search(before) for reading in readings()):
            name = f"{bracket.strip()} {replaced(text, _BRACKET, '')}"
    return name, at and codes[at], parts[_NUMBER_BEHIND]


def _wording(own: str) -> tuple[str | None, str]:
    """What the words around a name say, and the name without them."""
    start, end = _any_wording()
    if not may_hold(own, start) and not may_hold(own, end):
        return None, own
    for reading in readings():
        if compiled(reading.start).search(own):
            return reading.id, replaced(own, reading.start, "$1")
        if compiled(reading.end).search(own):
            return reading.id, replaced(own, reading.end, "")
    return None, own


@cache
def _any_wording() -> tuple[str, str]:
    """Return patterns of the words around names, of all readings, which rule most texts out at once."""
    starts, ends = zip(*((reading.start, reading.end) for reading in readings()), strict=True)
    return "|".join(starts), "|".join(ends)


@cache
def _by_name() -> dict[str, str]:
    return {normalised(name): code for name, code in table().filter(kind="departement").select("name", "code").rows()}


@lru_cache(maxsize=65_536)
def departement_of(text: str) -> str | None:
    """Return the code of the département that a text names; None if it names none or two."""
    text = text.strip()[:100].lower()
    if postal := _POSTAL_CODE.search(text):
        return departement_of_postal_code(postal[1])
    codes = {_code(number) for number in _NUMBER.findall(text)}
    name = _AROUND.sub("", normalised(_NUMBER.sub(" ", text)))
    if name:
        codes.add(_by_name().get(name) or _by_name().get(normalised(name)))
    return codes.pop() if len(codes) == 1 else None


@cache
def _by_postal_code() -> dict[str, str | None]:
    """Return the département of each postal code; None if communes of several share it."""
    codes = (
        table().filter(kind="commune").select("departement", "postal_codes").explode("postal_codes").drop_nulls()
        .group_by("postal_codes").agg(pl.col("departement").unique())
    )  # fmt: skip
    return {code: places[0] if len(places) == 1 else None for code, places in codes.iter_rows()}


def departement_of_postal_code(code: str) -> str | None:
    """The code of the département that a postal code leads to, by the register or else by its first digits."""
    if place := _by_postal_code().get(code):
        return place
    if code.startswith("20"):
        return "2A" if code.startswith(_CORSE_DU_SUD) else "2B"
    return _code(code[:3] if code.startswith(("97", "98")) else code[:2])


def _code(number: str) -> str | None:
    code = _OLD.get(number, number.upper().zfill(2))
    return code if code in rows_of("departement", "code") else None
