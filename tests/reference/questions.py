"""What the reference is asked: both regions and the drawn programmes, each on some days."""

from __future__ import annotations

import datetime as dt
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reference import library
from reference.places import REGIONS
from reference.programmes import drawn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reference.archive import Tables

FOLDER: Final = Path(__file__).parent
ANSWERS: Final = FOLDER / "answers"
"""The answers of the code of 0.1, at commit 323be5d."""

DAYS: Final[Mapping[str, Sequence[str]]] = {
    # Early, ordinary, before the freeze, in it, the day after the election, after the freeze, near the end, the last.
    "midi_pyrenees": (
        *("2006-10-02", "2007-05-02", "2007-09-03", "2008-01-21", "2008-03-03", "2008-03-17", "2008-06-09"),
        *("2008-11-24", "2008-12-31"),
    ),
    "occitanie_2026": (
        *("2024-10-07", "2025-05-05", "2026-01-12", "2026-03-02", "2026-03-23", "2026-05-11", "2026-09-14"),
        *("2026-12-21", "2027-06-14"),
    ),
}
"""Of each region."""

_PLANNED: Final = {"2007-09-03", "2008-01-21", "2008-06-09", "2025-05-05", "2026-05-11", "2026-09-14"}
"""Days on which regions are planned for too: a plan of a region takes long."""
_PLAN_DAYS: Final = {"regions": 28, "programmes": 60}
"""Length of the plans, from the day on."""


@dataclass(frozen=True)
class Source:
    """A programme that is asked.

    Attributes:
        group: One of `archive.GROUPS`.
        name: Its name in the reference.
    """

    group: str
    name: str

    @property
    def days(self) -> tuple[dt.date, ...]:
        if self.group == "regions":
            return tuple(map(dt.date.fromisoformat, DAYS[self.name]))
        return drawn(int(self.name)).days

    @property
    def files(self) -> Mapping[str, bytes]:
        """Its folder."""
        if self.group == "regions":
            return {path.name: path.read_bytes() for path in sorted((REGIONS / self.name).iterdir())}
        return drawn(int(self.name)).files


@contextmanager
def folder(source: Source) -> Iterator[Path]:
    """Give the folder of a programme, as long as it is needed."""
    if source.group == "regions":
        yield REGIONS / source.name
        return
    with tempfile.TemporaryDirectory() as parent:
        yield drawn(int(source.name)).write(Path(parent, source.name))


def answers(source: Source, days: Sequence[dt.date], *, plans: bool = True) -> dict[dt.date, Tables]:
    """Ask today's code."""
    with folder(source) as here:
        programme = library.load(here)
        return {day: library.tables(programme, day, _plan_days(source, day) if plans else 0) for day in days}


def _plan_days(source: Source, day: dt.date) -> int:
    is_planned = source.group == "programmes" or day.isoformat() in _PLANNED
    return _PLAN_DAYS[source.group] if is_planned else 0
