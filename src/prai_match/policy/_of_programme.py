"""The policy of a programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prai_match.errors import PolicyError
from prai_match.model import named
from prai_match.policy._policy import Policy

if TYPE_CHECKING:
    from prai_match.model import ProgrammeData


def policy_of(programme: ProgrammeData) -> Policy:
    """Return the policy that the catalogue names, in the folder, or the default one.

    Raises:
        PolicyError: The catalogue names a file, and the programme was not loaded from its folder.

    Example:
        >>> from prai_match import Programme
        >>> policy_of(Programme.example()) == Policy.default()
        True
    """
    return named(programme, "policy", Policy.default, PolicyError)
