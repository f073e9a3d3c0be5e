"""What a programme may cite, and what is said of a citation that leads nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prai_match._words import hint
from prai_match.errors import Problem, nearest
from prai_match.model._problems import item

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from prai_match.errors import Lang
    from prai_match.model._catalogue import Catalogue

PACKAGE = "prai_match.model"
"""Whose catalogue has the words."""

_SUGGESTED = 500
"""Distinct unknown values that suggestions are looked for: nobody reads more, and each costs a look at all of them."""


class Citable:
    """Identifiers that can be cited.

    Attributes:
        ids: The identifiers.
    """

    def __init__(self, what: str, ids: AbstractSet[str], of: str = "", *, few: bool = False) -> None:
        """Remember what the identifiers are of and, for axes, ``of`` which workshop; ``few`` are all told."""
        self.ids = ids
        self._what, self._of = what, of
        self._sorted, self._told = sorted(ids), sorted(ids) if few else ()
        self._near: dict[str, dict[Lang, str]] = {}

    def unknown(self, where: str, value: str) -> Problem:
        """Return the problem of a value that is none of them."""
        if value not in self._near:
            self._near[value] = hint(nearest(value, self._sorted) if len(self._near) < _SUGGESTED else (), self._told)
        return Problem.of(PACKAGE, self._what, where, repr(value), of=self._of, near=self._near[value])

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
            before = item(where, first[value])
            yield Problem.of(PACKAGE, "again", f"{item(where, index)}.{field}", repr(value), before=before)
        first.setdefault(value, index)
