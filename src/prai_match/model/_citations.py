"""What a programme may cite, and what is said of a citation that leads nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prai_match.errors import Problem, nearest, suggested

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from prai_match.model._catalogue import Catalogue

_FRENCH = {
    "theme": "un thème connu",
    "session": "une session connue",
    "workshop": "un atelier connu",
    "axis": "un axe connu",
    "collectivity": "une collectivité connue",
    "collectivity of a territory": "une collectivité connue d'un territoire",
    "territory": "un territoire connu",
    "relay partner": "un partenaire-relais connu",
    "trainer": "un intervenant connu",
    "session held": "une session tenue connue",
}

_SUGGESTED = 500
"""Distinct unknown values that suggestions are looked for: nobody reads more, and each costs a look at all of them."""


class Citable:
    """Identifiers that can be cited.

    Attributes:
        ids: The identifiers.
    """

    def __init__(self, what: str, ids: AbstractSet[str], of: str = "") -> None:
        """Remember what the identifiers are of and, for axes, ``of`` which workshop."""
        self.ids = ids
        self._english = f"a known {what}" + (f" of {of}" if of else "")
        self._french = _FRENCH[what] + (f" de {of}" if of else "")
        self._sorted = sorted(ids)
        self._expected: dict[str, tuple[str, str]] = {}

    def unknown(self, where: str, value: str) -> Problem:
        """Return the problem of a value that is none of them."""
        if value not in self._expected:
            alike = nearest(value, self._sorted) if len(self._expected) < _SUGGESTED else ()
            self._expected[value] = self._english + suggested(alike, "en"), self._french + suggested(alike, "fr")
        return Problem(where, repr(value), *self._expected[value])

    def cited(self, where: str, value: str) -> Iterator[Problem]:
        """Give the problem of a citation, if it has one."""
        if value not in self.ids:
            yield self.unknown(where, value)


def axes_of(catalogue: Catalogue) -> dict[str, Citable]:
    """Return the axes of each session."""
    return {
        session.id: Citable("axis", {axis.id for axis in session.axes}, session.id) for session in catalogue.sessions
    }


def repeated(where: str, field: str, values: Iterable[object]) -> Iterator[Problem]:
    """Give a problem for each value that stands again."""
    first: dict[object, int] = {}
    for index, value in enumerate(values):
        if value in first:
            before = f"{where}[{first[value]}]"
            yield Problem(
                f"{where}[{index}].{field}",
                repr(value),
                f"a value used once (first in {before})",
                f"une valeur employée une seule fois (déjà dans {before})",
            )
        first.setdefault(value, index)
