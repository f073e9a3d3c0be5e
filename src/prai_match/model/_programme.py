"""The aggregate root: one programme, whole and consistent."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, TypeVar

import polars as pl
from pydantic import ModelWrapValidatorHandler, ValidationError, model_validator

from prai_match.errors import LexiconError, PolicyError, Problem, ProgrammeError
from prai_match.model import _checks
from prai_match.model._fields import ProgrammeFields
from prai_match.model._problems import problem
from prai_match.model._rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_T = TypeVar("_T")


class ProgrammeData(ProgrammeFields):
    """A regional training programme: what it offers, to whom, with whom, and what happened so far.

    Everything is checked when it is built; what is cited exists, nothing stands twice, dates are in order. The history
    (needs, sessions, attendances) is given as models, dictionaries or frames, and kept in frames.

    Raises:
        ProgrammeError: The data has problems; ``error.problems`` lists all of them, each with its place.
    """

    @model_validator(mode="wrap")
    @classmethod
    def _all_problems_at_once(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401
        """Report the bad fields of every row together with what the good rows contradict."""
        data = _streams_read(data)
        try:
            programme = handler(data)
        except ValidationError as error:
            details = error.errors(include_url=False)
            problems = [problem(detail) for detail in details]
            rest = _without_bad_rows(data, [detail["loc"] for detail in details])
            if rest is not None:
                problems += rest.relocated(_checks.problems(handler(rest.rows), other_ids=rest.ids))
            raise ProgrammeError(cls.__name__, problems) from None
        if problems := _checks.problems(programme):
            raise ProgrammeError(cls.__name__, problems)
        return programme

    @cached_property
    def beside(self) -> dict[str, Any]:
        """What was read beside the tables: what the catalogue names, by its field, and ``files`` (bytes by name).

        A copy has it too, unless its catalogue is another.
        """
        return {}

    @cached_property
    def computed(self) -> dict[str, Any]:
        """What is computed from the data once, by whoever computes it; never copied, pickled or compared."""
        return {}

    @cached_property
    def loaded(self) -> Any:  # noqa: ANN401 - what read it knows what it is (see `prai_match.io.LoadReport`)
        """What became of the rows that it was read from; None: it wasn't read from tables, or is a copy."""
        return None

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy, with some fields replaced; what was computed from the old fields is computed again.

        The lexicon and the policy go along unless the catalogue changes; the load report is that of the programme that
        was loaded.

        Example:
            >>> from prai_match import Programme
            >>> programme = Programme.example()
            >>> len(programme.model_copy(update={"needs": programme.needs[:10]}).needs)
            10
        """
        copy = super().model_copy(update=update, deep=deep)
        copy.computed = {}
        copy.loaded = None
        copy.beside = {} if "catalogue" in (update or {}) else {**self.beside}
        return copy

    def __getstate__(self) -> dict[Any, Any]:
        """Leave out what the copy that is read from a pickle computes again where it needs it."""
        state = super().__getstate__()
        return {**state, "__dict__": {name: value for name, value in self.__dict__.items() if name != "computed"}}


def once(programme: ProgrammeData, name: str, compute: Callable[[], _T]) -> _T:
    """Return what was computed for a programme under a name, or compute it."""
    if name not in programme.computed:
        programme.computed[name] = compute()
    value: _T = programme.computed[name]
    return value


def named(
    programme: ProgrammeData, name: str, default: Callable[[], _T], error: type[LexiconError | PolicyError]
) -> _T:
    """Return what was read from the file that the catalogue names or, where it names none, the library's own."""
    file = getattr(programme.catalogue, name)
    if file is not None and name not in programme.beside:
        raise error(name, [Problem.of("prai_match.model", "not_beside", f"catalogue.{name}", repr(file))])
    if name not in programme.beside:
        programme.beside[name] = default()
    value: _T = programme.beside[name]
    return value


def _streams_read(data: object) -> object:
    """Put in frames what speaks Arrow: a stream may be read only once."""
    if not isinstance(data, dict):
        return data
    return {
        name: pl.DataFrame(value) if hasattr(value, "__arrow_c_stream__") and not isinstance(value, Rows) else value
        for name, value in data.items()
    }


class _Rest:
    """The rows that are left when the bad ones are taken out, and what is needed to speak of them."""

    def __init__(self, data: Mapping[str, Any], bad: Mapping[str, set[int]]) -> None:
        self.rows = dict(data)
        self.ids: set[str] = set()
        self._places: dict[str, list[int]] = {}
        for field, indices in bad.items():
            rows = data[field]
            rest = [index for index in range(len(rows)) if index not in indices]
            self.rows[field] = rows[rest] if isinstance(rows, pl.DataFrame) else [rows[index] for index in rest]
            self._places[field] = rest
            self.ids.update(_identifiers(rows, sorted(indices)))

    def relocated(self, problems: list[Problem]) -> list[Problem]:
        """Give each place the row number that it had before the bad rows were taken out."""
        return [replace(each, where=_relocate(each.where, self._places)) for each in problems]


def _identifiers(rows: Any, indices: Sequence[int]) -> Iterator[str]:  # noqa: ANN401 - as given by the user
    """Identifiers of some rows."""
    if isinstance(rows, pl.DataFrame):
        bad: Iterable[object] = rows[indices].select(pl.col("^id|code$")).iter_rows(named=True)
    else:
        bad = (rows[index] for index in indices)
    for row in bad:
        values = (row.get("id"), row.get("code")) if isinstance(row, dict) else ()
        yield from (value for value in values if isinstance(value, str))


def _relocate(where: str, places: Mapping[str, list[int]]) -> str:
    field, bracket, tail = where.partition("[")
    index, _, rest = tail.partition("]")
    return f"{field}[{places[field][int(index)]}]{rest}" if bracket and field in places else where


def _without_bad_rows(data: object, locations: Iterable[tuple[int | str, ...]]) -> _Rest | None:
    if not isinstance(data, dict):
        return None
    bad: dict[str, set[int]] = {}
    for location in locations:
        match location:
            case (str(field), int(index), *_) if isinstance(data.get(field), list | tuple | pl.DataFrame):
                bad.setdefault(field, set()).add(index)
            case _:
                return None
    return _Rest(data, bad)
