"""What is counted of each département for the whole: events, ratings, what followed what, and who is interested."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from io import BytesIO
from pathlib import Path
from typing import Self

import numpy as np
import polars as pl

from prai_match.datasets._dataset import owner, verify
from prai_match.datasets._history import read
from prai_match.errors import PraiError
from prai_match.followups import tally
from prai_match.io import sealed
from prai_match.needs import Lexicon
from prai_match.offers import Part, Snapshot, events_by, interest, rating_counts, reading, with_facts

WHOLE = "whole"  # the folder of what was counted
_FILES = [f"{name}.parquet" for name in ("served", "ratings", "followed", "interested")]


@dataclass(frozen=True, eq=False, slots=True)
class Parcel:
    """A département and where its facts are, as it is sent to a worker."""

    part: Part  # the day of its territories, without facts
    members: pl.DataFrame  # ``collectivity`` and its numbers ``c``, ``t`` and ``z`` in the part
    needs: list[Path]  # files that have some of it
    attendances: list[Path]
    lexicon: Lexicon | None  # None: the bundled one, which workers have

    def snapshot(self, attendances: pl.DataFrame) -> Snapshot:
        day = self.part.snapshot
        needs = read("needs", self.needs, self.members["collectivity"])
        frames = with_facts(day.frames, self.members, reading(needs, self.lexicon or Lexicon.bundled()), attendances)
        return Snapshot(frames, day.on, day.follow_ups, day.extra, day.wider, day.around)

    def came(self) -> pl.DataFrame:
        return read("attendances", self.attendances, self.members["collectivity"])


@dataclass(frozen=True, eq=False, slots=True)
class Tally:
    """What was counted of a part, or of all of them."""

    events: pl.DataFrame  # one row: ``events``
    ratings: pl.DataFrame  # ``s``, ``rating`` and ``times``
    follow_ups: pl.DataFrame  # see `followups.tally`
    around: pl.DataFrame  # ``z``, ``s`` and ``people``

    @classmethod
    def sum(cls, parts: Iterable[Tally]) -> Self:
        """Put the counts of parts together; the squares of each are numbered as in the whole."""
        some = list(parts)
        events, ratings, follow_ups, around = (
            pl.concat(getattr(part, each.name) for part in some) for each in fields(cls)
        )
        return cls(
            events.sum(),
            _sums(ratings, "s", "rating", of=["times"]),
            _sums(follow_ups, "source", "target", "lag", of=["territories", "in_time"]),
            _sums(around, "z", "s", of=["people"]),
        )

    def files(self, run: str) -> dict[str, bytes]:
        frames = zip(_FILES, (getattr(self, each.name) for each in fields(self)), strict=True)
        return {name: sealed(frame, owner(run, WHOLE, name)) for name, frame in frames}

    @classmethod
    def read(cls, folder: Path, run: str) -> Self:
        paths = [folder / name for name in _FILES]
        if not all(verify(path, run) for path in paths):
            raise PraiError.of("prai_match.datasets", "lacking_files", folder=folder)
        return cls(*(pl.read_parquet(BytesIO(path.read_bytes())) for path in paths))


def count(source: Parcel) -> Tally:
    """Count a département; its squares are numbered as in the whole."""
    attendances = source.came()
    day = source.snapshot(attendances)
    # Nothing is known of the whole yet: who is interested is read from the facts.
    alone = Snapshot(day.frames, day.on, day.follow_ups, day.extra)
    by_territory = attendances.join(source.members, on="collectivity").select("session", "date", territory="t")
    z, s = np.nonzero(grid := interest(alone))
    return Tally(
        pl.DataFrame({"events": [events_by(alone)]}),
        pl.DataFrame(dict(zip(("s", "rating", "times"), rating_counts(alone), strict=True))),
        tally(day.follow_ups.edges(), by_territory, day.on),
        pl.DataFrame({"z": source.part.squares.gather(z), "s": s, "people": grid[z, s]}),
    )


def _sums(frame: pl.DataFrame, *keys: str, of: list[str]) -> pl.DataFrame:
    return frame.group_by(keys).agg(pl.col(of).sum()).sort(keys)
