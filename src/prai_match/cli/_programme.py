"""A programme's folder, as the commands read it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, cast

from prai_match import Programme
from prai_match.cli._output import tell
from prai_match.errors import InterruptedSaveWarning, RejectedRowsWarning, UnknownFactsWarning
from prai_match.io._report_words import interrupted

if TYPE_CHECKING:
    from pathlib import Path

    from prai_match.io import LoadReport
    from prai_match.model import Lang


def loaded(folder: Path, lang: Lang, *, strict: bool = False) -> tuple[Programme, LoadReport]:
    """Read a programme, with the report of its rows; tell of a save that had been interrupted.

    Raises:
        ProgrammeError: The programme can't be loaded, or a row is rejected and ``strict`` is set.
        LexiconError: The lexicon that the catalogue names can't be read or has problems.
    """
    with warnings.catch_warnings():
        for category in (RejectedRowsWarning, InterruptedSaveWarning, UnknownFactsWarning):
            warnings.simplefilter("ignore", category)  # told in the language, and by each command in its own words
        programme = Programme.load(folder, strict=strict)
    report = cast("LoadReport", programme.load_report)
    if said := interrupted(report.save, lang):
        tell(said)
    return programme, report
