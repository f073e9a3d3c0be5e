"""A programme's folder, as the commands read it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, cast

from prai_match import Programme
from prai_match.errors import RejectedRowsWarning, UnknownFactsWarning

if TYPE_CHECKING:
    from pathlib import Path

    from prai_match.io import LoadReport


def loaded(folder: Path, *, strict: bool = False) -> tuple[Programme, LoadReport]:
    """Read a programme, with the report of its rows.

    Raises:
        ProgrammeError: The programme can't be loaded, or a row is rejected and ``strict`` is set.
        LexiconError: The lexicon that the catalogue names can't be read or has problems.
    """
    with warnings.catch_warnings():
        for told in (RejectedRowsWarning, UnknownFactsWarning):  # each command tells it in its own words
            warnings.simplefilter("ignore", told)
        programme = Programme.load(folder, strict=strict)
    return programme, cast("LoadReport", programme.load_report)
