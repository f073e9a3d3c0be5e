"""How much memory a load may take, and what its files have taken of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from prai_match.io._grids._grid import unreadable

if TYPE_CHECKING:
    import polars as pl

    from prai_match.errors import ProgrammeError
    from prai_match.io._grids._grid import Grid

MOST_MEMORY: Final = 1_000_000_000
"""The bytes that a load may take unless it is told otherwise."""

_ROW: Final = 64
_CELL: Final = 16
"""What a cell takes beside its text, in a column of texts."""


@dataclass(slots=True)
class Memory:
    """What the files of a load take, estimated before it is taken.

    Attributes:
        most: The most bytes at once.
        held: What the files that have been read still take.
    """

    most: int = MOST_MEMORY
    held: int = 0

    def file(self, name: str) -> Share:
        """The share of a file that is about to be read."""
        return Share(self, name)

    def keep(self, grid: Grid) -> None:
        """Count what a file that was read goes on taking."""
        self.held += sum(size(part) for part in (grid.cells, grid.faults, grid.set_aside)) + _ROW


@dataclass(slots=True)
class Share:
    """What one file takes while it is read.

    Attributes:
        memory: What all files may take.
        file: How problems name the file.
        taken: The bytes taken so far.
    """

    memory: Memory
    file: str
    taken: int = 0

    @property
    def left(self) -> int:
        """The bytes that may still be taken."""
        return self.memory.most - self.memory.held - self.taken

    def take(self, count: int) -> None:
        """Take some bytes more."""
        self.taken += count
        if self.left < 0:
            raise self.error()

    def error(self) -> ProgrammeError:
        """The error for a file that needs more than there is."""
        most, held = self.memory.most, self.memory.held
        return unreadable(self.file, "memory_beside" if held else "memory", taken=self.taken, most=most, held=held)


def size(frame: pl.DataFrame) -> int:
    """What a frame takes, each text counted as often as it stands in it."""
    return int(frame.estimated_size()) + _CELL * frame.width
