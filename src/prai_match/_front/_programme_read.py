"""A programme that reads itself from files, reads its needs, and prepares what is computed from it."""

from __future__ import annotations

import warnings
from functools import cache, cached_property
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from prai_match import io, needs, recommend
from prai_match.errors import (
    InterruptedSaveWarning,
    LexiconError,
    PolicyError,
    Problem,
    RejectedRowsWarning,
    UnknownCodeError,
    UnknownFactsWarning,
    nearest,
)
from prai_match.files import read_settled
from prai_match.io._grids import MOST_MEMORY
from prai_match.io._load import read_folder
from prai_match.io._report_words import interrupted
from prai_match.model import ProgrammeData
from prai_match.model._catalogue import KEPT, axes_of
from prai_match.needs import Lexicon
from prai_match.policy import Policy
from prai_match.text import TomlError, bounded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import polars as pl

    from prai_match.files import Save
    from prai_match.io._writing import Format

_P = TypeVar("_P", bound="ReadProgramme")
_D = TypeVar("_D")

_EXAMPLES = ("midi_pyrenees", "occitanie_2026")
_LARGEST_BESIDE = 1 << 19
"""The most bytes of a lexicon; of a policy, which has fewer, it is looked at when it is read."""
_COMPUTED = ("_frames", "_days")
"""What is computed from the data and kept for the next question."""


class ReadProgramme(ProgrammeData):
    """The data of a programme, with where they come from and what they say."""

    @classmethod
    def example(cls, name: str = "midi_pyrenees") -> Self:
        """Return a bundled region: real collectivities, made history.

        Args:
            name: ``midi_pyrenees`` (2006-2008) or ``occitanie_2026`` (season 2026-2027, with a lexicon and a policy of
                its own).

        Raises:
            UnknownCodeError: There is no bundled region of that name.

        Example:
            >>> from prai_match import Programme
            >>> len(Programme.example("occitanie_2026").territories)
            161
        """
        if name not in _EXAMPLES:
            raise UnknownCodeError("example", name, nearest(name, _EXAMPLES))
        read: Self = _example(cls, name)
        programme = read.model_copy()
        programme.__dict__["load_report"] = read.load_report
        return programme

    @classmethod
    def load(  # noqa: PLR0913 - what a load may do, by keyword
        cls,
        folder: str | Path,
        *,
        strict: bool = False,
        columns: Mapping[str, Mapping[str, str]] | None = None,
        tables: Mapping[str, Any] | None = None,
        follow_links: bool = False,
        max_memory: int = MOST_MEMORY,
    ) -> Self:
        """Read a programme from a folder of tables and its ``programme.toml``.

        Tables are read as offices have them (see `prai_match.io.load`). Rows that are wrong are left out, with a
        warning: `load_report` tells all of them, and saves them so that they can be mended. A save of the folder that
        was interrupted is finished or undone first, with a warning too.

        Args:
            folder: The folder.
            strict: Raise if any row is rejected.
            columns: For each table, columns by the labels of its file, where they aren't recognised.
            tables: Sources of tables that are not in the folder, by name of the table.
            follow_links: Whether a link in the folder may lead out of it; else such a file is refused, and not read.
            max_memory: The most bytes of memory that its files may take, as estimated before it is taken.

        Raises:
            ProgrammeError: The folder can't be read or, with ``strict``, rows are rejected; each with file and line.
            LexiconError: The lexicon that the catalogue names can't be read or has problems.
            PolicyError: The policy that the catalogue names can't be read or has problems.
            PraiError: ``max_memory`` is no number of bytes.

        Example:
            >>> import tempfile
            >>> from prai_match import Programme, io
            >>> with tempfile.TemporaryDirectory() as parent:
            ...     programme = Programme.load(io.template(f"{parent}/region", "en"), strict=True)
            >>> programme.load_report.rejected
            0
        """
        options = {
            "strict": strict,
            "columns": columns,
            "tables": tables,
            "follow_links": follow_links,
            "max_memory": max_memory,
        }
        return cls._kept(read_settled(folder, lambda save: cls._of_folder(folder, save, options)))

    @classmethod
    def _of_folder(cls, folder: str | Path, save: Save, options: dict[str, Any]) -> io.Loaded[Self]:
        """Read the tables, and the lexicon and the policy that the catalogue names."""
        loaded = read_folder(folder, cls, save, **options)
        programme, catalogue = loaded.programme, loaded.programme.catalogue
        axes = axes_of(catalogue)
        readers: dict[str, Callable[[Path], Any]] = {
            "lexicon": lambda path: Lexicon.load(path, axes),
            "policy": lambda path: Policy.load(path, catalogue),
        }
        named = {name: file for name in readers if (file := getattr(catalogue, name)) is not None}
        inside = None if options["follow_links"] else Path(folder)
        beside = {name: _beside(name, Path(folder, file), inside) for name, file in named.items()}
        # Kept where cached properties look first; a field would count when programmes are compared.
        programme.__dict__.update({name: readers[name](Path(folder, file)) for name, file in named.items()})
        programme.__dict__["_beside"] = {named[name]: data for name, data in beside.items()}
        return loaded

    @classmethod
    def from_tables(
        cls,
        settings: str | Path | Mapping[str, Any],
        tables: Mapping[str, Any],
        *,
        strict: bool = False,
        columns: Mapping[str, Mapping[str, str]] | None = None,
        max_memory: int = MOST_MEMORY,
    ) -> Self:
        """Build a programme table by table: files, polars, pandas or Arrow frames, or records.

        Args:
            settings: A ``programme.toml``, or the same as a mapping.
            tables: The source of each table, by its name.
            strict: Raise if any row is rejected.
            columns: For each table, columns by label, where they aren't recognised.
            max_memory: The most bytes of memory that the files may take, as in `load`.

        Raises:
            ProgrammeError: A table can't be read or, with ``strict``, rows are rejected.
            PraiError: ``max_memory`` is no number of bytes.

        Example:
            >>> import tempfile
            >>> from prai_match import Programme, io
            >>> with tempfile.TemporaryDirectory() as parent:
            ...     folder = io.template(f"{parent}/region", "en")
            ...     tables = {path.stem: path for path in folder.glob("*.csv")}
            ...     Programme.from_tables(folder / "programme.toml", tables) == Programme.load(folder)
            True
        """
        loaded = io.load_tables(settings, tables, cls, strict=strict, columns=columns, max_memory=max_memory)
        return cls._kept(loaded)

    @classmethod
    def _kept(cls, loaded: io.Loaded[Self]) -> Self:
        """Return the programme with its report; warn of rows left out, facts not known and an interrupted save."""
        report = loaded.report
        if said := interrupted(report.save, "en"):
            said = f"{report.subject}: {said}"
            french = f"{report.subject} : {interrupted(report.save, 'fr')}"
            warnings.warn(InterruptedSaveWarning(said, french), stacklevel=3)
        loaded.programme.__dict__["load_report"] = report
        if report.rejected:
            warnings.warn(f"{report.summary('en')} (see programme.load_report)", RejectedRowsWarning, stacklevel=3)
        if told := report.consequences("en"):
            warnings.warn(f"{'; '.join(told)} (see programme.load_report)", UnknownFactsWarning, stacklevel=3)
        return loaded.programme

    @cached_property
    def load_report(self) -> io.LoadReport | None:
        """What became of the rows that were read; None for a programme that was not read from tables."""
        return None

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy, with some fields replaced; what was prepared from the old fields is prepared again.

        The lexicon and the policy go along unless the catalogue changes; the load report is that of the programme that
        was loaded.

        Example:
            >>> from prai_match import Programme
            >>> programme = Programme.example()
            >>> len(programme.model_copy(update={"needs": programme.needs[:10]}).needs)
            10
        """
        copy = super().model_copy(update=update, deep=deep)
        for name in (*_COMPUTED, "load_report", *(KEPT if "catalogue" in (update or {}) else ())):
            copy.__dict__.pop(name, None)
        return copy

    def __getstate__(self) -> dict[Any, Any]:
        """Leave out what the copy that is read from a pickle computes again where it needs it."""
        state = super().__getstate__()
        return {**state, "__dict__": {name: kept for name, kept in self.__dict__.items() if name not in _COMPUTED}}

    def save(self, folder: str | Path, format: Format = "csv") -> None:  # noqa: A002 - as polars and pandas call it
        """Write the programme to a folder that `load` reads back as an equal programme: all of it, or nothing.

        The lexicon and the policy that the catalogue names are written too, where the programme was loaded with them.

        Args:
            folder: The folder; it is made where it doesn't exist.
            format: Of the tables: ``csv``, ``tsv``, ``xlsx``, ``ods``, ``parquet`` or ``json``.

        Raises:
            PraiError: The extra ``io`` is not installed, the folder has other files of the same tables, or somebody
                else is writing to it.
            OSError: The folder can't be written; the files that stood there are as they were.

        Example:
            >>> import tempfile
            >>> from prai_match import Programme
            >>> programme = Programme.example()
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     programme.save(folder)
            ...     Programme.load(folder) == programme
            True
        """
        io.save(self, folder, format, beside=self._beside)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The lexicon that reads the needs: the one that the catalogue names, in the folder, or the bundled one.

        The bundled one answers what the catalogue has, and nothing where the catalogue has a workshop that it doesn't
        know (see `Lexicon.bundled_for`).

        Raises:
            LexiconError: The catalogue names a file, and the programme was not loaded from its folder.
        """
        return self._unless_named("lexicon", lambda: Lexicon.bundled_for(axes_of(self.catalogue)), LexiconError)

    @cached_property
    def policy(self) -> Policy:
        """The rules and weights where none are given: those that the catalogue names, in the folder, or the default.

        Raises:
            PolicyError: The catalogue names a file, and the programme was not loaded from its folder.
        """
        return self._unless_named("policy", Policy.default, PolicyError)

    def _unless_named(self, name: str, default: Callable[[], _D], error: type[LexiconError | PolicyError]) -> _D:
        """Return the library's own lexicon or policy, unless the catalogue names a file that wasn't loaded."""
        file = getattr(self.catalogue, name)
        if file is None:
            return default()
        expected, expected_fr = "a programme loaded from its folder", "un programme chargé depuis son dossier"
        raise error(name, [Problem(f"catalogue.{name}", repr(file), expected, expected_fr=expected_fr)])

    @cached_property
    def _beside(self) -> dict[str, bytes]:
        """The files that the catalogue names, as they were read."""
        return {}

    def classify(self, texts: str | Iterable[str | None] | pl.Series) -> pl.DataFrame:
        """Read French texts of needs.

        Returns:
            One row a text, in order: ``text``, ``workshop`` (null where it abstains), ``axis``, ``score`` (0 to 100),
            ``terms`` (what matched) and ``reason`` (why it abstains).

        Example:
            >>> from prai_match import Programme
            >>> Programme.example().classify(["refonte du site internet"])["workshop"].item()
            'site_internet'
        """
        return needs.classify([texts] if isinstance(texts, str) else texts, self.lexicon)

    @cached_property
    def _frames(self) -> recommend.Frames:
        return recommend.prepare(self, self.lexicon)


@cache
def _example(kind: type[_P], name: str) -> _P:
    """Read a bundled region, once: its rows are frozen, and what is prepared from them is each copy's own."""
    with as_file(files("prai_match").joinpath("data", name)) as folder:
        return kind.load(folder, follow_links=True)  # some installers link to the files of a package


def _beside(name: str, path: Path, root: Path | None) -> bytes:
    """Read a file that the catalogue names, of which no link may leave the folder ``root``."""
    try:
        return bounded(path, _LARGEST_BESIDE, root)
    except TomlError as error:
        kind = LexiconError if name == "lexicon" else PolicyError
        raise kind(path.name, [error.problem(str(path))]) from None
    except OSError:
        return b""  # whoever reads it says why it can't be read
