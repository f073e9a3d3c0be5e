"""The aggregate root: one programme, whole and consistent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Self

import polars as pl
from pydantic import BaseModel, ModelWrapValidatorHandler, ValidationError, model_validator

from prai_match import _arguments as given
from prai_match.errors import Problem, ProgrammeError
from prai_match.model import _checks
from prai_match.model._attributes import typed
from prai_match.model._base import item, problem
from prai_match.model._fields import ProgrammeFields
from prai_match.model._rows import Rows

if TYPE_CHECKING:
    # Type checkers know defaults of type variables before Python 3.13 does.
    from typing_extensions import TypeVar

    ProgrammeT = TypeVar("ProgrammeT", bound="ProgrammeData")
    ProgrammeT_co = TypeVar("ProgrammeT_co", bound="ProgrammeData", covariant=True, default="ProgrammeData")
else:
    from typing import TypeVar

    ProgrammeT = TypeVar("ProgrammeT")
    ProgrammeT_co = TypeVar("ProgrammeT_co", covariant=True)
_T = TypeVar("_T")

# The fields from which the compiled lexicon and the compiled policy are made.
READ_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "lexicon": ("lexicon_table", "catalogue", "reader"),
    "policy": ("policy_rows", "attributes", "catalogue"),
}
_SESSIONS: Final = ("buffets", "workshops")  # the fields of a catalogue that hold sessions


class ProgrammeData(ProgrammeFields):
    """A regional training programme: its catalogue, territories, relays, trainers and history.

    Everything is checked when it is built: references exist, identifiers are unique, dates are in order. The history
    (needs, sessions, attendances) is given as models, dictionaries or frames, and stored in frames.

    Raises:
        ProgrammeError: The data have problems; ``error.problems`` lists all of them, each with its place.
    """

    @model_validator(mode="wrap")
    @classmethod
    def _all_problems_at_once(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401
        """Report the invalid fields of all rows together with the contradictions of valid rows."""
        data = _streams_read(data)
        try:
            programme = handler(data)
        except ValidationError as error:
            details = error.errors(include_url=False)
            problems = [problem(detail) for detail in details]
            if (bad := _bad_rows(data, [detail["loc"] for detail in details])) is not None:
                rows, ids, places = _without(data, bad)
                programme = handler(rows)
                contradictions = [*_typed_attributes(programme)[1], *_checks.problems(programme, other_ids=ids)]
                problems += [replace(each, where=_relocate(each.where, places)) for each in contradictions]
            raise ProgrammeError(cls.__name__, problems) from None
        values, problems = _typed_attributes(programme)
        if problems := [*problems, *_checks.problems(programme)]:
            raise ProgrammeError(cls.__name__, problems)
        programme.__dict__.update(values)  # safe, since it is still being built
        return programme

    @cached_property
    def files(self) -> dict[str, tuple[str, bytes, Any]]:
        """The files that fields were read from, by field: the name, the bytes, and the value that was read."""
        return {}

    @cached_property
    def computed(self) -> dict[str, tuple[tuple[str, ...], Any]]:
        """Values computed once from the data, with the fields that they read (see `once`); not pickled or compared."""
        return {}

    @cached_property
    def loaded(self) -> Any:  # noqa: ANN401 - what read it knows what it is (see `prai_match.io.LoadReport`)
        """Report on the rows that it was read from; None if it wasn't read from tables, or is a copy."""
        return None

    @given.takes(update=given.optional(given.mapping))
    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with some fields replaced; it is checked like a new programme.

        The copy keeps the load report of the programme that was loaded.

        Raises:
            ProgrammeError: A field is unknown, or the copy has problems.

        Example:
            >>> from prai_match import Programme
            >>> programme = Programme.example()
            >>> len(programme.model_copy(update={"needs": programme.needs[:10]}).needs)
            10
        """
        return _following(self, super().model_copy(update=update, deep=deep))

    def __eq__(self, other: object) -> bool:
        """Whether the other is a programme with equal fields; computed values don't matter."""
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in type(self).model_fields)

    __hash__ = ProgrammeFields.__hash__

    def __getstate__(self) -> dict[Any, Any]:
        """Leave computed values out of a pickle; its copy computes them again when needed."""
        state = super().__getstate__()
        return {**state, "__dict__": {name: value for name, value in self.__dict__.items() if name != "computed"}}


def substitute(programme: ProgrammeT, **fields: object) -> ProgrammeT:
    """Return the programme with other fields that are known to be valid: nothing is checked."""
    return _following(programme, BaseModel.model_copy(programme, update=fields))


def _following(before: ProgrammeData, after: ProgrammeT) -> ProgrammeT:
    """Keep in a copy what was computed from unchanged fields, and the files that they were read from."""
    after.loaded, after.files = None, {**before.files}
    after.computed = {
        name: (reads, value)
        for name, (reads, value) in before.computed.items()
        if reads and all(getattr(before, field) == getattr(after, field) for field in reads)
    }
    return after


def once(programme: ProgrammeData, name: str, compute: Callable[[], _T], reads: tuple[str, ...] = ()) -> _T:
    """Return the value computed once under a name; a copy keeps it while the fields that it ``reads`` are unchanged."""
    if name not in programme.computed:
        programme.computed[name] = (reads, compute())
    value: _T = programme.computed[name][1]
    return value


def _typed_attributes(programme: ProgrammeFields) -> tuple[dict[str, Any], list[Problem]]:
    """Return the fields whose rows have attributes, with values of the declared types, and the problems."""
    catalogue, named = programme.catalogue, ("collectivities", "territories", "partners", "trainers")
    tables: list[tuple[str, str, Sequence[Any]]] = [
        *((name, name, getattr(programme, name)) for name in named),
        *(("sessions", f"catalogue.{name}", getattr(catalogue, name)) for name in _SESSIONS),
    ]
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for bearer, where, rows in tables:
        if any(row.attributes for row in rows):
            declared = {each.name: each for each in programme.attributes if each.of == bearer}
            values[where], wrong = typed(rows, declared, where)
            problems += wrong
    if sessions := {name: values.pop(f"catalogue.{name}") for name in _SESSIONS if f"catalogue.{name}" in values}:
        values["catalogue"] = BaseModel.model_copy(catalogue, update=sessions)
    return values, problems


def _streams_read(data: object) -> object:
    """Convert Arrow objects to frames, since a stream may be readable only once."""
    if not isinstance(data, dict):
        return data
    return {
        name: pl.DataFrame(value) if hasattr(value, "__arrow_c_stream__") and not isinstance(value, Rows) else value
        for name, value in data.items()
    }


def _without(
    data: Mapping[str, Any], bad: Mapping[str, set[int]]
) -> tuple[dict[str, Any], set[str], dict[str, list[int]]]:
    """Return the data without invalid rows, the identifiers of these, and the old positions of the other rows."""
    rest, ids = dict(data), set[str]()
    places = {field: [at for at in range(len(data[field])) if at not in indices] for field, indices in bad.items()}
    for field, indices in bad.items():
        rows = data[field] if isinstance(data[field], pl.DataFrame) else list(data[field])
        rest[field] = rows[places[field]] if isinstance(rows, pl.DataFrame) else [rows[at] for at in places[field]]
        for row in rows[sorted(indices)].to_dicts() if isinstance(rows, pl.DataFrame) else [rows[at] for at in indices]:
            values = (row.get("id"), row.get("code")) if isinstance(row, dict) else ()
            ids.update(value for value in values if isinstance(value, str))
    return rest, ids, places


def _relocate(where: str, places: Mapping[str, list[int]]) -> str:
    """Restore in a place the row number from before the invalid rows were removed."""
    field, bracket, tail = where.partition("[")
    index, _, rest = tail.partition("]")
    return f"{item(field, places[field][int(index) - 1])}{rest}" if bracket and field in places else where


def _bad_rows(data: object, locations: Iterable[tuple[int | str, ...]]) -> dict[str, set[int]] | None:
    if not isinstance(data, dict):
        return None
    bad: dict[str, set[int]] = {}
    for location in locations:
        match location:
            case (str(field), int(index), *_) if isinstance(data.get(field), list | tuple | pl.DataFrame):
                bad.setdefault(field, set()).add(index)
            case _:
                return None
    return bad
