"""What `Programme.recommend` answers: one recommendation a territory, and all of them."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator, KeysView, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Unpack, cast, overload

from prai_match import _arguments as given, _later
from prai_match._front._next import OffersNext
from prai_match._front._record import Answer, Record, inputs_of
from prai_match.errors import PraiError
from prai_match.model import SUBJECTS, Lang
from prai_match.text import Shown, Tabular, current_language

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    import polars as pl

    from prai_match import explain, followups, io, packing, plan, recommend, report
    from prai_match._front._programme import Programme
    from prai_match.policy import Policy
else:
    modules = (".explain", ".io", ".packing", ".plan", ".recommend", ".report")
    explain, io, packing, plan, recommend, report = map(_later.Later, modules)

DefaultT = TypeVar("DefaultT")
_COSTS = given.optional(given.by_name(given.between(0, but=(0.0,))))


@dataclass(frozen=True, slots=True, repr=False)
class Recommendation(OffersNext, Shown):
    """What to offer next to one territory, or the reason why nothing can be offered.

    Attributes:
        territory: Identifier of the territory.
        name: Its name.
        next: The best offer; None: nothing can be offered within the horizon.
        alternatives: The next best sessions, best first.
        reason: Code of the reason where nothing can be offered within the horizon, or None.
        replacement: What an officer chose in place of an offer and still stands, or None.
        priority: 0 to 100: who is served first (see ``why().priority``).
        on: The day of the recommendation.

    Example:
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend("2007-09-03")["200066231"]
        >>> rec.name, rec.session, rec.partner, rec.trainer
        ("CC des Portes d'Ariège Pyrénées", 'dematerialisation', 'adm09', 'marches_montauban')
        >>> print(rec.why("en").main)  # doctest: +NORMALIZE_WHITESPACE
        3 of your officials and staff came to the buffet “Making procedures paperless” of 30 January 2007;
        13 of 32 territories went on within 4 months.
    """

    territory: str
    name: str
    next: recommend.Offer | None
    alternatives: tuple[recommend.Offer, ...]
    reason: str | None
    replacement: recommend.Replacement | None
    priority: float
    on: dt.date = field(compare=False)
    _answers: recommend.Answers | None = field(compare=False)
    _later: recommend.Offer | None = field(default=None, compare=False)
    _booked: tuple[recommend.Booking, ...] = field(default=(), compare=False)

    @property
    def answers(self) -> recommend.Answers:
        """The answers of the day, of which this is one.

        Raises:
            PraiError: It was read from a pickle, which has the recommendation alone.
        """
        if self._answers is None:
            raise PraiError.of("prai_match._front", "no_answers", name=self.name)
        return self._answers

    def __reduce__(self) -> tuple[type[Recommendation], tuple[object, ...]]:
        """Leave the answers of the day out of a pickle: they are those of all territories."""
        state = (self.territory, self.name, self.next, self.alternatives, self.reason, self.replacement, self.priority)
        return Recommendation, (*state, self.on, None, self.later, self.booked)

    def __copy__(self) -> Recommendation:  # nothing of it changes, and a copy has the answers
        return self

    def __deepcopy__(self, _: dict[int, object]) -> Recommendation:
        return self

    @property
    def later(self) -> recommend.Offer | None:
        """The first offer beyond the horizon, where there is none within it, or None."""
        return self._later if self._answers is None else self._answers.later_of(self.territory)

    @property
    def booked(self) -> tuple[recommend.Booking, ...]:
        """What it hosts on a later day, or is registered for, the soonest first: named, not offered."""
        return self._booked if self._answers is None else self._answers.booked_of(self.territory)

    @property
    def equivalent(self) -> tuple[recommend.Offer, ...]:
        """The alternatives whose score is within a point of the best: equivalent offers."""
        return recommend.equivalent(self.next, self.alternatives)

    @property
    def fingerprint(self) -> explain.Fingerprint:
        """What it was computed from, in named parts; the same for all the territories of a day."""
        return io.fingerprint_of(self.answers)

    @property
    def needs(self) -> pl.DataFrame:
        """What its collectivities asked for by the day, newest first; persons are masked.

        Columns: ``date``, ``territory``, ``collectivity``, ``name`` (of the collectivity), ``channel``, ``text``,
        ``workshop`` and ``axis`` (as stated or read; null: none), ``people``, ``score`` (0 to 100), ``state`` and
        ``since`` (see `Programme.needs_on`) and ``behind``: whether the need stands behind the offer, that is, it is
        open or to confirm and asks for the workshop or, of a buffet, for what it leads to.

        Example:
            >>> from prai_match import Programme
            >>> rec = Programme.example().recommend("2007-09-03")["200066231"]
            >>> rec.needs["date", "channel", "workshop", "state", "behind"].rows()
            [(datetime.date(2007, 2, 26), 'buffet', 'organisation_interne', 'open', False)]
        """
        return explain.needs_behind(self.answers, self.territory, current_language(None))

    @property
    def history(self) -> pl.DataFrame:
        """The sessions that it attended by the day, newest first; persons are masked.

        Columns, a row a session and day: ``date``, ``territory``, ``session``, ``name`` (of the session), ``host`` (the
        territory where it was held; null: not known) and ``place`` (its name), ``elected``, ``technicians`` and
        ``people`` (who came; null: not known), ``rating`` (the mean, of 4) and ``held`` (its identifier among the
        sessions held).

        Example:
            >>> from prai_match import Programme
            >>> rec = Programme.example().recommend("2007-09-03")["200066231"]
            >>> rec.history["date", "session", "people"].row(0)
            (datetime.date(2007, 6, 14), 'teleservices', 3)
        """
        return explain.history_of(self.answers.programme, self.on, [self.territory], current_language(None))

    @given.takes(public=given.yes)
    def why(self, lang: Lang | None = None, *, public: bool = False) -> explain.Why:
        """Return the contributions and the conditions that made this answer, and the facts behind them.

        Args:
            lang: Language of its sentences.
            public: Whether it is for others: the words of needs are left out (persons are masked in any case).

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return explain.why(self.answers, self.territory, current_language(lang), public=public)

    @given.takes(day=given.optional(given.day))
    def why_not(  # noqa: PLR0913 - what is asked, by keyword
        self,
        *,
        session: str | None = None,
        host: str | None = None,
        partner: str | None = None,
        trainer: str | None = None,
        axis: str | None = None,
        day: dt.date | None = None,
        lang: Lang | None = None,
    ) -> explain.WhyNot:
        """Return why a candidate, any one, is not what is recommended, or that it is.

        What isn't named is the best there is for the session or, where none passes, what comes furthest. With a day, it
        is judged as on that day, under the council that sits then: whether the day is open where it is held, the lag is
        over and the trainer is free. Where such a session is booked there that can be joined, the seat is at this one.

        Args:
            session: Identifier of a session; without it, the one that is recommended.
            host: Identifier of the territory where it would be held; without it, where it is possible.
            partner: Identifier of a relay partner.
            trainer: Identifier of a trainer.
            axis: Identifier of an axis of the session; without it, the one that the needs ask for.
            day: The day on which it would be held; without it, the first that is possible.
            lang: Language of ``str()``; ``text(lang)`` reads in the other.

        Raises:
            UnknownCodeError: One of them isn't known.
            ValueError: Neither a session nor a host nor a partner nor a trainer is given.
        """
        candidate = {"session": session, "host": host, "partner": partner, "trainer": trainer, "axis": axis}
        return explain.why_not(self.answers, self.territory, day, lang=current_language(lang), **candidate)

    @given.takes()
    def notice(self, lang: Lang | None = None, service: str = "") -> explain.Notice:
        """Return the notice that is owed when an algorithm contributes to a decision (CRPA, article R. 311-3-1-2).

        Args:
            lang: Its language.
            service: To whom requests are addressed; empty: the service that takes the decision.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return explain.notice(
            self.answers, self.territory, self.fingerprint, lang=current_language(lang), service=service
        )

    @given.takes(public=given.yes)
    def brief(self, lang: Lang | None = None, *, public: bool = False) -> explain.Brief:
        """Return what is prepared for the session that is offered: its programme, for whom, what they said, by when.

        Args:
            lang: Its language.
            public: Whether the words of needs are left out.

        Raises:
            PraiError: Nothing can be offered within the horizon.
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return explain.brief_of_offer(self.answers, self.territory, current_language(lang), public=public)

    def what_if(self, /, **changes: Unpack[explain.ChangeFields]) -> explain.Difference[Recommendations]:
        """Recommend again for this territory alone (see `Recommendations.what_if`), and return the difference."""
        return _again(Recommendations(self.answers.among([self.territory])), changes)

    @given.takes(costs=_COSTS, never=given.keys)
    def what_would_it_take(  # noqa: PLR0913 - what is asked, by keyword
        self,
        *,
        session: str | None = None,
        partner: str | None = None,
        trainer: str | None = None,
        costs: Mapping[str, float] | None = None,
        never: Iterable[str] = (),
        lang: Lang | None = None,
    ) -> explain.Needed:
        """Return the cheapest sets of actionable changes that make a candidate the recommendation, each verified.

        The changes are those that people can make: express, confirm or withdraw a need, choose another axis, hold what
        is recommended first, go to a neighbour, have one more relay or trainer or have a known one do more, and wait
        until a day. ``rec.what_if(**answer.applied)`` makes those of an answer.

        Args:
            session: Identifier of a session; without it, any session.
            partner: Identifier of a relay partner; without it, any relay.
            trainer: Identifier of a trainer; without it, any trainer.
            costs: What a change of a kind costs (see `prai_match.explain.MoveKind`), above 0; 1 where nothing is said.
                Sets that cost twice as much as the cheapest, or more, are left out.
            never: Kinds of changes that are never proposed.
            lang: Language of ``str()``; ``text(lang)`` reads in the other.

        Raises:
            UnknownCodeError: One of them, a kind of changes or the language isn't known.
            ValueError: Neither a session nor a partner nor a trainer is given, or a cost isn't above 0.
        """
        candidate = {"session": session, "partner": partner, "trainer": trainer}
        own = current_language(lang)
        return explain.what_it_takes(self.answers, self.territory, candidate, own, costs=costs, never=never)

    @given.takes(public=given.yes)
    def to_json(self, lang: Lang | None = None, *, public: bool = True) -> dict[str, Any]:
        """Return its row of `Recommendations.to_polars` as data that JSON can hold: dates and amounts are texts.

        It is as ``docs/reference/schemas/recommendation.json`` says. The words of needs are left out, as JSON goes to
        other services, unless it isn't ``public``.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return explain.rows_of(explain.table(self.answers, current_language(lang), self.territory, public=public))[0]

    def record(self, *, keep: Literal["answer", "inputs"] = "answer") -> Record:
        """Return what to keep so that the answer can be reproduced later (`prai_match.reproduce`).

        Args:
            keep: ``inputs``: with the answer all that it was computed from, the programme as it was known on the day,
                so that it is reproduced without one.

        Raises:
            ArgumentError: ``keep`` is another word.
        """
        given.choice(keep, "keep", ("answer", "inputs"))
        answer = Answer.of(self.next, self.reason, self.why().contributions)
        inputs = inputs_of(self.answers) if keep == "inputs" else None
        return Record(self.territory, self.name, self.on, self.answers.top, answer, self.fingerprint, inputs)

    def __repr__(self) -> str:
        answer = f"session={self.session!r}, score={self.score:.1f}" if self.offer else f"reason={self.reason!r}"
        return f"<Recommendation {self.territory!r} {answer}>"


@dataclass(frozen=True, eq=False, repr=False)
class Recommendations(Shown, Tabular):
    """The recommendations of a programme on a day: by territory as a dictionary has them, and a frame.

    Reads as a frame wherever Arrow is spoken: ``polars.DataFrame(recs)``, ``pandas.DataFrame(recs)``… Iterating gives
    the recommendations themselves, and ``dict(recs)`` has them by territory.

    Example:
        >>> from prai_match import Programme
        >>> recs = Programme.example().recommend("2007-09-03")
        >>> len(recs), "200066231" in recs
        (101, True)
        >>> recs.without()
        {'all_attended': 1}
        >>> recs.to_polars("en").columns[:6]
        ['territory', 'name', 'departement', 'kind', 'session', 'axis']
    """

    answers: recommend.Answers

    @property
    def programme(self) -> Programme:
        """The programme that was asked."""
        return cast("Programme", self.answers.programme)

    @property
    def policy(self) -> Policy:
        """The rules and weights."""
        return self.answers.policy

    @property
    def top(self) -> int:
        """Sessions kept for each territory."""
        return self.answers.top

    @property
    def on(self) -> dt.date:
        """The day of the recommendations."""
        return self.answers.on

    @property
    def follow_ups(self) -> followups.FollowUps:
        """The follow-up graph that was used."""
        return self.answers.snapshot.follow_ups

    @cached_property
    def fingerprint(self) -> explain.Fingerprint:
        """What the recommendations were computed from, in named parts; it costs half a second a million attendances."""
        return io.fingerprint_of(self.answers)

    def __len__(self) -> int:
        return len(self.answers)

    def __iter__(self) -> Iterator[Recommendation]:
        return (self[code] for code in self.answers.territories["territory"])

    def __contains__(self, territory: object) -> bool:
        return isinstance(territory, str) and territory in self.answers.numbers

    def __getitem__(self, territory: str) -> Recommendation:
        """Return the recommendation of a territory, by its identifier.

        Raises:
            UnknownCodeError: There is no such territory here.
        """
        code = given.key(territory, "territory")
        return Recommendation(*self.answers.choice(code), self.answers.snapshot.on, self.answers)

    @given.takes()
    def together(self, until: dt.date | None = None) -> plan.Plan:
        """Return a set of offers that can be carried out together: each answer for itself may take what others need.

        In the order of priority each territory keeps its first offer (session, axis and host) if it can, with relays
        and trainers within a point of the best; else it attends that session elsewhere, or has its best offer that
        still fits. A session that opens is filled first with those whose first offer it is; as far as it needs more
        people, with others to whom it can be offered, of whom a territory attends one session more at most.
        `Plan.compare` tells what became of each first offer, and who came before.

        Args:
            until: Last day of its sessions; None: ``offer_horizon_days`` after the day, or the programme's end.

        Returns:
            A plan of the status ``by_priority``; no solver is needed.

        Raises:
            ValueError: The period ends before it starts.

        Example:
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend("2007-09-03")
            >>> season = recs.together()
            >>> season.status, season.check().height, season.seats["territory"].n_unique()
            ('by_priority', 0, 99)
        """
        return plan.together(self.answers, until)

    def contention(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return what first offers compete for: each is right for itself, and what they want can't serve all of them.

        Columns, a row a territory and resource: ``territory``, ``resource`` (``trainer``: on the offer's day;
        ``relay``: its room over a year; ``team``: the sessions of that day that the pace allows; ``seats``: of a booked
        session that is joined), ``code`` (of the trainer, the relay or the booked session; null for the team), ``day``
        (null for a relay), ``wanted`` (how many sessions of first offers want it; for seats, how many territories),
        ``left`` (how many it can still take) and ``sentence`` where a language is asked for.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.

        Example:
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend("2007-09-03")
            >>> recs.contention().filter(resource="team")["day", "wanted", "left"].unique().rows()
            [(datetime.date(2007, 9, 24), 80, 2)]
            >>> recs.where(territory="200066231").contention().height
            0
        """
        return packing.contention(self.answers, None if lang is None else current_language(lang))

    def why_not(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return one row a territory and session that is not recommended to it, with what stands in its way.

        Columns: ``territory``, ``session``, ``axis``, ``host``, ``joins``, ``partner`` and ``trainer`` (the best there
        are or, where none passes, those that come furthest), ``verdict`` (``outscored`` or ``refused``), ``stage`` and
        ``rule`` (the first that stops it; where it is outscored, the one that makes most of the difference), ``reason``
        (code), ``found`` (JSON: the values of the columns that the rule reads), ``score`` and ``gap`` (points by which
        the recommendation is ahead), and ``sentence`` where a language is asked for.

        Example:
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend("2007-09-03", territories="200066231")
            >>> recs.why_not("en").filter(session="teleservices")["verdict", "rule", "reason"].rows()
            [('refused', 'not_attended', 'all_attended')]
        """
        lang = None if lang is None else current_language(lang)
        return explain.losers(self.answers.snapshot, self.policy, self.answers.furthest, self.answers.best, lang)

    @given.takes(costs=_COSTS, never=given.keys)
    def what_would_it_take(
        self, lang: Lang | None = None, *, costs: Mapping[str, float] | None = None, never: Iterable[str] = ()
    ) -> dict[str, explain.Needed]:
        """Return what it would take for the best alternative of each territory, by its identifier.

        That is the session of rank 2 or, where there is none, the one that comes furthest beside the one offered. Each
        answer is that of `Recommendation.what_would_it_take` for this session; together they are found much sooner.

        Args:
            lang: Language of ``str()``; ``text(lang)`` reads in the other.
            costs: What a change of a kind costs, above 0; 1 where nothing is said.
            never: Kinds of changes that are never proposed.

        Raises:
            UnknownCodeError: A kind of changes or the language isn't known.
            ValueError: A cost isn't above 0.
        """
        return explain.what_each_takes(self.answers, current_language(lang), costs=costs, never=never)

    def names(self, lang: Lang) -> dict[str, str]:
        """Return the names of territories, sessions, relay partners and trainers, by identifier."""
        return self.answers.names[current_language(lang)]

    def __sub__(self, before: Recommendations) -> explain.Difference[Recommendations]:
        """Return what changed since ``before``: another day, policy or programme."""
        if not isinstance(before, Recommendations):
            return NotImplemented
        return explain.Difference(before, self, (before.answers, self.answers))

    def keys(self) -> KeysView[str]:
        """Return the identifiers of the territories, in order: with them, ``dict(recs)`` is by territory."""
        return self.answers.numbers.keys()

    def values(self) -> list[Recommendation]:
        """Return the recommendations, in the order of the territories' identifiers."""
        return list(self)

    def items(self) -> list[tuple[str, Recommendation]]:
        """Return each territory's identifier with its recommendation, in order."""
        return [(rec.territory, rec) for rec in self]

    @overload
    def get(self, territory: str) -> Recommendation | None: ...
    @overload
    def get(self, territory: str, default: DefaultT) -> Recommendation | DefaultT: ...
    def get(self, territory: str, default: object = None) -> object:
        """Return the recommendation of a territory, by its identifier; ``default`` where there is none."""
        return self[code] if (code := given.key(territory, "territory")) in self else default

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.keys())

    def where(self, *conditions: pl.Expr, **columns: object) -> Recommendations:
        """Return the recommendations for which all conditions hold, as if these territories alone had been asked for.

        Args:
            *conditions: Expressions over the columns of `to_polars`; where one is unknown, it doesn't hold.
            **columns: A value by column, or a list of which it has one; None: it isn't known, or there is none.

        Returns:
            Some, all or none of them, in the same order.

        Raises:
            TypeError: An expression is no condition, or a value is of another type than its column.
            UnknownCodeError: There is no such column.

        Example:
            >>> import polars as pl
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend("2007-09-03")
            >>> len(recs.where(session="sig")), len(recs.where(departement=["09", "31"]))
            (17, 25)
            >>> [rec.territory for rec in recs.where(pl.col("score") > 60, departement="32")]
            ['243200409', '243200508']
        """
        return Recommendations(self.answers.among(explain.where(self.to_polars(), conditions, columns)["territory"]))

    def what_if(self, /, **changes: Unpack[explain.ChangeFields]) -> explain.Difference[Recommendations]:
        """Recommend again with changes, and return the difference; ``difference.after`` has the recommendations.

        The same territories are answered for, with the same ``top`` and joined columns and, unless changed, the same
        day and policy. The follow-up graph is learned again where none was given.

        Args:
            changes: The fields of `explain.Changes`: ``with_needs``, ``without_trainers``, ``on``, ``weights``…

        Raises:
            ProgrammeError: A change isn't known or isn't valid, or the programme that results contradicts itself.
            PolicyError: A weight is of no preference of the policy.
            UnknownCodeError: Something to take away isn't there.

        Example:
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend("2007-09-03")
            >>> difference = recs.what_if(without_trainers=["web_toulouse"])
            >>> {recs[changed.territory].trainer for changed in difference}
            {'web_toulouse'}
        """
        return _again(self, changes)

    def without(self) -> dict[str, int]:
        """Return the number of territories without an offer, by reason, the most frequent first."""
        return self.answers.without()

    @given.takes(public=given.yes)
    def to_polars(self, lang: Lang | None = None, *, public: bool = False) -> pl.DataFrame:
        """Return one row a territory, the highest priority first, then in the order of the identifiers.

        Columns: ``territory``, ``name``, ``departement``, ``kind``, ``session``, ``axis``, ``host`` (where it is held),
        ``joins`` (the booked session to join, by its identifier), ``partner``, ``trainer``, ``score`` (0 to 100),
        ``cost`` (€), ``day``, ``priority`` (0 to 100), ``equivalent`` (sessions within a point of the one offered, of
        those kept), ``reason`` (code, where there is no offer) and ``because`` (what to say first of why, in ``lang``,
        see `Why.main`). Where it is ``public``, no words of needs are quoted.
        """
        if (key := (current_language(lang), public)) not in self._tables:
            self._tables[key] = explain.table(self.answers, key[0], public=public)
        return self._tables[key]

    @given.takes(public=given.yes)
    def to_json(self, lang: Lang | None = None, *, public: bool = True) -> list[dict[str, Any]]:
        """Return the rows of `to_polars` as data that JSON can hold: dates and amounts are texts.

        Each row is as ``docs/reference/schemas/recommendation.json`` says. The words of needs are left out, as JSON
        goes to other services, unless it isn't ``public``.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return explain.rows_of(self.to_polars(current_language(lang), public=public))

    @cached_property
    def _tables(self) -> dict[tuple[Lang, bool], pl.DataFrame]:
        return {}

    @given.takes(public=given.yes)
    def spreadsheet(self, lang: Lang | None = None, *, public: bool = False) -> pl.DataFrame:
        """Return one row a territory with names beside codes, under labels in ``lang``, to hand to people.

        ``io.write(recs.spreadsheet(), "recommandations.xlsx")`` makes a workbook of it, ``io.write_csv`` a CSV. Where
        it is ``public``, no words of needs are quoted.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        lang = current_language(lang)
        table = self.to_polars(lang, public=public)
        return explain.spreadsheet(table, self.names(lang), self.programme.catalogue, lang)

    @given.takes(event=given.one_of(SUBJECTS["territory"]))
    def decisions(self, event: str = "made") -> pl.DataFrame:
        """Return the offers as decisions of their day, to record in one line what was sent out, or answered.

        One row a territory with an offer, for `Programme.with_decisions`: ``date``, ``event``, ``territory``,
        ``session``, ``host`` (where it is held), ``partner``, ``trainer`` and ``day``.

        Raises:
            ArgumentError: It isn't ``made``, ``accepted``, ``declined``, ``unanswered`` or ``replaced``.

        Example:
            >>> from prai_match import Programme
            >>> programme = Programme.example()
            >>> sent = programme.recommend("2007-09-03").where(departement="09").decisions("made")
            >>> len(programme.with_decisions(sent).decisions) - len(programme.decisions) == len(sent)
            True
        """
        return explain.decisions(self.to_polars(), self.on, event)

    def ranking(self) -> pl.DataFrame:
        """Return every offer kept, alternatives included, one row a territory and ``rank`` (from 1)."""
        return explain.ranking(self.answers.offers)

    def to_pandas(self, lang: Lang | None = None) -> pd.DataFrame:
        """Return the table of `to_polars` as a frame of pandas: days are ``datetime.date``, amounts ``Decimal``.

        ``pandas.DataFrame(recs)`` and ``pandas.DataFrame.from_arrow(recs)`` give the one in French.

        Raises:
            PraiError: The extra ``pandas`` is not installed.
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return explain.to_pandas(self.to_polars(current_language(lang)))

    def __array__(self, dtype: object = None, copy: bool | None = None) -> npt.NDArray[Any]:  # noqa: FBT001 - NumPy's own
        """Hand the rows of the table over as an array of objects, of which pandas makes a frame; NumPy casts it."""
        return explain.rows_in_array(self.to_polars())

    def __repr__(self) -> str:
        missing = sum(self.without().values())
        return f"<Recommendations on {self.on}: {len(self)} territories, {len(self) - missing} with an offer>"

    @given.takes(public=given.yes)
    def report(
        self,
        path: str | os.PathLike[str],
        lang: Lang | None = None,
        service: str = "",
        plan: plan.Plan | None = None,
        *,
        public: bool = False,
    ) -> Path:
        """Write a page for a meeting: summary, season, map, table, a card for each territory, notice and rules.

        It is one HTML file that opens offline, prints on A4, and needs nothing else. The same recommendations give the
        same bytes.

        Args:
            path: The file; what stood there is replaced once the page is whole.
            lang: Language of the page.
            service: To whom requests about the algorithm are addressed; empty: the service that takes the decision.
            plan: A plan of the same programme for the season (calendar, map, sessions, what isn't served), by which
                cards tell what became of first offers; None: what can be held together, of all territories.
            public: Whether it is for others: the words of needs are left out (persons are masked in any case).

        Returns:
            The path.

        Raises:
            PraiError: The extra ``report`` is not installed.
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
            OSError: The folder doesn't exist, or the file can't be written.
        """
        return report.write(self, path, lang=current_language(lang), service=service, plan=plan, public=public)


def _again(before: Recommendations, changes: explain.ChangeFields) -> explain.Difference[Recommendations]:
    valid_changes = explain.Changes.of(**changes)
    after = explain.again(before.answers, explain.after_changes(before.programme, valid_changes), valid_changes)
    return Recommendations(after) - before
