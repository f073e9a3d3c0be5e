"""The aggregate root: one programme, whole and consistent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from pydantic import ModelWrapValidatorHandler, ValidationError, model_validator

from prai_match.errors import Problem, ProgrammeError
from prai_match.model import _checks
from prai_match.model._fields import ProgrammeFields

if TYPE_CHECKING:
    from collections.abc import Mapping


class ProgrammeData(ProgrammeFields):
    """A regional training programme: what it offers, to whom, with whom, and what happened so far.

    Everything is checked when it is built; what is cited exists, nothing stands twice, dates are in order.

    Raises:
        ProgrammeError: The data has problems; ``error.problems`` lists all of them, each with its place.
    """

    @model_validator(mode="wrap")
    @classmethod
    def _all_problems_at_once(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401
        """Report the bad fields of every row together with what the good rows contradict."""
        try:
            programme = handler(data)
        except ValidationError as error:
            problems = [_problem(details) for details in error.errors(include_url=False)]
            rest = _without_bad_rows(data, [details["loc"] for details in error.errors()])
            if rest is not None:
                problems += rest.relocated(_checks.problems(handler(rest.rows), also_known=rest.ids))
            raise ProgrammeError(cls.__name__, problems) from None
        if problems := _checks.problems(programme):
            raise ProgrammeError(cls.__name__, problems)
        return programme


class _Rest:
    """The rows that are left when the bad ones are taken out, and what is needed to speak of them."""

    def __init__(self, data: Mapping[str, Any], bad: Mapping[str, set[int]]) -> None:
        self.rows = dict(data)
        self.ids: set[str] = set()
        self._places: dict[str, list[int]] = {}
        for field, indices in bad.items():
            rows = list(data[field])
            kept = [index for index in range(len(rows)) if index not in indices]
            self.rows[field] = [rows[index] for index in kept]
            self._places[field] = kept
            for index in indices:
                row = rows[index]
                values = (row.get("id"), row.get("code")) if isinstance(row, dict) else ()
                self.ids.update(value for value in values if isinstance(value, str))

    def relocated(self, problems: list[Problem]) -> list[Problem]:
        """Give each place the row number that it had before the bad rows were taken out."""
        return [
            Problem(_relocate(problem.where, self._places), problem.found, problem.expected) for problem in problems
        ]


def _relocate(where: str, places: Mapping[str, list[int]]) -> str:
    field, bracket, tail = where.partition("[")
    index, _, rest = tail.partition("]")
    return f"{field}[{places[field][int(index)]}]{rest}" if bracket and field in places else where


def _without_bad_rows(data: object, locations: list[tuple[int | str, ...]]) -> _Rest | None:
    if not isinstance(data, dict):
        return None
    bad: dict[str, set[int]] = {}
    for location in locations:
        match location:
            case (str(field), int(index), *_) if isinstance(data.get(field), list | tuple):
                bad.setdefault(field, set()).add(index)
            case _:
                return None
    return _Rest(data, bad)


def _problem(details: Any) -> Problem:  # noqa: ANN401 - pydantic's own dictionary
    where = ""
    for part in details["loc"]:
        where += f"[{part}]" if isinstance(part, int) else f".{part}" if where else str(part)
    found = "nothing" if details["type"] == "missing" else _shortened(details["input"])
    return Problem(where or "programme", found, _expected(details))


_EXPECTED = {
    "missing": "a value: the field is required",
    "extra_forbidden": "no field of that name",
    "string_pattern_mismatch": "a code: letters without accents, digits, '_', '.' and '-' (a département: 09, 2A, 971)",
}


def _expected(details: Any) -> str:  # noqa: ANN401 - pydantic's own dictionary
    """Turn 'Input should be a valid date' into 'a valid date'."""
    message = str(details["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    return _EXPECTED.get(details["type"], message)


def _shortened(value: object, limit: int = 80) -> str:
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}…"
