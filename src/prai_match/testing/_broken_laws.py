"""A broken law: its name, the cause, and code that reproduces it, printed like Hypothesis prints drawn values."""

from typing import Any

from hypothesis.vendor.pretty import RepresentationPrinter, for_type_by_name, pretty

from prai_match.model import Model

IMPORTS = """\
import datetime
from decimal import Decimal

from prai_match.policy import Policy
from prai_match._front import Programme
from prai_match.model import *
"""
"""The imports that the code needs."""

_INDENT = 4


class BrokenLawError(AssertionError):
    """A law doesn't hold: the failure of a test, not an error of the library.

    Attributes:
        law: Name of the law.
        rule: The rule that breaks it; empty if not a single rule.
        told: Description of the violation.

    Example:
        >>> try:
        ...     expect("scores are within 100", False, "a score of 104", rule="equity")
        ... except BrokenLawError as error:
        ...     error.law, error.rule, error.told
        ('scores are within 100', 'equity', 'a score of 104')
    """

    def __init__(self, law: str, told: str, rule: str = "", **shown: object) -> None:
        """State the law, the rule and the violation, and show values as code."""
        self.law = law
        self.rule = rule
        self.told = told
        by = f" by the rule {rule!r}" if rule else ""
        values = "".join(f"{name} = {code(value)}\n" for name, value in shown.items())
        super().__init__(f"{law} is broken{by}: {told}" + (f"\n\n{IMPORTS}\n{values}" if shown else ""))


def expect(law: str, holds: object, told: str, rule: str = "", **shown: object) -> None:
    """Raise an error if a law doesn't hold.

    Raises:
        BrokenLawError: The law doesn't hold.

    Example:
        >>> expect("scores are within 100", True, "a score of 96")
        >>> try:
        ...     expect("scores are within 100", False, "a score of 104")
        ... except BrokenLawError as error:
        ...     error.told
        'a score of 104'
    """
    if not holds:
        raise BrokenLawError(law, told, rule, **shown)


def code(value: object) -> str:
    """Return readable code that makes an equal value; it needs `IMPORTS`.

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


def _list(opening: str, parts: list[tuple[str, Any]], closing: str, printer: RepresentationPrinter) -> None:
    """Print parts on one line if they fit, otherwise each on its own line."""
    with printer.group(_INDENT, opening):
        for place, (name, value) in enumerate(parts):
            printer.text("," if place else "")
            printer.breakable(" " if place else "")
            printer.text(name)
            if isinstance(value, list | tuple) and value:
                brackets = "[]" if isinstance(value, list) else "()"
                end = ",)" if brackets == "()" and len(value) == 1 else brackets[1]
                _list(brackets[0], [("", each) for each in value], end, printer)
            else:
                printer.pretty(value)
    printer.text(closing)


def _model(value: Model, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: ARG001, FBT001 - Hypothesis's protocol
    _list(f"{type(value).__name__}(", [(f"{name}=", each) for name, each in value.__repr_args__()], ")", printer)


for_type_by_name("prai_match.model._base", "Model", _model)
for_type_by_name("prai_match.model._rows", "Rows", lambda rows, printer, _: printer.pretty(list(rows)))
for_type_by_name("prai_match.policy._policy", "Policy", lambda policy, printer, _: printer.text(repr(policy)))
