"""Problems of the model (``needs[3].date``) as problems of the files (``needs.csv:5.date``)."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from prai_match.io._outcomes import Fault
from prai_match.io._schema import FIELDS, PROGRAMME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from prai_match.errors import Problem
    from prai_match.io._outcomes import At, Stack
    from prai_match.io._settings import ProgrammeToml
    from prai_match.io._trainers import Trainers

_ROW = re.compile(
    rf"(?<![\w.])({'|'.join(table.name for table in FIELDS)})\[(\d+)\](?:\.(\w+))?(?:\[(\d+)\])?(?:\.(\w+))?[\w.\[\]]*"
)
_AMOUNT = re.compile(r"^Decimal\('(.*)'\)$")
_LINE = re.compile(r"(.+):(\d+)(?:\.|$)")
_NESTED = {"expertise": "expertise", "free": "trainer_days", "taken": "trainer_days"}


def faults_of(
    problems: Sequence[Problem], tables: Mapping[str, Stack], trainers: Trainers, settings: ProgrammeToml
) -> tuple[dict[str, list[Fault]], list[Problem]]:
    """Each problem of the model by its row, by table; and the problems that are in no row."""

    def place(match: re.Match[str]) -> str:
        table, at, column = _place(match, tables, trainers)
        return tables[table].place(at, column)

    faults: dict[str, list[Fault]] = defaultdict(list)
    others: list[Problem] = []
    for problem in _causes(problems):
        match = _ROW.match(problem.where)
        texts = {name: _AMOUNT.sub(r"\1", getattr(problem, name)) for name in ("found", "found_fr")}
        if match is None:
            others.append(replace(problem, where=settings.place(problem.where), **texts))
            continue
        texts |= {name: _ROW.sub(place, getattr(problem, name)) for name in ("expected", "expected_fr")}
        table, at, column = _place(match, tables, trainers)
        faults[table].append(Fault(at, column, replace(problem, **texts)))
    return faults, others


def in_order(problems: Iterable[Problem], tables: Mapping[str, Stack]) -> list[Problem]:
    """Problems file by file and line by line, each told once."""
    files = [PROGRAMME, *(read.grid.file for table in tables.values() for read in table.reads)]

    def key(problem: Problem) -> tuple[int, int]:
        match = _LINE.match(problem.where)
        file, line = (match[1], int(match[2])) if match else (problem.where, 0)
        return files.index(file) if file in files else len(files), line

    return sorted(dict.fromkeys(problems), key=key)


def _causes(problems: Sequence[Problem]) -> Iterable[Problem]:
    """Problems of the model without those that follow from another one."""
    above = {problem.where[: mark.start()] for problem in problems for mark in re.finditer(r"\[", problem.where)}
    for problem in problems:
        # The model counts the good items of a list only: one that has bad items seems too short.
        if not (problem.expected.startswith("Tuple should have at least") and problem.where in above):
            yield problem


def _place(match: re.Match[str], tables: Mapping[str, Stack], trainers: Trainers) -> tuple[str, At, str]:
    """The table, the row and the column of a place of the model."""
    table, index, column, item, inner = match.groups()
    if column == "attributes":
        column, inner = inner, None
    if table != "trainers":
        return table, tables[table].at(int(index)), column or ""
    items = trainers.items[int(index)]
    if column in _NESTED and item is not None:
        # A day taken is a plain date: its row begins with it.
        return _NESTED[column], items[column][int(item)], inner or ("start" if column == "taken" else "")
    return table, items[""][0], column or ""
