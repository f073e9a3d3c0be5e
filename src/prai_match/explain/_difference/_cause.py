"""One cause of a difference, and the parts of its sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from prai_match._words import catalogue, filled
from prai_match.explain._difference._words import quoted, several
from prai_match.text import LANGUAGES, day, euros, number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from decimal import Decimal

    from prai_match.model import Lang


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that moved.

    Attributes:
        kind: ``satisfied`` or ``refuted`` (a requirement that holds now, or no longer), ``points`` (a preference whose
            points moved) or ``fact`` (the data, the day or the policy differ).
        code: The rule, or what sort of fact (``trainer_removed``, ``need_added``, ``weight``…).
        subject: The session that the rule judges, or the identifier that the fact is about; None: the whole programme.
        before: The points, weight, setting or count before; None where there is none.
        after: The same after.
        fr: The sentence in French.
        en: The sentence in English.

    Example:
        >>> cause = Cause("points", "equity", "sig", 4.0, 6.5, "Le poids change.", "The weight changes.")
        >>> cause.moved, cause.sentence("en")
        (2.5, 'The weight changes.')
    """

    kind: Literal["satisfied", "refuted", "points", "fact"]
    code: str
    subject: str | None
    before: float | None
    after: float | None
    fr: str
    en: str

    @property
    def moved(self) -> float:
        """After less before."""
        return (self.after or 0.0) - (self.before or 0.0)

    def sentence(self, lang: Lang) -> str:
        """Return the sentence in ``lang``.

        Example:
            >>> cause = Cause("points", "equity", "sig", 4.0, 6.5, "L'écart compte plus.", "The gap counts for more.")
            >>> cause.sentence("en")
            'The gap counts for more.'
        """
        return self.fr if lang == "fr" else self.en


def fact(
    code: str,
    subject: str | None,
    sentence: Mapping[Lang, str],
    before: float | None = None,
    after: float | None = None,
) -> Cause:
    """Return a fact."""
    return Cause("fact", code, subject, before, after, sentence["fr"], sentence["en"])


def sentence_of(code: str, **parts: str | Mapping[Lang, str]) -> dict[Lang, str]:
    """Return the sentence of a fact with its parts filled in."""
    return text_of("said", code, **parts)


def text_of(part: str, key: str, **values: str | Mapping[Lang, str]) -> dict[Lang, str]:
    """Return a text of a part of the catalogue, filled in."""
    return filled(catalogue("prai_match.explain", "difference")[part][key], values)


def dated(value: dt.date) -> dict[Lang, str]:
    """Return a day."""
    return {lang: day(value, lang) for lang in LANGUAGES}


def numbered(value: float, decimals: int) -> dict[Lang, str]:
    """Return a number."""
    return {lang: number(value, decimals, lang) for lang in LANGUAGES}


def priced(value: Decimal) -> dict[Lang, str]:
    """Return an amount."""
    return {lang: euros(value, lang) for lang in LANGUAGES}


def cited(names: Mapping[Lang, str]) -> dict[Lang, str]:
    """Return a name in quotation marks."""
    return {lang: quoted(names[lang], lang) for lang in LANGUAGES}


def count_of(part: str, key: str, count: int) -> dict[Lang, str]:
    """Return a count in the form that it asks for."""
    return {lang: several(part, key, count, lang) for lang in LANGUAGES}
