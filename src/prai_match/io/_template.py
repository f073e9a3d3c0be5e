"""A folder to begin a programme with: its settings, explained, and its tables with a few rows."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from prai_match.errors import Problem, ProgrammeError
from prai_match.files import put_all
from prai_match.text import current_language

if TYPE_CHECKING:
    import os

    from prai_match.errors import Lang

_FIRST = 3


def template(folder: str | os.PathLike[str], lang: Lang | None = None) -> Path:
    """Write a small programme to begin one's own with: it loads, recommends and plans at once.

    The folder holds a ``programme.toml`` that explains each setting, one CSV file for each table, with labels in the
    language and a few rows, and a page that explains the tables. The collectivities are real, the rest is made up.

    Args:
        folder: The folder; it is made where it doesn't exist, and must be empty where it does.
        lang: Language of the names of files, of the labels and of the explanations.

    Returns:
        The folder.

    Raises:
        ProgrammeError: The folder is not empty, or is a file.
        UnknownCodeError: The language is neither ``fr`` nor ``en``.
        OSError: The folder can't be written.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from prai_match import Programme
        >>> with TemporaryDirectory() as folder:
        ...     Programme.load(template(folder, "en")).name.en
        'Example programme'
    """
    root = Path(folder)
    texts = {
        file.name: _bytes(file.name, file.read_text("utf-8"))
        for file in files("prai_match.io").joinpath("templates", current_language(lang)).iterdir()
    }
    if root.exists() and not root.is_dir():
        raise _error(root, "file_for_new_folder")

    def empty(names: list[str]) -> None:
        if names:
            first = ", ".join(names[:_FIRST]) + (", …" if len(names) > _FIRST else "")
            raise _error(root, "full_folder", first)

    put_all(root, texts, check=empty)
    return root


def _bytes(name: str, text: str) -> bytes:
    """A table is marked as UTF-8, and its lines end as a French spreadsheet has them."""
    return text.replace("\n", "\r\n").encode("utf-8-sig") if name.endswith(".csv") else text.encode()


def _error(folder: Path, key: str, found: str | None = None) -> ProgrammeError:
    return ProgrammeError(str(folder), [Problem.of("prai_match.io", key, str(folder), found)])
