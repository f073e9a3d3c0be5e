"""A history checked file by file, a batch at a time: what is wrong with it is counted, and shown by first examples."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from prai_match._words import catalogue, hint
from prai_match.datasets._source_files import PARTITION, TABLES, scanned, typed
from prai_match.errors import Problem, ProgrammeError, nearest
from prai_match.followups import territory_of
from prai_match.model import Attendance, Known, attendance_checks, beside_held, columns, needs_checks, row_problems
from prai_match.text import LANGUAGES, counted, messages, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from prai_match.datasets._source_files import File
    from prai_match.errors import Lang
    from prai_match.model import Check, Column, Model, ProgrammeData

_EXAMPLES = 3

_PACKAGE = "prai_match.datasets"
_TYPES = {pl.String: "texts", pl.Date: "dates", pl.Int64: "integers"}


def checked(programme: ProgrammeData, files: Mapping[str, Sequence[File]], subject: str) -> dict[str, list[str]]:
    """Check all of a history as a programme checks its own, and return the départements of each file, by its name."""
    known = Known.of(programme)
    departements = pl.DataFrame(
        [(territory.id, territory.departement) for territory in programme.territories],
        schema={"territory": pl.String, PARTITION: pl.String},
        orient="row",
    )
    home = territory_of(programme).join(departements, on="territory").select("collectivity", PARTITION)
    checks = {"needs": needs_checks(known), "attendances": attendance_checks(known)}
    held = programme.sessions.to_polars()
    problems: list[Problem] = []
    found: dict[str, list[str]] = {}
    for table, some in files.items():
        for file in some:
            columns_wrong = _columns_wrong(file, TABLES[table])
            problems += columns_wrong
            if not columns_wrong:
                told, found[file.name] = _rows(file, TABLES[table], checks[table], held, home)
                problems += told
    if problems:
        raise ProgrammeError(subject, problems)
    return found


def _columns_wrong(file: File, row: type[Model]) -> list[Problem]:
    """What is wrong with the columns of a file as a whole, or with the file."""
    try:
        schema = scanned(file.path).collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        return [Problem.of(_PACKAGE, "no_parquet", file.name, str(error).splitlines()[0])]
    known = {column.name: column for column in columns(row)}
    problems = [
        Problem.of(
            _PACKAGE,
            "unknown_column",
            f"{file.name}: {name}",
            known=", ".join(known),
            near=hint(nearest(name, known)),
        )
        for name in schema
        if name not in known
    ]
    problems += [
        Problem.of(_PACKAGE, "missing_column", f"{file.name}: {name}")
        for name, column in known.items()
        if name not in schema and column.field.is_required()
    ]
    for name, column in known.items():
        if name in schema and not _alike(schema[name], column):
            values = catalogue(_PACKAGE, "errors")["types"][_TYPES.get(column.dtype.base_type(), "numbers")]
            place = f"{file.name}: {name}"
            problems.append(Problem.of(_PACKAGE, "column_type", place, type=schema[name], values=values))
    return problems


def _alike(given: pl.DataType, column: Column) -> bool:
    """Whether values of a type can be read as those of a column without guessing."""
    if given in (pl.Null, column.dtype):
        return True
    wanted = column.dtype
    if wanted == pl.String:
        return given in (pl.Categorical, pl.Enum)
    return wanted.is_numeric() and (given.is_integer() or (given.is_float() and wanted.is_float()))


@dataclass(slots=True)
class _Told:
    """What is wrong in one way with a column of a file."""

    rows: int = 0
    examples: list[tuple[int, Problem]] = field(default_factory=list)

    def add(self, rows: int, examples: Iterable[tuple[int, Problem]]) -> None:
        """Count ``rows`` more, and keep the first of them: row number from 1, and problem."""
        self.rows += rows
        self.examples += [*examples][: _EXAMPLES - len(self.examples)]

    def problem(self, where: str) -> Problem:
        """Tell it all at once."""
        first = self.examples[0][1]
        more = ", …" if self.rows > len(self.examples) else ""
        found: dict[Lang, str] = {}
        for lang in LANGUAGES:
            said = messages(_PACKAGE, "errors", lang)["rows"]
            examples = [
                said["example"].format(found=problem.to_json(lang)["found"], row=number(row, 0, lang))
                for row, problem in self.examples
            ]
            found[lang] = f"{counted(self.rows, said, lang)} {', '.join(examples)}{more}"
        return replace(first, where=where, found=found["en"], found_fr=found["fr"])


def _rows(
    file: File, row: type[Model], checks: Sequence[Check], held: pl.DataFrame, home: pl.DataFrame
) -> tuple[list[Problem], list[str]]:
    """What is wrong with the rows of a file, and the départements they are of."""
    told: dict[tuple[str, str], _Told] = {}
    codes: set[str] = set()
    for start, batch in file.batches():
        for problem in row_problems(batch, row, "rows"):
            number, _, column = problem.where.removeprefix("rows[").partition("].")
            place = told.setdefault((column, problem.expected), _Told())
            place.add(1, [(start + int(number) + 1, problem)])
        rows = typed(batch.lazy(), row, batch.columns)
        if row is Attendance:
            rows = beside_held(rows, held)
        frame = rows.with_row_index("row", start + 1).collect()
        for order, check in enumerate(checks):
            broken = frame.filter(check.broken)
            if broken.height:
                first = broken.head(_EXAMPLES).iter_rows(named=True)
                place = told.setdefault((check.field, f"{order}"), _Told())
                place.add(broken.height, [(values["row"], check.problem(file.name, values)) for values in first])
        codes.update(frame.join(home, on="collectivity")[PARTITION].unique())
    return [some.problem(f"{file.name}: {column}") for (column, _), some in told.items()], sorted(codes)
