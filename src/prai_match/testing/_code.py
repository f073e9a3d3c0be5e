"""What is drawn, printed as code: registered with Hypothesis, whose failing examples can then be pasted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis.vendor.pretty import for_type_by_name, pretty

if TYPE_CHECKING:
    from hypothesis.vendor.pretty import RepresentationPrinter

    from prai_match.model import Model, Rows
    from prai_match.policy import Policy

IMPORTS = """\
import datetime
from decimal import Decimal

from prai_match.policy import Policy
from prai_match._front import Programme
from prai_match.model import *
"""
"""What the code needs."""

_INDENT = 4


def code(value: object) -> str:
    """Return code, on lines that can be read, that makes an equal value; `IMPORTS` is what it needs.

    Args:
        value: A programme, a policy, any model, or a sequence of them.

    Example:
        >>> from prai_match.model import Election, Text
        >>> import datetime as dt
        >>> print(code(Election(date=dt.date(2008, 3, 16), name=Text(fr="Municipales", en="Municipal elections"))))
        Election(
            date=datetime.date(2008, 3, 16),
            name=Text(fr='Municipales', en='Municipal elections'))
    """
    return pretty(value)


def _listed(opening: str, parts: list[tuple[str, Any]], closing: str, printer: RepresentationPrinter) -> None:
    """Print parts side by side where they fit, otherwise each on its line."""
    with printer.group(_INDENT, opening):
        for place, (name, value) in enumerate(parts):
            printer.text("," if place else "")
            printer.breakable(" " if place else "")
            printer.text(name)
            if isinstance(value, list | tuple) and value:
                brackets = "[]" if isinstance(value, list) else "()"
                end = ",)" if brackets == "()" and len(value) == 1 else brackets[1]
                _listed(brackets[0], [("", each) for each in value], end, printer)
            else:
                printer.pretty(value)
    printer.text(closing)


def _model(value: Model, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: ARG001, FBT001 - Hypothesis's protocol
    fields = [(f"{name}=", found) for name, found in value.__repr_args__()]
    _listed(f"{type(value).__name__}(", fields, ")", printer)


def _rows(value: Rows[Any], printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: ARG001, FBT001
    printer.pretty(list(value))


def _policy(value: Policy, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: ARG001, FBT001
    printer.text(repr(value))


for_type_by_name("prai_match.model._base", "Model", _model)
for_type_by_name("prai_match.model._rows", "Rows", _rows)
for_type_by_name("prai_match.policy._policy", "Policy", _policy)
