"""What pydantic finds wrong, as problems in French and English."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from prai_match._words import catalogue, filled
from prai_match.errors import Problem, excerpt

_T = TypeVar("_T")
_LONGEST = 80  # characters shown of what was found, and of a field's name: it may be anybody's


def item(where: str, index: int) -> str:
    """Return the place of an item of a list, ``needs[1]`` of the first: people count from 1, as the lines of files."""
    return f"{where}[{index + 1}]"


def items(where: str, values: Iterable[_T]) -> Iterator[tuple[str, _T]]:
    return ((item(where, index), value) for index, value in enumerate(values))


def path_of(loc: tuple[int | str, ...], longest: int | None = None) -> str:
    """Return the place that pydantic tells by steps; of each name, so many characters at most."""
    if loc[-1:] == ("[key]",):  # of a mapping, not a rank
        loc = (*loc[:-2], str(loc[-2]), loc[-1])
    steps = (item("", part) if isinstance(part, int) else f".{part[:longest]}" for part in loc)
    return "".join(steps).removeprefix(".")


def problem(details: Mapping[str, Any]) -> Problem:
    """Turn an error of pydantic, 'Input should be a valid date', into a problem that expects 'a valid date'."""
    kind, value = details["type"], details["input"]
    words = catalogue("prai_match.model", "fields")
    nothing = words["nothing"]
    message = str(details["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    limits = {name: f"{most:g}" if isinstance(most, float) else most for name, most in details.get("ctx", {}).items()}
    expectation = filled(words.get(kind, words["other"]), {**limits, "message": message})

    return Problem(
        path_of(details["loc"], _LONGEST) or "programme",
        nothing["en"] if kind == "missing" else excerpt(value),
        expectation["en"],
        expectation["fr"].replace(" or ", " ou ") if kind == "literal_error" else expectation["fr"],
        nothing["fr"] if value is None or kind == "missing" else "",
    )
