"""What a programme is read with, beside its tables: the lexicon and the policy that the catalogue names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prai_match.errors import LexiconError, PolicyError
from prai_match.model import axes_of
from prai_match.needs import Lexicon
from prai_match.policy import Policy
from prai_match.text import TomlError, bounded

if TYPE_CHECKING:
    from prai_match.model import Catalogue

_LARGEST: Final = 1 << 19
"""The most bytes of a lexicon; of a policy, which has fewer, it is looked at when it is read."""


def beside(catalogue: Catalogue, folder: str | Path, *, follow_links: bool) -> dict[str, Any]:
    """Read what the catalogue names, by its field, and ``files`` (bytes by name).

    Args:
        catalogue: The catalogue.
        folder: Where its files are.
        follow_links: Whether a link may lead out of the folder.

    Raises:
        LexiconError: The lexicon can't be read or has problems.
        PolicyError: The policy can't be read or has problems.
    """
    inside = None if follow_links else Path(folder)
    files: dict[str, bytes] = {}
    read: dict[str, Any] = {"files": files}
    if catalogue.lexicon is not None:
        path = Path(folder, catalogue.lexicon)
        files[catalogue.lexicon] = _bytes(path, inside, LexiconError)
        read["lexicon"] = Lexicon.load(path, axes_of(catalogue))
    if catalogue.policy is not None:
        path = Path(folder, catalogue.policy)
        files[catalogue.policy] = _bytes(path, inside, PolicyError)
        read["policy"] = Policy.load(path, catalogue)
    return read


def _bytes(path: Path, inside: Path | None, error: type[LexiconError | PolicyError]) -> bytes:
    """Read a file, of which no link may leave the folder ``inside``."""
    try:
        return bounded(path, _LARGEST, inside)
    except TomlError as found:
        raise error(path.name, [found.problem(str(path))]) from None
    except OSError:
        return b""  # whoever reads it says why it can't be read
