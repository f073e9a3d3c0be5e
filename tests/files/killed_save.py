"""A programme that is saved over another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from made import programme

if TYPE_CHECKING:
    from pathlib import Path


def before() -> Any:
    """What is there."""
    return programme()


def after() -> Any:
    """What is saved."""
    made = programme()
    return made.model_copy(update={"needs": made.needs[:1], "travel_km": 33.0, "attendances": ()})


def prepare(folder: Path) -> None:
    """Save what is there."""
    before().save(folder)
    (folder / "notes.txt").write_text("mine", "utf-8")


def act(folder: Path) -> None:
    """Save over it."""
    after().save(folder)
