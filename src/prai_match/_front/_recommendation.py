"""One answer: what can be offered to a territory, or why nothing can."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from prai_match._front._record import Record, answer_of
from prai_match.explain._what_it_takes._search import what_it_takes
from prai_match.text import Shown, language

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from decimal import Decimal

    from prai_match._front._recommendations import Recommendations
    from prai_match.explain import Difference, Fingerprint, Notice, Why, WhyNot
    from prai_match.explain._what_it_takes._needed import Needed
    from prai_match.model import Lang, SessionKind


@dataclass(frozen=True, slots=True)
class Offer(Shown):
    """One session that can be offered to a territory, with whom, when and at what cost.

    Attributes:
        kind: ``buffet`` or ``workshop``.
        session: Identifier of the session.
        axis: Identifier of the axis; None: the common core.
        partner: Identifier of the relay partner.
        trainer: Identifier of the trainer.
        score: 0 to 100.
        cost: Euros; None: unknown, as a part of it is.
        earliest: First day on which it can be held.
        pathway: The session and what usually comes after it for this territory.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
        >>> rec.offer.session, rec.offer.axis, rec.offer.earliest
        ('dematerialisation', None, datetime.date(2007, 9, 24))
        >>> [offer.session for offer in rec.alternatives]
        ['sig']
    """

    kind: SessionKind
    session: str
    axis: str | None
    partner: str
    trainer: str
    score: float
    cost: Decimal | None
    earliest: dt.date
    pathway: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as data that JSON can hold (see ``docs/reference/schemas/alternative.json``).

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
            >>> alternative = rec.alternatives[0].to_json()
            >>> alternative["kind"], alternative["cost"], alternative["earliest"]
            ('workshop', '929.90', '2007-09-24')
        """
        return asdict(self) | {
            "cost": None if self.cost is None else str(self.cost),
            "earliest": self.earliest.isoformat(),
            "pathway": list(self.pathway),
        }


@dataclass(frozen=True, slots=True, repr=False)
class Recommendation(Shown):
    """What to offer next to one territory, or the reason why nothing can be offered.

    Attributes:
        territory: Identifier of the territory.
        name: Its name.
        next: What comes next: the offer itself or, in a blackout, what can be held after it.
        alternatives: The next best sessions, best first.
        reason: Code of the reason where nothing can be offered now, or None.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
        >>> rec.name, rec.session, rec.partner, rec.trainer
        ("CC des Portes d'Ariège Pyrénées", 'dematerialisation', 'adm09', 'archives_toulouse')
        >>> print(rec.why("en").main)
        The session follows what the territory attended (probability: 0.40).
    """

    territory: str
    name: str
    next: Offer | None
    alternatives: tuple[Offer, ...]
    reason: str | None
    _explain: Callable[[Lang], Why] = field(compare=False)
    _among: Recommendations = field(compare=False)

    @property
    def on(self) -> dt.date:
        """The day of the recommendation."""
        return self._among.on

    @property
    def offer(self) -> Offer | None:
        """What to offer now."""
        return None if self.reason else self.next

    @property
    def kind(self) -> SessionKind | None:
        """``buffet`` or ``workshop``."""
        return self.offer.kind if self.offer else None

    @property
    def session(self) -> str | None:
        """Identifier of the session to offer."""
        return self.offer.session if self.offer else None

    @property
    def axis(self) -> str | None:
        """Identifier of the axis; None: the common core."""
        return self.offer.axis if self.offer else None

    @property
    def partner(self) -> str | None:
        """Identifier of the relay partner."""
        return self.offer.partner if self.offer else None

    @property
    def trainer(self) -> str | None:
        """Identifier of the trainer."""
        return self.offer.trainer if self.offer else None

    @property
    def score(self) -> float | None:
        """0 to 100: the sum of ``why().contributions``."""
        return self.offer.score if self.offer else None

    @property
    def cost(self) -> Decimal | None:
        """Euros."""
        return self.offer.cost if self.offer else None

    @property
    def earliest(self) -> dt.date | None:
        """First day on which the session can be held; in a blackout, on which the next one can."""
        return self.next.earliest if self.next else None

    @property
    def pathway(self) -> tuple[str, ...]:
        """The session and what usually comes after it; in a blackout, those of the next one."""
        return self.next.pathway if self.next else ()

    @property
    def fingerprint(self) -> Fingerprint:
        """What it was computed from, in named parts; the same for all the territories of a day."""
        return self._among.fingerprint

    def why(self, lang: Lang = "fr") -> Why:
        """Return the contributions and the conditions that made this answer, in ``lang``.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
            >>> rec.why("en").details[0].sentence
            'The session follows what the territory attended (probability: 0.40).'
        """
        return self._explain(language(lang))

    def why_not(
        self,
        *,
        session: str | None = None,
        partner: str | None = None,
        trainer: str | None = None,
        axis: str | None = None,
        lang: Lang = "fr",
    ) -> WhyNot:
        """Return why a candidate, any one, is not what is recommended, or that it is.

        What isn't named is the best there is for the session or, where none passes, what comes furthest.

        Args:
            session: Identifier of a session; without it, the one that is recommended.
            partner: Identifier of a relay partner.
            trainer: Identifier of a trainer.
            axis: Identifier of an axis of the session; without it, the one that the needs ask for.
            lang: Language of ``str()``; ``text(lang)`` reads in the other.

        Raises:
            UnknownCodeError: One of them isn't known.
            ValueError: Neither a session nor a partner nor a trainer is given.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
            >>> why_not = rec.why_not(session="teleservices")
            >>> why_not.verdict, why_not.stage, [finding.rule for finding in why_not.refuting]
            ('refused', 'session', ['not_attended'])
        """
        return self._among.why_not_of(
            self.territory, session=session, partner=partner, trainer=trainer, axis=axis, lang=lang
        )

    def notice(self, lang: Lang = "fr", service: str = "") -> Notice:
        """Return the notice that is owed when an algorithm contributes to a decision (CRPA, article R. 311-3-1-2).

        Args:
            lang: Its language.
            service: To whom requests are addressed; empty: the service that takes the decision.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3))
            >>> notice = recs["200066231"].notice("en")
            >>> [section.title for section in notice.document.sections][1]
            '2. Data processed and their sources'
        """
        return self._among.notice_of(self, lang, service)

    def what_if(self, /, **changes: Any) -> Difference[Recommendations]:  # noqa: ANN401 - checked by `Changes`
        """Recommend for this territory again with changes (see `Recommendations.what_if`), and return the difference.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
            >>> print(rec.what_if(weights={"equity": 20}).after["200066231"].session)
            dematerialisation
        """
        return self._among.only(self.territory).what_if(**changes)

    def what_would_it_take(
        self, *, session: str | None = None, partner: str | None = None, trainer: str | None = None, lang: Lang = "fr"
    ) -> Needed:
        """Return the smallest sets of actionable changes that make a candidate the recommendation, each verified.

        The changes are those that people can make: express the need, attend a buffet, have one more relay or trainer
        or have a known one do more, and wait. ``rec.what_if(**answer.applied)`` makes those of an answer.

        Args:
            session: Identifier of a session; without it, any session.
            partner: Identifier of a relay partner; without it, any relay.
            trainer: Identifier of a trainer; without it, any trainer.
            lang: Language of ``str()``; ``text(lang)`` reads in the other.

        Raises:
            UnknownCodeError: One of them, or the language, isn't known.
            ValueError: Neither a session nor a partner nor a trainer is given.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
            >>> needed = rec.what_would_it_take(session="sig")
            >>> [[move.kind for move in answer.moves] for answer in needed]
            [['need']]
            >>> rec.what_if(**needed.answers[0].applied).after["200066231"].session
            'sig'
        """
        return what_it_takes(self._among, self.territory, session=session, partner=partner, trainer=trainer, lang=lang)

    def to_json(self, lang: Lang = "fr") -> dict[str, Any]:
        """Return its row of `Recommendations.to_polars` as data that JSON can hold: dates and amounts are texts.

        It is as ``docs/reference/schemas/recommendation.json`` says.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> row = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"].to_json("en")
            >>> row["session"], row["cost"], row["earliest"]
            ('dematerialisation', '956.92', '2007-09-24')
        """
        return self._among.row_of(self.territory, lang)

    def record(self) -> Record:
        """Return what to keep so that the answer can be reproduced later (`prai_match.reproduce`).

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme, reproduce
            >>> programme = Programme.example()
            >>> recs = programme.recommend(on=dt.date(2007, 9, 3), territories="200066231")
            >>> reproduce(recs["200066231"].record(), programme).same_answer
            True
        """
        among = self._among
        return Record(self.territory, self.name, among.on, among.top, answer_of(self), self.fingerprint)

    def __repr__(self) -> str:
        """The territory and the offer, or the reason."""
        said = f"session={self.session!r}, score={self.score:.1f}" if self.offer else f"reason={self.reason!r}"
        return f"<Recommendation {self.territory!r} {said}>"
