"""The lexicon that reads the needs of a programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prai_match.errors import LexiconError
from prai_match.model import axes_of, named
from prai_match.needs._lexicon import Lexicon

if TYPE_CHECKING:
    from prai_match.model import ProgrammeData


def lexicon_of(programme: ProgrammeData) -> Lexicon:
    """Return the lexicon that the catalogue names, in the folder, or what the bundled one knows of the catalogue.

    Raises:
        LexiconError: The catalogue names a file, and the programme was not loaded from its folder.

    Example:
        >>> from prai_match import Programme
        >>> lexicon_of(Programme.example()) is Lexicon.bundled()
        True
    """
    return named(programme, "lexicon", lambda: Lexicon.bundled_for(axes_of(programme.catalogue)), LexiconError)
