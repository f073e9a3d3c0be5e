"""The notice that French administrations owe when an algorithm contributes to a decision on somebody.

The four numbered parts are those of article R. 311-3-1-2 of the *code des relations entre le public et
l'administration*; the mention is that of its articles L. 311-3-1 and R. 311-3-1-1.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from prai_match._version import JSON_SCHEMA
from prai_match.explain._fingerprint import VERSIONS
from prai_match.policy import weight
from prai_match.text import Code, Document, Items, Section, Table, counted, day, messages, number, price

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal

    from prai_match.explain._fingerprint import Fingerprint
    from prai_match.explain._why import Condition
    from prai_match.model import Lang

PACKAGE = "prai_match.explain"


@dataclass(frozen=True, slots=True)
class DataSource:
    """Data that were processed, and where they come from.

    Attributes:
        data: Name of the data: ``needs``, ``attendances``…
        used: What of them concerns the territory.
        source: Who holds them, under which licence and of which date.
        fingerprint: First digits of their digest, or their version.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
        >>> [source.data for source in rec.notice("en").sources][:3]
        ['needs', 'attendances', 'territories']
    """

    data: str
    used: str
    source: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class AppliedPreference:
    """A preference as it was applied.

    Attributes:
        rule: Identifier of the rule.
        sentence: The rule with the values of the territory.
        weight: Its weight.
        points: Points obtained.
        out_of: Points at most.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
        >>> parameter = rec.notice("en").parameters[0]
        >>> parameter.rule, parameter.points <= parameter.out_of
        ('follow_up', True)
    """

    rule: str
    sentence: str
    weight: float
    points: float
    out_of: float


@dataclass(frozen=True, slots=True)
class NamedOffer:
    """A session that was kept, with the names that people read.

    Attributes:
        session: Name of the session.
        axis: Name of the axis; empty: the common core.
        partner: Name of the relay partner.
        trainer: Organisation and role of the trainer.
        score: 0 to 100.
        cost: Euros; None: unknown.
        earliest: First day on which it can be held.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
        >>> rec.notice("en").kept[0].session, rec.notice("en").kept[0].cost == rec.cost
        ('Paperless procedures', True)
    """

    session: str
    axis: str
    partner: str
    trainer: str
    score: float
    cost: Decimal | None
    earliest: dt.date


@dataclass(frozen=True, slots=True)
class Notice:
    """How the algorithm contributed to one recommendation, for those whom it concerns.

    Attributes:
        lang: Language of the notice.
        territory: Identifier of the territory.
        name: Its name.
        programme: Name of the programme.
        policy: Name of the policy.
        on: Day of the recommendation.
        service: To whom requests are addressed; empty: the service that takes the decision.
        result: What is recommended, or the reason why nothing is.
        sources: Data processed and their sources (part 2).
        conditions: Requirements as they were applied (part 3).
        parameters: Preferences with weights and points, the most points first (part 3).
        sessions: Number of sessions examined (part 4).
        kept: Sessions kept, best first (part 4).
        fingerprint: What the answer was computed from.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
        >>> notice = rec.notice("en", service="Région, Direction de la formation")
        >>> notice.name, notice.sessions, len(notice.kept)
        ("CC des Portes d'Ariège Pyrénées", 8, 2)
    """

    lang: Lang
    territory: str
    name: str
    programme: str
    policy: str
    on: dt.date
    service: str
    result: str
    sources: tuple[DataSource, ...]
    conditions: tuple[Condition, ...]
    parameters: tuple[AppliedPreference, ...]
    sessions: int
    kept: tuple[NamedOffer, ...]
    fingerprint: Fingerprint

    @property
    def document(self) -> Document:
        """The notice as a page: the mention and the case, then the four parts."""
        said = messages(PACKAGE, "notice", self.lang)
        return Document(
            self.lang,
            said["title"].format(name=self.name),
            (*self._mention(said["mention"]), self._case(said["case"])),
            (
                Section(said["contribution"]["title"], (said["contribution"]["aid"], said["contribution"]["mode"])),
                self._data(said["data"]),
                self._parameters(said["parameters"], said["states"]),
                self._operations(said["operations"]),
            ),
        )

    def text(self) -> str:
        """Return the notice as plain text."""
        return self.document.text()

    def html(self, level: int = 2) -> str:
        """Return the notice as an HTML fragment that needs nothing else; its heading is of ``level``."""
        return self.document.html(level)

    def to_json(self) -> dict[str, Any]:
        """Return the data of the notice and, as ``document``, its texts, as data that JSON can hold.

        It is as ``docs/reference/schemas/notice.json`` says.
        """
        data = {"schema": JSON_SCHEMA, **asdict(self), "document": asdict(self.document)}
        return dict(json.loads(json.dumps(data, default=str)))

    def __str__(self) -> str:
        """The notice as plain text."""
        return self.text()

    def _repr_html_(self) -> str:
        """The notice, for notebooks."""
        return self.document._repr_html_()

    def _mention(self, said: dict[str, str]) -> tuple[str, ...]:
        asked = said["service"].format(service=self.service) if self.service else said["anybody"]
        return said["purpose"], said["right"], f"{asked} {said['appeal']}"

    def _case(self, said: dict[str, str]) -> Items:
        values = {
            "name": self.name,
            "territory": self.territory,
            "programme": self.programme,
            "day": day(self.on, self.lang),
            "policy": self.policy,
            "result": self.result,
            "version": self.fingerprint.parts["library"],
            "digest": self.fingerprint.digest,
        }
        return Items(tuple(text.format_map(values) for text in said.values()))

    def _data(self, said: dict[str, Any]) -> Section:
        rows = tuple(
            (
                said["names"][source.data],
                source.used,
                source.source,
                source.fingerprint if source.data in VERSIONS else Code(source.fingerprint),
            )
            for source in self.sources
        )
        limits = said["limits"].format(day=day(self.on, self.lang))
        return Section(said["title"], (limits, Table(said["caption"], tuple(said["header"]), rows)))

    def _parameters(self, said: dict[str, Any], states: dict[str, str]) -> Section:
        held = tuple((c.sentence, Code(c.rule), states[_state(c)]) for c in self.conditions)
        weighed = tuple(
            (
                parameter.sentence,
                Code(parameter.rule),
                weight(parameter.weight, self.lang),
                number(parameter.points, 1, self.lang),
                number(parameter.out_of, 1, self.lang),
            )
            for parameter in self.parameters
        )
        blocks: list[str | Items | Table] = []
        if held:
            blocks.append(Table(said["conditions"], tuple(said["conditions_header"]), held))
        if weighed:
            blocks.append(Table(said["weights"], tuple(said["weights_header"]), weighed))
        score = number(self.kept[0].score, 1, self.lang) if self.kept else ""
        blocks.append(said["total"].format(score=score) if self.kept else said["none"])
        return Section(said["title"], tuple(blocks))

    def _operations(self, said: dict[str, Any]) -> Section:
        lang = self.lang
        steps = (
            *(said["read"], said["follow"]),
            counted(self.sessions, said["sift"], lang),
            *(said["actors"], said["score"], said["rank"]),
        )
        rows = tuple(
            (
                kept.session,
                kept.axis or said["core"],
                kept.partner,
                kept.trainer,
                number(kept.score, 1, lang),
                price(kept.cost, lang),
                day(kept.earliest, lang),
            )
            for kept in self.kept
        )
        outcome = Table(said["caption"], tuple(said["header"]), rows) if rows else said["nothing"]
        return Section(said["title"], (Items(steps, numbered=True), outcome))


def _state(condition: Condition) -> str:
    refused = condition.state == "unknown" and not condition.holds
    return "unknown_refused" if refused else condition.state
