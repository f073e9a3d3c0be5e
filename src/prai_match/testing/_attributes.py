"""Attributes of a programme: strategies of them and their values, and a second computation of what rules read."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, get_args

from hypothesis import strategies as st

from prai_match import model
from prai_match.testing._any_model import FIRST, days, unknown_or

_VALUES: Final[Mapping[model.AttributeType, st.SearchStrategy[Any]]] = {
    "boolean": st.booleans(),
    "integer": st.integers(-3, 40),
    "decimal": st.decimals(-3, 40, allow_nan=False, places=2),
    "text": st.sampled_from(["oui", "non", "élu"]),
    "date": days(FIRST - dt.timedelta(days=400)),
}


def attributes() -> st.SearchStrategy[tuple[model.Attribute, ...]]:
    """Attributes of all that can have any, of each type, at most one of a kind; none first.

    Example:
        >>> from hypothesis import find
        >>> [each.name for each in find(attributes(), lambda found: any(each.type == "date" for each in found))]
        ['territories_date']
    """
    every = [
        model.Attribute(of=of, name=name, type=kind, fr=f"{name} en français", en=f"{name} in English")
        for of in get_args(model.Bearer)
        for kind in get_args(model.AttributeType)
        for name in [f"{of}_{kind}"]
    ]
    return st.lists(st.sampled_from(every), max_size=8, unique_by=lambda each: each.name).map(tuple)


@st.composite
def with_values(draw: st.DrawFn, fields: dict[str, Any], declared: Sequence[model.Attribute]) -> dict[str, Any]:
    """Return the fields of a programme, whose rows have values of the attributes that are declared of them, or none."""

    def rows(of: str, given: Sequence[Any]) -> tuple[Any, ...]:
        own = {each.name: unknown_or(_VALUES[each.type]) for each in declared if each.of == of}
        return tuple(row.model_copy(update={"attributes": draw(st.fixed_dictionaries(own))}) for row in given)

    catalogue = fields["catalogue"]
    sessions = {name: rows("sessions", getattr(catalogue, name)) for name in ("buffets", "workshops")}
    return {
        **fields,
        "attributes": tuple(declared),
        "catalogue": catalogue.model_copy(update=sessions),
        **{name: rows(name, fields[name]) for name in ("collectivities", "territories", "partners", "trainers")},
    }


def attributes_of(
    programme: model.ProgrammeData,
    on: dt.date,
    of: model.Bearer,
    *rows: model.Buffet | model.Collectivity | model.RelayPartner | model.Territory | model.Trainer | model.Workshop,
) -> dict[str, float | bool | str | None]:
    """Return what rules read on a day from the attributes of a row, or of several combined."""
    read: dict[str, float | bool | str | None] = {}
    for attribute in programme.attributes:
        values: list[Any] = [row.attributes.get(attribute.name) for row in rows]
        given = [value for value in values if value is not None]
        match attribute.type if attribute.of == of else None:
            case "boolean":
                read[attribute.name] = any_of(values)
            case "integer" | "decimal":
                read[attribute.name] = float(sum(given)) if given else None
            case "text":
                read[attribute.name] = given[0] if len({*given}) == 1 else None
            case "date":
                read[attribute.name] = float((on - max(given)).days) if given else None
    return read


def any_of(facts: Iterable[bool | None]) -> bool | None:
    """Return whether any is true; None if this depends on unknown ones."""
    every = list(facts)
    return True if True in every else None if None in every else False


def all_of(facts: Iterable[bool | None]) -> bool | None:
    """Return whether all are true; None if this depends on unknown ones."""
    every = list(facts)
    return False if False in every else None if None in every else True
