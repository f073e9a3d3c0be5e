"""A programme that is saved to a new folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from files.killed_save import after

if TYPE_CHECKING:
    from pathlib import Path


def prepare(folder: Path) -> None:
    """Make the folder above."""
    folder.mkdir(parents=True)


def act(folder: Path) -> None:
    """Save below it."""
    after().save(folder / "here" / "new")
