"""Problems of the model (``needs[3].date``) as problems of the files (``needs.csv:5.date``)."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from prai_match.io._schema import FIELDS, PROGRAMME
from prai_match.io._stacks import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from prai_match.errors import Problem
    from prai_match.io._settings import Settings
    from prai_match.io._stacks import At, Stacked
    from prai_match.io._trainers import Joined

_ROW = re.compile(
    rf"(?<![\w.])({'|'.join(table.name for table in FIELDS)})\[(\d+)\](?:\.(\w+))?(?:\[(\d+)\])?(?:\.(\w+))?[\w.\[\]]*"
)
_AMOUNT = re.compile(r"^Decimal\('(.*)'\)$")
_LINE = re.compile(r"(.+):(\d+)(?:\.|$)")
_NESTED = {"expertise": "expertise", "free": "trainer_days", "taken": "trainer_days"}


def faults_of(
    problems: Sequence[Problem], tables: Mapping[str, Stacked], joined: Joined, settings: Settings
) -> tuple[dict[str, list[Fault]], list[Problem]]:
    """Tell each problem of the model where it stands.

    Returns:
        The rows that are wrong, by table, and the problems that are in no row.
    """
    places = _Places(tables, joined)
    faults: dict[str, list[Fault]] = defaultdict(list)
    others: list[Problem] = []
    for problem in _first_told(problems):
        found, found_fr = (_AMOUNT.sub(r"\1", text) for text in (problem.found, problem.found_fr))
        problem = replace(problem, found=found, found_fr=found_fr)  # noqa: PLW2901 - the same, as it is written
        match = _ROW.match(problem.where)
        if match is None:
            others.append(replace(problem, where=settings.told(problem.where)))
            continue
        table, at, column = places.of(match)
        expected, expected_fr = (_ROW.sub(places.told, text) for text in (problem.expected, problem.expected_fr))
        faults[table].append(Fault(at, column, replace(problem, expected=expected, expected_fr=expected_fr)))
    return faults, others


def in_order(problems: Iterable[Problem], tables: Mapping[str, Stacked]) -> list[Problem]:
    """Problems file by file and line by line, each told once."""
    files = [PROGRAMME, *(read.grid.file for stacked in tables.values() for read in stacked.reads)]

    def key(problem: Problem) -> tuple[int, int]:
        match = _LINE.match(problem.where)
        file, line = (match[1], int(match[2])) if match else (problem.where, 0)
        return files.index(file) if file in files else len(files), line

    return sorted(dict.fromkeys(problems), key=key)


def _first_told(problems: Sequence[Problem]) -> Iterable[Problem]:
    """Problems of the model without those that follow from another one."""
    above = {problem.where[: mark.start()] for problem in problems for mark in re.finditer(r"\[", problem.where)}
    for problem in problems:
        # The model counts the good items of a list only: one that has bad items seems too short.
        if not (problem.expected.startswith("Tuple should have at least") and problem.where in above):
            yield problem


class _Places:
    """Where the rows of the model stand."""

    def __init__(self, tables: Mapping[str, Stacked], joined: Joined) -> None:
        self._tables, self._joined = tables, joined

    def of(self, match: re.Match[str]) -> tuple[str, At, str]:
        """The table, the row and the column of a place of the model."""
        table, index, column, item, inner = match.groups()
        if table != "trainers":
            return table, self._tables[table].at(int(index)), column or ""
        items = self._joined.items[int(index)]
        if column in _NESTED and item is not None:
            # A day taken is a plain date: its row begins with it.
            return _NESTED[column], items[column][int(item)], inner or ("start" if column == "taken" else "")
        return table, items[""][0], column or ""

    def told(self, match: re.Match[str]) -> str:
        """The same as it is read."""
        table, at, column = self.of(match)
        return self._tables[table].place(at, column)
