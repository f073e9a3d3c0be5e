"""A law that is broken: which, by what, and the code that shows it."""

from __future__ import annotations

from prai_match.testing._code import IMPORTS, code


class BrokenLawError(AssertionError):
    """A law doesn't hold: the failure of a test, not an error of the library.

    Attributes:
        law: Its name.
        rule: The rule that breaks it; empty: it is no single one.
        told: What was found.

    Example:
        >>> try:
        ...     expect("scores are within 100", False, "a score of 104", rule="equity")
        ... except BrokenLawError as error:
        ...     error.law, error.rule, error.told
        ('scores are within 100', 'equity', 'a score of 104')
    """

    def __init__(self, law: str, told: str, rule: str = "", **shown: object) -> None:
        """Say the law, the rule and what was found, and show values as code."""
        self.law = law
        self.rule = rule
        self.told = told
        by = f" by the rule {rule!r}" if rule else ""
        values = "".join(f"{name} = {code(value)}\n" for name, value in shown.items())
        super().__init__(f"{law} is broken{by}: {told}" + (f"\n\n{IMPORTS}\n{values}" if shown else ""))


def expect(law: str, holds: object, told: str, rule: str = "", **shown: object) -> None:
    """Raise where a law doesn't hold.

    Raises:
        BrokenLawError: It doesn't.

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
