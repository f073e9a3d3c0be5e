"""How much memory a load may take, and what its files have taken of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from prai_match.io._grids._grid import unreadable

if TYPE_CHECKING:
    from prai_match.errors import ProgrammeError
    from prai_match.io._grids._grid import Grid

MOST_MEMORY: Final = 1_000_000_000
"""The bytes that a load may take unless it is told otherwise."""

_ROW: Final = 64
_CELL: Final = 16
"""What a cell takes beside its text, in a column of texts."""


@dataclass(slots=True)
class Memory:
    """The most bytes that the files of a load may take at once, estimated before, and what those read still take."""

    most: int = MOST_MEMORY
    before: int = 0

    def keep(self, grid: Grid) -> None:
        """Count what a file that was read goes on taking."""
        frames = (grid.cells, grid.faults, grid.set_aside)
        self.before += sum(int(frame.estimated_size()) + _CELL * frame.width for frame in frames) + _ROW


@dataclass(slots=True)
class FileMemory:
    """The bytes that one file has taken so far, while it is read, of what all files may take."""

    memory: Memory
    file: str
    used: int = 0

    @property
    def left(self) -> int:
        return self.memory.most - self.memory.before - self.used

    def take(self, count: int) -> None:
        """Take some bytes more."""
        self.used += count
        if self.left < 0:
            raise self.error()

    def error(self) -> ProgrammeError:
        """The error for a file that needs more than there is."""
        most, before = self.memory.most, self.memory.before
        key = "memory_beside" if before else "memory"
        return unreadable(self.file, key, taken=self.used, most=most, held=before)
