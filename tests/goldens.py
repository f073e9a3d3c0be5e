"""Texts that are known: each is a file in the folder ``golden`` beside the test that compares with it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

_LINES = 80
_UNSEEN = str.maketrans({"\N{NO-BREAK SPACE}": r"\xa0", "\N{NARROW NO-BREAK SPACE}": r"\u202f"})


@dataclass(frozen=True)
class Golden:
    """Compares texts with those that are known; writes them with ``pytest --golden=write``."""

    folder: Path
    writes: bool

    def __call__(self, name: str | Path, text: str) -> None:
        """Hold that ``text`` is that of a file in the folder, or of another file, whose whole path is given."""
        __tracebackhide__ = True
        path = self.folder / name
        if self.writes:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
        assert path.exists(), f"there is no {path}: make golden writes it"
        before = path.read_text("utf-8")
        assert text == before, difference(before, text, path)


def beside(module: Path) -> Path:
    """Return the folder of the texts that a module compares with."""
    return module.parent / "golden"


def known(module: str, name: str) -> str:
    """Return a text that a test beside the module compares with."""
    return (beside(Path(module)) / name).read_text("utf-8")


def difference(before: str, after: str, path: Path) -> str:
    """Show the lines that differ, with their no-break spaces; the first of them, where they are many."""
    lines = [
        line.translate(_UNSEEN)
        for line in unified_diff(before.split("\n"), after.split("\n"), str(path), "what is made now", "", "", 2, "")
    ]
    more = [f"… and {len(lines) - _LINES} lines more"] if len(lines) > _LINES else []
    return "\n".join(["if this is right, make golden writes it", *lines[:_LINES], *more])
