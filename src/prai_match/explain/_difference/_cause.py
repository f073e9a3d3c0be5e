"""One cause of a difference, and what differences say: the texts of ``data/difference.toml``, filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from prai_match._words import catalogue, filled
from prai_match.text import LANGUAGES, counted, messages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
        """Return the sentence in ``lang``."""
        return self.fr if lang == "fr" else self.en


def fact(
    code: str,
    subject: str | None,
    /,
    *,
    numbers: tuple[float | None, float | None] = (None, None),
    **parts: str | Mapping[Lang, str],
) -> Cause:
    """Return a fact, with the ``numbers`` before and after if it has any; its sentence is filled in with its parts."""
    text = catalogue("prai_match.explain", "difference")["said"][code]
    sentence = filled(text, parts)
    return Cause("fact", code, subject, *numbers, sentence["fr"], sentence["en"])


def sentence(part: str, key: str, lang: Lang, **values: object) -> str:
    """Fill in the text ``key`` of a part of the file; a value is never read as a format."""
    return str(messages("prai_match.explain", "difference", lang)[part][key]).format_map(values)


def several(part: str, key: str, count: int, lang: Lang) -> str:
    """Write a count in the form that it asks for."""
    return counted(count, messages("prai_match.explain", "difference", lang)[part][key], lang)


def in_quotes(name: str, lang: Lang) -> str:
    return sentence("inside", "quoted", lang, value=name)


def under(name: str, text: str, lang: Lang) -> str:
    """Write what a sentence is about before it."""
    return sentence("inside", "headed", lang, name=name, sentence=text)


def both(write: Callable[..., str], *values: object) -> dict[Lang, str]:
    """Write values in each language."""
    return {lang: write(*values, lang) for lang in LANGUAGES}
