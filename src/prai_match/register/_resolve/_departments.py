"""Départements as people write them: a number, a name, both, or a postal code."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from prai_match.register._data import index, table
from prai_match.register._names import normalise
from prai_match.register._resolve._index import places_by_postal_code

_OLD = {"20a": "2A", "20b": "2B"}
_NUMBER = re.compile(
    r"(?<![0-9a-z])(?:cd|cg|dpt|dept|dep|d)?\.? ?(20[ab]|2[ab]|97\d|98\d|\d{1,2})(?:[.,]0+)?(?![0-9a-z])"
)
_POSTAL = re.compile(r"(?<!\d)(\d{5})(?:[.,]0+)?(?!\d)")
_AROUND = re.compile(
    r"^(?:(?:le )?(?:departement|dept|dpt|dep|conseil (?:general|departemental)) )?(?:de la |de l |du |des |de |d )?"
)
_CORSE_DU_SUD = ("200", "201")


@cache
def _by_name() -> dict[str, str]:
    rows = table().filter(kind="departement").select("name", "code").rows()
    return {normalise(name): code for name, code in rows}


@lru_cache(maxsize=65_536)
def departement_of(text: str) -> str | None:
    """The code of the département that a text names; None where it names none, or two."""
    text = text.strip()[:100].lower()
    if postal := _POSTAL.search(text):
        return departement_of_postal_code(postal[1])
    codes = {_code(number) for number in _NUMBER.findall(text)}
    name = _AROUND.sub("", normalise(_NUMBER.sub(" ", text)))
    if name:
        codes.add(_by_name().get(name) or _by_name().get(normalise(name)))
    return codes.pop() if len(codes) == 1 else None


def departement_of_postal_code(code: str) -> str | None:
    """The code of the département that a postal code leads to, by the register or else by its first digits."""
    if place := places_by_postal_code().get(code):
        return place
    if code.startswith("20"):
        return "2A" if code.startswith(_CORSE_DU_SUD) else "2B"
    return _code(code[:3] if code.startswith(("97", "98")) else code[:2])


def _code(number: str) -> str | None:
    code = _OLD.get(number, number.upper().zfill(2))
    return code if (code, "departement") in index() else None
