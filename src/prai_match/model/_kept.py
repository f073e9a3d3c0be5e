"""What is read or computed once for a programme, wherever it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from prai_match.errors import LexiconError, PolicyError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from prai_match.model._programme import ProgrammeData

_T = TypeVar("_T")


def once(programme: ProgrammeData, name: str, compute: Callable[[], _T]) -> _T:
    """Return what was computed for a programme under a name, or compute it."""
    return _kept(programme.computed, name, compute)


def named(
    programme: ProgrammeData, name: str, default: Callable[[], _T], error: type[LexiconError | PolicyError]
) -> _T:
    """Return what was read from the file that the catalogue names or, where it names none, the library's own.

    Raises:
        LexiconError: The catalogue names a lexicon, and the programme was not loaded from its folder.
        PolicyError: The same of a policy.
    """
    file = getattr(programme.catalogue, name)
    if file is not None and name not in programme.beside:
        expected, expected_fr = "a programme loaded from its folder", "un programme chargé depuis son dossier"
        raise error(name, [Problem(f"catalogue.{name}", repr(file), expected, expected_fr=expected_fr)])
    return _kept(programme.beside, name, default)


def _kept(kept: dict[str, Any], name: str, compute: Callable[[], _T]) -> _T:
    if name not in kept:
        kept[name] = compute()
    value: _T = kept[name]
    return value
