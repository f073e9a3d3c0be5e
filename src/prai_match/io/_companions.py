"""What a programme is read with, beside its tables: the lexicon and the policy that the catalogue names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar, Unpack

from prai_match.errors import LexiconError, PolicyError
from prai_match.io._load import read_folder
from prai_match.model import ProgrammeData, axes_of
from prai_match.needs import Lexicon
from prai_match.policy import Policy
from prai_match.text import TomlError, bounded

if TYPE_CHECKING:
    from prai_match.files import Save
    from prai_match.io._load import Loaded, LoadOptions

_Programme = TypeVar("_Programme", bound=ProgrammeData)

_LARGEST: Final = 1 << 19
"""The most bytes of a lexicon; of a policy, which has fewer, it is looked at when it is read."""


def read_whole(
    folder: str | Path, model: type[_Programme], save: Save, **options: Unpack[LoadOptions]
) -> Loaded[_Programme]:
    """Read a programme from a folder that nobody saves to meanwhile, with the files that its catalogue names.

    They are kept beside the programme by the field of the catalogue, and as ``files`` (bytes by name).
    """
    result = read_folder(folder, model, save, **options)
    catalogue, beside = result.programme.catalogue, result.programme.beside
    inside = None if options.get("follow_links") else Path(folder)
    files = beside["files"] = {}
    if catalogue.lexicon is not None:
        path = Path(folder, catalogue.lexicon)
        files[catalogue.lexicon] = _bytes(path, inside, LexiconError)
        beside["lexicon"] = Lexicon.load(path, axes_of(catalogue))
    if catalogue.policy is not None:
        path = Path(folder, catalogue.policy)
        files[catalogue.policy] = _bytes(path, inside, PolicyError)
        beside["policy"] = Policy.load(path, catalogue)
    return result


def _bytes(path: Path, inside: Path | None, error: type[LexiconError | PolicyError]) -> bytes:
    """Read a file, of which no link may leave the folder ``inside``."""
    try:
        return bounded(path, _LARGEST, inside)
    except TomlError as cause:
        raise error(path.name, [cause.problem(str(path))]) from None
    except OSError:
        return b""  # whoever reads it says why it can't be read
