"""What is counted of each département for the whole: events, ratings, what followed what, and who is interested."""

from __future__ import annotations

from dataclasses import dataclass, fields
from io import BytesIO
from typing import TYPE_CHECKING, Self

import polars as pl

from prai_match.datasets._folder import Run, verified
from prai_match.datasets._source_files import read
from prai_match.errors import PraiError
from prai_match.followups import tally
from prai_match.io import sealed
from prai_match.needs import Lexicon
from prai_match.offers import Snapshot, events, interested, rated, with_facts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from prai_match.offers import Part

WHOLE = "whole"
"""The folder of what was counted."""


@dataclass(frozen=True, eq=False, slots=True)
class Source:
    """A département and where its facts are, as it is sent to a worker.

    Attributes:
        part: The day of its territories, without facts.
        members: ``collectivity`` and its numbers ``c``, ``t`` and ``z`` in the part.
        needs: Files that have needs of it.
        attendances: Files that have attendances of it.
        lexicon: What reads needs without a workshop; None: the bundled one, which workers have.
    """

    part: Part
    members: pl.DataFrame
    needs: list[Path]
    attendances: list[Path]
    lexicon: Lexicon | None

    def snapshot(self, attendances: pl.DataFrame) -> Snapshot:
        """Return the day with the facts of the part, of which the ``attendances`` are read already."""
        day = self.part.snapshot
        needs = read("needs", self.needs, self.members["collectivity"])
        frames = with_facts(day.frames, self.members, needs, attendances, self.lexicon or Lexicon.bundled())
        return Snapshot(frames, day.on, day.follow_ups, day.extra, day.known, day.around)

    def came(self) -> pl.DataFrame:
        """Return the attendances of the part, as they are written."""
        return read("attendances", self.attendances, self.members["collectivity"])


@dataclass(frozen=True, eq=False, slots=True)
class Tally:
    """What was counted of a part, or of all of them.

    Attributes:
        served: One row: ``events``.
        ratings: ``s``, ``rating`` and ``times``.
        followed: See `followups.tally`.
        interested: ``z``, ``s`` and ``people``.
    """

    served: pl.DataFrame
    ratings: pl.DataFrame
    followed: pl.DataFrame
    interested: pl.DataFrame

    @classmethod
    def summed(cls, parts: Iterable[Tally]) -> Self:
        """Put the counts of parts together; the squares of each are numbered as in the whole."""
        some = list(parts)
        served, ratings, followed, around = (
            pl.concat(getattr(part, each.name) for part in some) for each in fields(cls)
        )
        return cls(
            served.sum(),
            _sums(ratings, "s", "rating", of=["times"]),
            _sums(followed, "source", "target", "lag", of=["territories", "in_time"]),
            _sums(around, "z", "s", of=["people"]),
        )

    def files(self, run: Run) -> dict[str, bytes]:
        """Return it as files of a run."""
        names = {f"{each.name}.parquet": getattr(self, each.name) for each in fields(self)}
        return {name: sealed(frame, run.owner(WHOLE, name)) for name, frame in names.items()}

    @classmethod
    def kept(cls, folder: Path, run: Run) -> Self:
        """Read it back."""
        if not all(verified(folder / f"{each.name}.parquet", run) for each in fields(cls)):
            raise PraiError.of("prai_match.datasets", "lacking_files", folder=folder)
        return cls(*(pl.read_parquet(BytesIO((folder / f"{each.name}.parquet").read_bytes())) for each in fields(cls)))


def counted(source: Source) -> Tally:
    """Count a département; its squares are numbered as in the whole."""
    attendances = source.came()
    day = source.snapshot(attendances)
    # Nothing is known of the whole yet: who is interested is read from the facts.
    alone = Snapshot(day.frames, day.on, day.follow_ups, day.extra)
    attended = attendances.join(source.members, on="collectivity").select("session", "date", territory="t")
    here = interested(alone)
    return Tally(
        events(alone).select(events=pl.len().cast(pl.Int64)).collect(engine="in-memory"),
        rated(alone),
        tally(day.follow_ups.edges(), attended, day.on),
        here.with_columns(z=source.part.squares.gather(here["z"])),
    )


def _sums(frame: pl.DataFrame, *keys: str, of: list[str]) -> pl.DataFrame:
    return frame.group_by(keys).agg(pl.col(of).sum()).sort(keys)
