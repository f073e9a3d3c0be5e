"""The report on the rows that were read: nothing is dropped silently."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Final

import polars as pl

from prai_match.errors import Problem
from prai_match.files import Save, put
from prai_match.io import _outcomes, _schema, _unread_columns
from prai_match.io._grids._grid import SET_ASIDE
from prai_match.io._labels import key, table_names
from prai_match.io._notices import CONSEQUENCES, LoadNotice, lines_of, things_of, words
from prai_match.io._writing._formats import FORMATS, encoded, restored
from prai_match.model import Lang, ProgrammeData
from prai_match.text import Readable, Shown, counted, current_language, number

_ROWS: Final = 8  # number of rejected rows shown in the text; all are in the frame
_NO_FILE = re.compile(r'[\\/:*?"<>|]')
# Numeric columns of the frames; the others are texts.
_COUNTS: Final = frozenset(
    {"read", "accepted", "rejected", "repaired", "lines", "header", "set_aside", "continued", "line", "count", "rows"}
)


@dataclass(frozen=True, eq=False)
class LoadReport(Shown, Readable):
    """What was read, accepted, repaired and rejected, file by file.

    For every file, the number of rows read is always the sum of rows accepted and rejected. Titles, blank lines and
    totals don't count as rows: they are set aside and listed.

    Attributes:
        subject: Name of what was loaded.
        passed_over: Files and sheets that aren't tables of a programme.
        to_know: Unknown facts and duplicates in accepted rows; `notices` gives them in words.
        save: Information on the last save of the folder; None if there is none.

    Example:
        >>> from prai_match import Programme
        >>> report = Programme.example().load_report
        >>> report.read == report.accepted + report.rejected, report.rejected
        (True, 0)
        >>> report.tables().columns
        ['table', 'file', 'format', 'read', 'accepted', 'rejected', 'repaired']
    """

    subject: str
    reads: tuple[_outcomes.Read, ...]
    passed_over: tuple[str, ...] = ()
    to_know: tuple[LoadNotice, ...] = ()
    save: Save | None = None

    @property
    def read(self) -> int:
        """Number of rows read."""
        return sum(read.read for read in self.reads)

    @property
    def accepted(self) -> int:
        """Number of rows accepted."""
        return sum(read.rows.height for read in self.reads)

    @property
    def rejected(self) -> int:
        """Number of rows rejected."""
        return sum(read.rejected for read in self.reads)

    @property
    def repaired(self) -> int:
        """Number of repaired cells."""
        return sum(read.repaired for read in self.reads)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why rows were rejected, without those that are only consequences of other rejections."""
        return tuple(rejection.problem for read in self.reads for rejection in read.rejections if not rejection.follows)

    @property
    def missing(self) -> tuple[str, ...]:
        """The missing tables, about whose content nothing is known; a table without rows isn't missing."""
        there = {read.table.name for read in self.reads}
        return tuple(table.name for table in _schema.TABLES if table.name not in there)

    def tables(self) -> pl.DataFrame:
        """One row per file: ``table``, ``file``, ``format``, ``read``, ``accepted``, ``rejected``, ``repaired``."""
        return _frame(
            [
                (one.table.name, one.grid.file, one.grid.format, one.read, one.rows.height, one.rejected, one.repaired)
                for one in self.reads
            ],
            "table file format read accepted rejected repaired",
        )

    def rejections(self, lang: Lang | None = None) -> pl.DataFrame:
        """One row per reason: ``file``, ``line``, ``column`` (its heading), ``value``, ``reason``, ``suggestion``."""
        lang = current_language(lang)
        return _frame(
            [
                (
                    *(read.grid.file, one.line, one.label, one.problem.to_json(lang)["found"]),
                    *(_reason(one.problem, lang), one.suggestion),
                )
                for read in self.reads
                for one in sorted(read.rejections, key=lambda one: one.line)
            ],
            "file line column value reason suggestion",
        )

    def repairs(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return the repairs: ``file``, ``column``, ``repair`` in words, ``count``, ``example``."""
        labels = words(current_language(lang))["repairs"]
        return _frame(
            [
                (read.grid.file, repair.label, labels.get(repair.how, repair.how), repair.count, repair.example)
                for read in self.reads
                for repair in read.repairs
            ],
            "file column repair count example",
        )

    def headers(self) -> pl.DataFrame:
        """How headings were recognised: ``file``, ``label`` (the heading), ``column`` (null if not used), ``how``."""
        return _frame(
            [(read.grid.file, match.label, match.column, match.how) for read in self.reads for match in read.matches],
            "file label column how",
        )

    def unused(self, lang: Lang | None = None) -> list[tuple[str, str]]:
        """Return the file and heading of each non-empty column that wasn't used."""
        no_label = words(current_language(lang))["no_label"]
        return [
            (read.grid.file, match.label or no_label.format(place=match.place + 1))
            for read in self.reads
            for match, _ in _unread_columns.unread(read)
        ]

    def names(self) -> pl.DataFrame:
        """Return the names that were looked up: ``file``, ``column``, ``text``, ``status``, ``code``, ``rows``."""
        nothing = _frame((), "file column text status code rows")
        frames = [
            read.names.select(pl.lit(read.grid.file).alias("file"), "column", "text", "status", "code", "rows")
            for read in self.reads
            if read.names is not None
        ]
        return pl.concat([nothing, *(frame.cast(nothing.schema) for frame in frames)])

    def lines(self) -> pl.DataFrame:
        """Return the line counts of each file: ``lines`` = ``header`` + ``read`` + ``set_aside`` + ``continued``.

        For a text file, these are its lines: a row whose cells contain line ends continues on the next lines, and a
        single carriage return within a quoted cell is an ordinary character. For a sheet, these are its rows, from the
        first to the last non-empty one; for other sources, their rows.
        """
        return _frame(
            [
                (grid.file, grid.extent, int(grid.header_line is not None), read, grid.set_aside.height, grid.continued)
                for grid, read in ((one.grid, one.read) for one in self.reads)
            ],
            "file lines header read set_aside continued",
        )

    def set_aside(self) -> pl.DataFrame:
        """Return titles, blank lines and totals: ``file``, ``line``, ``kind``, ``text``."""
        grids = [read.grid for read in self.reads]
        frames = [grid.set_aside.select(pl.lit(grid.file).alias("file"), "line", "kind", "text") for grid in grids]
        return pl.concat([pl.DataFrame(schema={"file": pl.String, **SET_ASIDE}), *frames])

    def notices(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return unknown facts and duplicates in accepted rows: ``file``, ``kind``, ``count``, ``rows``, ``notice``.

        Kinds are ``unread`` (needs with only a text, for which there is no lexicon), ``unrecognised`` (a column that
        isn't recognised, and what is unknown because of it), ``too_many`` (sessions with more registered people than
        seats), ``undeclared`` (no follow-up is declared), ``outranking`` (follow-ups declared as more probable than a
        step in between, see `FollowUps.outranking`), ``unused`` (a column that nothing would use), ``twice`` (rows
        equal to an earlier one in all columns read) and ``alike`` (identifiers, or names of relay partners,
        territories, sessions, themes and axes, that differ only by case, accents or spaces). The first three cause a
        warning: see `consequences`. The others have no effect: both rows count, and both identifiers are distinct.
        """
        lang = current_language(lang)
        return _frame(
            [(note.file, note.kind, note.count, note.rows, note.sentence[lang]) for note in self.to_know],
            "file kind count rows notice",
        )

    def consequences(self, lang: Lang | None = None) -> list[str]:
        """Return the notices about unknown facts, without those about duplicates."""
        lang = current_language(lang)
        return [note.line(lang) for note in self.to_know if note.kind in CONSEQUENCES]

    def saved(self, lang: Lang | None = None) -> list[str]:
        """Return what is known about the last save of the folder: interruption, and files changed since."""
        if (save := self.save) is None:
            return []
        texts = words(lang := current_language(lang))
        lists = {"changed": save.changed, "missing": save.missing}
        lines = [f"{texts['save'][name]}{texts['colon']}{', '.join(files)}" for name, files in lists.items() if files]
        first, last = interrupted(save, lang), texts["save"]["damaged"] if save.damaged else ""
        return [line for line in (first, *lines, last) if line]

    def save_rejected(self, folder: str | os.PathLike[str], lang: Lang | None = None) -> tuple[Path, ...]:
        """Write the rejected rows of each file, in its own format, with a column of reasons.

        The files are named like ``besoins.rejets.csv``: once corrected, such a file is loaded together with
        ``besoins.csv`` of the same folder; the column of reasons is ignored. Existing files are never overwritten: if
        ``besoins.rejets.csv`` was corrected, or other rows are rejected now, the file is ``besoins.rejets.2.csv``.

        Args:
            folder: The folder; it is created if it doesn't exist.
            lang: Language of the reasons and of the column's name (``motif`` or ``reason``).

        Returns:
            The files, including those that already had the same rows; none if nothing was rejected.

        Raises:
            PraiError: A format needs the extra ``io``, which is not installed.
            OSError: A file can't be written.
        """
        lang, root = current_language(lang), Path(folder)
        in_use, files = {read.grid.file.partition("[")[0] for read in self.reads}, []
        for read in [read for read in self.reads if read.rejected]:
            root.mkdir(parents=True, exist_ok=True)
            rows, names = _rejected_rows(read, lang), _file_names(read, words(lang)["rejected"]["suffix"])
            for path in (root / name for name in names if name not in in_use):
                data = encoded(rows, path.suffix.removeprefix("."), sheet=path.stem)
                if not os.path.lexists(path):
                    put(path, data)
                elif not (path.is_file() and path.read_bytes() == data):
                    continue
                in_use.add(path.name)
                files.append(path)
                break
        return tuple(files)

    def summary(self, lang: Lang | None = None) -> str:
        """Return the report in one sentence."""
        texts = words(lang := current_language(lang))
        return str(texts["summary"]).format(
            subject=self.subject,
            repaired=number(self.repaired, 0, lang),
            **{name: counted(getattr(self, name), forms, lang) for name, forms in texts["counts"].items()},
        )

    def text(self, lang: Lang | None = None) -> str:
        """Return the report as a short text."""
        texts = words(lang := current_language(lang))
        colon, lines = texts["colon"], [self.summary(lang), *self.saved(lang)]

        rejections = self.rejections(lang)
        why = [
            f"{file}:{line}{f'.{column}' if column else ''}{colon}{reason}"
            for file, line, column, _, reason, _ in rejections.head(_ROWS).iter_rows()
        ]
        left = rejections.height - _ROWS
        more = [counted(left, texts["more"], lang)] if left > 0 else []
        by_status = self.names().group_by("status", maintain_order=True).agg(pl.col("rows").sum()).iter_rows()
        totals = self.set_aside().filter(kind="total").head(_ROWS).iter_rows()
        parts: dict[str, Iterable[str]] = {
            "tables": (
                f"{file} → {table}{colon}{read} = {accepted} + {rejected}"
                for table, file, _, read, accepted, rejected, _ in self.tables().iter_rows()
            ),
            "missing": (things_of(table, lang) for table in self.missing),
            "headers": lines_of(self.to_know, lang, of_columns=True),
            "notices": lines_of(self.to_know, lang, of_columns=False),
            "repairs": (
                f"{file}{f'.{column}' if column else ''}{colon}{how} ({count}{f', {example}' if example else ''})"
                for file, column, how, count, example in self.repairs(lang).iter_rows()
            ),
            "names": (f"{texts['statuses'][status]}{colon}{rows}" for status, rows in by_status),
            "rejections": why + more,
            "set_aside": (f"{file}:{line}{colon}{cells}" for file, line, _, cells in totals),
            "passed_over": self.passed_over,
        }
        for title, part in parts.items():
            if rows := [f"  {row}" for row in part]:
                lines.extend(["", f"{texts['titles'][title]}{colon}".rstrip(), *rows])
        return "\n".join(lines)


def _file_names(read: _outcomes.Read, word: str) -> Iterator[str]:
    stem = read.grid.name.removesuffix(f".{word}")
    stem = read.table.name if table_names().get(key(stem.partition(".")[0])) != read.table.name else stem
    stem = _NO_FILE.sub("_", stem)
    suffix = read.grid.format if read.grid.format in FORMATS else "csv"
    return (f"{stem}.{word}{f'.{number}' if number > 1 else ''}.{suffix}" for number in count(1))


def _rejected_rows(read: _outcomes.Read, lang: Lang) -> pl.DataFrame:
    label, colon = words(lang)["rejected"]["reason"], words(lang)["colon"]
    reasons: dict[tuple[int | None, int], list[str]] = {}
    for rejection in read.rejections:
        reason = _reason(rejection.problem, lang)
        reason = f"{rejection.label}{colon}{reason}" if rejection.label else reason
        reasons.setdefault((rejection.row, rejection.line), []).append(reason)
    places = sorted((row, line) for row, line in reasons if row is not None)
    cells = read.grid.cells[[row for row, _ in places]].rename(distinct(read.grid.header))
    cells = cells.with_columns(restored(pl.col(pl.String))) if read.grid.format in {"csv", "tsv"} else cells
    rows = cells.with_columns(pl.Series(label, ["; ".join(reasons[place]) for place in places], pl.String))
    lines = read.grid.faults.select("line", "text").iter_rows()
    if not (faults := [(text, "; ".join(reasons[None, line])) for line, text in lines]):
        return rows
    first = cells.columns[0]
    unsplit = pl.DataFrame(faults, schema={first: pl.String, label: pl.String}, orient="row")
    return pl.concat([rows.with_columns(pl.col(first).cast(pl.String)), unsplit], how="diagonal")


def distinct(header: tuple[str, ...]) -> dict[str, str]:
    """Return names for columns whose labels may be empty or duplicate."""
    places: dict[str, str] = {}
    for place, label in enumerate(header):
        name = label or f"({place + 1})"
        while name in places:
            name += "_"
        places[name] = str(place)
    return {place: name for name, place in places.items()}


def _frame(rows: Iterable[tuple[object, ...]], columns: str) -> pl.DataFrame:
    schema = {name: pl.Int64 if name in _COUNTS else pl.String for name in columns.split()}
    return pl.DataFrame(list(rows), schema, orient="row")


def report_of(programme: ProgrammeData) -> LoadReport | None:
    """Return the report on the rows of a programme; None if it wasn't read from tables, or is a copy."""
    report: LoadReport | None = programme.loaded
    return report


def interrupted(save: Save | None, lang: Lang) -> str:
    """Return what became of an interrupted save; empty if none was."""
    return str(words(lang)["save"][save.interrupted]) if save is not None and save.interrupted else ""


def _reason(problem: Problem, lang: Lang) -> str:
    return replace(problem, where="").text(lang)
