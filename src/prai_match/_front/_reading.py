"""What a programme is read with: the lexicon and the policy beside its tables, and the warnings of its load."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from prai_match.errors import (
    InterruptedSaveWarning,
    LexiconError,
    PolicyError,
    RejectedRowsWarning,
    UnknownFactsWarning,
)
from prai_match.io import interrupted, read_folder
from prai_match.model import ProgrammeData, axes_of
from prai_match.needs import Lexicon
from prai_match.policy import Policy
from prai_match.text import TomlError, bounded

if TYPE_CHECKING:
    from collections.abc import Callable

    from prai_match.files import Save
    from prai_match.io import Loaded, LoadReport

_P = TypeVar("_P", bound=ProgrammeData)

_LARGEST_BESIDE = 1 << 19
"""The most bytes of a lexicon; of a policy, which has fewer, it is looked at when it is read."""


def of_folder(kind: type[_P], folder: str | Path, save: Save, options: dict[str, Any]) -> Loaded[_P]:
    """Read the tables, and the lexicon and the policy that the catalogue names."""
    loaded = read_folder(folder, kind, save, **options)
    programme, catalogue = loaded.programme, loaded.programme.catalogue
    axes = axes_of(catalogue)
    readers: dict[str, Callable[[Path], Any]] = {
        "lexicon": lambda path: Lexicon.load(path, axes),
        "policy": lambda path: Policy.load(path, catalogue),
    }
    named = {name: file for name in readers if (file := getattr(catalogue, name)) is not None}
    inside = None if options["follow_links"] else Path(folder)
    beside = {name: _beside(name, Path(folder, file), inside) for name, file in named.items()}
    programme.beside |= {name: readers[name](Path(folder, file)) for name, file in named.items()}
    programme.beside["files"] = {named[name]: data for name, data in beside.items()}
    return loaded


def warn(report: LoadReport) -> None:
    """Warn whoever called the method that loads of rows left out, facts not known and an interrupted save."""
    if said := interrupted(report.save, "en"):
        said = f"{report.subject}: {said}"
        french = f"{report.subject} : {interrupted(report.save, 'fr')}"
        warnings.warn(InterruptedSaveWarning(said, french), stacklevel=4)
    if report.rejected:
        warnings.warn(f"{report.summary('en')} (see programme.load_report)", RejectedRowsWarning, stacklevel=4)
    if told := report.consequences("en"):
        warnings.warn(f"{'; '.join(told)} (see programme.load_report)", UnknownFactsWarning, stacklevel=4)


def _beside(name: str, path: Path, root: Path | None) -> bytes:
    """Read a file that the catalogue names, of which no link may leave the folder ``root``."""
    try:
        return bounded(path, _LARGEST_BESIDE, root)
    except TomlError as error:
        kind = LexiconError if name == "lexicon" else PolicyError
        raise kind(path.name, [error.problem(str(path))]) from None
    except OSError:
        return b""  # whoever reads it says why it can't be read
