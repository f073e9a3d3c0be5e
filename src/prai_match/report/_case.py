"""What a page is made from: the recommendations, and the names that people read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from prai_match import register
from prai_match.errors import Lang, UnknownCodeError
from prai_match.io import fingerprint_of
from prai_match.model import kind_names
from prai_match.text import counted, messages, without_accents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.explain import Fingerprint
    from prai_match.recommend import Answers, Choice

Row = dict[str, Any]  # what the templates read, by name


@dataclass(frozen=True, eq=False)
class ReportCase:
    """The recommendations to show, the language, and the service that answers for the algorithm; empty: who decides."""

    answers: Answers
    lang: Lang
    service: str

    @cached_property
    def fingerprint(self) -> Fingerprint:
        return fingerprint_of(self.answers)

    @cached_property
    def texts(self) -> dict[str, Any]:
        return messages("prai_match.report", "report", self.lang)

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """The recommendations by département and name."""

        def order(rec: Choice) -> tuple[str, str]:
            return self.departements[rec.territory], without_accents(rec.name).casefold()

        return tuple(sorted(self.answers.choices(), key=order))

    @cached_property
    def departements(self) -> dict[str, str]:
        """Code of the département, by territory."""
        return {territory.id: territory.departement for territory in self.answers.programme.territories}

    @cached_property
    def departement_names(self) -> Mapping[str, str]:
        """Name of each département with its code, by code."""
        return {code: _departement(code) for code in sorted(set(self.departements.values()))}

    @cached_property
    def sessions(self) -> dict[str, str]:
        """Name of each session, by identifier, in the order of the catalogue."""
        return {session.id: session.name.get(self.lang) for session in self.answers.programme.catalogue.sessions}

    @cached_property
    def kinds(self) -> dict[str, str]:
        return kind_names(self.answers.programme.catalogue, self.texts["kinds"], self.lang)

    @cached_property
    def axes(self) -> dict[tuple[str, str], str]:
        return {
            (session.id, axis.id): axis.name.get(self.lang)
            for session in self.answers.programme.catalogue.sessions
            for axis in session.axes
        }

    @cached_property
    def actors(self) -> dict[str, str]:
        """Names of relay partners and trainers, by identifier."""
        return self.answers.names[self.lang]

    def count(self, count: int, forms: Mapping[str, str], **values: object) -> str:
        return counted(count, forms, self.lang).format_map(values)


def _departement(code: str) -> str:
    try:
        return str(register.get(code, "departement"))
    except UnknownCodeError:
        return code
